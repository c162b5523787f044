// RLIMIT_FSIZE: how long a process may make a file (getrlimit(2)).

import { E } from '../../abi/errno.ts';
import { O_APPEND } from '../../abi/fcntl.ts';
import { SIGNAL } from '../../abi/signals.ts';
import { RLIMIT } from '../limits.ts';
import { fromUser, sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { type OpenFile, S_IFREG } from '../vfs/inode.ts';

/** SIGXFSZ and EFBIG for a file that would become longer than the limit. */
export function requireSize(task: Task, size: number): void {
  if (size <= task.process.limits.soft(RLIMIT.FSIZE)) return;
  sendSignal(task.process, fromUser(SIGNAL.SIGXFSZ, task.process), task);
  throw E.EFBIG;
}

/** How many of `length` bytes at a position, or the file's own, may be written: all that is within the limit, EFBIG when that is nothing. */
export function allowedLength(task: Task, file: OpenFile, at: number | undefined, length: number): number {
  const limit = task.process.limits.soft(RLIMIT.FSIZE);
  if (limit === Infinity || file.inode.type !== S_IFREG) return length;
  const position = file.flags & O_APPEND ? file.inode.stat().size : (at ?? file.position);
  if (position + length <= limit) return length;
  if (position >= limit) requireSize(task, position + 1);
  return limit - position;
}
