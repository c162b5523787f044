// Socket options: what has an effect here is a setting, the rest is kept and reported (socket(7), ip(7), tcp(7), ipv6(7)).

import { E } from '../../abi/errno.ts';
import { AF, SOCK } from '../../abi/socket.ts';
import { optionKey, type Socket } from '../net/socket.ts';
import { IPPROTO_TCP, SYN_RETRIES, TCP_SYNCNT, TcpSocket } from '../net/tcp.ts';
import type { Task } from '../task.ts';
import { choice, fd, int, pointer } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';
import { requireSocket, storeAddress } from './socket.ts';

const SOL = { SOL_IP: 0, SOL_SOCKET: 1, SOL_TCP: IPPROTO_TCP, SOL_UDP: 17, SOL_IPV6: 41, SOL_NETLINK: 270 } as const;
/** include/uapi/asm-generic/socket.h */
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
  SO_OOBINLINE: 10,
  SO_PRIORITY: 12,
  SO_LINGER: 13,
  SO_REUSEPORT: 15,
  SO_PASSCRED: 16,
  SO_PEERCRED: 17,
  SO_RCVLOWAT: 18,
  SO_SNDLOWAT: 19,
  SO_RCVTIMEO: 20,
  SO_SNDTIMEO: 21,
  SO_BINDTODEVICE: 25,
  SO_PEERNAME: 28,
  SO_TIMESTAMP: 29,
  SO_ACCEPTCONN: 30,
  SO_SNDBUFFORCE: 32,
  SO_RCVBUFFORCE: 33,
  SO_MARK: 36,
  SO_PROTOCOL: 38,
  SO_DOMAIN: 39,
} as const;
/** Least and greatest buffers (net.core.wmem_max), and the least that is ever used. */
const LARGEST_BUFFER = 212_992,
  SMALLEST_SEND = 4608,
  SMALLEST_RECEIVE = 2304;
const IPV6_V6ONLY = 26;
const TCP_MAXSEG = 2,
  TCP_INFO = 11;
/** Values before anyone sets them, by level and name: what Linux's defaults are. */
const DEFAULTS: ReadonlyMap<number, number> = new Map([
  [optionKey(SOL.SOL_SOCKET, SO.SO_RCVLOWAT), 1],
  [optionKey(SOL.SOL_SOCKET, SO.SO_SNDLOWAT), 1],
  [optionKey(SOL.SOL_IP, 2), 64], // IP_TTL
  [optionKey(SOL.SOL_IP, 10), 1], // IP_MTU_DISCOVER
  [optionKey(SOL.SOL_IP, 33), 1], // IP_MULTICAST_TTL
  [optionKey(SOL.SOL_IP, 34), 1], // IP_MULTICAST_LOOP
  [optionKey(SOL.SOL_IPV6, 16), 64], // IPV6_UNICAST_HOPS
  [optionKey(SOL.SOL_IPV6, 18), 1], // IPV6_MULTICAST_HOPS
  [optionKey(SOL.SOL_IPV6, 19), 1], // IPV6_MULTICAST_LOOP
  [optionKey(SOL.SOL_IPV6, 23), 1], // IPV6_MTU_DISCOVER
  [optionKey(SOL.SOL_TCP, TCP_MAXSEG), 65483],
  [optionKey(SOL.SOL_TCP, 4), 7200], // TCP_KEEPIDLE
  [optionKey(SOL.SOL_TCP, 5), 75], // TCP_KEEPINTVL
  [optionKey(SOL.SOL_TCP, 6), 9], // TCP_KEEPCNT
  [TCP_SYNCNT, SYN_RETRIES],
  [optionKey(SOL.SOL_TCP, 8), 60], // TCP_LINGER2
  [optionKey(SOL.SOL_TCP, 12), 1], // TCP_QUICKACK
]);
/** Options whose value is one of two. */
const SWITCHES: ReadonlySet<number> = new Set([
  ...[SO.SO_DEBUG, SO.SO_DONTROUTE, SO.SO_BROADCAST, SO.SO_KEEPALIVE, SO.SO_OOBINLINE, SO.SO_TIMESTAMP].map((name) =>
    optionKey(SOL.SOL_SOCKET, name),
  ),
  // TCP_NODELAY, TCP_CORK, TCP_QUICKACK
  ...[1, 3, 12].map((name) => optionKey(SOL.SOL_TCP, name)),
]);

