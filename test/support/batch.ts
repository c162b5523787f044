// Many small C programs in few boots: each in a process and a fresh directory of its own, natively and then under elfin.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { CONCURRENCY } from './c-cases.ts';
import { type CaseFile, words } from './case.ts';
import { isSampled } from './sample.ts';
import { patience, run, runElfin, type RunOptions } from './run.ts';
import { assertSame } from './same.ts';

/** Programs a boot. */
const SIZE = 40;
/** Seconds a program may take; milliseconds for all of a boot. */
const LIMIT = 30,
  TIMEOUT = 240_000;

export interface BatchCase {
  readonly path: string;
  readonly header: CaseFile['header'];
}

interface Result {
  readonly status: string;
  readonly output: string;
}

/**
 * Runs each program given after the directory, and prints its name and status between bytes 1 and 2, then its output. What a
 * program leaves running ends with the machine, and natively with its own time.
 */
const DRIVER = `
base=$1; shift
for program; do
  name=\${program##*/}
  mkdir "$base/$name"; cd "$base/$name"
  timeout -s KILL ${LIMIT * patience} "$program" </dev/null >"$base/$name.out" 2>&1
  printf '\\001%s %d\\002' "$name" $?
  cat "$base/$name.out"
done
`;

export function batchCases(all: readonly BatchCase[]): void {
  const cases = all.filter(({ path }) => isSampled(basename(path)));
  const scratch = mkdtempSync(join(tmpdir(), 'elfin-batch-'));
  after(() => rmSync(scratch, { recursive: true, force: true }));
  const skip = whyNot('pie') ?? false;
  const batches = Math.ceil(cases.length / SIZE);
  for (let number = 0; number < batches; number++) {
    // Every so many-th, so that slow ones of one kind are spread.
    const own = cases.filter((_, i) => i % batches === number);
    suite(`batch ${number + 1}`, { concurrency: CONCURRENCY }, () => {
      let results: Promise<readonly ReadonlyMap<string, Result>[]> | undefined;
      for (const each of own) {
        test(basename(each.path), { skip }, async () => {
          results ??= runBatch(join(scratch, String(number)), own);
          const [native, guest] = await results;
          const name = basename(await compileCase(each));
          const [theirs, ours] = [native?.get(name), guest?.get(name)];
          assertSame(
            { ...(ours ?? { status: 'did not run', output: '' }) },
            { ...(theirs ?? { status: 'did not run', output: '' }) },
          );
        });
      }
    });
  }
}

const compileCase = ({ path, header }: BatchCase): Promise<string> => compile(path, 'pie', words(header.get('flags')?.[0] ?? ''));

async function runBatch(base: string, cases: readonly BatchCase[]): Promise<readonly ReadonlyMap<string, Result>[]> {
  const programs = await Promise.all(cases.map(compileCase));
  const args = ['-c', DRIVER, 'batch', base, ...programs];
  const options: RunOptions = { timeout: TIMEOUT };
  mkdirSync(base, { recursive: true });
  const native = await run('/bin/sh', args, options);
  rmSync(base, { recursive: true, force: true });
  mkdirSync(base, { recursive: true });
  const guest = await runElfin(['/bin/sh', ...args], options);
  return [parse(native.stdout), parse(guest.stdout)];
}

function parse(text: string): Map<string, Result> {
  const found = new Map<string, Result>();
  for (const part of text.split('\x01').slice(1)) {
    const [, name = '', status = '', output = ''] = /^(\S+) (\d+)\x02(.*)$/s.exec(part) ?? [];
    found.set(name, { status, output });
  }
  return found;
}
