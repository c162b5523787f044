// A process: an address space with the tasks that run in it, its files, credentials, limits and signal dispositions.

import type { Execution } from '../arch/arch.ts';
import { CLD_CONTINUED, CLD_STOPPED, SI_KERNEL, SIGNAL } from '../abi/signals.ts';
import type { ByteString } from '../lib/bytes.ts';
import type { GuestMemory } from '../memory/guest-memory.ts';
import type { AddressSpace } from './address-space.ts';
import { announceEnd, announceStop } from './children.ts';
import type { Timer } from './clock.ts';
import type { Kernel } from './kernel.ts';
import { Limits, RLIMIT } from './limits.ts';
import type { MemoryMap } from './mm/memory-map.ts';
import { sendSignal } from './signals.ts';
import { ProcessSignals, type SignalInfo } from './signal-set.ts';
import { Task } from './task.ts';
import type { FileTable } from './vfs/file-table.ts';
import type { Path } from './vfs/path.ts';
import { POLLIN, WaitQueue } from './wait.ts';

/** Who a process acts as (credentials(7)); the fs ids follow the effective ones unless setfsuid changed them. */
export interface Credentials {
  uid: number;
  euid: number;
  suid: number;
  fsuid: number;
  gid: number;
  egid: number;
  sgid: number;
  fsgid: number;
  groups: readonly number[];
}

/** Where paths start and which permission bits creation drops. */
export interface FileSystemContext {
  root: Path;
  cwd: Path;
  umask: number;
}

/** How a process ended. */
export type ExitStatus = { readonly code: number } | { readonly signal: number };

/** What a new process gets from who makes it. */
export interface ProcessParts {
  readonly space: AddressSpace;
  readonly fds: FileTable;
  readonly fs: FileSystemContext;
  readonly credentials: Credentials;
  readonly parent?: Process | undefined;
}

/** An interval timer: its deadline is monotonic milliseconds, or CPU milliseconds for the two that count those. */
export interface IntervalTimer {
  readonly deadline: number;
  readonly interval: number;
  readonly expire: () => void;
  readonly timer: Timer | undefined;
}

/** A timer of timer_create(2); deadline 0 is a disarmed one, signal 0 tells nobody. */
export interface PosixTimer {
  readonly id: number;
  readonly clock: number;
  readonly target: Task | undefined;
  readonly value: readonly [low: number, high: number];
  readonly signal: number;
  deadline: number;
  interval: number;
  overrun: number;
  /** The signal sent last. */
  sent: SignalInfo | undefined;
  timer: Timer | undefined;
}

/** Instructions of a first slice; it grows until a slice lasts some milliseconds. */
export const FIRST_BUDGET = 100_000;

