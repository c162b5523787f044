// A sample of the mutated ELF headers of fuzz.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNot } from '../../tools/fixtures.ts';
import { fuzz } from './fuzz.ts';

test('1,000 mutated ELF headers', { skip: whyNot('pie') ?? false }, async (t) => {
  const seed = Math.floor(Date.now() / 86_400_000);
  const { failures, ended, refused, killed } = await fuzz(1_000, seed);
  t.diagnostic(`seeds from ${seed}: ${ended} ended, ${refused} refused, ${killed} killed`);
  assert.deepEqual(failures, []);
  assert.ok(ended > 0 && refused > 0);
});
