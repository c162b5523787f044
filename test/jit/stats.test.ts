// What --stats says of compiled code.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CompilerStats } from '../../src/arch/arch.ts';
import { compile } from '../../tools/fixtures.ts';
import { runElfin } from '../support/run.ts';

const program = await compile(join(import.meta.dirname, 'rewritten.c'), 'static', ['-O2']);

async function stats(...options: string[]): Promise<CompilerStats | undefined> {
  const { status, stdout, stderr } = await runElfin([...options, '--stats=json', program], { timeout: 60_000 });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: '54000\n' });
  return (JSON.parse(stderr) as { compiler?: CompilerStats }).compiler;
}

test('regions are counted, and those that are written over', async () => {
  const once = await stats('--jit-threshold', '1');
  assert.ok(once);
  assert.ok(once.regions > 10 && once.instructions > once.regions && once.bytes > once.instructions, JSON.stringify(once));
  assert.ok(once.translateMilliseconds > 0 && once.engineMilliseconds > 0, JSON.stringify(once));
  // All versions of the function but the last; what stands elsewhere on its page was never code.
  assert.equal(once.dropped, 9);
  const { cold, interpret } = once.left;
  assert.ok(cold > 0 && interpret > 0, JSON.stringify(once));
});

test('nothing is compiled where little runs, nor counted where nothing compiles', async () => {
  const { regions, left } = (await stats()) ?? {};
  assert.deepEqual({ regions, left }, { regions: 0, left: { cold: 0, interpret: 0, budget: 0, exit: 0 } });
  assert.equal(await stats('--no-jit'), undefined);
});
