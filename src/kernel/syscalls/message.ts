// Sockets that are connected: pairs, messages, options, shutdown (socketpair(2), send(2), recv(2), unix(7)).

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_NONBLOCK } from '../../abi/fcntl.ts';
import type { Task } from '../task.ts';
import { makePair, SHUT_RDWR, UnixStream } from '../unix-stream.ts';
import { UnixSocket } from '../unix-socket.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { choice, fd, flags, input, int, iovec, out, outStruct, pointer, size, struct } from './args.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { readInto, readPieces, writeFrom, writePieces } from './io.ts';
import { AF, SOCK, SOCK_TYPE_MASK, socketType } from './socket.ts';

/** include/linux/socket.h */
const MSG = { MSG_DONTROUTE: 4, MSG_DONTWAIT: 0x40, MSG_EOR: 0x80, MSG_NOSIGNAL: 0x4000, MSG_CMSG_CLOEXEC: 0x40000000 } as const;
const MSG_KNOWN = MSG.MSG_DONTWAIT | MSG.MSG_EOR | MSG.MSG_NOSIGNAL | MSG.MSG_CMSG_CLOEXEC;

const socketpair = syscall(
  'socketpair',
  { x64: 53, generic: 199 },
  [choice(AF), socketType, int, outStruct],
  (task, family, type, protocol, at) => {
    if (family !== AF.AF_UNIX) throw E.EOPNOTSUPP;
    if (type & ~(SOCK_TYPE_MASK | O_NONBLOCK | O_CLOEXEC)) throw E.EINVAL;
    if ((type & SOCK_TYPE_MASK) !== SOCK.SOCK_STREAM) throw E.ESOCKTNOSUPPORT;
    if (protocol !== 0 && protocol !== AF.AF_UNIX) throw E.EPROTONOSUPPORT;
    const { fds, credentials, pid } = task.process;
    const isCloexec = (type & O_CLOEXEC) !== 0;
    const [one, other] = makePair(task.kernel, type & O_NONBLOCK, { pid, uid: credentials.euid, gid: credentials.egid });
    const first = fds.add(one, isCloexec);
    let second = -1;
    try {
      second = fds.add(other, isCloexec);
      task.memory.setU32(at, first);
      task.memory.setU32(at + 4, second);
    } catch (error) {
      fds.close(first);
      if (second >= 0) fds.close(second);
      else other.close();
      throw error;
    }
    return 0;
  },
  'AF_UNIX and SOCK_STREAM only',
);

/** ENOTSOCK for other files, ENOTCONN for sockets without a peer, EOPNOTSUPP for flags that change what is moved. */
function connected(file: OpenFile, flagBits: number): UnixStream {
  if (file instanceof UnixSocket) throw E.ENOTCONN;
  if (!(file instanceof UnixStream)) throw E.ENOTSOCK;
  if (flagBits & ~MSG_KNOWN) throw E.EOPNOTSUPP;
  return file;
}
const how = (flagBits: number) => ({
  ...(flagBits & MSG.MSG_DONTWAIT ? { nonBlocking: true } : {}),
  isSilent: (flagBits & MSG.MSG_NOSIGNAL) !== 0,
});
const NOTE = 'MSG_PEEK, MSG_WAITALL, MSG_OOB and control messages: EOPNOTSUPP';

const sendto = syscall(
  'sendto',
  { x64: 44, generic: 206 },
  [fd, input, size, flags(MSG), pointer, int],
  (task, file, from, length, flagBits, address): SyscallResult => {
    const socket = connected(file, flagBits);
    if (address !== 0) throw E.EISCONN;
    return writeFrom(task, socket, from, length, undefined, how(flagBits));
  },
  NOTE,
);
const recvfrom = syscall(
  'recvfrom',
  { x64: 45, generic: 207 },
  [fd, out, size, flags(MSG), pointer, pointer],
  (task, file, to, length, flagBits, _address, lengthAt): SyscallResult => {
    const socket = connected(file, flagBits);
    if (lengthAt !== 0) task.memory.setU32(lengthAt, 0);
    return readInto(task, socket, to, length, undefined, how(flagBits));
  },
  NOTE,
);

/** struct msghdr: name, namelen, iov, iovlen, control, controllen, flags. */
const NAME_LENGTH = 8,
  IOV = 16,
  IOV_LENGTH = 24,
  CONTROL_LENGTH = 40,
  FLAGS = 48;
const piecesOf = (task: Task, at: number) => iovec(task, task.memory.getU64(at + IOV), task.memory.getU64(at + IOV_LENGTH));

