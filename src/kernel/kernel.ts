// The kernel of one machine: its processes, file systems, clock, limits and diagnostics. It owns all kernel state.

import type { ExecutionFactory, LinuxAbi } from '../arch/arch.ts';
import { E } from '../abi/errno.ts';
import type { Trace } from '../debug/trace.ts';
import type { Host } from '../host/host.ts';
import type { ByteString } from '../lib/bytes.ts';
import { KernelClock } from './clock.ts';
import type { Account } from './limits.ts';
import type { Credentials, ExitStatus, Process } from './process.ts';
import { Scheduler } from './scheduler.ts';
import type { Task } from './task.ts';
import type { OpenFile } from './vfs/inode.ts';
import type { Path, Vfs } from './vfs/vfs.ts';

export interface KernelOptions {
  readonly host: Host;
  readonly abi: LinuxAbi;
  readonly executions: ExecutionFactory;
  readonly vfs: Vfs;
  readonly trace: Trace;
  /** Messages for the machine's user (deadly signals, bugs), without newline. */
  readonly diagnostic: (line: string) => void;
  /** Boot lines and unknown syscalls; absent when not verbose. */
  readonly verbose?: ((line: string) => void) | undefined;
  readonly hostname?: ByteString | undefined;
  /** Bytes of guest memory, tmpfs, pipes; default half of the host's. */
  readonly memoryLimit?: number | undefined;
  readonly maxProcesses?: number | undefined;
  /** RLIMIT_NOFILE: soft and hard. */
  readonly maxFiles?: { readonly soft: number; readonly hard: number } | undefined;
}

export interface SpawnOptions {
  readonly path: ByteString;
  readonly argv: readonly ByteString[];
  readonly environ: readonly ByteString[];
  readonly cwd: Path;
  readonly root?: Path | undefined;
  readonly umask?: number | undefined;
  readonly credentials: Credentials;
  /** Descriptors 0, 1, 2 ... */
  readonly files: readonly OpenFile[];
  /** Another program interpreter than PT_INTERP's. */
  readonly interpreter?: ByteString | undefined;
}

export declare class Kernel {
  constructor(options: KernelOptions);
  readonly host: Host;
  readonly abi: LinuxAbi;
  readonly executions: ExecutionFactory;
  readonly vfs: Vfs;
  readonly trace: Trace;
  readonly clock: KernelClock;
  readonly scheduler: Scheduler;
  readonly processes: Map<number, Process>;
  readonly memory: Account;
  hostname: ByteString;
  domainname: ByteString;
  readonly defaultLimits: ReadonlyMap<number, readonly [number, number]>;
  /** Makes a process and loads its program; throws Errno or ExecError. Call run() to let it go. */
  spawn(options: SpawnOptions): Process;
  /** Runs guests until none is left; one promise for all callers meanwhile. */
  run(): Promise<void>;
  /** Ends every process as if by `status`. */
  stop(status: ExitStatus): void;
  /** A signal from the host: Ctrl-C, p.kill(). False: no such process. */
  kill(pid: number, signal: number): boolean;
  diagnostic(line: string): void;
  verbose(line: string): void;
  readonly isVerbose: boolean;
  syscallName(number: number): string;
  processEnded(process: Process): void;
  releaseTask(task: Task): void;
}
void E;
