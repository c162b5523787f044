// What a region's code consists of: its blocks and, where registers come from memory, nodes that load them.
//
//   start ---> load ---> root block ---> ... call ---> load ---> block behind the call ---> ...
//     \------------------------------------------------^
//
// Registers are in memory whenever control is elsewhere: before the start, during a call or system call, and around an
// instruction that touches the context by itself. A load node brings in what is used from there on. The region can be
// entered behind calls as well as at its root: that is how a guest comes back to a function whose frame on the host's stack
// is gone. Behind a call in a loop it cannot, as a loop with several entries would choose among them in every turn: there
// the guest comes back at the loop's header. Several indirect jumps by one table, as in an interpreter's loop, meet in a hub,
// through which the region is entered at each target.
//
// `spilled` of a block is what any exit from it writes back: registers that may have changed since they were loaded.

import type { Block, Region } from './discover.ts';
import { flagLiveness } from './flag-liveness.ts';
import { type Graph, flowGraph, loopHeaders } from './flow-graph.ts';
import { type Instruction, slotAddress } from './operation.ts';
import type { Without } from './passes.ts';
import type { MemoryIndexes } from '../wasm/emit.ts';
import { numberMemories } from './first-memory.ts';
import type { Summaries } from './summary.ts';
import { chooseHomes, type Homes, inLocals, weights } from './homes.ts';
import { EMPTY, isSame, union, unitBit, type UnitSet, without } from './unit-set.ts';
import type { Units } from './units.ts';

export type Node =
  | { readonly kind: 'start' }
  /** `isLate`: control may come from the kernel, which may have dropped code. `rip`: undefined in front of a hub. */
  | { readonly kind: 'load'; readonly rip: number | undefined; isLate: boolean }
  | { readonly kind: 'block'; readonly block: Block }
  | { readonly kind: 'hub'; readonly targets: number[] }
  /** Where a copy of a function leads out: code elsewhere, at `pc` if the address is not known, returns to `returnsTo`. */
  | { readonly kind: 'out'; readonly rip: number | undefined; readonly returnsTo: number };

export interface Entry {
  readonly rip: number;
  readonly edge: number;
}

export interface Plan {
  /** By node of the graph; dispatch nodes have none. */
  readonly nodes: readonly Node[];
  readonly graph: Graph;
  /** Where the region can be entered, the root first: guest addresses, and which edge of the start node they go by. */
  readonly entries: readonly Entry[];
  /** By node: registers that hold values where it begins, what exits write back, what it changes. */
  readonly live: readonly UnitSet[];
  readonly spilled: readonly UnitSet[];
  readonly changed: readonly UnitSet[];
  /** By node: flags in the state memory may be older than those in locals where it begins. */
  readonly hasFlags: readonly boolean[];
  /** By node: may flags be read, or seen outside, behind its end? */
  readonly wantsFlags: readonly boolean[];
  readonly used: UnitSet;
  readonly homes: Homes;
  readonly memories: MemoryIndexes;
  /** Does the code go round, so that it counts what it executes in a local? */
  readonly loops: boolean;
}

/** Does control leave a block with registers in memory? */
export function isSyncing({ instructions, isInlined }: Block): boolean {
  const { flow } = instructions.at(-1) as Instruction;
  return (flow === 'call' && !isInlined) || flow === 'syscall' || flow === 'synced';
}

/** Are registers in memory where this node ends? */
export const leavesInMemory = (node: Node | undefined): boolean =>
  node?.kind === 'out' || (node?.kind === 'block' && isSyncing(node.block));

/** Of a block: read before written, written as a whole on every way through it, written at all. */
interface Effects {
  readonly read: UnitSet;
  readonly defined: UnitSet;
  readonly written: UnitSet;
  readonly setsFlags: boolean;
  /** By unit: operations that read and write it. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** Written in part. */
  readonly partly: UnitSet;
}

/** Targets of an indirect jump from which on it is worth sharing. */
const LEAST_SHARED = 4;

