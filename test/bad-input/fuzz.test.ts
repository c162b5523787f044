// A sample of the mutated ELF headers of fuzz.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNot } from '../../tools/fixtures.ts';
import { fuzz } from './fuzz.ts';

/** `npm run fuzz:elf` begins there too. */
const FIRST_SEED = 1;

test('1,000 mutated ELF headers', { skip: whyNot('pie') ?? false }, async (t) => {
  const { failures, ended, refused, killed } = await fuzz(1_000, FIRST_SEED);
  t.diagnostic(`seeds from ${FIRST_SEED}: ${ended} ended, ${refused} refused, ${killed} killed`);
  assert.deepEqual(failures, []);
  assert.ok(ended > 0 && refused > 0);
});
