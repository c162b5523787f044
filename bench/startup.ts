// How long a dynamic hello takes from the shell's point of view, and where the time before its first instruction goes.

import { join } from 'node:path';
import { compile } from '../tools/fixtures.ts';
import { emptyScript } from './inputs.ts';
import type { Report } from './main.ts';
import { exists, interleave, median, type Subject, table } from './measure.ts';

const ROUNDS = 20;
const root = join(import.meta.dirname, '..');
const elfin = join(root, 'cli/bin.cjs');
const STATUS = 7;

export async function startup(): Promise<Report> {
  const hello = await compile(join(root, 'test/programs/hello.c'), 'pie', ['-O2']);
  const subjects: Subject[] = [
    { name: 'native', command: hello, args: [] },
    { name: 'empty script', command: process.execPath, args: [emptyScript(STATUS)] },
    { name: 'elfin', command: elfin, args: [hello] },
    { name: 'elfin --verbose', command: elfin, args: ['--verbose', hello] },
    { name: 'elfin --bootchart', command: elfin, args: ['--bootchart', hello] },
  ];
  if (exists('qemu-x86_64')) subjects.push({ name: 'qemu-x86_64', command: 'qemu-x86_64', args: [hello] });
  const samples = interleave(subjects, ROUNDS, STATUS);

  const floor = median((samples.get('empty script') ?? []).map((each) => each.milliseconds));
  const walls = ['native', 'qemu-x86_64', 'empty script', 'elfin'].flatMap((name) => {
    const times = (samples.get(name) ?? []).map((each) => each.milliseconds);
    return times.length === 0
      ? []
      : [{ name, milliseconds: median(times), fastest: Math.min(...times), ratio: median(times) / floor }];
  });
  const booted = (samples.get('elfin --verbose') ?? []).map(({ stderr }) => Number(/Booted up in ([\d.]+) ms/.exec(stderr)?.[1]));
  const stages = bootStages((samples.get('elfin --bootchart') ?? []).map(({ stderr }) => stderr));
  const boot = { median: median(booted), fastest: Math.min(...booted) };

  const text = [
    table(
      ['hello, whole command', 'median ms', 'fastest ms', 'of the empty script'],
      walls.map(({ name, milliseconds, fastest, ratio }) => [name, milliseconds, fastest, ratio]),
    ),
    '',
    table(
      ['to the first guest instruction', 'median ms', 'fastest ms'],
      [
        ...stages.map(({ name, milliseconds, fastest }) => [name, milliseconds, fastest]),
        ['Booted up in', boot.median, boot.fastest],
      ],
    ),
    '',
    `${ROUNDS} rounds, interleaved; Node ${process.version}`,
  ].join('\n');
  return { text, data: { node: process.version, rounds: ROUNDS, walls, boot, stages } };
}

/** Medians of what each stage adds, from lines `\t<stage>: <ms>ms, (+<ms>ms)`. */
function bootStages(charts: readonly string[]): { name: string; milliseconds: number; fastest: number }[] {
  const times = new Map<string, number[]>();
  for (const chart of charts) {
    for (const [, name = '', added] of chart.matchAll(/^\t(.+): [\d.]+ms, \(\+([\d.]+)ms\)$/gm))
      times.set(name, [...(times.get(name) ?? []), Number(added)]);
  }
  return [...times].map(([name, all]) => ({ name, milliseconds: median(all), fastest: Math.min(...all) }));
}
