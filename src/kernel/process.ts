// A process: an address space with the tasks that run in it, its files, credentials, limits and signal dispositions.

import type { Execution } from '../arch/arch.ts';
import { SI_KERNEL, SIGNAL } from '../abi/signals.ts';
import type { ByteString } from '../lib/bytes.ts';
import type { GuestMemory } from '../memory/guest-memory.ts';
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
  readonly memory: GuestMemory;
  readonly execution: Execution;
  readonly mm: MemoryMap;
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
  readonly parent: Process | undefined;
  readonly memory: GuestMemory;
  readonly execution: Execution;
  readonly mm: MemoryMap;
  readonly fds: FileTable;
  readonly fs: FileSystemContext;
  readonly credentials: Credentials;
  readonly limits: Limits;
  readonly signals = new ProcessSignals();
  readonly tasks: Task[] = [];
  /** The task whose registers are in the state memory. */
  current: Task;
  /** comm: at most 15 bytes (PR_SET_NAME). */
  name: ByteString = '';
  executable: Path | undefined;
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
  /** Stopped by SIGSTOP and the like until SIGCONT. */
  isStopped = false;
  /** Instructions of the next slice. */
  budget = FIRST_BUDGET;
  exited: ExitStatus | undefined;
  /** Monotonic milliseconds of the start. */
  readonly startTime: number;
  /** CPU milliseconds of all its tasks, ended ones included. */
  cpuTime = 0;
  /** CPU milliseconds at which the scheduler calls expireCpuTimers. */
  cpuDeadline = Infinity;
  /** By ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF. */
  readonly itimers: (IntervalTimer | undefined)[] = [];
  readonly timers = new Map<number, PosixTimer>();
  nextTimer = 0;
  /** Woken when the process ends. */
  readonly exitQueue = new WaitQueue();
  #registers: Int32Array;
  #stateBytes: Uint8Array;

  constructor(kernel: Kernel, pid: number, parts: ProcessParts) {
    this.kernel = kernel;
    this.pid = pid;
    this.parent = parts.parent;
    this.memory = parts.memory;
    this.execution = parts.execution;
    this.mm = parts.mm;
    this.fds = parts.fds;
    this.fs = parts.fs;
    this.credentials = parts.credentials;
    this.limits = new Limits(kernel.defaultLimits);
    this.pgid = parts.parent?.pgid ?? pid;
    this.sid = parts.parent?.sid ?? pid;
    this.startTime = kernel.clock.monotonic();
    this.#registers = new Int32Array(this.execution.state.buffer);
    this.#stateBytes = new Uint8Array(this.execution.state.buffer);
    this.current = new Task(this, pid);
    this.tasks.push(this.current);
  }

  /** The state memory as 32-bit words, for registers by abi index. */
  get registers(): Int32Array {
    if (this.#registers.length === 0) this.#registers = new Int32Array(this.execution.state.buffer);
    return this.#registers;
  }

  /** The state memory as bytes, for abi.register and the like; valid until the state memory grows. */
  get stateBytes(): Uint8Array {
    if (this.#stateBytes.length === 0) this.#stateBytes = new Uint8Array(this.execution.state.buffer);
    return this.#stateBytes;
  }

  /** Loads the registers of `task` into the state memory. */
  makeCurrent(task: Task): void {
    if (this.current === task) return;
    const bytes = this.kernel.abi.contextBytes;
    const state = this.stateBytes;
    if (this.current.state !== 'dead') {
      this.current.context ??= new Uint8Array(bytes);
      this.current.context.set(state.subarray(0, bytes));
    }
    if (task.context) state.set(task.context);
    this.current = task;
  }

  /** Ends every task: exit_group, a deadly signal, or the machine's stop. */
  exit(status: ExitStatus): void {
    if (this.exited) return;
    this.exited = status;
    for (const task of this.tasks) this.#end(task);
    this.tasks.length = 0;
    this.cancelTimers();
    for (const timer of this.itimers) timer?.timer?.cancel();
    this.signals.end();
    this.fds.closeAll();
    this.kernel.processEnded(this);
    this.exitQueue.wake(POLLIN);
    this.mm.end();
  }

  /** Ends one task; the process with its last one. */
  exitTask(task: Task, code: number): void {
    const others = this.tasks.filter((each) => each !== task);
    if (others.length === 0) return this.exit({ code });
    this.kernel.releaseTask(task);
    this.#end(task);
    this.tasks.splice(this.tasks.indexOf(task), 1);
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
      unsubscribe();
      if (this.exited) callback(this.exited);
    });
  }

  #end(task: Task): void {
    task.abandon();
    task.state = 'dead';
    task.needsAttention = true;
  }
}
