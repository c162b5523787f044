// The kernel of one machine: its processes, file systems, clock, limits and diagnostics. It owns all kernel state.

import type { ExecutionFactory, LinuxAbi } from '../arch/arch.ts';
import { E } from '../abi/errno.ts';
import { SI_USER } from '../abi/signals.ts';
import type { Trace } from '../debug/trace.ts';
import type { Host } from '../host/host.ts';
import { Bug } from '../lib/assert.ts';
import type { ByteString } from '../lib/bytes.ts';
import { AddressSpaces } from './address-space.ts';
import { KernelClock } from './clock.ts';
import { execute } from './exec.ts';
import { Futexes, releaseTask } from './futex.ts';
import { terminalBehind } from './fs/stream.ts';
import { Account, defaultLimits, type Limit, RLIMIT } from './limits.ts';
import type { Ipc } from './ipc/ipc.ts';
import type { Network } from './net/network.ts';
import { type Credentials, type ExitStatus, Process } from './process.ts';
import type * as Rest from './rest.ts';
import { Scheduler } from './scheduler.ts';
import { sendSignal } from './signals.ts';
import type { SyscallRow } from './syscalls/define.ts';
import { startTable } from './syscalls/start.ts';
import type { Task } from './task.ts';
import type { Tracer } from './tracer.ts';
import { hangUp } from './tty/group.ts';
import type { Pty } from './tty/pty.ts';
import { FileTable } from './vfs/file-table.ts';
import type { OpenFile } from './vfs/inode.ts';
import type { Path } from './vfs/path.ts';
import type { Vfs } from './vfs/vfs.ts';
import { WaitQueue } from './wait.ts';

/** Linux's default of fs.nr_open, and the soft limit that most systems start with. */
const MAX_FILES = { soft: 1024, hard: 1_048_576 };
const MAX_PROCESSES = 1000;
const FIRST_PID = 1;
/** pid_max. */
export const PID_LIMIT = 32_768;
/** Numbers that are not given again after the highest (Linux kernel/pid.c). */
const RESERVED_PIDS = 300;

/** The part that may be loaded later. */
export type KernelRest = typeof Rest;

export interface KernelOptions {
  readonly host: Host;
  readonly abi: LinuxAbi;
  readonly executions: ExecutionFactory;
  readonly vfs: Vfs;
  readonly trace: Trace;
  /** Loads the rest of the kernel, when it is first needed. */
  readonly rest: () => KernelRest;
  /** Messages for the machine's user (deadly faults, bugs), without newline. */
  readonly diagnostic: (line: string) => void;
  /** Boot lines and unknown syscalls; absent when not verbose. */
  readonly verbose?: ((line: string) => void) | undefined;
  readonly hostname?: ByteString | undefined;
  /** Bytes of guest memory, tmpfs, pipes; default half of the host's. */
  readonly memoryLimit?: number | undefined;
  readonly maxProcesses?: number | undefined;
  /** RLIMIT_NOFILE. */
  readonly maxFiles?: { readonly soft: number; readonly hard: number } | undefined;
  /** False: the machine has no network interface; default true. */
  readonly hasLoopback?: boolean | undefined;
  /** Observes syscalls and signals: strace, the seed's lines, vm.trace(). */
  readonly tracer?: Tracer | undefined;
}

export interface SpawnOptions {
  readonly path: ByteString;
  readonly argv: readonly ByteString[];
  readonly environ: readonly ByteString[];
  readonly cwd: Path;
  readonly root?: Path | undefined;
  readonly umask?: number | undefined;
  readonly credentials: Credentials;
  /** Descriptors 0, 1, 2 ...; a hole is a closed descriptor. */
  readonly files: readonly (OpenFile | undefined)[];
  /** Another program interpreter than PT_INTERP's. */
  readonly interpreter?: ByteString | undefined;
  /** personality(2) to start with: ADDR_NO_RANDOMIZE. */
  readonly personality?: number | undefined;
}

