// Syscalls that move bytes from one file to another: sendfile, copy_file_range.

import { E } from '../../abi/errno.ts';
import { MAX_RW_COUNT, O_APPEND } from '../../abi/fcntl.ts';
import { MAX_SIZE } from '../fs/content.ts';
import { ZeroFile } from '../fs/devices.ts';
import type { Task } from '../task.ts';
import { type OpenFile, S_IFDIR, S_IFREG } from '../vfs/inode.ts';
import { POLLOUT, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { fd, int, pointer, size } from './args.ts';
import { requireReadable, requireWritable } from './args-file.ts';
import { type SyscallRow, syscall } from './define.ts';
import { isNonBlocking, notNegative, requirePositions, signalling } from './io.ts';
import { allowedLength } from './size-limit.ts';

const COPY_CHUNK = 1 << 16;

interface Transfer {
  readonly from: OpenFile;
  readonly to: OpenFile;
  readonly count: number;
  /** The file's own where absent. */
  readonly fromPosition: number | undefined;
  readonly toPosition?: number | undefined;
}
/** Moves up to `count` bytes between files; stops at the end of the input or when the output would block after some. */
function transfer(task: Task, { from, to, count, fromPosition, toPosition }: Transfer) {
  const buffer = new Uint8Array(Math.min(count, COPY_CHUNK));
  let done = 0;
  return (): number | WouldBlock => {
    while (done < count) {
      const start = fromPosition === undefined ? from.position : fromPosition + done;
      const got = from.read(buffer.subarray(0, Math.min(buffer.length, count - done)), start);
      if (got === WOULD_BLOCK || got === 0) break;
      let moved: number | WouldBlock;
      try {
        const position = toPosition === undefined ? undefined : toPosition + done;
        moved = to.write(buffer.subarray(0, allowedLength(task, to, position, got)), position);
      } catch (error) {
        if (done > 0) return done;
        throw error;
      }
      if (moved === WOULD_BLOCK) return done > 0 ? done : WOULD_BLOCK;
      done += moved;
      if (fromPosition === undefined) from.position = start + moved;
      if (moved < got) break;
    }
    return done;
  };
}

/** May the kernel read it for another file? Not null, which has nothing to give (drivers/char/mem.c). */
export const isSpliced = (file: OpenFile): boolean => file.inode.type === S_IFREG || file instanceof ZeroFile;

const sendfile = syscall('sendfile', { x64: 40, generic: 71 }, [fd, fd, pointer, size], (task, to, from, at, count) => {
  requireReadable(from);
  requireWritable(to);
  if (at !== 0) requirePositions(from);
  if (!isSpliced(from) || (to.flags & O_APPEND) !== 0) throw E.EINVAL;
  const start = at === 0 ? undefined : notNegative(task.memory.getI64(at));
  const move = transfer(task, { from, to, count: Math.min(count, MAX_RW_COUNT), fromPosition: start });
  const attempt = (): number | WouldBlock => {
    const done = signalling(task, move);
    if (done !== WOULD_BLOCK && start !== undefined) task.memory.setI64(at, start + done);
    return done;
  };
  return task.retry(to, POLLOUT, attempt, { nonBlocking: isNonBlocking(to) });
});

const copyFileRange = syscall(
  'copy_file_range',
  { x64: 326, generic: 285 },
  [fd, pointer, fd, pointer, size, int],
  (task, from, fromAt, to, toAt, count, flags) => {
    if (flags !== 0) throw E.EINVAL;
    if (from.inode.type === S_IFDIR || to.inode.type === S_IFDIR) throw E.EISDIR;
    if (from.inode.type !== S_IFREG || to.inode.type !== S_IFREG) throw E.EINVAL;
    requireReadable(from);
    requireWritable(to);
    if ((to.flags & O_APPEND) !== 0) throw E.EBADF;
    if (from.inode.stat().dev !== to.inode.stat().dev) throw E.EXDEV;
    const { memory } = task;
    const start = fromAt === 0 ? undefined : notNegative(memory.getI64(fromAt));
    const toStart = toAt === 0 ? undefined : notNegative(memory.getI64(toAt));
    const first = start ?? from.position,
      toFirst = toStart ?? to.position;
    if (first + count >= 2 ** 64 || toFirst + count >= 2 ** 64) throw E.EOVERFLOW;
    const allowed = allowedLength(task, to, toFirst, count);
    if (toFirst >= MAX_SIZE) throw E.EFBIG;
    if (from.inode === to.inode && first < toFirst + count && toFirst < first + count) throw E.EINVAL;
    const done = transfer(task, { from, to, count: Math.min(allowed, MAX_RW_COUNT), fromPosition: start, toPosition: toStart })();
    if (done === WOULD_BLOCK) return 0;
    if (start !== undefined) memory.setI64(fromAt, start + done);
    if (toStart !== undefined) memory.setI64(toAt, toStart + done);
    return done;
  },
);

export const transferRows: readonly SyscallRow[] = [sendfile, copyFileRange];
