// Checks that every form of AVX and its companions can be built, what it clears, and which interpreter has it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Statement } from '../../../ir/value.ts';
import { Vector } from '../builder.ts';
import { EXTENDED } from '../cpuid.ts';
import { encodingsOf, featuresOf } from '../encoding.ts';
import { buildForms } from '../forms.ts';
import { instantiate } from '../instantiate.ts';
import { avx } from './avx.ts';
import { coreRows, functions, rows } from './index.ts';
import { pseudo } from './pseudo.ts';

const { forms } = buildForms([...pseudo, ...avx], new Set());

const some = (statements: readonly Statement[], test: (s: Statement) => boolean): boolean =>
  statements.some((s) => test(s) || (s.kind === 'if' && (some(s.then, test) || some(s.otherwise, test))));

test('every form builds and does something', () => {
  for (const form of forms) assert.ok(instantiate(form).statements.length > 0, form.key);
});

test('helper functions have names of their own', () => {
  assert.equal(new Set(functions.map(({ name }) => name)).size, functions.length);
});

test('a VEX encoding that writes 128 bits or less of a vector register clears what lies above', () => {
  const isVex = new Set(avx.filter((row) => encodingsOf(row).some(({ map }) => map >= 4)));
  for (const form of forms) {
    const { key, row } = form;
    const [dst] = form.operands;
    if (!isVex.has(row) || dst?.kind !== 'reg' || dst.file !== 'vector' || dst.access === 'qq') continue;
    if (/^v(u?comis|ptest|testp|pcmp[ei]str|maskmovdqu)/.test(key)) continue;
    const clears = (s: Statement): boolean =>
      s.kind === 'register' && s.slot.at === 'field' && s.slot.plus === 16 && s.value.node.kind !== 'register';
    assert.ok(some(instantiate(form).statements, clears), key);
  }
});

test('only the moves named for it ask for alignment of 32 bytes', () => {
  for (const form of forms) {
    if (!form.operands.some(({ kind, access }) => kind === 'mem' && access === 'qq')) continue;
    const raises = some(instantiate(form).statements, (s) => s.kind === 'raise' && s.vector === Vector.GP);
    assert.equal(raises, /^vmov(ap[sd]|dqa|nt\w+)( |#)/.test(form.key), form.key);
  }
});

test('the core interpreter lacks nothing but what CPUID says takes the extended one', () => {
  const isExtended = (row: (typeof rows)[number]): boolean => featuresOf(row).some((feature) => EXTENDED.includes(feature));
  for (const row of rows) assert.equal(isExtended(row), !coreRows.includes(row), row.name);
});
