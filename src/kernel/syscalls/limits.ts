// Resource limits (getrlimit(2)).

import { E } from '../../abi/errno.ts';
import { isRoot, maySignal, processOf } from '../look-up.ts';
import { type Limit, RLIMIT } from '../limits.ts';
import type { Process } from '../process.ts';
import type { Task } from '../task.ts';
import { choice, outRlimit, pid, rlimit } from './args.ts';
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

export const limitRows: readonly SyscallRow[] = [getrlimit, setrlimit, prlimit64];
