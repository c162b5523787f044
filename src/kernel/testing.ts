// A machine for the kernel's own tests: scripted programs instead of a CPU, a virtual clock, one directory as root.

import type { Execution, ExecutionHooks, ExitReason, Fault, LinuxAbi } from '../arch/arch.ts';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from '../abi/mman.ts';
import { Trace } from '../debug/trace.ts';
import type { Host } from '../host/host.ts';
import { Kernel } from './kernel.ts';
import { map } from './mm/map.ts';
import type { Process } from './process.ts';
import * as rest from './rest.ts';
import type { Tracer } from './tracer.ts';
import { BaseInode, plainStat } from './vfs/base-inode.ts';
import { type Inode, type OpenFile, S_IFDIR, type Stat } from './vfs/inode.ts';
import { Vfs } from './vfs/vfs.ts';

/** One step of a scripted program: a syscall by number and arguments, a fault, or some computing. */
export type Step =
  | { readonly call: number; readonly args?: readonly number[] }
  | { readonly fault: Fault }
  | { readonly compute: number };
/** A program yields steps and is sent the result of each call. */
export type Script = Generator<Step, void, number>;

/** Memory that scripts may use. */
export const SCRATCH = 0x10000,
  SCRATCH_SIZE = 0x10000;

const NUMBER = 4,
  PC = 2,
  SP = 18;
const ARGUMENTS = [6, 8, 10, 12, 14, 16] as const;
const STATE_PAGES = 160;

class ScriptedExecution implements Execution {
  readonly state = new WebAssembly.Memory({ initial: STATE_PAGES });
  readonly guest = new WebAssembly.Memory({ initial: 16, maximum: 65_536 });
  script: Script | undefined;
  readonly #hooks: ExecutionHooks;
  readonly #words = new Int32Array(this.state.buffer);
  #fault: Fault | undefined;
  #isStarted = false;
  #left = 0;

  constructor(hooks: ExecutionHooks) {
    this.#hooks = hooks;
  }

  run(budget: number): ExitReason {
    if (this.#left > 0) {
      this.#left -= budget;
      return 'budget';
    }
    for (;;) {
      const words = this.#words;
      const result = words[NUMBER + 1]! * 2 ** 32 + (words[NUMBER]! >>> 0);
      const next = this.script?.next(this.#isStarted ? result : 0) ?? { done: true };
      this.#isStarted = true;
      if (next.done || !next.value) throw new Error('the script ended without exit');
      const step = next.value;
      if ('compute' in step) {
        this.#left = step.compute - budget;
        return 'budget';
      }
      if ('fault' in step) {
        this.#fault = step.fault;
        return 'fault';
      }
      words[NUMBER] = step.call;
      words[NUMBER + 1] = 0;
      ARGUMENTS.forEach((index, i) => {
        const value = step.args?.[i] ?? 0;
        words[index] = value | 0;
        words[index + 1] = Math.floor(value / 2 ** 32);
      });
      if (!this.#hooks.syscall()) return 'syscall';
    }
  }

  fault(): Fault {
    if (!this.#fault) throw new Error('no fault');
    return this.#fault;
  }
  invalidate(): void {}
  reset(): void {}
  adopt(): void {}
  instructions(): number {
    return 0;
  }
}

const abi: LinuxAbi = {
  name: 'x64',
  machine: 62,
  platform: 'x86_64',
  hwcap: 0,
  hwcap2: 0,
  minSigStackSize: 2048,
  contextBytes: 128,
  numberIndex: NUMBER,
  argumentIndexes: ARGUMENTS,
  resultIndex: NUMBER,
  pcIndex: PC,
  spIndex: SP,
  startContext: () => {},
  register: () => 0n,
  setRegister: () => {},
  disassemble: () => ({ text: 'ud2', length: 2 }),
};

class EmptyDirectory extends BaseInode {
  readonly type = S_IFDIR;
  override stat(): Stat {
    return plainStat({ ino: 1, mode: S_IFDIR | 0o755 });
  }
  override lookup(): Inode | undefined {
    return undefined;
  }
  override entries() {
    return [];
  }
}

export interface TestMachine {
  readonly kernel: Kernel;
  readonly diagnostics: string[];
  readonly verbose: string[];
  /** Starts a program; its scratch memory is mapped. */
  start(script: (process: Process) => Script, files?: readonly OpenFile[]): Process;
}

export function testMachine(host: Host, tracer?: Tracer): TestMachine {
  const diagnostics: string[] = [],
    verbose: string[] = [];
  const executions: ScriptedExecution[] = [];
  const vfs = new Vfs();
  vfs.mount('/', {
    type: 'empty',
    root: new EmptyDirectory(),
    statfs: () => ({ type: 0, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 }),
  });
  const kernel = new Kernel({
    host,
    abi,
    executions: {
      create: (hooks) => {
        const execution = new ScriptedExecution(hooks);
        executions.push(execution);
        return execution;
      },
    },
    vfs,
    rest: () => rest,
    trace: new Trace((line) => diagnostics.push(line)),
    diagnostic: (line) => diagnostics.push(line),
    verbose: (line) => verbose.push(line),
    tracer,
  });
  return {
    kernel,
    diagnostics,
    verbose,
    start: (script, files = []) => {
      const ids = { uid: 0, euid: 0, suid: 0, fsuid: 0, gid: 0, egid: 0, sgid: 0, fsgid: 0, groups: [] };
      const process = kernel.create({ cwd: vfs.root, credentials: ids, files });
      map(process.mm, {
        address: SCRATCH,
        length: SCRATCH_SIZE,
        prot: PROT_READ | PROT_WRITE,
        flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
      });
      const execution = executions.at(-1);
      if (execution) execution.script = script(process);
      kernel.scheduler.ready(process.leader);
      return process;
    },
  };
}
