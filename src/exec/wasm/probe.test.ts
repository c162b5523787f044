// The probe of relaxed_madd tells one rounding from two.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasFusedMadd, type Madd, roundsOnce } from './probe.ts';

/** Numbers in units of 2 ** -UNIT, below everything that a product of doubles can have. */
const UNIT = 2200;
const view = new DataView(new ArrayBuffer(8));
function exactly(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = (exponent ? fraction | (1n << 52n) : fraction) << BigInt(UNIT - 1074 + Math.max(exponent, 1) - 1);
  return x < 0 ? -size : size;
}
/** To nearest even with so many bits, the last one at least 2 ** least. */
function rounded(sum: bigint, bits: number, least: number): number {
  const size = sum < 0n ? -sum : sum;
  const drop = BigInt(Math.max(size.toString(2).length - bits, UNIT + least));
  const [kept, rest, half] = [size >> drop, size & ((1n << drop) - 1n), 1n << (drop - 1n)];
  const up = rest > half || (rest === half && (kept & 1n) === 1n) ? 1n : 0n;
  // In two steps, as small numbers take more than the least power of two can bring.
  const scale = Number(drop) - UNIT;
  const result = Number(kept + up) * 2 ** Math.max(scale, -1000) * 2 ** Math.min(scale + 1000, 0);
  return sum < 0n ? -result : result;
}
const sumOf = (x: number, y: number, z: number): bigint => ((exactly(x) * exactly(y)) >> BigInt(UNIT)) + exactly(z);
const once: Madd = {
  f32: (x, y, z) => rounded(sumOf(x, y, z), 24, -149),
  f64: (x, y, z) => rounded(sumOf(x, y, z), 53, -1074),
};

test('one rounding passes, two do not', () => {
  assert.equal(roundsOnce(once), true);
  assert.equal(roundsOnce({ ...once, f64: (x, y, z) => x * y + z }), false);
  assert.equal(roundsOnce({ ...once, f32: (x, y, z) => Math.fround(Math.fround(x * y) + z) }), false);
  // By doubles, in which the product is exact and the sum is not.
  assert.equal(roundsOnce({ ...once, f32: (x, y, z) => Math.fround(x * y + z) }), false);
});

test('the engine can be asked', () => {
  assert.equal(typeof hasFusedMadd(), 'boolean');
});
