// Finding processes and tasks by number, and who may act on whom.

import { E } from '../abi/errno.ts';
import type { Credentials, Process } from './process.ts';
import type { Task } from './task.ts';

/** The process of a pid, 0 for the caller's; ESRCH. */
export function processOf(task: Task, pid: number): Process {
  const process = pid === 0 ? task.process : task.kernel.processes.get(pid);
  if (!process) throw E.ESRCH;
  return process;
}

/** The task of a tid in any process, 0 for the caller; ESRCH. */
export function taskOf(task: Task, tid: number): Task {
  if (tid === 0 || tid === task.tid) return task;
  for (const process of task.kernel.processes.values()) {
    const found = process.tasks.find((each) => each.tid === tid);
    if (found) return found;
    if (process.exited && process.pid === tid) return process.leader;
  }
  throw E.ESRCH;
}

export const isRoot = (credentials: Credentials): boolean => credentials.euid === 0;

/** ptrace(2), "Ptrace access mode checking": root, or all ids of the other are the caller's. */
export function mayInspect(from: Credentials, to: Credentials): boolean {
  return isRoot(from) || [to.uid, to.euid, to.suid].every((uid) => uid === from.uid);
}

/** Who may set priorities and the like: root, or whose effective uid is one of the other's. */
export function mayAdjust(from: Credentials, to: Credentials): boolean {
  return isRoot(from) || from.euid === to.uid || from.euid === to.euid;
}

/** kill(2): root, or the sender's real or effective uid equals the target's real or saved one. */
export function maySignal(from: Credentials, to: Credentials): boolean {
  return isRoot(from) || [from.uid, from.euid].some((uid) => uid === to.uid || uid === to.suid);
}
