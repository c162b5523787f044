// Signals as syscalls: dispositions, masks, sending, waiting (signal(7)).

import { E } from '../../abi/errno.ts';
import {
  SA,
  SI_QUEUE,
  SI_TKILL,
  SIGNAL,
  SIGNAL_COUNT,
  signalName,
  SIGRTMIN,
  SS_AUTODISARM,
  SS_DISABLE,
} from '../../abi/signals.ts';
import { RLIMIT } from '../limits.ts';
import { maySignal, taskOf } from '../look-up.ts';
import type { Process } from '../process.ts';
import { encodeSignalInfo, SIGINFO_SIZE } from '../signal-info.ts';
import { KNOWN_SA_FLAGS, NO_ALT_STACK, type SignalInfo, SignalSet } from '../signal-set.ts';
import { altStackFlags, fromUser, isOnAltStack, returnFromHandler, sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import { WOULD_BLOCK } from '../wait.ts';
import { choice, outStruct, pid, pointer, realSignal, signal, size, unsigned } from './args.ts';
import { type Argument, NO_RESULT, type SyscallRow, syscall } from './define.ts';
import { address, flagNames } from './print.ts';
import { readTimespec } from './timespec.ts';

/** sizeof(sigset_t) in the kernel; every call that takes it refuses another. */
const SET_SIZE = 8;
const HOW = { SIG_BLOCK: 0, SIG_UNBLOCK: 1, SIG_SETMASK: 2 } as const;

/** A signal set in guest memory. */
export const readSet = (task: Task, at: number): SignalSet => new SignalSet(task.memory.getU32(at), task.memory.getU32(at + 4));

function writeSet(task: Task, at: number, set: SignalSet): void {
  task.memory.setU32(at, set.low);
  task.memory.setU32(at + 4, set.high);
}

function setNames(set: SignalSet): string {
  const names = (wanted: boolean): string[] => {
    const found: string[] = [];
    for (let each = 1; each <= SIGNAL_COUNT; each++)
      if (set.has(each) === wanted) found.push(signalName(each).replace(/^SIG/, ''));
    return found;
  };
  const held = names(true);
  return held.length > SIGNAL_COUNT / 2 ? `~[${names(false).join(' ')}]` : `[${held.join(' ')}]`;
}

/** Address of a sigset_t, printed as strace does: [INT TERM], ~[KILL]. */
const setAt = (isOutput: boolean): Argument<number> => ({
  label: isOutput ? 'sigset (out)' : 'sigset',
  decode: (_task, low, high) => unsigned(low, high),
  print: (task, low, high, result) => {
    const at = unsigned(low, high);
    if (at === 0 || result < 0 || task.memory.accessible(at, SET_SIZE, false) < SET_SIZE) return address(at);
    return setNames(readSet(task, at));
  },
  isOutput,
});
export const inSet = setAt(false);
export const outSet = setAt(true);

/** struct sigaction of the kernel: handler, flags, restorer, mask; 32 bytes. */
const SIGACTION_SIZE = 32;
const sigactionAt = (isOutput: boolean): Argument<number> => ({
  label: isOutput ? 'sigaction (out)' : 'sigaction',
  decode: (_task, low, high) => unsigned(low, high),
  print: (task, low, high, result) => {
    const at = unsigned(low, high);
    if (at === 0 || result < 0 || task.memory.accessible(at, SIGACTION_SIZE, false) < SIGACTION_SIZE) return address(at);
    const handler = task.memory.getU64(at),
      flagBits = task.memory.getU32(at + 8);
    const name = handler === 0 ? 'SIG_DFL' : handler === 1 ? 'SIG_IGN' : address(handler);
    const restorer = flagBits & SA.SA_RESTORER ? `, sa_restorer=${address(task.memory.getU64(at + 16))}` : '';
    return `{sa_handler=${name}, sa_mask=${setNames(readSet(task, at + 24))}, sa_flags=${flagNames(flagBits, SA)}${restorer}}`;
  },
  isOutput,
});

function requireSetSize(length: number): void {
  if (length !== SET_SIZE) throw E.EINVAL;
}

const rtSigaction = syscall(
  'rt_sigaction',
  { x64: 13, generic: 134 },
  [realSignal, sigactionAt(false), sigactionAt(true), size],
  (task, which, act, old, length) => {
    requireSetSize(length);
    const { signals } = task.process;
    const before = signals.disposition(which);
    if (act !== 0) {
      const handler = task.memory.getU64(act),
        flagBits = task.memory.getU32(act + 8),
        restorer = task.memory.getU64(act + 16);
      const mask = readSet(task, act + 24).blockable();
      if (which === SIGNAL.SIGKILL || which === SIGNAL.SIGSTOP) throw E.EINVAL;
      signals.set(which, { handler, flags: flagBits & KNOWN_SA_FLAGS, restorer, mask });
      if (signals.isIgnored(which)) {
        signals.pending.discard(which);
        for (const each of task.process.tasks) each.signals.pending.discard(which);
      }
    }
    if (old !== 0) {
      task.memory.setI64(old, before.handler);
      task.memory.setU64big(old + 8, BigInt(before.flags >>> 0));
      task.memory.setI64(old + 16, before.restorer);
      writeSet(task, old + 24, before.mask);
    }
    return 0;
  },
);

const rtSigprocmask = syscall(
  'rt_sigprocmask',
  { x64: 14, generic: 135 },
  [choice(HOW), inSet, outSet, size],
  (task, how, set, old, length) => {
    requireSetSize(length);
    const { signals } = task;
    const before = signals.blocked;
    if (set !== 0) {
      const given = readSet(task, set);
      const next = before.copy();
      if (how === HOW.SIG_BLOCK) {
        next.low |= given.low;
        next.high |= given.high;
      } else if (how === HOW.SIG_UNBLOCK) {
        next.low &= ~given.low;
        next.high &= ~given.high;
      } else if (how === HOW.SIG_SETMASK) {
        next.low = given.low;
        next.high = given.high;
      } else throw E.EINVAL;
      signals.blocked = next.blockable();
    }
    if (old !== 0) writeSet(task, old, before);
    signals.refresh(task);
    return 0;
  },
);

const rtSigpending = syscall('rt_sigpending', { x64: 127, generic: 136 }, [outSet, size], (task, set, length) => {
  if (length > SET_SIZE) throw E.EINVAL;
  const mine = task.signals.pending.set,
    shared = task.process.signals.pending.set,
    { blocked } = task.signals;
  const pending = new SignalSet((mine.low | shared.low) & blocked.low, (mine.high | shared.high) & blocked.high);
  const bytes = new Uint8Array(new Int32Array([pending.low, pending.high]).buffer);
  task.memory.writable(set, length).set(bytes.subarray(0, length));
  return 0;
});

const rtSigreturn = syscall('rt_sigreturn', { x64: 15, generic: 139 }, [], (task) => {
  returnFromHandler(task);
  return NO_RESULT;
});

const rtSigsuspend = syscall('rt_sigsuspend', { x64: 130, generic: 133 }, [inSet, size], (task, set, length) => {
  requireSetSize(length);
  return task.retry([], 0, () => WOULD_BLOCK, { sigmask: readSet(task, set), onSignal: 'interrupt' });
});

const pause = syscall('pause', { x64: 34 }, [], (task) => task.retry([], 0, () => WOULD_BLOCK, { onSignal: 'interrupt' }));

const MINSIGSTKSZ = 2048;
const sigaltstack = syscall('sigaltstack', { x64: 131, generic: 132 }, [pointer, outStruct], (task, set, old) => {
  const { memory, signals } = task;
  const before = signals.altStack,
    beforeFlags = altStackFlags(task);
  if (set !== 0) {
    const at = memory.getU64(set),
      flagBits = memory.getU32(set + 8),
      length = memory.getU64(set + 16);
    if (isOnAltStack(task)) throw E.EPERM;
    const kind = flagBits & ~SS_AUTODISARM;
    // SS_ONSTACK is taken as if it were 0 (sigaltstack(2), notes).
    if (kind > SS_DISABLE) throw E.EINVAL;
    if (kind !== SS_DISABLE && length < MINSIGSTKSZ) throw E.ENOMEM;
    signals.altStack = kind === SS_DISABLE ? NO_ALT_STACK : { address: at, size: length, flags: flagBits & SS_AUTODISARM };
  }
  if (old !== 0) {
    memory.setI64(old, before.address);
    memory.setU64big(old + 8, BigInt(beforeFlags >>> 0));
    memory.setI64(old + 16, before.size);
  }
  return 0;
});

/** Sends `which` (0: only checks) to every target the caller may signal; EPERM if there are only others, ESRCH if none. */
function sendToAll(task: Task, targets: readonly Process[], which: number): number {
  if (targets.length === 0) throw E.ESRCH;
  requireSignal(which);
  const allowed = targets.filter((each) => mayReach(task, each, which));
  if (allowed.length === 0) throw E.EPERM;
  if (which !== 0) for (const each of allowed) sendSignal(each, fromUser(which, task.process));
  return 0;
}

function mayReach(task: Task, target: Process, which: number): boolean {
  if (which === SIGNAL.SIGCONT && target.sid === task.process.sid) return true;
  return maySignal(task.process.credentials, target.credentials);
}

function requireSignal(which: number): void {
  if (which < 0 || which > SIGNAL_COUNT) throw E.EINVAL;
}

const kill = syscall('kill', { x64: 62, generic: 129 }, [pid, signal], (task, target, which) => {
  const all = [...task.kernel.processes.values()];
  if (target > 0)
    return sendToAll(
      task,
      all.filter((each) => each.pid === target),
      which,
    );
  if (target === -1)
    return sendToAll(
      task,
      all.filter((each) => each.pid > 1 && each !== task.process),
      which,
    );
  const group = target === 0 ? task.process.pgid : -target;
  return sendToAll(
    task,
    all.filter((each) => each.pgid === group),
    which,
  );
});

function sendToTask(task: Task, target: Task, which: number): number {
  requireSignal(which);
  if (!mayReach(task, target.process, which)) throw E.EPERM;
  if (which >= SIGRTMIN) requireQueueable(target.process);
  if (which !== 0) sendSignal(target.process, fromUser(which, task.process, SI_TKILL), target);
  return 0;
}
const tkill = syscall('tkill', { x64: 200, generic: 130 }, [pid, signal], (task, tid, which) => {
  if (tid <= 0) throw E.EINVAL;
  return sendToTask(task, taskOf(task, tid), which);
});
const tgkill = syscall('tgkill', { x64: 234, generic: 131 }, [pid, pid, signal], (task, group, tid, which) => {
  if (tid <= 0 || group <= 0) throw E.EINVAL;
  const target = taskOf(task, tid);
  if (target.process.pid !== group) throw E.ESRCH;
  return sendToTask(task, target, which);
});

/** A siginfo_t that the guest made: only the process itself may claim codes of the kernel or of tkill. */
function givenInfo(task: Task, pid: number, which: number, at: number): SignalInfo {
  const raw = task.memory.bytes(at, SIGINFO_SIZE).slice();
  const code = new DataView(raw.buffer).getInt32(8, true);
  if ((code >= 0 || code === SI_TKILL) && pid !== task.process.pid) throw E.EPERM;
  return { signal: which, code, raw };
}
function requireQueued(task: Task, target: Process, which: number, { code }: SignalInfo): void {
  requireSignal(which);
  if (code === SI_QUEUE && !mayReach(task, target, which)) throw E.EPERM;
  if (which >= SIGRTMIN) requireQueueable(target);
}

/** EAGAIN where nothing more may be queued for the processes of a user (RLIMIT_SIGPENDING, getrlimit(2)). */
export function requireQueueable(target: Process): void {
  if (queuedFor(target) >= target.limits.soft(RLIMIT.SIGPENDING)) throw E.EAGAIN;
}

function queuedFor({ kernel, credentials }: Process): number {
  let count = 0;
  for (const { credentials: other, signals, tasks } of kernel.processes.values()) {
    if (other.uid !== credentials.uid) continue;
    count += signals.pending.count;
    for (const each of tasks) count += each.signals.pending.count;
  }
  return count;
}
const rtSigqueueinfo = syscall('rt_sigqueueinfo', { x64: 129, generic: 138 }, [pid, signal, pointer], (task, to, which, at) => {
  const info = givenInfo(task, to, which, at);
  const target = task.kernel.processes.get(to);
  if (!target) throw E.ESRCH;
  requireQueued(task, target, which, info);
  if (which !== 0) sendSignal(target, info);
  return 0;
});
const rtTgsigqueueinfo = syscall(
  'rt_tgsigqueueinfo',
  { x64: 297, generic: 240 },
  [pid, pid, signal, pointer],
  (task, group, tid, which, at) => {
    if (tid <= 0 || group <= 0) throw E.EINVAL;
    const info = givenInfo(task, tid, which, at);
    const target = taskOf(task, tid);
    if (target.process.pid !== group) throw E.ESRCH;
    requireQueued(task, target.process, which, info);
    if (which !== 0) sendSignal(target.process, info, target);
    return 0;
  },
);

const rtSigtimedwait = syscall(
  'rt_sigtimedwait',
  { x64: 128, generic: 137 },
  [inSet, outStruct, pointer, size],
  (task, set, info, timeout, length) => {
    requireSetSize(length);
    const wanted = readSet(task, set).blockable();
    const wait = timeout === 0 ? undefined : readTimespec(task, timeout);
    const isWanted = (each: number): boolean => wanted.has(each);
    const { signals } = task;
    const take = (): number | typeof WOULD_BLOCK => {
      const taken = signals.pending.take(isWanted) ?? task.process.signals.pending.take(isWanted);
      if (!taken) {
        signals.waitingFor = wanted;
        return WOULD_BLOCK;
      }
      if (info !== 0) task.memory.writable(info, SIGINFO_SIZE).set(encodeSignalInfo(taken));
      return taken.signal;
    };
    return task.retry([], 0, take, {
      deadline: wait === undefined ? undefined : task.kernel.clock.monotonic() + wait,
      onTimeout: () => {
        throw E.EAGAIN;
      },
      onSignal: 'interrupt',
      cleanup: () => {
        signals.waitingFor = undefined;
      },
    });
  },
);

export const signalRows: readonly SyscallRow[] = [
  rtSigaction,
  rtSigprocmask,
  rtSigpending,
  rtSigreturn,
  rtSigsuspend,
  pause,
  sigaltstack,
  kill,
  tkill,
  tgkill,
  rtSigqueueinfo,
  rtTgsigqueueinfo,
  rtSigtimedwait,
];