const sendmsg = syscall(
  'sendmsg',
  { x64: 46, generic: 211 },
  [fd, struct, flags(MSG)],
  (task, file, at, flagBits): SyscallResult => {
    const socket = connected(file, flagBits);
    if (task.memory.getU32(at + NAME_LENGTH) !== 0) throw E.EISCONN;
    if (task.memory.getU64(at + CONTROL_LENGTH) !== 0) throw E.EOPNOTSUPP;
    return writePieces(task, socket, piecesOf(task, at), undefined, how(flagBits));
  },
  NOTE,
);
const recvmsg = syscall(
  'recvmsg',
  { x64: 47, generic: 212 },
  [fd, outStruct, flags(MSG)],
  (task, file, at, flagBits): SyscallResult => {
    const socket = connected(file, flagBits);
    task.memory.setU32(at + NAME_LENGTH, 0);
    task.memory.setI64(at + CONTROL_LENGTH, 0);
    task.memory.setU32(at + FLAGS, 0);
    return readPieces(task, socket, piecesOf(task, at), undefined, how(flagBits));
  },
  NOTE,
);

const SHUT = { SHUT_RD: 0, SHUT_WR: 1, SHUT_RDWR } as const;
const shutdown = syscall('shutdown', { x64: 48, generic: 210 }, [fd, choice(SHUT)], (_task, file, which) => {
  if (file instanceof UnixStream) {
    if (which < 0 || which > SHUT_RDWR) throw E.EINVAL;
    file.shutdown(which);
    return 0;
  }
  throw file instanceof UnixSocket ? E.ENOTCONN : E.ENOTSOCK;
});

/** include/uapi/asm-generic/socket.h */
const SOL_SOCKET = 1;
const SO = {
  SO_DEBUG: 1,
  SO_REUSEADDR: 2,
  SO_TYPE: 3,
  SO_ERROR: 4,
  SO_DONTROUTE: 5,
  SO_BROADCAST: 6,
  SO_SNDBUF: 7,
  SO_RCVBUF: 8,
  SO_KEEPALIVE: 9,
  SO_PASSCRED: 16,
  SO_PEERCRED: 17,
  SO_ACCEPTCONN: 30,
  SO_PROTOCOL: 38,
  SO_DOMAIN: 39,
} as const;
/** net.core.wmem_default. */
const BUFFER = 212_992;

function requireSocket(file: OpenFile): UnixSocket | UnixStream {
  if (file instanceof UnixSocket || file instanceof UnixStream) return file;
  throw E.ENOTSOCK;
}

/** The 32-bit words of an option's value. */
function optionOf(file: UnixSocket | UnixStream, name: number): readonly number[] {
  switch (name) {
    case SO.SO_TYPE:
      return [file instanceof UnixSocket ? file.kind : SOCK.SOCK_STREAM];
    case SO.SO_DOMAIN:
      return [AF.AF_UNIX];
    case SO.SO_SNDBUF:
    case SO.SO_RCVBUF:
      return [BUFFER];
    case SO.SO_PEERCRED:
      return file instanceof UnixStream ? [file.peer.pid, file.peer.uid, file.peer.gid] : [0, -1, -1];
    case SO.SO_ERROR:
    case SO.SO_PROTOCOL:
    case SO.SO_ACCEPTCONN:
    case SO.SO_KEEPALIVE:
    case SO.SO_REUSEADDR:
    case SO.SO_PASSCRED:
      return [0];
    default:
      throw E.ENOPROTOOPT;
  }
}

const getsockopt = syscall(
  'getsockopt',
  { x64: 55, generic: 209 },
  [fd, int, choice(SO), pointer, pointer],
  (task, file, level, name, at, lengthAt) => {
    const socket = requireSocket(file);
    if (level !== SOL_SOCKET) throw E.EOPNOTSUPP;
    const room = task.memory.getI32(lengthAt);
    if (room < 0) throw E.EINVAL;
    const bytes = new Uint8Array(Int32Array.from(optionOf(socket, name)).buffer);
    const length = Math.min(room, bytes.length);
    task.memory.writable(at, length).set(bytes.subarray(0, length));
    task.memory.setU32(lengthAt, length);
    return 0;
  },
);
const HINTS: readonly number[] = [
  SO.SO_REUSEADDR,
  SO.SO_SNDBUF,
  SO.SO_RCVBUF,
  SO.SO_KEEPALIVE,
  SO.SO_BROADCAST,
  SO.SO_DONTROUTE,
  SO.SO_DEBUG,
];
const setsockopt = syscall(
  'setsockopt',
  { x64: 54, generic: 208 },
  [fd, int, choice(SO), pointer, int],
  (task, file, level, name, at, length) => {
    requireSocket(file);
    if (level !== SOL_SOCKET) throw E.EOPNOTSUPP;
    if (length < 4) throw E.EINVAL;
    task.memory.getU32(at);
    if (!HINTS.includes(name)) throw E.ENOPROTOOPT;
    return 0;
  },
  'checked; buffers keep their size',
);

export const messageRows: readonly SyscallRow[] = [
  socketpair,
  sendto,
  recvfrom,
  sendmsg,
  recvmsg,
  shutdown,
  getsockopt,
  setsockopt,
];
