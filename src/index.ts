// The public API: machines that run Linux programs, with their files, processes and traces.

import type { MemoryCheck } from './arch/arch.ts';
import { type ByteString, utf8 } from './lib/bytes.ts';
import { MemoryStream } from './host/memory-stream.ts';
import { type CompilerOptions, cpu, type InterpreterName, interpreterName } from './cpu.ts';
import type { CodeCache } from './exec/code-cache.ts';
import { NEVER } from './exec/layout.ts';
import { GuestFiles } from './guest-files.ts';
import { GuestProcess, type SpawnOptions } from './guest-process.ts';
import type { Clock, Host, HostFiles } from './host/host.ts';
import * as rest from './rest.ts';
import { Machine, type Stats } from './machine.ts';
import { type MemoryArea, memoryAreas } from './memory-areas.ts';
import { memory } from './image-roots.ts';
import type { Root } from './roots.ts';
import { byteSize } from './lib/size.ts';
import { type TracedCall, TraceFeed } from './trace-feed.ts';
import { collect } from './web-streams.ts';

export type { Clock, Host, HostFiles, HostStat, HostStream } from './host/host.ts';
export { HostError } from './host/host.ts';
export { MemoryStream } from './host/memory-stream.ts';
export { fakeHost } from './host/fake/host.ts';
export type { MemoryCheck } from './arch/arch.ts';
export type { InterpreterName } from './cpu.ts';
export type { FileInfo } from './guest-files.ts';
export type { Exit, GuestProcess, SpawnOptions, StandardInput } from './guest-process.ts';
export type { MemoryArea } from './memory-areas.ts';
export { type Files, manifest, memory, tar } from './image-roots.ts';
export { hostDir, type Root } from './roots.ts';
export type { TracedCall } from './trace-feed.ts';
export { ProgramError, type Stats } from './machine.ts';
export { UsageError } from './lib/usage-error.ts';

/** What a binding for one JavaScript environment brings: cli/library.ts for Node, web/library.ts for browsers. */
export interface Platform {
  readonly host: Host;
  /** The host's files, for hostDir(); absent in browsers. */
  readonly files?: HostFiles;
  /** An interpreter module, dist/NAME.wasm. */
  readonly interpreter: (name: InterpreterName) => Promise<WebAssembly.Module>;
  /** What makes compilers of hot code (src/compiler.ts), asked when a program has run for a while. */
  readonly compiler?: CompilerOptions['maker'];
  /** Compiled code of all machines. */
  readonly codeCache?: CodeCache;
  /** Unpacks tar archives; throws for a format it does not know. */
  readonly decompress?: (bytes: Uint8Array, format: 'gzip' | 'zstd') => Uint8Array | Promise<Uint8Array>;
}

export interface CreateOptions {
  /** The guest's `/`; by default an empty directory in memory: nothing of the host is visible. */
  readonly root?: Root;
  /** More file systems by absolute guest path; the directory need not exist. */
  readonly mounts?: Readonly<Record<string, Root>>;
  /** Bytes, or text as '1GiB', that guests may use together; default half of the host's. A process beyond it is killed. */
  readonly memory?: number | string;
  /** 'loopback' (default): the machine has 127.0.0.1 and ::1, which nobody outside reaches; 'none': no interface. */
  readonly net?: 'none' | 'loopback';
  /** Environment of programs that are not given their own. */
  readonly env?: Readonly<Record<string, string>>;
  /** What uname(2) says; default 'elfin'. */
  readonly hostname?: string;
  /** Whom programs run as; default 0:0. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Live processes at a time, 1,000 by default; fork beyond it is EAGAIN. */
  readonly maxProcesses?: number;
  /** What CPUID offers: 'x86-64', or changes as '+name,-name'. */
  readonly cpu?: string;
  /**
   * False: programs are interpreted only. `threshold`: code is compiled when it was entered so often, from the start on, not
   * when a program has run for a while. Compiled code is shared by all machines; where it takes over changes when threads
   * are preempted.
   */
  readonly jit?: boolean | { readonly threshold?: number };
  /**
   * How compiled code checks what it reads: 'page' (default) exactly; 'window' is faster, but reads of what is not mapped or
   * not readable may give zeros or old bytes instead of SIGSEGV (docs/deviations.md).
   */
  readonly memoryCheck?: MemoryCheck;
  /** Random addresses; default true. */
  readonly aslr?: boolean;
  /** Time as guests see it; default the host's. */
  readonly clock?: Clock;
  /** Fills the bytes with entropy, for getrandom(2), AT_RANDOM and addresses; default the host's. */
  readonly random?: (bytes: Uint8Array) => void;
  /** Takes messages for people: a program killed by a fault, an instruction that is not built. Default: dropped. */
  readonly diagnostic?: (line: string) => void;
}

/** What run() gives: how the program ended, and its output as text (invalid UTF-8 replaced) and as bytes. */
export interface RunResult {
  /** Exit status, 0 .. 255; absent after a signal. */
  readonly code?: number;
  /** Name of the signal that ended it, as 'SIGSEGV'; absent after an exit. */
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array<ArrayBuffer>;
  readonly stderrBytes: Uint8Array<ArrayBuffer>;
}

