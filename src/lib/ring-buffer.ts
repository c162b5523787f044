// A byte queue of bounded size that grows its storage as needed.

const FIRST_SIZE = 4096;
/** Up to here copying byte by byte costs less than a view of what is copied. */
const FEW = 32;

function copy(from: Uint8Array, start: number, count: number, into: Uint8Array, at: number): void {
  if (count > FEW) into.set(from.subarray(start, start + count), at);
  else for (let i = 0; i < count; i++) into[at + i] = from[start + i] as number;
}

export class RingBuffer {
  capacity: number;
  #bytes = new Uint8Array(0);
  #start = 0;
  #length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  get space(): number {
    return Math.max(0, this.capacity - this.#length);
  }

  /** Bytes of storage it holds. */
  get storage(): number {
    return this.#bytes.length;
  }

  /** Appends as much of `from` as there is space for; returns how much. */
  write(from: Uint8Array): number {
    const count = Math.min(from.length, this.space);
    this.#reserve(this.#length + count);
    const size = this.#bytes.length;
    if (count === 0) return 0;
    const end = (this.#start + this.#length) % size;
    const first = Math.min(count, size - end);
    copy(from, 0, first, this.#bytes, end);
    if (first < count) copy(from, first, count - first, this.#bytes, 0);
    this.#length += count;
    return count;
  }

  /** A copy of up to `count` bytes from the front, which stay. */
  peek(count: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(count, this.#length));
    const first = Math.min(bytes.length, this.#bytes.length - this.#start);
    copy(this.#bytes, this.#start, first, bytes, 0);
    if (first < bytes.length) copy(this.#bytes, 0, bytes.length - first, bytes, first);
    return bytes;
  }

  /** Moves up to `into.length` bytes out; returns how many. */
  read(into: Uint8Array): number {
    const count = Math.min(into.length, this.#length);
    if (count === 0) return 0;
    const first = Math.min(count, this.#bytes.length - this.#start);
    copy(this.#bytes, this.#start, first, into, 0);
    if (first < count) copy(this.#bytes, 0, count - first, into, first);
    this.#length -= count;
    this.#start = this.#length === 0 ? 0 : (this.#start + count) % this.#bytes.length;
    return count;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    let size = Math.max(this.#bytes.length, FIRST_SIZE);
    while (size < length) size *= 2;
    const bytes = new Uint8Array(size);
    const first = Math.min(this.#length, this.#bytes.length - this.#start);
    copy(this.#bytes, this.#start, first, bytes, 0);
    copy(this.#bytes, 0, this.#length - first, bytes, first);
    this.#bytes = bytes;
    this.#start = 0;
  }
}
