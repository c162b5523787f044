// Signal frames: the layout the guest sees, and the way back with its edits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameMemory } from '../arch.ts';
import { x64Linux } from './linux.ts';
import { CONTEXT_END, FCW, FSW, FTW, MXCSR, MXCSR_MODE, RAX, RIP, RSP, X87, YMM } from './regs.ts';
import { signalFrames } from './signal-frame.ts';

const STACK = 0x8000,
  SYSCALL = 0x1234;

function setUp() {
  const state = new Uint8Array(CONTEXT_END),
    stack = new Uint8Array(0x10000);
  const memory: FrameMemory = {
    bytes: (address, length) => stack.subarray(address, address + length),
    writable: (address, length) => stack.subarray(address, address + length),
  };
  x64Linux.startContext(state, SYSCALL, STACK);
  for (const [i, name] of ['rax', 'rbx', 'r12', 'rdi'].entries()) x64Linux.setRegister(state, name, BigInt(0x1111 * (i + 1)));
  const registers = new DataView(state.buffer);
  registers.setUint32(FSW, 5 << 11, true);
  registers.setUint32(FTW, 0x20, true);
  state.set([1, 2, 3, 4, 5, 6, 7, 0x80, 0xff, 0x3f], X87 + 16 * 5);
  state.set([9, 8, 7], YMM + 32 * 3);
  x64Linux.setRegister(state, 'rflags', 0x202n | 0x400n | 0x41n);
  return { state, stack, memory, registers };
}

const frame = {
  signal: 10,
  handler: 0x5000,
  restorer: 0x6000,
  info: new Uint8Array(128).fill(7),
  mask: [3, -1] as const,
  stackTop: undefined,
  altStack: { address: 0x100, size: 0x200, flags: 2 },
  vector: 14,
  errorCode: 6,
  address: 0xdeadbeefn,
};

test('the handler starts with its arguments below the red zone, aligned as after a call', () => {
  const { state, stack, memory } = setUp();
  signalFrames.push(x64Linux, state, memory, frame);
  const register = (name: string): bigint => x64Linux.register(state, name);
  const sp = Number(register('rsp'));
  assert.equal(sp % 16, 8);
  assert.ok(sp + 440 <= STACK - 128 - 512);
  assert.deepEqual([register('rip'), register('rdi'), register('rax')], [0x5000n, 10n, 0n]);
  assert.equal(register('rflags') & 0x400n, 0n);
  const view = new DataView(stack.buffer);
  assert.equal(view.getBigUint64(sp, true), 0x6000n);
  assert.equal(stack[Number(register('rsi'))], 7);
  const context = Number(register('rdx'));
  assert.equal(view.getBigUint64(context + 40 + 128, true), BigInt(SYSCALL));
  assert.equal(view.getBigUint64(context + 40 + 120, true), BigInt(STACK));
  assert.equal(view.getBigUint64(context + 40 + 136, true), 0x643n);
  assert.equal(view.getBigUint64(context + 40 + 176, true), 0xdeadbeefn);
  assert.deepEqual([view.getInt32(context + 296, true), view.getInt32(context + 300, true)], [3, -1]);
  const fpstate = Number(view.getBigUint64(context + 40 + 184, true));
  assert.equal(fpstate % 64, 0);
  // ST(0) is R5 because TOP is 5; xmm3 follows the 16-byte slots from 160 on.
  assert.deepEqual([...stack.subarray(fpstate + 32, fpstate + 42)], [1, 2, 3, 4, 5, 6, 7, 0x80, 0xff, 0x3f]);
  assert.deepEqual([...stack.subarray(fpstate + 160 + 48, fpstate + 160 + 51)], [9, 8, 7]);
});

test('sigreturn restores what push saved, and what the handler edited', () => {
  const { state, stack, memory, registers } = setUp();
  const before = state.slice();
  signalFrames.push(x64Linux, state, memory, frame);
  const context = Number(x64Linux.register(state, 'rdx'));
  new DataView(stack.buffer).setBigUint64(context + 40 + 128, 0x7777n, true);
  state.fill(0xcc, X87, X87 + 128);
  state.fill(0xcc, YMM, YMM + 512);
  registers.setUint32(MXCSR, 0x9fc0, true);
  registers.setBigUint64(RSP, registers.getBigUint64(RSP, true) + 8n, true);
  const popped = signalFrames.pop(x64Linux, state, memory);
  assert.deepEqual(popped, { mask: [3, -1], altStack: frame.altStack });
  assert.equal(registers.getBigUint64(RIP, true), 0x7777n);
  registers.setBigUint64(RIP, BigInt(SYSCALL), true);
  assert.equal(x64Linux.register(state, 'rflags'), 0x643n);
  assert.deepEqual(state.subarray(0x10, 0x90), before.subarray(0x10, 0x90));
  assert.deepEqual(state.subarray(MXCSR, MXCSR_MODE), before.subarray(MXCSR, MXCSR_MODE));
  // The value was another one before.
  assert.equal(registers.getUint32(MXCSR_MODE, true), 1);
  assert.deepEqual(state.slice(X87 + 80, X87 + 90), before.slice(X87 + 80, X87 + 90));
  assert.deepEqual(state.slice(YMM + 96, YMM + 112), before.slice(YMM + 96, YMM + 112));
});

test('the alternate stack is used from its end; restart aims at the syscall instruction', () => {
  const { state, memory, registers } = setUp();
  signalFrames.push(x64Linux, state, memory, { ...frame, stackTop: 0x4000 });
  const sp = Number(x64Linux.register(state, 'rsp'));
  assert.ok(sp < 0x4000 - 440 - 511 && sp > 0x3000);
  registers.setBigUint64(RIP, 0x2002n, true);
  signalFrames.restart(state, 35);
  assert.deepEqual([registers.getBigUint64(RIP, true), registers.getBigUint64(RAX, true)], [0x2000n, 35n]);
});

test('a waiting x87 exception is in the frame, not in the handler, and back after it', () => {
  const { state, memory, registers } = setUp();
  registers.setUint32(FCW, 0x37b, true);
  registers.setUint32(FSW, 0x8084, true);
  signalFrames.push(x64Linux, state, memory, frame);
  assert.deepEqual(
    [registers.getUint32(FCW, true), registers.getUint32(FSW, true), registers.getUint32(FTW, true)],
    [0x37f, 0, 0],
  );
  registers.setBigUint64(RSP, registers.getBigUint64(RSP, true) + 8n, true);
  signalFrames.pop(x64Linux, state, memory);
  assert.deepEqual([registers.getUint32(FCW, true), registers.getUint32(FSW, true)], [0x37b, 0x8084]);
});
