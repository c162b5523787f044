// The graph is brought into an order that structured code can follow.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowGraph, type Graph } from './flow-graph.ts';

/** Every loop has one entry: an edge back goes to a dominator. */
function assertReducible({ edges, order, place, dominator }: Graph): void {
  const dominates = (a: number, b: number): boolean => {
    for (let node = b; node >= 0; node = dominator[node] as number) if (node === a) return true;
    return false;
  };
  for (const node of order)
    for (const { to } of edges[node] ?? [])
      if (to >= 0 && (place[to] as number) <= (place[node] as number)) assert.ok(dominates(to, node), `${node} -> ${to}`);
}

/** Follows edges by `choose` through dispatch nodes; the given nodes on the way. */
function walk({ edges, given }: Graph, choices: readonly number[]): number[] {
  const path: number[] = [];
  let node = 0,
    label = 0;
  for (let i = 0; node >= 0; ) {
    if (node < given) path.push(node);
    const list = edges[node] ?? [];
    const edge = node < given ? list[(choices[i++] ?? 99) % 100] : list[label];
    if (!edge || edge.to < 0) break;
    if (edge.label !== undefined) label = edge.label;
    node = edge.to;
  }
  return path;
}

test('straight code, a diamond, a loop', () => {
  const graph = flowGraph([[1, 2], [3], [3], [1, undefined]]);
  assertReducible(flowGraph([[1, 2], [3], [3], []]));
  assert.deepEqual([...flowGraph([[1, 2], [3], [3], []]).merges], [3]);
  assert.deepEqual(flowGraph([[1], [2], [1, 3], []]).dominator, [-1, 0, 1, 2]);
  assert.deepEqual([...flowGraph([[1], [2], [1, 3], []]).headers], [1]);
  assertReducible(graph);
});

test('a cycle with two entries gets a dispatch node, and paths stay what they were', () => {
  const successors = [[1, 2], [2, 3], [1], []];
  const graph = flowGraph(successors);
  assertReducible(graph);
  assert.equal(graph.edges.length, 5);
  assert.deepEqual(walk(graph, [1, 0, 0, 0, 1]), [0, 2, 1, 2, 1, 3]);
});

test('random graphs: reducible, and every walk visits the same nodes', () => {
  let seed = 7;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % n;
  };
  for (let round = 0; round < 2000; round++) {
    const size = 2 + random(12);
    const successors = Array.from({ length: size }, () => Array.from({ length: random(4) }, () => random(size)));
    const graph = flowGraph(successors);
    assertReducible(graph);
    const choices = Array.from({ length: 30 }, () => random(3));
    const expected: number[] = [];
    for (let node = 0, i = 0; ; ) {
      expected.push(node);
      const next = successors[node]?.[(choices[i++] ?? 99) % 100];
      if (next === undefined) break;
      node = next;
    }
    assert.deepEqual(walk(graph, choices), expected, JSON.stringify(successors));
  }
});
