// Pipes and eventfds: order, limits, ends that close, readiness.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../abi/errno.ts';
import { fakeHost } from '../host/fake/host.ts';
import { EventFile } from './event-file.ts';
import { makePipe } from './pipe.ts';
import { testMachine } from './testing.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT, WOULD_BLOCK } from './wait.ts';

const pipe = () => makePipe(testMachine(fakeHost()).kernel);
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(65);

test('an empty pipe blocks readers, a full one writers; small writes are whole or not at all', () => {
  const { reader, writer } = pipe();
  assert.equal(reader.read(bytes(1)), WOULD_BLOCK);
  assert.equal(reader.poll() & POLLIN, 0);
  assert.equal(writer.write(bytes(65_000)), 65_000);
  assert.equal(writer.write(bytes(4096)), WOULD_BLOCK);
  assert.equal(writer.poll() & POLLOUT, 0);
  assert.equal(writer.write(bytes(10_000)), 536);
  assert.equal(writer.write(bytes(1)), WOULD_BLOCK);
  assert.equal(reader.read(new Uint8Array(100_000)), 65_536);
});

test('writers are woken by reads, readers by writes and by the end', () => {
  const { reader, writer } = pipe();
  const events: [string, number][] = [];
  reader.queue.subscribe((event) => events.push(['reader', event & (POLLIN | POLLHUP)]));
  writer.queue.subscribe((event) => events.push(['writer', event & (POLLOUT | POLLERR)]));
  writer.write(bytes(3));
  reader.read(bytes(3));
  writer.close();
  assert.deepEqual(events, [
    ['reader', POLLIN],
    ['writer', POLLOUT],
    ['reader', POLLIN | POLLHUP],
  ]);
  assert.equal(reader.read(bytes(1)), 0);
  assert.equal(reader.poll() & POLLHUP, POLLHUP);
});

test('without readers a write is EPIPE and the writer sees POLLERR', () => {
  const { reader, writer } = pipe();
  reader.close();
  assert.throws(
    () => writer.write(bytes(1)),
    (error) => error === E.EPIPE,
  );
  assert.equal(writer.poll() & POLLERR, POLLERR);
  assert.throws(
    () => writer.read(bytes(1)),
    (error) => error === E.EBADF,
  );
});

test('pipes take from the memory of the machine and give it back', () => {
  const { kernel } = testMachine(fakeHost());
  const { reader, writer } = makePipe(kernel);
  writer.write(bytes(50_000));
  assert.ok(kernel.memory.used >= 50_000);
  reader.close();
  writer.close();
  assert.equal(kernel.memory.used, 0);
});

test('eventfd: reads drain, semaphores count down, the counter has an end', () => {
  const word = new BigUint64Array(1);
  const buffer = new Uint8Array(word.buffer);
  const counter = new EventFile(1, 3, false, 0),
    semaphore = new EventFile(2, 2, true, 0);
  assert.deepEqual([counter.read(buffer), word[0]], [8, 3n]);
  assert.equal(counter.read(buffer), WOULD_BLOCK);
  assert.deepEqual([semaphore.read(buffer), word[0], semaphore.read(buffer), semaphore.read(buffer)], [8, 1n, 8, WOULD_BLOCK]);
  word[0] = 0xffff_ffff_ffff_fffen;
  assert.equal(counter.write(buffer), 8);
  word[0] = 1n;
  assert.equal(counter.write(buffer), WOULD_BLOCK);
  assert.equal(counter.poll(), POLLIN);
  assert.throws(
    () => counter.write(bytes(8).fill(0xff)),
    (error) => error === E.EINVAL,
  );
});
