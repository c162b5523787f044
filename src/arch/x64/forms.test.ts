// Encoding keys, and the forms and keys that rows give.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodingsOf } from './encoding.ts';
import { buildForms, pseudoForm } from './forms.ts';
import { insn, type Row } from './insn.ts';
import { pseudo } from './insns/pseudo.ts';

const nothing = (): void => {};
const row = (name: string, encodings: Record<string, string>, options: Row['options'] = {}): Row =>
  insn(
    name,
    encodings,
    (_, ...operands) => operands.filter(({ isMemory }) => isMemory).forEach((operand) => operand.get()),
    options,
  );
const keys = (rows: readonly Row[], hot: readonly string[] = []): string[] =>
  buildForms([...pseudo, ...rows], new Set(hot))
    .forms.map(({ key }) => key)
    .filter((key) => !key.startsWith('.'));

test('an encoding key', () => {
  const [plain, whole, vex] = encodingsOf(
    row('x', { '66 0F 38 F6': 'Gy Ey', 'D9 C0+i': 'STi', 'F2 VEX.LIG W1 0F 38 F7/3': 'Gy Ey By' }),
  );
  assert.deepEqual([plain?.map, plain?.opcode, plain?.slots, plain?.modrm], [2, 0xf6, [1], undefined]);
  assert.deepEqual([whole?.map, whole?.opcode, whole?.modrm, whole?.isPlusStack], [0, 0xd9, 0xc0, true]);
  assert.deepEqual([vex?.map, vex?.opcode, vex?.slots, vex?.w, vex?.l, vex?.reg], [5, 0xf7, [3], 1, undefined, 3]);
});

test('keys and letters that mean nothing are refused', () => {
  assert.throws(() => encodingsOf(row('x', { '0G': '' })), /not an encoding key/);
  assert.throws(() => encodingsOf(row('x', { '01 02 03': '' })), /wrong number of opcode bytes/);
  assert.throws(() => encodingsOf(row('x', { '01': 'Kb' })), /unknown place/);
  assert.throws(() => keys([row('x', { '01': 'Eh' })]), /no such size/);
});

test('two rows of one encoding are refused', () => {
  assert.throws(() => keys([row('x', { '01': 'Ev Gv' }), row('y', { '01': 'Ev Gv' })]), /the same encoding/);
  assert.doesNotThrow(() => keys([row('x', { 'NP 0F 10': 'Vps Wps' }), row('y', { '66 0F 10': 'Vpd Wpd' })]));
  assert.doesNotThrow(() => keys([row('x', { '90': '' }), row('y', { '90+r': 'Zv rAX' })]));
});

test('forms by operand size and by register or memory, shared where only places differ', () => {
  assert.deepEqual(keys([row('x', { '00': 'Eb Gb', '02': 'Gb Eb' })]), ['x r8 r8', 'x m8 r8', 'x r8 m8']);
  assert.deepEqual(keys([row('x', { '50+r': 'Zv' }, { default64: true })]), ['x r16', 'x r64']);
  assert.deepEqual(keys([row('x', { '68': 'Iz' }, { default64: true })]), ['x imm16', 'x imm64']);
});

test('indexed memory only where it is hot; hot forms come first', () => {
  const rows = [row('x', { '8B': 'Gv Ev' })];
  assert.ok(!keys(rows).some((key) => key.includes(' x')));
  const hot = ['x r64 x64', 'x r32 r32', 'no such form'];
  assert.deepEqual(
    buildForms([...pseudo, ...rows], new Set(hot))
      .forms.slice(0, 2)
      .map(({ key }) => key),
    hot.slice(0, 2),
  );
  assert.deepEqual(buildForms([...pseudo, ...rows], new Set(hot)).missing, ['no such form']);
});

test('pseudo operations by name', () => {
  const { forms } = buildForms([...pseudo, insn('x', { '01': '' }, nothing)], new Set());
  assert.equal(forms[pseudoForm(forms, '.goto').id]?.key, '.goto rel');
  assert.throws(() => pseudoForm(forms, '.none'), /no pseudo operation/);
});
