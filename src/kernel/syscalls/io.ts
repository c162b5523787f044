// Moving bytes: read, write and their vector and positioned forms, lseek.

import { E } from '../../abi/errno.ts';
import { MAX_RW_COUNT, O_NONBLOCK, SEEK_CUR, SEEK_HOLE, SEEK_SET } from '../../abi/fcntl.ts';
import { SIGNAL } from '../../abi/signals.ts';
import { fromUser, sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { terminalBehind } from '../fs/stream.ts';
import { type OpenFile, S_IFDIR, S_IFREG } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { fd, input, int, iovec, iovecIn, iovecOut, offset, out, type Piece, rawFd, size } from './args.ts';
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

/** Positioned access needs a file that has positions: ESPIPE. */
export function requirePositions(file: OpenFile): void {
  if (file.inode.type === 0) throw E.ESPIPE;
  file.seek(0, SEEK_CUR);
}

/** The file of a positioned call, whose position is looked at first: EINVAL, EBADF, ESPIPE. */
function fileAt(task: Task, number: number, position: number): OpenFile {
  notNegative(position);
  const file = task.process.fds.file(number);
  requirePositions(file);
  return file;
}

const read = syscall('read', { x64: 0, generic: 63 }, [fd, out, size], (task, file, to, count) =>
  readInto(task, file, to, count, undefined),
);
const write = syscall('write', { x64: 1, generic: 64 }, [fd, input, size], (task, file, from, count) =>
  writeFrom(task, file, from, count, undefined),
);
const pread64 = syscall('pread64', { x64: 17, generic: 67 }, [rawFd, out, size, offset], (task, number, to, count, position) =>
  readInto(task, fileAt(task, number, position), to, count, position),
);
const pwrite64 = syscall(
  'pwrite64',
  { x64: 18, generic: 68 },
  [rawFd, input, size, offset],
  (task, number, from, count, position) => writeFrom(task, fileAt(task, number, position), from, count, position),
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

const readv = syscall('readv', { x64: 19, generic: 65 }, [fd, iovecOut, int], (task, file, list, count) => {
  requireReadable(file);
  return readPieces(task, file, iovec(task, list, count), undefined);
});
const writev = syscall('writev', { x64: 20, generic: 66 }, [fd, iovecIn, int], (task, file, list, count) => {
  requireWritable(file);
  return writePieces(task, file, iovec(task, list, count), undefined);
});
const preadv = syscall(
  'preadv',
  { x64: 295, generic: 69 },
  [rawFd, iovecOut, int, offset],
  (task, number, list, count, position) => readPieces(task, fileAt(task, number, position), iovec(task, list, count), position),
);
const pwritev = syscall(
  'pwritev',
  { x64: 296, generic: 70 },
  [rawFd, iovecIn, int, offset],
  (task, number, list, count, position) => writePieces(task, fileAt(task, number, position), iovec(task, list, count), position),
);

/** Flags of preadv2 and pwritev2; the others are hints here (include/uapi/linux/fs.h). */
const RWF_NOWAIT = 8,
  RWF_APPEND = 0x10,
  RWF_KNOWN = 0x3f;

/** Position -1 means the file's own. */
const ownOr = (position: number): number | undefined => (position === -1 ? undefined : position);
const fileFor = (task: Task, number: number, position: number): OpenFile =>
  position === -1 ? task.process.fds.file(number) : fileAt(task, number, position);

const preadv2 = syscall(
  'preadv2',
  { x64: 327, generic: 286 },
  [rawFd, iovecOut, int, offset, ignored, int],
  (task, number, list, count, position, _high, how) => {
    const file = fileFor(task, number, position);
    requireReadable(file);
    const pieces = iovec(task, list, count);
    if ((how & ~RWF_KNOWN) !== 0) throw E.EOPNOTSUPP;
    return readPieces(task, file, pieces, ownOr(position), how & RWF_NOWAIT ? { nonBlocking: true } : {});
  },
);
const pwritev2 = syscall(
  'pwritev2',
  { x64: 328, generic: 287 },
  [rawFd, iovecIn, int, offset, ignored, int],
  (task, number, list, count, position, _high, how) => {
    const file = fileFor(task, number, position);
    requireWritable(file);
    const pieces = iovec(task, list, count);
    if ((how & ~RWF_KNOWN) !== 0) throw E.EOPNOTSUPP;
    const isAppended = (how & RWF_APPEND) !== 0 && file.inode.type === S_IFREG;
    if (isAppended && position === -1) file.position = file.inode.stat().size;
    const at = isAppended && position !== -1 ? file.inode.stat().size : ownOr(position);
    return writePieces(task, file, pieces, at, how & RWF_NOWAIT ? { nonBlocking: true } : {});
  },
);

const lseek = syscall('lseek', { x64: 8, generic: 62 }, [fd, offset, whence], (_task, file, to, from) => {
  if (from < SEEK_SET || from > SEEK_HOLE) throw E.EINVAL;
  return file.seek(to, from);
});

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