export function plan(region: Region, summaries: Summaries, units: Units): Plan {
  const { nodes, successors, entries } = layOut(region, summaries.without);
  const graph = flowGraph(successors);

  const effects = graph.edges.map((_, node): Effects => {
    const each = nodes[node];
    return each?.kind === 'block' ? effectsOf(each.block, summaries, units) : NONE;
  });
  const flags = flagLiveness(graph, nodes, summaries);
  const { spilled, hasFlags } = changes(graph, nodes, effects, flags.start);
  const live = liveness(graph, nodes, effects, spilled);
  const toRead = liveness(
    graph,
    nodes,
    effects,
    graph.edges.map(() => EMPTY),
  );
  const behind = (sets: readonly UnitSet[]): UnitSet[] =>
    graph.edges.map(([edge], node) => (nodes[node]?.kind === 'load' && edge ? (sets[edge.to] as UnitSet) : EMPTY));
  const weight = weights(graph, nodes);
  const homes = chooseHomes(
    {
      weight,
      reads: effects.map(({ reads }) => reads),
      writes: effects.map(({ writes }) => writes),
      stored: spilled.map((set, node) => (leavesInMemory(nodes[node]) || leadsOut(graph, node) ? set : EMPTY)),
      loaded: behind(live),
      loadedToRead: behind(toRead),
      partly: effects.reduce((all, { partly }) => union(all, partly), EMPTY),
    },
    units.list.length,
  );
  return {
    nodes,
    graph,
    entries,
    live: live.map((set, node) => inLocals(set, toRead[node] as UnitSet, homes)),
    spilled: spilled.map((set) => inLocals(set, EMPTY, homes)),
    changed: effects.map(({ written }) => written),
    hasFlags,
    wantsFlags: flags.end,
    loops: graph.headers.size > 0 || repeats(region, summaries),
    used: effects.reduce((all, { read, written }) => union(all, union(read, written)), EMPTY),
    homes,
    memories: numberMemories(graph, (node) => leavesInMemory(nodes[node]), weight),
  };
}

const repeats = ({ blocks }: Region, summaries: Summaries): boolean =>
  blocks.some(({ instructions }) =>
    instructions.some(({ operations }) => operations.some(({ handler }) => summaries.of(handler).repeats)),
  );

/** The number of the first block's node. */
const BASE = 1;

/** Nodes and what follows them; node 0 is the start. */
function layOut(
  region: Region,
  without: Without,
): {
  readonly nodes: Node[];
  readonly successors: readonly (readonly (number | undefined)[])[];
  readonly entries: readonly Entry[];
} {
  const nodes: Node[] = [{ kind: 'start' }];
  const successors: (number | undefined)[][] = [[]];
  for (const block of region.blocks) {
    nodes.push({ kind: 'block', block });
    successors.push(block.next.map((number) => (number === undefined ? undefined : number + BASE)));
  }
  const loads = new Map<number, number>();
  const loadFor = (target: number): number => {
    let node = loads.get(target);
    if (node === undefined) {
      const at = nodes[target];
      const rip = at?.kind === 'block' ? at.block.start : undefined;
      node = nodes.push({ kind: 'load', rip, isLate: false }) - 1;
      successors.push([target]);
      loads.set(target, node);
    }
    return node;
  };
  /** Load nodes by the address where they are entered. */
  const entered = new Map<number, number>();
  for (const hub of without.has('hubs') ? [] : shareTables(region.blocks, nodes, successors)) {
    const { targets } = nodes[hub] as { readonly targets: number[] };
    // A root in the hub's loop would be a second entry of it.
    if (!entered.has(region.root) && !targets.includes(region.root) && leadsTo(successors, hub, BASE)) {
      targets.push(region.root);
      successors[hub]?.push(BASE);
    }
    for (const rip of targets) if (!entered.has(rip)) entered.set(rip, loadFor(hub));
  }
  if (!entered.has(region.root)) entered.set(region.root, loadFor(BASE));
  const behindCalls: number[] = [];
  const leadOut = (rip: number | undefined, { block, rip: returnsTo }: NonNullable<Block['behind']>): number => {
    const load = loadFor(block + BASE);
    behindCalls.push(load);
    successors.push([load]);
    return nodes.push({ kind: 'out', rip, returnsTo }) - 1;
  };
  region.blocks.forEach(({ instructions, behind }, i) => {
    if (!behind) return;
    const list = successors[i + BASE] as (number | undefined)[];
    const { flow, target, next } = instructions.at(-1) as Instruction;
    if (flow === 'jump' && target === undefined) list.push(leadOut(undefined, behind));
    const ways = flow === 'branch' ? [target, next] : [flow === 'jump' ? target : next];
    successors[i + BASE] = list.map((to, way) => to ?? leadOut(ways[way], behind));
  });
  region.blocks.forEach((block, i) => {
    const last = block.instructions.at(-1) as Instruction;
    const [next] = successors[i + BASE] as (number | undefined)[];
    if (!isSyncing(block) || next === undefined || nodes[next]?.kind === 'out') return;
    const load = loadFor(next);
    successors[i + BASE] = [load];
    if (last.flow !== 'synced') behindCalls.push(load);
    if (last.flow !== 'call') (nodes[load] as { isLate: boolean }).isLate = true;
  });
  successors[0] = [...new Set(entered.values())];
  const headers = loopHeaders(successors);
  for (const load of behindCalls) {
    const header = headers[load] ?? load;
    if (nodes[header]?.kind === 'hub') continue;
    const at = nodes[header]?.kind === 'load' ? header : loadFor(header);
    const { rip } = nodes[at] as { readonly rip: number };
    // Of copies of a function one is enough.
    if (!entered.has(rip)) entered.set(rip, at);
  }
  successors[0] = [...new Set(entered.values())];
  const edges = new Map(successors[0].map((node, edge) => [node, edge]));
  const entries = [...entered].map(([rip, node]): Entry => ({ rip, edge: edges.get(node as number) as number }));
  entries.sort((a, b) => Number(b.rip === region.root) - Number(a.rip === region.root));
  return { nodes, successors, entries };
}