export class Process {
  readonly kernel: Kernel;
  readonly pid: number;
  /** Who waits for it; undefined for a process that the host started, and for an orphan. */
  parent: Process | undefined;
  /** Living and unreaped ones. */
  readonly children = new Set<Process>();
  /** Replaced when a vfork's child executes a program. */
  space: AddressSpace;
  fds: FileTable;
  readonly fs: FileSystemContext;
  readonly credentials: Credentials;
  readonly limits: Limits;
  readonly signals = new ProcessSignals();
  readonly tasks: Task[] = [];
  /** The task that the process started with; its tid is the pid. */
  leader: Task;
  /** comm: at most 15 bytes (PR_SET_NAME). */
  name: ByteString = '';
  #executable: Path | undefined;
  argv: readonly ByteString[] = [];
  environ: readonly ByteString[] = [];
  pgid: number;
  sid: number;
  /** Set by execve; setpgid of a child refuses it then. */
  hasExecuted = false;
  isDumpable = true;
  personality = 0;
  /** -20 .. 19 (setpriority). */
  nice = 0;
  /** Commands that membarrier(2) registered. */
  membarriers = 0;
  /** What prctl(2) keeps. */
  parentDeathSignal = 0;
  timerSlack = 50_000;
  isSubreaper = false;
  hasNoNewPrivileges = false;
  /** Its user had too many processes when it became that user. */
  hasCrowdedUser = false;
  /** Stopped by SIGSTOP and the like until SIGCONT. */
  isStopped = false;
  /** What wait(2) has not reported yet: the signal of a stop, or SIGCONT. */
  unreported = 0;
  /** Sent to the parent at the end; SIGCHLD but for odd clones. */
  exitSignal: number = SIGNAL.SIGCHLD;
  /** Ends the sleep of a parent that made it by vfork. */
  onVforkDone: (() => void) | undefined;
  /** Instructions of the next slice. */
  budget = FIRST_BUDGET;
  exited: ExitStatus | undefined;
  /** Monotonic milliseconds of the start. */
  readonly startTime: number;
  /** CPU milliseconds of all its tasks, ended ones included. */
  cpuTime = 0;
  /** CPU milliseconds of the children waited for, and of theirs. */
  childrenTime = 0;
  /** Guest instructions executed. */
  instructions = 0;
  /** CPU milliseconds at which the scheduler calls expireCpuTimers. */
  cpuDeadline = Infinity;
  /** By ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF. */
  readonly itimers: (IntervalTimer | undefined)[] = [];
  readonly timers = new Map<number, PosixTimer>();
  nextTimer = 0;
  /** Woken when the process ends, or a thread of it. */
  readonly exitQueue = new WaitQueue();
  /** Woken when a child ends, stops or continues. */
  readonly childQueue = new WaitQueue();
  readonly #isForked: boolean;

  constructor(kernel: Kernel, pid: number, parts: ProcessParts) {
    this.kernel = kernel;
    this.pid = pid;
    this.parent = parts.parent;
    this.#isForked = parts.parent !== undefined;
    this.space = parts.space;
    this.space.users++;
    this.fds = parts.fds;
    this.fs = parts.fs;
    this.credentials = parts.credentials;
    this.limits = new Limits(parts.parent?.limits ?? kernel.defaultLimits);
    this.pgid = parts.parent?.pgid ?? pid;
    this.sid = parts.parent?.sid ?? pid;
    this.startTime = kernel.clock.monotonic();
    this.leader = new Task(this, pid);
    this.tasks.push(this.leader);
    parts.parent?.children.add(this);
  }

  get memory(): GuestMemory {
    return this.space.memory;
  }
  get execution(): Execution {
    return this.space.execution;
  }
  get mm(): MemoryMap {
    return this.space.mm;
  }
  /** The state memory as 32-bit words, for registers by abi index. */
  get registers(): Int32Array {
    return this.space.registers;
  }
  /** The state memory as bytes, for abi.register and the like. */
  get stateBytes(): Uint8Array {
    return this.space.stateBytes;
  }

