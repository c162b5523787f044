// Programs without measure end as documented, and the host's process with them: status 124 after --timeout, 137 beyond --memory.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { runElfin } from '../support/run.ts';

interface Case {
  readonly kind: string;
  readonly options?: readonly string[];
  readonly args?: readonly string[];
  readonly status: number;
  readonly stdout?: string;
}

const CASES: readonly Case[] = [
  { kind: 'fork-bomb', options: ['--max-procs', '50', '--timeout', '3'], status: 124 },
  { kind: 'memory', options: ['--memory', '100MiB', '--timeout', '30'], status: 137 },
  { kind: 'loop', options: ['--timeout', '1'], status: 124 },
  { kind: 'sparse', options: ['--memory', '100MiB'], status: 0, stdout: `1\n0\nx ${10 * 2 ** 30 + 1}\n` },
  { kind: 'files', options: ['--max-files', '20'], status: 0, stdout: '19 -1 1\n98 99 0\n' },
  { kind: 'processes', options: ['--max-procs', '10'], status: 0, stdout: '9 1\n' },
  { kind: 'directory', args: ['1000000'], options: ['--tmpfs', '/mnt', '-w', '/mnt'], status: 0, stdout: '1\n' },
];

for (const { kind, options = [], args = [], status, stdout = '' } of CASES)
  test(kind, { skip: whyNot('pie') ?? false }, async () => {
    const program = await compile(join(import.meta.dirname, 'limits.c'), 'pie');
    const outcome = await runElfin([...options, program, kind, ...args], { timeout: 100_000 });
    assert.equal(outcome.status, status, outcome.stderr.slice(0, 500));
    assert.equal(outcome.stdout, stdout);
    assert.doesNotMatch(outcome.stderr, /at .*\.ts|TypeError|RangeError/);
  });
