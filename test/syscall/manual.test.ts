// Each error that the manual documents for a call is provoked by a program here, or a line of unprovoked.txt says why not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentedErrors, hasManual, provokedErrors, unprovokedErrors } from '../../tools/manual-errors.ts';

test('documented errors', { skip: hasManual ? false : 'needs manpages-dev' }, () => {
  const provoked = new Set(provokedErrors());
  const left = documentedErrors().filter((pair) => !provoked.has(pair));
  const byReason = unprovokedErrors(left);
  const explained = new Set([...byReason.values()].flat());
  assert.deepEqual(
    left.filter((pair) => !explained.has(pair)),
    [],
    'neither provoked nor explained',
  );
  assert.deepEqual(
    [...byReason].flatMap(([line, pairs]) => (pairs.length === 0 ? [line] : [])),
    [],
    'reasons for nothing',
  );
});
