// Measures commands in turn, so that what else the machine does meets all of them, and prints tables of the results.

import { spawnSync } from 'node:child_process';

export interface Subject {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

export interface Sample {
  /** Wall time of the whole command. */
  readonly milliseconds: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };

/** Runs every subject `rounds` times, one after the other in each round; samples by name. Throws when a command fails. */
export function interleave(subjects: readonly Subject[], rounds: number, status = 0): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  // The first round fills caches and does not count.
  for (let round = -1; round < rounds; round++) {
    for (const { name, command, args } of subjects) {
      const start = process.hrtime.bigint();
      const result = spawnSync(command, args, { env: ENVIRONMENT, encoding: 'utf8' });
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      if (result.status !== status) throw new Error(`${name}: status ${result.status} ${result.error ?? ''}${result.stderr}`);
      if (round >= 0) samples.get(name)?.push({ milliseconds, stdout: result.stdout, stderr: result.stderr });
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** Is the command there? */
export const exists = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

/** Rows under a heading, columns aligned; numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [heading, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toFixed(2) : cell)))];
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [line(cells[0] ?? []), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.slice(1).map(line)].join('\n');
}
