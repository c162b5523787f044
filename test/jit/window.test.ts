// --memory-check=window: programs whose reads are checked by window, at once, soon, and after a while, against native runs.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compile } from '../../tools/fixtures.ts';
import { runElfin, run } from '../support/run.ts';
import { assertSame } from '../support/same.ts';

const program = (file: string): Promise<string> =>
  compile(join(import.meta.dirname, 'window', file), 'pie', ['-O2', '-Wno-array-bounds']);

/** Thresholds, and turns of a loop that takes long enough. */
const WAYS = [
  { options: ['--jit-threshold', '1'], args: [] },
  { options: ['--jit-threshold', '60'], args: [] },
  { options: [], args: ['15000'] },
];

for (const check of ['page', 'window'])
  describe(`reads by ${check}`, () => {
    for (const file of ['files.c', 'shared.c', 'wild.c'])
      for (const { options, args } of WAYS)
        test(`${file} ${options.join(' ')}`, async () => {
          const native = await run(await program(file), args);
          const all = [`--memory-check=${check}`, ...options, await program(file), ...args];
          const guest = await runElfin(all, { timeout: 120_000 });
          assertSame({ status: guest.status, stdout: guest.stdout }, { status: native.status, stdout: native.stdout });
        });
  });

describe('what reads by window do not notice', () => {
  for (const { options, args } of WAYS)
    test(`holes.c ${options.join(' ')}`, async () => {
      const { stdout } = await runElfin(['--memory-check=window', ...options, await program('holes.c'), ...args]);
      const missed = ['read of PROT_NONE', 'read of a hole', 'read behind a file'];
      const native = (await run(await program('holes.c'), args)).stdout;
      assert.equal(
        stdout,
        native.replace(/^(.*): signal$/gm, (line, what) => (missed.includes(what) ? `${what}: fine` : line)),
      );
    });
  test('holes.c by page, and interpreted', async () => {
    const native = (await run(await program('holes.c'), [])).stdout;
    for (const options of [
      ['--memory-check=page', '--jit-threshold', '1'],
      ['--memory-check=window', '--no-jit'],
    ])
      assert.equal((await runElfin([...options, await program('holes.c')])).stdout, native);
  });
});

test('--jit-verify, which compares with reads by page, is refused beside it', async () => {
  const { status, stderr } = await runElfin(['--memory-check=window', '--jit-verify', '/bin/true']);
  assert.equal(status, 125);
  assert.match(stderr, /--jit-verify .* leave out --memory-check=window/);
});
