// UDP on the machine's own loopback (udp(7)).

import { E } from '../../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import type { Task } from '../task.ts';
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  POLLRDHUP,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
  WOULD_BLOCK,
  type WouldBlock,
} from '../wait.ts';
import { type Endpoint, familyOf, sockaddrOf } from './endpoint.ts';
import { autobind, bindable, type InetSocket, nowhere, reachable, sourceFor } from './inet-socket.ts';
import { Messages } from './messages.ts';
import { AF, MSG, SHUT, SOCK } from '../../abi/socket.ts';
import { type Outgoing, type Received, Socket } from './socket.ts';

export const IPPROTO_UDP = 17;
/** The longest datagram: 65,535 less the headers. */
const LONGEST = 65_507;
/** What a datagram counts for besides its bytes, so that empty ones fill a buffer too. */
const OVERHEAD = 512;

export class UdpSocket extends Socket implements InetSocket {
  readonly family: number;
  readonly #incoming = new Messages();
  local: Endpoint | undefined = undefined;
  remote: Endpoint | undefined = undefined;
  isBound = false;
  #isReadShut = false;
  #isWriteShut = false;

  constructor(kernel: Kernel, family: number, flags: number) {
    super(kernel, SOCK.SOCK_DGRAM, IPPROTO_UDP, flags);
    this.family = family;
  }
  override bind(task: Task, address: Uint8Array): void {
    this.local = this.network.udp.take(this, bindable(task, this.network, this, address));
    this.isBound = true;
  }

  override connect(_task: Task, address: Uint8Array): number {
    if (familyOf(address) === AF.AF_UNSPEC) {
      this.remote = undefined;
      if (this.local && !this.isBound) this.#giveUpPort();
      return 0;
    }
    const remote = reachable(this.network, this, address);
    const local = autobind(this.network.udp, this);
    this.remote = remote;
    this.local = sourceFor(local, remote);
    return 0;
  }

  #giveUpPort(): void {
    if (this.local) this.network.udp.give(this, this.local.port);
    this.local = undefined;
  }

  override name(): Uint8Array {
    return sockaddrOf(this.local ?? nowhere(this.family), this.family);
  }
  override peerName(): Uint8Array {
    if (!this.remote) throw E.ENOTCONN;
    return sockaddrOf(this.remote, this.family);
  }

  /** A datagram that finds no room is lost; one that finds nobody is an error of a connected socket's next call. */
  override send(bytes: Uint8Array, flags: number, more?: Outgoing): number | WouldBlock {
    if (flags & MSG.MSG_OOB) throw E.EOPNOTSUPP;
    if (bytes.length > LONGEST) throw E.EMSGSIZE;
    const to = more?.to ? reachable(this.network, this, more.to) : this.remote;
    if (!to) throw E.EDESTADDRREQ;
    if (to.port === 0) throw E.EINVAL;
    const error = this.takeError();
    if (error) throw error;
    if (this.#isWriteShut) throw E.EPIPE;
    this.local = autobind(this.network.udp, this);
    const from = sourceFor(this.local, to);
    const found = this.network.udp.find(to, (each) => {
      const { remote } = each;
      if (!remote) return 8;
      return remote.port === from.port && remote.host === from.host ? 16 : 0;
    });
    if (found instanceof UdpSocket) found.#arrive(bytes, from);
    else if (this.remote) {
      this.pendingError = E.ECONNREFUSED;
      this.queue.wake(POLLERR);
    }
    return bytes.length;
  }

  #arrive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#incoming.bytes + OVERHEAD * this.#incoming.count > this.settings.receiveBuffer) return;
    this.#incoming.push(bytes, { address: sockaddrOf(from, this.family) });
    this.queue.wake(POLLIN | POLLRDNORM);
  }

  override receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock {
    if (flags & MSG.MSG_OOB) throw E.EOPNOTSUPP;
    const error = this.takeError();
    if (error) throw error;
    if (this.#incoming.count === 0) return this.#isReadShut ? 0 : WOULD_BLOCK;
    return this.#incoming.read(into, flags, received);
  }
  override get readableBytes(): number {
    return this.#incoming.nextLength;
  }

  override poll(): number {
    let events = POLLOUT | POLLWRNORM | POLLWRBAND;
    if (this.pendingError) events |= POLLERR;
    if (this.#incoming.count > 0 || this.#isReadShut) events |= POLLIN | POLLRDNORM;
    if (this.#isReadShut) events |= POLLRDHUP;
    if (this.#isReadShut && this.#isWriteShut) events |= POLLHUP;
    return events;
  }

  override shutdown(how: number): void {
    if (!this.remote) throw E.ENOTCONN;
    if (how !== SHUT.SHUT_WR) this.#isReadShut = true;
    if (how !== SHUT.SHUT_RD) this.#isWriteShut = true;
    this.queue.wake(POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
  }

  override close(): void {
    this.#giveUpPort();
    this.#incoming.clear();
  }
}
