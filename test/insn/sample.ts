// Runs random cases of subjects on the CPU and in elfin, and counts by extension what agrees.

import { featuresOf } from '../../src/arch/x64/encoding.ts';
import type { Row } from '../../src/arch/x64/insn.ts';
import { type Case, DIED, type Result, SIGALRM } from './cases.ts';
import { differences } from './compare.ts';
import { generate, type Subject } from './generate.ts';
import type { Guest, Tier } from './guest.ts';
import { runNative } from './native.ts';

const BATCH = 1000;

interface Count {
  subjects: number;
  compared: number;
  /** Of those: run by compiled code to the end. */
  compiled: number;
  differ: number;
}

/** The feature a row needs first; else its file's family by name. */
export function extensionOf(row: Row): string {
  const [feature] = featuresOf(row);
  if (feature) return feature;
  const letters = Object.values(row.encodings).join(' ');
  if (/^f/.test(row.name) && row.name !== 'fxsave' && row.name !== 'fxrstor') return 'x87';
  if (/\b[PQN][dq]\b/.test(letters)) return 'mmx';
  return /\b[VWU](dq|ps|pd|ss|sd|[dqwb])\b/.test(letters) ? 'sse, sse2' : 'base';
}

export class Sample {
  readonly counts = new Map<string, Count>();
  compared = 0;
  compiled = 0;
  skipped = 0;
  failed = 0;
  readonly #guest: Guest;
  readonly #subjects: readonly Subject[];
  readonly #onDifference: (subject: Subject, one: Case, lines: readonly string[]) => void;

  constructor(
    guest: Guest,
    subjects: readonly Subject[],
    onDifference: (subject: Subject, one: Case, lines: readonly string[]) => void,
  ) {
    this.#guest = guest;
    this.#subjects = subjects;
    this.#onDifference = onDifference;
    for (const { row } of subjects) this.#countOf(row).subjects++;
  }
  #countOf(row: Row): Count {
    const name = extensionOf(row);
    let count = this.counts.get(name);
    if (!count) this.counts.set(name, (count = { subjects: 0, compared: 0, compiled: 0, differ: 0 }));
    return count;
  }

  /** `make` gives the n-th case of the i-th subject. */
  run(make: (subject: Subject, i: number, n: number) => Case, count: number): void {
    let batch: { subject: Subject; one: Case }[] = [];
    const flush = (): void => {
      const results = runNative(batch.map(({ one }) => one));
      batch.forEach(({ subject, one }, i) => void this.#judge(subject, one, results[i] as Result));
      batch = [];
    };
    this.#subjects.forEach((subject, i) => {
      for (let n = 0; n < count; n++) {
        batch.push({ subject, one: make(subject, i, n) });
        if (batch.length === BATCH) flush();
      }
    });
    flush();
  }

  #judge(subject: Subject, one: Case, native: Result): void {
    if (native.signal === DIED || native.signal === SIGALRM) {
      this.skipped++;
      return;
    }
    const count = this.#countOf(subject.row);
    this.compared++;
    count.compared++;
    const lines = this.#check(subject, one, native);
    if (this.#guest.wasCompiled) {
      this.compiled++;
      count.compiled++;
    }
    if (!lines.length) return;
    this.failed++;
    count.differ++;
    this.#onDifference(subject, one, lines);
  }
  #check(subject: Subject, one: Case, native: Result): string[] {
    const guest = this.#guest;
    try {
      return differences(subject.row.name, one, native, guest.run(one), guest.undefinedFlags(subject, one));
    } catch (error) {
      return [String(error)];
    }
  }
}

/** States that one code runs in where it is compiled, which takes longer than running it. */
const STATES = 5;

/** The n-th case of the i-th subject. */
export const randomCases =
  (seed: number, tier: Tier) =>
  (subject: Subject, i: number, n: number): Case => {
    const of = (number: number): number => seed * 0x9e3779b1 + i * 7919 + number;
    return tier === 'compiled' ? generate(subject, of(n), of(n - (n % STATES)) + 1) : generate(subject, of(n));
  };

/** `isCompiled`: with a column of cases that compiled code ran. */
export function countsTable(counts: ReadonlyMap<string, Count>, isCompiled: boolean): string {
  const lines = [...counts]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([name, { subjects, compared, compiled, differ }]) => [
      name,
      subjects,
      compared,
      ...(isCompiled ? [compiled] : []),
      differ,
    ]);
  const head = ['extension', 'subjects', 'cases compared', ...(isCompiled ? ['run by compiled code'] : []), 'differ'];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
