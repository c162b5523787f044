// AF_UNIX datagram sockets: messages that are kept in order and are never lost (unix(7)).

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
import { Messages } from './messages.ts';
import { AF, MSG, SHUT, SOCK } from '../../abi/socket.ts';
import { type Outgoing, type Received, type Sender, Socket } from './socket.ts';
import { findSocket, UnixIdentity, type UnixSocket } from './unix-name.ts';

/** net.unix.max_dgram_qlen: messages that wait at one socket. */
const MAX_WAITING = 10;
const IN = POLLIN | POLLRDNORM,
  OUT = POLLOUT | POLLWRNORM | POLLWRBAND;

export class UnixDatagram extends Socket implements UnixSocket {
  readonly family = AF.AF_UNIX;
  readonly identity: UnixIdentity;
  readonly #incoming = new Messages();
  #peer: UnixDatagram | undefined;
  /** Who waits for room here. */
  readonly #senders = new Set<UnixDatagram>();
  #isReadShut = false;
  #isWriteShut = false;
  #isClosed = false;

  constructor(kernel: Kernel, flags: number, sender: Sender) {
    super(kernel, SOCK.SOCK_DGRAM, 0, flags);
    this.identity = new UnixIdentity(kernel, sender);
    kernel.network.unixSockets.add(this);
  }

  override bind(task: Task, address: Uint8Array): void {
    this.identity.bind(this, task, address);
  }

  /** Sets where messages go by default, and whom they are taken from; AF_UNSPEC takes it back. */
  override connect(task: Task, address: Uint8Array): number {
    if (address.length >= 2 && address[0] === AF.AF_UNSPEC && address[1] === 0) {
      this.#peer = undefined;
      return 0;
    }
    this.join(this.#find(task, address));
    return 0;
  }
  join(other: UnixDatagram): void {
    this.#peer = other;
  }

  override name(): Uint8Array {
    return this.identity.address;
  }
  override peerName(): Uint8Array {
    if (!this.#peer) throw E.ENOTCONN;
    return this.#peer.identity.address;
  }
  override get peerSender(): Sender {
    return this.#peer ? this.#peer.identity.sender : super.peerSender;
  }

  override send(bytes: Uint8Array, flags: number, more?: Outgoing): number | WouldBlock {
    if (flags & MSG.MSG_OOB) throw E.EOPNOTSUPP;
    if (this.#isWriteShut) throw E.EPIPE;
    const to = more?.to ? this.#find(more.task, more.to) : this.#peer;
    if (!to) throw E.ENOTCONN;
    if (bytes.length > this.settings.sendBuffer) throw E.EMSGSIZE;
    if (to.#isClosed) {
      if (!more?.to) this.#peer = undefined;
      throw E.ECONNREFUSED;
    }
    if (to.#isReadShut) throw E.EPIPE;
    if (to !== this && to.#incoming.count > MAX_WAITING) {
      to.#senders.add(this);
      return WOULD_BLOCK;
    }
    if (this.settings.passesCredentials && !this.identity.isNamed) this.identity.automatic(this);
    to.#incoming.push(bytes, this.identity, more);
    to.queue.wake(IN);
    return bytes.length;
  }

  #find(task: Task, address: Uint8Array): UnixDatagram {
    const found = findSocket(task, address);
    if (!(found instanceof UnixDatagram)) throw E.EPROTOTYPE;
    if (found.#peer && found.#peer !== this) throw E.EPERM;
    return found;
  }

  override receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock {
    if (flags & MSG.MSG_OOB) throw E.EOPNOTSUPP;
    if (this.#incoming.count === 0) {
      const error = this.takeError();
      if (error) throw error;
      return this.#isReadShut ? 0 : WOULD_BLOCK;
    }
    const done = this.#incoming.read(into, flags, received);
    if (!(flags & MSG.MSG_PEEK)) this.#letSendersGo();
    return done;
  }

  #letSendersGo(): void {
    const senders = [...this.#senders];
    this.#senders.clear();
    for (const sender of senders) sender.queue.wake(OUT);
  }

  override get readableBytes(): number {
    return this.#incoming.nextLength;
  }

  override poll(): number {
    let events = this.pendingError ? POLLERR : 0;
    if (this.#incoming.count > 0 || this.#isReadShut) events |= IN;
    if (this.#isReadShut) events |= POLLRDHUP;
    if (this.#isReadShut && this.#isWriteShut) events |= POLLHUP;
    const peer = this.#peer;
    if (!peer || peer === this || peer.#isClosed || peer.#incoming.count <= MAX_WAITING) events |= OUT;
    else peer.#senders.add(this);
    return events;
  }

  override shutdown(how: number): void {
    if (how !== SHUT.SHUT_WR) this.#isReadShut = true;
    if (how !== SHUT.SHUT_RD) this.#isWriteShut = true;
    this.queue.wake(IN | OUT | POLLRDHUP | POLLHUP);
  }

  override close(): void {
    this.#isClosed = true;
    this.identity.unbind();
    this.network.unixSockets.delete(this);
    this.#incoming.clear();
    this.#letSendersGo();
    this.#peer = undefined;
  }
}
