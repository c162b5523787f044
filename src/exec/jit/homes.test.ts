// Where registers live, by what reading, writing, loading and storing them would cost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowGraph } from './flow-graph.ts';
import { chooseHomes, type Uses, weights } from './homes.ts';
import type { Node } from './plan.ts';
import { EMPTY, unitBit } from './unit-set.ts';

const RAX = unitBit(0);

/** One node that runs once, with unit 0 alone. */
function uses(
  part: Partial<Record<'reads' | 'writes', number>> & Partial<Record<'isStored' | 'isLoaded' | 'isPartly', boolean>>,
): Uses {
  const set = (is: boolean | undefined) => (is ? RAX : EMPTY);
  return {
    weight: [1],
    reads: [[part.reads ?? 0]],
    writes: [[part.writes ?? 0]],
    stored: [set(part.isStored)],
    loaded: [set(part.isLoaded)],
    loadedToRead: [set(part.isLoaded)],
    partly: set(part.isPartly),
  };
}

test('a register that is loaded for one use stays in memory, one with many uses comes to a local', () => {
  assert.deepEqual(chooseHomes(uses({ reads: 1, isLoaded: true }), 1), { through: EMPTY, memory: RAX });
  assert.deepEqual(chooseHomes(uses({ reads: 9, isLoaded: true }), 1), { through: EMPTY, memory: EMPTY });
});

test('a register that is stored oftener than written is written through, and read from memory if it is seldom read', () => {
  assert.deepEqual(chooseHomes({ ...uses({ reads: 9, isStored: true, isLoaded: true }) }, 1), { through: RAX, memory: EMPTY });
  assert.deepEqual(chooseHomes({ ...uses({ reads: 1, isStored: true, isLoaded: true }) }, 1), { through: EMPTY, memory: RAX });
});

test('no wide load waits for a store of a part', () => {
  assert.deepEqual(chooseHomes(uses({ reads: 1, isLoaded: true, isPartly: true }), 1).memory, EMPTY);
});

const block = (count: number): Node => ({ kind: 'block', block: { start: 0, instructions: [], next: [], targets: [], count } });

test('what the interpreter did not count follows from what it did', () => {
  // 0 -> 1 -> 2, 3; 1 was counted, and so was 2: the rest goes to 3.
  const graph = flowGraph([[1], [2, 3], [undefined], [undefined]]);
  const nodes: readonly Node[] = [{ kind: 'start' }, block(1000), block(900), block(0)];
  assert.deepEqual(weights(graph, nodes), [1, 1000, 900, 100]);
});

test('an uncounted loop runs oftener than what leads to it', () => {
  const graph = flowGraph([[1], [1, 2], [undefined]]);
  const [before = 0, loop = 0] = weights(graph, [{ kind: 'start' }, block(0), block(0)]);
  assert.ok(loop > before);
});

test('through a dispatch node to where the label leads', () => {
  // 1 and 2 are a cycle entered at both: by a call that runs ten times as often as the root, at 2.
  const graph = flowGraph([[1, 3], [2], [1], [4], [2]]);
  const nodes: readonly Node[] = [{ kind: 'start' }, block(0), block(0), block(10), { kind: 'load', rip: 2, isLate: false }];
  assert.equal(weights(graph, nodes)[4], 10);
});
