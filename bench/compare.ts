// Rows of ratios between native runs, qemu's and elfin's, and tables of them with the mean of each set.

import { geometricMean, median, table } from './measure.ts';
import { type Case, type Options, type Run, runs, type Runs, type Subject } from './runs.ts';

export interface Row {
  readonly set: string;
  readonly name: string;
  /** Nanoseconds: of an operation of a part, of the whole of other commands. */
  readonly native: number;
  /** Times native, medians of the rounds' ratios; a slow qemu has had one round only. */
  readonly elfin: number;
  /** Elfin with reads checked by window, times native. */
  readonly window: number;
  readonly qemu: number | undefined;
  /** Times qemu, likewise. */
  readonly elfinOfQemu: number | undefined;
  /** What a run of elfin spent on compiling hot code. */
  readonly compileMilliseconds: number | undefined;
  /** Largest resident set in KiB. */
  readonly peak: Readonly<Partial<Record<Subject, number>>>;
}

export async function compare(cases: readonly Case[], options: Options): Promise<Row[]> {
  const all: Row[] = [];
  for (const each of cases.filter(({ set, name }) => `${set}: ${name}`.includes(options.only))) {
    const rows = rowsOf(each, await runs(each, ['native', 'qemu', 'elfin', 'window'], options));
    for (const row of rows)
      process.stderr.write(
        `${row.name}: elfin ${text(row.elfin)}, by window ${text(row.window)}, qemu ${text(row.qemu)} times native\n`,
      );
    all.push(...rows);
  }
  return all;
}

function rowsOf({ set }: Case, all: Runs): Row[] {
  const ratio = (part: string, of: Subject, by: Subject): number | undefined => {
    const ratios = (all[of] ?? []).flatMap((run, round) => {
      const other = all[by]?.[round];
      return run && other ? [(run.times.get(part) ?? Number.NaN) / (other.times.get(part) ?? Number.NaN)] : [];
    });
    return ratios.length === 0 ? undefined : median(ratios);
  };
  const of = (subject: Subject): Run[] => (all[subject] ?? []).filter((run) => run !== undefined);
  const peak = Object.fromEntries(
    (['native', 'qemu', 'elfin', 'window'] as const)
      .filter((subject) => of(subject).length > 0)
      .map((subject) => [subject, Math.max(...of(subject).map(({ kibibytes }) => kibibytes))]),
  );
  const compiling = of('elfin').flatMap(({ compileMilliseconds }) => compileMilliseconds ?? []);
  return [...(of('native')[0]?.times.keys() ?? [])].map((part) => ({
    set,
    name: part,
    native: median(of('native').map(({ times }) => times.get(part) ?? Number.NaN)),
    elfin: ratio(part, 'elfin', 'native') ?? Number.NaN,
    window: ratio(part, 'window', 'native') ?? Number.NaN,
    qemu: ratio(part, 'qemu', 'native'),
    elfinOfQemu: ratio(part, 'elfin', 'qemu'),
    compileMilliseconds: compiling.length === 0 ? undefined : median(compiling),
    peak,
  }));
}

const HEADING = [
  'times native',
  'elfin',
  'elfin window',
  'qemu',
  'elfin/qemu',
  'native',
  'compiling ms',
  'MB native',
  'MB qemu',
  'MB elfin',
] as const;

/** A table of rows, with the geometric mean and the largest ratio of each set. */
export function comparison(all: readonly Row[], { rounds, scale }: Options): string {
  const cells = [...Map.groupBy(all, ({ set }) => set)].flatMap(([set, members]) => [
    ...members.map((row) => cellsOf(row)),
    summary(`${set}, geometric mean`, members, geometricMean),
    summary(`${set}, largest`, members, (values) => Math.max(...values)),
    HEADING.map(() => ''),
  ]);
  return `${table(HEADING, cells.slice(0, -1))}\n\nmedians of ${rounds} rounds, interleaved; scale ${scale}; Node ${process.version}`;
}

const text = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(2));
const megabytes = (value: number | undefined): string => (value === undefined ? '-' : (value / 1024).toFixed(0));

const cellsOf = ({ set, name, native, elfin, window, qemu, elfinOfQemu, compileMilliseconds, peak }: Row): string[] => [
  `${set}: ${name}`,
  text(elfin),
  text(window),
  text(qemu),
  text(elfinOfQemu),
  native > 1e5 ? `${(native / 1e6).toFixed(2)} ms` : `${native.toFixed(2)} ns`,
  compileMilliseconds === undefined ? '-' : compileMilliseconds.toFixed(0),
  megabytes(peak.native),
  megabytes(peak.qemu),
  megabytes(peak.elfin),
];

function summary(name: string, members: readonly Row[], reduce: (values: readonly number[]) => number): string[] {
  const of = (values: readonly (number | undefined)[]): string => {
    const known = values.filter((value) => value !== undefined);
    return known.length === 0 ? '-' : text(reduce(known));
  };
  const ratios = (['elfin', 'window', 'qemu', 'elfinOfQemu'] as const).map((each) => of(members.map((row) => row[each])));
  return [name, ...ratios, ...Array<string>(HEADING.length - 1 - ratios.length).fill('')];
}
