// The composition root: one machine, made of a kernel, an x86-64 CPU, file systems, limits and observers.

import { E, Errno } from './abi/errno.ts';
import { ERRNO_TEXT } from './abi/errno-text.ts';
import { O_RDONLY, O_RDWR, O_WRONLY, X_OK } from './abi/fcntl.ts';
import type { CompilerStats, ExecutionFactory, LinuxAbi } from './arch/arch.ts';
import { linuxAbi } from './arch/x64/linux.ts';
import type { Profile } from './debug/profile.ts';
import { CHANNELS, type Channel, Trace } from './debug/trace.ts';
import type { Host, HostStream } from './host/host.ts';
import { ExecError } from './kernel/exec-error.ts';
import { Budget } from './kernel/fs/content.ts';
import type { Devices } from './kernel/fs/devices.ts';
import type { DevPtsFs } from './kernel/fs/devpts.ts';
import { LazyFs } from './kernel/fs/lazy.ts';
import { openStream, StreamInode, terminalOf } from './kernel/fs/stream.ts';
import { Kernel } from './kernel/kernel.ts';
import type { Credentials, Process } from './kernel/process.ts';
import { combineTracers, type Tracer } from './kernel/tracer.ts';
import { type OpenFile, S_IFDIR } from './kernel/vfs/inode.ts';
import type { FileSystem, MountOptions } from './kernel/vfs/mount.ts';
import { type Caller, mayAccess } from './kernel/vfs/permission.ts';
import { Vfs } from './kernel/vfs/vfs.ts';
import { type ByteString, printable } from './lib/bytes.ts';
import { UsageError } from './lib/usage-error.ts';
import type * as Rest from './rest.ts';
import type { Root, RootEnvironment } from './roots.ts';
import { tmpfs } from './roots.ts';

export interface MountRequest {
  /** Absolute guest path. */
  readonly at: ByteString;
  readonly root: Root;
  readonly isReadOnly?: boolean;
}

/** The part that may be loaded later. */
export type MachineRest = typeof Rest;

export interface MachineOptions {
  readonly host: Host;
  readonly executions: ExecutionFactory;
  /** Loads what programs need only later. */
  readonly rest: () => MachineRest;
  readonly root: Root;
  readonly mounts?: readonly MountRequest[];
  readonly environment: Pick<RootEnvironment, 'files' | 'decompress'>;
  readonly memoryLimit?: number | undefined;
  /** Random addresses; default true. */
  readonly hasAslr?: boolean;
  readonly hostname?: ByteString | undefined;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** False: no network interface. */
  readonly hasLoopback?: boolean | undefined;
  readonly maxProcesses?: number | undefined;
  /** Soft limit of open files; the hard one is never below it. */
  readonly maxFiles?: number | undefined;
  /** Trace channels to turn on, and where their lines go. */
  readonly channels?: readonly string[];
  readonly trace?: (line: string) => void;
  /** Observers of system calls from the first one on. */
  readonly tracers?: readonly Tracer[];
  readonly diagnostic: (line: string) => void;
  readonly verbose?: ((line: string) => void) | undefined;
}

export interface ProgramOptions {
  /** A path, or a name to search in PATH. */
  readonly program: ByteString;
  /** Arguments after argv[0]. */
  readonly args: readonly ByteString[];
  readonly environ: readonly ByteString[];
  /** Absolute; ENOENT and the like are a UsageError. */
  readonly cwd: ByteString;
  readonly argv0?: ByteString | undefined;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Descriptors 0, 1, 2; a hole is closed. */
  readonly files: readonly (OpenFile | undefined)[];
  readonly interpreter?: ByteString | undefined;
}

export interface Stats {
  /** Guest instructions executed. */
  readonly instructions: number;
  readonly syscalls: number;
  /** Live processes. */
  readonly processes: number;
  /** Bytes in use now, at most so far, and the limit. */
  readonly memory: { readonly used: number; readonly peak: number; readonly limit: number };
  /** Of hot code; undefined where nothing compiles. */
  readonly compiler: CompilerStats | undefined;
}

/** A program that cannot be started: status 127 when it or its interpreter is missing, 126 when it cannot be executed. */
export class ProgramError extends Error {
  readonly status: 126 | 127;
  constructor(status: 126 | 127, message: string) {
    super(message);
    this.status = status;
  }
}

export class Machine {
  readonly kernel: Kernel;
  readonly vfs: Vfs;
  readonly fileSystems: FileSystem[] = [];
  readonly #user: { readonly uid: number; readonly gid: number };
  readonly #personality: number;
  readonly #rest: MachineOptions['rest'];
  #tracers: readonly Tracer[];
  #madeSpecial: { readonly devices: Devices; readonly pts: DevPtsFs } | undefined;
  readonly #terminal: { input?: HostStream; output?: HostStream } = {};

