// Emits one region as a WebAssembly function: its plan as structured control flow around the lowering of each instruction.
//
//   function (host stack left, guest address) -> where to go on
//     go back when the host stack is used up
//     block return
//       block exit n .. block exit 0
//         dispatch on the guest address; blocks and loops of the region, nested by dominance
//       end of an exit: its registers to memory
//     end return: RIP = pc, return Leave.interpret

import { Emitter, Locals } from '../wasm/emit.ts';
import { Bytes, Wasm } from '../wasm/encode.ts';
import type { Knowledge } from './checks.ts';
import { type Block, type Region, sizeOf } from './discover.ts';
import { wantedFlags } from './flag-liveness.ts';
import type { Known } from './flag-state.ts';
import type { Edge } from './flow-graph.ts';
import { RegionLowering } from './lowering.ts';
import { type Instruction, slotAddress } from './operation.ts';
import { fill } from './patches.ts';
import { isSyncing, leavesInMemory, type Plan } from './plan.ts';
import type { Mark, RegionCode, RegionContext } from './region-function.ts';
import { scatter } from './scatter.ts';
import type { Meaning } from './summary.ts';
import { AT, goBackIfNegative, STACK_LEFT, Transfers } from './transfers.ts';
import { EMPTY, each, union, type UnitSet } from './unit-set.ts';

/** Instructions that are taken off the budget for straight code, at least and at most. */
const LEAST_COST = 8,
  MOST_COST = 64;
/** Host stack that a frame takes besides its locals, in bytes. */
const FRAME = 160;

export function emitRegion(region: Region, plan: Plan, context: RegionContext): RegionCode {
  return new RegionWriter(region, plan, context).write();
}

/** What holds where a node begins. */
interface Entry {
  readonly knowledge: Knowledge;
  readonly known: Known | undefined;
}

/** What nodes change, and whether they call or come from a call. */
interface Effects {
  readonly changed: UnitSet;
  readonly calls: boolean;
}

interface ExitBlock {
  readonly units: UnitSet;
  readonly hasFlags: boolean;
  depth: number;
  isUsed: boolean;
}

class RegionWriter {
  readonly #context: RegionContext;
  readonly #plan: Plan;
  readonly #code = new Bytes();
  readonly #locals = new Locals(2);
  readonly #e: Emitter;
  readonly #lowering: RegionLowering;
  readonly #children: number[][];
  readonly #transfers: Transfers;
  readonly #label: number;
  readonly #cost: number;
  /** What holds at the end of each node. */
  readonly #exitOf: (Entry & { readonly isDirty: boolean })[] = [];
  /** By node: what all that it dominates does. */
  readonly #below: Effects[] = [];
  /** Nodes that a branch can reach now, and the depth of the block or loop to branch to. */
  readonly #scopes: { readonly node: number; readonly depth: number }[] = [];
  readonly #exits = new Map<string, ExitBlock>();
  readonly #marks: Mark[] = [];

  constructor(region: Region, plan: Plan, context: RegionContext) {
    this.#context = context;
    this.#plan = plan;
    const { edges, order, dominator } = this.#plan.graph;
    this.#children = edges.map(() => []);
    for (const node of order) if ((dominator[node] as number) >= 0) this.#children[dominator[node] as number]?.push(node);
    for (const node of [...order].reverse()) {
      let changed = EMPTY,
        calls = false;
      for (const child of this.#children[node] as number[]) {
        const own = this.#effects(child),
          below = this.#below[child] as Effects;
        changed = union(changed, union(own.changed, below.changed));
        calls ||= own.calls || below.calls;
      }
      this.#below[node] = { changed, calls };
    }
    this.#lowering = new RegionLowering(this.#locals, context, this.#plan);
    this.#label = this.#locals.keep('i32');
    this.#e = new Emitter(this.#code, this.#locals, this.#lowering, context.functionIndex, new Map(), plan.memories);
    // About what is executed on one way through.
    this.#cost = Math.max(LEAST_COST, Math.min(MOST_COST, sizeOf(region) >> 1));
    const { pc } = this.#lowering;
    const { regionType, addresses } = context;
    const self = context.summaries.without.has('self-calls') ? undefined : this.#plan.entries[0]?.rip;
    const { loops } = this.#plan;
    this.#transfers = new Transfers(this.#e, { locals: this.#locals, pc, regionType, addresses, loops, self });
  }

