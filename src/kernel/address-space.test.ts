// Address spaces of dead processes: used again, and clean.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../abi/errno.ts';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from '../abi/mman.ts';
import { fakeHost } from '../host/fake/host.ts';
import { map } from './mm/map.ts';
import { testMachine } from './testing.ts';

const WRITABLE = { prot: PROT_READ | PROT_WRITE, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED };

test('a space is used again; nothing of the process before is left', () => {
  const { kernel } = testMachine(fakeHost());
  const { spaces, memory } = kernel;
  const first = spaces.take();
  first.users = 1;
  map(first.mm, { address: 0x50000, length: 0x8000, ...WRITABLE });
  first.memory.setU32(0x51000, 0x12345678);
  assert.ok(memory.used > 0);
  spaces.leave(first);
  assert.equal(memory.used, 0);
  const second = spaces.take();
  assert.equal(second, first);
  assert.throws(() => second.memory.getU32(0x51000), E.EFAULT);
  map(second.mm, { address: 0x50000, length: 0x8000, ...WRITABLE });
  assert.equal(second.memory.getU32(0x51000), 0);
  assert.ok(second.memory.u8.subarray(0x52000).every((byte) => byte === 0));
  assert.notEqual(spaces.take(), first);
});

test('a space stays while a process lives in it, and goes when much was touched', () => {
  const { kernel } = testMachine(fakeHost());
  const { spaces } = kernel;
  const space = spaces.take();
  space.users = 2;
  spaces.leave(space);
  assert.notEqual(spaces.take(), space);
  map(space.mm, { address: 0x50000, length: 0x8000, ...WRITABLE });
  space.memory.setU32(0x50000, 1);
  space.touched = 1 << 20;
  spaces.leave(space);
  assert.equal(kernel.memory.used, 0);
  assert.notEqual(spaces.take(), space);
});
