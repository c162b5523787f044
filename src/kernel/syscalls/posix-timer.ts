// POSIX timers: timer_create and its relatives (timer_create(2), timer_settime(2)).

import { E } from '../../abi/errno.ts';
import { SI_TIMER, SIGNAL, SIGNAL_COUNT } from '../../abi/signals.ts';
import { CLOCK, TIMER_ABSTIME } from '../../abi/time.ts';
import type { PosixTimer, Process } from '../process.ts';
import type { SignalInfo } from '../signal-set.ts';
import { sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { clockId, flags, int, outStruct, pointer, struct } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';
import { requireQueueable } from './signal.ts';
import { monotonicDeadline, requireTimed } from './time.ts';
import { readTimespec, writeTimespec } from './timespec.ts';

/** sigev_notify. */
const SIGEV_SIGNAL = 0,
  SIGEV_NONE = 1,
  SIGEV_THREAD_ID = 4;
const CLOCKS: ReadonlySet<number> = new Set([CLOCK.CLOCK_REALTIME, CLOCK.CLOCK_MONOTONIC, CLOCK.CLOCK_BOOTTIME, CLOCK.CLOCK_TAI]);
const DELAYTIMER_MAX = 0x7fffffff;

function timerOf(task: Task, id: number): PosixTimer {
  const timer = task.process.timers.get(id);
  if (!timer) throw E.EINVAL;
  return timer;
}

const timerCreate = syscall(
  'timer_create',
  { x64: 222, generic: 107 },
  [clockId, struct, pointer],
  (task, clock, event, idAt) => {
    requireTimed(clock);
    if (!CLOCKS.has(clock)) throw E.EINVAL;
    const { process, memory } = task;
    requireQueueable(process);
    const id = process.nextTimer++;
    const given =
      event === 0
        ? { value: [id, 0] as const, signal: SIGNAL.SIGALRM as number, notify: SIGEV_SIGNAL, tid: 0 }
        : {
            value: [memory.getI32(event), memory.getI32(event + 4)] as const,
            signal: memory.getI32(event + 8),
            notify: memory.getI32(event + 12),
            tid: memory.getI32(event + 16),
          };
    if (![SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD_ID].includes(given.notify)) throw E.EINVAL;
    if (given.notify !== SIGEV_NONE && (given.signal < 1 || given.signal > SIGNAL_COUNT)) throw E.EINVAL;
    const target = given.notify === SIGEV_THREAD_ID ? process.tasks.find((each) => each.tid === given.tid) : undefined;
    if (given.notify === SIGEV_THREAD_ID && !target) throw E.EINVAL;
    memory.setU32(idAt, id);
    process.timers.set(id, {
      id,
      clock,
      target,
      value: given.value,
      signal: given.notify === SIGEV_NONE ? 0 : given.signal,
      deadline: 0,
      interval: 0,
      overrun: 0,
      sent: undefined,
      timer: undefined,
    });
    return 0;
  },
  'not on CPU-time clocks',
);

function start(process: Process, it: PosixTimer): void {
  it.timer = process.kernel.clock.at(it.deadline, () => expire(process, it));
}

function expire(process: Process, it: PosixTimer): void {
  it.timer = undefined;
  const { clock } = process.kernel;
  const info: SignalInfo = { signal: it.signal, code: SI_TIMER, timer: it.id, value: it.value };
  let missed = 0;
  if (it.interval > 0) {
    missed = Math.max(0, Math.floor((clock.monotonic() - it.deadline) / it.interval));
    it.deadline += (1 + missed) * it.interval;
    start(process, it);
  } else it.deadline = 0;
  if (it.signal === 0) return;
  const queue = (it.target ?? process).signals.pending;
  // At most one signal of a timer is queued; further expirations count as overrun (timer_getoverrun(2)).
  if (it.sent && queue.holds(it.sent)) {
    it.overrun = Math.min(DELAYTIMER_MAX, it.overrun + 1 + missed);
    return;
  }
  it.overrun = missed;
  it.sent = info;
  sendSignal(process, info, it.target);
}

/** struct itimerspec: interval, then time left. */
function store(task: Task, at: number, it: PosixTimer): void {
  writeTimespec(task, at, it.interval);
  writeTimespec(task, at + 16, it.deadline === 0 ? 0 : Math.max(1e-6, it.deadline - task.kernel.clock.monotonic()));
}

const timerSettime = syscall(
  'timer_settime',
  { x64: 223, generic: 110 },
  [int, flags({ TIMER_ABSTIME }), struct, outStruct],
  (task, id, how, set, old) => {
    const it = timerOf(task, id);
    const interval = readTimespec(task, set),
      value = readTimespec(task, set + 16);
    if (old !== 0) store(task, old, it);
    it.timer?.cancel();
    it.timer = undefined;
    it.deadline = 0;
    it.interval = interval;
    it.overrun = 0;
    if (value === 0) return 0;
    it.deadline = how & TIMER_ABSTIME ? monotonicDeadline(task, it.clock, value) : task.kernel.clock.monotonic() + value;
    start(task.process, it);
    return 0;
  },
);
const timerGettime = syscall('timer_gettime', { x64: 224, generic: 108 }, [int, outStruct], (task, id, at) => {
  store(task, at, timerOf(task, id));
  return 0;
});
const timerGetoverrun = syscall('timer_getoverrun', { x64: 225, generic: 109 }, [int], (task, id) => timerOf(task, id).overrun);
const timerDelete = syscall('timer_delete', { x64: 226, generic: 111 }, [int], (task, id) => {
  timerOf(task, id).timer?.cancel();
  task.process.timers.delete(id);
  return 0;
});

export const posixTimerRows: readonly SyscallRow[] = [timerCreate, timerSettime, timerGettime, timerGetoverrun, timerDelete];
