// What --profile says of a program whose functions do known shares of the work.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { compile } from '../../tools/fixtures.ts';
import { runElfin } from '../support/run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'elfin-profile-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** The format of the developer tools, as far as it is written. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly hitCount: number;
    readonly children: readonly number[];
  }[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

async function profile(program: string, count: number, ...options: string[]): Promise<CpuProfile> {
  const file = join(scratch, `${options.join('')}.cpuprofile`);
  const { status, stderr } = await runElfin([...options, '--profile', file, program, String(count)], { timeout: 100_000 });
  assert.equal(status, 0, stderr);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Milliseconds by the name of a function. */
function times({ samples, timeDeltas, startTime, endTime, nodes }: CpuProfile): Map<string, number> {
  const all = new Map<string, number>();
  let time = startTime;
  samples.forEach((id, i) => {
    time += timeDeltas[i] ?? 0;
    const until = i + 1 < samples.length ? time + (timeDeltas[i + 1] ?? 0) : endTime;
    const name = nodes.find((node) => node.id === id)?.callFrame.functionName ?? '';
    all.set(name, (all.get(name) ?? 0) + (until - time) / 1000);
  });
  return all;
}

describe('a CPU profile', async () => {
  const program = await compile(join(import.meta.dirname, 'profile.c'), 'pie', ['-O2']);
  // By the interpreter, and compiled.
  for (const options of [['--no-jit'], ['--jit-threshold', '100']]) {
    test(`of known work, ${options.join(' ')}`, async () => {
      const result = await profile(program, options.length === 1 ? 10_000_000 : 40_000_000, ...options);
      const { nodes, samples, timeDeltas } = result;
      const all = times(result);
      const of = (name: string): number => all.get(name) ?? 0;
      const text = JSON.stringify([...all]);
      const own = of('light') + of('heavy') + of('in_child');
      const busy = [...all].reduce((sum, [name, time]) => sum + (name.startsWith('(') ? 0 : time), 0);
      assert.ok(own > 0.6 * busy && Math.min(of('light'), of('heavy'), of('in_child')) > 0.02 * busy, text);
      // Shares of 1 : 3, and a machine that may have more to do. Compiled code is slow at first, and the interpreter too, for as long as the engine takes to optimise it.
      if (options.length === 1) assert.ok(of('heavy') > of('light') && of('heavy') < 9 * of('light'), text);
      assert.ok(of('(idle)') >= 190, text);
      assert.equal(all.has('(compiler)'), options.length > 1);
      assert.ok(timeDeltas.every((delta) => delta >= 0));
      assert.equal(timeDeltas.length, samples.length);

      const named = (name: string) => nodes.filter(({ callFrame }) => callFrame.functionName === name);
      assert.equal(named('heavy')[0]?.callFrame.url, program);
      // Parent and child are processes of their own, each with its functions below it.
      const parents = ['heavy', 'in_child'].map((name) =>
        nodes.find(({ children }) => children.includes(named(name)[0]?.id ?? -1)),
      );
      for (const parent of parents) assert.match(parent?.callFrame.functionName ?? '', /^profile-pie-\w+ \(\d+\)$/);
      assert.notEqual(parents[0], parents[1]);
      for (const { id, hitCount } of nodes) assert.equal(hitCount, samples.filter((sample) => sample === id).length);
    });
  }

  test('functions of a library, by the symbols that are left in it', async () => {
    const strings = await compile(join(import.meta.dirname, '../../bench/c/strings.c'), 'pie', ['-O2']);
    const { nodes } = await profile(strings, 0.5);
    const names = nodes
      .filter(({ callFrame }) => /\/libc\.so/.test(callFrame.url))
      .map(({ callFrame }) => callFrame.functionName);
    // What it exports has a name, its own functions have their page.
    assert.ok(names.length > 0 && names.every((name) => /^\w+$|^\[[0-9a-f]+000\]$/.test(name)), names.join());
  });
});
