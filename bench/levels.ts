// What each level of `--cpu` costs and gains: programs whose libraries choose their code by CPUID.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../tools/fixtures.ts';
import type { Report } from './main.ts';
import { interleave, median, type Subject, table } from './measure.ts';

const ROUNDS = 3;
const root = join(import.meta.dirname, '..');
const elfin = join(root, 'cli/bin.cjs');
const LEVELS: readonly (readonly [name: string, ...options: string[]])[] = [
  ['default'],
  ...['x86-64', 'x86-64-v2', 'x86-64-v3'].map((level): [string, string, string] => [level, '--cpu', level]),
];
const JSON_LOOP = 'import json; x = [{"a": i, "b": str(i)} for i in range(1000)]\nfor i in range(40): json.loads(json.dumps(x))';

export async function levels(): Promise<Report> {
  const directory = join(root, '.cache/bench');
  mkdirSync(directory, { recursive: true });
  const lines = join(directory, 'lines.txt');
  writeFileSync(lines, textOf(100_000));
  const math = await compile(join(import.meta.dirname, 'math.c'), 'pie', ['-O2', '-lm']);
  const programs: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
    ['echo', '/bin/echo', 'hello'],
    ['python3 -c pass', '/usr/bin/python3', '-c', 'pass'],
    ['sort, 100,000 lines', '/usr/bin/sort', lines, '-o', '/tmp/sorted'],
    ['grep -c, 5 MB', '/bin/grep', '-c', 'fox.*lazy9', lines],
    ['sha256sum, 5 MB', '/usr/bin/sha256sum', lines],
    ['python3, json', '/usr/bin/python3', '-c', JSON_LOOP],
    ['sin, exp, log, pow', math],
  ];
  const results = programs.map(([name, ...command]) => {
    const subjects = LEVELS.map(
      ([level, ...options]): Subject => ({ name: level, command: elfin, args: [...options, ...command] }),
    );
    const samples = interleave(subjects, ROUNDS);
    return { name, milliseconds: LEVELS.map(([level]) => median((samples.get(level) ?? []).map((each) => each.milliseconds))) };
  });
  const heading = ['median ms', ...LEVELS.map(([level]) => level)];
  const text = table(
    heading,
    results.map(({ name, milliseconds }) => [name, ...milliseconds]),
  );
  return { text: `${text}\n\n${ROUNDS} rounds, interleaved; Node ${process.version}`, data: results };
}

/** Lines in no order. */
function textOf(count: number): string {
  let state = 1;
  const lines = Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return `${(state >>> 8).toString(36)} the quick brown fox jumps over the lazy${state & 15}`;
  });
  return `${lines.join('\n')}\n`;
}
