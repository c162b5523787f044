// Where a region keeps each register: in a local, in a local that is written through to memory, or in memory alone.
//
// A local must be loaded behind every call where something may still want it, and stored before every call where it may have
// changed on any way there. In a function with many calls, or where all ways meet over and over (an interpreter's loop), that
// costs more than going to memory each time. What is cheapest by how often the parts of the region run is chosen by register.

import type { Graph } from './flow-graph.ts';
import type { Node } from './plan.ts';
import { EMPTY, each, has, union, unitBit, type UnitSet, without } from './unit-set.ts';

export interface Homes {
  /** Written to memory whenever they change. */
  readonly through: UnitSet;
  /** Without a local. */
  readonly memory: UnitSet;
}

/** What choosing depends on, by node. */
export interface Uses {
  readonly weight: readonly number[];
  /** By unit: how many operations read and write it. */
  readonly reads: readonly (readonly number[])[];
  readonly writes: readonly (readonly number[])[];
  /** What is stored where the node ends, if all are in locals. */
  readonly stored: readonly UnitSet[];
  /** What is loaded where the node begins, if all are in locals and if none has to be stored. */
  readonly loaded: readonly UnitSet[];
  readonly loadedToRead: readonly UnitSet[];
  /** Units that some operation writes a part of: a wide load behind a narrow store would wait for it. */
  readonly partly: UnitSet;
}

/** In stores: a load into a local, which seldom gets a machine register of its own, and a load where the value is used. */
const LOAD = 1.5,
  READ = 0.8;

export function chooseHomes(uses: Uses, units: number): Homes {
  const cost = { local: zeros(units), through: zeros(units), memory: zeros(units) };
  uses.weight.forEach((weight, node) => {
    each(uses.stored[node] as UnitSet, (unit) => add(cost.local, unit, weight));
    each(uses.loaded[node] as UnitSet, (unit) => add(cost.local, unit, weight * LOAD));
    each(uses.loadedToRead[node] as UnitSet, (unit) => add(cost.through, unit, weight * LOAD));
    uses.writes[node]?.forEach((count, unit) => {
      add(cost.through, unit, weight * count);
      add(cost.memory, unit, weight * count);
    });
    uses.reads[node]?.forEach((count, unit) => add(cost.memory, unit, weight * count * READ));
  });
  let through = EMPTY,
    memory = EMPTY;
  for (let unit = 0; unit < units; unit++) {
    const [local = 0, written = 0, inMemory = 0] = [cost.local[unit], cost.through[unit], cost.memory[unit]];
    if (inMemory < local && inMemory <= written && !has(uses.partly, unit)) memory = union(memory, unitBit(unit));
    else if (written < local) through = union(through, unitBit(unit));
  }
  return { through, memory };
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const add = (sums: number[], at: number, value: number): void => {
  sums[at] = (sums[at] ?? 0) + value;
};

/** What a node's locals hold, or what is stored there, given where each register is. */
export const inLocals = (set: UnitSet, toRead: UnitSet, { through, memory }: Homes): UnitSet =>
  without(union(without(set, through), { low: toRead.low & through.low, high: toRead.high & through.high }), memory);

/** How many turns a loop takes of which nothing is known. */
const TURNS = 8;
/** The least part of its predecessor's runs that goes to a node. */
const LEAST_PART = 1 / 16;

/** How often each node runs: what the interpreter counted, and what that makes of the others. */
export function weights(graph: Graph, nodes: readonly Node[]): number[] {
  const counted = graph.edges.map((_, number) => {
    const node = nodes[number];
    return node?.kind === 'block' ? node.block.count : 0;
  });
  const next = graph.edges.map((_, node) => targets(graph, node));
  const weight = [...counted];
  // What comes from behind, a call whose continuation heads a loop, is known the second time.
  let fromBehind = counted.map(() => 0);
  for (let round = 0; round < 2; round++) {
    const into = counted.map(() => 0),
      behind = counted.map(() => 0);
    into[graph.order[0] as number] = 1;
    for (const node of graph.order) {
      const turns = graph.headers.has(node) && nodes[node]?.kind === 'block' ? TURNS : 1;
      const came = (into[node] as number) + (nodes[node]?.kind === 'load' ? (fromBehind[node] as number) : 0);
      const here = counted[node] || came * turns;
      weight[node] = here;
      const list = next[node] as readonly number[];
      const unknown = list.filter((to) => !counted[to]);
      const rest = here - list.reduce((sum, to) => sum + (counted[to] as number), 0);
      for (const to of unknown) {
        const place = (graph.place[to] as number) > (graph.place[node] as number) ? into : behind;
        add(place, to, Math.max(rest, here * LEAST_PART) / unknown.length);
      }
    }
    fromBehind = behind;
  }
  return weight;
}

/** Where a node's edges lead to inside, through dispatch nodes. */
function targets({ edges, given }: Graph, node: number): number[] {
  if (node >= given) return [];
  return (edges[node] as Graph['edges'][number]).flatMap(({ to, label }) => {
    let at = to;
    for (let way = label; at >= given; ) {
      const edge: Graph['edges'][number][number] | undefined = edges[at]?.[way ?? 0];
      ({ to: at, label: way } = edge ?? { to: -1 });
    }
    return at < 0 ? [] : [at];
  });
}
