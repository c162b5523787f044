// Short runs, where starting and warming up is most of it: whole wall times against qemu's with the start of Node added.

import { join } from 'node:path';
import { cc1, preprocessed } from './inputs.ts';
import type { Report } from './main.ts';
import { geometricMean, median, table } from './measure.ts';
import { type Case, type Options, runs, type Subject } from './runs.ts';

const script = (name: string): string => join(import.meta.dirname, 'programs', name);

const LINES: Readonly<Record<string, () => readonly string[]>> = {
  'busybox true': () => ['/bin/busybox', 'true'],
  'busybox sh lines.sh': () => ['/bin/busybox', 'sh', script('lines.sh')],
  'busybox sh counting.sh': () => ['/bin/busybox', 'sh', script('counting.sh')],
  'python3 -c pass': () => ['/usr/bin/python3', '-c', 'pass'],
  'cc1 on 500 lines': () => [cc1(), '-quiet', preprocessed(6), '-o', '-'],
};
const SUBJECTS: readonly Subject[] = ['native', 'qemu', 'node', 'elfin'];

export async function short(options: Options): Promise<Report> {
  const rows: { readonly name: string; readonly milliseconds: number[]; readonly ratio: number }[] = [];
  for (const [name, line] of Object.entries(LINES).filter(([name]) => name.includes(options.only))) {
    const [command = '', ...args] = line();
    const each: Case = { set: 'short', name, command, args };
    const all = await runs(each, SUBJECTS, options);
    const walls = (subject: Subject): number[] => (all[subject] ?? []).map((run) => (run?.wall ?? Number.NaN) / 1e6);
    const [qemu, node] = [walls('qemu'), walls('node')];
    const ratios = walls('elfin').map((wall, round) => wall / ((qemu[round] ?? Number.NaN) + (node[round] ?? Number.NaN)));
    rows.push({ name, milliseconds: SUBJECTS.map((subject) => median(walls(subject))), ratio: median(ratios) });
  }
  const text = table(
    ['whole command, ms', ...SUBJECTS, 'elfin / (qemu + node)'],
    [
      ...rows.map(({ name, milliseconds, ratio }) => [name, ...milliseconds, ratio]),
      ['geometric mean', ...SUBJECTS.map(() => ''), geometricMean(rows.map(({ ratio }) => ratio))],
    ],
  );
  return { text: `${text}\n\nmedians of ${options.rounds} rounds, interleaved; Node ${process.version}`, data: rows };
}
