// The bytes of a file kept in memory: chunks made when first written, so that holes cost nothing.

import { E } from '../../abi/errno.ts';

const CHUNK = 65536;
const SMALLEST = 4096;
/** MAX_LFS_FILESIZE would be 2^63 - 1; positions here are doubles. */
export const MAX_SIZE = Number.MAX_SAFE_INTEGER;

/** Who counts memory for the whole machine (kernel/limits.ts). */
export interface MemoryAccount {
  readonly limit: number;
  charge(bytes: number): boolean;
  release(bytes: number): void;
}

/** Bytes that the files of one or more file systems in memory may take together. */
export class Budget {
  readonly #limit: number | undefined;
  readonly #account: MemoryAccount | undefined;
  used = 0;

  /** Without a limit of its own it has that of the account. */
  constructor(limit: number | undefined, account?: MemoryAccount) {
    this.#limit = limit;
    this.#account = account;
  }

  get limit(): number {
    return this.#limit ?? this.#account?.limit ?? Infinity;
  }

  /** ENOSPC when it would go over a limit. */
  take(bytes: number): void {
    if (this.used + bytes > (this.#limit ?? Infinity) || this.#account?.charge(bytes) === false) throw E.ENOSPC;
    this.used += bytes;
  }
  give(bytes: number): void {
    this.used -= bytes;
    this.#account?.release(bytes);
  }
}

export class Content {
  readonly #budget: Budget;
  /** By index; a chunk is a power of two long, CHUNK unless its later bytes were never written. */
  readonly #chunks = new Map<number, Uint8Array>();
  #size = 0;
  #allocated = 0;
  #isAbandoned = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }
  /** Bytes that count against the budget. */
  get allocated(): number {
    return this.#allocated;
  }

  read(into: Uint8Array, position: number): number {
    const length = Math.max(0, Math.min(into.length, this.#size - position));
    for (let done = 0; done < length; ) {
      const offset = (position + done) % CHUNK;
      const part = Math.min(CHUNK - offset, length - done);
      const chunk = this.#chunks.get(Math.floor((position + done) / CHUNK));
      const kept = chunk ? Math.max(0, Math.min(part, chunk.length - offset)) : 0;
      if (chunk && kept > 0) into.set(chunk.subarray(offset, offset + kept), done);
      if (kept < part) into.fill(0, done + kept, done + part);
      done += part;
    }
    return length;
  }

  /** Writes all of `from`, or as much as the budget allows; ENOSPC when that is nothing. */
  write(from: Uint8Array, position: number): number {
    if (position + from.length > MAX_SIZE) throw E.EFBIG;
    let done = 0;
    try {
      while (done < from.length) {
        const offset = (position + done) % CHUNK;
        const part = Math.min(CHUNK - offset, from.length - done);
        this.#chunk(Math.floor((position + done) / CHUNK), offset + part).set(from.subarray(done, done + part), offset);
        done += part;
      }
    } catch (error) {
      if (error !== E.ENOSPC || done === 0) throw error;
    }
    if (done > 0) this.#size = Math.max(this.#size, position + done);
    return done;
  }

  /** Cuts, or grows by a hole. */
  truncate(size: number): void {
    if (size > MAX_SIZE) throw E.EFBIG;
    if (size < this.#size) {
      for (const [index, chunk] of this.#chunks) {
        const start = index * CHUNK;
        if (start >= size) {
          this.#chunks.delete(index);
          this.#count(-chunk.length);
        } else if (start + chunk.length > size) chunk.fill(0, size - start);
      }
    }
    this.#size = size;
  }

  /** Makes `length` bytes at `position` read as zeros (fallocate's FALLOC_FL_PUNCH_HOLE), without changing the size. */
  clear(position: number, length: number): void {
    const end = Math.min(position + length, this.#size);
    for (const [index, chunk] of this.#chunks) {
      const start = index * CHUNK;
      if (start >= position && start + CHUNK <= end) {
        this.#chunks.delete(index);
        this.#count(-chunk.length);
      } else if (start < end && start + chunk.length > position)
        chunk.fill(0, Math.max(0, position - start), Math.max(0, end - start));
    }
  }

  /** Stops counting: nothing leads to the file any more but perhaps a mapping, which keeps it readable. */
  abandon(): void {
    this.#budget.give(this.#allocated);
    this.#isAbandoned = true;
  }

  #chunk(index: number, length: number): Uint8Array {
    const old = this.#chunks.get(index);
    if (old && old.length >= length) return old;
    let capacity = old?.length ?? SMALLEST;
    while (capacity < length) capacity *= 2;
    this.#count(capacity - (old?.length ?? 0));
    const chunk = new Uint8Array(capacity);
    if (old) chunk.set(old);
    this.#chunks.set(index, chunk);
    return chunk;
  }

  #count(bytes: number): void {
    if (bytes < 0) this.#budget.give(this.#isAbandoned ? 0 : -bytes);
    else if (!this.#isAbandoned) this.#budget.take(bytes);
    this.#allocated += bytes;
  }
}
