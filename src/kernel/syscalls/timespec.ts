// struct timespec and struct timeval in guest memory, as milliseconds with fraction.

import { E } from '../../abi/errno.ts';
import { NANOSECONDS } from '../../abi/time.ts';
import type { Task } from '../task.ts';

/** Milliseconds of a timespec; EINVAL if negative or not normalised. */
export function readTimespec(task: Task, at: number): number {
  const seconds = task.memory.getI64(at),
    nanoseconds = task.memory.getI64(at + 8);
  if (seconds < 0 || nanoseconds < 0 || nanoseconds >= NANOSECONDS) throw E.EINVAL;
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Milliseconds of a timeval; EINVAL likewise. */
export function readTimeval(task: Task, at: number): number {
  const seconds = task.memory.getI64(at),
    microseconds = task.memory.getI64(at + 8);
  if (seconds < 0 || microseconds < 0 || microseconds >= 1_000_000) throw E.EINVAL;
  return seconds * 1000 + microseconds / 1000;
}

/** Stores milliseconds as a timespec. */
export function writeTimespec(task: Task, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  task.memory.setI64(at, seconds);
  task.memory.setI64(at + 8, Math.min(NANOSECONDS - 1, Math.floor((milliseconds - seconds * 1000) * 1e6)));
}

/** Stores milliseconds as a timeval. */
export function writeTimeval(task: Task, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  task.memory.setI64(at, seconds);
  task.memory.setI64(at + 8, Math.min(999_999, Math.floor((milliseconds - seconds * 1000) * 1000)));
}
