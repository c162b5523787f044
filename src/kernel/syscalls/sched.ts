// Scheduling as the guest may set it: one CPU, everyone SCHED_OTHER (sched(7)).

import { E } from '../../abi/errno.ts';
import { mayAdjust, taskOf } from '../look-up.ts';
import type { Task } from '../task.ts';
import { choice, int, outStruct, pid, pointer, size, struct } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

const POLICY = { SCHED_OTHER: 0, SCHED_FIFO: 1, SCHED_RR: 2, SCHED_BATCH: 3, SCHED_IDLE: 5, SCHED_DEADLINE: 6 } as const;
const NORMAL: ReadonlySet<number> = new Set([POLICY.SCHED_OTHER, POLICY.SCHED_BATCH, POLICY.SCHED_IDLE]);
const REAL_TIME: ReadonlySet<number> = new Set([POLICY.SCHED_FIFO, POLICY.SCHED_RR]);
const SCHED_RESET_ON_FORK = 0x40000000;
/** The mask is a number of longs; one CPU needs one. */
const MASK_BYTES = 8;
/** What a slice lasts about, in nanoseconds. */
const SLICE = 4_000_000;

const schedYield = syscall('sched_yield', { x64: 24, generic: 124 }, [], (task) => {
  task.needsAttention = true;
  return 0;
});
const getaffinity = syscall('sched_getaffinity', { x64: 204, generic: 123 }, [pid, size, outStruct], (task, of, length, mask) => {
  if (length < MASK_BYTES || length % MASK_BYTES !== 0) throw E.EINVAL;
  taskOf(task, of);
  task.memory.setI64(mask, 1);
  return MASK_BYTES;
});
const setaffinity = syscall('sched_setaffinity', { x64: 203, generic: 122 }, [pid, size, struct], (task, of, length, mask) => {
  adjustable(task, of);
  if (length === 0 || (task.memory.getU8(mask) & 1) === 0) throw E.EINVAL;
  return 0;
});

/** A task whose scheduling the caller may set: ESRCH, EPERM. */
function adjustable(task: Task, of: number): Task {
  const target = taskOf(task, of);
  if (!mayAdjust(task.process.credentials, target.process.credentials)) throw E.EPERM;
  return target;
}

/** The address of a sched_param; NULL is EINVAL, not EFAULT. */
function requireParam(of: number, param: number): void {
  if (param === 0 || of < 0) throw E.EINVAL;
}

/** EINVAL unless the priority fits the policy; EPERM for real-time ones, which one CPU shared by all cannot give. */
function requirePolicy(policy: number, priority: number): void {
  if (NORMAL.has(policy)) {
    if (priority !== 0) throw E.EINVAL;
  } else if (REAL_TIME.has(policy)) {
    if (priority < 1 || priority > 99) throw E.EINVAL;
    throw E.EPERM;
  } else throw E.EINVAL;
}
const getscheduler = syscall('sched_getscheduler', { x64: 145, generic: 120 }, [pid], (task, of) => {
  if (of < 0) throw E.EINVAL;
  return taskOf(task, of).policy;
});
const setscheduler = syscall(
  'sched_setscheduler',
  { x64: 144, generic: 119 },
  [pid, choice(POLICY), struct],
  (task, of, policy, param) => {
    requireParam(of, param);
    const plain = policy & ~SCHED_RESET_ON_FORK;
    taskOf(task, of);
    requirePolicy(plain, task.memory.getI32(param));
    adjustable(task, of).policy = plain;
    return 0;
  },
  'real-time policies are EPERM',
);
const getparam = syscall('sched_getparam', { x64: 143, generic: 121 }, [pid, outStruct], (task, of, param) => {
  requireParam(of, param);
  taskOf(task, of);
  task.memory.setU32(param, 0);
  return 0;
});
const setparam = syscall('sched_setparam', { x64: 142, generic: 118 }, [pid, struct], (task, of, param) => {
  requireParam(of, param);
  requirePolicy(taskOf(task, of).policy, task.memory.getI32(param));
  adjustable(task, of);
  return 0;
});
const priorityMax = syscall('sched_get_priority_max', { x64: 146, generic: 125 }, [choice(POLICY)], (_task, policy) =>
  bound(policy, 99),
);
const priorityMin = syscall('sched_get_priority_min', { x64: 147, generic: 126 }, [choice(POLICY)], (_task, policy) =>
  bound(policy, 1),
);
function bound(policy: number, realTime: number): number {
  if (REAL_TIME.has(policy)) return realTime;
  if (NORMAL.has(policy) || policy === POLICY.SCHED_DEADLINE) return 0;
  throw E.EINVAL;
}
const rrInterval = syscall('sched_rr_get_interval', { x64: 148, generic: 127 }, [pid, outStruct], (task, of, at) => {
  if (of < 0) throw E.EINVAL;
  taskOf(task, of);
  task.memory.setI64(at, 0);
  task.memory.setI64(at + 8, SLICE);
  return 0;
});
const getcpu = syscall('getcpu', { x64: 309, generic: 168 }, [pointer, pointer, pointer], (task, cpu, node) => {
  if (cpu !== 0) task.memory.setU32(cpu, 0);
  if (node !== 0) task.memory.setU32(node, 0);
  return 0;
});

/** include/uapi/linux/membarrier.h */
const MEMBARRIER_QUERY = 0;
const MEMBARRIER_COMMANDS = 1 | 2 | 4 | 8 | 16 | 32 | 64;
const MEMBARRIER_REGISTRATIONS = 4 | 16 | 64;
const MEMBARRIER_NEEDS = new Map([
  [8, 16],
  [32, 64],
]);
const membarrier = syscall('membarrier', { x64: 324, generic: 283 }, [int, int, int], (task, command, flagBits) => {
  if (flagBits !== 0) throw E.EINVAL;
  if (command === MEMBARRIER_QUERY) return MEMBARRIER_COMMANDS;
  if ((command & (command - 1)) !== 0 || (command & MEMBARRIER_COMMANDS) === 0) throw E.EINVAL;
  const { process } = task;
  if (command & MEMBARRIER_REGISTRATIONS) process.membarriers |= command;
  const needs = MEMBARRIER_NEEDS.get(command) ?? 0;
  // One task runs at a time, so every barrier has happened when the call returns.
  if ((process.membarriers & needs) !== needs) throw E.EPERM;
  return 0;
});

export const schedRows: readonly SyscallRow[] = [
  schedYield,
  getaffinity,
  setaffinity,
  getscheduler,
  setscheduler,
  getparam,
  setparam,
  priorityMax,
  priorityMin,
  rrInterval,
  getcpu,
  membarrier,
];
