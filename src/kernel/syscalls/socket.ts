// Sockets, first part: AF_UNIX ones that find nobody to talk to, and their names (socket(2), connect(2), unix(7)).

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_NONBLOCK, O_RDWR, W_OK } from '../../abi/fcntl.ts';
import { fromBytes } from '../../lib/bytes.ts';
import { UnixSocket } from '../unix-socket.ts';
import { UnixStream } from '../unix-stream.ts';
import type { Task } from '../task.ts';
import { type OpenFile, S_IFSOCK } from '../vfs/inode.ts';
import { requireAccess } from '../vfs/permission.ts';
import { choice, fd, int, pointer, uint, unsigned } from './args.ts';
import { type Argument, type SyscallRow, syscall } from './define.ts';
import { address, flagNames, quote, valueName } from './print.ts';

export const AF = { AF_UNSPEC: 0, AF_UNIX: 1, AF_INET: 2, AF_INET6: 10, AF_NETLINK: 16, AF_PACKET: 17 } as const;
export const SOCK = { SOCK_STREAM: 1, SOCK_DGRAM: 2, SOCK_RAW: 3, SOCK_SEQPACKET: 5 } as const;
export const SOCK_TYPE_MASK = 15;
/** struct sockaddr_un: family and up to 108 bytes of path. */
const PATH_OFFSET = 2,
  ADDRESS_SIZE = 110;

export const socketType: Argument<number> = {
  label: 'socket type',
  decode: (_task, low) => low,
  print: (_task, low) => {
    const rest = low & ~SOCK_TYPE_MASK;
    return (
      valueName(low & SOCK_TYPE_MASK, SOCK) +
      (rest ? `|${flagNames(rest, { SOCK_NONBLOCK: O_NONBLOCK, SOCK_CLOEXEC: O_CLOEXEC })}` : '')
    );
  },
};

const socketAddress: Argument<number> = {
  label: 'socket address',
  decode: (_task, low, high) => unsigned(low, high),
  print: (task, low, high) => {
    const at = unsigned(low, high);
    const length = task.printing?.halves[2 * (task.printing.index + 1)] ?? 0;
    if (at === 0 || length < PATH_OFFSET || task.memory.accessible(at, length, false) < length) return address(at);
    const family = task.memory.getU16(at);
    if (family !== AF.AF_UNIX) return `{sa_family=${valueName(family, AF)}, ...}`;
    const bytes = task.memory.bytes(at + PATH_OFFSET, length - PATH_OFFSET);
    const end = bytes.indexOf(0);
    return `{sa_family=AF_UNIX, sun_path=${quote(end < 0 ? bytes : bytes.subarray(0, end), ADDRESS_SIZE)}}`;
  },
};

const socket = syscall(
  'socket',
  { x64: 41, generic: 198 },
  [choice(AF), socketType, int],
  (task, family, type, protocol) => {
    if (family !== AF.AF_UNIX) throw E.EAFNOSUPPORT;
    const kind = type & SOCK_TYPE_MASK;
    if (type & ~(SOCK_TYPE_MASK | O_NONBLOCK | O_CLOEXEC)) throw E.EINVAL;
    if (kind !== SOCK.SOCK_STREAM && kind !== SOCK.SOCK_DGRAM && kind !== SOCK.SOCK_SEQPACKET) throw E.ESOCKTNOSUPPORT;
    if (protocol !== 0 && protocol !== AF.AF_UNIX) throw E.EPROTONOSUPPORT;
    const file = new UnixSocket(task.kernel.vfs.anonymousIno(), kind, O_RDWR | (type & O_NONBLOCK));
    return task.process.fds.add(file, (type & O_CLOEXEC) !== 0);
  },
  'AF_UNIX only; others EAFNOSUPPORT',
);

function requireSocket(file: OpenFile): void {
  if (!(file instanceof UnixSocket) && !(file instanceof UnixStream)) throw E.ENOTSOCK;
}

const connect = syscall(
  'connect',
  { x64: 42, generic: 203 },
  [fd, socketAddress, uint],
  (task, file, at, length) => {
    requireSocket(file);
    if (file instanceof UnixStream) throw E.EISCONN;
    if (length < PATH_OFFSET || length > ADDRESS_SIZE) throw E.EINVAL;
    if (task.memory.getU16(at) !== AF.AF_UNIX) throw E.EINVAL;
    if (length === PATH_OFFSET) throw E.EINVAL;
    const bytes = task.memory.bytes(at + PATH_OFFSET, length - PATH_OFFSET);
    // An abstract name starts with NUL; nobody listens on any.
    if (bytes[0] === 0) throw E.ECONNREFUSED;
    const end = bytes.indexOf(0);
    const { inode } = task.kernel.vfs.resolve(task.process, fromBytes(end < 0 ? bytes : bytes.subarray(0, end)));
    if (inode.type !== S_IFSOCK) throw E.ECONNREFUSED;
    requireAccess(inode, task.process.credentials, W_OK);
    throw E.ECONNREFUSED;
  },
  'ENOENT or ECONNREFUSED: nothing can listen yet',
);

/** getsockname, and getpeername of a pair: there is no name. */
function storeUnnamed(task: Task, at: number, lengthAt: number): number {
  const room = task.memory.getI32(lengthAt);
  if (room < 0) throw E.EINVAL;
  const bytes = new Uint8Array([AF.AF_UNIX, 0]).subarray(0, Math.min(room, PATH_OFFSET));
  task.memory.writable(at, bytes.length).set(bytes);
  task.memory.setU32(lengthAt, PATH_OFFSET);
  return 0;
}
const getsockname = syscall('getsockname', { x64: 51, generic: 204 }, [fd, pointer, pointer], (task, file, at, lengthAt) => {
  requireSocket(file);
  return storeUnnamed(task, at, lengthAt);
});
const getpeername = syscall('getpeername', { x64: 52, generic: 205 }, [fd, pointer, pointer], (task, file, at, lengthAt) => {
  requireSocket(file);
  if (file instanceof UnixStream) return storeUnnamed(task, at, lengthAt);
  throw E.ENOTCONN;
});

export const socketRows: readonly SyscallRow[] = [socket, connect, getsockname, getpeername];
