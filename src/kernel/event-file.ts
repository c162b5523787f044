// An eventfd: a 64-bit counter that reads drain and writes add to (eventfd(2)).

import { E } from '../abi/errno.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK, type WouldBlock } from './wait.ts';

/** The counter's greatest value. */
const MAX = 0xffff_ffff_ffff_fffen;

export class EventFile extends BaseFile {
  #count: bigint;
  readonly #isSemaphore: boolean;

  constructor(ino: number, count: number, isSemaphore: boolean, flags: number) {
    super(new AnonymousInode(0o600, ino, 'anon_inode:[eventfd]'), flags);
    this.#count = BigInt(count);
    this.#isSemaphore = isSemaphore;
  }

  override read(into: Uint8Array): number | WouldBlock {
    if (into.length < 8) throw E.EINVAL;
    if (this.#count === 0n) return WOULD_BLOCK;
    const value = this.#isSemaphore ? 1n : this.#count;
    this.#count -= value;
    new DataView(into.buffer, into.byteOffset).setBigUint64(0, value, true);
    this.queue.wake(POLLOUT);
    return 8;
  }

  override write(from: Uint8Array): number | WouldBlock {
    if (from.length < 8) throw E.EINVAL;
    const value = new DataView(from.buffer, from.byteOffset).getBigUint64(0, true);
    if (value > MAX) throw E.EINVAL;
    if (this.#count + value > MAX) return WOULD_BLOCK;
    this.#count += value;
    if (value > 0n) this.queue.wake(POLLIN);
    return 8;
  }

  override poll(): number {
    return (this.#count > 0n ? POLLIN : 0) | (this.#count < MAX ? POLLOUT : 0);
  }
}
