// How fast guest code runs, and what the kernel costs, against the same programs native and under qemu.

import { join } from 'node:path';
import { compile } from '../tools/fixtures.ts';
import type { Report } from './main.ts';
import { exists, interleave, median, type Subject, table } from './measure.ts';

const ROUNDS = 5;
const root = join(import.meta.dirname, '..');
const elfin = join(root, 'cli/bin.cjs');

/** Programs that print `<part> <operations> <nanoseconds>` a line; `scale` is their argument. */
const CPU_PROGRAMS = [
  { file: 'mix.c', scale: '1500' },
  { file: 'getppid.c', scale: '2000000' },
] as const;
const OS_PROGRAMS = [{ file: 'os.c', scale: '5' }] as const;

interface Row {
  readonly part: string;
  /** Nanoseconds an operation. */
  readonly native: number;
  readonly elfin: number;
  readonly qemu: number | undefined;
}

/** An integer mix, and a loop of system calls. */
export const cpu = (): Promise<Report> => compare(CPU_PROGRAMS);
/** Processes, threads, files, pipes. */
export const os = (): Promise<Report> => compare(OS_PROGRAMS);

async function compare(programs: readonly { readonly file: string; readonly scale: string }[]): Promise<Report> {
  const rows: Row[] = [];
  for (const { file, scale } of programs) {
    const program = await compile(join(import.meta.dirname, file), 'pie', ['-O2']);
    const subjects: Subject[] = [
      { name: 'native', command: program, args: [scale] },
      { name: 'elfin', command: elfin, args: [program, scale] },
    ];
    if (exists('qemu-x86_64')) subjects.push({ name: 'qemu', command: 'qemu-x86_64', args: [program, scale] });
    const samples = interleave(subjects, ROUNDS);
    const times = (name: string): Map<string, number> => medians((samples.get(name) ?? []).map(({ stdout }) => stdout));
    const [native, ours, qemu] = [times('native'), times('elfin'), times('qemu')];
    for (const [part, time] of native)
      rows.push({ part, native: time, elfin: ours.get(part) ?? Number.NaN, qemu: qemu.get(part) });
  }
  const text = table(
    ['ns an operation', 'native', 'elfin', 'qemu', 'elfin / native', 'elfin / qemu'],
    rows.map(({ part, native, elfin: ours, qemu }) => [
      part,
      native,
      ours,
      qemu ?? '-',
      ours / native,
      qemu === undefined ? '-' : ours / qemu,
    ]),
  );
  return {
    text: `${text}\n\nmedians of ${ROUNDS} rounds, interleaved; Node ${process.version}`,
    data: { node: process.version, rounds: ROUNDS, rows },
  };
}

function medians(outputs: readonly string[]): Map<string, number> {
  const all = new Map<string, number[]>();
  for (const output of outputs) {
    for (const [, part = '', operations, nanoseconds] of output.matchAll(/^(.+) (\d+) (\d+)$/gm)) {
      all.set(part, [...(all.get(part) ?? []), Number(nanoseconds) / Number(operations)]);
    }
  }
  return new Map([...all].map(([part, values]) => [part, median(values)]));
}
