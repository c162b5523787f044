// New processes and threads: what clone, fork and vfork share with who called them, and what they copy (clone(2)).
//
// A child starts at the dispatcher with the caller's registers and 0 as result: nothing of a guest is on the host's stack.
// With CLONE_VM it lives in the caller's address space, and the registers of whoever does not run lie in its task.

import { E } from '../abi/errno.ts';
import { CLONE, CLONE_CLEAR_SIGHAND, CLONE_NEW } from '../abi/sched.ts';
import { SIGNAL, SIGNAL_COUNT } from '../abi/signals.ts';
import type { AddressSpace } from './address-space.ts';
import { type Kernel, PID_LIMIT } from './kernel.ts';
import { RLIMIT } from './limits.ts';
import { isRoot } from './look-up.ts';
import { Process } from './process.ts';
import { isCrowded } from './process-limit.ts';
import { PIDFD_THREAD, ProcessFile } from './process-file.ts';
import type { SyscallResult } from './syscalls/define.ts';
import { Task } from './task.ts';
import { POLLIN, WaitQueue, WOULD_BLOCK } from './wait.ts';

export interface CloneRequest {
  /** CLONE_*, without the signal. */
  readonly flags: number;
  /** The upper half of clone3's flags. */
  readonly highFlags?: number;
  readonly exitSignal: number;
  /** Stack pointer to start with; 0 for the caller's. */
  readonly stack: number;
  /** Addresses for the new tid in the caller's memory and in the child's. */
  readonly parentTid: number;
  readonly childTid: number;
  /** Address for a pidfd, with CLONE_PIDFD. */
  readonly pidfd?: number;
  /** FS base, with CLONE_SETTLS. */
  readonly tls: number;
  /** The number that the caller wants (clone3's set_tid). */
  readonly tid?: number;
}

/** The result of the call in the caller: the number of the new process or thread. */
export function clone(task: Task, request: CloneRequest): SyscallResult {
  const { flags } = request;
  requireSense(request);
  return flags & CLONE.CLONE_THREAD ? cloneThread(task, request) : cloneProcess(task, request);
}

function requireSense({ flags, exitSignal }: CloneRequest): void {
  const isThread = (flags & CLONE.CLONE_THREAD) !== 0,
    sharesHandlers = (flags & CLONE.CLONE_SIGHAND) !== 0;
  if (sharesHandlers && !(flags & CLONE.CLONE_VM)) throw E.EINVAL;
  if (isThread && !sharesHandlers) throw E.EINVAL;
  if (exitSignal > SIGNAL_COUNT) throw E.EINVAL;
  if (flags & CLONE.CLONE_PIDFD && flags & CLONE.CLONE_DETACHED) throw E.EINVAL;
  // Handlers are shared by threads only, and threads share everything.
  if (sharesHandlers !== isThread) throw E.ENOSYS;
}

function cloneThread(task: Task, request: CloneRequest): number {
  const { process, kernel } = task;
  requireNoNamespace(process, request);
  requirePidfd(process, request);
  const thread = new Task(process, numberFor(process, request));
  thread.context = process.space.contextOf(task);
  thread.signals.blocked = task.signals.blocked.copy();
  thread.name = task.name;
  prepare(kernel, thread.context, request);
  setTids(task, thread, request);
  process.tasks.push(thread);
  givePidfd(process, request, thread);
  kernel.scheduler.ready(thread);
  return thread.tid;
}

function cloneProcess(task: Task, request: CloneRequest): SyscallResult {
  const { process, kernel } = task;
  const { flags } = request;
  requireRoom(process);
  requireNoNamespace(process, request);
  requirePidfd(process, request);
  const pid = numberFor(process, request);
  const sharesMemory = (flags & CLONE.CLONE_VM) !== 0;
  const context = process.space.contextOf(task);
  prepare(kernel, context, request);
  const space = sharesMemory ? process.space : copySpace(process);
  const child: Process = new Process(kernel, pid, {
    space,
    fds: flags & CLONE.CLONE_FILES ? process.fds.share() : process.fds.clone(() => child.limits.soft(RLIMIT.NOFILE)),
    fs: flags & CLONE.CLONE_FS ? process.fs : { ...process.fs },
    credentials: { ...process.credentials },
    parent: process,
  });
  inherit(process, child, request);
  const { leader } = child;
  leader.name = task.name;
  leader.signals.blocked = task.signals.blocked.copy();
  if (!sharesMemory || flags & CLONE.CLONE_VFORK) leader.signals.altStack = task.signals.altStack;
  if (sharesMemory) leader.context = context;
  else {
    space.stateBytes.set(context);
    space.current = leader;
  }
  kernel.add(child);
  givePidfd(process, request, leader);
  setTids(task, leader, request);
  kernel.scheduler.ready(leader);
  return flags & CLONE.CLONE_VFORK ? sleepUntilDone(task, child) : child.pid;
}

