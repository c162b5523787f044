// Where status flags are wanted: read, or seen outside of the region, before they are set again.
//
// A fault shows the flags of its own block. Those of blocks before count only where they are read: a fault may show older ones
// instead.

import type { Block } from './discover.ts';
import type { Graph } from './flow-graph.ts';
import type { Operation } from './operation.ts';
import type { Node } from './plan.ts';
import type { Summaries } from './summary.ts';

/** Are flags wanted before an operation, if they are (or are not) behind it? */
function before(summaries: Summaries, operation: Operation, after: boolean): boolean {
  if (summaries.without.has('flag-liveness')) return true;
  const { readsFlags, writesFlags, isConditional, repeats } = summaries.meaning(operation, !after).summary;
  return readsFlags || (after && !(writesFlags && !isConditional && !repeats));
}

/** By operation of a block: are the flags wanted behind it, by a fault or otherwise? */
export function wantedFlags(block: Block, after: boolean, summaries: Summaries): boolean[] {
  const wanted: boolean[] = [];
  let now = after;
  for (const { operations } of block.instructions.toReversed())
    for (const operation of operations.toReversed()) {
      wanted.push(now);
      now = before(summaries, operation, now) || summaries.of(operation.handler).mayFault;
    }
  return wanted.toReversed();
}

export interface FlagLiveness {
  /** By node: are flags wanted where it begins, and where it ends? */
  readonly start: readonly boolean[];
  readonly end: readonly boolean[];
}

export function flagLiveness(graph: Graph, nodes: readonly Node[], summaries: Summaries): FlagLiveness {
  const through = ({ instructions }: Block, after: boolean): boolean => {
    let now = after;
    for (let i = instructions.length - 1; i >= 0; i--) {
      const { operations } = instructions[i] as Block['instructions'][number];
      for (let k = operations.length - 1; k >= 0; k--) now = before(summaries, operations[k] as Operation, now);
    }
    return now;
  };
  // Of each block the answer for either case is worked out once.
  const transfer = graph.edges.map((_, number) => {
    const node = nodes[number];
    return node?.kind === 'block' ? [through(node.block, false), through(node.block, true)] : [node?.kind === 'hub', true];
  });
  const start = graph.edges.map(() => false),
    end = graph.edges.map(() => false);
  const backward = [...graph.order].reverse();
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const node of backward) {
      const edges = graph.edges[node] as readonly { readonly to: number }[];
      const here = nodes[node];
      const mayReturn = here?.kind === 'block' && here.block.behind !== undefined;
      end[node] = edges.length === 0 || mayReturn || edges.some(({ to }) => to < 0 || nodes[to]?.kind === 'load' || start[to]);
      const isLive = nodes[node]?.kind !== 'load' && transfer[node]?.[end[node] ? 1 : 0] === true;
      if (isLive === start[node]) continue;
      start[node] = isLive;
      isStable = false;
    }
  }
  return { start, end };
}
