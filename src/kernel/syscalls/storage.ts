// Syscalls on the storage behind an open file: written back, cut, set aside, advised on.

import { E } from '../../abi/errno.ts';
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE } from '../../abi/fcntl.ts';
import { requireWritable as requireWritableMount } from '../vfs/permission.ts';
import { type OpenFile, S_IFDIR, S_IFIFO, S_IFREG } from '../vfs/inode.ts';
import { fd, flags, int, long, offset, rawFd, size } from './args.ts';
import { isReadable, isWritable, pathOf, requireWritable } from './args-file.ts';
import { type SyscallRow, syscall } from './define.ts';
import { requireSize } from './size-limit.ts';
import { IN, notify } from '../vfs/notify.ts';

const fsync = syscall('fsync', { x64: 74, generic: 82 }, [fd], (_task, file) => sync(file));
const fdatasync = syscall('fdatasync', { x64: 75, generic: 83 }, [fd], (_task, file) => sync(file));
const syncfs = syscall('syncfs', { x64: 306, generic: 267 }, [fd], (_task, file) => {
  if (file.inode.type === S_IFREG) file.sync();
  return 0;
});
/** Nothing is held back: host files are written at once, and files in memory have nowhere to go. */
const syncAll = syscall('sync', { x64: 162, generic: 81 }, [], () => 0);
function sync(file: OpenFile): number {
  file.sync();
  return 0;
}

const ftruncate = syscall('ftruncate', { x64: 77, generic: 46 }, [rawFd, offset], (task, number, length) => {
  if (length < 0) throw E.EINVAL;
  const file = task.process.fds.file(number);
  if (!isWritable(file) || file.inode.type !== S_IFREG) throw E.EINVAL;
  requireWritableMount(pathOf(file));
  requireSize(task, length);
  file.inode.truncate(length);
  file.inode.mapping?.truncated(length);
  notify(pathOf(file), IN.IN_MODIFY);
  return 0;
});

/** Bytes that the file system of a file can hold. */
function roomOf(file: OpenFile): number {
  const room = file.path?.mount?.fs.statfs();
  return room && room.blocks > 0 ? room.blocks * room.blockSize : Infinity;
}

const FALLOC = { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE };
const fallocate = syscall(
  'fallocate',
  { x64: 285, generic: 47 },
  [fd, flags(FALLOC), offset, offset],
  (task, file, how, start, length) => {
    if (start < 0 || length <= 0) throw E.EINVAL;
    const isPunch = (how & FALLOC_FL_PUNCH_HOLE) !== 0;
    if ((how & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) !== 0) throw E.EOPNOTSUPP;
    if (isPunch && (how & FALLOC_FL_KEEP_SIZE) === 0) throw E.EOPNOTSUPP;
    requireWritable(file);
    if (file.inode.type === S_IFIFO) throw E.ESPIPE;
    if (file.inode.type === S_IFDIR) throw E.EISDIR;
    if (file.inode.type !== S_IFREG) throw E.ENODEV;
    if ((how & FALLOC_FL_KEEP_SIZE) === 0) requireSize(task, start + length);
    if (!isPunch && length > roomOf(file)) throw E.ENOSPC;
    const { inode } = file;
    const { size: before } = inode.stat();
    if (isPunch || (how & FALLOC_FL_ZERO_RANGE) !== 0) {
      if (!inode.clear) throw E.EOPNOTSUPP;
      inode.clear(start, length);
    }
    if ((how & FALLOC_FL_KEEP_SIZE) === 0 && start + length > before) inode.truncate(start + length);
    return 0;
  },
  'space is promised, not set aside; no collapse, insert or unshare of ranges (EOPNOTSUPP)',
);

const POSIX_FADV_NOREUSE = 5;
const fadvise64 = syscall(
  'fadvise64',
  { x64: 221, generic: 223 },
  [fd, offset, long, int],
  (_task, file, _start, length, advice) => {
    if (file.inode.type === S_IFIFO) throw E.ESPIPE;
    if (length < 0 || advice < 0 || advice > POSIX_FADV_NOREUSE) throw E.EINVAL;
    return 0;
  },
  'advice has no effect',
);
const readahead = syscall(
  'readahead',
  { x64: 187, generic: 213 },
  [fd, offset, size],
  (_task, file) => {
    if (!isReadable(file)) throw E.EBADF;
    if (file.inode.type !== S_IFREG) throw E.EINVAL;
    return 0;
  },
  'no effect',
);

export const storageRows: readonly SyscallRow[] = [fsync, fdatasync, syncfs, syncAll, ftruncate, fallocate, fadvise64, readahead];