/** Only a user namespace is for everyone to ask for. */
function requireNoNamespace({ credentials }: Process, { flags }: CloneRequest): void {
  if (flags & CLONE_NEW) throw flags & CLONE.CLONE_NEWUSER || isRoot(credentials) ? E.EINVAL : E.EPERM;
}

/** The next free number, or the chosen one: EINVAL, EPERM, EEXIST (kernel/pid.c, alloc_pid). */
function numberFor({ kernel, credentials }: Process, { tid }: CloneRequest): number {
  if (tid === undefined) return kernel.nextPid();
  if (tid < 1 || tid >= PID_LIMIT) throw E.EINVAL;
  if (!isRoot(credentials)) throw E.EPERM;
  return kernel.claimPid(tid);
}

/** CLONE_PIDFD will be possible. */
function requirePidfd({ fds, memory }: Process, { flags, pidfd = 0 }: CloneRequest): void {
  if (!(flags & CLONE.CLONE_PIDFD)) return;
  fds.requireFree();
  memory.writable(pidfd, 4);
}
function givePidfd({ fds, memory }: Process, { flags, pidfd = 0 }: CloneRequest, task: Task): void {
  if (!(flags & CLONE.CLONE_PIDFD)) return;
  const how = flags & CLONE.CLONE_THREAD ? PIDFD_THREAD : 0;
  memory.setU32(pidfd, fds.add(new ProcessFile({ process: task.process, flags: how, task }), true));
}

/** EAGAIN at the machine's limit of processes, or a user's own. */
function requireRoom(process: Process): void {
  const { kernel } = process;
  if (kernel.processes.size >= kernel.maxProcesses || isCrowded(process, 1)) throw E.EAGAIN;
  process.hasCrowdedUser = false;
}

function copySpace({ kernel, mm, execution }: Process): AddressSpace {
  const space = kernel.spaces.take();
  try {
    space.execution.adopt(execution);
    mm.forkTo(space.mm);
  } catch (error) {
    space.users = 1;
    kernel.spaces.leave(space);
    throw error;
  }
  return space;
}

/** The registers that differ: the result, and those that the caller chose. */
function prepare({ abi }: Kernel, context: Uint8Array, { flags, stack, tls }: CloneRequest): void {
  new Int32Array(context.buffer).fill(0, abi.resultIndex, abi.resultIndex + 2);
  if (stack !== 0) new Int32Array(context.buffer).set([stack | 0, Math.floor(stack / 0x1_0000_0000)], abi.spIndex);
  if (flags & CLONE.CLONE_SETTLS) abi.setRegister(context, 'fs_base', BigInt(tls));
}

function setTids(task: Task, child: Task, { flags, parentTid, childTid }: CloneRequest): void {
  if (flags & CLONE.CLONE_PARENT_SETTID) task.memory.setU32(parentTid, child.tid);
  if (flags & CLONE.CLONE_CHILD_SETTID) child.memory.setU32(childTid, child.tid);
  if (flags & CLONE.CLONE_CHILD_CLEARTID) child.clearChildTid = childTid;
}

/** What a child has from its parent beside what its constructor takes (fork(2) lists the rest as its own). */
function inherit(from: Process, child: Process, { flags, highFlags = 0, exitSignal }: CloneRequest): void {
  child.executable = from.executable;
  child.argv = from.argv;
  child.environ = from.environ;
  child.isDumpable = from.isDumpable;
  child.personality = from.personality;
  child.nice = from.nice;
  child.timerSlack = from.timerSlack;
  child.hasNoNewPrivileges = from.hasNoNewPrivileges;
  child.exitSignal = exitSignal;
  child.signals.copyFrom(from.signals);
  if (highFlags & CLONE_CLEAR_SIGHAND) child.signals.exec();
  if (flags & CLONE.CLONE_PARENT && from.parent) {
    from.children.delete(child);
    from.parent.children.add(child);
    child.parent = from.parent;
    child.exitSignal = from.exitSignal;
  }
}

/** vfork: the caller sleeps, killable only, until the child has another address space or has ended. */
function sleepUntilDone(task: Task, child: Process): SyscallResult {
  const queue = new WaitQueue();
  let isDone = false;
  child.onVforkDone = () => {
    isDone = true;
    queue.wake(POLLIN);
  };
  const poll = (): number => (isDone ? POLLIN : 0);
  return task.retry({ queue, poll }, POLLIN, () => (isDone ? child.pid : WOULD_BLOCK), { interruptible: false });
}

/** fork(2). */
export const FORK: CloneRequest = { flags: 0, exitSignal: SIGNAL.SIGCHLD, stack: 0, parentTid: 0, childTid: 0, tls: 0 };
/** vfork(2). */
export const VFORK: CloneRequest = { ...FORK, flags: CLONE.CLONE_VM | CLONE.CLONE_VFORK };
