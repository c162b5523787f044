// Emits one region as a WebAssembly function: its blocks as structured control flow around the lowering of each instruction.
//
//   function (host stack left, guest address) -> where to go on
//     refuse when the host stack is used up; load registers
//     block leave
//       block interpret spilled
//         block interpret
//           blocks and loops of the region, nested by dominance
//         end: registers back, RIP = pc
//       end: return Leave.interpret
//     end: registers back, return pc

import { BUDGET, EXIT_REASON, Exit, Leave } from '../layout.ts';
import type { Meanings } from '../../arch/arch.ts';
import { RIP } from '../../ir/slots.ts';
import { Emitter, Locals, type MemoryIndexes } from '../wasm/emit.ts';
import { Bytes, Wasm } from '../wasm/encode.ts';
import type { Type } from '../../ir/ops.ts';
import type { Knowledge } from './checks.ts';
import type { Block, Region } from './discover.ts';
import type { Known } from './flag-state.ts';
import { type Edge, flowGraph, type Graph } from './flow-graph.ts';
import { RegionLowering } from './lowering.ts';
import { type Instruction, slotAddress } from './operation.ts';
import { fill, type Patch, reserve } from './patches.ts';
import type { Summaries } from './summary.ts';
import type { Units } from './units.ts';

export const MEMORIES: MemoryIndexes = { guest: 0, state: 1 };
export const REGION_TYPE = { params: ['i32', 'i32'], results: ['i64'] } as const satisfies {
  params: readonly Type[];
  results: readonly Type[];
};

export interface RegionContext {
  readonly meanings: Meanings;
  readonly summaries: Summaries;
  readonly units: Units;
  readonly functionIndex: (name: string) => number;
  /** Type number of REGION_TYPE in the module. */
  readonly regionType: number;
  /** Place in the table of regions of the code at a guest address, compiled or not yet. */
  readonly placeOf: (rip: number) => number;
}

export interface RegionCode {
  readonly locals: readonly Type[];
  readonly body: Uint8Array;
}

/** Host stack that a frame takes besides its locals, in bytes. */
const FRAME = 160;
const STACK_LEFT = 0,
  AT = 1;

export function emitRegion(region: Region, context: RegionContext): RegionCode {
  return new RegionWriter(region, context).write();
}

/** What holds where a block begins. */
interface Entry {
  readonly knowledge: Knowledge;
  readonly known: Known | undefined;
}

type Loop = { readonly node: number; readonly depth: number };

class RegionWriter {
  readonly #region: Region;
  readonly #context: RegionContext;
  readonly #code = new Bytes();
  readonly #locals = new Locals(2);
  readonly #e: Emitter;
  readonly #lowering: RegionLowering;
  readonly #graph: Graph;
  readonly #children: number[][];
  readonly #budget: number;
  readonly #label: number;
  readonly #result: number;
  /** What holds at the end of each block, by node. */
  readonly #exitOf: Entry[] = [];
  /** Units that a block changes, and whether it calls, by node; then the same of all that a node dominates. */
  readonly #effects: { readonly changed: Set<number>; calls: boolean }[];
  readonly #below: { readonly changed: Set<number>; calls: boolean }[] = [];
  readonly #scopes: Loop[] = [];
  readonly #frames: Patch[] = [];

