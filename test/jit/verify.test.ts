// Programs whose every trace is compiled at once, and all that interpreted as well: no difference, and the same output.

import { join } from 'node:path';
import { describe, test } from 'node:test';
import { compile } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';
import { assertSame } from '../support/same.ts';

const CASES = ['programs/hello.c', 'programs/tls.c', 'jit/rewritten.c'] as const;

describe('compiled and interpreted', () => {
  for (const file of CASES)
    test(file, async () => {
      const program = await compile(join(import.meta.dirname, '..', file), 'pie', ['-O2', '-lm', '-ldl', '-pthread']);
      const native = await run(program, []);
      const guest = await runElfin(['--jit-threshold', '1', '--jit-verify', program], { timeout: 120_000 });
      const { status, stdout, stderr } = guest;
      assertSame({ status, stdout, stderr }, { status: native.status, stdout: native.stdout, stderr: native.stderr });
    });
});
