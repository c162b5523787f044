// Which memory is a region's first one. The engine keeps where that one begins in a machine register or on its stack; where
// another begins it looks up in two steps, anew behind every call, and in every turn of a loop if it has to.
//
// Each call and each entry wants the state memory at once: the budget, the registers. A loop without calls has its registers in
// locals: besides the tables of pages it wants the guest's memory.

import type { MemoryIndexes } from '../wasm/emit.ts';
import { type Graph, loopsOf } from './flow-graph.ts';

const STATE_FIRST: MemoryIndexes = { state: 0, guest: 1 };
const GUEST_FIRST: MemoryIndexes = { guest: 0, state: 1 };

/** `calls`: nodes that do; `weight`: how often each node runs. */
export function numberMemories(graph: Graph, calls: (node: number) => boolean, weight: readonly number[]): MemoryIndexes {
  const [start = 0] = graph.order;
  const of = (node: number): number => weight[node] as number;
  const comings = graph.order.reduce((sum, node) => sum + (calls(node) ? of(node) : 0), of(start));
  let turns = 0;
  for (const [header, nodes] of loopsOf(graph)) if (![...nodes].some(calls)) turns += of(header);
  return turns > comings ? GUEST_FIRST : STATE_FIRST;
}
