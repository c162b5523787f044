// The same command natively, under qemu-x86_64 and under elfin, in turn: times, peak memory, and that results are the same.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Stats } from '../src/machine.ts';
import { cpuTunables } from '../tools/cpu-level.ts';
import { compile } from '../tools/fixtures.ts';
import { emptyScript } from './inputs.ts';
import { ENVIRONMENT, exists } from './measure.ts';

export interface Options {
  /** Times the work of one run, which takes about 0.3 s natively. */
  readonly scale: number;
  readonly rounds: number;
  /** Measures only what has this in its name, or in that of its set. */
  readonly only: string;
  /** What `--cpu` says to elfin, and the native runs' libc keeps to. */
  readonly cpu: string | undefined;
  /** More options for elfin. */
  readonly elfin: readonly string[];
}

export interface Case {
  /** Rows of one set share a mean. */
  readonly set: string;
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Does it print `<part> <operations> <nanoseconds>` a line? Else the wall time of the whole is taken. */
  readonly hasParts?: boolean;
}

/** `node` is an empty script, whatever the command; `window` is elfin with reads checked by window. */
export type Subject = 'native' | 'qemu' | 'node' | 'elfin' | 'window';

export interface Run {
  /** Nanoseconds by part; the case's name for the whole. */
  readonly times: ReadonlyMap<string, number>;
  readonly wall: number;
  readonly kibibytes: number;
  /** What must be the same wherever it runs. */
  readonly result: string;
  readonly compileMilliseconds: number | undefined;
}

/** By round; a slow qemu has been left out of later ones. */
export type Runs = Readonly<Partial<Record<Subject, readonly (Run | undefined)[]>>>;

const elfin = join(import.meta.dirname, '../cli/bin.cjs');
const QEMU = 'qemu-x86_64';
/** A qemu that takes longer, in nanoseconds, runs once. */
const SLOW = 5e9;
const MOST_OUTPUT = 256 * 1024 * 1024;

/** Throws when a command fails, or gives elsewhere what it does not natively. */
export async function runs(each: Case, subjects: readonly Subject[], options: Options): Promise<Runs> {
  const watch = await compile(join(import.meta.dirname, 'watch.c'), 'pie', ['-O2']);
  const present = subjects.filter((subject) => subject !== 'qemu' || exists(QEMU));
  const all = Object.fromEntries(present.map((subject) => [subject, [] as (Run | undefined)[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const subject of present) {
      const mine = all[subject] ?? [];
      const isSlow = subject === 'qemu' && (mine[0]?.wall ?? 0) > SLOW;
      const run = isSlow ? undefined : once(each, subject, watch, options);
      mine.push(run);
      const expected = all.native?.[0]?.result;
      if (run && subject !== 'node' && run.result !== expected)
        throw new Error(`${each.name}: ${subject} gives\n${run.result}\nwhere natively it is\n${expected}`);
    }
  }
  return all;
}

function once({ name, command, args, hasParts }: Case, subject: Subject, watch: string, options: Options): Run {
  const level = options.cpu === undefined ? [] : ['--cpu', options.cpu];
  const own = [elfin, '--stats=json', ...level, ...options.elfin];
  const words = {
    native: [command, ...args],
    qemu: [QEMU, command, ...args],
    node: [process.execPath, emptyScript(0)],
    elfin: [...own, command, ...args],
    window: [...own, '--memory-check=window', command, ...args],
  }[subject];
  const { status, stdout, stderr, output, error } = spawnSync(watch, words, {
    env: { ...ENVIRONMENT, ...cpuTunables(options.cpu ?? ''), ...(subject === 'qemu' && { EMULATOR: QEMU }) },
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: MOST_OUTPUT,
  });
  if (status !== 0) throw new Error(`${name}, ${subject}: status ${status} ${error ?? ''}${stderr}`);
  const [wall = 0, kibibytes = 0] = String(output[3]).trim().split(' ').map(Number);
  const lines = stderr.trimEnd().split('\n');
  const stats =
    subject === 'elfin' || subject === 'window' ? (JSON.parse(lines.pop() ?? '') as Pick<Stats, 'compiler'>) : undefined;
  const times = hasParts ? partTimes(stdout) : new Map([[name, wall]]);
  const result = [hasParts ? [...times.keys()].join() : stdout, ...lines].join('\n').trimEnd();
  const compiler = stats?.compiler;
  const compileMilliseconds = compiler && compiler.translateMilliseconds + compiler.engineMilliseconds;
  return { times, wall, kibibytes, result, compileMilliseconds };
}

const partTimes = (output: string): Map<string, number> =>
  new Map([...output.matchAll(/^(.+) (\d+) (\d+)$/gm)].map(([, part = '', count, time]) => [part, Number(time) / Number(count)]));
