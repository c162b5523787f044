// A timerfd: a timer whose expirations are counted and read (timerfd_create(2)).

import { E } from '../abi/errno.ts';
import { O_RDWR } from '../abi/fcntl.ts';
import type { Timer } from './clock.ts';
import type { Kernel } from './kernel.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { POLLIN, WOULD_BLOCK, type WouldBlock } from './wait.ts';

export class TimerFile extends BaseFile {
  readonly clock: number;
  readonly #kernel: Kernel;
  #timer: Timer | undefined;
  /** Monotonic milliseconds; 0 is a disarmed timer. */
  #deadline = 0;
  #interval = 0;
  #count = 0;

  constructor(kernel: Kernel, clock: number, flags: number) {
    super(new AnonymousInode(0o600, kernel.vfs.anonymousIno(), 'anon_inode:[timerfd]'), O_RDWR | flags);
    this.#kernel = kernel;
    this.clock = clock;
  }

  /** Arms it for a monotonic time, 0 disarms; expirations not yet read are forgotten. */
  set(deadline: number, interval: number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#deadline = deadline;
    this.#interval = interval;
    this.#count = 0;
    if (deadline !== 0) this.#start();
  }

  /** Milliseconds left, and between expirations. */
  get state(): { readonly left: number; readonly interval: number } {
    const left = this.#deadline === 0 ? 0 : Math.max(1e-6, this.#deadline - this.#kernel.clock.monotonic());
    return { left, interval: this.#interval };
  }

  #start(): void {
    this.#timer = this.#kernel.clock.at(this.#deadline, () => this.#expire());
  }

  #expire(): void {
    this.#timer = undefined;
    let times = 1;
    if (this.#interval > 0) {
      times += Math.max(0, Math.floor((this.#kernel.clock.monotonic() - this.#deadline) / this.#interval));
      this.#deadline += times * this.#interval;
      this.#start();
    } else this.#deadline = 0;
    this.#count += times;
    this.queue.wake(POLLIN);
  }

  override read(into: Uint8Array): number | WouldBlock {
    if (into.length < 8) throw E.EINVAL;
    if (this.#count === 0) return WOULD_BLOCK;
    new DataView(into.buffer, into.byteOffset).setBigUint64(0, BigInt(this.#count), true);
    this.#count = 0;
    return 8;
  }

  override poll(): number {
    return this.#count > 0 ? POLLIN : 0;
  }

  override close(): void {
    this.#timer?.cancel();
  }
}
