// strace's forms of strings, flags and values.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBytes } from '../../lib/bytes.ts';
import { flagNames, octal, quote, valueName } from './print.ts';

test('strings: escapes, octal that a digit follows, abbreviation', () => {
  assert.equal(quote(toBytes('a"b\\\n\t\0\x011\x7f\xff')), '"a\\"b\\\\\\n\\t\\0\\0011\\177\\377"');
  assert.equal(quote(toBytes('x'.repeat(40))), `"${'x'.repeat(32)}"...`);
  assert.equal(quote(toBytes('ab'), 32, 100), '"ab"...');
});

test('flags: names, the rest in hex, nothing', () => {
  const names = { A: 1, B: 2, HIGH: 0x80000000 };
  assert.equal(flagNames(3, names), 'A|B');
  assert.equal(flagNames(0x80000010 | 0, names), 'HIGH|0x10');
  assert.equal(flagNames(0, names), '0');
  assert.equal(flagNames(0, { NONE: 0, A: 1 }), 'NONE');
  assert.equal(flagNames(1, { NONE: 0, A: 1 }), 'A');
});

test('values and modes', () => {
  assert.equal(valueName(2, { TWO: 2 }), 'TWO');
  assert.equal(valueName(0x30, { TWO: 2 }), '0x30');
  assert.deepEqual([octal(0o644), octal(0)], ['0644', '000']);
});
