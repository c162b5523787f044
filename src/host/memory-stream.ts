// Byte streams in memory: what a program's stdin, stdout and stderr are when they are not descriptors of the host.

import { HostError, type HostStream } from './host.ts';

/**
 * One direction of a pipe between JavaScript and a guest. As the guest's stdin JavaScript calls `push` and `end`; as its
 * stdout JavaScript calls `take`. It holds at most `capacity` bytes of what the guest writes, then the guest waits.
 */
export class MemoryStream implements HostStream {
  readonly kind = 'pipe';
  readonly #capacity: number;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #isEnded = false;
  #isBroken = false;
  readonly #readers = new Set<() => void>();
  readonly #writers = new Set<() => void>();

  constructor(capacity = 1 << 16) {
    this.#capacity = capacity;
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.#length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  read(into: Uint8Array): number | undefined {
    let count = 0;
    while (count < into.length) {
      const chunk = this.#chunks[0];
      if (!chunk) break;
      const part = chunk.subarray(0, into.length - count);
      into.set(part, count);
      count += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#length -= count;
    if (count > 0) notify(this.#writers);
    return count > 0 || this.#isEnded || into.length === 0 ? count : undefined;
  }

  write(from: Uint8Array): number | undefined {
    if (this.#isBroken) throw new HostError('EPIPE', 'nobody reads this stream any more');
    const room = this.#capacity - this.#length;
    if (room <= 0) return from.length === 0 ? 0 : undefined;
    const count = Math.min(room, from.length);
    this.push(from.slice(0, count));
    return count;
  }

  get readable(): boolean {
    return this.#length > 0 || this.#isEnded;
  }

  get writable(): boolean {
    return this.#isBroken || this.#isEnded || this.#length < this.#capacity;
  }

  onReady(event: 'read' | 'write', callback: () => void): () => void {
    if (event === 'read' ? this.readable : this.writable) {
      let isWanted = true;
      void Promise.resolve().then(() => {
        if (isWanted) callback();
      });
      return () => {
        isWanted = false;
      };
    }
    const waiting = event === 'read' ? this.#readers : this.#writers;
    waiting.add(callback);
    return () => waiting.delete(callback);
  }

  /** Adds bytes, which are not copied, whatever the capacity. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#isEnded) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    notify(this.#readers);
  }

  /** Nothing more will be pushed: a read of what is left is followed by the end. */
  end(): void {
    this.#isEnded = true;
    notify(this.#readers);
  }

  /** The guest closed its end: no more input is wanted, no more output comes. */
  close(): void {
    this.end();
    notify(this.#writers);
  }

  /** Nobody will read any more: a write is EPIPE. */
  abandon(): void {
    this.#isBroken = true;
    this.#chunks = [];
    this.#length = 0;
    notify(this.#writers);
  }

  /** Removes and returns all bytes that wait. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#length);
    this.read(bytes);
    return bytes;
  }
}

function notify(callbacks: Set<() => void>): void {
  if (callbacks.size === 0) return;
  const all = [...callbacks];
  callbacks.clear();
  for (const each of all) each();
}
