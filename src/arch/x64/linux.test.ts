// Registers by name, and the status flags from their lazy slots.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLAG_KIND, FLAG_X, FLAG_Y, FLAGS_ADD, FLAGS_RESULT } from '../../ir/slots.ts';
import { x64Linux } from './linux.ts';
import { CONTEXT_END } from './regs.ts';

const state = new Uint8Array(CONTEXT_END);
const view = new DataView(state.buffer);
const CF = 1n,
  PF = 4n,
  AF = 16n,
  ZF = 64n,
  SF = 128n,
  OF = 0x800n;

test('a program starts with zeros, rip and rsp', () => {
  state.fill(0xaa);
  x64Linux.startContext(state, 0x401000, 0x7ffffff0);
  assert.equal(x64Linux.register(state, 'rip'), 0x401000n);
  assert.equal(x64Linux.register(state, 'rsp'), 0x7ffffff0n);
  assert.equal(x64Linux.register(state, 'r13'), 0n);
  assert.equal(x64Linux.register(state, 'rflags'), 0x202n);
});

test('registers keep 64 bits; flags that are written are read', () => {
  x64Linux.setRegister(state, 'rbx', -1n);
  assert.equal(x64Linux.register(state, 'rbx'), 0xffffffffffffffffn);
  x64Linux.setRegister(state, 'rflags', 0x202n | CF | OF | 0x400n);
  assert.equal(x64Linux.register(state, 'rflags'), 0x202n | CF | OF | 0x400n);
  assert.throws(() => x64Linux.register(state, 'eax'), /no register eax/);
});

/** Kind, x and y (sign-extended), and the flags they stand for. */
const lazy: readonly (readonly [what: string, kind: number, x: bigint, y: bigint, flags: bigint])[] = [
  ['5 - 5, 64 bits', 0, 5n, 5n, ZF | PF],
  ['0 - 1, 32 bits', 32, 0n, 1n, CF | PF | AF | SF],
  ['80h - 1, 8 bits', 56, -128n, 1n, AF | OF],
  ['FFh + 1, 8 bits', FLAGS_ADD + 56, -1n, 1n, CF | PF | AF | ZF],
  ['7FFFh + 1, 16 bits', FLAGS_ADD + 48, 0x7fffn, 1n, PF | AF | SF | OF],
  ['result 0 with CF and OF', FLAGS_RESULT, 0n, CF | OF, CF | PF | ZF | OF],
];
for (const [what, kind, x, y, flags] of lazy) {
  test(`flags of ${what}`, () => {
    x64Linux.setRegister(state, 'rflags', 0x202n);
    view.setUint32(FLAG_KIND, kind, true);
    view.setBigInt64(FLAG_X, x, true);
    view.setBigInt64(FLAG_Y, y, true);
    assert.equal(x64Linux.register(state, 'rflags') & ~0x202n, flags);
  });
}
