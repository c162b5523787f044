// What may observe syscalls and signals: strace, the seed's lines, the API's trace.

import type { Errno } from '../abi/errno.ts';
import type { Process } from './process.ts';
import type { SignalInfo } from './signal-set.ts';
import type { SyscallRow } from './syscalls/define.ts';
import type { Task } from './task.ts';

export interface Tracer {
  /** Before the call; `row` is undefined for one that does not exist. */
  enter(task: Task, row: SyscallRow | undefined, number: number): void;
  /** After it: its result, its error, or undefined for one that does not return a value (exit, execve, rt_sigreturn). */
  leave(task: Task, result: number | Errno | undefined): void;
  /** A signal cut the call short and it will run again. */
  restarting(task: Task): void;
  /** A signal is about to act. */
  signal(task: Task, info: SignalInfo): void;
  exited(process: Process): void;
}

/** Several observers as one; undefined for none. */
export function combineTracers(tracers: readonly Tracer[]): Tracer | undefined {
  if (tracers.length < 2) return tracers[0];
  return {
    enter: (task, row, number) => {
      for (const each of tracers) each.enter(task, row, number);
    },
    leave: (task, result) => {
      for (const each of tracers) each.leave(task, result);
    },
    restarting: (task) => {
      for (const each of tracers) each.restarting(task);
    },
    signal: (task, info) => {
      for (const each of tracers) each.signal(task, info);
    },
    exited: (process) => {
      for (const each of tracers) each.exited(process);
    },
  };
}

/** The seed's form: one line a call before it runs, `-> syscall: 012`. */
export function syscallLines(write: (line: string) => void): Tracer {
  return {
    enter: (_task, _row, number) => write(`-> syscall: ${String(number).padStart(3, '0')}`),
    leave: () => {},
    restarting: () => {},
    signal: () => {},
    exited: () => {},
  };
}
