// memfd_create(2): a file in memory that has no name in any directory.

import { E } from '../../abi/errno.ts';
import { O_LARGEFILE, O_RDWR, SEAL } from '../../abi/fcntl.ts';
import type { Kernel } from '../kernel.ts';
import { Budget } from '../fs/content.ts';
import { MemoryFile } from '../fs/memory-file.ts';
import { TmpFs } from '../fs/tmp.ts';
import { S_IFREG } from '../vfs/inode.ts';
import { Path } from '../vfs/path.ts';
import { flags, path } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

const MFD = { MFD_CLOEXEC: 1, MFD_ALLOW_SEALING: 2, MFD_HUGETLB: 4, MFD_NOEXEC_SEAL: 8, MFD_EXEC: 0x10 } as const;
const memfdFlags = flags(MFD, MFD.MFD_CLOEXEC | MFD.MFD_ALLOW_SEALING | MFD.MFD_NOEXEC_SEAL | MFD.MFD_EXEC);
/** NAME_MAX less the prefix "memfd:". */
const LONGEST_NAME = 249;
/** st_dev of such files, a device number nothing else has. */
const DEVICE = 1;

/** One file system a machine, like Linux's internal tmpfs mount. */
const fileSystems = new WeakMap<Kernel, TmpFs>();

function fileSystem(kernel: Kernel): TmpFs {
  let fs = fileSystems.get(kernel);
  if (!fs) {
    fs = new TmpFs({ now: () => kernel.clock.realtime(), device: DEVICE, budget: new Budget(Infinity, kernel.memory) });
    fileSystems.set(kernel, fs);
  }
  return fs;
}

const memfdCreate = syscall(
  'memfd_create',
  { x64: 319, generic: 279 },
  [path, memfdFlags],
  (task, name, how) => {
    if (name.length > LONGEST_NAME) throw E.EINVAL;
    const { kernel, process } = task;
    const { root } = fileSystem(kernel);
    const { uid, gid } = process.credentials;
    // Made and unlinked at once: the descriptor alone keeps it, as with any unlinked file.
    const inode = root.create('memfd', S_IFREG | (how & MFD.MFD_NOEXEC_SEAL ? 0o666 : 0o777), { uid, gid });
    root.unlink('memfd');
    if (inode instanceof MemoryFile && how & (MFD.MFD_ALLOW_SEALING | MFD.MFD_NOEXEC_SEAL))
      inode.seals = how & MFD.MFD_NOEXEC_SEAL ? SEAL.F_SEAL_EXEC : 0;
    const file = inode.open(O_RDWR | O_LARGEFILE);
    file.path = Path.anonymous(inode, `/memfd:${name} (deleted)`);
    return process.fds.add(file, (how & MFD.MFD_CLOEXEC) !== 0);
  },
  'no huge pages',
);

export const memfdRows: readonly SyscallRow[] = [memfdCreate];
