// The row of a syscall: name, numbers, argument types, handler. Dispatch, validation, strace and docs all read it.

import type { Task } from '../task.ts';
import type { WouldBlock } from '../wait.ts';

/**
 * How one argument is decoded, validated and printed. `low` and `high` are the halves of the 64-bit register as
 * signed 32-bit integers; decode throws Errno when the value is refused.
 */
export interface Argument<T> {
  /** Word used in docs/syscalls.md. */
  readonly label: string;
  decode(task: Task, low: number, high: number): T;
  /** strace's form. Called before the handler for inputs, after it for arguments with `isOutput`. */
  print(task: Task, low: number, high: number, result: number): string;
  readonly isOutput?: boolean;
}

/** Returned by a handler that set the registers itself (execve, rt_sigreturn) or ended the thread (exit). */
export const NO_RESULT: unique symbol = Symbol('no result');

/** Result in rax: a number within +-2^53, NO_RESULT, or WOULD_BLOCK as task.retry returned it. Errors are thrown as Errno. */
export type SyscallResult = number | WouldBlock | typeof NO_RESULT;

export interface SyscallRow {
  readonly name: string;
  /** Number on x86-64; undefined where the architecture lacks it. */
  readonly x64: number | undefined;
  /** Number in the generic table (arm64, riscv64). */
  readonly generic: number | undefined;
  readonly args: readonly Argument<unknown>[];
  readonly handler: (task: Task, ...args: never[]) => SyscallResult;
  /** What is missing, for docs/syscalls.md; absent = full. */
  readonly note?: string;
}

type Decoded<A extends readonly Argument<unknown>[]> = { [I in keyof A]: A[I] extends Argument<infer T> ? T : never };

/** Makes a row; the handler's parameters are typed by the argument list. */
export function syscall<const A extends readonly Argument<unknown>[]>(
  name: string,
  numbers: { x64?: number; generic?: number },
  args: A,
  handler: (task: Task, ...args: Decoded<A>) => SyscallResult,
  note?: string,
): SyscallRow {
  return {
    name,
    x64: numbers.x64,
    generic: numbers.generic,
    args,
    handler: handler as SyscallRow['handler'],
    ...(note ? { note } : {}),
  };
}
