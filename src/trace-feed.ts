// System calls of a machine as an async iterator: what vm.trace() returns.

import { Errno } from './abi/errno.ts';
import { Strace } from './kernel/strace.ts';
import type { Tracer } from './kernel/tracer.ts';
import { printable } from './lib/bytes.ts';
import type { Machine } from './machine.ts';

/** One call that ended, or a signal or exit that strace would show. */
export interface TracedCall {
  readonly pid: number;
  /** Name of the call, or undefined for a signal or an exit. */
  readonly name?: string;
  /** The call's result; undefined when it failed or does not return. */
  readonly result?: number;
  /** Name of the errno of a call that failed. */
  readonly error?: string;
  /** The line as strace prints it. */
  readonly text: string;
}

export class TraceFeed implements AsyncIterableIterator<TracedCall> {
  readonly #queue: TracedCall[] = [];
  #waiting: ((result: IteratorResult<TracedCall>) => void)[] = [];
  #isEnded = false;
  readonly #onEnd: () => void;
  readonly #remove: () => void;
  /** What is known of the call whose line comes next. */
  #current: Omit<TracedCall, 'text'> = { pid: 0 };

  constructor(machine: Machine, patterns: readonly string[], onEnd: () => void) {
    this.#onEnd = onEnd;
    const strace = new Strace({ write: (line) => this.#add({ ...this.#current, text: printable(line) }), patterns });
    const tracer: Tracer = {
      enter: (task, row, number) => strace.enter(task, row, number),
      leave: (task, result) => {
        this.#current = {
          pid: task.process.pid,
          name: task.kernel.syscallName(task.callNumber),
          ...(typeof result === 'number' && { result }),
          ...(result instanceof Errno && { error: result.name }),
        };
        strace.leave(task, result);
      },
      restarting: (task) => strace.restarting(task),
      signal: (task, info) => {
        this.#current = { pid: task.process.pid };
        strace.signal(task, info);
      },
      exited: (process) => {
        this.#current = { pid: process.pid };
        strace.exited(process);
      },
    };
    this.#remove = machine.observe(tracer);
  }

  next(): Promise<IteratorResult<TracedCall>> {
    const value = this.#queue.shift();
    if (value) return Promise.resolve({ done: false, value });
    if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<IteratorResult<TracedCall>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** No more calls come; those not yet read still do. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#remove();
    this.#onEnd();
    for (const resolve of this.#waiting) resolve({ done: true, value: undefined });
    this.#waiting = [];
  }

  #add(call: TracedCall): void {
    const resolve = this.#waiting.shift();
    if (resolve) resolve({ done: false, value: call });
    else this.#queue.push(call);
  }
}