function leadsTo(successors: readonly (readonly (number | undefined)[])[], from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const node of seen)
    for (const next of successors[node] as readonly (number | undefined)[]) if (next !== undefined) seen.add(next);
  return seen.has(to);
}

/** Jumps that go by the same table go through one node; those nodes are returned. */
function shareTables(blocks: readonly Block[], nodes: Node[], successors: (number | undefined)[][]): readonly number[] {
  const users = new Map<string, number[]>();
  blocks.forEach(({ targets, behind }, i) => {
    if (targets.length < LEAST_SHARED || behind) return;
    const key = targets.join();
    users.set(key, [...(users.get(key) ?? []), i + BASE]);
  });
  return [...users.values()]
    .filter((list) => list.length > 1)
    .map((list) => {
      const [first = 0] = list;
      const hub = nodes.push({ kind: 'hub', targets: [...(blocks[first - BASE] as Block).targets] }) - 1;
      successors.push(successors[first] as number[]);
      for (const user of list) successors[user] = [hub];
      return hub;
    });
}

/** Does an edge of a node lead out of the region? */
const leadsOut = ({ edges }: Graph, node: number): boolean =>
  (edges[node] as Graph['edges'][number]).length === 0 || (edges[node] as Graph['edges'][number]).some(({ to }) => to < 0);

const NONE: Effects = {
  read: EMPTY,
  defined: EMPTY,
  written: EMPTY,
  setsFlags: false,
  reads: [],
  writes: [],
  partly: EMPTY,
};

function effectsOf(block: Block, summaries: Summaries, units: Units): Effects {
  let read = EMPTY,
    defined = EMPTY,
    written = EMPTY,
    partly = EMPTY,
    setsFlags = false;
  const reads: number[] = [],
    writes: number[] = [];
  for (const { operations, flow } of block.instructions) {
    if (flow === 'synced') continue;
    for (const operation of operations) {
      const { summary } = summaries.meaning(operation, false);
      if (summary.isSynced) continue;
      setsFlags ||= summary.writesFlags;
      for (const { slot } of summary.reads) {
        const unit = units.at(slotAddress(operation, slot));
        if (unit < 0) continue;
        read = union(read, without(unitBit(unit), defined));
        reads[unit] = (reads[unit] ?? 0) + 1;
      }
      for (const { slot, op } of summary.writes) {
        const address = slotAddress(operation, slot);
        const unit = units.at(address);
        if (unit < 0) continue;
        const bit = unitBit(unit);
        const isWhole = op === (units.isVector(unit) ? 'v128.store' : 'i64.store') && units.address(unit) === address;
        written = union(written, bit);
        writes[unit] = (writes[unit] ?? 0) + 1;
        if (!isWhole) partly = union(partly, bit);
        if (isWhole && !summary.isConditional) defined = union(defined, bit);
        else read = union(read, without(bit, defined));
      }
    }
  }
  return { read, defined, written, setsFlags, reads, writes, partly };
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
        nodes[node]?.kind === 'block' || nodes[node]?.kind === 'hub' || nodes[node]?.kind === 'out'
          ? union(union(read, spilled[node] as UnitSet), without(after, defined))
          : after;
      if (isSame(before, live[node] as UnitSet)) continue;
      live[node] = before;
      isStable = false;
    }
  }
  return live;
}
