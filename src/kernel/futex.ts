// Futex queues: who sleeps on which word, and what the end of a thread does to the words it leaves behind.

import { Errno } from '../abi/errno.ts';
import type { RetryOptions, Task } from './task.ts';
import { type Pollable, WaitQueue } from './wait.ts';

/** What a word belongs to: a memory map, or for shared memory the object. It keeps who sleeps on which of its words. */
export interface FutexOwner {
  /** By address or offset. */
  futexes: Map<number, FutexWaiter[]> | undefined;
}
/** A word of memory as all who see it name it. */
export interface FutexWord {
  readonly owner: FutexOwner;
  readonly at: number;
}

/** The word at an address; with FUTEX_PRIVATE_FLAG nobody else is looked for. */
export function futexWord(task: Task, address: number, isPrivate: boolean): FutexWord {
  const shared = isPrivate ? undefined : task.process.mm.sharedPlace(address);
  return shared ? { owner: shared.object, at: shared.offset } : { owner: task.process.mm, at: address };
}

/**
 * One sleeper, and how it sleeps: one object, as there is one a switch between threads (bench os, thread-switch). It is woken
 * once, by moving out of its queue; requeueing moves it to another word.
 */
export class FutexWaiter implements Pollable, RetryOptions {
  readonly queue = new WaitQueue();
  deadline: number | undefined = undefined;
  onSignal: 'restart' | 'interrupt' = 'restart';
  readonly bits: number;
  isWoken = false;
  /** Who waits, where the mutex is handed over to it (futex-pi.ts). */
  tid = 0;
  /** The list it stands in, in the order of arrival. */
  list: FutexWaiter[];

  constructor(list: FutexWaiter[], bits: number) {
    this.list = list;
    this.bits = bits;
    list.push(this);
  }

  poll(): number {
    return this.isWoken ? 1 : 0;
  }

  /** The call has ended. */
  cleanup(): void {
    this.leave();
  }

  wake(): void {
    this.leave();
    this.isWoken = true;
    this.queue.wake(1);
  }

  leave(): void {
    if (this.isWoken) return;
    const { list } = this;
    if (list[0] === this) list.shift();
    else if (list.includes(this)) list.splice(list.indexOf(this), 1);
  }
}

/** Lists of one owner. */
const MOST_KEPT = 64;

export class Futexes {
  wait(word: FutexWord, bits: number): FutexWaiter {
    return new FutexWaiter(this.#list(word), bits);
  }

  /** Wakes up to `count` sleepers in the order they came; returns how many. */
  wake(word: FutexWord, count: number, bits: number): number {
    const list = this.#find(word);
    if (!list) return 0;
    let woken = 0;
    const limit = Math.max(1, count | 0);
    for (let i = 0; i < list.length && woken < limit; ) {
      const waiter = list[i] as FutexWaiter;
      if ((waiter.bits & bits) === 0) i++;
      else {
        waiter.wake();
        woken++;
      }
    }
    return woken;
  }

  /** Who has waited longest. */
  first(word: FutexWord): FutexWaiter | undefined {
    return this.#find(word)?.[0];
  }

  /** Wakes `count` and moves up to `move` others to another word; returns how many of both. */
  requeue(word: FutexWord, count: number, to: FutexWord, move: number): number {
    let woken = 0,
      moved = 0;
    const target = this.#list(to);
    for (const waiter of [...(this.#find(word) ?? [])]) {
      if (woken < (count | 0)) {
        waiter.wake();
        woken++;
      } else if (moved < (move | 0)) {
        waiter.leave();
        waiter.list = target;
        target.push(waiter);
        moved++;
      } else break;
    }
    return woken + moved;
  }

  #find({ owner, at }: FutexWord): FutexWaiter[] | undefined {
    const map = owner.futexes;
    const list = map?.get(at);
    // A word that was slept on will be again: lists are kept while there are few.
    if (map && list && list.length === 0 && map.size > MOST_KEPT) map.delete(at);
    return list;
  }

  #list({ owner, at }: FutexWord): FutexWaiter[] {
    const map = (owner.futexes ??= new Map());
    let list = map.get(at);
    if (!list) map.set(at, (list = []));
    return list;
  }
}

const FUTEX_WAITERS = 0x80000000,
  FUTEX_OWNER_DIED = 0x40000000,
  FUTEX_TID_MASK = 0x3fffffff;
/** ROBUST_LIST_LIMIT of the kernel: a list that goes in circles ends. */
const ROBUST_LIMIT = 2048;

/**
 * A thread ends: its robust mutexes are marked; then, if others see its memory, its clear_child_tid word is cleared and
 * one sleeper on it woken.
 */
export function releaseTask(task: Task, isMemoryShared: boolean): void {
  try {
    walkRobustList(task);
    if (task.clearChildTid !== 0 && isMemoryShared) {
      task.memory.setU32(task.clearChildTid, 0);
      task.kernel.futexes.wake(futexWord(task, task.clearChildTid, false), 1, 0xffffffff);
    }
  } catch (error) {
    // Linux ignores what it cannot write here (kernel/futex/core.c, exit_robust_list; kernel/fork.c, mm_release).
    if (!(error instanceof Errno)) throw error;
  }
}

function walkRobustList(task: Task): void {
  const { memory, robustList: head } = task;
  if (head === 0) return;
  const offset = memory.getI64(head + 8),
    pending = memory.getU64(head + 16);
  let entry = memory.getU64(head);
  for (let i = 0; entry !== head && entry !== 0 && i < ROBUST_LIMIT; i++) {
    const next = memory.getU64(entry);
    if (entry !== pending) markDead(task, entry + offset);
    entry = next;
  }
  if (pending !== 0) markDead(task, pending + offset);
}

function markDead(task: Task, address: number): void {
  const word = task.memory.getU32(address);
  if ((word & FUTEX_TID_MASK) !== task.tid) return;
  task.memory.setU32(address, ((word & FUTEX_WAITERS) | FUTEX_OWNER_DIED) >>> 0);
  if (word & FUTEX_WAITERS) task.kernel.futexes.wake(futexWord(task, address, false), 1, 0xffffffff);
}