/** Options that are kept and mean nothing on a loopback without packets. */
const KEPT: Readonly<Record<number, readonly number[]>> = {
  [SOL.SOL_SOCKET]: [
    SO.SO_DEBUG,
    SO.SO_DONTROUTE,
    SO.SO_BROADCAST,
    SO.SO_KEEPALIVE,
    SO.SO_OOBINLINE,
    SO.SO_PRIORITY,
    SO.SO_RCVLOWAT,
    SO.SO_TIMESTAMP,
    SO.SO_MARK,
  ],
  [SOL.SOL_IP]: [1, 2, 8, 10, 11, 12, 13, 15, 24, 32, 33, 34, 35, 36, 49],
  [SOL.SOL_IPV6]: [16, 17, 18, 19, 20, 21, 23, 25, 49, 51, 66, 67, 70, 72],
  [SOL.SOL_TCP]: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 18, 23, 25],
};

function settingOf(socket: Socket, name: number): readonly number[] | undefined {
  const { settings } = socket;
  switch (name) {
    case SO.SO_TYPE:
      return [socket.kind];
    case SO.SO_DOMAIN:
      return [socket.family];
    case SO.SO_PROTOCOL:
      return [socket.protocol];
    case SO.SO_ERROR:
      return [socket.takeError()?.code ?? 0];
    case SO.SO_ACCEPTCONN:
      return [Number(socket.isListening)];
    case SO.SO_SNDBUF:
      return [settings.sendBuffer];
    case SO.SO_RCVBUF:
      return [settings.receiveBuffer];
    case SO.SO_REUSEADDR:
      return [Number(settings.reusesAddress)];
    case SO.SO_REUSEPORT:
      return [Number(settings.reusesPort)];
    case SO.SO_PASSCRED:
      return [Number(settings.passesCredentials)];
    case SO.SO_LINGER:
      return [Number(settings.lingers), settings.lingerTime];
    case SO.SO_SNDLOWAT:
      return [1];
    case SO.SO_RCVTIMEO:
      return timeval(settings.receiveTimeout);
    case SO.SO_SNDTIMEO:
      return timeval(settings.sendTimeout);
    case SO.SO_PEERCRED: {
      const { pid, uid, gid } = socket.peerSender;
      return [pid, uid, gid];
    }
    default:
      return undefined;
  }
}

/** struct timeval; zero means no limit. */
function timeval(milliseconds: number): readonly number[] {
  if (milliseconds === Infinity) return [0, 0, 0, 0];
  return [Math.floor(milliseconds / 1000), 0, Math.round((milliseconds % 1000) * 1000), 0];
}

function optionOf(socket: Socket, level: number, name: number): Uint8Array {
  if (level === SOL.SOL_SOCKET) {
    const words = settingOf(socket, name);
    if (words) return new Uint8Array(Int32Array.from(words).buffer);
  }
  if (level === SOL.SOL_IPV6 && name === IPV6_V6ONLY && socket.family === AF.AF_INET6)
    return new Uint8Array(Int32Array.of(Number(socket.settings.isV6Only)).buffer);
  if (level === SOL.SOL_TCP && name === TCP_INFO && socket instanceof TcpSocket) return socket.info();
  requireKnown(socket, level, name);
  return (
    socket.values.get(optionKey(level, name)) ?? new Uint8Array(Int32Array.of(DEFAULTS.get(optionKey(level, name)) ?? 0).buffer)
  );
}

function requireKnown(socket: Socket, level: number, name: number): void {
  const isInternet = socket.family === AF.AF_INET || socket.family === AF.AF_INET6;
  const has =
    level === SOL.SOL_SOCKET ||
    (level === SOL.SOL_IP && isInternet) ||
    (level === SOL.SOL_IPV6 && socket.family === AF.AF_INET6) ||
    (level === SOL.SOL_TCP && socket instanceof TcpSocket);
  if (level === SOL.SOL_NETLINK && socket.family === AF.AF_NETLINK) return;
  if (!has) throw E.EOPNOTSUPP;
  if (!KEPT[level]?.includes(name)) throw E.ENOPROTOOPT;
}

const getsockopt = syscall(
  'getsockopt',
  { x64: 55, generic: 209 },
  [fd, choice(SOL), choice(SO), pointer, pointer],
  (task, file, level, name, at, lengthAt) => {
    const socket = requireSocket(file);
    const room = task.memory.getI32(lengthAt);
    if (room < 0) throw E.EINVAL;
    if (level === SOL.SOL_SOCKET && name === SO.SO_PEERNAME) {
      const address = socket.peerName();
      if (room < address.length) throw E.EINVAL;
      storeAddress(task, at, lengthAt, address);
      return 0;
    }
    const bytes = optionOf(socket, level, name);
    const length = Math.min(room, bytes.length);
    task.memory.writable(at, length).set(bytes.subarray(0, length));
    task.memory.setU32(lengthAt, length);
    return 0;
  },
  'options of loopback TCP that describe packets have their defaults',
);

