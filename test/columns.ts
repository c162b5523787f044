// `npm run test:columns [-- [OPTION...] [COLUMN...]]`: system calls, programs and stress in each way of running guest code, a
// process at a time, with a line of figures for each column.

import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { parseArgs } from 'node:util';
import { Report } from './reporter.ts';

interface Column {
  readonly options: string;
  /** How many times longer than by default all may take. */
  readonly patience: number;
  /** Of the cases, if not all are tried. */
  readonly share?: number;
  /** What many processes need is compiled once. */
  readonly hasCache?: boolean;
}

const COLUMNS: Readonly<Record<string, Column>> = {
  default: { options: '', patience: 4 },
  'no-jit': { options: '--no-jit', patience: 8 },
  // At the same addresses processes share modules: a quarter of the time (docs/code-cache.md).
  'threshold-1': { options: '--jit-threshold 1 --no-aslr', patience: 30, hasCache: true },
  // At a threshold at which most of a short program is compiled.
  verify: { options: '--jit-threshold 20 --jit-verify', patience: 60, share: 0.1, hasCache: true },
};
/** Milliseconds that a test file may take, times patience. */
const FILE_TIMEOUT = 300_000;
/** A run of all columns leaves about 1 GB; what all need must not go because it is old. */
const CACHE_LIMIT = '8G';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'code-cache': { type: 'string' },
    seed: { type: 'string', default: '1' },
    share: { type: 'string' },
    only: { type: 'string', default: '' },
    name: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help || positionals.some((name) => !(name in COLUMNS))) {
  console.error(`usage: npm run test:columns -- [OPTION...] [${Object.keys(COLUMNS).join('|')}]...

--code-cache DIR  kept compiled code; a fresh directory by default
--seed SEED       chooses the cases of a sample (1)
--share N         tries a sample of this share in every column
--only PART       only test files whose path contains PART
--name REGEXP     only suites and tests whose name matches, e.g. '^shells'
--jobs N          processes at a time (1)`);
  process.exit(2);
}

const files = globSync(
  ['syscall', 'programs', 'stress'].map((kind) => `test/${kind}/*.test.ts`),
  { cwd: root },
)
  .filter((file) => file.includes(values.only))
  .sort()
  .map((file) => join(root, file));
const cache = values['code-cache'] ?? mkdtempSync(join(tmpdir(), 'elfin-columns-'));
const lines: string[] = [];
try {
  if (spawnSync(process.execPath, ['tools/build.ts'], { cwd: root, stdio: 'inherit' }).status !== 0) process.exit(1);
  for (const [name, column] of Object.entries(COLUMNS)) {
    if (positionals.length === 0 || positionals.includes(name)) lines.push(await runColumn(name, column));
  }
} finally {
  if (values['code-cache'] === undefined) rmSync(cache, { recursive: true, force: true });
}
process.stdout.write(`\n${lines.join('\n')}\n`);

async function runColumn(name: string, { options, patience, share = 1, hasCache = false }: Column): Promise<string> {
  const report = new Report();
  const start = performance.now();
  const jobs = Number(values.jobs);
  const events = run({
    files,
    cwd: root,
    concurrency: jobs,
    timeout: FILE_TIMEOUT * patience,
    ...(values.name !== undefined && { testNamePatterns: [new RegExp(values.name)] }),
    env: {
      ...process.env,
      ELFIN_TEST_OPTIONS: hasCache ? `${options} --code-cache ${cache} --code-cache-limit ${CACHE_LIMIT}` : options,
      ELFIN_TEST_PATIENCE: String(patience),
      ELFIN_TEST_JOBS: String(jobs),
      ELFIN_TEST_SAMPLE: `${values.share ?? share},${values.seed}`,
    },
  });
  process.stdout.write(`${name}: ${options}\n`);
  for await (const event of events) report.event(event);
  const minutes = ((performance.now() - start) / 60_000).toFixed(1);
  const [figures, ...failures] = report.summary().split('\n').reverse();
  if (report.hasFailed) process.exitCode = 1;
  const line = `${name}: ${figures} in ${minutes} minutes`;
  process.stdout.write(`${failures.reverse().join('\n')}${line}\n\n`);
  return line;
}
