// Moving bytes: read, write and their vector and positioned forms, lseek.

import { E } from '../../abi/errno.ts';
import { MAX_RW_COUNT, O_NONBLOCK } from '../../abi/fcntl.ts';
import { SIGNAL } from '../../abi/signals.ts';
import { fromUser, sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { terminalBehind } from '../fs/stream.ts';
import { type OpenFile, S_IFDIR, S_IFREG } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { fd, input, int, iovec, iovecIn, iovecOut, offset, out, type Piece, size } from './args.ts';
import { ignored, requireReadable, requireWritable, whence } from './args-file.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { allowedLength } from './size-limit.ts';
import { timeLimit } from './time-limit.ts';

export const isNonBlocking = (file: OpenFile): boolean => (file.flags & O_NONBLOCK) !== 0;

/** A writable view of a buffer, of its accessible beginning if the whole is not. EFAULT. */
function viewForRead(task: Task, file: OpenFile, address: number, length: number, position: number | undefined): Uint8Array {
  const { memory } = task;
  const usable = memory.accessible(address, length, true);
  // At the end of a file nothing is copied, so nothing is wrong with an address that a program could have.
  if (address > HIGHEST_ADDRESS) throw E.EFAULT;
  if (usable === 0 && (file.inode.type !== S_IFREG || (position ?? file.position) < file.inode.stat().size)) throw E.EFAULT;
  return usable === 0 ? NOTHING : memory.writable(address, usable);
}
const NOTHING = new Uint8Array(0);
/** Where the kernel's half of the address space begins (access_ok). */
export const HIGHEST_ADDRESS = 0x7fff_ffff_efff;

/** How much a read can move at most: a large buffer for a small file is not touched further than needed. */
function readable(file: OpenFile, length: number, position: number | undefined): number {
  const count = Math.min(length, MAX_RW_COUNT);
  if (count <= 65536 || file.inode.type !== S_IFREG) return count;
  return Math.min(count, Math.max(1, file.inode.stat().size - (position ?? file.position)));
}

/** What the flags of send and recv change. */
export interface MoveOptions {
  /** Default: as the open file says. */
  readonly nonBlocking?: boolean;
  /** No SIGPIPE. */
  readonly isSilent?: boolean;
}

export function readInto(
  task: Task,
  file: OpenFile,
  address: number,
  length: number,
  position: number | undefined,
  { nonBlocking = isNonBlocking(file) }: MoveOptions = {},
): SyscallResult {
  requireReadable(file);
  if (file.inode.type === S_IFDIR) throw E.EISDIR;
  if (length === 0) return 0;
  const slave = file.pty && task.kernel.rest.slaveOf(file);
  if (slave) {
    const viewFrom = (done: number): Uint8Array =>
      viewForRead(task, file, address + done, Math.min(length, MAX_RW_COUNT) - done, position);
    return task.kernel.rest.readSlave(task, slave, viewFrom, nonBlocking);
  }
  const terminal = terminalBehind(file);
  const attempt = (): number | WouldBlock => {
    const view = viewForRead(task, file, address, readable(file, length, position), position);
    if (terminal) return task.kernel.rest.readTerminal(task, terminal, view, () => file.read(view));
    return file.read(view, position);
  };
  const result = attempt();
  if (result !== WOULD_BLOCK) return result;
  return task.retry(file, POLLIN, attempt, { nonBlocking, ...timeLimit(task, file.timeouts?.receiveTimeout) });
}

/** Runs a write; EPIPE brings SIGPIPE to the thread. */
export function signalling<T>(task: Task, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error === E.EPIPE) sendSignal(task.process, fromUser(SIGNAL.SIGPIPE, task.process), task);
    throw error;
  }
}

/**
 * Writes what `source(done)` gives until all `length` bytes are out. A blocking write goes on until then; what was
 * written counts when it is refused, would block or is interrupted half way.
 */
