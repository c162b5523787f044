// The decoder against objdump on a real program: every instruction has the same length, name and operands.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { Decoder } from './decoder.ts';

const hasObjdump = spawnSync('objdump', ['--version']).status === 0;

for (const file of ['/bin/ls', '/lib64/ld-linux-x86-64.so.2']) {
  test(`${file} as objdump reads it`, { skip: !hasObjdump || !existsSync(file) }, (t) => {
    const decoder = new Decoder();
    decoder.features = 0xffffffff;
    const { agree, missing, different } = compare(decoder, file, true);
    t.diagnostic(`${agree} instructions agree, ${missing.size} kinds have no row`);
    assert.deepEqual([...different.keys()], []);
    assert.ok(agree > 10_000);
  });
}
