// Files by path: opening, stat and its relatives, access, file systems.

import { E } from '../../abi/errno.ts';
import {
  AT_EACCESS,
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_SYMLINK_NOFOLLOW,
  O_CLOEXEC,
  O_ACCMODE,
  O_CREAT,
  O_DIRECTORY,
  O_FLAGS,
  O_LARGEFILE,
  O_NOFOLLOW,
  O_PATH,
  O_TRUNC,
  O_WRONLY,
  RESOLVE,
  W_OK,
} from '../../abi/fcntl.ts';
import {
  encodeStat,
  encodeStatfs,
  encodeStatx,
  STAT_SIZE,
  STATFS_SIZE,
  STATX_MNT_ID,
  STATX_RESERVED,
  STATX_SIZE,
} from '../../abi/stat.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { Task } from '../task.ts';
import { type Inode, S_IFREG, S_IFDIR, S_IFLNK } from '../vfs/inode.ts';
import { type Caller, mayAccess } from '../vfs/permission.ts';
import type { Path } from '../vfs/path.ts';
import { startOf } from '../vfs/vfs.ts';
import { WOULD_BLOCK } from '../wait.ts';
import {
  anyFd,
  dirFd,
  makesFile,
  mode,
  openFlags,
  openMode,
  outStat,
  outStruct,
  path,
  pathOrNull,
  size,
  struct,
  uint,
} from './args.ts';
import { accessFlags, accessMode, at, pathOf, placeAt, statFlags, statxFlags } from './args-file.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';

export const FOLLOW = { follow: true, allowEmpty: false },
  NO_FOLLOW = { follow: false, allowEmpty: false };
export const lookAt = (flagBits: number) => ({
  follow: (flagBits & AT_SYMLINK_NOFOLLOW) === 0,
  allowEmpty: (flagBits & AT_EMPTY_PATH) !== 0,
});

function openAt(task: Task, dirfd: number, text: ByteString, how: number, permissions: number, resolve = 0): SyscallResult {
  const { process, kernel } = task;
  const isFromStart = (resolve & (RESOLVE.RESOLVE_BENEATH | RESOLVE.RESOLVE_IN_ROOT)) !== 0;
  process.fds.requireFree();
  const { start } = isFromStart ? { start: startOf(process, dirfd) } : at(task, dirfd, text);
  const file = kernel.vfs.open(process, text, how, makesFile(how) ? permissions : 0, start, resolve);
  if (file.pty) kernel.rest.takeOpened(process, file, how);
  const add = (): number => {
    try {
      return process.fds.add(file, (how & O_CLOEXEC) !== 0);
    } catch (error) {
      file.close();
      throw error;
    }
  };
  const { awaited } = file;
  if (!awaited) return add();
  return task.retry(awaited, ~0, () => (file.awaited ? WOULD_BLOCK : add()), {
    // The call starts again, or fails, without the side it has opened.
    get onSignal() {
      file.close();
      return 'restart' as const;
    },
  });
}

