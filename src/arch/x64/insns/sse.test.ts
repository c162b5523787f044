// Checks that every form of the SSE family can be built, and which memory operands must be aligned.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Statement } from '../../../ir/value.ts';
import { Vector } from '../builder.ts';
import { buildForms } from '../forms.ts';
import { instantiate } from '../instantiate.ts';
import { pseudo } from './pseudo.ts';
import { functions, sse } from './sse.ts';

const { forms } = buildForms([...pseudo, ...sse], new Set());

const raises = (statements: readonly Statement[]): boolean =>
  statements.some((s) => (s.kind === 'raise' && s.vector === Vector.GP) || (s.kind === 'if' && raises(s.then)));

test('every form builds and does something', () => {
  for (const form of forms) assert.ok(instantiate(form).statements.length > 0, form.key);
});

test('helper functions have names of their own', () => {
  assert.equal(new Set(functions.map(({ name }) => name)).size, functions.length);
});

test('16-byte memory operands are checked for alignment except where the SDM says not', () => {
  const unaligned = /^(movup[sd]|movdqu|lddqu|pcmp[ei]str[im]q?)( |#)/;
  for (const form of forms) {
    if (!form.operands.some(({ kind, access }) => kind === 'mem' && access === 'dq')) continue;
    assert.equal(raises(instantiate(form).statements), !unaligned.test(form.key), form.key);
  }
});
