// Syscalls that change what stat shows of a file: mode, owner, size, times.

import { E } from '../../abi/errno.ts';
import { AT_FDCWD, UTIME_NOW, UTIME_OMIT } from '../../abi/fcntl.ts';
import type { Task } from '../task.ts';
import { chmod as changeMode, chown as changeOwner, setTimes, truncate as cut } from '../vfs/change.ts';
import type { Time } from '../vfs/inode.ts';
import type { Path } from '../vfs/path.ts';
import { dirFd, fd, mode, offset, path, pathOrNull, struct } from './args.ts';
import { followFlags, id, pathOf, placeAt } from './args-file.ts';
import { type SyscallRow, syscall } from './define.ts';
import { requireSize } from './size-limit.ts';
import { FOLLOW, lookAt, NO_FOLLOW } from './file.ts';

function setMode(task: Task, place: Path, permissions: number): number {
  changeMode(task.process, place, permissions);
  return 0;
}
const chmod = syscall('chmod', { x64: 90 }, [path, mode], (task, text, permissions) =>
  setMode(task, placeAt(task, AT_FDCWD, text, FOLLOW), permissions),
);
const fchmod = syscall('fchmod', { x64: 91, generic: 52 }, [fd, mode], (task, file, permissions) =>
  setMode(task, pathOf(file), permissions),
);
const fchmodat = syscall('fchmodat', { x64: 268, generic: 53 }, [dirFd, path, mode], (task, dirfd, text, permissions) =>
  setMode(task, placeAt(task, dirfd, text, FOLLOW), permissions),
);
const fchmodat2 = syscall(
  'fchmodat2',
  { x64: 452, generic: 452 },
  [dirFd, path, mode, followFlags],
  (task, dirfd, text, permissions, how) => setMode(task, placeAt(task, dirfd, text, lookAt(how)), permissions),
);

function setOwner(task: Task, place: Path, uid: number, gid: number): number {
  changeOwner(task.process, place, uid, gid);
  return 0;
}
const chown = syscall('chown', { x64: 92 }, [path, id, id], (task, text, uid, gid) =>
  setOwner(task, placeAt(task, AT_FDCWD, text, FOLLOW), uid, gid),
);
const lchown = syscall('lchown', { x64: 94 }, [path, id, id], (task, text, uid, gid) =>
  setOwner(task, placeAt(task, AT_FDCWD, text, NO_FOLLOW), uid, gid),
);
const fchown = syscall('fchown', { x64: 93, generic: 55 }, [fd, id, id], (task, file, uid, gid) =>
  setOwner(task, pathOf(file), uid, gid),
);
const fchownat = syscall(
  'fchownat',
  { x64: 260, generic: 54 },
  [dirFd, path, id, id, followFlags],
  (task, dirfd, text, uid, gid, how) => setOwner(task, placeAt(task, dirfd, text, lookAt(how)), uid, gid),
);

const truncate = syscall('truncate', { x64: 76, generic: 45 }, [path, offset], (task, text, length) => {
  if (length < 0) throw E.EINVAL;
  requireSize(task, length);
  cut(task.process, placeAt(task, AT_FDCWD, text, FOLLOW), length);
  return 0;
});

// --- times ------------------------------------------------------------------------------------------------------------

/** The two times at `address`, whose second halves count units of 1 / `unitsPerSecond` s; undefined for NULL: both now. */
function setBoth(task: Task, place: Path, address: number, nanosecondsPerUnit: 1 | 1000): number {
  const now = task.kernel.clock.realtime();
  if (address === 0) {
    setTimes(task.process, place, { atime: now, mtime: now }, true);
    return 0;
  }
  const { memory } = task;
  let isNow = true;
  const read = (from: number): Time | undefined => {
    const seconds = memory.getI64(from),
      units = memory.getI64(from + 8);
    if (nanosecondsPerUnit === 1 && units === UTIME_NOW) return now;
    isNow = false;
    if (nanosecondsPerUnit === 1 && units === UTIME_OMIT) return undefined;
    if (units < 0 || units * nanosecondsPerUnit >= 1e9) throw E.EINVAL;
    return { seconds, nanoseconds: units * nanosecondsPerUnit };
  };
  const atime = read(address),
    mtime = read(address + 16);
  if (atime || mtime) setTimes(task.process, place, { ...(atime && { atime }), ...(mtime && { mtime }) }, isNow);
  return 0;
}

const utimensat = syscall(
  'utimensat',
  { x64: 280, generic: 88 },
  [dirFd, pathOrNull, struct, followFlags],
  (task, dirfd, text, times, how) => {
    const place = text === undefined ? pathOf(task.process.fds.file(dirfd)) : placeAt(task, dirfd, text, lookAt(how));
    return setBoth(task, place, times, 1);
  },
);
const utimes = syscall('utimes', { x64: 235 }, [path, struct], (task, text, times) =>
  setBoth(task, placeAt(task, AT_FDCWD, text, FOLLOW), times, 1000),
);
const futimesat = syscall('futimesat', { x64: 261 }, [dirFd, pathOrNull, struct], (task, dirfd, text, times) =>
  setBoth(task, text === undefined ? pathOf(task.process.fds.file(dirfd)) : placeAt(task, dirfd, text, FOLLOW), times, 1000),
);
const utime = syscall('utime', { x64: 132 }, [path, struct], (task, text, times) => {
  const place = placeAt(task, AT_FDCWD, text, FOLLOW);
  if (times === 0) return setBoth(task, place, 0, 1);
  const { memory } = task;
  const atime = { seconds: memory.getI64(times), nanoseconds: 0 },
    mtime = { seconds: memory.getI64(times + 8), nanoseconds: 0 };
  setTimes(task.process, place, { atime, mtime }, false);
  return 0;
});

export const attributeRows: readonly SyscallRow[] = [
  chmod,
  fchmod,
  fchmodat,
  fchmodat2,
  chown,
  lchown,
  fchown,
  fchownat,
  truncate,
  utimensat,
  utimes,
  futimesat,
  utime,
];
