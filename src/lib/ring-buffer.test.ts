// The ring buffer against a plain list of bytes, with seeded operations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RingBuffer } from './ring-buffer.ts';

test('reads give what writes took, in order, across growth and wrapping', () => {
  const ring = new RingBuffer(10_000);
  const model: number[] = [];
  let seed = 7,
    next = 0;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 3000; round++) {
    if (random(2) === 0) {
      const bytes = Uint8Array.from({ length: random(700) }, () => next++ & 0xff);
      const taken = ring.write(bytes);
      assert.equal(taken, Math.min(bytes.length, 10_000 - model.length));
      model.push(...bytes.subarray(0, taken));
    } else {
      const into = new Uint8Array(random(700));
      const count = ring.read(into);
      assert.deepEqual([...into.subarray(0, count)], model.splice(0, into.length));
    }
    assert.equal(ring.length, model.length);
  }
});
