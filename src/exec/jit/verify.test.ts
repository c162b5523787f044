import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Execution } from '../../arch/arch.ts';
import { RIP } from '../../ir/slots.ts';
import { allowed, Leave, REFUSED, STATE_PAGES, WRITE_TABLE } from '../layout.ts';
import { Verifier } from './verify.ts';

/** A register, and where programs store it. */
const COUNT = 0x10,
  DATA = 0x10000;
const PROGRAM = 0x400000;
const SYSCALL_AT = PROGRAM + 100;

/** The machine of these tests: each instruction adds 1 to rip and to a register, which it stores; one is a system call. */
function step(state: WebAssembly.Memory, guest: WebAssembly.Memory): 'budget' | 'syscall' {
  const view = new DataView(state.buffer);
  const rip = view.getUint32(RIP, true);
  view.setUint32(RIP, rip + 1, true);
  if (rip === SYSCALL_AT) return 'syscall';
  const count = view.getUint32(COUNT, true) + 1;
  view.setUint32(COUNT, count, true);
  new DataView(guest.buffer).setUint32(DATA, count, true);
  return 'budget';
}

function machine({ pages = 64 } = {}) {
  const state = new WebAssembly.Memory({ initial: STATE_PAGES });
  const guest = new WebAssembly.Memory({ initial: Math.ceil(pages / 16) });
  const writable = new Uint32Array(state.buffer, WRITE_TABLE, pages);
  writable[DATA >> 12] = allowed(DATA >> 12);
  const view = new DataView(state.buffer);
  // What the kernel changes is not compared.
  const kernel = (): number => {
    view.setUint32(COUNT, 1000, true);
    return 1;
  };
  const verifier = new Verifier(
    { state, guest },
    { syscall: kernel },
    () => true,
    () => {
      const own = new WebAssembly.Memory({ initial: STATE_PAGES });
      return { state: own, guest, run: () => step(own, guest) } as unknown as Execution;
    },
  );
  /** Compiled code of `count` instructions from `rip` on: registers in memory, the next address returned. */
  const compiled = (count: number, rip: number): number => {
    view.setUint32(RIP, rip, true);
    for (let i = 0; i < count; i++) step(state, guest);
    return view.getUint32(RIP, true);
  };
  const syscall = verifier.host.syscall as () => number;
  return { guest, verifier, view, compiled, syscall, writable };
}

test('what compiled code does as the interpreter passes, be it nothing', () => {
  const { verifier, compiled, view, guest } = machine();
  assert.equal(verifier.wrap((_, at) => BigInt(compiled(0, at)))(100_000, PROGRAM), BigInt(PROGRAM));
  assert.equal(verifier.wrap((_, at) => BigInt(compiled(20, at)))(100_000, PROGRAM), BigInt(PROGRAM + 20));
  const leaves = verifier.wrap((_, at) => {
    compiled(5, at);
    return Leave.interpret;
  });
  assert.equal(leaves(100_000, PROGRAM + 20), Leave.interpret);
  // The state is that of compiled code, once.
  assert.deepEqual([view.getUint32(COUNT, true), new DataView(guest.buffer).getUint32(DATA, true)], [25, 25]);
});

test('a wrong register, a wrong word of memory and a wrong way are found', () => {
  const { verifier, compiled, view, guest } = machine();
  const run = (spoil: () => void, next = 0) =>
    verifier.wrap((_, at) => {
      const rip = compiled(3, at);
      spoil();
      return BigInt(rip + next);
    })(100_000, PROGRAM);
  const place = `from ${PROGRAM.toString(16)} to ${(PROGRAM + 3).toString(16)}`;
  assert.throws(() => run(() => view.setUint32(COUNT, 9, true)), new RegExp(`${place} .* register at 0x10 is 9, not 3`));
  view.setUint32(COUNT, 0, true);
  assert.throws(() => run(() => new DataView(guest.buffer).setUint32(DATA, 7, true)), /word at 10000 is 7, not 3/);
  view.setUint32(COUNT, 0, true);
  assert.throws(() => run(() => {}, -4), /does not come there/);
});

test('few pages are copied: of many that may be written all are refused, and asked for again', () => {
  const { verifier, compiled, writable } = machine({ pages: 100 });
  const code = verifier.wrap((_, at) => BigInt(compiled(3, at)));
  writable.fill(allowed(1), 0, 100);
  // Nothing is allowed any more, so that what the code changes is not seen: it would have left.
  assert.equal(code(100_000, PROGRAM), BigInt(PROGRAM + 3));
  assert.ok(writable.subarray(0, 100).every((entry) => entry === REFUSED));
  writable.fill(allowed(1), 16, 20);
  assert.equal(code(100_000, PROGRAM + 3), BigInt(PROGRAM + 6));
  assert.equal(writable.filter((entry) => entry !== REFUSED).length, 4);
});

test('calls and system calls end one stretch and begin another', () => {
  const { verifier, compiled, view, syscall } = machine();
  const callee = verifier.wrap((_, at) => BigInt(compiled(4, at)));
  const caller = (spoil: boolean) =>
    verifier.wrap((left, at) => {
      const called = compiled(10, at);
      const back = Number(callee(left, called));
      const after = compiled(SYSCALL_AT + 1 - back, back);
      if (spoil) view.setUint32(COUNT, 0, true);
      assert.equal(syscall(), 1);
      return BigInt(after);
    });
  assert.equal(caller(false)(100_000, PROGRAM), BigInt(SYSCALL_AT + 1));
  assert.throws(() => caller(true)(100_000, PROGRAM), /register at 0x10 is 0, not/);
});
