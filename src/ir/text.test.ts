import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Builder } from './builder.ts';
import { irText } from './text.ts';

test('statements in order, shared values by name', () => {
  const b = new Builder();
  const one = b.load('i64.load', 0, 16);
  const sum = b.op('i64.add', one, b.op('i64.mul', one, 3n));
  b.store('i64.store', 0, sum, 16);
  b.if(b.op('i64.eqz', sum), () => {
    const count = b.variable('i32', 2);
    b.loop((loop) => {
      count.set(b.op('i32.sub', count.get(), 1));
      b.if(count.get(), () => loop.continue());
    });
  });
  b.return(b.op('i32.wrap_i64', b.op('i64.popcnt', sum)));
  assert.deepEqual(irText(b.statements), [
    '%0 = i64.load state[0 + 16]',
    '%1 = i64.add(%0, i64.mul(%0, 3))',
    'i64.store state[0 + 16] = %1',
    'if i64.eqz(%1)',
    '  v2 = 2',
    '  loop L3',
    '    %4 = v2',
    '    v2 = i32.sub(%4, 1)',
    '    %5 = v2',
    '    if %5',
    '      continue L3',
    'return i32.wrap_i64(i64.popcnt(%1))',
  ]);
});