function setSetting(task: Task, socket: Socket, name: number, at: number, length: number): boolean {
  const { settings } = socket;
  const { memory } = task;
  const value = memory.getI32(at);
  switch (name) {
    case SO.SO_REUSEADDR:
      settings.reusesAddress = value !== 0;
      return true;
    case SO.SO_REUSEPORT:
      if (value !== 0 && socket.family === AF.AF_UNIX) throw E.EOPNOTSUPP;
      settings.reusesPort = value !== 0;
      return true;
    case SO.SO_PASSCRED:
      settings.passesCredentials = value !== 0;
      return true;
    case SO.SO_SNDBUF:
    case SO.SO_SNDBUFFORCE:
      settings.sendBuffer = Math.max(SMALLEST_SEND, 2 * Math.min(value >>> 0, LARGEST_BUFFER));
      return true;
    case SO.SO_RCVBUF:
    case SO.SO_RCVBUFFORCE:
      settings.receiveBuffer = Math.max(SMALLEST_RECEIVE, 2 * Math.min(value >>> 0, LARGEST_BUFFER));
      return true;
    case SO.SO_LINGER:
      if (length < 8) throw E.EINVAL;
      settings.lingers = value !== 0;
      settings.lingerTime = memory.getI32(at + 4);
      return true;
    case SO.SO_RCVTIMEO:
      settings.receiveTimeout = readTimeval(task, at, length);
      return true;
    case SO.SO_SNDTIMEO:
      settings.sendTimeout = readTimeval(task, at, length);
      return true;
    case SO.SO_TYPE:
    case SO.SO_DOMAIN:
    case SO.SO_PROTOCOL:
    case SO.SO_ERROR:
    case SO.SO_ACCEPTCONN:
    case SO.SO_SNDLOWAT:
    case SO.SO_PEERCRED:
      throw E.ENOPROTOOPT;
    default:
      return false;
  }
}

/** Milliseconds; Infinity for zero. EDOM for a fraction that is none. */
function readTimeval(task: Task, at: number, length: number): number {
  if (length < 16) throw E.EINVAL;
  const seconds = task.memory.getI64(at),
    microseconds = task.memory.getI64(at + 8);
  if (microseconds < 0 || microseconds >= 1e6) throw E.EDOM;
  if (seconds < 0) return 0;
  return seconds === 0 && microseconds === 0 ? Infinity : seconds * 1000 + microseconds / 1000;
}

const setsockopt = syscall(
  'setsockopt',
  { x64: 54, generic: 208 },
  [fd, choice(SOL), choice(SO), pointer, int],
  (task, file, level, name, at, length) => {
    const socket = requireSocket(file);
    if (length < 0) throw E.EINVAL;
    if (level === SOL.SOL_SOCKET && name === SO.SO_BINDTODEVICE) {
      const device = task.memory.bytes(at, Math.min(length, 15));
      if (device.length > 0 && device[0] !== 0 && !(device[0] === 108 && device[1] === 111)) throw E.ENODEV;
      return 0;
    }
    // An option of IP may be one byte (ip_setsockopt).
    const isByte = level === SOL.SOL_IP && length >= 1 && length < 4;
    if (length < 4 && !isByte) throw E.EINVAL;
    const value = isByte ? task.memory.getU8(at) : task.memory.getI32(at);
    if (level === SOL.SOL_SOCKET && setSetting(task, socket, name, at, length)) return 0;
    if (level === SOL.SOL_IPV6 && name === IPV6_V6ONLY && socket.family === AF.AF_INET6) {
      if (socket instanceof TcpSocket && socket.local) throw E.EINVAL;
      socket.settings.isV6Only = value !== 0;
      return 0;
    }
    requireKnown(socket, level, name);
    if (level === SOL.SOL_TCP && socket.kind !== SOCK.SOCK_STREAM) throw E.ENOPROTOOPT;
    if (optionKey(level, name) === TCP_SYNCNT && (value < 1 || value > 127)) throw E.EINVAL;
    const kept = SWITCHES.has(optionKey(level, name)) ? Number(value !== 0) : value;
    const isNumber = length <= 4 || isByte;
    socket.values.set(
      optionKey(level, name),
      isNumber ? new Uint8Array(Int32Array.of(kept).buffer) : task.memory.bytes(at, Math.min(length, 256)).slice(),
    );
    return 0;
  },
  'options that describe packets are kept and have no effect',
);

export const socketOptionRows: readonly SyscallRow[] = [getsockopt, setsockopt];
