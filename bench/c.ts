// How fast compiled C code runs, and what the kernel costs, by programs of a few pages.

import { join } from 'node:path';
import { compile } from '../tools/fixtures.ts';
import { compare, comparison } from './compare.ts';
import type { Report } from './main.ts';
import type { Case, Options } from './runs.ts';

/** Programs of bench/c by set. */
const SETS: Readonly<Record<string, readonly string[]>> = {
  integer: ['sha256.c', 'mix.c', 'sieve.c', 'quicksort.c', 'lz.c', 'dijkstra.c'],
  float: ['nbody.c', 'mandelbrot.c', 'matmul.c', 'spectral-norm.c'],
  calls: ['fib.c', 'indirect.c', 'virtual.cc'],
  memory: ['strings.c', 'chase.c'],
  syscalls: ['syscalls.c'],
};

/** Computation, calls, memory, system calls. */
export const c = (options: Options): Promise<Report> => measure(SETS, options);
/** Much code, and code that changes. */
export const code = (options: Options): Promise<Report> => measure({ code: ['code.c'] }, options);
/** Processes, threads, files, pipes. */
export const os = (options: Options): Promise<Report> => measure({ os: ['os.c'] }, options);

async function measure(sets: typeof SETS, options: Options): Promise<Report> {
  const cases: Case[] = [];
  for (const [set, files] of Object.entries(sets)) {
    for (const file of files) {
      const command = await compile(join(import.meta.dirname, 'c', file), file.endsWith('.c') ? 'pie' : 'c++', ['-O2', '-lm']);
      cases.push({ set, name: file.replace(/\..*/, ''), command, args: [String(options.scale)], hasParts: true });
    }
  }
  const rows = await compare(cases, options);
  return { text: comparison(rows, options), data: rows };
}
