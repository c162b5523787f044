// Resource limits and usage: getrlimit, prlimit64, getrusage, times (getrlimit(2), getrusage(2)).

import { E } from '../../abi/errno.ts';
import { isRoot, mayAdjust, maySignal, processOf } from '../look-up.ts';
import { type Limit, RLIMIT } from '../limits.ts';
import type { Process } from '../process.ts';
import type { Task } from '../task.ts';
import { choice, int, outRlimit, outStruct, pid, rlimit } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

const resource = choice(Object.entries(RLIMIT).map(([name, value]) => [`RLIMIT_${name}`, value] as const));
/** RLIM64_INFINITY. */
const INFINITY = 0xffff_ffff_ffff_ffffn;
/** fs.nr_open: what RLIMIT_NOFILE may not pass. */
const NR_OPEN = 1_048_576;

function read(task: Task, at: number): Limit {
  const value = (address: number): number => {
    const raw = task.memory.getU64big(address);
    return raw === INFINITY ? Infinity : Number(raw);
  };
  return [value(at), value(at + 8)];
}

function write(task: Task, at: number, limit: Limit): void {
  limit.forEach((value, i) => task.memory.setU64big(at + 8 * i, value === Infinity ? INFINITY : BigInt(value)));
}

function change(task: Task, process: Process, which: number, limit: Limit): void {
  const [soft, hard] = limit;
  if (soft > hard) throw E.EINVAL;
  if (which === RLIMIT.NOFILE && hard > NR_OPEN) throw E.EPERM;
  if (hard > process.limits.get(which)[1] && !isRoot(task.process.credentials)) throw E.EPERM;
  process.limits.set(which, limit);
  if (which === RLIMIT.CPU) process.refreshCpuDeadline();
}

const getrlimit = syscall('getrlimit', { x64: 97, generic: 163 }, [resource, outRlimit], (task, which, at) => {
  write(task, at, task.process.limits.get(which));
  return 0;
});
const setrlimit = syscall('setrlimit', { x64: 160, generic: 164 }, [resource, rlimit], (task, which, at) => {
  change(task, task.process, which, read(task, at));
  return 0;
});
const prlimit64 = syscall(
  'prlimit64',
  { x64: 302, generic: 261 },
  [pid, resource, rlimit, outRlimit],
  (task, of, which, set, get) => {
    const process = processOf(task, of);
    if (process !== task.process && !maySignal(task.process.credentials, process.credentials)) throw E.EPERM;
    const before = process.limits.get(which);
    if (set !== 0) change(task, process, which, read(task, set));
    if (get !== 0) write(task, get, before);
    return 0;
  },
);

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

export const limitRows: readonly SyscallRow[] = [getrlimit, setrlimit, prlimit64, getrusage, times, getpriority, setpriority];
