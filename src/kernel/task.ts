// A task is one guest thread: registers, signal mask, and what it waits for when a syscall cannot go on.

import { E } from '../abi/errno.ts';
import type { ByteString } from '../lib/bytes.ts';
import type { SyscallResult } from './syscalls/define.ts';
import type { Timer } from './clock.ts';
import type { Kernel } from './kernel.ts';
import type { GuestMemory } from '../memory/guest-memory.ts';
import type { Process } from './process.ts';
import { type SignalSet, TaskSignals } from './signal-set.ts';
import { POLLERR, POLLHUP, POLLNVAL, type Pollable, WOULD_BLOCK, type WouldBlock } from './wait.ts';

/**
 *             run slice                woken, signal, deadline
 *  runnable ------------> blocked ---------------------------> runnable
 *     |   retry() parked     |
 *     +------ exit ----------+--> dead
 */
export type TaskState = 'runnable' | 'blocked' | 'dead';

export interface RetryOptions {
  /** Monotonic milliseconds (kernel.clock.monotonic()) after which onTimeout answers. */
  readonly deadline?: number | undefined;
  /** The result at the deadline; without it ETIMEDOUT. */
  readonly onTimeout?: (() => number) | undefined;
  /** EAGAIN instead of waiting (O_NONBLOCK, MSG_DONTWAIT). */
  readonly nonBlocking?: boolean | undefined;
  /** False: only a deadly signal ends the wait (signal(7) names the calls). */
  readonly interruptible?: boolean | undefined;
  /**
   * What a caught signal makes of the call (signal(7), "Interruption of system calls"): 'restart' honours SA_RESTART,
   * 'interrupt' is always EINTR, a function may write results before it throws or returns one of the two others.
   */
  readonly onSignal?: 'restart' | 'interrupt' | (() => 'restart' | number);
  /** Called once when the wait is over for whatever reason, the end of the task included. */
  readonly cleanup?: (() => void) | undefined;
  /** Signal mask that holds during the wait (ppoll, pselect6, epoll_pwait, rt_sigsuspend). */
  readonly sigmask?: SignalSet | undefined;
}

/** Why a blocked call is tried again. */
interface Wait {
  readonly attempt: () => number | WouldBlock;
  readonly options: RetryOptions;
  /** The events that end it. */
  readonly events: number;
  readonly sources: readonly Pollable[];
  readonly timer: Timer | undefined;
  /** Number of the call, to restart it after a handler. */
  readonly number: number;
  isTimedOut: boolean;
}

const NO_OPTIONS: RetryOptions = {};

export class Task {
  tid: number;
  readonly process: Process;
  readonly kernel: Kernel;
  state: TaskState = 'runnable';
  /** Registers while another task of the process is loaded in its state memory. */
  context: Uint8Array | undefined;
  readonly signals = new TaskSignals();
  /** Address cleared, and futex woken, when the task ends (set_tid_address). */
  clearChildTid = 0;
  robustList = 0;
  robustListSize = 0;
  /** Set when something must happen before more guest code runs: a signal to deliver, a stop, the end. */
  needsAttention = false;
  /** Number of the syscall being served. */
  callNumber = -1;
  /** SCHED_OTHER, SCHED_BATCH or SCHED_IDLE. */
  policy = 0;
  /** CPU milliseconds used. */
  cpuTime = 0;
  /** Argument halves of the call that strace prints and the index of the argument at hand. */
  printing: { readonly halves: Int32Array; index: number } | undefined;
  /** Does it stand in the scheduler's queue? */
  isQueued = false;
  #wait: Wait | undefined;
  /** What this task puts into the queues of what it waits for. */
  readonly #waiter = (event: number): void => {
    if (this.#wait && event & this.#wait.events) this.wake();
  };
  #name: ByteString | undefined;

  constructor(process: Process, tid: number) {
    this.process = process;
    this.kernel = process.kernel;
    this.tid = tid;
  }