  /** As getppid says: orphans belong to process 1, whose place the machine takes. */
  get ppid(): number {
    return this.parent?.pid ?? (this.#isForked ? 1 : 0);
  }

  /** Before a new program: a process that shares its address space gets one of its own, empty. ENOMEM. */
  ownSpace(task: Task): void {
    const { space } = this;
    if (space.users === 1) return;
    this.space = this.kernel.spaces.take();
    this.space.users++;
    this.space.current = task;
    this.kernel.spaces.leave(space);
    space.current = undefined;
  }

  /** The address space is the parent's alone again: it may go on. */
  endVfork(): void {
    const done = this.onVforkDone;
    this.onVforkDone = undefined;
    done?.();
  }

  /** The program that runs; its file knows by how many processes it is run. */
  get executable(): Path | undefined {
    return this.#executable;
  }
  set executable(program: Path | undefined) {
    if (this.#executable) this.#executable.inode.runners = (this.#executable.inode.runners ?? 0) - 1;
    if (program) program.inode.runners = (program.inode.runners ?? 0) + 1;
    this.#executable = program;
  }

  /** Ends every task: exit_group, a deadly signal, or the machine's stop. */
  exit(status: ExitStatus): void {
    if (this.exited) return;
    this.exited = status;
    for (const task of this.tasks) this.kernel.releaseTask(task, this.space.users > 1);
    for (const task of this.tasks) this.#end(task);
    this.tasks.length = 0;
    this.isStopped = false;
    this.cancelTimers();
    for (const timer of this.itimers) timer?.timer?.cancel();
    this.signals.end();
    this.executable = undefined;
    this.fds.leave();
    this.kernel.processEnded(this);
    this.kernel.spaces.leave(this.space);
    this.endVfork();
    announceEnd(this);
    this.exitQueue.wake(POLLIN);
  }

  /** A stopping signal took effect. */
  stop(signal: number): void {
    this.isStopped = true;
    this.unreported = signal;
    announceStop(this, CLD_STOPPED);
  }

  /** SIGCONT: a stopped process goes on. */
  continue(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.unreported = SIGNAL.SIGCONT;
    announceStop(this, CLD_CONTINUED);
    for (const task of this.tasks) this.kernel.scheduler.ready(task);
  }

  /** Ends sharing of descriptors with other processes. */
  ownFiles(): void {
    const { fds } = this;
    if (fds.users === 1) return;
    this.fds = fds.clone();
    fds.leave();
  }

  /** execve: the task that called it is the only one left, under the number of the first. */
  keepOnly(task: Task): void {
    for (const each of this.tasks) {
      if (each === task) continue;
      this.kernel.releaseTask(each, true);
      this.#end(each);
    }
    this.tasks.length = 0;
    this.tasks.push(task);
    task.tid = this.pid;
    this.leader = task;
  }

  /** Ends one task; the process with its last one. */
  exitTask(task: Task, code: number): void {
    const others = this.tasks.filter((each) => each !== task);
    if (others.length === 0) return this.exit({ code });
    this.kernel.releaseTask(task, true);
    this.#end(task);
    this.tasks.splice(this.tasks.indexOf(task), 1);
    this.exitQueue.wake(POLLIN);
  }

  /** Sets cpuDeadline after a CPU timer changed. */
  refreshCpuDeadline(): void {
    const timers = [this.itimers[1], this.itimers[2]].map((timer) => timer?.deadline ?? Infinity);
    this.cpuDeadline = Math.min(...timers, this.#nextCpuLimit());
  }

  expireCpuTimers(): void {
    for (const timer of this.itimers.slice(1)) if (timer && timer.deadline <= this.cpuTime) timer.expire();
    const seconds = this.cpuTime / 1000;
    const [soft, hard] = this.limits.get(RLIMIT.CPU);
    if (seconds >= hard) sendSignal(this, { signal: SIGNAL.SIGKILL, code: SI_KERNEL });
    else if (seconds >= soft) sendSignal(this, { signal: SIGNAL.SIGXCPU, code: SI_KERNEL });
    this.refreshCpuDeadline();
  }

  /** RLIMIT_CPU: SIGXCPU at the soft limit and each second after it, SIGKILL at the hard one (getrlimit(2)). */
  #nextCpuLimit(): number {
    const [soft, hard] = this.limits.get(RLIMIT.CPU);
    const next = Math.max(soft, Math.floor(this.cpuTime / 1000) + 1);
    return 1000 * Math.min(hard, next);
  }

  /** Deletes the timers of timer_create: the end of the process, and execve. */
  cancelTimers(): void {
    for (const timer of this.timers.values()) timer.timer?.cancel();
    this.timers.clear();
  }

  /** Calls back once when the process has ended. */
  onExit(callback: (status: ExitStatus) => void): void {
    if (this.exited) return callback(this.exited);
    const unsubscribe = this.exitQueue.subscribe(() => {
      if (!this.exited) return;
      unsubscribe();
      callback(this.exited);
    });
  }

  #end(task: Task): void {
    task.abandon();
    task.state = 'dead';
    task.needsAttention = true;
  }
}
