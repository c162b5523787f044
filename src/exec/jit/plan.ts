// What a region's code consists of: its blocks and, where registers come from memory, nodes that load them.
//
//   start ---> load ---> root block ---> ... call ---> load ---> block behind the call ---> ...
//     \------------------------------------------------^
//
// Registers are in memory whenever control is elsewhere: before the start, during a call or system call, and around an
// instruction that touches the context by itself. A load node brings in what is used from there on. The region can be
// entered at each load node behind a call as well as at its root: that is how a guest comes back to a function whose
// frame on the host's stack is gone. Several indirect jumps by one table, as in an interpreter's loop, meet in a hub.
//
// `spilled` of a block is what any exit from it writes back: registers that may have changed since they were loaded.

import type { Block, Region } from './discover.ts';
import { flagLiveness } from './flag-liveness.ts';
import { type Graph, flowGraph } from './flow-graph.ts';
import { type Instruction, slotAddress } from './operation.ts';
import type { Summaries } from './summary.ts';
import { EMPTY, isSame, union, unitBit, type UnitSet, without } from './unit-set.ts';
import type { Units } from './units.ts';

export type Node =
  | { readonly kind: 'start' }
  /** `isLate`: control may come from the kernel, which may have dropped code. */
  | { readonly kind: 'load'; readonly rip: number; isLate: boolean }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'hub'; readonly targets: readonly number[] };

export interface Plan {
  /** By node of the graph; dispatch nodes have none. */
  readonly nodes: readonly Node[];
  readonly graph: Graph;
  /** Guest addresses where the region can be entered, in the order of the start node's edges. */
  readonly entries: readonly number[];
  /** By node: registers that hold values where it begins, what exits write back, what it changes. */
  readonly live: readonly UnitSet[];
  readonly spilled: readonly UnitSet[];
  readonly changed: readonly UnitSet[];
  /** By node: flags in the state memory may be older than those in locals where it begins. */
  readonly hasFlags: readonly boolean[];
  /** By node: may flags be read, or seen outside, behind its end? */
  readonly wantsFlags: readonly boolean[];
  readonly used: UnitSet;
  /** Does the code go round, so that it counts what it executes in a local? */
  readonly loops: boolean;
}

/** Does control leave a block with registers in memory? */
export function isSyncing({ instructions, isInlined }: Block): boolean {
  const { flow } = instructions.at(-1) as Instruction;
  return (flow === 'call' && !isInlined) || flow === 'syscall' || flow === 'synced';
}

/** Are registers in memory where this node ends? */
export const leavesInMemory = (node: Node | undefined): boolean => node?.kind === 'block' && isSyncing(node.block);

/** Of a block: read before written, written as a whole on every way through it, written at all. */
interface Effects {
  readonly read: UnitSet;
  readonly defined: UnitSet;
  readonly written: UnitSet;
  readonly setsFlags: boolean;
}

/** Targets of an indirect jump from which on it is worth sharing. */
const LEAST_SHARED = 4;

export function plan(region: Region, summaries: Summaries, units: Units): Plan {
  const nodes: Node[] = [{ kind: 'start' }];
  const successors: (number | undefined)[][] = [[]];
  const base = 1;
  for (const block of region.blocks) {
    nodes.push({ kind: 'block', block });
    successors.push(block.next.map((number) => (number === undefined ? undefined : number + base)));
  }
  const loads = new Map<number, number>();
  const loadFor = (target: number): number => {
    let node = loads.get(target);
    if (node === undefined) {
      const { start } = region.blocks[target - base] as Block;
      node = nodes.push({ kind: 'load', rip: start, isLate: false }) - 1;
      successors.push([target]);
      loads.set(target, node);
    }
    return node;
  };
  const entered = new Set([loadFor(base)]);
  for (const hub of summaries.without.has('hubs') ? [] : shareTables(region.blocks, base, nodes, successors))
    for (const target of successors[hub] as number[]) entered.add(loadFor(target));
  const rips = new Set([...entered].map((node) => (nodes[node] as { readonly rip: number }).rip));
  region.blocks.forEach((block, i) => {
    const last = block.instructions.at(-1) as Instruction;
    const [next] = successors[i + base] as (number | undefined)[];
    if (!isSyncing(block) || next === undefined) return;
    const load = loadFor(next);
    successors[i + base] = [load];
    const { rip } = nodes[load] as { readonly rip: number };
    // Of copies of a function one is enough.
    if (last.flow !== 'synced' && !rips.has(rip)) entered.add(load);
    rips.add(rip);
    if (last.flow !== 'call') (nodes[load] as { isLate: boolean }).isLate = true;
  });
  successors[0] = [...entered];
  const graph = flowGraph(successors);

  const effects = graph.edges.map((_, node): Effects => {
    const each = nodes[node];
    return each?.kind === 'block' ? effectsOf(each.block, summaries, units) : NONE;
  });
  const flags = flagLiveness(graph, nodes, summaries);
  const { spilled, hasFlags } = changes(graph, nodes, effects, flags.start);
  const live = liveness(graph, nodes, effects, spilled);
  return {
    nodes,
    graph,
    entries: [...entered].map((node) => (nodes[node] as { readonly rip: number }).rip),
    live,
    spilled,
    changed: effects.map(({ written }) => written),
    hasFlags,
    wantsFlags: flags.end,
    loops: graph.headers.size > 0 || repeats(region, summaries),
    used: effects.reduce((all, { read, written }) => union(all, union(read, written)), EMPTY),
  };
}

