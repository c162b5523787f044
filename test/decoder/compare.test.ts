// The decoder against objdump on real programs: every instruction has the same length, name and operands.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compare } from './compare.ts';
import { Decoder } from './decoder.ts';

const hasObjdump = spawnSync('objdump', ['--version']).status === 0;
const modules = join(import.meta.dirname, '../../node_modules');

/** How many instructions from the start of each; `npm run test:decoder` takes all of these and more. */
const SAMPLES: Readonly<Record<string, number>> = {
  '/bin/ls': 20_000,
  '/lib64/ld-linux-x86-64.so.2': 30_000,
  '/lib/x86_64-linux-gnu/libc.so.6': 50_000,
  '/lib/x86_64-linux-gnu/libm.so.6': 50_000,
  '/lib/x86_64-linux-gnu/libcrypto.so.3': 50_000,
  [join(modules, '@esbuild/linux-x64/bin/esbuild')]: 20_000,
  [join(modules, '@biomejs/cli-linux-x64/biome')]: 20_000,
};

for (const [file, limit] of Object.entries(SAMPLES)) {
  test(`${file} as objdump reads it`, { skip: !hasObjdump || !existsSync(file) }, async (t) => {
    const decoder = new Decoder();
    decoder.features = 0xffffffff;
    const { agree, missing, different } = await compare(decoder, file, limit);
    t.diagnostic(`${agree} instructions agree, ${missing.size} kinds have no row`);
    assert.deepEqual([...different.keys()], []);
    assert.ok(agree > limit * 0.9);
  });
}
