// A test that compares a tier with the CPU in random cases of every row.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PassName } from '../../src/exec/jit/passes.ts';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { nameOf, subjects } from './generate.ts';
import { Guest, type Tier } from './guest.ts';
import { isNative } from './native.ts';
import { countsTable, randomCases, Sample } from './sample.ts';

const SEED = Number(process.env.ELFIN_SEED ?? 1_000_003);

/** `count`: cases of each subject. */
export function testTier(tier: Tier, count: number, without: readonly PassName[] = []): void {
  test(`random cases, ${[tier, ...without].join(' without ')} (seed ${SEED})`, {
    skip: isNative() ? false : 'no x86-64 CPU or no gcc here',
  }, (t) => {
    const failures: string[] = [];
    const sample = new Sample(new Guest(tier, new Set(without)), subjects(rows), (subject, one, lines) => {
      failures.push(`${nameOf(subject)}: ${Buffer.from(one.code).toString('hex')}: ${lines.join('; ')}`);
    });
    sample.run(randomCases(SEED, tier), count);
    t.diagnostic(`${sample.compared} compared, ${sample.skipped} skipped`);
    for (const line of countsTable(sample.counts, tier === 'compiled').split('\n')) t.diagnostic(line);
    assert.deepEqual(failures.slice(0, 20), []);
    // Else it was the interpreter that was compared.
    if (tier === 'compiled') assert.ok(sample.compiled > sample.compared / 2, `${sample.compiled} run by compiled code`);
  });
}
