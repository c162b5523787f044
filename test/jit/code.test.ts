// Much code, and code that changes: what bench/c/code.c does, with less of it.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Stats } from '../../src/machine.ts';
import { compile } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';

const program = await compile(join(import.meta.dirname, '../../bench/c/code.c'), 'pie', ['-O2']);

interface Ran {
  readonly stats: Stats;
  /** Nanoseconds by part. */
  readonly times: ReadonlyMap<string, number>;
}

/** The times of a part, and that results are as natively. */
async function ran(options: readonly string[], args: readonly string[]): Promise<Ran> {
  const native = await run(program, args);
  const { status, stdout, stderr } = await runElfin([...options, '--stats=json', program, ...args], { timeout: 120_000 });
  assert.equal(status, 0, stderr);
  const [sum, stats = ''] = stderr.trim().split('\n');
  assert.equal(sum, native.stderr.trim());
  const times = new Map([...stdout.matchAll(/^(.+) \d+ (\d+)$/gm)].map(([, part = '', time]) => [part, Number(time)]));
  assert.equal(times.size, 3);
  return { stats: JSON.parse(stats) as Stats, times };
}

test('more functions than there may be modules, twice', async () => {
  // Every loop is compiled when it comes, in the second part once more what was given up meanwhile.
  const { stats } = await ran(['--jit-threshold', '50'], ['0.1', '9000']);
  const { regions = 0, evicted = 0, shared = 0, refused } = stats.compiler ?? {};
  assert.ok(regions + shared > 2 * 9000, JSON.stringify(stats.compiler));
  assert.ok(evicted > 2000 && evicted < regions + shared, JSON.stringify(stats.compiler));
  assert.equal(refused, 0);
});

test('a page that is written anew before each call is not compiled each time', async () => {
  const { stats, times } = await ran([], ['0.1', '3000']);
  assert.ok((stats.compiler?.regions ?? 0) < 20, JSON.stringify(stats.compiler));
  // Natively it takes 60 ns a time, and writing anew must not grow dearer. A loaded machine takes ten times as long.
  const nanoseconds = (times.get('page rewritten') ?? Number.NaN) / 30_000;
  assert.ok(nanoseconds < 50_000, `${nanoseconds} ns`);
});

test('a function beside one that is written anew is left to the interpreter after a while', async () => {
  const neighbours = await compile(join(import.meta.dirname, 'neighbours.c'), 'pie', ['-O2']);
  const native = await run(neighbours, []);
  const { status, stdout, stderr } = await runElfin(['--jit-threshold', '300', '--stats=json', neighbours], { timeout: 60_000 });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: native.stdout });
  const { shared = 0, dropped = 0 } = (JSON.parse(stderr) as Stats).compiler ?? {};
  assert.ok(shared > 3 && dropped > 3 && shared < 30 && dropped < 30, stderr);
});
