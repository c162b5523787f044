// Timers fire in the order of their deadlines and can be cancelled.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KernelClock } from './clock.ts';

test('order, cancelling, and telling an idle sleeper', () => {
  let now = 0,
    told = 0;
  const clock = new KernelClock({ monotonic: () => now, realtime: () => ({ seconds: 0, nanoseconds: 0 }) });
  clock.onEarlier = () => told++;
  const fired: string[] = [];
  clock.at(30, () => fired.push('c'));
  clock.at(10, () => fired.push('a'));
  const cancelled = clock.at(20, () => fired.push('x'));
  clock.at(20, () => fired.push('b'));
  clock.at(40, () => fired.push('d'));
  assert.equal(told, 2);
  cancelled.cancel();
  assert.equal(clock.nextDeadline(), 10);
  now = 35;
  clock.fire(now);
  assert.deepEqual(fired, ['a', 'b', 'c']);
  assert.equal(clock.nextDeadline(), 40);
});
