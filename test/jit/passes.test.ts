// Programs in compiled code with each pass of the compiler left out, and with all of them.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Stats } from '../../src/machine.ts';
import { PASSES } from '../../src/exec/jit/passes.ts';
import { compile } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';

const OPTIONS = ['-O2', '-fno-gcse', '-fno-crossjumping', '-lm'];
const PROGRAMS = await Promise.all(
  [
    { file: 'again.c', args: ['0', '30'] },
    { file: 'order.c', args: [] },
  ].map(async ({ file, args }) => {
    const program = await compile(join(import.meta.dirname, file), 'pie', OPTIONS);
    return { file, line: [program, ...args], native: await run(program, args) };
  }),
);

/** Runs it compiled; the bytes of its modules. */
const bytesOf = async (options: readonly string[], { line, native }: (typeof PROGRAMS)[number]): Promise<number> => {
  const all = ['--jit-threshold', '100', '--no-aslr', '--stats=json', ...options];
  const { status, stdout, stderr } = await runElfin([...all, ...line], { timeout: 120_000 });
  assert.deepEqual({ status, stdout }, { status: native.status, stdout: native.stdout }, stderr);
  const { regions = 0, bytes = 0 } = (JSON.parse(stderr) as Stats).compiler ?? {};
  assert.ok(regions > 0);
  return bytes;
};

describe('left out', async () => {
  const [first] = PROGRAMS;
  const whole = first && (await bytesOf([], first));
  for (const pass of [...Object.keys(PASSES), Object.keys(PASSES).join()])
    test(pass, async () => {
      for (const program of PROGRAMS) {
        const bytes = await bytesOf(['--jit-without', pass], program);
        // Something was left out.
        if (program === first) assert.notEqual(bytes, whole);
      }
    });
  test('what is no pass', async () => {
    const { status, stderr } = await runElfin(['--jit-without', 'inlining,magic', '/bin/true']);
    assert.equal(status, 125);
    assert.match(stderr, /^elfin: --jit-without magic: there are flag-liveness, /);
  });
});