function writeAll(
  task: Task,
  file: OpenFile,
  wanted: number,
  position: number | undefined,
  source: (done: number) => Uint8Array,
  { nonBlocking = isNonBlocking(file), isSilent = false }: MoveOptions = {},
): SyscallResult {
  if (file.pty && task.kernel.rest.stopsWriters(file)) {
    const held = task.kernel.rest.heldBack(task, file, () =>
      writeAll(task, file, wanted, position, source, { nonBlocking, isSilent }),
    );
    if (held !== undefined) return held;
  }
  let done = 0;
  const length = allowedLength(task, file, position, wanted);
  const write = (): number | WouldBlock => {
    const bytes = source(done);
    const part = bytes.length > length - done ? bytes.subarray(0, length - done) : bytes;
    return file.write(part, position === undefined ? undefined : position + done);
  };
  const attempt = (): number | WouldBlock => {
    do {
      let moved: number | WouldBlock;
      try {
        moved = isSilent ? write() : signalling(task, write);
      } catch (error) {
        if (done > 0) return done;
        throw error;
      }
      if (moved === WOULD_BLOCK) return done > 0 && nonBlocking ? done : WOULD_BLOCK;
      if (moved === 0) break;
      done += moved;
    } while (done < length);
    return done;
  };
  const result = attempt();
  if (result !== WOULD_BLOCK) return result;
  const limit = timeLimit(task, file.timeouts?.sendTimeout);
  return task.retry(file, POLLOUT, attempt, {
    nonBlocking,
    ...limit,
    ...(limit.onTimeout && { onTimeout: () => (done > 0 ? done : limit.onTimeout()) }),
    get onSignal() {
      return done > 0 ? () => done : (limit.onSignal ?? 'restart');
    },
  });
}

export function writeFrom(
  task: Task,
  file: OpenFile,
  address: number,
  length: number,
  position: number | undefined,
  options?: MoveOptions,
): SyscallResult {
  requireWritable(file);
  const count = Math.min(length, MAX_RW_COUNT);
  const source = (done: number): Uint8Array => {
    const usable = task.memory.accessible(address + done, count - done, false);
    if (usable === 0 && count > done) throw E.EFAULT;
    return task.memory.bytes(address + done, usable);
  };
  return writeAll(task, file, count, position, source, options);
}

export function notNegative(position: number): number {
  if (position < 0) throw E.EINVAL;
  return position;
}

/** Positioned access needs a file that can seek: ESPIPE. */
function seekable(file: OpenFile, position: number): number {
  notNegative(position);
  file.seek(0, 1);
  return position;
}

const read = syscall('read', { x64: 0, generic: 63 }, [fd, out, size], (task, file, to, count) =>
  readInto(task, file, to, count, undefined),
);
const write = syscall('write', { x64: 1, generic: 64 }, [fd, input, size], (task, file, from, count) =>
  writeFrom(task, file, from, count, undefined),
);
const pread64 = syscall('pread64', { x64: 17, generic: 67 }, [fd, out, size, offset], (task, file, to, count, position) =>
  readInto(task, file, to, count, seekable(file, position)),
);
const pwrite64 = syscall('pwrite64', { x64: 18, generic: 68 }, [fd, input, size, offset], (task, file, from, count, position) =>
  writeFrom(task, file, from, count, seekable(file, position)),
);

const total = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** The pieces are read as one: a message or a pipe's content is taken once and spread over them. */
export function readPieces(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  position: number | undefined,
  options: MoveOptions = {},
): SyscallResult {
  const [only] = pieces;
  if (pieces.length === 1 && only) return readInto(task, file, only.address, only.length, position, options);
  requireReadable(file);
  if (file.inode.type === S_IFDIR) throw E.EISDIR;
  const length = total(pieces);
  if (length === 0) return 0;
  for (const piece of pieces) if (piece.length > 0 && task.memory.accessible(piece.address, 1, true) === 0) throw E.EFAULT;
  const attempt = (): number | WouldBlock => {
    const buffer = new Uint8Array(readable(file, length, position));
    const moved = file.read(buffer, position);
    if (moved === WOULD_BLOCK) return WOULD_BLOCK;
    let done = 0;
    for (const piece of pieces) {
      const part = Math.min(piece.length, moved - done);
      if (part > 0) task.memory.writable(piece.address, part).set(buffer.subarray(done, done + part));
      done += part;
    }
    return moved;
  };
  const nonBlocking = options.nonBlocking ?? isNonBlocking(file);
  return task.retry(file, POLLIN, attempt, { nonBlocking, ...timeLimit(task, file.timeouts?.receiveTimeout) });
}

