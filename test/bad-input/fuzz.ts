// Mutated ELF headers in one process, through the public API: whatever they say, a program ends or is refused, in bounded time
// and memory. `npm run fuzz:elf` runs 10,000; arguments: how many, the first seed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../tools/fixtures.ts';
import { hostDir, memory, ProgramError } from '../../src/index.ts';
import { createMachine } from '../support/platform.ts';
import { Elf, PHENT_SIZE } from './elf.ts';

/** Milliseconds of the host that one mutant may run, and may take altogether. */
const RUN_LIMIT = 20;
const HANG_LIMIT = 20_000;
const MEMORY_LIMIT = 256 << 20;
const BASES = ['pie', 'nopie', 'static', 'static-pie'] as const;

export interface Summary {
  readonly ended: number;
  readonly refused: number;
  readonly killed: number;
  /** One line each: the seed and what went wrong. */
  readonly failures: readonly string[];
  /** Bytes of guest memory, at most. */
  readonly peak: number;
}

export async function fuzz(count: number, firstSeed: number): Promise<Summary> {
  const source = join(import.meta.dirname, '../programs/hello.c');
  const programs = await Promise.all(BASES.map(async (base) => readFileSync(await compile(source, base))));
  const failures: string[] = [];
  let [ended, refused, killed, peak] = [0, 0, 0, 0];
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const bytes = mutant(programs, seed);
    const machine = await createMachine({
      root: hostDir('/'),
      mounts: { '/mutant': memory({ program: bytes }) },
      memory: MEMORY_LIMIT,
    });
    const start = performance.now();
    try {
      const exit = await ends(machine.run('/mutant/program', [], { signal: AbortSignal.timeout(RUN_LIMIT) }));
      if (exit === undefined) failures.push(`seed ${seed}: hangs`);
      else if ('signal' in exit && exit.signal === 'SIGKILL') killed++;
      else ended++;
    } catch (error) {
      if (error instanceof ProgramError) refused++;
      else failures.push(`seed ${seed}: ${error instanceof Error ? error.stack : JSON.stringify(error)}`);
    }
    const { memory: used } = machine.stats();
    peak = Math.max(peak, used.peak);
    if (used.peak > used.limit) failures.push(`seed ${seed}: ${used.peak} bytes of ${used.limit}`);
    if (performance.now() - start > HANG_LIMIT) failures.push(`seed ${seed}: ${performance.now() - start} ms`);
    await machine.dispose();
  }
  return { ended, refused, killed, failures, peak };
}

async function ends<T>(run: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), HANG_LIMIT);
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Values that lie at edges. */
const EDGES = [
  0n,
  1n,
  0xfffn,
  0x1000n,
  0x7fffffffn,
  0x80000000n,
  0xfffff000n,
  0xffffffffn,
  0x100000000n,
  1n << 47n,
  1n << 60n,
  (1n << 63n) - 1n,
  1n << 63n,
  (1n << 64n) - 4096n,
  (1n << 64n) - 1n,
];

function mutant(programs: readonly Uint8Array[], seed: number): Uint8Array {
  const random = generator(seed);
  const base = programs[random() % programs.length];
  if (!base) throw new Error('no programs');
  const { bytes, phoff, phnum } = new Elf(base);
  const end = phoff + phnum * PHENT_SIZE;
  for (let n = 1 + (random() % 4); n > 0; n--) {
    const size = 1 << (random() % 4);
    const at = Math.floor((random() % end) / size) * size;
    const kind = random() % 4;
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << (random() % 8));
    else {
      const value =
        kind === 1
          ? (EDGES[random() % EDGES.length] ?? 0n)
          : kind === 2
            ? BigInt(random() % 65536)
            : (BigInt(random()) << 32n) | BigInt(random());
      for (let i = 0; i < size; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
  }
  // Some are cut short.
  return random() % 20 === 0 ? bytes.slice(0, random() % bytes.length) : bytes;
}

/** Numbers of 32 bits, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

if (import.meta.main) {
  const [count = 10_000, seed = 1] = process.argv.slice(2).map(Number);
  const start = performance.now();
  const { ended, refused, killed, failures, peak } = await fuzz(count, seed);
  for (const failure of failures) console.log(failure);
  const rate = ((performance.now() - start) / count).toFixed(1);
  console.log(
    `seeds ${seed} to ${seed + count - 1}: ${ended} ended, ${refused} refused, ${killed} killed, ${failures.length} failed; ${rate} ms each, at most ${peak >> 20} MiB`,
  );
  process.exitCode = failures.length > 0 ? 1 : 0;
}
