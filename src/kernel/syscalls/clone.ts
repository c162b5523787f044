// fork, vfork, clone and clone3 as syscalls.

import { E } from '../../abi/errno.ts';
import { CLONE, CLONE_CLEAR_SIGHAND, CSIGNAL } from '../../abi/sched.ts';
import { signalName } from '../../abi/signals.ts';
import { clone as make, FORK, VFORK } from '../clone.ts';
import type { Task } from '../task.ts';
import { hex, pointer, size, unsigned } from './args.ts';
import { type Argument, type SyscallRow, syscall } from './define.ts';
import { address, flagNames } from './print.ts';

const fork = syscall('fork', { x64: 57 }, [], (task) => make(task, FORK));
const vfork = syscall('vfork', { x64: 58 }, [], (task) => make(task, VFORK));

const flagText = (flags: number, exitSignal: number): string => {
  const names = flags === 0 ? '' : flagNames(flags, CLONE);
  return [names, exitSignal === 0 ? '' : signalName(exitSignal)].filter(Boolean).join('|') || '0';
};
const cloneFlags: Argument<number> = {
  label: 'clone flags',
  decode: (_task, low) => low,
  print: (_task, low) => flagText(low & ~CSIGNAL, low & CSIGNAL),
};

const SHARED = 'no namespaces (EINVAL); no handlers shared between processes (ENOSYS)';
const clone = syscall(
  'clone',
  { x64: 56 },
  [cloneFlags, hex, pointer, pointer, hex],
  (task, flags, stack, parentTid, childTid, tls) => {
    // One address for both (clone(2), CLONE_PIDFD).
    if (flags & CLONE.CLONE_PIDFD && flags & CLONE.CLONE_PARENT_SETTID) throw E.EINVAL;
    return make(task, {
      flags: flags & ~CSIGNAL,
      exitSignal: flags & CSIGNAL,
      stack,
      pidfd: parentTid,
      parentTid,
      childTid,
      tls,
    });
  },
  SHARED,
);

/** struct clone_args: flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup. */
const FIRST_SIZE = 64,
  KNOWN_SIZE = 88,
  MOST = 4096;
const PIDFD = 8,
  CHILD_TID = 16,
  PARENT_TID = 24,
  EXIT_SIGNAL = 32,
  STACK = 40,
  STACK_SIZE = 48,
  TLS = 56,
  SET_TID = 64,
  SET_TID_SIZE = 72;
/** MAX_PID_NS_LEVEL. */
const MOST_TIDS = 32;

const cloneArgs: Argument<number> = {
  label: 'clone_args',
  decode: (_task, low, high) => unsigned(low, high),
  print: (task, low, high) => {
    const at = unsigned(low, high);
    if (task.memory.accessible(at, FIRST_SIZE, false) < FIRST_SIZE) return address(at);
    const member = (offset: number): string => address(task.memory.getU64(at + offset));
    const exitSignal = task.memory.getU32(at + EXIT_SIGNAL);
    return `{flags=${flagText(task.memory.getU32(at) | 0, 0)}, exit_signal=${exitSignal === 0 ? '0' : signalName(exitSignal)}, stack=${member(STACK)}, stack_size=${member(STACK_SIZE)}}`;
  },
};

/** Bytes that the caller has and this kernel does not know must be 0 (copy_struct_from_user). */
function requireKnown(task: Task, at: number, length: number): void {
  if (length > MOST) throw E.E2BIG;
  if (length < FIRST_SIZE) throw E.EINVAL;
  if (length > KNOWN_SIZE && task.memory.bytes(at + KNOWN_SIZE, length - KNOWN_SIZE).some((byte) => byte !== 0)) throw E.E2BIG;
}

/** The tid that set_tid names, if it does: one, for there is one pid namespace. */
function chosenTid({ memory }: Task, at: number, length: number): number | undefined {
  if (length < KNOWN_SIZE - 8) return undefined;
  const tids = memory.getU64(at + SET_TID),
    count = memory.getU64(at + SET_TID_SIZE);
  if (count > MOST_TIDS || (count === 0) !== (tids === 0)) throw E.EINVAL;
  if (count === 0) return undefined;
  const tid = memory.getI32(tids);
  if (count > 1) throw E.EINVAL;
  return tid;
}

const clone3 = syscall(
  'clone3',
  { x64: 435, generic: 435 },
  [cloneArgs, size],
  (task, at, length) => {
    requireKnown(task, at, length);
    const { memory } = task;
    const flags = memory.getU32(at) | 0,
      highFlags = memory.getU32(at + 4);
    const exitSignal = memory.getU64(at + EXIT_SIGNAL),
      stack = memory.getU64(at + STACK),
      stackSize = memory.getU64(at + STACK_SIZE);
    if (highFlags & ~CLONE_CLEAR_SIGHAND || flags & (CSIGNAL | CLONE.CLONE_DETACHED)) throw E.EINVAL;
    if ((stack === 0) !== (stackSize === 0) || exitSignal > CSIGNAL) throw E.EINVAL;
    if (flags & (CLONE.CLONE_THREAD | CLONE.CLONE_PARENT) && exitSignal !== 0) throw E.EINVAL;
    const tid = chosenTid(task, at, length);
    return make(task, {
      flags,
      ...(tid === undefined ? {} : { tid }),
      highFlags,
      exitSignal,
      stack: stack + stackSize,
      pidfd: memory.getU64(at + PIDFD),
      parentTid: memory.getU64(at + PARENT_TID),
      childTid: memory.getU64(at + CHILD_TID),
      tls: memory.getU64(at + TLS),
    });
  },
  `${SHARED}; no cgroups`,
);

export const cloneRows: readonly SyscallRow[] = [fork, vfork, clone, clone3];
