// Every system call that is built has a program here in which it succeeds, and the errors that the programs provoke stay
// provoked: what `elfin --strace` sees of all of them in a few boots.

import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { allRows } from '../../src/kernel/syscalls/table.ts';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { provokedErrors } from '../../tools/manual-errors.ts';
import { readCase, words } from '../support/case.ts';
import { runElfin } from '../support/run.ts';
import { readOnlyRun } from './read-only/volume.ts';

/** Calls that only give errors here, and why. */
const NEVER_SUCCEED: Readonly<Record<string, string>> = {
  rt_sigsuspend: 'EINTR is its success',
  rseq: 'ENOSYS',
  syslog: 'EPERM: there is no kernel log',
  settimeofday: 'root only, and tests run as root on the host first',
  clock_settime: 'as settimeofday',
  sethostname: 'as settimeofday',
  setdomainname: 'as settimeofday',
  pause: 'EINTR is its success',
  exit: 'does not return',
  exit_group: 'does not return',
  rt_sigreturn: 'does not return',
  execve: 'does not return',
  execveat: 'does not return',
};
const SIZE = 60;
const TIMEOUT = 280_000;
const DRIVER =
  'base=$1; shift; for p; do mkdir "$base/${p##*/}"; cd "$base/${p##*/}"; timeout -s KILL 30 "$p" >/dev/null 2>&1 </dev/null; done';

const directory = import.meta.dirname;
const scratch = mkdtempSync(join(tmpdir(), 'elfin-coverage-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
/** Results by call: 'ok', or names of errors. */
const seen = new Map<string, Set<string>>();
/** Which tier runs the guest changes nothing here, and other tests run the programs in each. */
const skip = whyNot('pie') ?? (process.env.ELFIN_TEST_OPTIONS ? 'other options change nothing here' : false);

before(
  async () => {
    if (skip) return;
    const files = globSync('*.c', { cwd: directory }).sort();
    for (let i = 0; i < files.length; i += SIZE) {
      const programs = await Promise.all(
        files.slice(i, i + SIZE).map((file) => {
          const path = join(directory, file);
          return compile(path, 'pie', words(readCase(path).header.get('flags')?.[0] ?? ''));
        }),
      );
      const base = join(scratch, `${i}`),
        output = join(scratch, `${i}.strace`);
      mkdirSync(base);
      await trace(output, ['/bin/sh', '-c', DRIVER, 'coverage', base, ...programs]);
    }
    await trace(join(scratch, 'read-only.strace'), await readOnlyRun(join(scratch, 'read-only')));
  },
  { timeout: TIMEOUT },
);

async function trace(output: string, args: readonly string[]): Promise<void> {
  const run = await runElfin(['--strace', '-o', output, ...args], { timeout: TIMEOUT });
  assert.doesNotMatch(run.stderr, /Bug|\bat .*:\d+:\d+/, run.stderr.slice(0, 1000));
  for (const line of readFileSync(output, 'latin1').split('\n')) note(line);
}

function note(line: string): void {
  const [, resumed, name = resumed, result, error] =
    /^(?:\[pid +\d+\] )?(?:<\.\.\. (\w+) resumed>.*|(\w+)\(.*) = (-?\w+|\?)(?: (E\w+))?/.exec(line) ?? [];
  if (name === undefined || result === undefined) return;
  const results = seen.get(name) ?? new Set();
  seen.set(name, results.add(error?.startsWith('ERESTART') ? 'EINTR' : (error ?? 'ok')));
}

test('each call succeeds somewhere', { skip }, () => {
  const missing = allRows
    .filter(({ x64, name }) => x64 !== undefined && !(name in NEVER_SUCCEED) && !seen.get(name)?.has('ok'))
    .map(({ name }) => name);
  assert.deepEqual(missing, []);
});

test('errors', { skip }, () => {
  const missing = provokedErrors().filter((pair) => {
    const [name = '', error = ''] = pair.split(' ');
    return !seen.get(name)?.has(error);
  });
  assert.deepEqual(missing, []);
});
