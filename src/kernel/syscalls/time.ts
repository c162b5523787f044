// Clocks, sleeping and interval timers (clock_gettime(2), clock_nanosleep(2), setitimer(2)).

import { E } from '../../abi/errno.ts';
import { SI_KERNEL, SIGNAL } from '../../abi/signals.ts';
import { CLOCK, ITIMER, TIMER_ABSTIME } from '../../abi/time.ts';
import type { Process } from '../process.ts';
import { sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { WOULD_BLOCK } from '../wait.ts';
import {
  choice,
  clockId,
  flags,
  outStruct,
  outTimespec,
  outTimeval,
  pointer,
  restTimespec,
  struct,
  timespec,
  uint,
} from './args.ts';
import { type SyscallRow, type SyscallResult, syscall } from './define.ts';
import { readTimespec, readTimeval, writeTimespec, writeTimeval } from './timespec.ts';

/** Resolution of the coarse clocks: a tick of a kernel with HZ=250. */
const TICK = 4;
const REALTIME: ReadonlySet<number> = new Set([
  CLOCK.CLOCK_REALTIME,
  CLOCK.CLOCK_REALTIME_COARSE,
  CLOCK.CLOCK_REALTIME_ALARM,
  CLOCK.CLOCK_TAI,
]);
const MONOTONIC: ReadonlySet<number> = new Set([
  CLOCK.CLOCK_MONOTONIC,
  CLOCK.CLOCK_MONOTONIC_RAW,
  CLOCK.CLOCK_MONOTONIC_COARSE,
  CLOCK.CLOCK_BOOTTIME,
  CLOCK.CLOCK_BOOTTIME_ALARM,
]);
const CPU_TIME: ReadonlySet<number> = new Set([CLOCK.CLOCK_PROCESS_CPUTIME_ID, CLOCK.CLOCK_THREAD_CPUTIME_ID]);
const COARSE: ReadonlySet<number> = new Set([CLOCK.CLOCK_REALTIME_COARSE, CLOCK.CLOCK_MONOTONIC_COARSE]);

/** Milliseconds of a clock that is not the realtime one; EINVAL for one that does not exist. */
function milliseconds(task: Task, id: number): number {
  if (MONOTONIC.has(id)) return task.kernel.clock.monotonic();
  if (id === CLOCK.CLOCK_PROCESS_CPUTIME_ID) return task.process.cpuTime + task.kernel.scheduler.sinceSlice(task);
  if (id === CLOCK.CLOCK_THREAD_CPUTIME_ID) return task.cpuTime + task.kernel.scheduler.sinceSlice(task);
  throw E.EINVAL;
}

const clockGettime = syscall('clock_gettime', { x64: 228, generic: 113 }, [clockId, outTimespec], (task, id, at) => {
  if (REALTIME.has(id)) {
    const { seconds, nanoseconds } = task.kernel.clock.realtime();
    task.memory.setI64(at, seconds);
    task.memory.setI64(at + 8, nanoseconds);
  } else writeTimespec(task, at, milliseconds(task, id));
  return 0;
});
const clockGetres = syscall('clock_getres', { x64: 229, generic: 114 }, [clockId, outTimespec], (task, id, at) => {
  if (!REALTIME.has(id)) milliseconds(task, id);
  if (at !== 0) writeTimespec(task, at, COARSE.has(id) ? TICK : 1e-6);
  return 0;
});
const clockSettime = syscall(
  'clock_settime',
  { x64: 227, generic: 112 },
  [clockId, struct],
  (task, id, at) => {
    if (id !== CLOCK.CLOCK_REALTIME) throw E.EINVAL;
    readTimespec(task, at);
    throw E.EPERM;
  },
  "EPERM: the clock is the host's",
);
const gettimeofday = syscall('gettimeofday', { x64: 96, generic: 169 }, [outTimeval, outStruct], (task, at, zone) => {
  if (at !== 0) {
    const { seconds, nanoseconds } = task.kernel.clock.realtime();
    task.memory.setI64(at, seconds);
    task.memory.setI64(at + 8, Math.floor(nanoseconds / 1000));
  }
  if (zone !== 0) task.memory.setI64(zone, 0);
  return 0;
});
const settimeofday = syscall(
  'settimeofday',
  { x64: 164, generic: 170 },
  [struct, struct],
  (task, at, zone) => {
    if (at !== 0) readTimeval(task, at);
    if (zone !== 0) task.memory.bytes(zone, 8);
    throw E.EPERM;
  },
  "EPERM: the clock is the host's",
);
const time = syscall('time', { x64: 201 }, [pointer], (task, at) => {
  const { seconds } = task.kernel.clock.realtime();
  if (at !== 0) task.memory.setI64(at, seconds);
  return seconds;
});

/** Sleeps until a monotonic deadline; EINTR with the rest of a relative sleep stored at `rest`. */
function sleepUntil(task: Task, deadline: number, rest: number): SyscallResult {
  return task.retry([], 0, () => WOULD_BLOCK, {
    deadline,
    onTimeout: () => 0,
    onSignal: () => {
      if (rest !== 0) writeTimespec(task, rest, Math.max(0, deadline - task.kernel.clock.monotonic()));
      throw E.EINTR;
    },
  });
}
const nanosleep = syscall('nanosleep', { x64: 35, generic: 101 }, [timespec, restTimespec], (task, request, rest) =>
  sleepUntil(task, task.kernel.clock.monotonic() + readTimespec(task, request), rest),
);

/** The monotonic deadline that a point in time on a clock means. */
export function monotonicDeadline(task: Task, id: number, time: number): number {
  const { clock } = task.kernel;
  if (!REALTIME.has(id)) return time;
  const { seconds, nanoseconds } = clock.realtime();
  return clock.monotonic() + time - (seconds * 1000 + nanoseconds / 1e6);
}
/** Can one wait for a point in time of this clock? EINVAL if there is no such clock, EOPNOTSUPP. */
export function requireTimed(id: number): void {
  const isKnown = REALTIME.has(id) || MONOTONIC.has(id);
  if (!isKnown && !CPU_TIME.has(id)) throw E.EINVAL;
  if (!isKnown || COARSE.has(id) || id === CLOCK.CLOCK_MONOTONIC_RAW) throw E.EOPNOTSUPP;
}
const clockNanosleep = syscall(
  'clock_nanosleep',
  { x64: 230, generic: 115 },
  [clockId, flags({ TIMER_ABSTIME }), timespec, restTimespec],
  (task, id, how, request, rest) => {
    requireTimed(id);
    const wait = readTimespec(task, request);
    if (how & TIMER_ABSTIME) return sleepUntil(task, monotonicDeadline(task, id, wait), 0);
    return sleepUntil(task, task.kernel.clock.monotonic() + wait, rest);
  },
  'not on CPU-time clocks',
);

const ITIMER_SIGNALS = [SIGNAL.SIGALRM, SIGNAL.SIGVTALRM, SIGNAL.SIGPROF];

/** Arms one of the process's interval timers and returns what was left of it, in milliseconds. */
function arm(process: Process, which: number, value: number, interval: number): { left: number; interval: number } {
  const { clock } = process.kernel;
  const before = process.itimers[which];
  const left = before
    ? Math.max(1e-3, before.deadline - (which === ITIMER.ITIMER_REAL ? clock.monotonic() : process.cpuTime))
    : 0;
  before?.timer?.cancel();
  process.itimers[which] = undefined;
  if (value > 0) start(process, which, value, interval);
  process.refreshCpuDeadline();
  return { left, interval: before?.interval ?? 0 };
}

function start(process: Process, which: number, value: number, interval: number): void {
  const { clock } = process.kernel;
  const expire = (): void => {
    process.itimers[which] = undefined;
    if (process.exited) return;
    if (interval > 0) start(process, which, interval, interval);
    process.refreshCpuDeadline();
    sendSignal(process, { signal: ITIMER_SIGNALS[which]!, code: SI_KERNEL });
  };
  if (which === ITIMER.ITIMER_REAL) {
    const deadline = clock.monotonic() + value;
    process.itimers[which] = { deadline, interval, expire, timer: clock.at(deadline, expire) };
  } else process.itimers[which] = { deadline: process.cpuTime + value, interval, expire, timer: undefined };
}

const itimer = choice(ITIMER);
const getitimer = syscall('getitimer', { x64: 36, generic: 102 }, [itimer, outStruct], (task, which, at) => {
  if (which < 0 || which > 2) throw E.EINVAL;
  const { process } = task;
  const timer = process.itimers[which];
  const now = which === ITIMER.ITIMER_REAL ? task.kernel.clock.monotonic() : process.cpuTime;
  writeTimeval(task, at, timer?.interval ?? 0);
  writeTimeval(task, at + 16, timer ? Math.max(1e-3, timer.deadline - now) : 0);
  return 0;
});
const setitimer = syscall('setitimer', { x64: 38, generic: 103 }, [itimer, struct, outStruct], (task, which, set, old) => {
  if (which < 0 || which > 2) throw E.EINVAL;
  const interval = set === 0 ? 0 : readTimeval(task, set),
    value = set === 0 ? 0 : readTimeval(task, set + 16);
  const before = arm(task.process, which, value, interval);
  if (old !== 0) {
    writeTimeval(task, old, before.interval);
    writeTimeval(task, old + 16, before.left);
  }
  return 0;
});
const alarm = syscall('alarm', { x64: 37 }, [uint], (task, seconds) => {
  const { left } = arm(task.process, ITIMER.ITIMER_REAL, seconds * 1000, 0);
  // Linux rounds to the nearest second, but never to 0 (kernel/time/itimer.c, alarm_setitimer).
  return left === 0 ? 0 : Math.max(1, Math.round(left / 1000));
});

export const timeRows: readonly SyscallRow[] = [
  clockGettime,
  clockGetres,
  clockSettime,
  gettimeofday,
  settimeofday,
  time,
  nanosleep,
  clockNanosleep,
  getitimer,
  setitimer,
  alarm,
];