  private constructor(options: MachineOptions, vfs: Vfs) {
    this.vfs = vfs;
    this.#user = options.user ?? { uid: 0, gid: 0 };
    this.#personality = options.hasAslr === false ? ADDR_NO_RANDOMIZE : 0;
    this.#tracers = options.tracers ?? [];
    this.#rest = options.rest;
    const files = options.maxFiles;
    this.kernel = new Kernel({
      host: options.host,
      abi: abiOf(options),
      executions: options.executions,
      rest: options.rest,
      vfs,
      trace: traceOf(options),
      tracer: combineTracers(this.#tracers),
      diagnostic: options.diagnostic,
      verbose: options.verbose,
      hostname: options.hostname,
      memoryLimit: options.memoryLimit,
      hasLoopback: options.hasLoopback,
      maxProcesses: options.maxProcesses,
      maxFiles: files === undefined ? undefined : { soft: files, hard: Math.max(files, HARD_FILES) },
    });
  }

  /** Makes a machine and mounts its file systems. Throws UsageError for a root or mount that cannot be. */
  static async create(options: MachineOptions): Promise<Machine> {
    const vfs = new Vfs();
    const machine = new Machine(options, vfs);
    await machine.#mountAll(options);
    return machine;
  }

  /** Who may do everything, in `/`. */
  get superuser(): Caller {
    return { fs: { root: this.vfs.root, cwd: this.vfs.root, umask: 0o022 }, credentials: credentials({ uid: 0, gid: 0 }) };
  }

  /** Loads a program; call run() to let it go. Throws ProgramError and UsageError. */
  spawn(options: ProgramOptions): Process {
    const ids = credentials(options.user ?? this.#user);
    const root = this.vfs.root;
    const cwd = this.#directory({ fs: { root, cwd: root, umask: 0o022 }, credentials: ids }, options.cwd);
    const caller: Caller = { fs: { root, cwd, umask: 0o022 }, credentials: ids };
    const path = options.program.includes('/') ? options.program : this.#search(caller, options.program, options.environ);
    try {
      return this.kernel.spawn({
        path,
        argv: [options.argv0 ?? options.program, ...options.args],
        environ: options.environ,
        cwd,
        credentials: ids,
        files: options.files,
        interpreter: options.interpreter,
        personality: this.#personality,
      });
    } catch (error) {
      throw asProgramError(error, path);
    }
  }

  /** Lets guests run until none is left. */
  run(): Promise<void> {
    return this.kernel.run();
  }

  /** Adds an observer of system calls; returns the function that removes it. */
  observe(tracer: Tracer): () => void {
    const update = (tracers: readonly Tracer[]): void => {
      this.#tracers = tracers;
      this.kernel.tracer = combineTracers(tracers);
    };
    update([...this.#tracers, tracer]);
    return () => update(this.#tracers.filter((each) => each !== tracer));
  }

  /** Takes a CPU profile from now on. */
  profile(): Profile {
    return new (this.#rest().Profile)(this.kernel);
  }

  /** Ends every process and closes what file systems hold open. */
  async dispose(): Promise<void> {
    this.kernel.stop({ signal: 9 });
    await this.kernel.run();
    for (const fs of this.fileSystems) fs.close?.();
  }

  /** A stream as a file for descriptors 0, 1, 2. */
  open(stream: HostStream, access: 'read' | 'write' | 'both'): OpenFile {
    if (stream.kind === 'tty') {
      // The first one is standard input, where that is a terminal: the others may not be readable on the host.
      if (access !== 'write') this.#terminal.input ??= stream;
      if (access !== 'read') this.#terminal.output = stream;
    }
    return openStream(stream, access === 'read' ? O_RDONLY : access === 'write' ? O_WRONLY : O_RDWR, this.vfs.anonymousIno());
  }

  /** /dev/tty: the terminal that standard streams were opened on, ENXIO without one. */
  #openTerminal(flags: number): OpenFile {
    const { current } = this.kernel.scheduler;
    const pty = current && this.kernel.rest.ownTerminal(current.process);
    if (pty) return pty.open(this.#special.pts.node(pty.number) ?? this.#special.pts.root, flags);
    const terminal = this.#hostTerminal();
    if (!terminal) throw E.ENXIO;
    return terminal.open(flags);
  }

  #hostTerminal(): StreamInode | undefined {
    const { input, output } = this.#terminal;
    const either = input ?? output;
    return either && new StreamInode(terminalOf(input ?? either, output ?? either), this.vfs.anonymousIno());
  }

  /** What opens devices and fifos, of any file system. */
  get #special(): { readonly devices: Devices; readonly pts: DevPtsFs } {
    this.#madeSpecial ??= this.#makeSpecial();
    return this.#madeSpecial;
  }

  #makeSpecial() {
    const { rest, host, memory } = this.kernel;
    const pts = new rest.DevPtsFs(this.kernel, () => this.#hostTerminal());
    const devices = new rest.Devices({
      random: (bytes) => host.random(bytes),
      openFifo: new rest.Fifos(memory).open,
      openTty: (flags) => this.#openTerminal(flags),
      openPtmx: (inode, flags) => pts.openMaster(inode, flags),
    });
    return { devices, pts };
  }

  async #mountAll(options: MachineOptions): Promise<void> {
    const { kernel } = this;
    const { clock, memory } = kernel;
    let lastDevice = FIRST_DEVICE;
    const environment: RootEnvironment = {
      ...options.environment,
      now: () => clock.realtime(),
      budget: new Budget(undefined, memory),
      device: () => lastDevice++,
      openSpecial: (inode, flags) => this.#special.devices.open(inode, flags),
    };
    const root = await options.root.make(environment);
    // A mount's source stays its type: a path of the host is none of the guest's business.
    this.#mount('/', root);
    const { now, budget } = environment;
    const [sysDevice, devDevice] = [environment.device(), environment.device()];
    const dev = () => new kernel.rest.DevFs({ now, budget, device: devDevice, devices: this.#special.devices });
    this.#mount('/proc', new LazyFs('proc', () => new kernel.rest.ProcFs(kernel)));
    this.#mount('/sys', new LazyFs('sysfs', () => new kernel.rest.SysFs({ now, device: sysDevice })));
    this.#mount('/dev', new LazyFs('devtmpfs', dev));
    this.#mount('/dev/pts', new LazyFs('devpts', () => this.#special.pts));
    // Most programs need somewhere to write; an image that has its own /tmp keeps it.
    if (!root.root.lookup('tmp')) this.#mount('/tmp', await tmpfs().make(environment));
    for (const { at, root, isReadOnly = false } of options.mounts ?? []) {
      this.#mount(at, await root.make(environment), { isReadOnly });
    }
  }

  #mount(at: ByteString, fs: FileSystem, options: MountOptions = {}): void {
    this.vfs.mount(at, fs, options);
    this.fileSystems.push(fs);
  }

  /** Counters since the machine was made. */
  stats(): Stats {
    const { processes, memory, counters, executions } = this.kernel;
    return {
      ...counters,
      processes: processes.size,
      memory: { used: memory.used, peak: memory.peak, limit: memory.limit },
      compiler: executions.compiled?.(),
    };
  }

  #directory(caller: Caller, path: ByteString) {
    try {
      const found = this.vfs.resolve(caller, path);
      if (found.inode.type !== S_IFDIR) throw E.ENOTDIR;
      return found;
    } catch (error) {
      if (error instanceof Errno) throw new UsageError(`working directory ${printable(path)}: ${ERRNO_TEXT[error.name]}`);
      throw error;
    }
  }

  /** As execvp(3) searches: the first that may be executed; EACCES is remembered. */
  #search(caller: Caller, name: ByteString, environ: readonly ByteString[]): ByteString {
    const paths = environ.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? DEFAULT_PATH;
    let refused: ByteString | undefined;
    for (const directory of name === '' ? [] : paths.split(':')) {
      const path = directory === '' ? name : `${directory}/${name}`;
      try {
        const { inode } = this.vfs.resolve(caller, path);
        if (inode.type === S_IFDIR || !mayAccess(inode, caller.credentials, X_OK)) refused ??= path;
        else return path.includes('/') ? path : `./${path}`;
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
      }
    }
    if (refused !== undefined) throw new ProgramError(126, `${printable(refused)}: ${ERRNO_TEXT.EACCES}`);
    throw new ProgramError(127, `${printable(name)}: not found in the guest's PATH (${printable(paths)})`);
  }
}

/** st_dev of the first file system without a device of its own (major 0, as Linux numbers them). */
const FIRST_DEVICE = 0x20;
/** personality(2): fixed addresses. */
const ADDR_NO_RANDOMIZE = 0x0040000;
/** Linux's default of fs.nr_open. */
const HARD_FILES = 1_048_576;
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin';

function credentials({ uid, gid }: { readonly uid: number; readonly gid: number }): Credentials {
  return { uid, euid: uid, suid: uid, fsuid: uid, gid, egid: gid, sgid: gid, fsgid: gid, groups: [gid] };
}

function abiOf({ executions: { texts }, rest }: MachineOptions): LinuxAbi {
  let disassemble: LinuxAbi['disassemble'] | undefined;
  return linuxAbi({
    signals: () => rest().signalFrames,
    disassemble:
      texts &&
      ((bytes, address) => {
        disassemble ??= rest().disassembler(texts.module, texts.features);
        return disassemble(bytes, address);
      }),
  });
}

function traceOf({ channels = [], trace: sink = () => {} }: MachineOptions): Trace {
  const trace = new Trace(sink);
  for (const name of channels) {
    const channel = CHANNELS.find((each): each is Channel => each === name);
    if (!channel) throw new UsageError(`unknown trace channel ${name}: there are ${CHANNELS.join(', ')}`);
    trace.enable(channel);
  }
  return trace;
}

function asProgramError(error: unknown, path: ByteString): unknown {
  if (error instanceof ExecError) return new ProgramError(error.status, error.message);
  if (!(error instanceof Errno)) return error;
  const isMissing = error === E.ENOENT || error === E.ENOTDIR;
  return new ProgramError(isMissing ? 127 : 126, `${printable(path)}: ${ERRNO_TEXT[error.name]}`);
}
