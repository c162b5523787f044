// TCP on the machine's own loopback: connections without packets, so that nothing is lost, late or out of order (tcp(7)).

import { E, type Errno } from '../../abi/errno.ts';
import type { Timer } from '../clock.ts';
import type { Kernel } from '../kernel.ts';
import type { Task } from '../task.ts';
import { POLLERR, POLLIN, POLLOUT, POLLRDHUP, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { Connection, SOMAXCONN } from './connection.ts';
import { type Endpoint, familyOf, sockaddrOf } from './endpoint.ts';
import { autobind, bindable, type InetSocket, nowhere, reachable, sourceFor } from './inet-socket.ts';
import { AF, MSG, SHUT, SOCK } from '../../abi/socket.ts';
import { optionKey, type Outgoing, type Received, type Sender } from './socket.ts';

export const IPPROTO_TCP = 6;
/** Bytes under way in one direction; Linux lets a window grow to some megabytes (net.ipv4.tcp_rmem). */
const WINDOW = 1 << 20;
/** How often a call that is not answered is repeated (net.ipv4.tcp_syn_retries), unless TCP_SYNCNT says otherwise. */
export const SYN_RETRIES = 6,
  TCP_SYNCNT = optionKey(IPPROTO_TCP, 7);

export class TcpSocket extends Connection<TcpSocket> implements InetSocket {
  readonly family: number;
  local: Endpoint | undefined = undefined;
  remote: Endpoint | undefined = undefined;
  isBound = false;
  /** Ends the wait for a listener whose queue is full (SYN_SENT). */
  #patience: Timer | undefined;
  /** The peer sent its FIN, after which no error is reported to readers (SOCK_DONE). */
  #hasEnd = false;
  /** The connection failed or was reset. */
  #isReset = false;

  constructor(kernel: Kernel, family: number, flags: number) {
    super(kernel, SOCK.SOCK_STREAM, IPPROTO_TCP, flags);
    this.family = family;
    this.settings.sendBuffer = WINDOW;
  }

  override bind(task: Task, address: Uint8Array): void {
    const wanted = bindable(task, this.network, this, address);
    if (this.state !== 'idle') throw E.EINVAL;
    this.isBound = true;
    try {
      this.local = this.network.tcp.take(this, wanted);
    } catch (error) {
      this.isBound = false;
      throw error;
    }
  }

  override listen(backlog: number, _sender: Sender): void {
    if (this.state !== 'idle' && this.state !== 'listening') throw E.EINVAL;
    if (!this.local) {
      this.isBound = true;
      this.local = autobind(this.network.tcp, this);
    } else if (this.state === 'idle' && this.network.tcp.conflicts(this, this.local.host, this.local.port)) throw E.EADDRINUSE;
    this.isReadShut = this.isWriteShut = false;
    this.state = 'listening';
    this.backlog = Math.min(backlog >>> 0, SOMAXCONN);
  }

  override get connectBusy() {
    return E.EINPROGRESS;
  }

  /** The handshake is complete at once, but a socket that does not wait learns of it from poll, as on Linux. */
  override connect(_task: Task, address: Uint8Array): number | WouldBlock {
    if (familyOf(address) === AF.AF_UNSPEC) {
      if (this.state === 'listening') return this.#stopListening();
      this.#disconnect();
      return 0;
    }
    if (this.state === 'connecting') throw this.pendingError ? this.#failed() : E.EALREADY;
    if (this.state === 'connected' || this.state === 'listening') throw E.EISCONN;
    if (this.state === 'ended') throw this.#isReset && this.pendingError ? this.#failed() : E.EISCONN;
    const remote = reachable(this.network, this, address);
    const local = sourceFor(autobind(this.network.tcp, this), remote);
    if (this.network.tcp.isConnected(local, remote)) throw E.EADDRNOTAVAIL;
    this.remote = remote;
    this.local = local;
    this.state = 'connecting';
    this.#call(remote);
    return WOULD_BLOCK;
  }

  override connected(): number | WouldBlock {
    if (this.pendingError) throw this.#failed();
    if (this.state !== 'connecting') return 0;
    if (this.remote) this.#call(this.remote);
    return this.#isConnecting() ? WOULD_BLOCK : this.connected();
  }
  #isConnecting(): boolean {
    return this.state === 'connecting' && !this.pendingError;
  }

  /** The error of a connect, after which the socket may try again. */
  #failed() {
    const error = this.takeError() ?? E.ECONNABORTED;
    this.#disconnect();
    return error;
  }

  #call(remote: Endpoint): void {
    const found = this.network.tcp.find(remote, (each) => (each.isListening ? 8 : 0));
    if (!(found instanceof TcpSocket)) {
      this.#fail(E.ECONNREFUSED);
      return;
    }
    if (!found.hasRoom) {
      found.await(this);
      const { clock } = this.kernel;
      this.#patience ??= clock.at(clock.monotonic() + this.#synTime, () => this.#fail(E.ETIMEDOUT));
      return;
    }
    found.#answer(this);
  }

  /** Milliseconds until the last of the packets that ask for a connection has been waited for, each twice as long as the one before. */
  get #synTime(): number {
    const retries = this.values.get(TCP_SYNCNT)?.[0] ?? SYN_RETRIES;
    return 1000 * (2 ** (retries + 1) - 1);
  }

  #fail(error: Errno): void {
    this.pendingError = error;
    this.#stopWaiting();
    this.queue.wake(POLLERR | POLLIN | POLLOUT);
  }

  #stopWaiting(): void {
    this.#patience?.cancel();
    this.#patience = undefined;
  }

  #answer(caller: TcpSocket): void {
    const accepted = new TcpSocket(this.kernel, this.family, 0);
    accepted.local = caller.remote;
    accepted.remote = caller.local;
    Object.assign(accepted.settings, this.settings);
    for (const [name, value] of this.values) accepted.values.set(name, value);
    if (accepted.local) this.network.tcp.add(accepted, accepted.local.port);
    accepted.#meet(caller);
    caller.#meet(accepted);
    this.enqueue(accepted);
  }

  #meet(peer: TcpSocket): void {
    this.peer = peer;
    this.state = 'connected';
    this.#stopWaiting();
    this.queue.wake(POLLOUT);
  }

  protected override wakeCallers(): void {
    const callers = [...this.callers];
    this.callers.clear();
    for (const caller of callers) if (caller.#isConnecting() && caller.remote) caller.#call(caller.remote);
  }

  override name(): Uint8Array {
    return sockaddrOf(this.local ?? nowhere(this.family), this.family);
  }
  override peerName(): Uint8Array {
    if (!this.remote || (this.state !== 'connected' && this.state !== 'ended') || this.#isReset) throw E.ENOTCONN;
    return sockaddrOf(this.remote, this.family);
  }

  override acceptedName(): Uint8Array {
    return sockaddrOf(this.remote ?? nowhere(this.family), this.family);
  }

  /** struct tcp_info: the state; the rest describes packets. */
  info(): Uint8Array {
    const info = new Uint8Array(INFO_SIZE);
    info[0] = TCP_STATES[this.state];
    return info;
  }

  override send(bytes: Uint8Array, flags: number, more?: Outgoing): number | WouldBlock {
    if (this.pendingError && this.state !== 'connecting') throw this.takeError();
    if (this.state === 'connecting') {
      if (this.pendingError) throw this.#failed();
      return WOULD_BLOCK;
    }
    const { peer } = this;
    // The peer is gone: what arrives there is answered by a reset, which the next call sees.
    if (this.state === 'connected' && !this.isWriteShut && !peer) {
      this.#reset(this.#hasEnd ? E.EPIPE : E.ECONNRESET);
      return bytes.length;
    }
    return super.send(bytes, flags, more && { ...more, files: [] });
  }
  protected override isPeerDeaf(): boolean {
    return false;
  }
  protected override get isRoomy(): boolean {
    const used = this.unsentBytes;
    return this.settings.sendBuffer - used >= used / 2;
  }

  override receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock {
    if (flags & MSG.MSG_OOB) throw E.EINVAL;
    if (this.state === 'idle' || this.state === 'listening') throw E.ENOTCONN;
    if (this.incoming.length === 0 && this.#hasEnd) return 0;
    if (this.state === 'connecting' && !this.pendingError) return WOULD_BLOCK;
    return super.receive(into, flags, received);
  }
  /** MSG_TRUNC drops bytes instead of storing them (tcp(7)). */
  protected override take(into: Uint8Array, flags: number, received: Received | undefined): number {
    if (flags & MSG.MSG_TRUNC && !(flags & MSG.MSG_PEEK)) return this.incoming.skip(into.length);
    return super.take(into, flags, received);
  }

  override shutdown(how: number): void {
    if (this.state === 'listening') {
      if (how !== SHUT.SHUT_WR) this.#stopListening();
      return;
    }
    if (this.state !== 'connected') throw E.ENOTCONN;
    this.shut(how);
    if (how !== SHUT.SHUT_RD && this.peer) this.peer.#end();
  }

  /** The peer's FIN. */
  #end(): void {
    this.#hasEnd = true;
    this.shut(SHUT.SHUT_RD);
  }

  /** The peer's RST. */
  #reset(error: typeof E.ECONNRESET): void {
    this.pendingError = error;
    this.#isReset = true;
    this.state = 'ended';
    this.peer = undefined;
    this.shut(SHUT.SHUT_RDWR);
    this.queue.wake(POLLERR | POLLIN | POLLOUT);
  }

  #stopListening(): number {
    this.state = 'idle';
    for (const each of this.waiting.splice(0)) each.#abort();
    for (const caller of this.callers) caller.#fail(E.ECONNREFUSED);
    this.callers.clear();
    this.queue.wake(POLLIN | POLLRDHUP);
    return 0;
  }

  #abort(): void {
    const { peer } = this;
    this.peer = undefined;
    if (peer) peer.#reset(E.ECONNRESET);
    this.close();
  }

  /** connect to AF_UNSPEC, and what is left of an attempt that failed. */
  #disconnect(): void {
    const { peer } = this;
    this.peer = undefined;
    this.#stopWaiting();
    if (peer) peer.#reset(E.ECONNRESET);
    this.state = 'idle';
    this.#isReset = this.#hasEnd = this.isReadShut = this.isWriteShut = false;
    this.incoming.clear();
    this.remote = undefined;
    if (this.local && !this.isBound) {
      this.network.tcp.give(this, this.local.port);
      this.local = undefined;
    }
  }

  override close(): void {
    if (this.state === 'listening') this.#stopListening();
    const { peer } = this;
    this.peer = undefined;
    if (peer) {
      peer.peer = undefined;
      if (this.incoming.length > 0 || (this.settings.lingers && this.settings.lingerTime === 0)) peer.#reset(E.ECONNRESET);
      else peer.#end();
      peer.queue.wake(POLLOUT);
    }
    this.state = 'ended';
    this.#stopWaiting();
    this.incoming.clear();
    if (this.local) this.network.tcp.give(this, this.local.port);
    this.queue.wake(POLLIN | POLLOUT | POLLRDHUP);
  }
}

const INFO_SIZE = 104;
/** include/net/tcp_states.h */
export const TCP_STATES = { connected: 1, connecting: 2, ended: 7, idle: 7, listening: 10 } as const;
