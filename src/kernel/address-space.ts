// An address space with the execution that runs in it: of one process, or for a while of a vfork's parent and child.

import type { Execution } from '../arch/arch.ts';
import { E } from '../abi/errno.ts';
import { SI_KERNEL, SIGNAL } from '../abi/signals.ts';
import { GuestMemory } from '../memory/guest-memory.ts';
import { syscallHook } from './dispatch.ts';
import type { Kernel } from './kernel.ts';
import { RLIMIT } from './limits.ts';
import { codeImage, codeImageStart } from './mm/code-image.ts';
import { MemoryMap } from './mm/memory-map.ts';
import { sendSignal } from './signals.ts';
import type { Task } from './task.ts';

export class AddressSpace {
  readonly kernel: Kernel;
  readonly execution: Execution;
  readonly memory: GuestMemory;
  readonly mm: MemoryMap;
  /** The state memory, whose size is fixed, as 32-bit words: registers by abi index. */
  readonly registers: Int32Array;
  /** The same as bytes, for abi.register and the like. */
  readonly stateBytes: Uint8Array;
  /** The part of it that a task keeps while others run. */
  readonly #context: Uint8Array;
  /** The task whose registers are in the state memory. */
  current: Task | undefined;
  /** Processes that live in it. */
  users = 0;
  /** Pages that its processes had when they left, one after the other: what the host may have had to back. */
  touched = 0;
  readonly #hook: () => boolean;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    // The execution calls back only while it runs, and it runs only what is complete.
    this.execution = kernel.executions.create({
      syscall: () => this.#hook(),
      access: (low, size, isWrite) => this.mm.access(low, size, isWrite),
      fetch: (page) => this.mm.fetch(page),
      image: (page) => codeImage(this.mm, page),
      imageStart: (id) => codeImageStart(this.mm, id),
      hasWindow: () => this.mm.window.open(),
      random: (bytes) => kernel.host.random(bytes),
    });
    const { state, guest } = this.execution;
    this.memory = new GuestMemory(state, guest);
    this.registers = new Int32Array(state.buffer);
    this.stateBytes = new Uint8Array(state.buffer);
    this.#context = this.stateBytes.subarray(0, kernel.abi.contextBytes);
    const limit = (resource: number): number => {
      const process = this.current?.process;
      // CAP_IPC_LOCK: root may lock what it likes (mlock(2))
      if (!process || (resource === RLIMIT.MEMLOCK && process.credentials.euid === 0)) return Infinity;
      return process.limits.soft(resource);
    };
    const { memory, executions } = kernel;
    const { memoryCheck } = executions;
    this.mm = new MemoryMap({ memory: this.memory, execution: this.execution, account: memory, limit, memoryCheck });
    this.mm.onOutOfMemory = () => {
      if (this.current) sendSignal(this.current.process, { signal: SIGNAL.SIGKILL, code: SI_KERNEL, pid: 0, uid: 0 });
    };
    this.#hook = syscallHook(this);
  }

  /** Loads the registers of a task into the state memory, and keeps those of the task before. */
  load(task: Task): void {
    const before = this.current;
    if (before === task) return;
    if (before && before.state !== 'dead') {
      before.context ??= new Uint8Array(this.#context.length);
      before.context.set(this.#context);
    }
    if (task.context) this.stateBytes.set(task.context);
    this.current = task;
  }

  /** The registers of a task that is not running, as a copy. */
  contextOf(task: Task): Uint8Array {
    if (this.current !== task && task.context) return task.context.slice();
    return this.#context.slice();
  }
}

/**
 * Pages that may have been touched in a space that is cleaned and kept: WebAssembly memory never gives any back to the host,
 * so one that has seen more is left to the garbage collector.
 */
const MOST_TOUCHED = 16_384;
/** Spaces kept for other processes. */
const MOST_KEPT = 16;

/** The address spaces of a machine: those of dead processes are cleaned and used again. */
export class AddressSpaces {
  readonly #kernel: Kernel;
  readonly #kept: AddressSpace[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** An empty one; ENOMEM when the host has no room for its memories. */
  take(): AddressSpace {
    const kept = this.#kept.pop();
    if (kept) return kept;
    try {
      return new AddressSpace(this.#kernel);
    } catch (error) {
      // the one way in which WebAssembly.Memory reports that the host has no room
      if (error instanceof RangeError) throw E.ENOMEM;
      throw error;
    }
  }

  /** A process leaves; the last one leaves nothing behind. */
  leave(space: AddressSpace): void {
    if (--space.users > 0) return;
    space.current = undefined;
    space.touched += space.mm.frames.count;
    space.execution.reset();
    if (this.#kept.length >= MOST_KEPT || space.touched > MOST_TOUCHED) {
      space.mm.end();
      return;
    }
    space.mm.clear();
    space.mm.defaultFlags = 0;
    this.#kept.push(space);
  }
}
