// Things that happen, as descriptors: signals, timers, processes (signalfd(2), timerfd_create(2), pidfd_open(2)).

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_NONBLOCK } from '../../abi/fcntl.ts';
import { SI_TKILL, SI_USER, SIGNAL_COUNT } from '../../abi/signals.ts';
import { CLOCK, TIMER_ABSTIME } from '../../abi/time.ts';
import { isRoot, maySignal, taskOf } from '../look-up.ts';
import { PIDFD_THREAD, ProcessFile } from '../process-file.ts';
import { SignalFile } from '../signal-file.ts';
import { SIGINFO_SIZE } from '../signal-info.ts';
import { fromUser, sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { TimerFile } from '../timer-file.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { choice, clockId, fd, flags, outStruct, pid, pointer, rawFd, signal, size, struct, uint } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';
import { readSet } from './signal.ts';
import { monotonicDeadline } from './time.ts';
import { readTimespec, writeTimespec } from './timespec.ts';

function signalfd(task: Task, number: number, at: number, length: number, how: number): number {
  if (length !== 8) throw E.EINVAL;
  const mask = readSet(task, at).blockable();
  const { fds } = task.process;
  if (number === -1) return fds.add(new SignalFile(task.kernel, mask, how & O_NONBLOCK), (how & O_CLOEXEC) !== 0);
  const file = fds.file(number);
  if (!(file instanceof SignalFile)) throw E.EINVAL;
  file.mask = mask;
  return number;
}
const signalfdRow = syscall('signalfd', { x64: 282 }, [rawFd, struct, size], (task, number, at, length) =>
  signalfd(task, number, at, length, 0),
);
const signalfd4 = syscall(
  'signalfd4',
  { x64: 289, generic: 74 },
  [rawFd, struct, size, flags({ SFD_NONBLOCK: O_NONBLOCK, SFD_CLOEXEC: O_CLOEXEC }, O_NONBLOCK | O_CLOEXEC)],
  signalfd,
);

const TIMER_CLOCKS: ReadonlySet<number> = new Set([
  CLOCK.CLOCK_REALTIME,
  CLOCK.CLOCK_MONOTONIC,
  CLOCK.CLOCK_BOOTTIME,
  CLOCK.CLOCK_REALTIME_ALARM,
  CLOCK.CLOCK_BOOTTIME_ALARM,
]);
/** They would wake a sleeping machine, which not everyone may. */
const ALARM_CLOCKS: ReadonlySet<number> = new Set([CLOCK.CLOCK_REALTIME_ALARM, CLOCK.CLOCK_BOOTTIME_ALARM]);
const TFD_CANCEL_ON_SET = 2;
const timerfdCreate = syscall(
  'timerfd_create',
  { x64: 283, generic: 85 },
  [clockId, flags({ TFD_NONBLOCK: O_NONBLOCK, TFD_CLOEXEC: O_CLOEXEC }, O_NONBLOCK | O_CLOEXEC)],
  (task, clock, how) => {
    if (!TIMER_CLOCKS.has(clock)) throw E.EINVAL;
    if (ALARM_CLOCKS.has(clock) && !isRoot(task.process.credentials)) throw E.EPERM;
    return task.process.fds.add(new TimerFile(task.kernel, clock, how & O_NONBLOCK), (how & O_CLOEXEC) !== 0);
  },
);

function requireTimer(file: OpenFile): TimerFile {
  if (!(file instanceof TimerFile)) throw E.EINVAL;
  return file;
}
/** struct itimerspec: interval, then time left. */
function storeState(task: Task, at: number, { state }: TimerFile): void {
  writeTimespec(task, at, state.interval);
  writeTimespec(task, at + 16, state.left);
}
const timerfdSettime = syscall(
  'timerfd_settime',
  { x64: 286, generic: 86 },
  [fd, flags({ TFD_TIMER_ABSTIME: TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET: TFD_CANCEL_ON_SET }, 3), struct, outStruct],
  (task, file, how, set, old) => {
    const interval = readTimespec(task, set),
      value = readTimespec(task, set + 16);
    const timer = requireTimer(file);
    if (old !== 0) storeState(task, old, timer);
    const now = task.kernel.clock.monotonic();
    const deadline = how & TIMER_ABSTIME ? Math.max(1e-6, monotonicDeadline(task, timer.clock, value)) : now + value;
    timer.set(value === 0 ? 0 : deadline, interval);
    return 0;
  },
  'the clock is never set, so that TFD_TIMER_CANCEL_ON_SET cancels nothing',
);
const timerfdGettime = syscall('timerfd_gettime', { x64: 287, generic: 87 }, [fd, outStruct], (task, file, at) => {
  storeState(task, at, requireTimer(file));
  return 0;
});

const pidfdOpen = syscall(
  'pidfd_open',
  { x64: 434, generic: 434 },
  [pid, flags({ PIDFD_NONBLOCK: O_NONBLOCK, PIDFD_THREAD }, O_NONBLOCK | PIDFD_THREAD)],
  (task, which, how) => {
    if (which <= 0) throw E.EINVAL;
    const target = taskOf(task, which);
    const { process } = target;
    if (target !== process.leader && !(how & PIDFD_THREAD)) throw E.ENOENT;
    return task.process.fds.add(new ProcessFile({ process, flags: how, task: target }), true);
  },
);

function requireProcess(file: OpenFile): ProcessFile {
  if (!(file instanceof ProcessFile)) throw E.EBADF;
  return file;
}
/** How far a signal goes (include/uapi/linux/pidfd.h); 0: as the pidfd was opened. */
const SCOPES = { 0: 0, PIDFD_SIGNAL_THREAD: 1, PIDFD_SIGNAL_THREAD_GROUP: 2, PIDFD_SIGNAL_PROCESS_GROUP: 4 };
const pidfdSendSignal = syscall(
  'pidfd_send_signal',
  { x64: 424, generic: 424 },
  [fd, signal, pointer, choice(SCOPES)],
  (task, file, which, infoAt, how) => {
    if (!Object.values(SCOPES).includes(how)) throw E.EINVAL;
    const pidfd = requireProcess(file);
    const { process: target } = pidfd;
    if (which < 0 || which > SIGNAL_COUNT) throw E.EINVAL;
    const raw = infoAt === 0 ? undefined : task.memory.bytes(infoAt, SIGINFO_SIZE).slice();
    const code = raw ? new DataView(raw.buffer).getInt32(8, true) : SI_USER;
    if (raw && new DataView(raw.buffer).getInt32(0, true) !== which) throw E.EINVAL;
    if (raw && (code >= 0 || code === SI_TKILL) && target !== task.process) throw E.EPERM;
    if (pidfd.isGone) throw E.ESRCH;
    const members = [...task.kernel.processes.values()].filter(({ pgid }) => pgid === target.pgid);
    const targets = how === SCOPES.PIDFD_SIGNAL_PROCESS_GROUP ? members : [target];
    const allowed = targets.filter((each) => maySignal(task.process.credentials, each.credentials));
    if (allowed.length === 0) throw E.EPERM;
    const thread = how === SCOPES.PIDFD_SIGNAL_THREAD ? (pidfd.task ?? target.leader) : how === 0 ? pidfd.task : undefined;
    const info = raw ? { signal: which, code, raw } : fromUser(which, task.process);
    if (which !== 0) for (const each of allowed) sendSignal(each, info, thread);
    return 0;
  },
);
const pidfdGetfd = syscall('pidfd_getfd', { x64: 438, generic: 438 }, [fd, rawFd, uint], (task, file, number, how) => {
  if (how !== 0) throw E.EINVAL;
  const pidfd = requireProcess(file);
  const { process: target } = pidfd;
  if (pidfd.hasEnded) throw E.ESRCH;
  const { credentials: own } = task.process;
  if (!isRoot(own) && own.uid !== target.credentials.uid) throw E.EPERM;
  return task.process.fds.add(target.fds.get(number), true);
});

export const descriptorRows: readonly SyscallRow[] = [
  signalfdRow,
  signalfd4,
  timerfdCreate,
  timerfdSettime,
  timerfdGettime,
  pidfdOpen,
  pidfdSendSignal,
  pidfdGetfd,
];
