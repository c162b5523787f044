// What a region's exits write back, and where control comes from a call with nothing to write back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block } from './discover.ts';
import type { Instruction } from './operation.ts';
import { leavesInMemory, plan } from './plan.ts';
import type { Summaries, Summary } from './summary.ts';
import { Units } from './units.ts';
import { EMPTY } from './unit-set.ts';

const units = new Units([{ name: 'rax', address: 0x10, bytes: 8 }]);
/** Handler 1 writes a part of the register, which keeps it in a local; handler 0 does nothing. */
const WRITES = 1;
const of = (handler: number): Partial<Summary> => ({
  reads: [],
  writes: handler === WRITES ? [{ slot: { at: 'fixed', address: 0x10 }, op: 'i32.store' }] : [],
  readsFlags: false,
  writesFlags: false,
  isSynced: false,
  isConditional: false,
  repeats: false,
});
const summaries = {
  without: new Set(),
  of,
  meaning: ({ handler }: { readonly handler: number }) => ({ statements: [], summary: of(handler) }),
} as unknown as Summaries;

function block(start: number, flow: Instruction['flow'], next: readonly (number | undefined)[], handler = 0): Block {
  const operation = {
    handler,
    r0: 0,
    r1: 0,
    base: 0,
    index: 0,
    scale: 0,
    distance: undefined,
    disp: 0,
    imm: 0n,
    rip: start,
    next: start + 1,
  };
  const instruction: Instruction = { rip: start, next: start + 1, operations: [operation], flow, target: undefined };
  return { start, instructions: [instruction], next, targets: [], count: 0 };
}

const planOf = (blocks: readonly Block[]) => plan({ root: 100, blocks, pages: new Set([0]) }, summaries, units);

test('a call whose continuation heads a loop with two entries leaves nothing to write back behind it', () => {
  // 0 is the root and stands behind the call of 1; the inner loop of 2 and 3 can be entered as well, behind the call of 2.
  const blocks = [
    block(100, 'branch', [1, 2]),
    block(200, 'call', [0], WRITES),
    block(300, 'call', [3]),
    block(400, 'branch', [2, 1]),
  ];
  const { graph, nodes, spilled, entries } = planOf(blocks);
  assert.deepEqual(
    entries.map(({ rip }) => rip),
    [100, 300],
  );
  assert.ok(graph.edges.length > graph.given, 'the loop has a dispatch node');
  for (let node = graph.given; node < graph.edges.length; node++) assert.deepEqual(spilled[node], EMPTY);
  const calling = nodes.findIndex((node) => leavesInMemory(node) && node.kind === 'block' && node.block.start === 200);
  assert.deepEqual(spilled[calling], { low: 1, high: 0 });
});

test('a loop is entered at its header, not behind a call in it', () => {
  const { graph, entries } = planOf([block(100, 'next', [1]), block(200, 'call', [2]), block(300, 'branch', [1, undefined])]);
  assert.deepEqual(
    entries.map(({ rip }) => rip),
    [100, 200],
  );
  assert.equal(graph.edges.length, graph.given, 'no dispatch node');
});

test('behind a call outside of loops a region can be entered', () => {
  const { entries } = planOf([block(100, 'call', [1]), block(200, 'return', [])]);
  assert.deepEqual(
    entries.map(({ rip }) => rip),
    [100, 200],
  );
});

test('targets of a hub are entered through it, and so is a root in its loop', () => {
  const targets = [300, 400, 500, 600];
  const dispatch = (start: number): Block => ({ ...block(start, 'jump', [2, 3, 4, 5]), targets });
  const blocks = [block(100, 'next', [1]), ...[200, 300, 400, 500].map(dispatch), block(600, 'jump', [0])];
  const { graph, nodes, entries } = planOf(blocks);
  assert.equal(graph.edges.length, graph.given, 'no dispatch node');
  assert.deepEqual(new Set(entries.map(({ edge }) => edge)), new Set([0]));
  assert.deepEqual(entries.map(({ rip }) => rip).sort(), [100, ...targets]);
  const hub = nodes.find(({ kind }) => kind === 'hub') as { readonly targets: readonly number[] };
  assert.deepEqual(hub.targets, [...targets, 100]);
});

test('a copy of a function leads out by a call', () => {
  const blocks: Block[] = [
    { ...block(100, 'call', [2]), isInlined: true },
    block(101, 'return', []),
    { ...block(200, 'branch', [1, undefined]), behind: { block: 1, rip: 101 } },
  ];
  const { nodes } = planOf(blocks);
  assert.deepEqual(
    nodes.filter(({ kind }) => kind === 'out'),
    [{ kind: 'out', rip: 201, returnsTo: 101 }],
  );
});
