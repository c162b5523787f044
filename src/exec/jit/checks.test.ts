// Which accesses share a page check.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Check, Knowledge } from './checks.ts';

const knowing = (root: number, check: Omit<Check, 'local' | 'patches'>): Knowledge => {
  const knowledge = new Knowledge([]);
  knowledge.add(root, { ...check, local: 0, patches: [] });
  return knowledge;
};

test('an access at a known address widens no check to another page, which may be read-only or never touched', () => {
  for (const root of [0, -1]) {
    const knowledge = knowing(root, { isWrite: true, low: 0x3010, high: 0x3018 });
    assert.equal(knowledge.find({ root, offset: 0x2ff8 }, 8, false), undefined);
    assert.equal(knowledge.find({ root, offset: 0x2ff8 }, 8, true), undefined);
    assert.ok(knowledge.find({ root, offset: 0x3ff8 }, 8, false));
    assert.ok(knowledge.find({ root, offset: 0x3ff8 }, 8, true));
  }
});

test('near a register a read joins a check for writing, a write none for reading', () => {
  assert.ok(knowing(1, { isWrite: true, low: 0, high: 8 }).find({ root: 1, offset: 16 }, 8, false));
  assert.equal(knowing(1, { isWrite: false, low: 0, high: 8 }).find({ root: 1, offset: 0 }, 8, true), undefined);
});
