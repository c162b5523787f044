// Messages of sockets: send and receive with addresses, control data, several at once (send(2), recv(2), recvmmsg(2)).

import { E } from '../../abi/errno.ts';
import { MAX_RW_COUNT } from '../../abi/fcntl.ts';
import { SIGNAL } from '../../abi/signals.ts';
import { MSG, SOCK } from '../../abi/socket.ts';
import { letGo, Received, type Sender, type Socket } from '../net/socket.ts';
import { fromUser, sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { fd, flags, input, int, iovec, out, outStruct, type Piece, pointer, size, struct, uint } from './args.ts';
import { cmsgsOf, storeControl } from './control-message.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { isNonBlocking, readAddress, requireSocket, storeAddress } from './socket.ts';
import { timeLimit } from './time-limit.ts';
import { readTimespec } from './timespec.ts';

/** A message to send, taken out of guest memory. */
interface Parcel {
  readonly bytes: Uint8Array;
  readonly to: Uint8Array | undefined;
  readonly files: readonly OpenFile[];
  readonly sender: Sender;
}

/** Sends a message; of a stream all of it, unless it must not wait. */
function post(task: Task, socket: Socket, parcel: Parcel, flagBits: number): SyscallResult {
  const nonBlocking = isNonBlocking(socket) || (flagBits & MSG.MSG_DONTWAIT) !== 0;
  const { bytes, to, sender } = parcel;
  let { files } = parcel;
  const isStream = socket.kind === SOCK.SOCK_STREAM;
  let done = 0;
  const attempt = (): number | WouldBlock => {
    do {
      let moved: number | WouldBlock;
      try {
        moved = socket.send(done === 0 ? bytes : bytes.subarray(done), flagBits, { to, files, sender, task });
      } catch (error) {
        if (done > 0) return done;
        if (error === E.EPIPE && isStream && !(flagBits & MSG.MSG_NOSIGNAL))
          sendSignal(task.process, fromUser(SIGNAL.SIGPIPE, task.process), task);
        throw error;
      }
      if (moved === WOULD_BLOCK) return done > 0 && nonBlocking ? done : WOULD_BLOCK;
      done += moved;
      files = [];
    } while (isStream && done < bytes.length);
    return done;
  };
  const result = attempt();
  if (result !== WOULD_BLOCK) return result;
  const limit = timeLimit(task, socket.settings.sendTimeout);
  return task.retry(socket, POLLOUT, attempt, {
    nonBlocking,
    ...limit,
    ...(limit.onTimeout && { onTimeout: () => (done > 0 ? done : limit.onTimeout()) }),
    get onSignal() {
      return done > 0 ? () => done : (limit.onSignal ?? 'restart');
    },
  });
}

/** The bytes of pieces as one; EFAULT. */
function gather(task: Task, pieces: readonly Piece[]): Uint8Array {
  const length = Math.min(lengthOf(pieces), MAX_RW_COUNT);
  const bytes = new Uint8Array(length);
  let filled = 0;
  for (const { address, length: own } of pieces) {
    const part = Math.min(own, length - filled);
    if (part > 0) bytes.set(task.memory.bytes(address, part), filled);
    filled += part;
  }
  return bytes;
}
const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** Takes a message into pieces of guest memory and says what came with it through `finish`. */
function fetch(
  task: Task,
  socket: Socket,
  pieces: readonly Piece[],
  flagBits: number,
  finish: (received: Received, count: number) => void,
  limit: { readonly deadline?: number } = {},
): SyscallResult {
  const nonBlocking = isNonBlocking(socket) || (flagBits & MSG.MSG_DONTWAIT) !== 0;
  if (flagBits & MSG.MSG_ERRQUEUE) throw E.EAGAIN;
  const length = Math.min(lengthOf(pieces), MAX_RW_COUNT);
  // A datagram is lost to a bad address, but is never taken for one that can be seen beforehand.
  for (const piece of pieces) if (piece.length > 0 && task.memory.accessible(piece.address, 1, true) === 0) throw E.EFAULT;
  const isWhole = (flagBits & MSG.MSG_WAITALL) !== 0 && socket.kind === SOCK.SOCK_STREAM && !(flagBits & MSG.MSG_PEEK);
  let done = 0;
  const received = new Received();
  const attempt = (): number | WouldBlock => {
    for (;;) {
      let moved: number | WouldBlock;
      try {
        moved = receivePieces(task, socket, pieces, done, length, flagBits, received);
      } catch (error) {
        if (done === 0) throw error;
        break;
      }
      if (moved === WOULD_BLOCK) {
        if (done === 0 || (isWhole && !nonBlocking)) return WOULD_BLOCK;
        break;
      }
      done += moved;
      if (!isWhole || moved === 0 || done >= length || received.files.length > 0) break;
    }
    finish(received, done);
    return done;
  };
  const finished = (): number => {
    finish(received, done);
    return done;
  };
  const waiting = { ...timeLimit(task, socket.settings.receiveTimeout), ...limit };
  const onTimeout = 'onTimeout' in waiting ? waiting.onTimeout : undefined;
  return task.retry(socket, POLLIN, attempt, {
    nonBlocking,
    ...waiting,
    ...(onTimeout && { onTimeout: () => (done > 0 ? finished() : onTimeout()) }),
    get onSignal() {
      return done > 0 ? finished : 'onSignal' in waiting && waiting.onSignal ? waiting.onSignal : 'restart';
    },
  });
}

/** One message into the pieces from `skip` on. */
function receivePieces(
  task: Task,
  socket: Socket,
  pieces: readonly Piece[],
  skip: number,
  length: number,
  flagBits: number,
  received: Received,
): number | WouldBlock {
  const [only] = pieces;
  if (pieces.length === 1 && only) {
    const room = task.memory.accessible(only.address + skip, length - skip, true);
    // Any address will do where nothing is stored.
    return socket.receive(room === 0 ? NOTHING : task.memory.writable(only.address + skip, room), flagBits, received);
  }
  const buffer = new Uint8Array(length - skip);
  const moved = socket.receive(buffer, flagBits, received);
  if (moved === WOULD_BLOCK) return WOULD_BLOCK;
  let at = -skip;
  for (const piece of pieces) {
    const from = Math.max(0, at);
    const part = buffer.subarray(from, Math.min(at + piece.length, moved));
    if (part.length > 0) task.memory.writable(piece.address + Math.max(0, -at), part.length).set(part);
    at += piece.length;
  }
  return moved;
}
const NOTHING = new Uint8Array(0);

const sendto = syscall(
  'sendto',
  { x64: 44, generic: 206 },
  [fd, input, size, flags(MSG), pointer, int],
  (task, file, from, length, flagBits, at, addressLength): SyscallResult => {
    const socket = requireSocket(file);
    const bytes = gather(task, [{ address: from, length }]);
    const to = at === 0 ? undefined : readAddress(task, at, addressLength);
    return post(task, socket, { bytes, to, files: [], sender: socket.senderOf(task) }, flagBits);
  },
  'MSG_OOB is sent as ordinary data',
);

const recvfrom = syscall(
  'recvfrom',
  { x64: 45, generic: 207 },
  [fd, out, size, flags(MSG), pointer, pointer],
  (task, file, address, length, flagBits, at, lengthAt): SyscallResult =>
    fetch(task, requireSocket(file), [{ address, length }], flagBits, ({ from, files }) => {
      letGo(files);
      if (at === 0) return;
      if (from) storeAddress(task, at, lengthAt, from);
      else task.memory.setU32(lengthAt, 0);
    }),
  'MSG_OOB: EINVAL',
);

/** struct msghdr: name, namelen, iov, iovlen, control, controllen, flags. */
const NAME_LENGTH = 8,
  IOV = 16,
  IOV_LENGTH = 24,
  FLAGS = 48,
  HEADER_SIZE = 56;
const piecesOf = (task: Task, at: number): Piece[] => {
  const count = task.memory.getU64(at + IOV_LENGTH);
  if (count > 1024) throw E.EMSGSIZE;
  return iovec(task, task.memory.getU64(at + IOV), count);
};

/** The message that a struct msghdr describes. */
function parcelOf(task: Task, socket: Socket, at: number): Parcel {
  const name = task.memory.getU64(at);
  const nameLength = task.memory.getI32(at + NAME_LENGTH);
  if (nameLength < 0) throw E.EINVAL;
  const to = name === 0 || nameLength === 0 ? undefined : readAddress(task, name, Math.min(nameLength, 128));
  const bytes = gather(task, piecesOf(task, at));
  return { bytes, to, ...cmsgsOf(task, at, socket.senderOf(task)) };
}

const sendmsg = syscall(
  'sendmsg',
  { x64: 46, generic: 211 },
  [fd, struct, flags(MSG)],
  (task, file, at, flagBits): SyscallResult => {
    const socket = requireSocket(file);
    return post(task, socket, parcelOf(task, socket, at), flagBits);
  },
  'control messages: SCM_RIGHTS and SCM_CREDENTIALS; MSG_OOB is sent as ordinary data',
);

function receiveMessage(task: Task, socket: Socket, at: number, flagBits: number, limit = {}): SyscallResult {
  const nameAt = task.memory.getU64(at);
  if (task.memory.getI32(at + NAME_LENGTH) < 0) throw E.EINVAL;
  return fetch(
    task,
    socket,
    piecesOf(task, at),
    flagBits,
    (received) => {
      const cut = storeControl(task, socket, at, flagBits, received);
      if (nameAt !== 0) {
        if (received.from) storeAddress(task, nameAt, at + NAME_LENGTH, received.from);
        else task.memory.setU32(at + NAME_LENGTH, 0);
      }
      task.memory.setU32(at + FLAGS, received.flags | cut | (flagBits & MSG.MSG_CMSG_CLOEXEC));
    },
    limit,
  );
}
const recvmsg = syscall(
  'recvmsg',
  { x64: 47, generic: 212 },
  [fd, outStruct, flags(MSG)],
  (task, file, at, flagBits): SyscallResult => receiveMessage(task, requireSocket(file), at, flagBits),
  'control messages: SCM_RIGHTS and SCM_CREDENTIALS; MSG_OOB: EINVAL',
);

/** struct mmsghdr: a msghdr and the bytes moved. */
const MESSAGE_SIZE = HEADER_SIZE + 8;
const MAX_MESSAGES = 1024;

/** Sends until one would block or fails; that is an error only for the first. */
const sendmmsg = syscall(
  'sendmmsg',
  { x64: 307, generic: 269 },
  [fd, struct, uint, flags(MSG)],
  (task, file, list, count, flagBits): SyscallResult => {
    const socket = requireSocket(file);
    const limit = Math.min(count, MAX_MESSAGES);
    let done = 0;
    const attempt = (): number | WouldBlock => {
      for (; done < limit; done++) {
        const at = list + done * MESSAGE_SIZE;
        try {
          const { bytes, to, files, sender } = parcelOf(task, socket, at);
          const moved = socket.send(bytes, flagBits, { to, files, sender, task });
          if (moved === WOULD_BLOCK) return done > 0 ? done : WOULD_BLOCK;
          task.memory.setU32(at + HEADER_SIZE, moved);
        } catch (error) {
          if (done > 0) return done;
          throw error;
        }
      }
      return done;
    };
    const nonBlocking = isNonBlocking(socket) || (flagBits & MSG.MSG_DONTWAIT) !== 0;
    return task.retry(socket, POLLOUT, attempt, { nonBlocking });
  },
);

const recvmmsg = syscall(
  'recvmmsg',
  { x64: 299, generic: 243 },
  [fd, outStruct, uint, flags(MSG), pointer],
  (task, file, list, count, flagBits, timeoutAt): SyscallResult => {
    const socket = requireSocket(file);
    const deadline = timeoutAt === 0 ? undefined : task.kernel.clock.monotonic() + readTimespec(task, timeoutAt);
    const limit = Math.min(count, MAX_MESSAGES);
    const nonBlocking = isNonBlocking(socket) || (flagBits & MSG.MSG_DONTWAIT) !== 0;
    let done = 0;
    const attempt = (): number | WouldBlock => {
      while (done < limit) {
        const at = list + done * MESSAGE_SIZE;
        let moved: SyscallResult;
        try {
          moved = receiveMessage(task, socket, at, (flagBits & ~MSG.MSG_WAITFORONE) | MSG.MSG_DONTWAIT);
        } catch (error) {
          const isLater = done > 0 && (error !== E.EAGAIN || nonBlocking || (flagBits & MSG.MSG_WAITFORONE) !== 0);
          if (isLater) return done;
          if (error === E.EAGAIN) return WOULD_BLOCK;
          throw error;
        }
        if (typeof moved === 'number') task.memory.setU32(at + HEADER_SIZE, moved);
        done++;
      }
      return done;
    };
    const onTimeout = (): number => {
      if (done > 0) return done;
      throw E.EAGAIN;
    };
    return task.retry(socket, POLLIN, attempt, {
      nonBlocking,
      deadline,
      onTimeout,
      get onSignal() {
        return done > 0 ? () => done : ('restart' as const);
      },
    });
  },
);

export const messageRows: readonly SyscallRow[] = [sendto, recvfrom, sendmsg, recvmsg, sendmmsg, recvmmsg];
