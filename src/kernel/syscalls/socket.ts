// Sockets: making, naming and connecting them (socket(2), bind(2), listen(2), accept(2), connect(2), socketpair(2)).

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_NONBLOCK, O_RDWR } from '../../abi/fcntl.ts';
import { openNetlink } from '../net/netlink.ts';
import { AF, SHUT, SOCK } from '../../abi/socket.ts';
import { type Sender, Socket } from '../net/socket.ts';
import { IPPROTO_TCP, TcpSocket } from '../net/tcp.ts';
import { IPPROTO_UDP, UdpSocket } from '../net/udp.ts';
import { UnixConnection } from '../net/unix-connection.ts';
import { UnixDatagram } from '../net/unix-datagram.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK } from '../wait.ts';
import { choice, fd, int, outStruct, pointer, unsigned } from './args.ts';
import { type Argument, type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { timeLimit } from './time-limit.ts';
import { address, flagNames, quote, valueName } from './print.ts';

const SOCK_TYPE_MASK = 15;
/** struct sockaddr_storage. */
const LONGEST_ADDRESS = 128;

const socketType: Argument<number> = {
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

/** Address of a struct sockaddr; its length is the next argument. */
const socketAddress: Argument<number> = {
  label: 'socket address',
  decode: (_task, low, high) => unsigned(low, high),
  print: (task, low, high) => {
    const at = unsigned(low, high);
    const length = task.printing?.halves[2 * (task.printing.index + 1)] ?? 0;
    if (at === 0 || length < 2 || length > LONGEST_ADDRESS || task.memory.accessible(at, length, false) < length)
      return address(at);
    return addressText(task.memory.bytes(at, length));
  },
};

function addressText(bytes: Uint8Array): string {
  const family = (bytes[0] ?? 0) + 256 * (bytes[1] ?? 0);
  const port = `htons(${(bytes[2] ?? 0) * 256 + (bytes[3] ?? 0)})`;
  if (family === AF.AF_UNIX) {
    const path = bytes.subarray(2);
    const end = path.indexOf(0);
    if (end === 0 && path.length > 1) return `{sa_family=AF_UNIX, sun_path=@${quote(path.subarray(1), LONGEST_ADDRESS)}}`;
    return `{sa_family=AF_UNIX, sun_path=${quote(end < 0 ? path : path.subarray(0, end), LONGEST_ADDRESS)}}`;
  }
  if (family === AF.AF_INET && bytes.length >= 8)
    return `{sa_family=AF_INET, sin_port=${port}, sin_addr=inet_addr("${bytes.subarray(4, 8).join('.')}")}`;
  return `{sa_family=${valueName(family, AF)}, ...}`;
}

/** The file as a socket; ENOTSOCK. */
export function requireSocket(file: OpenFile): Socket {
  if (!(file instanceof Socket)) throw E.ENOTSOCK;
  return file;
}
export const isNonBlocking = (file: OpenFile): boolean => (file.flags & O_NONBLOCK) !== 0;

/** Who a process is to its peers. */
export function senderOf({ process }: Task): Sender {
  const { pid, credentials } = process;
  return { pid, uid: credentials.euid, gid: credentials.egid };
}

/** A copy of a struct sockaddr; EINVAL, EFAULT. */
export function readAddress(task: Task, at: number, length: number): Uint8Array {
  if (length < 0 || length > LONGEST_ADDRESS) throw E.EINVAL;
  return task.memory.bytes(at, length).slice();
}

/** Stores an address, cut to the room there is, and its true length. */
export function storeAddress(task: Task, at: number, lengthAt: number, bytes: Uint8Array): void {
  const room = task.memory.getI32(lengthAt);
  if (room < 0) throw E.EINVAL;
  const part = bytes.subarray(0, Math.min(room, bytes.length));
  task.memory.writable(at, part.length).set(part);
  task.memory.setU32(lengthAt, bytes.length);
}

function requireType(type: number): number {
  if (type & ~(SOCK_TYPE_MASK | O_NONBLOCK | O_CLOEXEC)) throw E.EINVAL;
  return type & SOCK_TYPE_MASK;
}

/** A socket of a family; EAFNOSUPPORT, ESOCKTNOSUPPORT, EPROTONOSUPPORT. */
function make(task: Task, family: number, type: number, protocol: number): Socket {
  const kind = requireType(type);
  const flags = O_RDWR | (type & O_NONBLOCK);
  const { kernel } = task;
  if (kind < 1 || kind > 10) throw E.EINVAL;
  switch (family) {
    case AF.AF_UNIX:
      if (protocol !== 0 && protocol !== AF.AF_UNIX) throw E.EPROTONOSUPPORT;
      if (kind === SOCK.SOCK_DGRAM || kind === SOCK.SOCK_RAW) return new UnixDatagram(kernel, flags, senderOf(task));
      if (kind !== SOCK.SOCK_STREAM && kind !== SOCK.SOCK_SEQPACKET) throw E.ESOCKTNOSUPPORT;
      return new UnixConnection(kernel, kind, flags, senderOf(task));
    case AF.AF_INET:
    case AF.AF_INET6:
      if (protocol < 0 || protocol > 255) throw E.EINVAL;
      if (kind === SOCK.SOCK_RAW) throw task.process.credentials.euid === 0 ? E.EPROTONOSUPPORT : E.EPERM;
      if (kind !== SOCK.SOCK_STREAM && kind !== SOCK.SOCK_DGRAM) throw E.ESOCKTNOSUPPORT;
      if (protocol !== 0 && protocol !== (kind === SOCK.SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP)) throw E.EPROTONOSUPPORT;
      return kind === SOCK.SOCK_STREAM ? new TcpSocket(kernel, family, flags) : new UdpSocket(kernel, family, flags);
    case AF.AF_NETLINK:
      return openNetlink(kernel, kind, protocol, flags);
    default:
      throw E.EAFNOSUPPORT;
  }
}

const socket = syscall(
  'socket',
  { x64: 41, generic: 198 },
  [choice(AF), socketType, int],
  (task, family, type, protocol) => task.process.fds.add(make(task, family, type, protocol), (type & O_CLOEXEC) !== 0),
  'AF_UNIX, AF_INET and AF_INET6 (TCP, UDP on the own loopback), AF_NETLINK (NETLINK_ROUTE); no raw sockets',
);

const socketpair = syscall(
  'socketpair',
  { x64: 53, generic: 199 },
  [choice(AF), socketType, int, outStruct],
  (task, family, type, protocol, at) => {
    const one = make(task, family, type, protocol),
      other = make(task, family, type, protocol);
    if (one instanceof UnixConnection && other instanceof UnixConnection) one.join(other);
    else if (one instanceof UnixDatagram && other instanceof UnixDatagram) {
      one.join(other);
      other.join(one);
    } else throw E.EOPNOTSUPP;
    const { fds } = task.process;
    const isCloexec = (type & O_CLOEXEC) !== 0;
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
);

const bind = syscall('bind', { x64: 49, generic: 200 }, [fd, socketAddress, int], (task, file, at, length) => {
  const bound = requireSocket(file);
  bound.bind(task, readAddress(task, at, length));
  return 0;
});

const listen = syscall('listen', { x64: 50, generic: 201 }, [fd, int], (task, file, backlog) => {
  requireSocket(file).listen(backlog, senderOf(task));
  return 0;
});

const connect = syscall(
  'connect',
  { x64: 42, generic: 203 },
  [fd, socketAddress, int],
  (task, file, at, length): SyscallResult => {
    const caller = requireSocket(file);
    const to = readAddress(task, at, length);
    if (caller.connect(task, to) !== WOULD_BLOCK) return 0;
    if (isNonBlocking(file)) throw caller.connectBusy;
    const { sendTimeout } = caller.settings;
    return task.retry(caller, POLLOUT, () => caller.connected(task, to), timeLimit(task, sendTimeout, caller.connectBusy));
  },
);

function acceptNext(task: Task, file: OpenFile, at: number, lengthAt: number, how: number): SyscallResult {
  if (how & ~(O_CLOEXEC | O_NONBLOCK)) throw E.EINVAL;
  const listener = requireSocket(file);
  const attempt = () => {
    const { fds } = task.process;
    fds.requireFree();
    const accepted = listener.accept();
    if (accepted === WOULD_BLOCK) return WOULD_BLOCK;
    accepted.flags = O_RDWR | (how & O_NONBLOCK);
    let number = -1;
    try {
      number = fds.add(accepted, (how & O_CLOEXEC) !== 0);
      if (at !== 0) storeAddress(task, at, lengthAt, accepted.acceptedName());
    } catch (error) {
      if (number >= 0) fds.close(number);
      else accepted.close();
      throw error;
    }
    return number;
  };
  const { receiveTimeout } = listener.settings;
  return task.retry(listener, POLLIN, attempt, { nonBlocking: isNonBlocking(file), ...timeLimit(task, receiveTimeout) });
}
const acceptFlags: Argument<number> = {
  ...int,
  label: 'flags',
  print: (_task, low) => flagNames(low, { SOCK_NONBLOCK: O_NONBLOCK, SOCK_CLOEXEC: O_CLOEXEC }),
};
const accept = syscall('accept', { x64: 43, generic: 202 }, [fd, pointer, pointer], (task, file, at, lengthAt) =>
  acceptNext(task, file, at, lengthAt, 0),
);
const accept4 = syscall(
  'accept4',
  { x64: 288, generic: 242 },
  [fd, pointer, pointer, acceptFlags],
  (task, file, at, lengthAt, how) => acceptNext(task, file, at, lengthAt, how),
);

const getsockname = syscall('getsockname', { x64: 51, generic: 204 }, [fd, pointer, pointer], (task, file, at, lengthAt) => {
  storeAddress(task, at, lengthAt, requireSocket(file).name());
  return 0;
});
const getpeername = syscall('getpeername', { x64: 52, generic: 205 }, [fd, pointer, pointer], (task, file, at, lengthAt) => {
  storeAddress(task, at, lengthAt, requireSocket(file).peerName());
  return 0;
});

const shutdown = syscall('shutdown', { x64: 48, generic: 210 }, [fd, choice(SHUT)], (_task, file, which) => {
  const closed = requireSocket(file);
  if (which < SHUT.SHUT_RD || which > SHUT.SHUT_RDWR) throw E.EINVAL;
  closed.shutdown(which);
  return 0;
});

export const socketRows: readonly SyscallRow[] = [
  socket,
  socketpair,
  bind,
  listen,
  accept,
  accept4,
  connect,
  getsockname,
  getpeername,
  shutdown,
];