  /** comm: at most 15 bytes (PR_SET_NAME); the first task's is the process's. */
  get name(): ByteString {
    const { process } = this;
    return this === process.leader ? process.name : (this.#name ?? process.name);
  }
  set name(name: ByteString) {
    if (this === this.process.leader) this.process.name = name;
    else this.#name = name;
  }

  get memory(): GuestMemory {
    return this.process.memory;
  }

  /**
   * Tries `attempt`; when it would block, parks the thread until one of the sources reports an event of `mask` (errors
   * and hang-ups always count) and tries again. Attempts may throw Errno. Return its result from the handler.
   */
  retry(
    source: Pollable | readonly Pollable[],
    mask: number,
    attempt: () => number | WouldBlock,
    options: RetryOptions = NO_OPTIONS,
  ): SyscallResult {
    const result = attempt();
    if (result !== WOULD_BLOCK) return result;
    if (options.nonBlocking) throw E.EAGAIN;
    if (options.deadline !== undefined && options.deadline <= this.kernel.clock.monotonic()) {
      options.cleanup?.();
      return timeOut(options);
    }
    if (options.sigmask) this.signals.swapMask(options.sigmask);
    const sources = Array.isArray(source) ? (source as readonly Pollable[]) : [source as Pollable];
    this.#wait = {
      attempt,
      options,
      sources,
      events: mask | POLLERR | POLLHUP | POLLNVAL,
      timer: options.deadline === undefined ? undefined : this.kernel.clock.at(options.deadline, () => this.#timeOut()),
      number: this.callNumber,
      isTimedOut: false,
    };
    for (const { queue } of sources) queue.add(this.#waiter);
    this.state = 'blocked';
    this.signals.refresh(this);
    return WOULD_BLOCK;
  }

  /** Lets the scheduler try the blocked call again. */
  wake(): void {
    if (this.state === 'blocked') this.kernel.scheduler.ready(this);
  }

  /** Is a call waiting to be tried again? */
  get isWaiting(): boolean {
    return this.#wait !== undefined;
  }

  /** Tries the blocked call again; WOULD_BLOCK when it still has to wait. Throws Errno as the call does. */
  resume(): number | WouldBlock {
    const wait = this.#wait;
    if (!wait) return WOULD_BLOCK;
    let result: number | WouldBlock;
    try {
      result = wait.attempt();
      if (result === WOULD_BLOCK) {
        if (!wait.isTimedOut) return WOULD_BLOCK;
        result = timeOut(wait.options);
      }
    } catch (error) {
      this.#end(wait);
      throw error;
    }
    this.#end(wait);
    return result;
  }

  /** May a caught signal end the wait? */
  get isInterruptible(): boolean {
    return this.#wait !== undefined && this.#wait.options.interruptible !== false;
  }

  /**
   * Ends the wait because a handler is about to run: 'restart' when the call honours SA_RESTART (its number is then
   * `callNumber`), else its result, or EINTR thrown.
   */
  interrupt(): 'restart' | number {
    const wait = this.#wait;
    if (!wait) return 'restart';
    this.#unpark();
    this.callNumber = wait.number;
    const onSignal = wait.options.onSignal ?? 'restart';
    if (onSignal === 'restart') return 'restart';
    if (onSignal === 'interrupt') throw E.EINTR;
    return onSignal();
  }

  /** Drops the wait without a result: the task or its process ends. */
  abandon(): void {
    this.#unpark();
  }

  /** What the task waits for, for dumps. */
  describeWait(): string {
    const wait = this.#wait;
    if (!wait) return this.state;
    const names = wait.sources.map((each) => each.constructor.name).join(', ');
    const until = wait.options.deadline === undefined ? '' : ` until ${wait.options.deadline.toFixed(1)} ms`;
    return `${this.kernel.syscallName(wait.number)} waits for ${names || 'a signal'}${until}`;
  }

  /** The call has its result; signals that waited for it, or that the mask of the wait held back, come now. */
  #end(wait: Wait): void {
    this.#unpark();
    if (wait.options.sigmask) this.signals.restoreMask();
    this.signals.refresh(this);
  }

  #timeOut(): void {
    if (!this.#wait) return;
    this.#wait.isTimedOut = true;
    this.wake();
  }

  #unpark(): void {
    const wait = this.#wait;
    if (!wait) return;
    this.#wait = undefined;
    for (const { queue } of wait.sources) queue.remove(this.#waiter);
    wait.timer?.cancel();
    wait.options.cleanup?.();
  }
}

function timeOut(options: RetryOptions): number {
  if (options.onTimeout) return options.onTimeout();
  throw E.ETIMEDOUT;
}
