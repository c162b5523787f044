// A socket of a connection: a listening one, or one of two peers that put bytes into each other's queue.

import { E } from '../../abi/errno.ts';
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
import { Segments } from './segments.ts';
import { MSG, SHUT } from '../../abi/socket.ts';
import { type Outgoing, type Received, Socket } from './socket.ts';

/**
 *           bind, listen                    close, the other side's end
 *   idle --------------> listening
 *     |  connect, accept
 *     +----> connecting ----> connected ----> ended
 */
export type ConnectionState = 'idle' | 'listening' | 'connecting' | 'connected' | 'ended';

const IN = POLLIN | POLLRDNORM,
  OUT = POLLOUT | POLLWRNORM | POLLWRBAND;
/** net.core.somaxconn */
export const SOMAXCONN = 4096;

export abstract class Connection<Peer extends Connection<Peer>> extends Socket {
  state: ConnectionState = 'idle';
  peer: Peer | undefined = undefined;
  readonly incoming = new Segments();
  /** Nothing more comes; nothing more may be sent. */
  isReadShut = false;
  isWriteShut = false;
  /** Connections that nobody has accepted yet, and how many may wait. */
  protected readonly waiting: Peer[] = [];
  protected backlog = 0;
  /** Sockets whose connect waits for room. */
  protected readonly callers = new Set<Peer>();

  override get isListening(): boolean {
    return this.state === 'listening';
  }
  override get readableBytes(): number {
    return this.incoming.length;
  }
  override get unsentBytes(): number {
    return this.peer?.incoming.length ?? 0;
  }

  /** May another caller wait for accept? */
  get hasRoom(): boolean {
    return this.waiting.length <= this.backlog;
  }

  override accept(): Peer | WouldBlock {
    if (this.state !== 'listening') throw E.EINVAL;
    const next = this.waiting.shift();
    if (!next) return this.isReadShut ? refused() : WOULD_BLOCK;
    this.wakeCallers();
    return next;
  }

  /** A connection that is complete but not accepted. */
  enqueue(accepted: Peer): void {
    this.waiting.push(accepted);
    this.queue.wake(IN);
  }
  /** Waits for room in the queue. */
  await(caller: Peer): void {
    this.callers.add(caller);
  }
  protected wakeCallers(): void {
    const callers = [...this.callers];
    this.callers.clear();
    for (const caller of callers) caller.queue.wake(OUT);
  }

  override send(bytes: Uint8Array, _flags: number, more?: Outgoing): number | WouldBlock {
    const { peer } = this;
    if (this.isWriteShut || !peer || this.isPeerDeaf(peer)) throw this.brokenPipe();
    const room = this.settings.sendBuffer - peer.incoming.length;
    if (room <= 0) return WOULD_BLOCK;
    if (bytes.length === 0) return 0;
    const part = bytes.length <= room ? bytes : bytes.subarray(0, room);
    peer.incoming.push(part, more);
    peer.queue.wake(IN);
    return part.length;
  }

  override receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock {
    if (this.incoming.length > 0) {
      const isPeek = (flags & MSG.MSG_PEEK) !== 0;
      const done = this.take(into, flags, received);
      if (!isPeek) this.peer?.queue.wake(OUT);
      return done;
    }
    const error = this.takeError();
    if (error) throw error;
    if (this.isReadShut) return 0;
    return WOULD_BLOCK;
  }

  protected take(into: Uint8Array, flags: number, received: Received | undefined): number {
    return this.incoming.read(into, (flags & MSG.MSG_PEEK) !== 0, received, this.settings.passesCredentials);
  }

  /** Would what is sent now never be read. */
  protected abstract isPeerDeaf(peer: Peer): boolean;
  /** What a send gets that cannot go on. */
  protected brokenPipe() {
    return E.EPIPE;
  }
  /** Is there room for more to send (POLLOUT). */
  protected abstract get isRoomy(): boolean;

  override poll(): number {
    if (this.state === 'listening') return this.waiting.length > 0 ? IN : 0;
    let events = 0;
    if (this.pendingError) events |= POLLERR;
    if (this.state === 'idle' || this.state === 'ended' || (this.isReadShut && this.isWriteShut)) events |= POLLHUP;
    if (this.isReadShut) events |= IN | POLLRDHUP;
    if (this.incoming.length > 0) events |= IN;
    if (this.state === 'connecting') return this.pendingError ? events | IN | OUT | POLLHUP | POLLRDHUP : events;
    if (this.isWriteShut || this.isRoomy) events |= OUT;
    return events;
  }

  protected shut(how: number): void {
    if (how !== SHUT.SHUT_WR) this.isReadShut = true;
    if (how !== SHUT.SHUT_RD) this.isWriteShut = true;
    this.queue.wake(IN | OUT | POLLRDHUP | POLLHUP);
  }
}

function refused(): never {
  throw E.EINVAL;
}
