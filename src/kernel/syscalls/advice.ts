// Syscalls on pages that are mapped: moved, advised on, locked, written back; what they mean stands in kernel/mm.

import { MADV, MCL, MLOCK_ONFAULT, MREMAP, MS } from '../../abi/mman.ts';
import { E } from '../../abi/errno.ts';
import { advise, lock, lockAll, residency, synchronize, unlockAll } from '../mm/advice.ts';
import { remap } from '../mm/remap.ts';
import { choice, flags, outStruct, pointer, size } from './args.ts';
import { syscall } from './define.ts';

const mremap = syscall(
  'mremap',
  { x64: 25, generic: 216 },
  [pointer, size, size, flags(MREMAP), pointer],
  (task, address, oldLength, newLength, remapFlags, newAddress) =>
    remap(task.process.mm, { address, oldLength, newLength, flags: remapFlags, newAddress }),
);

const madvise = syscall(
  'madvise',
  { x64: 28, generic: 233 },
  [pointer, size, choice(MADV)],
  (task, address, length, advice) => {
    advise(task.process.mm, address, length, advice);
    return 0;
  },
  'MADV_REMOVE: EOPNOTSUPP; MADV_HWPOISON, MADV_SOFT_OFFLINE: EPERM; huge pages and reclaim are hints without effect',
);

const msync = syscall('msync', { x64: 26, generic: 227 }, [pointer, size, flags(MS)], (task, address, length, syncFlags) => {
  synchronize(task.process.mm, address, length, syncFlags);
  return 0;
});

const mincore = syscall('mincore', { x64: 27, generic: 232 }, [pointer, size, outStruct], (task, address, length, vector) => {
  const pages = residency(task.process.mm, address, length);
  task.memory.writable(vector, pages.length).set(pages);
  return 0;
});

const mlock = syscall('mlock', { x64: 149, generic: 228 }, [pointer, size], (task, address, length) => {
  lock(task.process.mm, address, length, { isLocked: true, isOnFault: false });
  return 0;
});

const mlock2 = syscall(
  'mlock2',
  { x64: 325, generic: 284 },
  [pointer, size, flags({ MLOCK_ONFAULT })],
  (task, address, length, lockFlags) => {
    if (lockFlags & ~MLOCK_ONFAULT) throw E.EINVAL;
    lock(task.process.mm, address, length, { isLocked: true, isOnFault: lockFlags !== 0 });
    return 0;
  },
);

const munlock = syscall('munlock', { x64: 150, generic: 229 }, [pointer, size], (task, address, length) => {
  lock(task.process.mm, address, length, { isLocked: false, isOnFault: false });
  return 0;
});

const mlockall = syscall('mlockall', { x64: 151, generic: 230 }, [flags(MCL)], (task, lockFlags) => {
  lockAll(task.process.mm, lockFlags);
  return 0;
});

const munlockall = syscall('munlockall', { x64: 152, generic: 231 }, [], (task) => {
  unlockAll(task.process.mm);
  return 0;
});

export const adviceRows = [mremap, madvise, msync, mincore, mlock, mlock2, munlock, mlockall, munlockall];
