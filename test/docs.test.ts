// The generated pages in docs/ agree with the rows.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { instructionsPage, syscallsPage } from '../tools/docs.ts';

const committed = (name: string): string => readFileSync(join(import.meta.dirname, '../docs', name), 'utf8');
const message = 'stale: run `npm run docs` and commit what it writes';

test('docs/syscalls.md agrees with the rows', () => {
  assert.ok(committed('syscalls.md') === syscallsPage(), message);
});

test('docs/instructions.md agrees with the rows', () => {
  assert.ok(committed('instructions.md') === instructionsPage(), message);
});
