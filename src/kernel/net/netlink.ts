// NETLINK_ROUTE as far as lists of interfaces, addresses and routes go (netlink(7), rtnetlink(7)): what getifaddrs asks.

import { E } from '../../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import type { Task } from '../task.ts';
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { bytesOf, LOOPBACK_V6 } from './endpoint.ts';
import { LO } from './interface.ts';
import { Messages } from './messages.ts';
import { AF, SOCK } from '../../abi/socket.ts';
import { type Outgoing, type Received, Socket } from './socket.ts';

const NETLINK_ROUTE = 0;
/** struct sockaddr_nl: family, pad, pid, groups. */
const ADDRESS_SIZE = 12;
/** struct nlmsghdr: length, type, flags, sequence, pid. */
const HEADER = 16;
const NLMSG_ERROR = 2,
  NLMSG_DONE = 3;
const NLM_F_MULTI = 2,
  NLM_F_ACK = 4,
  NLM_F_DUMP = 0x300;
const RTM_NEWLINK = 16,
  RTM_GETLINK = 18,
  RTM_NEWADDR = 20,
  RTM_GETADDR = 22,
  RTM_GETROUTE = 26;
const IFLA_ADDRESS = 1,
  IFLA_BROADCAST = 2,
  IFLA_IFNAME = 3,
  IFLA_MTU = 4,
  IFLA_TXQLEN = 13,
  IFLA_OPERSTATE = 16;
const IFA_ADDRESS = 1,
  IFA_LOCAL = 2,
  IFA_LABEL = 3,
  IFA_FLAGS = 8;
const IFA_F_PERMANENT = 0x80;
const RT_SCOPE_HOST = 254;
const ARPHRD_LOOPBACK = 772;

export function openNetlink(kernel: Kernel, kind: number, protocol: number, flags: number): Socket {
  if (kind !== SOCK.SOCK_RAW && kind !== SOCK.SOCK_DGRAM) throw E.ESOCKTNOSUPPORT;
  if (protocol !== NETLINK_ROUTE) throw E.EPROTONOSUPPORT;
  return new NetlinkSocket(kernel, kind, protocol, flags);
}

export class NetlinkSocket extends Socket {
  readonly family = AF.AF_NETLINK;
  #port = 0;
  readonly #answers = new Messages();

