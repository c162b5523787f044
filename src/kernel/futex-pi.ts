// Mutexes whose word names the owner, so that the kernel hands them over (futex(2), "Priority-inheritance futexes").

import { E } from '../abi/errno.ts';
import { type FutexWaiter, futexWord } from './futex.ts';
import { taskOf } from './look-up.ts';
import type { SyscallResult } from './syscalls/define.ts';
import type { Task } from './task.ts';
import { WOULD_BLOCK, type WouldBlock } from './wait.ts';

const FUTEX_WAITERS = 0x80000000,
  FUTEX_OWNER_DIED = 0x40000000,
  FUTEX_TID_MASK = 0x3fffffff;
const ANY = 0xffffffff;

/** Takes a mutex that is free, or whose owner died. EDEADLK: it is the caller's. ESRCH: its owner does not exist. */
export function takePi(task: Task, at: number): boolean {
  if (at % 4 !== 0) throw E.EINVAL;
  const word = task.memory.getU32(at);
  const owner = word & FUTEX_TID_MASK;
  if (owner === 0) {
    task.memory.setU32(at, ((word & (FUTEX_WAITERS | FUTEX_OWNER_DIED)) | task.tid) >>> 0);
    return true;
  }
  if (owner === task.tid) throw E.EDEADLK;
  taskOf(task, owner);
  return false;
}

export function lockPi(task: Task, at: number, isPrivate: boolean, deadline: number | undefined): SyscallResult {
  if (takePi(task, at)) return 0;
  task.memory.setU32(at, (task.memory.getU32(at) | FUTEX_WAITERS) >>> 0);
  const waiter = task.kernel.futexes.wait(futexWord(task, at, isPrivate), ANY);
  waiter.tid = task.tid;
  // Woken without having been given the mutex: its owner died.
  const attempt = () => (waiter.isWoken && (isOwner(task, at) || takePi(task, at)) ? 0 : WOULD_BLOCK);
  return task.retry(waiter, 1, attempt, { deadline, cleanup: () => waiter.leave() });
}

/**
 * FUTEX_WAIT_REQUEUE_PI: sleeps on one word until FUTEX_CMP_REQUEUE_PI moves the sleeper to a mutex, and returns when it has
 * that. Woken in any other way it has to look again: EAGAIN.
 */
export function waitForPi(
  task: Task,
  at: number,
  mutex: number,
  isPrivate: boolean,
  deadline: number | undefined,
): SyscallResult {
  const waiter = task.kernel.futexes.wait(futexWord(task, at, isPrivate), ANY);
  waiter.tid = task.tid;
  const attempt = (): number | WouldBlock => {
    if (!waiter.isWoken) return WOULD_BLOCK;
    if (!isOwner(task, mutex)) throw E.EAGAIN;
    return 0;
  };
  return task.retry(waiter, 1, attempt, { deadline, onSignal: 'restart', cleanup: () => waiter.leave() });
}

/** FUTEX_CMP_REQUEUE_PI: the first gets the mutex if it is free, others wait for it; returns how many there were. */
export function requeueToPi(task: Task, at: number, mutex: number, isPrivate: boolean, most: number): number {
  const { futexes } = task.kernel;
  const from = futexWord(task, at, isPrivate),
    to = futexWord(task, mutex, isPrivate);
  if (mutex % 4 !== 0) throw E.EINVAL;
  const first = futexes.first(from);
  if (!first) return 0;
  let count = 0;
  const word = task.memory.getU32(mutex);
  if ((word & FUTEX_TID_MASK) === 0) {
    first.wake();
    task.memory.setU32(mutex, (first.tid | (word & FUTEX_OWNER_DIED)) >>> 0);
    count++;
  }
  count += futexes.requeue(from, 0, to, most + 1 - count);
  if (futexes.first(to)) task.memory.setU32(mutex, (task.memory.getU32(mutex) | FUTEX_WAITERS) >>> 0);
  return count;
}

const isOwner = (task: Task, at: number): boolean => (task.memory.getU32(at) & FUTEX_TID_MASK) === task.tid;

/** EPERM unless it is the caller's; the one that waits longest gets it. */
export function unlockPi(task: Task, at: number, isPrivate: boolean): number {
  if (at % 4 !== 0) throw E.EINVAL;
  if (!isOwner(task, at)) throw E.EPERM;
  const next: FutexWaiter | undefined = task.kernel.futexes.first(futexWord(task, at, isPrivate));
  if (!next) {
    task.memory.setU32(at, 0);
    return 0;
  }
  next.wake();
  const others = task.kernel.futexes.first(futexWord(task, at, isPrivate)) ? FUTEX_WAITERS : 0;
  task.memory.setU32(at, (next.tid | others) >>> 0);
  return 0;
}
