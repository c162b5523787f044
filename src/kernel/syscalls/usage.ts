// What was used of the CPU, and who comes first (getrusage(2), times(2), getpriority(2)).

import { E } from '../../abi/errno.ts';
import { isRoot, mayAdjust, processOf } from '../look-up.ts';
import type { Process } from '../process.ts';
import type { Task } from '../task.ts';
import { choice, int, outStruct } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

const WHO = { RUSAGE_SELF: 0, RUSAGE_CHILDREN: -1, RUSAGE_THREAD: 1 } as const;
const RUSAGE_SIZE = 144,
  MAXRSS = 32;

/** The milliseconds of CPU as struct timeval, two words of 8 bytes. */
function writeTime(task: Task, at: number, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  task.memory.setI64(at, seconds);
  task.memory.setI64(at + 8, Math.floor((milliseconds - seconds * 1000) * 1000));
}

/** struct rusage of so much CPU time. */
export function writeUsage(task: Task, at: number, milliseconds: number): void {
  task.memory.writable(at, RUSAGE_SIZE).fill(0);
  writeTime(task, at, milliseconds);
  task.memory.setI64(at + MAXRSS, Math.ceil(task.kernel.memory.peak / 1024));
}

const getrusage = syscall(
  'getrusage',
  { x64: 98, generic: 165 },
  [choice(WHO), outStruct],
  (task, who, at) => {
    if (who < -1 || who > 1) throw E.EINVAL;
    const { cpuTime, childrenTime } = task.process;
    writeUsage(task, at, who === WHO.RUSAGE_CHILDREN ? childrenTime : who === WHO.RUSAGE_THREAD ? task.cpuTime : cpuTime);
    return 0;
  },
  'CPU time counts as user time; ru_maxrss is that of the machine',
);

/** Clock ticks a second (sysconf(_SC_CLK_TCK)). */
const HERTZ = 100;
const times = syscall('times', { x64: 100, generic: 153 }, [outStruct], (task, at) => {
  const ticks = (milliseconds: number): number => Math.floor((milliseconds * HERTZ) / 1000);
  if (at !== 0)
    [task.process.cpuTime, 0, task.process.childrenTime, 0].forEach((value, i) => task.memory.setI64(at + 8 * i, ticks(value)));
  return ticks(task.kernel.clock.monotonic());
});

const NICE_RANGE = 20;
const PRIORITY_WHO = { PRIO_PROCESS: 0, PRIO_PGRP: 1, PRIO_USER: 2 } as const;
function prioritized(task: Task, which: number, who: number): Process[] {
  const all = [...task.kernel.processes.values()];
  if (which === PRIORITY_WHO.PRIO_PROCESS) return [processOf(task, who)];
  if (which === PRIORITY_WHO.PRIO_PGRP) return all.filter((each) => each.pgid === (who || task.process.pgid));
  if (which === PRIORITY_WHO.PRIO_USER)
    return all.filter((each) => each.credentials.uid === (who || task.process.credentials.uid));
  throw E.EINVAL;
}
const getpriority = syscall('getpriority', { x64: 140, generic: 141 }, [choice(PRIORITY_WHO), int], (task, which, who) => {
  const found = prioritized(task, which, who);
  if (found.length === 0) throw E.ESRCH;
  return Math.max(...found.map((each) => NICE_RANGE - each.nice));
});
const setpriority = syscall(
  'setpriority',
  { x64: 141, generic: 140 },
  [choice(PRIORITY_WHO), int, int],
  (task, which, who, value) => {
    const nice = Math.max(-NICE_RANGE, Math.min(NICE_RANGE - 1, value));
    const found = prioritized(task, which, who);
    if (found.length === 0) throw E.ESRCH;
    for (const each of found) {
      if (!mayAdjust(task.process.credentials, each.credentials)) throw E.EPERM;
      if (nice < each.nice && !isRoot(task.process.credentials)) throw E.EACCES;
      each.nice = nice;
    }
    return 0;
  },
  'kept and reported; slices are equal',
);

export const usageRows: readonly SyscallRow[] = [getrusage, times, getpriority, setpriority];