export class Kernel {
  readonly host: Host;
  readonly abi: LinuxAbi;
  readonly executions: ExecutionFactory;
  readonly vfs: Vfs;
  readonly trace: Trace;
  readonly clock: KernelClock;
  readonly scheduler: Scheduler;
  /** Processes by pid, with those that have ended but not been waited for. */
  readonly processes = new Map<number, Process>();
  /** How many of them have not ended. */
  liveProcesses = 0;
  /** The foreground group of each session that has a terminal. */
  readonly foreground = new Map<number, number>();
  /** The pseudo-terminals that sessions have; one in `foreground` that is not here has the host's terminal. */
  readonly controlling = new Map<number, Pty>();
  readonly spaces = new AddressSpaces(this);
  /** What guests use of the machine's memory. */
  readonly memory: Account;
  readonly futexes = new Futexes();
  /** Woken when any process gets a signal that waits: signalfds look again. */
  readonly signalArrivals = new WaitQueue();
  readonly maxProcesses: number;
  readonly defaultLimits: ReadonlyMap<number, Limit>;
  /** Guest instructions and system calls of all processes. */
  readonly counters = { instructions: 0, syscalls: 0 };
  hostname: ByteString;
  domainname: ByteString = '(none)';
  /** Observes every call when set; unset costs one test a call. */
  tracer: Tracer | undefined;
  /** A process that the host started has been stopped by a signal. */
  onStop: ((process: Process) => void) | undefined;
  /** Told of each stretch of guest code, in monotonic milliseconds, with registers as they were left; slices are short then. */
  onSlice: ((task: Task, start: number, end: number) => void) | undefined;
  /** Unknown syscalls already named. */
  readonly reportedCalls = new Set<number>();
  /** Why the machine stopped by itself: a bug, with its dump. */
  failure: Bug | undefined;
  readonly #hasLoopback: boolean;
  readonly #loadRest: () => KernelRest;
  #rest: KernelRest | undefined;
  #rows: readonly (SyscallRow | undefined)[] = startTable;
  #network: Network | undefined;
  #ipc: Ipc | undefined;
  readonly #diagnostic: (line: string) => void;
  readonly #verbose: ((line: string) => void) | undefined;
  #lastPid = FIRST_PID - 1;
  /** Numbers ahead of the last one may be in use. */
  #mayBeTaken = false;

  constructor(options: KernelOptions) {
    this.host = options.host;
    this.abi = options.abi;
    this.executions = options.executions;
    this.vfs = options.vfs;
    this.trace = options.trace;
    this.clock = new KernelClock(options.host.clock);
    this.scheduler = new Scheduler(this);
    this.memory = new Account(options.memoryLimit ?? (() => Math.floor(options.host.totalMemory / 2)));
    this.maxProcesses = options.maxProcesses ?? MAX_PROCESSES;
    this.defaultLimits = defaultLimits(this.maxProcesses, options.maxFiles ?? MAX_FILES);
    this.hostname = options.hostname ?? 'elfin';
    this.tracer = options.tracer;
    this.#loadRest = options.rest;
    this.#hasLoopback = options.hasLoopback ?? true;
    this.#diagnostic = options.diagnostic;
    this.#verbose = options.verbose;
  }

  /** What starting a program did not need. */
  get rest(): KernelRest {
    if (this.#rest === undefined) {
      this.#rest = this.#loadRest();
      this.#rows = this.#rest.rows;
    }
    return this.#rest;
  }

  /** The row of a syscall number. */
  row(number: number): SyscallRow | undefined {
    return this.#rows[number] ?? this.rest.rows[number];
  }

  /** IPC objects, made when first asked for. */
  get ipc(): Ipc {
    this.#ipc ??= new this.rest.Ipc();
    return this.#ipc;
  }

  /** Sockets and their names, made when first asked for. */
  get network(): Network {
    this.#network ??= new this.rest.Network(this.#hasLoopback);
    return this.#network;
  }

  /** Makes a process and loads its program; throws Errno or ExecError. Call run() to let it go. */
  spawn(options: SpawnOptions): Process {
    if (this.processes.size >= this.maxProcesses) throw E.EAGAIN;
    const process = this.create(options);
    process.personality = options.personality ?? 0;
    try {
      execute(process.leader, options.path, options.argv, options.environ, {
        ...(options.interpreter === undefined ? {} : { interpreter: options.interpreter }),
      });
    } catch (error) {
      process.exit({ code: 127 });
      throw error;
    }
    this.scheduler.ready(process.leader);
    return process;
  }

