// CPUID levels, single features, and what is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASELINE_EDX, cpuOf } from './cpuid.ts';
import { FEATURES } from './features.ts';

/** eax, ebx, ecx, edx of a leaf. */
function leaf(rows: Uint32Array, number: number): readonly number[] {
  for (let at = 0; at < rows.length; at += 6) if (rows[at] === number) return [...rows.subarray(at + 2, at + 6)];
  throw new Error(`no leaf ${number}`);
}
const bit = (word: number | undefined, n: number): number => ((word ?? 0) >>> n) & 1;

test('the baseline offers SSE2 and nothing after it', () => {
  const { rows, bits } = cpuOf('x86-64');
  const [, , ecx, edx] = leaf(rows, 1);
  assert.equal(bits, 0);
  assert.equal(ecx, 0);
  assert.equal(edx, BASELINE_EDX);
  assert.equal(bit(edx, 26), 1);
});

test('a level and changes to it', () => {
  const { rows, features } = cpuOf('x86-64-v2,-lahf,+movbe');
  const [, , ecx] = leaf(rows, 1);
  for (const n of [0, 9, 13, 19, 20, 22, 23]) assert.equal(bit(ecx, n), 1, `leaf 1 ecx bit ${n}`);
  assert.equal(bit(leaf(rows, 0x80000001)[2], 0), 0);
  assert.ok(features.has('movbe') && !features.has('lahf'));
});

test('the decoder tests the bits of the features offered', () => {
  const { bits } = cpuOf('x86-64,+popcnt');
  assert.equal(bits, 1 << FEATURES.indexOf('popcnt'));
});

test('every complete feature shows in some leaf', () => {
  const plain = cpuOf('x86-64').rows;
  for (const feature of FEATURES) assert.notDeepEqual(cpuOf(`x86-64,+${feature}`).rows, plain, feature);
});

test('AVX comes with XSAVE switched on, and goes with it', () => {
  const { rows, features, isExtended } = cpuOf('x86-64-v3');
  const [, , ecx] = leaf(rows, 1);
  for (const n of [12, 22, 26, 27, 28, 29]) assert.equal(bit(ecx, n), 1, `leaf 1 ecx bit ${n}`);
  assert.ok(isExtended && features.has('avx2'));
  assert.deepEqual(leaf(rows, 0xd), [7, 832, 832, 0]);
  assert.ok(cpuOf('+fma').features.has('xsave'));
  const without = cpuOf('x86-64-v3,-xsave');
  assert.ok(!without.features.has('avx2') && !without.isExtended);
  assert.ok(!cpuOf().isExtended);
});

test('unknown names are refused', () => {
  assert.throws(() => cpuOf('x86-65'), /no level or feature 'x86-65'/);
  assert.throws(() => cpuOf('+mmx2'), /no level or feature/);
  assert.ok(cpuOf('+rdrand').features.has('rdrand') && !cpuOf().features.has('rdrand'));
});
