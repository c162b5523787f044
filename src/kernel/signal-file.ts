// A signalfd: reading it takes pending signals of the process that reads (signalfd(2)).

import { E } from '../abi/errno.ts';
import { SI_TIMER } from '../abi/signals.ts';
import { O_RDWR } from '../abi/fcntl.ts';
import type { Kernel } from './kernel.ts';
import { encodeSignalInfo } from './signal-info.ts';
import type { SignalInfo, SignalSet } from './signal-set.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { POLLIN, WOULD_BLOCK, type WouldBlock } from './wait.ts';

/** struct signalfd_siginfo. */
const RECORD = 128;

export class SignalFile extends BaseFile {
  mask: SignalSet;
  readonly #kernel: Kernel;
  readonly #unsubscribe: () => void;

  constructor(kernel: Kernel, mask: SignalSet, flags: number) {
    super(new AnonymousInode(0o600, kernel.vfs.anonymousIno(), 'anon_inode:[signalfd]'), O_RDWR | flags);
    this.mask = mask;
    this.#kernel = kernel;
    this.#unsubscribe = kernel.signalArrivals.subscribe(() => this.queue.wake(POLLIN));
  }

  override read(into: Uint8Array): number | WouldBlock {
    if (into.length < RECORD) throw E.EINVAL;
    const task = this.#kernel.scheduler.current;
    const isWanted = (signal: number): boolean => this.mask.has(signal);
    let done = 0;
    while (task && into.length - done >= RECORD) {
      const info = task.signals.pending.take(isWanted) ?? task.process.signals.pending.take(isWanted);
      if (!info) break;
      into.set(record(info), done);
      done += RECORD;
    }
    return done === 0 ? WOULD_BLOCK : done;
  }

  override poll(): number {
    const task = this.#kernel.scheduler.current;
    if (!task) return 0;
    const { low, high } = this.mask;
    const mine = task.signals.pending.set,
      shared = task.process.signals.pending.set;
    return ((mine.low | shared.low) & low) | ((mine.high | shared.high) & high) ? POLLIN : 0;
  }

  override close(): void {
    this.#unsubscribe();
  }
}

/** The members that a siginfo_t of the same signal has. */
function record(info: SignalInfo): Uint8Array {
  const bytes = new Uint8Array(RECORD);
  const into = new DataView(bytes.buffer),
    from = new DataView(encodeSignalInfo(info).buffer);
  into.setInt32(0, from.getInt32(0, true), true);
  into.setInt32(4, from.getInt32(4, true), true);
  into.setInt32(8, from.getInt32(8, true), true);
  const first = from.getInt32(16, true),
    second = from.getInt32(20, true);
  if (info.code === SI_TIMER) {
    into.setInt32(24, first, true);
    into.setInt32(32, second, true);
  } else {
    into.setInt32(12, first, true);
    into.setInt32(16, second, true);
  }
  if (info.status !== undefined) into.setInt32(40, info.status, true);
  else {
    into.setInt32(44, from.getInt32(24, true), true);
    into.setBigUint64(48, from.getBigUint64(24, true), true);
  }
  return bytes;
}
