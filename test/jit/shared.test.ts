// Code that one process has compiled runs in others, wherever it is mapped there.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { CompilerStats } from '../../src/arch/arch.ts';
import { compile } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';

const source = join(import.meta.dirname, 'again.c');
const OPTIONS = ['-O2', '-fno-pie', '-fno-crossjumping'];

describe('a program that runs itself', () => {
  for (const kind of ['pie', 'static'] as const)
    for (const options of [[], ['--no-aslr'], ['--jit-verify']]) {
      test([kind, ...options].join(' '), async () => {
        const program = await compile(source, kind, kind === 'pie' ? ['-O2'] : OPTIONS);
        const args = ['5', options.includes('--jit-verify') ? '3' : '30'];
        const native = await run(program, args);
        const all = ['--jit-threshold', '200', '--stats=json', ...options];
        const { status, stdout, stderr } = await runElfin([...all, program, ...args], { timeout: 120_000 });
        assert.deepEqual({ status, stdout }, { status: 0, stdout: native.stdout });
        const { regions, shared, dropped } = (JSON.parse(stderr) as { compiler: CompilerStats }).compiler;
        // Five processes of six find all that is hot but for own(), which is another in each.
        assert.ok(regions >= 6 + 3 && regions < 60 && regions < shared, `${regions} compiled, ${shared} shared`);
        assert.ok(shared >= 5 * 3, `${shared} shared, ${regions} compiled`);
        assert.equal(dropped, 0);
      });
    }
});
