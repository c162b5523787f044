// A pipe: one buffer with a reading and a writing end (pipe(7)).

import { E } from '../abi/errno.ts';
import { FCNTL, O_DIRECT, O_RDONLY, O_WRONLY } from '../abi/fcntl.ts';
import { RingBuffer } from '../lib/ring-buffer.ts';
import type { Kernel } from './kernel.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { type Inode, type IoctlMemory, type OpenFile, S_IFIFO } from './vfs/inode.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM, WOULD_BLOCK, type WouldBlock } from './wait.ts';
import type { Account } from './limits.ts';

/** Bytes a pipe holds, and how many are written in one piece or not at all (PIPE_BUF). */
const CAPACITY = 65_536,
  PIPE_BUF = 4096;
const MAX_CAPACITY = 1 << 20;
const FIONREAD = 0x541b;

/** What both ends share. A named pipe has one Pipe and many ends. */
export class Pipe {
  readonly buffer = new RingBuffer(CAPACITY);
  readonly readers = new Set<PipeEnd>();
  readonly writers = new Set<PipeEnd>();
  /** Lengths of the packets in the buffer, where one end writes packets (O_DIRECT, pipe(2)). */
  readonly #packets: number[] = [];
  readonly #account: Account;
  #charged = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  read(into: Uint8Array): number | WouldBlock {
    if (into.length === 0) return 0;
    const packet = this.#packets.length === 0 ? undefined : this.#packets.shift();
    const count = this.buffer.read(packet === undefined ? into : into.subarray(0, packet));
    if (packet !== undefined && packet > count) this.buffer.read(new Uint8Array(packet - count));
    if (count > 0) this.wakeWriters();
    return count === 0 && this.writers.size > 0 ? WOULD_BLOCK : count;
  }

  /** Throws EPIPE without readers; the caller's SIGPIPE is the syscall's. */
  write(from: Uint8Array, isPacket = false): number | WouldBlock {
    if (from.length === 0) return 0;
    if (isPacket) return this.#writePackets(from);
    if (this.readers.size === 0) throw E.EPIPE;
    const { space } = this.buffer;
    if (space === 0 || (from.length <= PIPE_BUF && space < from.length)) return WOULD_BLOCK;
    const wasEmpty = this.buffer.length === 0;
    const count = this.buffer.write(from);
    this.#charge();
    if (wasEmpty || count > 0) for (const end of this.readers) end.queue.wake(POLLIN | POLLRDNORM);
    return count;
  }

  /** Each packet is at most PIPE_BUF long and is read by itself. */
  #writePackets(from: Uint8Array): number | WouldBlock {
    let done = 0;
    while (done < from.length) {
      const packet = from.subarray(done, done + PIPE_BUF);
      const written = this.write(packet);
      if (written === WOULD_BLOCK) break;
      this.#packets.push(packet.length);
      done += packet.length;
    }
    return done === 0 ? WOULD_BLOCK : done;
  }

  /** Up to `count` bytes of what is read next: of one packet, where there are packets. */
  peek(count: number): Uint8Array {
    return this.buffer.peek(Math.min(count, this.#packets[0] ?? count));
  }

  wakeWriters(): void {
    for (const end of this.writers) end.queue.wake(POLLOUT | POLLWRNORM);
  }

  /** F_SETPIPE_SZ: rounded up to a power of two of at least a page; EBUSY if more is in it, EPERM past the system's limit. */
  resize(size: number): number {
    if (size > MAX_CAPACITY) throw E.EPERM;
    const capacity = Math.max(4096, 2 ** Math.ceil(Math.log2(size)));
    if (capacity < this.buffer.length) throw E.EBUSY;
    this.buffer.capacity = capacity;
    return capacity;
  }

  leave(end: PipeEnd): void {
    this.readers.delete(end);
    this.writers.delete(end);
    if (this.readers.size === 0) for (const each of this.writers) each.queue.wake(POLLERR);
    if (this.writers.size === 0) for (const each of this.readers) each.queue.wake(POLLHUP | POLLIN);
    if (this.readers.size + this.writers.size > 0) return;
    this.#account.release(this.#charged);
    this.#charged = 0;
  }

  #charge(): void {
    const more = this.buffer.storage - this.#charged;
    if (more > 0 && this.#account.charge(more)) this.#charged += more;
  }
}

/** One end of a pipe, or both at once for a named pipe opened O_RDWR. */
export class PipeEnd extends BaseFile {
  readonly pipe: Pipe;
  readonly #reads: boolean;
  readonly #writes: boolean;

  constructor(inode: Inode, pipe: Pipe, flags: number) {
    super(inode, flags);
    this.pipe = pipe;
    const access = flags & 3;
    this.#reads = access !== O_WRONLY;
    this.#writes = access !== O_RDONLY;
    if (this.#reads) pipe.readers.add(this);
    if (this.#writes) pipe.writers.add(this);
  }

  override read(into: Uint8Array, at?: number): number | WouldBlock {
    if (!this.#reads) throw E.EBADF;
    if (at !== undefined) throw E.ESPIPE;
    return this.pipe.read(into);
  }

  override write(from: Uint8Array, at?: number): number | WouldBlock {
    if (!this.#writes) throw E.EBADF;
    if (at !== undefined) throw E.ESPIPE;
    return this.pipe.write(from, (this.flags & O_DIRECT) !== 0);
  }

  override poll(): number {
    const { buffer, readers, writers } = this.pipe;
    let events = 0;
    if (this.#reads) {
      if (buffer.length > 0) events |= POLLIN | POLLRDNORM;
      if (writers.size === 0) events |= POLLHUP;
    }
    if (this.#writes) {
      if (buffer.space >= PIPE_BUF || buffer.length === 0) events |= POLLOUT | POLLWRNORM;
      if (readers.size === 0) events |= POLLERR;
    }
    return events;
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    if (request !== FIONREAD) throw E.ENOTTY;
    const bytes = memory.writable(argument, 4);
    new DataView(bytes.buffer, bytes.byteOffset).setInt32(0, this.pipe.buffer.length, true);
    return 0;
  }

  /** F_GETPIPE_SZ and F_SETPIPE_SZ. */
  fcntl(command: number, argument: number): number | undefined {
    if (command === FCNTL.F_GETPIPE_SZ) return this.pipe.buffer.capacity;
    return command === FCNTL.F_SETPIPE_SZ ? this.pipe.resize(argument >>> 0) : undefined;
  }

  override close(): void {
    this.pipe.leave(this);
  }
}

/** The inode of an unnamed pipe: /proc/PID/fd/N opens another end of it. */
class PipeInode extends AnonymousInode {
  readonly #pipe: Pipe;

  constructor(ino: number, pipe: Pipe) {
    super(S_IFIFO | 0o600, ino, `pipe:[${ino}]`);
    this.#pipe = pipe;
  }

  override open(flags: number): OpenFile {
    return new PipeEnd(this, this.#pipe, flags);
  }
}

/** An unnamed pipe. */
export function makePipe(kernel: Kernel, flags = 0): { reader: PipeEnd; writer: PipeEnd } {
  const pipe = new Pipe(kernel.memory);
  const inode = new PipeInode(kernel.vfs.anonymousIno(), pipe);
  return { reader: new PipeEnd(inode, pipe, O_RDONLY | flags), writer: new PipeEnd(inode, pipe, O_WRONLY | flags) };
}
