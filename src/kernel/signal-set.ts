// Signal state as data: sets of signals, pending ones, and what a task and a process know of their signals.

import { defaultAction, SA, SIG_DFL, SIG_IGN, SIGNAL, SIGNAL_COUNT, SIGRTMIN, SS_DISABLE } from '../abi/signals.ts';
import type { Task } from './task.ts';

/** A set of the signals 1 .. 64: signal n is bit n-1 of the two halves. */
export class SignalSet {
  low: number;
  high: number;

  constructor(low = 0, high = 0) {
    this.low = low | 0;
    this.high = high | 0;
  }

  has(signal: number): boolean {
    return ((signal <= 32 ? this.low >>> (signal - 1) : this.high >>> (signal - 33)) & 1) === 1;
  }

  add(signal: number): void {
    if (signal <= 32) this.low |= 1 << (signal - 1);
    else this.high |= 1 << (signal - 33);
  }

  delete(signal: number): void {
    if (signal <= 32) this.low &= ~(1 << (signal - 1));
    else this.high &= ~(1 << (signal - 33));
  }

  get isEmpty(): boolean {
    return (this.low | this.high) === 0;
  }

  copy(): SignalSet {
    return new SignalSet(this.low, this.high);
  }

  /** A copy without SIGKILL and SIGSTOP, which cannot be blocked. */
  blockable(): SignalSet {
    const set = this.copy();
    set.delete(SIGNAL.SIGKILL);
    set.delete(SIGNAL.SIGSTOP);
    return set;
  }
}

/** Why a signal was sent: the members of siginfo_t that its kind uses (sigaction(2)). */
export interface SignalInfo {
  readonly signal: number;
  readonly code: number;
  readonly pid?: number;
  readonly uid?: number;
  /** si_value of sigqueue and timers, two words. */
  readonly value?: readonly [low: number, high: number];
  /** si_addr of a fault. */
  readonly address?: bigint;
  /** si_status of SIGCHLD. */
  readonly status?: number;
  /** Of POSIX timers. */
  readonly timer?: number;
  readonly overrun?: number;
  /** For faults: vector and error code, shown in the frame's context. */
  readonly vector?: number;
  readonly errorCode?: number;
  /** A whole siginfo_t as rt_sigqueueinfo gave it, 128 bytes. */
  readonly raw?: Uint8Array;
}

/** Signals sent but not yet delivered: standard ones once, real-time ones queued (signal(7)). */
export class PendingSignals {
  readonly set = new SignalSet();
  /** By number, in the order they came. */
  readonly #queues: SignalInfo[][] = [];

  /** How many are queued. */
  get count(): number {
    return this.set.isEmpty ? 0 : this.#queues.reduce((sum, { length }) => sum + length, 0);
  }

  add(info: SignalInfo): void {
    const { signal } = info;
    if (signal < SIGRTMIN && this.set.has(signal)) return;
    this.set.add(signal);
    const queue = this.#queues[signal];
    if (queue) queue.push(info);
    else this.#queues[signal] = [info];
  }

  /** Removes and returns the signal to deliver next: a fault first, then the lowest number that is wanted. */
  take(isWanted: (signal: number) => boolean): SignalInfo | undefined {
    if (this.set.isEmpty) return undefined;
    let best: SignalInfo[] | undefined;
    for (const queue of this.#queues) {
      const first = queue?.[0];
      if (!queue || !first || !isWanted(first.signal)) continue;
      best ??= queue;
      if (first.vector === undefined) continue;
      best = queue;
      break;
    }
    const taken = best?.shift();
    if (taken && best?.length === 0) this.set.delete(taken.signal);
    return taken;
  }

  /** Is this very signal still waiting? */
  holds(info: SignalInfo): boolean {
    return this.#queues[info.signal]?.includes(info) === true;
  }

  discard(signal: number): void {
    this.#queues[signal]?.splice(0);
    this.set.delete(signal);
  }

  clear(): void {
    this.#queues.length = 0;
    this.set.low = this.set.high = 0;
  }
}

/** The alternate stack of sigaltstack(2). */
export interface AltStack {
  readonly address: number;
  readonly size: number;
  readonly flags: number;
}

