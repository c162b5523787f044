// From a syscall instruction to a row and back: arguments out of registers, the result or -errno into them.

import { E, Errno } from '../abi/errno.ts';
import { SIGNAL } from '../abi/signals.ts';
import type { AddressSpace } from './address-space.ts';
import type { Process } from './process.ts';
import { killForMemory } from './signals.ts';
import { NO_RESULT, type SyscallResult, type SyscallRow } from './syscalls/define.ts';
import type { Task } from './task.ts';
import { WOULD_BLOCK } from './wait.ts';

/** Calls between two looks at the clock, so that a series of slow ones still yields to the host. */
const CALLS_A_LOOK = 64;

/**
 * The hook of an address space's execution. Nothing is allocated for a call whose argument types allocate nothing, and an
 * Errno is the only exception that the guest sees: any other is a bug and stops the machine.
 */
export function syscallHook(space: AddressSpace): () => boolean {
  const { kernel, registers: words } = space;
  const { counters } = kernel;
  const { numberIndex, resultIndex, argumentIndexes } = kernel.abi;
  const [i0, i1, i2, i3, i4, i5] = argumentIndexes;
  let calls = 0;

  const call = (task: Task, row: SyscallRow): SyscallResult => {
    const { args } = row;
    const handler = row.handler as (task: Task, ...values: unknown[]) => SyscallResult;
    switch (args.length) {
      case 0:
        return handler(task);
      case 1:
        return handler(task, args[0]!.decode(task, words[i0]!, words[i0 + 1]!));
      case 2:
        return handler(
          task,
          args[0]!.decode(task, words[i0]!, words[i0 + 1]!),
          args[1]!.decode(task, words[i1]!, words[i1 + 1]!),
        );
      case 3:
        return handler(
          task,
          args[0]!.decode(task, words[i0]!, words[i0 + 1]!),
          args[1]!.decode(task, words[i1]!, words[i1 + 1]!),
          args[2]!.decode(task, words[i2]!, words[i2 + 1]!),
        );
      case 4:
        return handler(
          task,
          args[0]!.decode(task, words[i0]!, words[i0 + 1]!),
          args[1]!.decode(task, words[i1]!, words[i1 + 1]!),
          args[2]!.decode(task, words[i2]!, words[i2 + 1]!),
          args[3]!.decode(task, words[i3]!, words[i3 + 1]!),
        );
      case 5:
        return handler(
          task,
          args[0]!.decode(task, words[i0]!, words[i0 + 1]!),
          args[1]!.decode(task, words[i1]!, words[i1 + 1]!),
          args[2]!.decode(task, words[i2]!, words[i2 + 1]!),
          args[3]!.decode(task, words[i3]!, words[i3 + 1]!),
          args[4]!.decode(task, words[i4]!, words[i4 + 1]!),
        );
      default:
        return handler(
          task,
          args[0]!.decode(task, words[i0]!, words[i0 + 1]!),
          args[1]!.decode(task, words[i1]!, words[i1 + 1]!),
          args[2]!.decode(task, words[i2]!, words[i2 + 1]!),
          args[3]!.decode(task, words[i3]!, words[i3 + 1]!),
          args[4]!.decode(task, words[i4]!, words[i4 + 1]!),
          args[5]!.decode(task, words[i5]!, words[i5 + 1]!),
        );
    }
  };

  return () => {
    const task = space.current!; // set before it runs
    const number = words[numberIndex]!;
    task.callNumber = number;
    counters.syscalls++;
    const row = kernel.row(number);
    let result: SyscallResult;
    if (kernel.tracer !== undefined) kernel.tracer.enter(task, row, number);
    try {
      result = row === undefined ? unknown(task, number) : call(task, row);
    } catch (error) {
      if (!(error instanceof Errno)) {
        kernel.fail(error, task);
        return false;
      }
      if (error === E.EFAULT && isOutOfMemory(task.process)) {
        killForMemory(task);
        return false;
      }
      if (kernel.tracer !== undefined) kernel.tracer.leave(task, error);
      result = -error.code;
      words[resultIndex] = result;
      words[resultIndex + 1] = -1;
      return !task.needsAttention && (++calls % CALLS_A_LOOK !== 0 || !kernel.scheduler.isOverdue);
    }
    if (typeof result !== 'number') {
      if (result === NO_RESULT && kernel.tracer !== undefined) kernel.tracer.leave(task, undefined);
      return false;
    }
    if (kernel.tracer !== undefined) kernel.tracer.leave(task, result);
    words[resultIndex] = result | 0;
    words[resultIndex + 1] = (result | 0) === result ? result >> 31 : Math.floor(result / 0x100000000) | 0;
    return !task.needsAttention && (++calls % CALLS_A_LOOK !== 0 || !kernel.scheduler.isOverdue);
  };
}

/** Was the copy refused because the machine has no page left, not because of the address? */
function isOutOfMemory({ mm }: Process): boolean {
  return mm.lastFault !== 'ok' && mm.lastFault.signal === SIGNAL.SIGKILL;
}

/** Writes a call's result into the registers of a task that is loaded. */
export function writeResult(task: Task, result: number): void {
  const words = task.process.registers;
  const index = task.kernel.abi.resultIndex;
  words[index] = result | 0;
  words[index + 1] = Math.floor(result / 0x100000000) | 0;
}

/** Ends a call with an errno or a result, as dispatch would have. */
export function finishCall(task: Task, attempt: (task: Task) => number | typeof WOULD_BLOCK): boolean {
  try {
    const result = attempt(task);
    if (result === WOULD_BLOCK) return false;
    task.kernel.tracer?.leave(task, result);
    writeResult(task, result);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    task.kernel.tracer?.leave(task, error);
    writeResult(task, -error.code);
  }
  return true;
}

/** Tries the call a task is blocked in again; true when it has ended. */
export const resumeCall = (task: Task): boolean => finishCall(task, resume);
const resume = (task: Task): number | typeof WOULD_BLOCK => task.resume();

function unknown(task: Task, number: number): never {
  const { kernel } = task;
  if (kernel.isVerbose && !kernel.reportedCalls.has(number)) {
    kernel.reportedCalls.add(number);
    kernel.verbose(`unimplemented syscall: ${kernel.syscallName(number)}(${number})`);
  }
  throw E.ENOSYS;
}