  override bind(task: Task, address: Uint8Array): void {
    if (address.length < ADDRESS_SIZE || address[0] !== AF.AF_NETLINK) throw E.EINVAL;
    const wanted = viewOf(address).getUint32(4, true);
    this.#port = wanted || task.process.pid;
  }
  override connect(_task: Task, address: Uint8Array): number {
    if (address.length < ADDRESS_SIZE || address[0] !== AF.AF_NETLINK) throw E.EINVAL;
    return 0;
  }
  override name(): Uint8Array {
    return portAddress(this.#port);
  }
  override peerName(): Uint8Array {
    return portAddress(0);
  }

  override send(bytes: Uint8Array, _flags: number, more?: Outgoing): number | WouldBlock {
    if (this.#port === 0 && more) this.#port = more.sender.pid;
    for (let at = 0; bytes.length - at >= HEADER; ) {
      const length = viewOf(bytes).getUint32(at, true);
      if (length < HEADER || length > bytes.length - at) break;
      this.#serve(bytes.subarray(at, at + length));
      at += (length + 3) & ~3;
    }
    this.queue.wake(POLLIN | POLLRDNORM);
    return bytes.length;
  }

  override receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock {
    return this.#answers.count === 0 ? WOULD_BLOCK : this.#answers.read(into, flags, received);
  }
  override get readableBytes(): number {
    return this.#answers.nextLength;
  }
  override poll(): number {
    return POLLOUT | POLLWRNORM | (this.#answers.count > 0 ? POLLIN | POLLRDNORM : 0);
  }

  #serve(request: Uint8Array): void {
    const view = viewOf(request);
    const type = view.getUint16(4, true),
      flags = view.getUint16(6, true),
      sequence = view.getUint32(8, true);
    const isDump = (flags & NLM_F_DUMP) === NLM_F_DUMP;
    const family = request[HEADER] ?? 0;
    const answer = (kind: number, body: Uint8Array, isMulti = NLM_F_MULTI): Uint8Array => {
      const message = new Uint8Array(HEADER + body.length);
      const header = viewOf(message);
      header.setUint32(0, message.length, true);
      header.setUint16(4, kind, true);
      header.setUint16(6, isMulti, true);
      header.setUint32(8, sequence, true);
      header.setUint32(12, this.#port, true);
      message.set(body, HEADER);
      return message;
    };
    const { hasLoopback } = this.network;
    if (isDump && (type === RTM_GETLINK || type === RTM_GETADDR || type === RTM_GETROUTE)) {
      const list = !hasLoopback
        ? []
        : type === RTM_GETLINK
          ? [answer(RTM_NEWLINK, link())]
          : type === RTM_GETADDR
            ? addresses(family).map((body) => answer(RTM_NEWADDR, body))
            : [];
      if (list.length > 0) this.#push(joined(list));
      this.#push(answer(NLMSG_DONE, new Uint8Array(4)));
    } else if (type === RTM_GETLINK && hasLoopback && viewOf(request).getInt32(HEADER + 4, true) === LO.index)
      this.#push(answer(RTM_NEWLINK, link(), 0));
    else {
      const error = type === RTM_GETLINK ? E.ENODEV : E.EOPNOTSUPP;
      if (type >= RTM_NEWLINK || flags & NLM_F_ACK) this.#push(answer(NLMSG_ERROR, errorBody(-error.code, request), 0));
    }
  }

  /** A message of the kernel's own. */
  deliver(message: Uint8Array): void {
    this.#push(message);
    this.queue.wake(POLLIN | POLLRDNORM);
  }

  #push(message: Uint8Array): void {
    this.#answers.push(message, { address: portAddress(0) });
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function portAddress(port: number): Uint8Array {
  const address = new Uint8Array(ADDRESS_SIZE);
  address[0] = AF.AF_NETLINK;
  viewOf(address).setUint32(4, port, true);
  return address;
}

function errorBody(error: number, request: Uint8Array): Uint8Array {
  const body = new Uint8Array(4 + HEADER);
  viewOf(body).setInt32(0, error, true);
  body.set(request.subarray(0, HEADER), 4);
  return body;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** struct rtattr with its data, in steps of 4. */
function attribute(type: number, data: Uint8Array | readonly number[]): Uint8Array {
  const bytes = new Uint8Array((4 + data.length + 3) & ~3);
  const view = viewOf(bytes);
  view.setUint16(0, 4 + data.length, true);
  view.setUint16(2, type, true);
  bytes.set(data, 4);
  return bytes;
}
const word = (value: number): readonly number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
const text = (value: string): readonly number[] => [...Array.from(value, (letter) => letter.charCodeAt(0)), 0];

/** struct ifinfomsg of lo. */
function link(): Uint8Array {
  const head = new Uint8Array(16);
  const view = viewOf(head);
  view.setUint16(2, ARPHRD_LOOPBACK, true);
  view.setInt32(4, LO.index, true);
  // LOWER_UP besides what ioctls show
  view.setUint32(8, LO.flags | 0x10000, true);
  return joined([
    head,
    attribute(IFLA_IFNAME, text(LO.name)),
    attribute(IFLA_TXQLEN, word(1000)),
    attribute(IFLA_OPERSTATE, [0]),
    attribute(IFLA_MTU, word(LO.mtu)),
    attribute(IFLA_ADDRESS, new Uint8Array(6)),
    attribute(IFLA_BROADCAST, new Uint8Array(6)),
  ]);
}

/** struct ifaddrmsg of 127.0.0.1/8 and ::1/128. */
function addresses(family: number): Uint8Array[] {
  const head = (own: number, prefix: number): Uint8Array =>
    Uint8Array.from([own, prefix, IFA_F_PERMANENT, RT_SCOPE_HOST, ...word(LO.index)]);
  const v4 = [127, 0, 0, 1];
  const flags = attribute(IFA_FLAGS, word(IFA_F_PERMANENT));
  const list: Uint8Array[] = [];
  if (family === 0 || family === AF.AF_INET)
    list.push(
      joined([
        head(AF.AF_INET, 8),
        attribute(IFA_ADDRESS, v4),
        attribute(IFA_LOCAL, v4),
        attribute(IFA_LABEL, text(LO.name)),
        flags,
      ]),
    );
  if (family === 0 || family === AF.AF_INET6)
    list.push(joined([head(AF.AF_INET6, 128), attribute(IFA_ADDRESS, bytesOf(LOOPBACK_V6)), flags]));
  return list;
}