const open = syscall('open', { x64: 2 }, [path, openFlags, openMode], (task, text, how, permissions) =>
  openAt(task, AT_FDCWD, text, how, permissions),
);
const openat = syscall(
  'openat',
  { x64: 257, generic: 56 },
  [dirFd, path, openFlags, openMode],
  (task, dirfd, text, how, permissions) => openAt(task, dirfd, text, how, permissions),
);
/** struct open_how: flags, mode, resolve. */
const OPEN_HOW_SIZE = 24;
const openat2 = syscall('openat2', { x64: 437, generic: 437 }, [dirFd, path, struct, size], (task, dirfd, text, at, length) => {
  const { memory } = task;
  if (length < OPEN_HOW_SIZE) throw E.EINVAL;
  if (length > 4096 || memory.bytes(at + OPEN_HOW_SIZE, length - OPEN_HOW_SIZE).some((byte) => byte !== 0)) throw E.E2BIG;
  const how = memory.getU32(at) | 0,
    permissions = memory.getU64(at + 8),
    resolve = memory.getU64(at + 16);
  const known = O_FLAGS.reduce((all, [, bit]) => all | bit, O_ACCMODE | O_LARGEFILE);
  if (memory.getU32(at + 4) !== 0 || how & ~known) throw E.EINVAL;
  if (permissions > 0o7777 || (permissions !== 0 && !makesFile(how))) throw E.EINVAL;
  if (how & O_PATH && how & ~(O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) throw E.EINVAL;
  const { RESOLVE_BENEATH, RESOLVE_CACHED, RESOLVE_IN_ROOT } = RESOLVE;
  if (resolve > 0x3f || (resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) === (RESOLVE_BENEATH | RESOLVE_IN_ROOT)) throw E.EINVAL;
  // making something takes more than what is cached (fs/open.c, build_open_flags)
  if (resolve & RESOLVE_CACHED && (makesFile(how) || how & O_TRUNC)) throw E.EAGAIN;
  return openAt(task, dirfd, text, how, permissions, resolve);
});
const creat = syscall('creat', { x64: 85 }, [path, mode], (task, text, permissions) =>
  openAt(task, AT_FDCWD, text, O_CREAT | O_WRONLY | O_TRUNC, permissions),
);

// --- stat -------------------------------------------------------------------------------------------------------------

function writeStat(task: Task, to: number, inode: Inode): number {
  const stat = inode.stat();
  encodeStat(task.memory.writable(to, STAT_SIZE), stat);
  return 0;
}

const stat = syscall('stat', { x64: 4 }, [path, outStat], (task, text, to) =>
  writeStat(task, to, placeAt(task, AT_FDCWD, text, FOLLOW).inode),
);
const lstat = syscall('lstat', { x64: 6 }, [path, outStat], (task, text, to) =>
  writeStat(task, to, placeAt(task, AT_FDCWD, text, NO_FOLLOW).inode),
);
const fstat = syscall('fstat', { x64: 5, generic: 80 }, [anyFd, outStat], (task, file, to) => writeStat(task, to, file.inode));
const newfstatat = syscall(
  'newfstatat',
  { x64: 262, generic: 79 },
  [dirFd, path, outStat, statFlags],
  (task, dirfd, text, to, how) => {
    if (text === '' && (how & AT_EMPTY_PATH) !== 0 && dirfd >= 0) return writeStat(task, to, task.process.fds.get(dirfd).inode);
    return writeStat(task, to, placeAt(task, dirfd, text, lookAt(how)).inode);
  },
);
const statx = syscall(
  'statx',
  { x64: 332, generic: 291 },
  [dirFd, pathOrNull, statxFlags, uint, outStruct],
  (task, dirfd, text, how, mask, to) => {
    if ((mask & STATX_RESERVED) !== 0) throw E.EINVAL;
    if (text === undefined && (how & AT_EMPTY_PATH) === 0) throw E.EFAULT;
    const place = placeAt(task, dirfd, text ?? '', lookAt(how));
    encodeStatx(
      task.memory.writable(to, STATX_SIZE),
      place.inode.stat(),
      (mask & STATX_MNT_ID) !== 0 ? place.mount?.id : undefined,
    );
    return 0;
  },
);

function writeStatfs(task: Task, to: number, place: Path): number {
  const { mount } = place;
  const shown = mount?.fs.statfs() ?? { type: PIPEFS_MAGIC, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 };
  encodeStatfs(task.memory.writable(to, STATFS_SIZE), shown, mount?.isReadOnly ?? false);
  return 0;
}
const PIPEFS_MAGIC = 0x50495045;
const statfs = syscall('statfs', { x64: 137, generic: 43 }, [path, outStruct], (task, text, to) =>
  writeStatfs(task, to, placeAt(task, AT_FDCWD, text, FOLLOW)),
);
const fstatfs = syscall('fstatfs', { x64: 138, generic: 44 }, [anyFd, outStruct], (task, file, to) =>
  writeStatfs(task, to, pathOf(file)),
);

// --- access -----------------------------------------------------------------------------------------------------------

/** access(2) goes by the real ids, unless AT_EACCESS asks for those that open would use. */
function access(task: Task, dirfd: number, text: ByteString, wanted: number, how: number): number {
  const { fs, credentials } = task.process;
  const ids = { fsuid: credentials.uid, fsgid: credentials.gid, groups: credentials.groups };
  const caller: Caller = (how & AT_EACCESS) !== 0 ? task.process : { fs, credentials: ids };
  const place =
    text === '' && (how & AT_EMPTY_PATH) !== 0
      ? placeAt(task, dirfd, text, lookAt(how))
      : task.kernel.vfs.resolve(caller, text, { follow: (how & AT_SYMLINK_NOFOLLOW) === 0, start: at(task, dirfd, text).start });
  if (wanted === 0) return 0;
  if (!mayAccess(place.inode, caller.credentials, wanted)) throw E.EACCES;
  const { type } = place.inode;
  if ((wanted & W_OK) !== 0 && place.mount?.isReadOnly && (type === S_IFREG || type === S_IFDIR || type === S_IFLNK))
    throw E.EROFS;
  return 0;
}
const accessRow = syscall('access', { x64: 21 }, [path, accessMode], (task, text, wanted) =>
  access(task, AT_FDCWD, text, wanted, 0),
);
const faccessat = syscall('faccessat', { x64: 269, generic: 48 }, [dirFd, path, accessMode], (task, dirfd, text, wanted) =>
  access(task, dirfd, text, wanted, 0),
);
const faccessat2 = syscall('faccessat2', { x64: 439, generic: 439 }, [dirFd, path, accessMode, accessFlags], access);

export const fileRows: readonly SyscallRow[] = [
  open,
  openat,
  openat2,
  creat,
  stat,
  lstat,
  fstat,
  newfstatat,
  statx,
  statfs,
  fstatfs,
  accessRow,
  faccessat,
  faccessat2,
];
