// `npm test`: builds, lints, type-checks, runs every test file, and ends with how many passed.

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { Report } from './reporter.ts';
import { patience } from './support/run.ts';

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
/** A test file that takes longer hangs. */
const FILE_TIMEOUT = 300_000 * patience;

const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['build', process.execPath, 'tools/build.ts'],
  ['lint', join(bin, 'biome'), 'check', '--error-on-warnings'],
  ['types of the core', join(bin, 'tsc'), '-p', 'tsconfig.core.json'],
  ['types for Node', join(bin, 'tsc'), '-p', 'tsconfig.json'],
  ['types for browsers', join(bin, 'tsc'), '-p', 'tsconfig.browser.json'],
];

/** Arguments choose test files by a part of their path, and leave the other checks out. */
const patterns = process.argv.slice(2);
const report = new Report();

if (patterns.length === 0) {
  for (const [name, command = '', ...args] of CHECKS) {
    const start = performance.now();
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
    report.check(name, performance.now() - start, status === 0 ? undefined : `${error ?? ''}${stdout}${stderr}`.trim());
  }
}

const files = globSync(['src/**/*.test.ts', 'cli/**/*.test.ts', 'web/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root })
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .sort();

const events = run({
  files: files.map((file) => join(root, file)),
  cwd: root,
  concurrency: Math.max(2, availableParallelism() - 1),
  timeout: FILE_TIMEOUT,
});
for await (const event of events) report.event(event);

process.stdout.write(`${report.summary()}\n`);
process.exitCode = report.hasFailed ? 1 : 0;
