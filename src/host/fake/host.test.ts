// The fake host: its clock moves by sleeping, its entropy repeats.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeHost } from './host.ts';

test('a sleep jumps to its end, a wake-up does not', async () => {
  const { clock, sleep } = fakeHost({ startSeconds: 100, tick: 0 });
  await sleep(60_000).done;
  assert.equal(clock.monotonic(), 60_000);
  assert.deepEqual(clock.realtime(), { seconds: 160, nanoseconds: 0 });
  const woken = sleep(60_000);
  woken.wake();
  await woken.done;
  assert.equal(clock.monotonic(), 60_000);
});

test('an endless sleep ends by a wake-up only', async () => {
  const { clock, sleep } = fakeHost({ tick: 0 });
  const endless = sleep(Infinity);
  setTimeout(() => endless.wake(), 1);
  await endless.done;
  assert.equal(clock.monotonic(), 0);
});

test('a look at the clock takes time, so that a busy guest comes to the end of its slice', () => {
  const { clock } = fakeHost({ tick: 0.5 });
  assert.deepEqual([clock.monotonic(), clock.monotonic()], [0.5, 1]);
});

test('one seed, one sequence', () => {
  const take = (seed: number): string => {
    const bytes = new Uint8Array(16);
    fakeHost({ seed }).random(bytes);
    return bytes.join();
  };
  assert.equal(take(7), take(7));
  assert.notEqual(take(7), take(8));
});