  constructor(region: Region, context: RegionContext) {
    this.#region = region;
    this.#context = context;
    this.#graph = flowGraph(region.blocks.map(({ next }) => next));
    const { edges, order, dominator } = this.#graph;
    this.#children = edges.map(() => []);
    for (const node of order) if ((dominator[node] as number) >= 0) this.#children[dominator[node] as number]?.push(node);

    const used = new Set<number>();
    let hasFlags = false;
    this.#effects = edges.map((_, node) => {
      const block = region.blocks[node];
      const effects = { changed: new Set<number>(), calls: false };
      for (const instruction of block?.instructions ?? []) {
        hasFlags = this.#note(instruction, used, effects) || hasFlags;
      }
      return effects;
    });
    const changed = new Set(this.#effects.flatMap((effects) => [...effects.changed]));
    for (const unit of changed) used.add(unit);
    for (const node of [...order].reverse()) {
      const below = { changed: new Set<number>(), calls: false };
      for (const child of this.#children[node] as number[]) {
        for (const part of [this.#effects[child], this.#below[child]]) {
          for (const unit of part?.changed ?? []) below.changed.add(unit);
          below.calls ||= part?.calls ?? false;
        }
      }
      this.#below[node] = below;
    }
    this.#lowering = new RegionLowering(this.#locals, context.units, { used, changed, hasFlags });
    this.#budget = this.#locals.keep('i32');
    this.#label = this.#locals.keep('i32');
    this.#result = this.#locals.keep('i64');
    this.#e = new Emitter(this.#code, this.#locals, this.#lowering, context.functionIndex, new Map(), MEMORIES);
  }

  /** Collects the registers of an instruction; true if it has to do with flags. */
  #note(instruction: Instruction, used: Set<number>, effects: { changed: Set<number>; calls: boolean }): boolean {
    const { summaries, units } = this.#context;
    let hasFlags = false;
    for (const operation of instruction.operations) {
      const summary = summaries.of(operation.handler);
      hasFlags ||= summary.readsFlags || summary.writesFlags;
      for (const { slot } of summary.reads) {
        const unit = units.at(slotAddress(operation, slot));
        if (unit >= 0 && !summary.isSynced) used.add(unit);
      }
      for (const { slot } of summary.writes) {
        const unit = units.at(slotAddress(operation, slot));
        if (unit >= 0 && !summary.isSynced) effects.changed.add(unit);
      }
      effects.calls ||= summary.isSynced;
    }
    effects.calls ||= instruction.flow === 'call' || instruction.flow === 'syscall';
    return hasFlags;
  }

  write(): RegionCode {
    const e = this.#e,
      { exits, pc } = this.#lowering;
    e.open('block');
    exits.leave = e.depth;
    e.open('block');
    exits.interpretSpilled = e.depth;
    e.open('block');
    exits.interpret = e.depth;
    this.#tree(0, { knowledge: this.#lowering.unknown(), known: undefined });
    e.op(Wasm.unreachable);
    e.end();
    this.#lowering.spill(e);
    e.end();
    this.#storeBudget();
    this.#returnInterpret();
    e.end();
    this.#lowering.spill(e);
    this.#storeBudget();
    e.get(pc);
    e.i64(32n);
    e.op(0x88); // i64.shr_u
    e.op(0xa7);
    e.open('if');
    this.#returnInterpret();
    e.end();
    e.get(pc);
    this.#code.u8(Wasm.end);

    for (const check of this.#lowering.checks)
      for (const patch of check.patches) fill(this.#code, patch, patch.value(check.low, check.high));
    const types = this.#locals.types;
    const frame = FRAME + types.reduce((bytes, type) => bytes + (type === 'v128' ? 16 : 8), 0);
    for (const patch of this.#frames) fill(this.#code, patch, frame);
    return { locals: types, body: Uint8Array.from([...this.#prologue(frame), ...this.#code.take()]) };
  }

  /** Goes back at once when the host stack is used up; loads registers and budget. */
  #prologue(frame: number): Uint8Array {
    const code = new Bytes();
    const e = new Emitter(code, this.#locals, this.#lowering, this.#context.functionIndex, new Map(), MEMORIES);
    e.get(STACK_LEFT);
    e.i32(frame);
    e.op(0x6b); // i32.sub
    e.tee(STACK_LEFT);
    e.i32(0);
    e.op(0x48); // i32.lt_s
    e.open('if');
    e.get(AT);
    e.op(0xad);
    e.op(Wasm.return);
    e.end();
    e.i32(0);
    e.load('i32.load', BUDGET);
    e.set(this.#budget);
    this.#lowering.reload(e);
    return code.take();
  }

  #storeBudget(): void {
    const e = this.#e;
    e.i32(0);
    e.get(this.#budget);
    e.store('i32.store', BUDGET);
  }
  #loadBudget(): void {
    const e = this.#e;
    e.i32(0);
    e.load('i32.load', BUDGET);
    e.set(this.#budget);
  }
  #returnInterpret(): void {
    const e = this.#e;
    e.i32(0);
    e.get(this.#lowering.pc);
    e.store('i64.store', RIP);
    e.i64(Leave.interpret);
    e.op(Wasm.return);
  }

  // structure
  /** Emits a node and everything it dominates. */
  #tree(node: number, entry: Entry): void {
    const { headers, merges, place } = this.#graph;
    const followers = (this.#children[node] as number[])
      .filter((child) => merges.has(child))
      .sort((a, b) => (place[b] as number) - (place[a] as number));
    if (!headers.has(node)) return this.#within(node, followers, entry);
    const e = this.#e;
    e.open('loop');
    this.#scopes.push({ node, depth: e.depth });
    this.#within(node, followers, entry);
    this.#scopes.pop();
    e.end();
    e.op(Wasm.unreachable);
  }
  /** Emits a node inside blocks whose ends are where its followers, the merges it dominates, come; the last one outermost. */
  #within(node: number, followers: readonly number[], entry: Entry): void {
    const [last, ...others] = followers;
    if (last === undefined) return this.#block(node, entry);
    const e = this.#e;
    e.open('block');
    this.#scopes.push({ node: last, depth: e.depth });
    this.#within(node, others, entry);
    this.#scopes.pop();
    e.op(Wasm.unreachable);
    e.end();
    this.#tree(last, this.#entryOf(last));
  }

  /** What holds at the start of a merge or a loop: what its dominator ended with and nothing on the way changes. */
  #entryOf(node: number): Entry {
    const { dominator, headers } = this.#graph;
    const from = dominator[node] as number;
    const before = this.#exitOf[from];
    if (!before) return { knowledge: this.#lowering.unknown(), known: undefined };
    const knowledge = before.knowledge.copy();
    const forget = (effects: { readonly changed: ReadonlySet<number>; readonly calls: boolean } | undefined): void => {
      for (const unit of effects?.changed ?? []) this.#forget(knowledge, unit);
      if (effects?.calls) this.#forgetAll(knowledge);
    };
    if (this.#graph.merges.has(node)) forget(this.#below[from]);
    if (headers.has(node)) {
      forget(this.#effects[node]);
      forget(this.#below[node]);
    }
    return { knowledge, known: undefined };
  }
  #forget(knowledge: Knowledge, unit: number): void {
    const { knowledge: current } = this.#lowering;
    this.#lowering.knowledge = knowledge;
    this.#lowering.forget(unit);
    this.#lowering.knowledge = current;
  }
  #forgetAll(knowledge: Knowledge): void {
    for (let unit = 0; unit < knowledge.registers.length; unit++) this.#forget(knowledge, unit);
    knowledge.forgetChecks();
  }

  /** Goes to a node: a jump where it stands elsewhere, its code where it does not. */
  #go(from: number, { to, label }: Edge, outside: number): void {
    const e = this.#e;
    if (to < 0) return this.#leaveAt(outside);
    const { place, merges, headers } = this.#graph;
    if (label !== undefined) {
      e.i32(label);
      e.set(this.#label);
    }
    const isBack = (place[to] as number) <= (place[from] as number);
    if (isBack) {
      this.#checkBudget(to, outside);
      return this.#jump(to);
    }
    if (merges.has(to)) return this.#jump(to);
    const { knowledge, known } = this.#exitOf[from] as Entry;
    this.#tree(to, headers.has(to) ? this.#entryOf(to) : { knowledge: knowledge.copy(), known });
  }
  #jump(to: number): void {
    const scope = this.#scopes.findLast(({ node }) => node === to);
    if (!scope) throw new Error('no block around a jump ends at its target');
    this.#e.br(scope.depth);
  }
  #leaveAt(rip: number): void {
    const e = this.#e;
    this.#lowering.flagState.generalise(e);
    e.i64(BigInt(rip));
    e.set(this.#lowering.pc);
    e.br(this.#lowering.exits.leave);
  }
  #checkBudget(to: number, outside: number): void {
    const e = this.#e;
    e.get(this.#budget);
    e.i32(0);
    e.op(0x48); // i32.lt_s
    e.open('if');
    this.#leaveAt(this.#region.blocks[to]?.start ?? outside);
    e.end();
  }

  #block(node: number, entry: Entry): void {
    const e = this.#e,
      lowering = this.#lowering;
    lowering.knowledge = entry.knowledge;
    lowering.flagState.known = entry.known;
    const block = this.#region.blocks[node];
    if (!block) {
      // A dispatch node: edges by the label.
      this.#exitOf[node] = { knowledge: lowering.knowledge, known: undefined };
      return this.#dispatch(node);
    }
    e.get(this.#budget);
    e.i32(block.instructions.length);
    e.op(0x6b);
    e.set(this.#budget);
    for (const instruction of block.instructions) this.#instruction(instruction);
    this.#end(node, block);
  }

  #instruction(instruction: Instruction): void {
    const e = this.#e,
      lowering = this.#lowering,
      { meanings, summaries, units } = this.#context;
    for (const operation of instruction.operations) {
      const summary = summaries.of(operation.handler);
      this.#locals.reset();
      const { flagState } = lowering;
      const isGuarded = summary.isConditional || summary.isSynced || summary.repeats;
      if (isGuarded && (summary.writesFlags || summary.isSynced)) {
        flagState.generalise(e);
        flagState.known = undefined;
      }
      const changed = summary.writes.map(({ slot }) => units.at(slotAddress(operation, slot))).filter((unit) => unit >= 0);
      if (summary.isSynced) lowering.spill(e);
      if (summary.repeats) {
        for (const unit of changed) lowering.forget(unit);
        e.open('loop');
        const start = e.depth;
        lowering.repeat = () => {
          e.get(this.#budget);
          e.i32(1);
          e.op(0x6b);
          e.tee(this.#budget);
          e.i32(0);
          e.op(0x48);
          e.op(0x45);
          e.br(start, true);
          lowering.interpret(e);
        };
      }
      lowering.begin(operation, summary);
      flagState.isDirect = isGuarded;
      e.body(meanings.statements(operation.handler));
      flagState.isDirect = false;
      if (summary.repeats) e.end();
      if (summary.isConditional || summary.repeats) for (const unit of changed) lowering.forget(unit);
      if (summary.isSynced) {
        lowering.reload(e);
        this.#forgetAll(lowering.knowledge);
      }
    }
  }

  /** What follows the last instruction of a block. */
  #end(node: number, block: Block): void {
    const e = this.#e,
      lowering = this.#lowering;
    const last = block.instructions.at(-1) as Instruction;
    const [first, second] = this.#graph.edges[node] as readonly Edge[];
    const { flow, next, target } = last;
    if (flow === 'call') this.#call(last);
    else if (flow === 'syscall') this.#syscall(last);
    const { flagState } = lowering;
    if (this.#needsGeneralFlags(node)) {
      // Before the condition's branch, which has been pushed already where there is one.
      flagState.generalise(e);
      flagState.known = undefined;
    }
    this.#exitOf[node] = { knowledge: lowering.knowledge, known: flagState.known };
    if (flow === 'branch') {
      e.open('if');
      this.#go(node, first as Edge, target as number);
      e.else();
      flagState.known = this.#exitOf[node]?.known;
      this.#go(node, second as Edge, next);
      e.end();
      e.op(Wasm.unreachable);
    } else if (flow === 'next' || flow === 'call' || flow === 'syscall') this.#go(node, first ?? { to: -1 }, next);
    else if (flow === 'jump' && target !== undefined) this.#go(node, first ?? { to: -1 }, target);
    else if (flow === 'jump') this.#tailJump();
    else if (flow === 'return') {
      flagState.generalise(e);
      e.br(lowering.exits.leave);
    } else e.op(Wasm.unreachable);
  }

  /** Does a block meet others at its end, which know of flags only the general form? */
  #needsGeneralFlags(node: number): boolean {
    const { edges, merges, headers } = this.#graph;
    return (edges[node] as readonly Edge[]).some(({ to }) => to >= 0 && (merges.has(to) || headers.has(to)));
  }

  #dispatch(node: number): void {
    const e = this.#e;
    const edges = this.#graph.edges[node] as readonly Edge[];
    edges.slice(1).forEach((edge, i) => {
      e.get(this.#label);
      e.i32(i + 1);
      e.op(0x46); // i32.eq
      e.open('if');
      this.#go(node, edge, 0);
      e.end();
    });
    this.#go(node, edges[0] as Edge, 0);
  }

  /** Everything to memory, as another function or the kernel is to see it. */
  #spillAll(): void {
    this.#lowering.flagState.generalise(this.#e);
    this.#lowering.flagState.known = undefined;
    this.#lowering.spill(this.#e);
    this.#storeBudget();
  }
  /** After a call: everything from memory, and out if the time is up or code was dropped meanwhile. */
  #reloadAll(next: number): void {
    const e = this.#e;
    this.#loadBudget();
    e.get(this.#budget);
    e.i32(0);
    e.op(0x48);
    e.open('if');
    e.i64(BigInt(next));
    e.op(Wasm.return);
    e.end();
    this.#lowering.reload(e);
    this.#forgetAll(this.#lowering.knowledge);
  }

  /** Calls the region at the target. When it does not come back to the instruction behind, all frames return. */
  #call({ target, next }: Instruction): void {
    const e = this.#e;
    this.#spillAll();
    if (target === undefined) {
      const place = this.#findPlace();
      e.open('if', 0x7e);
      e.get(STACK_LEFT);
      e.get(this.#lowering.pc);
      e.op(0xa7);
      e.get(place);
      this.#callIndirect();
      e.else();
      this.#pushPc();
      e.end();
    } else {
      e.get(STACK_LEFT);
      e.i32(target);
      e.i32(this.#context.placeOf(target));
      this.#callIndirect();
    }
    e.tee(this.#result);
    e.i64(BigInt(next));
    e.op(0x52); // i64.ne
    e.open('if');
    e.get(this.#result);
    e.op(Wasm.return);
    e.end();
    this.#reloadAll(next);
  }
  #callIndirect(): void {
    this.#code.u8(Wasm.callIndirect);
    this.#code.u32(this.#context.regionType);
    this.#code.u32(0);
  }
  /** Pushes the place of the region at `pc`, 0 if there is none, and keeps it. */
  #findPlace(): number {
    const e = this.#e;
    const place = this.#locals.take('i32');
    e.get(this.#lowering.pc);
    e.call('region.find');
    e.tee(place);
    return place;
  }
  /** Pushes what to return for going on at `pc`. */
  #pushPc(): void {
    const e = this.#e;
    e.get(this.#lowering.pc);
    e.i64(32n);
    e.op(0x88);
    e.op(0xa7);
    e.open('if');
    this.#returnInterpret();
    e.end();
    e.get(this.#lowering.pc);
  }

  /** An indirect jump: to the region there, in place of this one. */
  #tailJump(): void {
    const e = this.#e;
    this.#spillAll();
    const place = this.#findPlace();
    e.open('if');
    e.get(STACK_LEFT);
    reserveFrame(e, this.#frames);
    e.get(this.#lowering.pc);
    e.op(0xa7);
    e.get(place);
    this.#code.u8(Wasm.returnCallIndirect);
    this.#code.u32(this.#context.regionType);
    this.#code.u32(0);
    e.end();
    this.#pushPc();
    e.op(Wasm.return);
  }

  #syscall({ next }: Instruction): void {
    const e = this.#e;
    this.#spillAll();
    e.i32(0);
    e.i64(BigInt(next));
    e.store('i64.store', RIP);
    e.call('host.syscall');
    e.op(0x45);
    e.open('if');
    e.i32(0);
    e.i32(Exit.syscall);
    e.store('i32.store', EXIT_REASON);
    e.i64(Leave.exit);
    e.op(Wasm.return);
    e.end();
    e.i32(0);
    e.load('i64.load', RIP);
    e.tee(this.#lowering.pc);
    e.i64(BigInt(next));
    e.op(0x52);
    e.open('if');
    this.#pushPc();
    e.op(Wasm.return);
    e.end();
    this.#reloadAll(next);
  }
}

/** Adds back the frame that a tail call gives up. */
function reserveFrame(e: Emitter, frames: Patch[]): void {
  e.code.u8(Wasm.i32Const);
  frames.push(reserve(e.code, true, () => 0));
  e.op(0x6a);
}
