// AF_UNIX sockets of connections: SOCK_STREAM and SOCK_SEQPACKET (unix(7), socketpair(2)).

import { E } from '../../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import type { Task } from '../task.ts';
import { POLLIN, POLLOUT, POLLRDHUP, POLLRDNORM, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { Connection, SOMAXCONN } from './connection.ts';
import { Messages } from './messages.ts';
import { AF, MSG, SHUT, SOCK } from '../../abi/socket.ts';
import type { Outgoing, Received, Sender } from './socket.ts';
import { findSocket, UNNAMED, UnixIdentity, type UnixSocket } from './unix-name.ts';

export class UnixConnection extends Connection<UnixConnection> implements UnixSocket {
  readonly family = AF.AF_UNIX;
  readonly identity: UnixIdentity;
  /** SOCK_SEQPACKET's queue, in place of `incoming`. */
  readonly #packets: Messages | undefined;
  /** Name and maker of the other end, which outlive it. */
  #peerAddress: Uint8Array | undefined;
  #peerSender: Sender | undefined;

  constructor(kernel: Kernel, kind: number, flags: number, sender: Sender) {
    super(kernel, kind, 0, flags);
    this.identity = new UnixIdentity(kernel, sender);
    if (kind === SOCK.SOCK_SEQPACKET) this.#packets = new Messages();
    kernel.network.unixSockets.add(this);
  }

  override bind(task: Task, address: Uint8Array): void {
    this.identity.bind(this, task, address);
  }

  override listen(backlog: number, sender: Sender): void {
    if (!this.identity.isNamed || (this.state !== 'idle' && this.state !== 'listening')) throw E.EINVAL;
    this.state = 'listening';
    this.identity.sender = sender;
    this.backlog = backlog < 0 ? SOMAXCONN : Math.min(backlog, SOMAXCONN);
    this.wakeCallers();
  }

  override connect(task: Task, address: Uint8Array): number | WouldBlock {
    const listener = findSocket(task, address);
    if (this.state === 'listening') throw E.EINVAL;
    if (this.state !== 'idle') throw E.EISCONN;
    if (listener.kind !== this.kind) throw E.EPROTOTYPE;
    if (!(listener instanceof UnixConnection) || listener.state !== 'listening' || listener.isReadShut) throw E.ECONNREFUSED;
    if (!listener.hasRoom) {
      listener.await(this);
      return WOULD_BLOCK;
    }
    const { credentials, pid } = task.process;
    this.identity.sender = { pid, uid: credentials.euid, gid: credentials.egid };
    const accepted = new UnixConnection(this.kernel, this.kind, 0, listener.identity.sender);
    accepted.identity.address = listener.identity.address;
    accepted.settings.passesCredentials = listener.settings.passesCredentials;
    this.join(accepted);
    listener.enqueue(accepted);
    return 0;
  }

  /** Makes two sockets each other's peers. */
  join(other: UnixConnection): void {
    this.#meet(other);
    other.#meet(this);
    this.queue.wake(POLLOUT);
  }
  #meet(other: UnixConnection): void {
    this.peer = other;
    this.state = 'connected';
    this.#peerAddress = other.identity.address;
    this.#peerSender = other.identity.sender;
  }

  override name(): Uint8Array {
    return this.identity.address;
  }
  override peerName(): Uint8Array {
    if (this.state !== 'connected') throw E.ENOTCONN;
    return this.#peerAddress ?? UNNAMED;
  }
  override acceptedName(): Uint8Array {
    return this.#peerAddress ?? UNNAMED;
  }
  override get peerSender(): Sender {
    return this.#peerSender ?? (this.state === 'listening' ? this.identity.sender : super.peerSender);
  }

  override send(bytes: Uint8Array, flags: number, more?: Outgoing): number | WouldBlock {
    if (flags & MSG.MSG_OOB && this.#packets) throw E.EOPNOTSUPP;
    if (more?.to && !this.#packets) throw this.state === 'connected' ? E.EISCONN : E.EOPNOTSUPP;
    if (this.state !== 'connected') throw E.ENOTCONN;
    if (!this.#packets) return super.send(bytes, flags, more);
    const { peer } = this;
    if (this.isWriteShut || !peer || this.isPeerDeaf(peer)) throw E.EPIPE;
    if (bytes.length > this.settings.sendBuffer) throw E.EMSGSIZE;
    const packets = peer.#packets!; // peers are of one kind
    if (packets.bytes + bytes.length > this.settings.sendBuffer) return WOULD_BLOCK;
    packets.push(bytes, undefined, more);
    peer.queue.wake(POLLIN | POLLRDNORM);
    return bytes.length;
  }

  override receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock {
    if (flags & MSG.MSG_OOB) throw this.#packets ? E.EOPNOTSUPP : E.EINVAL;
    if (this.state !== 'connected') throw this.#packets ? E.ENOTCONN : E.EINVAL;
    const packets = this.#packets;
    if (!packets || packets.count === 0) return super.receive(into, flags, received);
    const done = packets.read(into, flags, received);
    this.peer?.queue.wake(POLLOUT);
    return done;
  }

  override get readableBytes(): number {
    return this.#packets?.nextLength ?? this.incoming.length;
  }
  override get unsentBytes(): number {
    return this.peer ? this.peer.#queued : 0;
  }
  get #queued(): number {
    return this.#packets?.bytes ?? this.incoming.length;
  }

  protected override isPeerDeaf(peer: UnixConnection): boolean {
    return peer.isReadShut;
  }
  /** As unix_writable has it: three quarters free. */
  protected override get isRoomy(): boolean {
    return this.unsentBytes * 4 <= this.settings.sendBuffer;
  }
  override poll(): number {
    const events = super.poll();
    return (this.#packets?.count ?? 0) > 0 ? events | POLLIN | POLLRDNORM : events;
  }

  override shutdown(how: number): void {
    if (this.state === 'listening') {
      if (how !== SHUT.SHUT_WR) this.isReadShut = true;
      this.queue.wake(POLLIN);
      return;
    }
    if (this.state === 'ended') throw E.ENOTCONN;
    this.shut(how);
    this.peer?.shut(how === SHUT.SHUT_RDWR ? how : 1 - how);
  }

  override close(): void {
    this.identity.unbind();
    this.network.unixSockets.delete(this);
    const { peer } = this;
    if (peer) {
      if (this.#queued > 0 || (this.#packets?.count ?? 0) > 0) peer.pendingError = E.ECONNRESET;
      peer.peer = undefined;
      peer.shut(SHUT.SHUT_RDWR);
    }
    for (const each of this.waiting.splice(0)) {
      if (each.peer) each.peer.pendingError = E.ECONNRESET;
      each.close();
    }
    this.state = 'ended';
    this.wakeCallers();
    this.incoming.clear();
    this.#packets?.clear();
    this.peer = undefined;
    this.queue.wake(POLLIN | POLLOUT | POLLRDHUP);
  }
}
