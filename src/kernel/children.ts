// Parents and children: who is told of an end, a stop or a continuation, and who takes over orphans (wait(2)).

import { type CLD_CONTINUED, CLD_EXITED, CLD_KILLED, CLD_STOPPED, SA, SI_USER, SIG_IGN, SIGNAL } from '../abi/signals.ts';
import type { ExitStatus, Process } from './process.ts';
import type { SignalInfo } from './signal-set.ts';
import { sendSignal } from './signals.ts';
import { POLLIN } from './wait.ts';

/** si_code and si_status of a child's end, as SIGCHLD and waitid report it. */
export const endOf = (status: ExitStatus): { readonly code: number; readonly status: number } =>
  'code' in status ? { code: CLD_EXITED, status: status.code } : { code: CLD_KILLED, status: status.signal };

/** A process has ended: its children get another parent, its parent learns of it. */
export function announceEnd(process: Process): void {
  if (process.children.size > 0) {
    const reaper = nextReaper(process);
    for (const child of process.children) handOver(child, process, reaper);
    process.children.clear();
  }
  tellParent(process);
}

function tellParent(process: Process): void {
  const { parent, exited } = process;
  if (!parent || parent.exited || !exited) return reap(process);
  const { handler, flags } = parent.signals.disposition(SIGNAL.SIGCHLD);
  const isUnwanted = process.exitSignal === SIGNAL.SIGCHLD && (handler === SIG_IGN || (flags & SA.SA_NOCLDWAIT) !== 0);
  if (isUnwanted) reap(process);
  const { code, status } = endOf(exited);
  if (process.exitSignal !== 0) sendSignal(parent, childInfo(process, process.exitSignal, code, status));
  parent.childQueue.wake(POLLIN);
}

/** The nearest living ancestor that asked for orphans (PR_SET_CHILD_SUBREAPER); the machine itself where there is none. */
function nextReaper(process: Process): Process | undefined {
  let at = process.parent;
  while (at && (at.exited || !at.isSubreaper)) at = at.parent;
  return at;
}

function handOver(child: Process, from: Process, to: Process | undefined): void {
  child.parent = to;
  to?.children.add(child);
  if (child.exited) return tellParent(child);
  child.exitSignal = SIGNAL.SIGCHLD;
  if (child.parentDeathSignal !== 0) {
    sendSignal(child, { signal: child.parentDeathSignal, code: SI_USER, pid: from.pid, uid: from.credentials.uid });
  }
}

/** The end of a zombie. */
export function reap(process: Process): void {
  process.kernel.processes.delete(process.pid);
  process.parent?.children.delete(process);
}

/** A process stopped or goes on. */
export function announceStop(process: Process, code: typeof CLD_STOPPED | typeof CLD_CONTINUED): void {
  const { parent } = process;
  if (!parent) {
    if (code === CLD_STOPPED) process.kernel.onStop?.(process);
    return;
  }
  if ((parent.signals.disposition(SIGNAL.SIGCHLD).flags & SA.SA_NOCLDSTOP) === 0) {
    sendSignal(parent, childInfo(process, SIGNAL.SIGCHLD, code, process.unreported));
  }
  parent.childQueue.wake(POLLIN);
}

const childInfo = (child: Process, signal: number, code: number, status: number): SignalInfo => ({
  signal,
  code,
  pid: child.pid,
  uid: child.credentials.uid,
  status,
});

/** Is its process group orphaned: has no member a parent outside the group but in its session? The host is such a parent. */
export function isOrphaned({ kernel, pgid }: Process): boolean {
  for (const { pgid: group, sid, parent, ppid, exited } of kernel.processes.values()) {
    if (group !== pgid || exited) continue;
    if (parent ? parent.pgid !== pgid && parent.sid === sid : ppid === 0) return false;
  }
  return true;
}
