import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ops } from '../../ir/ops.ts';
import { Bytes, Wasm } from './encode.ts';
import { instructionLines } from './text.ts';

const lines = (write: (code: Bytes) => void): string[] => {
  const code = new Bytes();
  write(code);
  const names = { local: (index: number) => ['left', 'at'][index], memory: (index: number) => ['guest', 'state'][index] };
  return instructionLines(code.take(), names).map(({ text }) => text);
};

test('blocks have labels, and branches name them', () => {
  const text = lines((code) => {
    code.raw([Wasm.block, Wasm.voidBlock, Wasm.loop, 0x7f, Wasm.localGet, 1, Wasm.localGet, 2, Wasm.if, Wasm.voidBlock]);
    code.raw([Wasm.br, 2, Wasm.else, Wasm.brTable, 1, 0, 3, Wasm.end, Wasm.brIf, 0, Wasm.end, Wasm.end, Wasm.end]);
  });
  assert.deepEqual(text, [
    'block $1',
    'loop $2 (result i32)',
    '  local.get $at',
    '  local.get 2',
    '  if $3',
    '    br $1',
    '  else',
    '    br_table $3 $out',
    '  end',
    '  br_if $2',
    'end',
    'end',
    'end',
  ]);
});

test('constants and accesses', () => {
  const text = lines((code) => {
    code.u8(Wasm.i32Const);
    code.s32(-5);
    code.u8(Wasm.i64Const);
    code.s64(-(2n ** 63n));
    code.u8(Wasm.i64Const);
    code.s64(2n ** 40n);
    code.u8(Wasm.f64Const);
    code.f64(-0.5);
    // i64.load of memory 1 at offset 300, i32.store8 of memory 0, memory.copy
    code.raw([0x29, 0x40, 1, 0xac, 2, 0x3a, 0, 0, 0xfc, 0x0a, 0, 1]);
  });
  const constants = ['i32.const -5', 'i64.const -9223372036854775808', 'i64.const 1099511627776', 'f64.const -0.5'];
  assert.deepEqual(text, [...constants, 'i64.load $state offset=300', 'i32.store8 $guest', 'memory.copy $guest $state']);
});

test('every operation of the table', () => {
  for (const { name, opcode, immediates } of Object.values(ops)) {
    const text = lines((code) => {
      code.opcode(opcode);
      for (let i = 0; i < immediates; i++) code.u8(i);
    });
    const lanes = Array.from({ length: immediates }, (_, i) => ` ${i}`).join('');
    assert.deepEqual(text, [name + lanes]);
  }
});

test('what is no instruction is refused', () => {
  assert.throws(() => lines((code) => code.u8(0x06)), /opcode 0x6/);
  assert.throws(() => lines((code) => code.raw([Wasm.i32Const, 0x80])), /within an instruction/);
});