export const NO_ALT_STACK: AltStack = { address: 0, size: 0, flags: SS_DISABLE };

/** What a task knows of its signals. */
export class TaskSignals {
  blocked = new SignalSet();
  readonly pending = new PendingSignals();
  altStack: AltStack = NO_ALT_STACK;
  /** Signals rt_sigtimedwait waits for. */
  waitingFor: SignalSet | undefined;
  #saved: SignalSet | undefined;

  /** Installs a mask for the length of one call; the one before comes back when it ends or in the handler's frame. */
  swapMask(mask: SignalSet): void {
    this.#saved = this.blocked;
    this.blocked = mask.blockable();
  }

  /** Puts back the mask that swapMask replaced. */
  restoreMask(): void {
    if (!this.#saved) return;
    this.blocked = this.#saved;
    this.#saved = undefined;
  }

  /** The mask a handler's return restores. */
  takeSavedMask(): SignalSet {
    const mask = this.#saved ?? this.blocked;
    this.#saved = undefined;
    return mask;
  }

  /** Is there a signal, its own or its process's, that is not blocked? */
  isDeliverable(task: Task): boolean {
    const { low, high } = this.blocked;
    const mine = this.pending.set,
      shared = task.process.signals.pending.set;
    return (((mine.low | shared.low) & ~low) | ((mine.high | shared.high) & ~high)) !== 0;
  }

  /** Looks again after masks or pending signals changed: asks for delivery, and ends a wait that a signal may end. */
  refresh(task: Task): void {
    if (task.state === 'dead' || !this.isDeliverable(task)) return;
    task.needsAttention = true;
    task.wake();
  }
}

/** What a signal does in a process: sigaction(2). */
export interface Disposition {
  readonly handler: number;
  readonly flags: number;
  readonly restorer: number;
  readonly mask: SignalSet;
}

const DEFAULT: Disposition = { handler: SIG_DFL, flags: 0, restorer: 0, mask: new SignalSet() };
const IGNORED: Disposition = { ...DEFAULT, handler: SIG_IGN };

/** Dispositions and signals sent to the process as a whole. */
export class ProcessSignals {
  readonly pending = new PendingSignals();
  readonly #dispositions: Disposition[] = new Array<Disposition>(SIGNAL_COUNT + 1).fill(DEFAULT);

  disposition(signal: number): Disposition {
    return this.#dispositions[signal] ?? DEFAULT;
  }

  set(signal: number, disposition: Disposition): void {
    this.#dispositions[signal] = disposition;
  }

  ignore(signal: number): void {
    this.#dispositions[signal] = IGNORED;
  }

  reset(signal: number): void {
    this.#dispositions[signal] = DEFAULT;
  }

  isIgnored(signal: number): boolean {
    const { handler } = this.disposition(signal);
    return handler === SIG_IGN || (handler === SIG_DFL && defaultAction(signal) === 'ignore');
  }

  /** execve(2): caught signals go back to the default, ignored ones stay ignored. */
  exec(): void {
    for (let signal = 1; signal <= SIGNAL_COUNT; signal++) if (this.disposition(signal).handler > SIG_IGN) this.reset(signal);
  }

  /** Dispositions of a parent, for a child made by fork. */
  copyFrom(other: ProcessSignals): void {
    for (let signal = 1; signal <= SIGNAL_COUNT; signal++) this.#dispositions[signal] = other.disposition(signal);
  }

  /** Signals whose disposition is SIG_IGN or a handler, for /proc/PID/status. */
  masks(): { ignored: SignalSet; caught: SignalSet } {
    const ignored = new SignalSet(),
      caught = new SignalSet();
    for (let signal = 1; signal <= SIGNAL_COUNT; signal++) {
      const { handler } = this.disposition(signal);
      if (handler === SIG_IGN) ignored.add(signal);
      else if (handler !== SIG_DFL) caught.add(signal);
    }
    return { ignored, caught };
  }

  end(): void {
    this.pending.clear();
  }
}

/** sa_flags that a disposition keeps. */
export const KNOWN_SA_FLAGS = Object.values(SA).reduce((all, flag) => all | flag, 0);
