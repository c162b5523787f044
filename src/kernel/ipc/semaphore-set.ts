// A System V semaphore set (semop(2)).

import { E } from '../../abi/errno.ts';
import type { Process } from '../process.ts';
import type { Task } from '../task.ts';
import { POLLIN, WaitQueue, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { IPC_NOWAIT, IpcObject, now } from './sysv.ts';

export const SEMVMX = 32_767;
const SEM_UNDO = 0x1000;

export interface SemaphoreOperation {
  readonly number: number;
  readonly change: number;
  readonly flags: number;
}

export class SemaphoreSet extends IpcObject {
  readonly values: number[];
  readonly pids: number[];
  readonly queue = new WaitQueue();
  operated = 0;
  /** Who waits for which operation. */
  readonly #waiting = new Set<SemaphoreOperation>();
  readonly #undo = new Map<Process, number[]>();

  constructor(task: Task, id: number, key: number, mode: number, count: number) {
    super(task, id, key, mode);
    this.values = new Array<number>(count).fill(0);
    this.pids = new Array<number>(count).fill(0);
  }

  poll(): number {
    return POLLIN;
  }

  /** All operations or none: EAGAIN, ERANGE, EIDRM. */
  operate(task: Task, operations: readonly SemaphoreOperation[]): number | WouldBlock {
    if (this.isRemoved) throw E.EIDRM;
    const values = [...this.values];
    this.forget(operations);
    for (const operation of operations) {
      const { number, change, flags } = operation;
      const value = values[number] ?? 0;
      const mustWait = change === 0 ? value !== 0 : value + change < 0;
      if (mustWait) {
        if (flags & IPC_NOWAIT) throw E.EAGAIN;
        this.#waiting.add(operation);
        return WOULD_BLOCK;
      }
      if (value + change > SEMVMX) throw E.ERANGE;
      values[number] = value + change;
    }
    const { process } = task;
    for (const { number, change, flags } of operations) {
      this.values[number] = values[number] ?? 0;
      this.pids[number] = process.pid;
      if (flags & SEM_UNDO) this.#adjustment(process)[number] = (this.#adjustment(process)[number] ?? 0) - change;
    }
    this.operated = now(task);
    this.queue.wake(POLLIN);
    return 0;
  }

  /** The operations do not wait any more. */
  forget(operations: readonly SemaphoreOperation[]): void {
    for (const operation of operations) this.#waiting.delete(operation);
  }

  /** GETNCNT and GETZCNT: who waits for more, who for zero. */
  waiters(number: number, forZero: boolean): number {
    return [...this.#waiting].filter((each) => each.number === number && (each.change === 0) === forZero).length;
  }

  set(task: Task, number: number, value: number): void {
    if (value < 0 || value > SEMVMX) throw E.ERANGE;
    this.values[number] = value;
    this.pids[number] = task.process.pid;
    for (const adjustments of this.#undo.values()) adjustments[number] = 0;
    this.changed = now(task);
    this.queue.wake(POLLIN);
  }

  undo(process: Process): void {
    const adjustments = this.#undo.get(process);
    if (!adjustments) return;
    this.#undo.delete(process);
    adjustments.forEach((change, number) => {
      if (change === 0) return;
      this.values[number] = Math.min(SEMVMX, Math.max(0, (this.values[number] ?? 0) + change));
      this.pids[number] = process.pid;
    });
    this.queue.wake(POLLIN);
  }

  #adjustment(process: Process): number[] {
    let adjustments = this.#undo.get(process);
    if (!adjustments) this.#undo.set(process, (adjustments = []));
    return adjustments;
  }
}
