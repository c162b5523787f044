// `--jit-verify`: every stretch of compiled code is interpreted once more, from the same registers and memory.
//
//   begin: registers and the pages that may be written without asking are copied
//   ... compiled code runs, until it calls a region, returns from one, makes a system call, or leaves for the interpreter ...
//   check: memory as it was; a second interpreter steps from there, one instruction at a time, until everything is as
//          compiled code has left it
//
// Compiled code does not count its instructions exactly, so that no one knows how many steps there are: its state must be
// one of those the interpreter comes through. What lies outside of the copied pages compiled code cannot change. Status flags
// are not compared, since those that nothing reads are not computed: wrong ones show as another way through the code.

import type { Execution, ExecutionHooks } from '../../arch/arch.ts';
import { FLAG_KIND, FLAG_X, RIP, TMP0 } from '../../ir/slots.ts';
import { hex } from '../../lib/hex.ts';
import { EXIT_REASON, Leave, MOST_OPERATIONS, READ_TABLE, REFUSED, SHORTENED, WRITE_TABLE } from '../layout.ts';
import { ModuleWriter, Wasm } from '../wasm/encode.ts';
import { REGION_TYPE } from './region-function.ts';

export type RegionFunction = (stackLeft: number, at: number) => bigint;

/** Steps after which a state that was not found is taken for wrong. */
const MOST_STEPS = 5_000_000;
/** Host stack that a check takes of what regions may use. */
const WRAPPER_STACK = 1000;
/** What a context switch copies, less rip. */
const CONTEXT = EXIT_REASON;
const PAGE = 4096;
/** Pages that are copied for a stretch, at most: with more, all are refused, and the kernel allows again what is written to. */
const MOST_PAGES = 8;

interface Snapshot {
  readonly rip: number;
  readonly context: Uint8Array;
  /** Contents of `ranges` of guest memory, one behind the other. */
  readonly memory: Uint8Array;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

const bytesIn = (ranges: Snapshot['ranges']): number => ranges.reduce((sum, { start, end }) => sum + end - start, 0);

export class Verifier {
  /** What compiled code imports in place of the host's functions. */
  readonly host: WebAssembly.ModuleImports;
  readonly #state: WebAssembly.Memory;
  readonly #guest: WebAssembly.Memory;
  readonly #shadow: Execution;
  readonly #view: DataView;
  readonly #trampoline = trampoline();
  #pending: Snapshot | undefined;
  #depth = 0;
  /** Numbers that compiled code was given since the stretch began, and how many the shadow has taken. */
  readonly #given: bigint[] = [];
  #taken = 0;
  #canCall = false;

