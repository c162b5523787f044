// One of two AF_UNIX stream sockets that are connected to each other: a pipe each way (socketpair(2), unix(7)).

import { E } from '../abi/errno.ts';
import { O_RDONLY, O_RDWR, O_WRONLY } from '../abi/fcntl.ts';
import type { Kernel } from './kernel.ts';
import { Pipe, PipeEnd } from './pipe.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { type IoctlMemory, S_IFSOCK } from './vfs/inode.ts';
import { POLLHUP, POLLIN, POLLOUT, POLLRDHUP, POLLRDNORM, POLLWRNORM, type WouldBlock } from './wait.ts';

/** Room that a socket's buffer has for another message before it says that it can be written. */
const LOW_WATER = 4096;
export const SHUT_RD = 0,
  SHUT_WR = 1,
  SHUT_RDWR = 2;

export class UnixStream extends BaseFile {
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;
  readonly #reader: PipeEnd;
  readonly #writer: PipeEnd;
  #isReadShut = false;
  /** Who made the pair, for SO_PEERCRED. */
  readonly peer: { readonly pid: number; readonly uid: number; readonly gid: number };

  constructor(ino: number, flags: number, pipes: { incoming: Pipe; outgoing: Pipe }, peer: UnixStream['peer']) {
    super(new AnonymousInode(S_IFSOCK | 0o777, ino, `socket:[${ino}]`), flags);
    this.#incoming = pipes.incoming;
    this.#outgoing = pipes.outgoing;
    this.#reader = new PipeEnd(this.inode, pipes.incoming, O_RDONLY);
    this.#writer = new PipeEnd(this.inode, pipes.outgoing, O_WRONLY);
    this.peer = peer;
    // Whatever one way reports may change what the socket as a whole has to say.
    for (const end of [this.#reader, this.#writer]) end.queue.subscribe((events) => this.queue.wake(events));
  }

  override read(into: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    if (this.#isReadShut && this.#incoming.buffer.length === 0) return 0;
    return this.#incoming.read(into);
  }

  override write(from: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    if (!this.#outgoing.writers.has(this.#writer)) throw E.EPIPE;
    return this.#outgoing.write(from);
  }

  override poll(): number {
    const isAtEnd = this.#isReadShut || this.#incoming.writers.size === 0;
    const isClosed = !this.#outgoing.writers.has(this.#writer) || this.#outgoing.readers.size === 0;
    let events = 0;
    if (isAtEnd || this.#incoming.buffer.length > 0) events |= POLLIN | POLLRDNORM;
    if (isAtEnd) events |= POLLRDHUP;
    if (isAtEnd && isClosed) events |= POLLHUP;
    if (isClosed || this.#outgoing.buffer.space >= LOW_WATER) events |= POLLOUT | POLLWRNORM;
    return events;
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    return this.#reader.ioctl(request, argument, memory);
  }

  /** shutdown(2): the peer reads what was sent, then the end; or its writes are refused. */
  shutdown(how: number): void {
    if (how !== SHUT_WR) {
      this.#isReadShut = true;
      this.#incoming.leave(this.#reader);
    }
    if (how !== SHUT_RD) this.#outgoing.leave(this.#writer);
    this.queue.wake(POLLIN | POLLOUT | POLLRDHUP);
  }

  override close(): void {
    this.shutdown(SHUT_RDWR);
  }
}

/** Two sockets that are each other's peer. */
export function makePair(kernel: Kernel, flags: number, peer: UnixStream['peer']): readonly [UnixStream, UnixStream] {
  const there = new Pipe(kernel.memory),
    back = new Pipe(kernel.memory);
  return [
    new UnixStream(kernel.vfs.anonymousIno(), O_RDWR | flags, { incoming: back, outgoing: there }, peer),
    new UnixStream(kernel.vfs.anonymousIno(), O_RDWR | flags, { incoming: there, outgoing: back }, peer),
  ];
}
