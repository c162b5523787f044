// Real programs at work: interpreters, a database, a compiler, compressors.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compare, comparison } from './compare.ts';
import { cc1, preprocessed, text } from './inputs.ts';
import type { Report } from './main.ts';
import type { Case, Options } from './runs.ts';

const here = (file: string): string => join(import.meta.dirname, 'programs', file);

/** Commands by name; `scale` is the factor of their work. */
const PROGRAMS: Readonly<Record<string, (scale: number) => readonly string[]>> = {
  bash: (scale) => ['/bin/bash', here('loop.sh'), rounds(25_000, scale)],
  'python3 records': (scale) => ['/usr/bin/python3', here('records.py'), rounds(120_000, scale)],
  'python3 json': (scale) => ['/usr/bin/python3', here('documents.py'), rounds(200, scale)],
  perl: (scale) => ['/usr/bin/perl', here('words.pl'), rounds(60_000, scale)],
  lua: (scale) => ['/usr/bin/lua5.4', here('tables.lua'), rounds(300_000, scale)],
  sqlite3: (scale) => [
    '/usr/bin/sqlite3',
    ':memory:',
    '.param init',
    `.param set :rows ${rounds(200_000, scale)}`,
    `.read ${here('rows.sql')}`,
  ],
  'cc1 -O2': (scale) => [cc1(), '-quiet', '-O2', preprocessed(Number(rounds(8, scale))), '-o', '-'],
  xz: (scale) => ['/usr/bin/xz', '-c', text(700_000 * scale)],
  gzip: (scale) => ['/usr/bin/gzip', '-nc', text(7_000_000 * scale)],
  sha256sum: (scale) => ['/usr/bin/sha256sum', text(60_000_000 * scale)],
};

export async function programs(options: Options): Promise<Report> {
  const cases = Object.entries(PROGRAMS).flatMap(([name, line]): Case[] => {
    if (!name.includes(options.only)) return [];
    const [command = '', ...args] = line(options.scale);
    if (existsSync(command)) return [{ set: 'programs', name, command, args }];
    process.stderr.write(`${name}: there is no ${command} here\n`);
    return [];
  });
  const rows = await compare(cases, options);
  return { text: comparison(rows, options), data: rows };
}

const rounds = (count: number, scale: number): string => String(Math.max(1, Math.round(count * scale)));