const repeats = ({ blocks }: Region, summaries: Summaries): boolean =>
  blocks.some(({ instructions }) =>
    instructions.some(({ operations }) => operations.some(({ handler }) => summaries.of(handler).repeats)),
  );

/** Jumps that go by the same table go through one node; those nodes are returned. */
function shareTables(
  blocks: readonly Block[],
  base: number,
  nodes: Node[],
  successors: (number | undefined)[][],
): readonly number[] {
  const users = new Map<string, number[]>();
  blocks.forEach(({ targets }, i) => {
    if (targets.length < LEAST_SHARED) return;
    const key = targets.join();
    users.set(key, [...(users.get(key) ?? []), i + base]);
  });
  return [...users.values()]
    .filter((list) => list.length > 1)
    .map((list) => {
      const [first = 0] = list;
      const hub = nodes.push({ kind: 'hub', targets: (blocks[first - base] as Block).targets }) - 1;
      successors.push(successors[first] as number[]);
      for (const user of list) successors[user] = [hub];
      return hub;
    });
}

const NONE: Effects = { read: EMPTY, defined: EMPTY, written: EMPTY, setsFlags: false };

function effectsOf(block: Block, summaries: Summaries, units: Units): Effects {
  let read = EMPTY,
    defined = EMPTY,
    written = EMPTY,
    setsFlags = false;
  for (const { operations, flow } of block.instructions) {
    if (flow === 'synced') continue;
    for (const operation of operations) {
      const { summary } = summaries.meaning(operation, false);
      if (summary.isSynced) continue;
      setsFlags ||= summary.writesFlags;
      for (const { slot } of summary.reads) {
        const unit = units.at(slotAddress(operation, slot));
        if (unit >= 0) read = union(read, without(unitBit(unit), defined));
      }
      for (const { slot, op } of summary.writes) {
        const address = slotAddress(operation, slot);
        const unit = units.at(address);
        if (unit < 0) continue;
        const bit = unitBit(unit);
        const isWhole = op === (units.isVector(unit) ? 'v128.store' : 'i64.store') && units.address(unit) === address;
        written = union(written, bit);
        if (isWhole && !summary.isConditional) defined = union(defined, bit);
        else read = union(read, without(bit, defined));
      }
    }
  }
  return { read, defined, written, setsFlags };
}

/** Forward: what may have changed since it was loaded. */
function changes(graph: Graph, nodes: readonly Node[], effects: readonly Effects[], wanted: readonly boolean[]) {
  const into: UnitSet[] = graph.edges.map(() => EMPTY);
  const hasFlags = graph.edges.map(() => false);
  const out = (node: number): UnitSet => union(into[node] as UnitSet, (effects[node] as Effects).written);
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const node of graph.order) {
      // Behind a call, be it by way of a dispatch node, memory has it all.
      if (leavesInMemory(nodes[node])) continue;
      const set = out(node);
      const hasNew = hasFlags[node] || (effects[node] as Effects).setsFlags;
      for (const { to } of graph.edges[node] ?? []) {
        if (to < 0 || nodes[to]?.kind === 'load') continue;
        const flags = hasNew && wanted[to] === true;
        const joined = union(into[to] as UnitSet, set);
        if (isSame(joined, into[to] as UnitSet) && (hasFlags[to] || !flags)) continue;
        into[to] = joined;
        hasFlags[to] ||= flags;
        isStable = false;
      }
    }
  }
  return { spilled: graph.edges.map((_, node) => out(node)), hasFlags };
}

/** Backward: what locals must hold. Exits use what they write back, from the start of their block on. */
function liveness(graph: Graph, nodes: readonly Node[], effects: readonly Effects[], spilled: readonly UnitSet[]): UnitSet[] {
  const live: UnitSet[] = graph.edges.map(() => EMPTY);
  const backward = [...graph.order].reverse();
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const node of backward) {
      const { read, defined } = effects[node] as Effects;
      let after = EMPTY;
      for (const { to } of graph.edges[node] ?? [])
        if (to >= 0 && nodes[to]?.kind !== 'load') after = union(after, live[to] as UnitSet);
      const before =
        nodes[node]?.kind === 'block' || nodes[node]?.kind === 'hub'
          ? union(union(read, spilled[node] as UnitSet), without(after, defined))
          : after;
      if (isSame(before, live[node] as UnitSet)) continue;
      live[node] = before;
      isStable = false;
    }
  }
  return live;
}
