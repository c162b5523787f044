// The byte stream in memory: room, ends, readiness.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostError } from './host.ts';
import { MemoryStream } from './memory-stream.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

test('reads cross and split what was pushed', () => {
  const stream = new MemoryStream();
  stream.push(bytes('abc'));
  stream.push(bytes('de'));
  const into = new Uint8Array(4);
  assert.equal(stream.read(into), 4);
  assert.equal(text(into), 'abcd');
  assert.equal(stream.read(into), 1);
  assert.equal(stream.read(into), undefined);
  stream.end();
  assert.equal(stream.read(into), 0);
});

test('a write takes what fits, and waits for room', () => {
  const stream = new MemoryStream(4);
  assert.equal(stream.write(bytes('abcdef')), 4);
  assert.equal(stream.write(bytes('ef')), undefined);
  let isReady = false;
  stream.onReady('write', () => {
    isReady = true;
  });
  assert.equal(text(stream.take()), 'abcd');
  assert.equal(isReady, true);
  assert.equal(stream.write(bytes('ef')), 2);
});

test('readiness is told once, and a cancelled request not at all', () => {
  const stream = new MemoryStream();
  const told: string[] = [];
  stream.onReady('read', () => told.push('first'));
  stream.onReady('read', () => told.push('cancelled'))();
  stream.push(bytes('a'));
  stream.push(bytes('b'));
  assert.deepEqual(told, ['first']);
});

test('an abandoned stream is a broken pipe; a closed one is at its end', () => {
  const abandoned = new MemoryStream();
  abandoned.abandon();
  assert.throws(
    () => abandoned.write(bytes('x')),
    (error) => error instanceof HostError && error.code === 'EPIPE',
  );
  const closed = new MemoryStream();
  closed.push(bytes('x'));
  closed.close();
  assert.equal(text(closed.take()), 'x');
  assert.equal(closed.read(new Uint8Array(1)), 0);
  assert.equal(closed.writable, true);
});