  /** `host`: what regions import; `makeShadow` gives an interpreter of its own state in the same guest memory. */
  constructor(
    memories: { readonly state: WebAssembly.Memory; readonly guest: WebAssembly.Memory },
    host: WebAssembly.ModuleImports,
    fetch: ExecutionHooks['fetch'],
    makeShadow: (hooks: ExecutionHooks, ticks: () => number) => Execution,
  ) {
    this.#state = memories.state;
    this.#guest = memories.guest;
    this.#view = new DataView(memories.state.buffer);
    const hooks: ExecutionHooks = {
      syscall: () => false,
      access: () => false,
      fetch,
      random: (bytes) => new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(0, this.#take(), true),
    };
    this.#shadow = makeShadow(hooks, () => Number(this.#take()));
    new Int32Array(this.#shadow.state.buffer)[SHORTENED >> 2] = MOST_OPERATIONS - 1;
    this.host = { ...host, syscall: () => this.#syscall(host.syscall as () => number) };
    for (const name of ['rdtsc', 'random'] as const) {
      this.host[name] = () => {
        (host[name] as () => void)();
        this.#given.push(this.#view.getBigUint64(TMP0, true));
      };
    }
  }

  /** Code that stands for a region's in the table: checks what was before it, and what it does. */
  wrap(code: RegionFunction): RegionFunction {
    const enter = (stackLeft: number, at: number): bigint => {
      if (this.#depth > 0) this.#check(at >>> 0, false);
      this.#begin(at >>> 0);
      this.#depth++;
      const next = code(stackLeft - WRAPPER_STACK, at);
      this.#depth--;
      if (next >= Leave.exit) this.#pending = undefined;
      else {
        const rip = next < Leave.interpret ? Number(next) : this.#view.getUint32(RIP, true);
        this.#check(rip, false);
        if (this.#depth > 0) this.#begin(rip);
      }
      return next;
    };
    const instance = new WebAssembly.Instance(this.#trampoline, { verify: { enter } });
    return instance.exports.region as RegionFunction;
  }

  invalidate(first: number, last: number): void {
    this.#shadow.invalidate(first, last);
  }
  reset(): void {
    this.#shadow.reset();
  }

  #take(): bigint {
    return this.#given[this.#taken++] ?? 0n;
  }

  #syscall(call: () => number): number {
    this.#check(this.#view.getUint32(RIP, true), true);
    const goesOn = call();
    if (goesOn) this.#begin(this.#view.getUint32(RIP, true));
    return goesOn;
  }

  #begin(rip: number): void {
    let ranges = this.#writable();
    if (bytesIn(ranges) > MOST_PAGES * PAGE) {
      new Uint32Array(this.#state.buffer, WRITE_TABLE, this.#guest.buffer.byteLength / PAGE).fill(REFUSED);
      ranges = [];
    }
    this.#given.length = this.#taken = 0;
    this.#pending = { rip, context: new Uint8Array(this.#state.buffer).slice(0, CONTEXT), memory: this.#copy(ranges), ranges };
  }

  /** Pages that a store reaches without a call. */
  #writable(): Snapshot['ranges'] {
    const pages = this.#guest.buffer.byteLength / PAGE;
    const table = new Uint32Array(this.#state.buffer, WRITE_TABLE, pages);
    const ranges: { start: number; end: number }[] = [];
    for (let page = 0; page < pages; page++) {
      if (table[page] === REFUSED) continue;
      const last = ranges.at(-1);
      if (last && last.end === page * PAGE) last.end += PAGE;
      else ranges.push({ start: page * PAGE, end: (page + 1) * PAGE });
    }
    return ranges;
  }
  #copy(ranges: Snapshot['ranges']): Uint8Array {
    const guest = new Uint8Array(this.#guest.buffer);
    const copy = new Uint8Array(bytesIn(ranges));
    let at = 0;
    for (const { start, end } of ranges) {
      copy.set(guest.subarray(start, end), at);
      at += end - start;
    }
    return copy;
  }
  #restore({ ranges, memory }: Pick<Snapshot, 'ranges' | 'memory'>): void {
    const guest = new Uint8Array(this.#guest.buffer);
    let at = 0;
    for (const { start, end } of ranges) {
      guest.set(memory.subarray(at, at + end - start), start);
      at += end - start;
    }
  }

  /** Throws if the interpreter does not come from where the stretch began to the state of the moment, at `rip`. */
  #check(rip: number, isCall: boolean): void {
    const before = this.#pending;
    if (!before) throw new Error('compiled code that runs unseen');
    this.#pending = undefined;
    const { ranges } = before;
    const wanted = { rip, context: new Uint8Array(this.#state.buffer).slice(0, CONTEXT), memory: this.#copy(ranges), ranges };
    this.#restore(before);
    this.#load(before);
    this.#canCall = isCall;
    let nearest = 'it does not come there';
    const steps = isCall ? this.#steps() : this.#here(this.#steps());
    for (const _ of steps) {
      const difference = this.#difference(wanted);
      if (difference === undefined) return;
      if (difference !== '') nearest = difference;
    }
    throw new Error(`compiled code from ${hex(before.rip)} to ${hex(rip)} is not as interpreted: ${nearest}`);
  }
  *#here(steps: Iterable<void>): Iterable<void> {
    yield;
    yield* steps;
  }
  *#steps(): Iterable<void> {
    for (let i = 0; i < MOST_STEPS; i++) {
      const reason = this.#shadow.run(0);
      if (reason === 'fault') return;
      if (reason === 'syscall') {
        if (this.#canCall) yield;
        return;
      }
      if (!this.#canCall) yield;
    }
  }

  #load({ rip, context }: Snapshot): void {
    const shadow = new Uint8Array(this.#shadow.state.buffer);
    const state = new Uint8Array(this.#state.buffer);
    const pages = this.#guest.buffer.byteLength / PAGE;
    for (const table of [READ_TABLE, WRITE_TABLE]) shadow.set(state.subarray(table, table + 4 * pages), table);
    shadow.set(context);
    new DataView(shadow.buffer).setBigUint64(RIP, BigInt(rip), true);
  }

  /** undefined: none; empty: it is elsewhere. */
  #difference(wanted: Snapshot): string | undefined {
    const shadow = new DataView(this.#shadow.state.buffer);
    if (shadow.getUint32(RIP, true) !== wanted.rip) return '';
    const context = new DataView(wanted.context.buffer);
    for (let at = RIP + 8; at < CONTEXT; at += 4) {
      if ((at >= FLAG_X && at < FLAG_KIND + 4) || (at >= TMP0 && at < TMP0 + 8)) continue;
      const [is, should] = [context.getUint32(at, true), shadow.getUint32(at, true)];
      if (is !== should) return `the register at 0x${hex(at)} is ${hex(is)}, not ${hex(should)}`;
    }
    const words = new Int32Array(this.#guest.buffer);
    const memory = new Int32Array(wanted.memory.buffer);
    let i = 0;
    for (const { start, end } of wanted.ranges) {
      for (let word = start >> 2; word < end >> 2; word++, i++)
        if (words[word] !== memory[i])
          return `the word at ${hex(word * 4)} is ${hex((memory[i] as number) >>> 0)}, not ${hex((words[word] as number) >>> 0)}`;
    }
    return undefined;
  }
}

/** A function of a region's type that calls out: only such ones can stand in the table. */
function trampoline(): WebAssembly.Module {
  const module = new ModuleWriter();
  module.importFunction('verify', 'enter', REGION_TYPE);
  module.declare('region', REGION_TYPE);
  module.define('region', [], Uint8Array.from([Wasm.localGet, 0, Wasm.localGet, 1, Wasm.call, 0, Wasm.end]));
  module.export('region');
  return new WebAssembly.Module(module.take());
}
