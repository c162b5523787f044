// Moving bytes between pipes and files without the guest's memory (splice(2), tee(2), vmsplice(2), sync_file_range(2)).

import { E } from '../../abi/errno.ts';
import { MAX_RW_COUNT, O_APPEND, O_NONBLOCK } from '../../abi/fcntl.ts';
import { Socket } from '../net/socket.ts';
import { PipeEnd } from '../pipe.ts';
import type { Task } from '../task.ts';
import { type OpenFile, S_IFDIR, S_IFREG } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { fd, flags, iovec, iovecIn, offset, pointer, size, uint } from './args.ts';
import { isReadable, requireReadable, requireWritable } from './args-file.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { readPieces, requirePositions, signalling, writePieces } from './io.ts';
import { isSpliced } from './transfer.ts';

const SPLICE = { SPLICE_F_MOVE: 1, SPLICE_F_NONBLOCK: 2, SPLICE_F_MORE: 4, SPLICE_F_GIFT: 8 } as const;
const spliceFlags = flags(SPLICE, 15);
/** Bytes moved in one step. */
const CHUNK = 65_536;

const isNonBlocking = (file: OpenFile): boolean => (file.flags & O_NONBLOCK) !== 0;

/** Up to `count` bytes of the pipe, left in it. */
function peek(pipe: PipeEnd, count: number): Uint8Array | WouldBlock {
  const bytes = pipe.pipe.peek(Math.min(count, CHUNK));
  if (bytes.length === 0 && pipe.pipe.writers.size > 0) return WOULD_BLOCK;
  return bytes;
}

const splice = syscall(
  'splice',
  { x64: 275, generic: 76 },
  [fd, pointer, fd, pointer, size, spliceFlags],
  (task, from, fromAt, to, toAt, length, how): SyscallResult => {
    requireReadable(from);
    requireWritable(to);
    if (length === 0) return 0;
    const source = from instanceof PipeEnd ? from : undefined,
      sink = to instanceof PipeEnd ? to : undefined;
    if (!source && !sink) throw E.EINVAL;
    if ((source && fromAt !== 0) || (sink && toAt !== 0)) throw E.ESPIPE;
    if (source && sink && source.pipe === sink.pipe) throw E.EINVAL;
    if (!(source || isSpliced(from) || from instanceof Socket)) throw E.EINVAL;
    if (!(sink || to.inode.type !== 0)) throw E.EINVAL;
    for (const file of [from, to]) if (file.inode.type === S_IFDIR) throw E.EINVAL;
    if (!sink && (to.flags & O_APPEND) !== 0) throw E.EINVAL;
    const { memory } = task;
    const position = (file: OpenFile, at: number): number | undefined => {
      if (at === 0) return undefined;
      const value = memory.getI64(at);
      if (value < 0) throw E.EINVAL;
      requirePositions(file);
      return value;
    };
    const start = position(from, fromAt),
      target = position(to, toAt);
    const count = Math.min(length, MAX_RW_COUNT);
    const attempt = (): number | WouldBlock =>
      signalling(task, () => {
        if (sink && sink.pipe.readers.size === 0) throw E.EPIPE;
        const room = sink ? Math.min(count, sink.pipe.buffer.space) : count;
        if (room === 0) return WOULD_BLOCK;
        const moved = source ? fromPipe(source, to, room, target) : fromFile(from, to, room, start);
        if (moved === WOULD_BLOCK) return WOULD_BLOCK;
        if (start !== undefined) memory.setI64(fromAt, start + moved);
        if (target !== undefined) memory.setI64(toAt, target + moved);
        return moved;
      });
    const nonBlocking =
      (how & SPLICE.SPLICE_F_NONBLOCK) !== 0 || [from, to].some((file) => file.inode.type !== S_IFREG && isNonBlocking(file));
    return task.retry([from, to], POLLIN | POLLOUT, attempt, { nonBlocking });
  },
  'bytes are copied',
);

function fromPipe(source: PipeEnd, to: OpenFile, count: number, at: number | undefined): number | WouldBlock {
  const bytes = peek(source, count);
  if (bytes === WOULD_BLOCK || bytes.length === 0) return bytes === WOULD_BLOCK ? WOULD_BLOCK : 0;
  const moved = to.write(bytes, at);
  if (moved !== WOULD_BLOCK) source.pipe.read(bytes.subarray(0, moved));
  return moved;
}

function fromFile(from: OpenFile, to: OpenFile, count: number, at: number | undefined): number | WouldBlock {
  const buffer = new Uint8Array(Math.min(count, CHUNK));
  const got = from.read(buffer, at);
  if (got === WOULD_BLOCK || got === 0) return got;
  return to.write(buffer.subarray(0, got));
}

const tee = syscall(
  'tee',
  { x64: 276, generic: 77 },
  [fd, fd, size, spliceFlags],
  (task, from, to, length, how): SyscallResult => {
    requireReadable(from);
    requireWritable(to);
    if (!(from instanceof PipeEnd) || !(to instanceof PipeEnd) || from.pipe === to.pipe) throw E.EINVAL;
    if (length === 0) return 0;
    const attempt = (): number | WouldBlock =>
      signalling(task, () => {
        if (to.pipe.readers.size === 0) throw E.EPIPE;
        const bytes = peek(from, Math.min(length, to.pipe.buffer.space || 1));
        if (bytes === WOULD_BLOCK) return WOULD_BLOCK;
        return bytes.length === 0 ? 0 : to.write(bytes);
      });
    const nonBlocking = (how & SPLICE.SPLICE_F_NONBLOCK) !== 0;
    return task.retry([from, to], POLLIN | POLLOUT, attempt, { nonBlocking });
  },
);

const vmsplice = syscall(
  'vmsplice',
  { x64: 278, generic: 75 },
  [fd, iovecIn, size, spliceFlags],
  (task, file, list, count, how): SyscallResult => {
    if (!(file instanceof PipeEnd)) throw E.EBADF;
    const pieces = iovec(task, list, count);
    const options = how & SPLICE.SPLICE_F_NONBLOCK ? { nonBlocking: true } : {};
    return isReadable(file)
      ? readPieces(task, file, pieces, undefined, options)
      : writePieces(task, file, pieces, undefined, options);
  },
  'bytes are copied, also with SPLICE_F_GIFT',
);

const SYNC_RANGE_KNOWN = 7;
const syncFileRange = syscall(
  'sync_file_range',
  { x64: 277, generic: 84 },
  [fd, offset, offset, uint],
  (_task: Task, file, start, length, how) => {
    if (how & ~SYNC_RANGE_KNOWN || start < 0 || length < 0) throw E.EINVAL;
    if (file.inode.type !== S_IFREG && file.inode.type !== S_IFDIR) throw E.ESPIPE;
    return 0;
  },
);

export const spliceRows: readonly SyscallRow[] = [splice, tee, vmsplice, syncFileRange];
