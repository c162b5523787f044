// Waiting for children: wait4 and waitid (wait(2)).

import { E } from '../../abi/errno.ts';
import { O_NONBLOCK } from '../../abi/fcntl.ts';
import { CLD_CONTINUED, CLD_STOPPED, SIGNAL } from '../../abi/signals.ts';
import { endOf, reap } from '../children.ts';
import type { ExitStatus, Process } from '../process.ts';
import { encodeSignalInfo } from '../signal-info.ts';
import type { Task } from '../task.ts';
import { ProcessFile } from '../process-file.ts';
import { POLLIN, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { choice, flags, outStruct, pid } from './args.ts';
import { type Argument, type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { writeUsage } from './usage.ts';
import { address, type Names } from './print.ts';

/** include/uapi/linux/wait.h */
const W = {
  WNOHANG: 1,
  WUNTRACED: 2,
  WEXITED: 4,
  WCONTINUED: 8,
  WNOWAIT: 0x01000000,
  __WNOTHREAD: 0x20000000,
  __WALL: 0x40000000,
  __WCLONE: 0x80000000 | 0,
} as const;
const WAIT4_FLAGS: Names = { ...W };
const WAITID_FLAGS: Names = Object.entries(W).map(([name, bit]) => [name === 'WUNTRACED' ? 'WSTOPPED' : name, bit] as const);
const WAIT4_KNOWN = W.WNOHANG | W.WUNTRACED | W.WCONTINUED | W.__WNOTHREAD | W.__WALL | W.__WCLONE;
const WAITID_KNOWN = WAIT4_KNOWN | W.WEXITED | W.WNOWAIT;
const KIND = { P_ALL: 0, P_PID: 1, P_PGID: 2, P_PIDFD: 3 } as const;
const MOST_NEGATIVE = -0x80000000;

/** What became of a child. */
interface Report {
  readonly child: Process;
  readonly code: number;
  /** si_status. */
  readonly status: number;
}

/**
 * Looks for a child that `isMeant` and has something to report, and takes the report unless WNOWAIT; `found` writes it.
 * ECHILD without such children; with WNOHANG the answer is 0.
 */
function waitFor(
  task: Task,
  isMeant: (child: Process) => boolean,
  options: number,
  found: (report: Report) => number,
  nonBlocking = false,
): SyscallResult {
  const { process } = task;
  const isWanted = (child: Process): boolean => isMeant(child) && isKind(child, options);
  const attempt = (): number | WouldBlock => {
    let isAny = false;
    for (const child of process.children) {
      if (!isWanted(child)) continue;
      isAny = true;
      const report = reportOf(child, options);
      if (!report) continue;
      if ((options & W.WNOWAIT) === 0) take(process, child);
      return found(report);
    }
    if (!isAny) throw E.ECHILD;
    return options & W.WNOHANG ? 0 : WOULD_BLOCK;
  };
  return task.retry({ queue: process.childQueue, poll: () => 0 }, POLLIN, attempt, { nonBlocking });
}

/** "Clone" children, who send another signal than SIGCHLD, are waited for by __WCLONE or __WALL only. */
const isKind = (child: Process, options: number): boolean =>
  (options & W.__WALL) !== 0 || (child.exitSignal !== SIGNAL.SIGCHLD) === ((options & W.__WCLONE) !== 0);

function reportOf(child: Process, options: number): Report | undefined {
  if (child.exited) return options & W.WEXITED ? { child, ...endOf(child.exited) } : undefined;
  const { unreported } = child;
  if (unreported === 0) return undefined;
  if (unreported === SIGNAL.SIGCONT)
    return options & W.WCONTINUED ? { child, code: CLD_CONTINUED, status: unreported } : undefined;
  return options & W.WUNTRACED ? { child, code: CLD_STOPPED, status: unreported } : undefined;
}

function take(parent: Process, child: Process): void {
  child.unreported = 0;
  if (!child.exited) return;
  parent.childrenTime += child.cpuTime + child.childrenTime;
  reap(child);
}

/** The status word of wait4. */
function statusWord({ code, status, child }: Report): number {
  if (child.exited) return exitWord(child.exited);
  return code === CLD_CONTINUED ? 0xffff : (status << 8) | 0x7f;
}
const exitWord = (status: ExitStatus): number => ('code' in status ? (status.code & 0xff) << 8 : status.signal & 0x7f);

/** int * that wait4 fills: [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]. */
const outStatus: Argument<number> = {
  ...outStruct,
  label: 'status (out)',
  print: (task, low, high, result) => {
    if (low === 0 && high === 0) return 'NULL';
    if (result <= 0 || high !== 0 || task.memory.accessible(low >>> 0, 4, false) < 4) return address(low >>> 0);
    const word = task.memory.getU32(low >>> 0);
    const number = word & 0x7f;
    if (word === 0xffff) return '[{WIFCONTINUED(s)}]';
    if (number === 0x7f) return `[{WIFSTOPPED(s) && WSTOPSIG(s) == ${(word >>> 8) & 0xff}}]`;
    if (number === 0) return `[{WIFEXITED(s) && WEXITSTATUS(s) == ${(word >>> 8) & 0xff}}]`;
    return `[{WIFSIGNALED(s) && WTERMSIG(s) == ${number}}]`;
  },
};

const wait4 = syscall(
  'wait4',
  { x64: 61, generic: 260 },
  [pid, outStatus, flags(WAIT4_FLAGS, WAIT4_KNOWN), outStruct],
  (task, which, at, options, usage) => {
    if (which === MOST_NEGATIVE) throw E.ESRCH;
    const group = which === 0 ? task.process.pgid : -which;
    const isMeant = (child: Process): boolean => (which > 0 ? child.pid === which : which === -1 || child.pgid === group);
    return waitFor(task, isMeant, options | W.WEXITED, (report) => {
      if (at !== 0) task.memory.setU32(at, statusWord(report));
      if (usage !== 0) writeUsage(task, usage, report.child.cpuTime + report.child.childrenTime);
      return report.child.pid;
    });
  },
  'CPU time counts as user time',
);

/** The members of siginfo_t that waitid writes (kernel/exit.c, SYSCALL_DEFINE5(waitid)): si_signo .. si_status. */
const INFO_BYTES = 28;

const waitid = syscall(
  'waitid',
  { x64: 247, generic: 95 },
  [choice(KIND), pid, outStruct, flags(WAITID_FLAGS, WAITID_KNOWN), outStruct],
  (task, kind, which, at, options, usage) => {
    if ((options & (W.WEXITED | W.WUNTRACED | W.WCONTINUED)) === 0) throw E.EINVAL;
    if (kind === KIND.P_PID ? which <= 0 : kind === KIND.P_PGID || kind === KIND.P_PIDFD ? which < 0 : kind !== KIND.P_ALL)
      throw E.EINVAL;
    const pidfd = kind === KIND.P_PIDFD ? task.process.fds.file(which) : undefined;
    if (pidfd && !(pidfd instanceof ProcessFile)) throw E.EBADF;
    const group = which || task.process.pgid;
    const isMeant = (child: Process): boolean =>
      kind === KIND.P_ALL ||
      (pidfd ? child === pidfd.process && !pidfd.isOther : kind === KIND.P_PID ? child.pid === which : child.pgid === group);
    let isFound = false;
    const result = waitFor(
      task,
      isMeant,
      options,
      ({ child, code, status }) => {
        isFound = true;
        if (usage !== 0) writeUsage(task, usage, child.cpuTime + child.childrenTime);
        const info = { signal: SIGNAL.SIGCHLD, code, pid: child.pid, uid: child.credentials.uid, status };
        if (at !== 0) task.memory.writable(at, INFO_BYTES).set(encodeSignalInfo(info).subarray(0, INFO_BYTES));
        return 0;
      },
      pidfd !== undefined && (pidfd.flags & O_NONBLOCK) !== 0,
    );
    if (result === 0 && !isFound && at !== 0) task.memory.writable(at, INFO_BYTES).fill(0);
    return result;
  },
  'CPU time counts as user time',
);

export const waitRows: readonly SyscallRow[] = [wait4, waitid];
