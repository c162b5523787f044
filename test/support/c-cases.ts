// C and C++ programs of a folder as tests: each gives the same output, status and files as natively.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { compile, isBuild, whyNot } from '../../tools/fixtures.ts';
import { type BothOptions, runBoth } from './both.ts';
import { type CaseFile, readCase, unescape, words } from './case.ts';
import { isSampled } from './sample.ts';

/** elfin runs at a time. */
export const CONCURRENCY = Number(process.env.ELFIN_TEST_JOBS ?? 2);

/**
 * Makes a suite of each .c and .cc file. Its header: `build:` ways to build it (tools/fixtures.ts; default pie), `flags:` more
 * for the compiler, `args:`, `stdin:`, `with:` a source that is built as a shared library beside it (its path is the last
 * argument), `stderr: differs`, `cpu:` what --cpu says, at which level the
 * native run's glibc chooses its functions too; a host without what is named there skips the case.
 */
export function cCases(
  directory: string,
  options: BothOptions = {},
  isMeant: (header: CaseFile['header'], file: string) => boolean = () => true,
): void {
  for (const file of globSync('*.{c,cc}', { cwd: directory }).sort()) {
    if (!isSampled(file) || !isMeant(readCase(join(directory, file)).header, file)) continue;
    const source = join(directory, file);
    const { header } = readCase(source);
    const one = (key: string): string | undefined => header.get(key)?.[0];
    suite(file, { concurrency: CONCURRENCY }, () => {
      for (const build of (one('build') ?? 'pie').split(' ')) {
        assert.ok(isBuild(build), `${file}: no build ${build}`);
        const cpu = one('cpu');
        test(build, { skip: whyNot(build) ?? whyNotCpu(cpu) ?? false }, async () => {
          const program = await compile(source, build, words(one('flags') ?? ''));
          const args = words(one('args') ?? '');
          const companion = one('with');
          if (companion !== undefined) args.push(await compile(join(directory, companion), 'shared'));
          await runBoth(program, args, {
            ...options,
            cpu,
            stdin: unescape(one('stdin') ?? ''),
            sameErrors: one('stderr') !== 'differs',
          });
        });
      }
    });
  }
}

/** Names of features as /proc/cpuinfo has them, where they differ from those of --cpu. */
const KERNEL_NAMES: Readonly<Record<string, string>> = {
  sha: 'sha_ni',
  'x86-64': 'sse2',
  'x86-64-v2': 'sse4_2',
  'x86-64-v3': 'avx2',
};

/** Why the native run is impossible; undefined when it is not. */
function whyNotCpu(cpu: string | undefined): string | undefined {
  if (cpu === undefined) return undefined;
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' '));
  const names = cpu.split(',').map((name) => name.replace('+', ''));
  const missing = names.find((name) => !flags.has(KERNEL_NAMES[name] ?? name));
  return missing === undefined ? undefined : `needs a CPU with ${missing}`;
}
