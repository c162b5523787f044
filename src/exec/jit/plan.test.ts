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
/** Handler 1 writes the register, handler 0 does nothing. */
const WRITES = 1;
const of = (handler: number): Partial<Summary> => ({
  reads: [],
  writes: handler === WRITES ? [{ slot: { at: 'fixed', address: 0x10 }, op: 'i64.store' }] : [],
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

function block(start: number, flow: Instruction['flow'], next: readonly number[], handler = 0): Block {
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
  return { start, instructions: [instruction], next, targets: [] };
}

test('a call whose continuation heads a loop with two entries leaves nothing to write back behind it', () => {
  // 0 is the root and stands behind the call of 1; 3 stands behind that of 2: the loop is entered at both.
  const blocks = [
    block(100, 'branch', [1, 2]),
    block(200, 'call', [0], WRITES),
    block(300, 'call', [3]),
    block(400, 'jump', [1]),
  ];
  const { graph, nodes, spilled, entries } = plan({ root: 100, blocks, pages: new Set([0]) }, summaries, units);
  assert.deepEqual(entries, [100, 400]);
  assert.ok(graph.edges.length > graph.given, 'the loop has a dispatch node');
  for (let node = graph.given; node < graph.edges.length; node++) assert.deepEqual(spilled[node], EMPTY);
  const calling = nodes.findIndex((node) => leavesInMemory(node) && node.kind === 'block' && node.block.start === 200);
  assert.deepEqual(spilled[calling], { low: 1, high: 0 });
});