const DEFAULT_ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/' };

/** One machine. Many can live in a process; none knows of the others. */
export class Elfin {
  readonly #machine: Machine;
  readonly #environment: readonly ByteString[];
  readonly #feeds = new Set<TraceFeed>();
  #isDisposed = false;
  /** Files as root sees them. */
  readonly fs: GuestFiles;

  private constructor(machine: Machine, environment: readonly ByteString[]) {
    this.#machine = machine;
    this.#environment = environment;
    this.fs = new GuestFiles(machine);
  }

  /**
   * Makes a machine on a platform; the entries for Node and browsers have their platform bound. Rejects with UsageError for a
   * root or mount that is missing or damaged and for an unknown `cpu`, with RangeError for a `memory` that is no size, a
   * `jit.threshold` that is no positive integer and an unknown `memoryCheck`.
   */
  static async create(platform: Platform, options: CreateOptions = {}): Promise<Elfin> {
    const host: Host = {
      ...platform.host,
      totalMemory: platform.host.totalMemory,
      ...(options.clock && { clock: options.clock }),
      ...(options.random && { random: options.random }),
    };
    const mounts = Object.entries(options.mounts ?? {}).map(([at, root]) => ({ at: utf8(at), root }));
    const machine = await Machine.create({
      host,
      executions: cpu(
        await platform.interpreter(interpreterName(options.cpu)),
        host.clock,
        options.cpu,
        compilerOptions(platform, options),
      ),
      rest: () => rest,
      root: options.root ?? memory({}),
      mounts,
      environment: { files: platform.files, decompress: platform.decompress },
      memoryLimit: options.memory === undefined ? undefined : byteSize(options.memory),
      hostname: options.hostname === undefined ? undefined : utf8(options.hostname),
      user: options.user,
      hasLoopback: options.net !== 'none',
      maxProcesses: options.maxProcesses,
      hasAslr: options.aslr ?? true,
      diagnostic: options.diagnostic ?? (() => {}),
    });
    return new Elfin(machine, environmentOf(options.env ?? DEFAULT_ENVIRONMENT));
  }

  /**
   * Starts a program, searched in PATH if it has no slash; resolves when it is loaded. Rejects with ProgramError when there is
   * nothing that can run (`status` 127: missing, 126: unusable), with UsageError for a `cwd` that is no directory.
   */
  async spawn(program: string, args: readonly string[] = [], options: SpawnOptions = {}): Promise<GuestProcess> {
    if (this.#isDisposed) throw new Error('the machine was disposed');
    return GuestProcess.start(
      this.#machine,
      program,
      args,
      options,
      options.env ? environmentOf(options.env) : this.#environment,
    );
  }

  /** Runs a program to its end and collects its output; its input is empty unless `stdin` is given. Rejects as spawn does. */
  async run(program: string, args: readonly string[] = [], options: SpawnOptions = {}): Promise<RunResult> {
    const [output, errors] = [new MemoryStream(), new MemoryStream()];
    const started = await this.spawn(program, args, { stdin: '', ...options, sinks: { stdout: output, stderr: errors } });
    const [stdoutBytes, stderrBytes, exit] = await Promise.all([collect(output), collect(errors), started.exited]);
    const decoder = new TextDecoder();
    return { ...exit, stdout: decoder.decode(stdoutBytes), stderr: decoder.decode(stderrBytes), stdoutBytes, stderrBytes };
  }

  /**
   * System calls from now on, those whose names match one of the patterns (`open*`); ends with the machine, or when the
   * loop is left.
   */
  trace(filter: { readonly syscalls?: readonly string[] } = {}): AsyncIterableIterator<TracedCall> {
    const feed = new TraceFeed(this.#machine, filter.syscalls ?? [], () => this.#feeds.delete(feed));
    this.#feeds.add(feed);
    return feed;
  }

  /** The memory map of a process; throws if there is none of that pid. */
  maps(pid: number): MemoryArea[] {
    const process = this.#machine.kernel.processes.get(pid);
    if (!process) throw new Error(`no process ${pid}`);
    return memoryAreas(process);
  }

  /** Counters since the machine was made. */
  stats(): Stats {
    return this.#machine.stats();
  }

  /** Ends every process (SIGKILL) and frees what the machine holds; spawn and run reject afterwards. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#machine.dispose();
    for (const feed of [...this.#feeds]) feed.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

function compilerOptions(platform: Platform, { jit = true, memoryCheck = 'page' }: CreateOptions): CompilerOptions | undefined {
  if (memoryCheck !== 'page' && memoryCheck !== 'window') throw new RangeError(`memoryCheck: ${memoryCheck} is no way to check`);
  if (!platform.compiler || jit === false) return undefined;
  const threshold = jit === true ? undefined : jit.threshold;
  if (threshold !== undefined && !(Number.isInteger(threshold) && threshold > 0 && threshold < NEVER))
    throw new RangeError(`jit.threshold: ${threshold} is no positive integer`);
  return { maker: platform.compiler, threshold, memoryCheck, cache: platform.codeCache };
}

const environmentOf = (variables: Readonly<Record<string, string>>): ByteString[] =>
  Object.entries(variables).map(([key, value]) => utf8(`${key}=${value}`));