  #effects(node: number): Effects {
    return { changed: this.#plan.changed[node] as UnitSet, calls: this.#plan.nodes[node]?.kind === 'load' };
  }

  write(): RegionCode {
    const e = this.#e;
    const { graph, nodes, spilled, entries } = this.#plan;
    for (const node of graph.order)
      if (nodes[node]?.kind === 'block' || nodes[node]?.kind === 'hub') this.#declareExit(spilled[node] as UnitSet);
    this.#declareExit(EMPTY);
    e.open('block');
    const last = e.depth;
    const exits = [...this.#exits.values()];
    for (const exit of exits) {
      e.open('block');
      exit.depth = e.depth;
    }
    this.#tree(0, { knowledge: this.#lowering.unknown(), known: undefined });
    e.op(Wasm.unreachable);
    for (const exit of exits.reverse()) {
      e.end();
      if (!exit.isUsed) continue;
      this.#lowering.spill(e, exit.units);
      if (exit.hasFlags) this.#lowering.flagState.spill(e);
      e.br(last);
    }
    e.end();
    this.#transfers.storeBudget();
    this.#transfers.returnInterpret();
    this.#code.u8(Wasm.end);

    for (const check of this.#lowering.checks)
      for (const { at, isSigned, value } of check.patches) fill(this.#code, at, isSigned, value(check.low, check.high));
    const types = this.#locals.types;
    const frame = FRAME + types.reduce((bytes, type) => bytes + (type === 'v128' ? 16 : 8), 0);
    for (const { at, isSigned } of this.#transfers.frames) fill(this.#code, at, isSigned, frame);
    const prologue = this.#prologue(frame);
    const before = prologue.code.length;
    const unlikely = [...prologue.unlikely, ...e.unlikely.map(({ at }) => ({ at: at + before }))];
    this.#code.insert(0, prologue.code);
    return {
      locals: types,
      body: this.#code.take(),
      unlikely: unlikely.map(({ at }) => at).sort((a, b) => a - b),
      entries: entries.map(({ rip }) => rip),
      marks: this.#marks.map(({ at, instruction }) => ({ at: at + before, instruction })),
      localNames: this.#lowering.localNames,
      moving: this.#context.addresses.moving(before),
    };
  }

  /** Goes back at once when the host stack or the budget is used up. */
  #prologue(frame: number): { readonly code: Uint8Array; readonly unlikely: readonly { at: number }[] } {
    const code = new Bytes();
    const e = new Emitter(code, this.#locals, this.#lowering, this.#context.functionIndex, new Map(), this.#plan.memories);
    e.get(STACK_LEFT);
    e.i32(frame);
    e.op(0x6b); // i32.sub
    e.tee(STACK_LEFT);
    goBackIfNegative(e);
    this.#transfers.enter(e, this.#cost);
    return { code: code.take(), unlikely: e.unlikely };
  }

  // exits
  #declareExit(units: UnitSet): void {
    for (const hasFlags of [false, true]) {
      const key = exitKey(units, hasFlags);
      if (!this.#exits.has(key)) this.#exits.set(key, { units, hasFlags, depth: 0, isUsed: false });
    }
  }
  /** Leaves with the instruction at `pc` to be interpreted; `units` are written back first. */
  #leave(units: UnitSet, hasFlags = this.#lowering.flagState.isDirty): void {
    const exit = this.#exits.get(exitKey(units, hasFlags));
    if (!exit) throw new Error('an exit that was not declared');
    exit.isUsed = true;
    this.#e.br(exit.depth);
  }
  /** Everything to memory, as other code or the kernel is to see it. */
  #spillAll(node: number): void {
    const { flagState } = this.#lowering;
    this.#lowering.spill(this.#e, this.#plan.spilled[node] as UnitSet);
    if (flagState.isDirty) {
      flagState.generalise(this.#e);
      flagState.spill(this.#e);
    }
    this.#transfers.storeBudget();
  }
  /** Goes on at a constant address outside of the region. */
  #leaveAt(node: number, rip: number): void {
    this.#spillAll(node);
    this.#transfers.jump(rip);
  }

  // structure
  /** Emits a node and everything it dominates. */
  #tree(node: number, entry: Entry): void {
    const { headers, merges, place } = this.#plan.graph;
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
    if (last === undefined) return this.#node(node, entry);
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
    const { dominator, headers, merges } = this.#plan.graph;
    const from = dominator[node] as number;
    const before = this.#exitOf[from];
    if (!before) return { knowledge: this.#lowering.unknown(), known: undefined };
    const knowledge = before.knowledge.copy();
    const forget = ({ changed, calls }: Effects): void => {
      each(changed, (unit) => this.#lowering.forget(unit, knowledge));
      if (calls) this.#lowering.forgetAll(knowledge);
    };
    if (merges.has(node)) forget(this.#below[from] as Effects);
    if (headers.has(node)) {
      forget(this.#effects(node));
      forget(this.#below[node] as Effects);
    }
    return { knowledge, known: undefined };
  }

  /**
   * Goes to a node: a jump where it stands elsewhere, its code where it does not. `outside` is where an edge leads out to, and
   * what the guest is to go on at if its time is up; undefined where `pc` has that.
   */
  #go(from: number, { to, label }: Edge, outside: number | undefined): void {
    const e = this.#e;
    const { flagState } = this.#lowering;
    const { knowledge, known, isDirty } = this.#exitOf[from] as Entry & { readonly isDirty: boolean };
    flagState.known = known;
    flagState.isDirty = isDirty;
    if (to < 0) return this.#leaveAt(from, outside as number);
    const { place, merges, headers } = this.#plan.graph;
    if (label !== undefined) {
      e.i32(label);
      e.set(this.#label);
    }
    const isBack = (place[to] as number) <= (place[from] as number);
    if (isBack || merges.has(to) || headers.has(to)) {
      if (this.#plan.hasFlags[to]) flagState.settle(e);
    }
    if (isBack) {
      // Behind a call registers are in memory, and the load node that comes next looks at the budget itself.
      if (!leavesInMemory(this.#plan.nodes[from])) this.#checkBudget(from, to, outside);
      return this.#jump(to);
    }
    if (merges.has(to)) return this.#jump(to);
    this.#tree(to, headers.has(to) ? this.#entryOf(to) : { knowledge: knowledge.copy(), known });
  }
  #jump(to: number): void {
    const scope = this.#scopes.findLast(({ node }) => node === to);
    if (!scope) throw new Error('no block around a jump ends at its target');
    this.#e.br(scope.depth);
  }
  /** Takes the instructions of a loop off the budget, those of the blocks that every turn goes through, and looks at it. */
  #checkBudget(from: number, header: number, rip: number | undefined): void {
    const e = this.#e;
    const { graph, nodes } = this.#plan;
    let count = 0;
    for (let node = from; ; node = graph.dominator[node] as number) {
      const each = nodes[node];
      if (each?.kind === 'block') count += each.block.instructions.length;
      if (node === header) break;
    }
    const budget = this.#transfers.budget as number;
    e.get(budget);
    e.i32(count);
    e.op(0x6b); // i32.sub
    e.tee(budget);
    e.i32(0);
    e.op(0x48); // i32.lt_s
    e.openUnlikely();
    if (rip !== undefined) {
      this.#context.addresses.i64(e, rip);
      e.set(this.#lowering.pc);
    }
    this.#leave(this.#plan.spilled[from] as UnitSet);
    e.end();
  }

  #node(node: number, entry: Entry): void {
    const lowering = this.#lowering,
      { flagState } = lowering;
    const each = this.#plan.nodes[node];
    lowering.knowledge = entry.knowledge;
    flagState.known = entry.known;
    flagState.isDirty = this.#plan.hasFlags[node] as boolean;
    if (each?.kind === 'block') return this.#block(node, each.block);
    if (each?.kind === 'load') lowering.forgetAll(lowering.knowledge);
    this.#note(node);
    if (each?.kind === 'load') this.#load(node, each);
    else if (each?.kind === 'start') this.#start(node);
    else if (each?.kind === 'hub') this.#indirect(node, each.targets);
    else if (each?.kind === 'out') this.#leadOut(node, each);
    else this.#dispatch(node);
  }
  #note(node: number): void {
    const { knowledge, flagState } = this.#lowering;
    this.#exitOf[node] = { knowledge, known: flagState.known, isDirty: flagState.isDirty };
  }

  /** To the entry that the guest address names. */
  #start(node: number): void {
    const e = this.#e;
    const { addresses } = this.#context;
    const { entries, graph } = this.#plan;
    const edges = graph.edges[node] as readonly Edge[];
    const [root, ...others] = entries.map(({ rip, edge }) => ({ rip, edge: edges[edge] as Edge }));
    if (!root) throw new Error('a region without a root');
    if (edges.length === 1) return this.#go(node, root.edge, root.rip);
    const isNear = ({ rip }: typeof root): boolean => addresses.startOf(rip) === addresses.startOf(root.rip);
    // Images have no order among themselves.
    const singles = [root, ...others.filter((other) => !isNear(other))];
    const sorted = others.filter(isNear).sort((a, b) => a.rip - b.rip);
    const runs = sorted.filter(({ edge }, i) => i === 0 || sorted[i - 1]?.edge !== edge);
    // An edge that several ranges of addresses lead to, or the root as well, begins behind a block.
    const counts = new Map<Edge, number>();
    for (const { edge } of [...singles, ...runs]) counts.set(edge, (counts.get(edge) ?? 0) + 1);
    const shared = [...counts].filter(([, count]) => count > 1).map(([edge]) => edge);
    const ends = new Map(shared.map((edge) => [edge, (e.open('block'), e.depth)]));
    const go = ({ edge, rip }: (typeof sorted)[number]): void => {
      const end = ends.get(edge);
      if (end === undefined) this.#go(node, edge, rip);
      else e.br(end);
    };
    const choose = (list: typeof sorted): void => {
      const middle = list[list.length >> 1] as (typeof sorted)[number];
      if (list.length === 1) return go(middle);
      e.get(AT);
      addresses.i32(e, middle.rip);
      e.op(0x49); // i32.lt_u
      e.open('if');
      choose(list.slice(0, list.length >> 1));
      e.else();
      choose(list.slice(list.length >> 1));
      e.end();
      e.op(Wasm.unreachable);
    };
    for (const each of singles) {
      e.get(AT);
      addresses.i32(e, each.rip);
      e.op(0x46); // i32.eq
      e.open('if');
      go(each);
      e.end();
    }
    if (runs.length > 0) choose(runs);
    else e.op(Wasm.unreachable);
    for (const edge of shared.reverse()) {
      e.end();
      this.#go(node, edge, undefined);
    }
  }

  /** Registers from memory. */
  #load(node: number, { rip, isLate }: { readonly rip: number | undefined; readonly isLate: boolean }): void {
    const e = this.#e;
    const [edge] = this.#plan.graph.edges[node] as readonly [Edge];
    if (rip === undefined) {
      e.get(AT);
      e.op(0xad); // i64.extend_i32_u
      e.set(this.#lowering.pc);
    } else if (isLate) this.#transfers.checkDropped(rip);
    this.#transfers.loadBudget();
    this.#lowering.load(e, this.#plan.live[edge.to] as UnitSet);
    this.#go(node, edge, rip);
  }

  /** From a copy of a function to code elsewhere, which returns to the block behind the call. */
  #leadOut(node: number, { rip, returnsTo }: { readonly rip: number | undefined; readonly returnsTo: number }): void {
    const { flagState } = this.#lowering;
    const [edge] = this.#plan.graph.edges[node] as readonly [Edge];
    this.#spillAll(node);
    this.#transfers.call(rip, returnsTo);
    Object.assign(flagState, { known: undefined, isDirty: false });
    this.#note(node);
    this.#go(node, edge, returnsTo);
  }

  /** By the label. */
  #dispatch(node: number): void {
    const e = this.#e;
    const edges = this.#plan.graph.edges[node] as readonly Edge[];
    for (let i = 0; i < edges.length; i++) e.open('block');
    e.get(this.#label);
    this.#code.u8(Wasm.brTable);
    this.#code.u32(edges.length - 1);
    for (let i = 0; i < edges.length; i++) this.#code.u32(i);
    for (const edge of edges) {
      e.end();
      this.#go(node, edge, 0);
    }
    e.op(Wasm.unreachable);
  }

  #block(node: number, block: Block): void {
    const lowering = this.#lowering,
      { summaries } = this.#context;
    const wanted = wantedFlags(block, this.#plan.wantsFlags[node] as boolean, summaries);
    let number = 0;
    for (const instruction of block.instructions) {
      this.#marks.push({ at: this.#code.length, instruction });
      const isSynced = instruction.flow === 'synced';
      if (isSynced) this.#spillAll(node);
      // What such an instruction has changed is in memory.
      lowering.leave = () => (isSynced ? this.#leave(EMPTY, false) : this.#leave(this.#plan.spilled[node] as UnitSet));
      for (const operation of instruction.operations) {
        const { statements, summary } = summaries.meaning(operation, wanted[number++] === false);
        // What a micro-operation leaves must be where the others look for it.
        this.#operation(operation, { statements, summary: isSynced ? { ...summary, isSynced } : summary });
      }
    }
    this.#end(node, block);
  }

  #operation(operation: Instruction['operations'][number], { statements, summary }: Meaning): void {
    const e = this.#e,
      lowering = this.#lowering,
      { flagState } = lowering,
      { units } = this.#context;
    this.#locals.reset();
    const isLoose = summary.isConditional || summary.repeats;
    const changed = isLoose ? summary.writes.map(({ slot }) => units.at(slotAddress(operation, slot))) : [];
    const forget = (): void => {
      for (const unit of changed) if (unit >= 0) lowering.forget(unit, lowering.knowledge);
    };
    if (summary.writesFlags && isLoose) flagState.settle(e);
    lowering.begin(operation, summary);
    if (summary.repeats) {
      forget();
      e.open('loop');
      const start = e.depth;
      lowering.repeat = () => {
        const budget = this.#transfers.budget as number;
        e.get(budget);
        e.i32(1);
        e.op(0x6b);
        e.tee(budget);
        e.i32(0);
        e.op(0x4e); // i32.ge_s
        e.br(start, true);
        lowering.interpret(e);
      };
    }
    e.body(lowering.unguarded(statements));
    lowering.finish();
    if (summary.repeats) e.end();
    forget();
  }

  /** What follows the last instruction of a block. */
  #end(node: number, block: Block): void {
    const e = this.#e;
    const last = block.instructions.at(-1) as Instruction;
    const [first = { to: -1 }, second = { to: -1 }] = this.#plan.graph.edges[node] as readonly Edge[];
    const { flow, next, target } = last;
    if (isSyncing(block)) {
      if (flow !== 'synced') this.#spillAll(node);
      if (flow === 'call') this.#transfers.call(target, next);
      else if (flow === 'syscall') this.#transfers.syscall(last);
      this.#lowering.flagState.known = undefined;
      this.#lowering.flagState.isDirty = false;
      this.#note(node);
      return first.to >= 0 ? this.#go(node, first, next) : this.#transfers.jump(next);
    }
    this.#note(node);
    if (flow === 'branch') {
      e.open('if');
      this.#go(node, first, target as number);
      e.else();
      this.#go(node, second, next);
      e.end();
      e.op(Wasm.unreachable);
    } else if (flow === 'next') this.#go(node, first, next);
    else if (flow === 'call') this.#go(node, first, target as number);
    else if (flow === 'return' && block.behind) this.#returnInside(node, first, block.behind.rip);
    else if (flow === 'jump' && target !== undefined) this.#go(node, first, target);
    // By way of a hub there is one edge for them all.
    else if (flow === 'jump' && second.to < 0 && block.targets.length > 1) this.#go(node, first, undefined);
    else if (flow === 'jump') this.#indirect(node, block.targets);
    else if (flow === 'return') {
      this.#spillAll(node);
      this.#transfers.pushPc();
      e.op(Wasm.return);
    } else e.op(Wasm.unreachable);
  }

  /** Goes on behind the call of a function that stands in place, or out if it returns elsewhere. */
  #returnInside(node: number, edge: Edge, to: number): void {
    const e = this.#e;
    e.get(this.#lowering.pc);
    this.#context.addresses.i64(e, to);
    e.op(0x52); // i64.ne
    e.openUnlikely();
    this.#spillAll(node);
    this.#transfers.pushPc();
    e.op(Wasm.return);
    e.end();
    this.#go(node, edge, to);
  }
  /** To one of the targets that are known, or out: by a number that multiplying makes of each. */
  #indirect(node: number, targets: readonly number[]): void {
    const e = this.#e,
      { pc } = this.#lowering;
    const edges = this.#plan.graph.edges[node] as readonly Edge[];
    const out = edges[targets.length];
    const goOut = (): void => (out ? this.#go(node, out, undefined) : this.#tailJump(node));
    if (targets.length === 0) return goOut();
    const sorted = targets.map((rip, i) => ({ rip, edge: edges[i] as Edge })).sort((a, b) => a.rip - b.rip);
    e.open('block');
    const otherwise = e.depth;
    e.get(pc);
    e.i64(32n);
    e.op(0x88); // i64.shr_u
    e.op(0xa7);
    e.br(otherwise, true);
    this.#choose(node, sorted, otherwise);
    e.end();
    const { known, isDirty } = this.#exitOf[node] as Entry & { readonly isDirty: boolean };
    Object.assign(this.#lowering.flagState, { known, isDirty });
    goOut();
  }
  #choose(node: number, sorted: readonly { readonly rip: number; readonly edge: Edge }[], otherwise: number): void {
    const e = this.#e,
      { pc } = this.#lowering;
    const only = sorted.length === 1 ? sorted[0] : undefined;
    if (only) return this.#verified(node, only, otherwise);
    const { addresses } = this.#context;
    // Behind the end of a table a target may have been read that lies elsewhere: what is not found here is found in the table.
    const first = (sorted[sorted.length >> 1] as (typeof sorted)[number]).rip;
    const start = addresses.startOf(first);
    const { multiplier, bits } = scatter(sorted.map(({ rip }) => rip - start));
    const places = new Map(sorted.map(({ rip }, i) => [Math.imul(rip - start, multiplier) >>> (32 - bits), i]));
    for (let i = 0; i < sorted.length; i++) e.open('block');
    const outside = e.depth - otherwise;
    e.get(pc);
    e.op(0xa7);
    if (start) {
      addresses.i32(e, start, first);
      e.op(0x6b); // i32.sub
    }
    e.i32(multiplier);
    e.op(0x6c); // i32.mul
    e.i32(32 - bits);
    e.op(0x76); // i32.shr_u
    this.#code.u8(Wasm.brTable);
    this.#code.u32(1 << bits);
    for (let i = 0; i <= 1 << bits; i++) this.#code.u32(places.get(i) ?? outside);
    for (const each of sorted) {
      e.end();
      this.#verified(node, each, otherwise);
    }
    e.op(Wasm.unreachable);
  }
  /** To a target, if it is the one. */
  #verified(node: number, { rip, edge }: { readonly rip: number; readonly edge: Edge }, otherwise: number): void {
    const e = this.#e;
    e.get(this.#lowering.pc);
    e.op(0xa7);
    this.#context.addresses.i32(e, rip);
    e.op(0x47); // i32.ne
    e.brUnlikely(otherwise);
    this.#go(node, edge, rip);
  }
  #tailJump(node: number): void {
    this.#spillAll(node);
    this.#transfers.tailJump();
  }
}

const exitKey = ({ low, high }: UnitSet, hasFlags: boolean): string => `${low},${high},${hasFlags}`;