/** The pieces are written as one, so that a pipe or a socket gets them whole. */
export function writePieces(
  task: Task,
  file: OpenFile,
  pieces: readonly Piece[],
  position: number | undefined,
  options?: MoveOptions,
): SyscallResult {
  const [only] = pieces;
  if (pieces.length === 1 && only) return writeFrom(task, file, only.address, only.length, position, options);
  requireWritable(file);
  const buffer = new Uint8Array(Math.min(total(pieces), MAX_RW_COUNT));
  let filled = 0;
  for (const { address, length } of pieces) {
    const part = Math.min(length, buffer.length - filled);
    if (part > 0) buffer.set(task.memory.bytes(address, part), filled);
    filled += part;
  }
  return writeAll(task, file, buffer.length, position, (done) => buffer.subarray(done), options);
}

const readv = syscall('readv', { x64: 19, generic: 65 }, [fd, iovecOut, int], (task, file, list, count) =>
  readPieces(task, file, iovec(task, list, count), undefined),
);
const writev = syscall('writev', { x64: 20, generic: 66 }, [fd, iovecIn, int], (task, file, list, count) =>
  writePieces(task, file, iovec(task, list, count), undefined),
);
const preadv = syscall('preadv', { x64: 295, generic: 69 }, [fd, iovecOut, int, offset], (task, file, list, count, position) =>
  readPieces(task, file, iovec(task, list, count), seekable(file, position)),
);
const pwritev = syscall('pwritev', { x64: 296, generic: 70 }, [fd, iovecIn, int, offset], (task, file, list, count, position) =>
  writePieces(task, file, iovec(task, list, count), seekable(file, position)),
);

/** RWF_HIPRI, RWF_DSYNC, RWF_SYNC: hints here. Others change what is read or written: EOPNOTSUPP (preadv2(2)). */
const RWF_HINTS = 0x7;
function plainFlags(flags: number): void {
  if ((flags & ~RWF_HINTS) !== 0) throw E.EOPNOTSUPP;
}
/** Position -1 means the file's own. */
const ownOr = (file: OpenFile, position: number): number | undefined => (position === -1 ? undefined : seekable(file, position));
const V2_NOTE = 'RWF_NOWAIT and RWF_APPEND: EOPNOTSUPP';
const preadv2 = syscall(
  'preadv2',
  { x64: 327, generic: 286 },
  [fd, iovecOut, int, offset, ignored, int],
  (task, file, list, count, position, _high, flags) => {
    plainFlags(flags);
    return readPieces(task, file, iovec(task, list, count), ownOr(file, position));
  },
  V2_NOTE,
);
const pwritev2 = syscall(
  'pwritev2',
  { x64: 328, generic: 287 },
  [fd, iovecIn, int, offset, ignored, int],
  (task, file, list, count, position, _high, flags) => {
    plainFlags(flags);
    return writePieces(task, file, iovec(task, list, count), ownOr(file, position));
  },
  V2_NOTE,
);

const lseek = syscall('lseek', { x64: 8, generic: 62 }, [fd, offset, whence], (_task, file, to, from) => file.seek(to, from));

export const ioRows: readonly SyscallRow[] = [
  read,
  write,
  pread64,
  pwrite64,
  readv,
  writev,
  preadv,
  pwritev,
  preadv2,
  pwritev2,
  lseek,
];
