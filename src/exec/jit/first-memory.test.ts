// The memory whose beginning the engine keeps at hand, by what a region does most.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberMemories } from './first-memory.ts';
import { flowGraph, loopsOf } from './flow-graph.ts';

const STATE_FIRST = { state: 0, guest: 1 },
  GUEST_FIRST = { guest: 0, state: 1 };
const never = (): boolean => false;

test('a loop is what its header is reached from inside, inner loops and what several ends share included', () => {
  // 1 heads 1..4 with two ends, 3 heads itself; 5 is behind.
  const graph = flowGraph([[1], [2], [1, 3], [3, 4], [1, 5], [undefined]]);
  assert.deepEqual([...loopsOf(graph)].map(([header, nodes]) => [header, [...nodes].sort()]).sort(), [
    [1, [1, 2, 3, 4]],
    [3, [3]],
  ]);
});

test('straight code and calls want registers, loops without calls the guest', () => {
  assert.deepEqual(numberMemories(flowGraph([[1], [undefined]]), never, [1, 1]), STATE_FIRST);
  const loop = flowGraph([[1], [1, 2], [undefined]]);
  assert.deepEqual(numberMemories(loop, never, [1, 50, 1]), GUEST_FIRST);
  assert.deepEqual(
    numberMemories(loop, (node) => node === 1, [1, 50, 1]),
    STATE_FIRST,
  );
});

test('the call behind a loop counts as often as it is made', () => {
  const graph = flowGraph([[1], [1, 2], [undefined]]);
  const isCall = (node: number): boolean => node === 2;
  assert.deepEqual(numberMemories(graph, isCall, [1, 50, 1]), GUEST_FIRST);
  assert.deepEqual(numberMemories(graph, isCall, [40, 50, 40]), STATE_FIRST);
});
