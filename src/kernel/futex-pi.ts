// Mutexes whose word names the owner, so that the kernel hands them over (futex(2), "Priority-inheritance futexes").

import { E } from '../abi/errno.ts';
import { type FutexWaiter, futexWord } from './futex.ts';
import { taskOf } from './look-up.ts';
import type { SyscallResult } from './syscalls/define.ts';
import type { Task } from './task.ts';
import { WOULD_BLOCK } from './wait.ts';

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
