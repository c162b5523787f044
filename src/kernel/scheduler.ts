// Which task runs next: cooperative slices, round robin, and the one place where the machine awaits its host.

import type { HostSleep } from '../host/host.ts';
import { resumeCall } from './dispatch.ts';
import type { Kernel } from './kernel.ts';
import { FIRST_BUDGET, type Process } from './process.ts';
import { deliverSignals, raiseFault } from './signals.ts';
import type { Task } from './task.ts';

/** Guest time after which the host is served, in milliseconds. */
const YIELD_AFTER = 8;
/** A slice aims between these, in milliseconds; its budget of instructions follows. */
const SHORT_SLICE = 2,
  LONG_SLICE = 4;
const MAX_BUDGET = 50_000_000;
/** Slices are so much shorter while they are observed. */
const OBSERVED = 4;
/**
 * The clock is not read after slices of fewer instructions, as those between two futex calls are, but every so many-th time
 * (bench os, thread-switch). An odd number, so that two tasks that take turns are charged alike.
 */
const MOMENT = 2000,
  MOMENTS = 7;
/** The fraction of the golden ratio: its multiples spread evenly. */
const GOLDEN = 0.618034;
/** setTimeout's largest delay; an idle machine with no deadline looks around that often. */
const LONGEST_SLEEP = 0x7fffffff;

export class Scheduler {
  readonly #kernel: Kernel;
  #queue: Task[] = [];
  /** Whose call or guest code runs now (/proc/self). */
  current: Task | undefined;
  #sleep: HostSleep | undefined;
  #running: Promise<void> | undefined;
  /** Monotonic time at which the current stretch must give way to the host. */
  #yieldAt = 0;
  #current: Task | undefined;
  #sliceStart = 0;
  #phase = 0;
  /** Slices since the clock was read. */
  #moments = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.clock.onEarlier = () => this.#sleep?.wake();
  }

  /** Queues a task: to run guest code, to try a blocked call again, or to take a signal. */
  ready(task: Task): void {
    if (task.state === 'dead' || task.isQueued) return;
    task.isQueued = true;
    this.#queue.push(task);
    this.#sleep?.wake();
  }

  /** Cuts an idle sleep short: something outside the queue changed (a stop, the last exit). */
  wake(): void {
    this.#sleep?.wake();
  }

  /** Should a long series of syscalls leave its slice? Asked now and then by dispatch. */
  get isOverdue(): boolean {
    return this.#kernel.clock.monotonic() >= this.#yieldAt;
  }

  /** CPU milliseconds that a running task has used and not yet been charged. */
  sinceSlice(task: Task): number {
    return this.#current === task ? this.#kernel.clock.monotonic() - this.#sliceStart : 0;
  }

  /** Runs until no process is left. Callers meanwhile get the same promise. */
  run(): Promise<void> {
    this.#running ??= this.#loop().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #loop(): Promise<void> {
    const { clock, host } = this.#kernel;
    while (this.#kernel.liveProcesses > 0) {
      const now = this.#stretch();
      if (this.#kernel.liveProcesses === 0) break;
      const wait = this.#queue.length > 0 ? 0 : Math.max(0, Math.min((clock.nextDeadline() ?? Infinity) - now, LONGEST_SLEEP));
      this.#sleep = host.sleep(wait);
      await this.#sleep.done;
      this.#sleep = undefined;
    }
    if (this.#kernel.failure) throw this.#kernel.failure;
  }

  /** Runs slices until the queue is empty or the host is due; returns the time. */
  #stretch(): number {
    const { clock } = this.#kernel;
    let now = clock.monotonic();
    this.#yieldAt = now + YIELD_AFTER;
    for (;;) {
      clock.fire(now);
      const task = this.#queue.shift();
      if (!task) return this.#moments === 0 ? now : clock.monotonic();
      task.isQueued = false;
      try {
        now = this.#step(task, now) ?? clock.monotonic();
      } catch (error) {
        this.#kernel.fail(error, task);
      }
      if (now >= this.#yieldAt) return now;
    }
  }

  /** Returns the time if guest code ran. */
  #step(task: Task, now: number): number | undefined {
    const { process } = task;
    this.current = task;
    if (task.state === 'dead' || process.isStopped) return undefined;
    process.space.load(task);
    if (task.signals.waitingFor && resumeCall(task)) task.state = 'runnable';
    if (task.needsAttention) deliverSignals(task);
    if (!isLive(task)) return undefined;
    if (task.isWaiting && !resumeCall(task)) return undefined;
    task.state = 'runnable';
    if (task.needsAttention) {
      this.ready(task);
      return undefined;
    }
    const end = this.#slice(task, process, now);
    if (isLive(task) && task.state === 'runnable') this.ready(task);
    return end;
  }

  /** Slices of one length could keep step with a guest's own loops: observed ones are half to one and a half times as long. */
  #observedBudget(budget: number): number {
    this.#phase = (this.#phase + GOLDEN) % 1;
    return Math.floor(budget * (0.5 + this.#phase));
  }

  /** Returns the time. */
  #slice(task: Task, process: Process, start: number): number {
    const { trace } = this.#kernel;
    if (trace.sched) trace.write('sched', `task ${task.tid}, budget ${process.budget}`);
    this.#current = task;
    this.#sliceStart = start;
    const { execution } = process;
    const { onSlice } = this.#kernel;
    const executed = execution.instructions();
    const reason = execution.run(onSlice ? this.#observedBudget(process.budget) : process.budget);
    const instructions = execution.instructions() - executed;
    this.#kernel.counters.instructions += instructions;
    process.instructions += instructions;
    const isMoment = instructions < MOMENT && onSlice === undefined && ++this.#moments < MOMENTS;
    if (!isMoment) this.#moments = 0;
    const end = isMoment ? start : this.#kernel.clock.monotonic();
    const used = end - start;
    if (trace.sched) trace.write('sched', `task ${task.tid}: ${reason} after ${used.toFixed(3)} ms`);
    task.cpuTime += used;
    process.cpuTime += used;
    this.#current = undefined;
    onSlice?.(task, start, start + used);
    if (process.cpuTime >= process.cpuDeadline) process.expireCpuTimers();
    if (reason === 'budget') {
      const scale = onSlice ? OBSERVED : 1;
      if (used * scale < SHORT_SLICE) process.budget = Math.min(process.budget * 2, MAX_BUDGET);
      else if (used * scale > LONG_SLICE) process.budget = Math.max(process.budget >>> 1, FIRST_BUDGET);
    } else if (reason === 'fault') raiseFault(task, execution.fault());
    return end;
  }
}

const isLive = (task: Task): boolean => task.state !== 'dead' && !task.process.isStopped;