  /** Runs guests until none is left; callers meanwhile share one promise. Rejects with the Bug that stopped the machine. */
  run(): Promise<void> {
    return this.scheduler.run();
  }

  /** Ends every process as if by `status`. */
  stop(status: ExitStatus): void {
    for (const process of [...this.processes.values()]) process.exit(status);
    this.scheduler.wake();
  }

  /** A signal from the host: Ctrl-C, p.kill(). False: no such process. */
  kill(pid: number, signal: number): boolean {
    const process = this.processes.get(pid);
    if (!process || process.exited) return false;
    if (signal !== 0) sendSignal(process, { signal, code: SI_USER, pid: 0, uid: 0 });
    return true;
  }

  /** A line for the machine's user. */
  diagnostic(line: string): void {
    this.#diagnostic(line);
  }

  get isVerbose(): boolean {
    return this.#verbose !== undefined;
  }

  /** A line that only --verbose shows. */
  verbose(line: string): void {
    this.#verbose?.(line);
  }

  /** The name of a syscall number, known to the table or not. */
  syscallName(number: number): string {
    return this.row(number)?.name ?? this.rest.syscallName(number) ?? `syscall_0x${(number >>> 0).toString(16)}`;
  }

  /** Stops the machine because of an exception that no guest could cause: a bug, shown with the state of the task. */
  fail(error: unknown, task: Task): void {
    if (!this.failure) {
      const cause = error instanceof Error ? error : new Error(String(error));
      this.failure = new Bug(`${cause.message}\n${this.rest.dump(task)}`, { cause });
    }
    this.stop({ signal: 9 });
  }

  /** Bookkeeping of Process.exit. */
  processEnded(process: Process): void {
    this.tracer?.exited(process);
    hangUp(process);
    this.#ipc?.ended(process);
    this.liveProcesses--;
    this.scheduler.wake();
  }

  /** What the end of a thread means to others: its robust list, and its clear_child_tid futex where they see its memory. */
  releaseTask(task: Task, isMemoryShared: boolean): void {
    releaseTask(task, isMemoryShared);
  }

  /** A process without a program: the first half of spawn. */
  create(options: Pick<SpawnOptions, 'root' | 'cwd' | 'umask' | 'credentials' | 'files'>): Process {
    const pid = this.nextPid();
    const fds = new FileTable(this.vfs.locks, () => process.limits.soft(RLIMIT.NOFILE));
    const space = this.spaces.take();
    const process: Process = new Process(this, pid, {
      space,
      fds,
      fs: { root: options.root ?? this.vfs.root, cwd: options.cwd, umask: options.umask ?? 0o022 },
      credentials: { ...options.credentials },
    });
    space.current = process.leader;
    this.add(process);
    options.files.forEach((file, fd) => {
      if (!file) return;
      process.fds.set(fd, file);
      if (terminalBehind(file)) this.foreground.set(process.sid, process.pgid);
    });
    return process;
  }

  /** A process is complete: from now on it counts, and ends through processEnded. */
  add(process: Process): void {
    this.processes.set(process.pid, process);
    this.liveProcesses++;
  }

  /** A number that no process, thread, group or session has. */
  nextPid(): number {
    do {
      if (++this.#lastPid >= PID_LIMIT) {
        this.#lastPid = RESERVED_PIDS;
        this.#mayBeTaken = true;
      }
    } while (this.#mayBeTaken && this.#isTaken(this.#lastPid));
    return this.#lastPid;
  }

  /** This number, or EEXIST. */
  claimPid(pid: number): number {
    if (this.#isTaken(pid)) throw E.EEXIST;
    this.#mayBeTaken = true;
    return pid;
  }

  #isTaken(pid: number): boolean {
    for (const { pgid, sid, tasks, pid: own } of this.processes.values())
      if (own === pid || pgid === pid || sid === pid || tasks.some(({ tid }) => tid === pid)) return true;
    return false;
  }
}
