// epoll: level and edge triggering, one shot, closing, nesting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../abi/errno.ts';
import { EPOLLET, EPOLLONESHOT, EpollFile } from './epoll.ts';
import { EventFile } from './event-file.ts';
import { retain } from './vfs/file-table.ts';
import { POLLIN, POLLOUT } from './wait.ts';

const one = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]);

function setUp() {
  const event = new EventFile(1, 0, false, 0),
    epoll = new EpollFile(2, 0);
  retain(event);
  return { event, epoll };
}

test('level triggering reports until drained', () => {
  const { event, epoll } = setUp();
  epoll.add(3, event, POLLIN, [7, 8]);
  assert.deepEqual(epoll.collect(8), []);
  event.write(one);
  assert.deepEqual(epoll.collect(8), [{ events: POLLIN, data: [7, 8] }]);
  assert.equal(epoll.poll(), POLLIN);
  assert.equal(epoll.collect(8).length, 1);
  event.read(new Uint8Array(8));
  assert.deepEqual(epoll.collect(8), []);
  assert.equal(epoll.poll(), 0);
});

test('edge triggering reports once an event, one shot once until re-armed', () => {
  const { event, epoll } = setUp();
  epoll.add(3, event, POLLIN | EPOLLET, [0, 0]);
  event.write(one);
  assert.equal(epoll.collect(8).length, 1);
  assert.equal(epoll.collect(8).length, 0);
  event.write(one);
  assert.equal(epoll.collect(8).length, 1);
  epoll.modify(3, event, POLLIN | EPOLLONESHOT, [0, 0]);
  assert.equal(epoll.collect(8).length, 1);
  event.write(one);
  assert.equal(epoll.collect(8).length, 0);
  epoll.modify(3, event, POLLIN | EPOLLONESHOT, [0, 0]);
  assert.equal(epoll.collect(8).length, 1);
});

test('a small limit serves all in turn; waiters are woken', () => {
  const { event, epoll } = setUp();
  const other = new EventFile(4, 1, false, 0);
  retain(other);
  let wakes = 0;
  epoll.queue.subscribe(() => wakes++);
  epoll.add(3, event, POLLIN, [1, 0]);
  epoll.add(4, other, POLLIN, [2, 0]);
  event.write(one);
  assert.equal(wakes, 2);
  assert.deepEqual([...epoll.collect(1), ...epoll.collect(1)].map(({ data }) => data[0]).sort(), [1, 2]);
});

test('errors: twice, unknown, itself, circles', () => {
  const { event, epoll } = setUp();
  const inner = new EpollFile(5, 0);
  retain(epoll);
  retain(inner);
  epoll.add(3, event, POLLOUT, [0, 0]);
  assert.throws(
    () => epoll.add(3, event, POLLIN, [0, 0]),
    (error) => error === E.EEXIST,
  );
  assert.throws(
    () => epoll.remove(4, event),
    (error) => error === E.ENOENT,
  );
  assert.throws(
    () => epoll.add(6, epoll, POLLIN, [0, 0]),
    (error) => error === E.EINVAL,
  );
  inner.add(6, epoll, POLLIN, [0, 0]);
  assert.throws(
    () => epoll.add(7, inner, POLLIN, [0, 0]),
    (error) => error === E.ELOOP,
  );
  assert.equal(inner.poll(), POLLIN);
});
