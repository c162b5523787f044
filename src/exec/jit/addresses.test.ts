// Constants that move with the file that code is mapped from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter, Locals, type Lowering } from '../wasm/emit.ts';
import { Bytes, ModuleWriter, Wasm } from '../wasm/encode.ts';
import { Addresses, imagesFor, moved } from './addresses.ts';
import type { Block } from './discover.ts';
import type { Instruction, Operation } from './operation.ts';

/** A module whose functions give an address of a library at `start`, one of a program at a fixed place, and one of another library. */
function build(start: number, other: number) {
  const module = new ModuleWriter();
  const code = new Bytes();
  const imageAt = (rip: number) =>
    rip >= other ? { id: 'other', start: other } : rip >= start ? { id: 'library', start } : undefined;
  const addresses = new Addresses(module, imageAt);
  const e = new Emitter(code, new Locals(0), {} as Lowering, () => 0);
  module.declare('all', { params: [], results: ['i64', 'i32', 'i64', 'i32'] });
  addresses.i64(e, start + 0x123);
  // What an instruction at the library's start has relative to itself, below it.
  addresses.i32(e, start - 0x100, start);
  addresses.i64(e, 0x401000);
  addresses.i32(e, other + 0x7f);
  code.u8(Wasm.end);
  module.define('all', [], code.take());
  module.export('all');
  const bytes = module.take();
  return { bytes, addresses, moving: addresses.moving(module.bodyAt('all')) };
}

test('what was compiled for one place is, moved to another, what is compiled there', () => {
  const places = [
    [0x900000, 0x1000000],
    [0x3dc02000, 0x6ffff000],
  ] as const;
  const [first, second] = places.map(([start, other]) => build(start, other)) as [
    ReturnType<typeof build>,
    ReturnType<typeof build>,
  ];
  assert.deepEqual(
    first.addresses.images.map(({ id }) => id),
    ['library', 'other'],
  );
  assert.notDeepEqual(first.bytes, second.bytes);
  assert.deepEqual(moved(first.bytes, first.moving, places[1]), second.bytes);
  const { all } = new WebAssembly.Instance(new WebAssembly.Module(second.bytes)).exports as { all: () => unknown };
  assert.deepEqual(all(), [0x3dc02123n, 0x3dc01f00, 0x401000n, 0x6ffff07f]);
});

const operation: Operation = {
  ...{ handler: 0, r0: 0, r1: 0, base: 0, index: 0, scale: 0, distance: undefined, disp: 0, imm: 0n },
  ...{ rip: 0x900000, next: 0x900005 },
};
const instruction: Instruction = { rip: 0x900000, next: 0x900005, operations: [operation], flow: 'next', target: undefined };
const block: Block = { start: 0x900000, instructions: [instruction], next: [], targets: [], count: 0 };

test('code that would be another elsewhere is not moved', () => {
  const image = { id: 'library', start: 0x900000 };
  const imageAt = (rip: number) => (rip < 0x901000 ? image : undefined);
  const isMovable = (changed: Partial<Instruction>, targets: readonly number[] = []): boolean => {
    const blocks = [{ ...block, instructions: [{ ...instruction, ...changed }], targets }];
    return imagesFor({ root: 0x900000, blocks, pages: new Set() }, imageAt)(0x900000) !== undefined;
  };
  const relative = (changed: Partial<Operation>) => ({ operations: [{ ...operation, distance: 'disp' as const, ...changed }] });
  assert.ok(isMovable({}));
  assert.ok(isMovable(relative({ disp: 0x950000 })));
  assert.ok(!isMovable(relative({ disp: 0x900000 + 0x0f00_0000 })), 'far away');
  assert.ok(!isMovable(relative({ disp: 0x950000, base: 0x80 })), 'with a segment');
  assert.ok(!isMovable({ operations: [{ ...operation, distance: 'imm' as const }] }), 'a number of 64 bits');
  assert.ok(!isMovable({ next: 0x901003 }), 'reaching into the next mapping');
  assert.ok(!isMovable({ flow: 'jump', target: 0x902000 }), 'to another mapping');
  // Where it really goes is looked at.
  assert.ok(isMovable({ flow: 'jump' }, [0x900100, 0x902000]));
});
