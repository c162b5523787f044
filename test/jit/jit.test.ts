// Programs whose every trace is compiled when it is first entered, or soon after, behave as natively.

import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { compile } from '../../tools/fixtures.ts';
import { runElfin, run } from '../support/run.ts';
import { assertSame } from '../support/same.ts';

const programs = join(import.meta.dirname, '../programs');
const CASES = [
  ...['hello.c', 'printf.c', 'strings.c', 'tls.c', 'signals.c', 'math.c', 'malloc.c'].map((file) => join(programs, file)),
  ...['threaded.c', 'order.c', 'nested.c'].map((file) => join(import.meta.dirname, file)),
];
// Jumps by one table stay apart.
const OPTIONS = ['-O2', '-fno-gcse', '-fno-crossjumping', '-lm', '-ldl', '-pthread'];

describe('compiled at once', () => {
  for (const file of CASES)
    for (const threshold of ['1', '60', '1000'])
      test(`${basename(file)}, threshold ${threshold}`, async () => {
        const program = await compile(file, 'pie', OPTIONS);
        const native = await run(program, []);
        const guest = await runElfin(['--jit-threshold', threshold, program], { timeout: 120_000 });
        assertSame({ status: guest.status, stdout: guest.stdout }, { status: native.status, stdout: native.stdout });
      });
});
