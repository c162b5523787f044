// Compares elfin's interpreter with the CPU of this machine on random cases made from the rows.
//
//   node test/insn/oracle.ts [--rows REGEXP] [--seed N] [--count N] [--show N] [--keep]
//
// --rows picks mnemonics, --count is the number of cases an encoding, --show of an encoding's failures that are printed;
// --keep shrinks the first failure of each encoding and writes it to cases/ with the CPU's result.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { type Case, DIED, type Result, SIGALRM } from './cases.ts';
import { differences } from './compare.ts';
import { generate, type Subject, subjects } from './generate.ts';
import { Guest } from './guest.ts';
import { isNative, runNative } from './native.ts';
import { shrink } from './shrink.ts';
import { writeCase } from './text.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20' },
    show: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
  },
});
const BATCH = 1000;

if (!isNative()) {
  console.log('0 compared: this machine has no x86-64 CPU or no gcc');
  process.exit(0);
}
const seed = Number(values.seed),
  count = Number(values.count),
  show = Number(values.show);
const filter = new RegExp(`^(${values.rows || '.*'})$`);
const guest = new Guest();
const wanted = subjects(rows).filter(({ row }) => filter.test(row.name));
const all = wanted.flatMap((subject, i) =>
  Array.from({ length: count }, (_, n) => ({ subject, one: generate(subject, seed * 0x9e3779b1 + i * 7919 + n) })),
);

const hex = (code: Uint8Array): string => Array.from(code, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
const nameOf = ({ row, encoding, bits, variant }: Subject): string => `${row.name} '${encoding.key}' ${bits} ${variant}`;

const check = (subject: Subject, one: Case, native: Result): string[] => {
  try {
    return differences(subject.row.name, one, native, guest.run(one), one.undefinedFlags | guest.undefinedFlags(subject));
  } catch (error) {
    return [String(error)];
  }
};

/** Writes the smallest form of a failing case as a file of cases/. */
function keep(subject: Subject, one: Case): void {
  const small = shrink(one, (candidate) => {
    const [native] = runNative([candidate]) as [Result];
    return native.signal !== DIED && native.signal !== SIGALRM && check(subject, candidate, native).length > 0;
  });
  const [native] = runNative([small]) as [Result];
  const file = join(import.meta.dirname, 'cases', `${nameOf(subject).replace(/[^\w.]+/g, '-')}.json`);
  const text = writeCase(nameOf(subject), small, native, small.undefinedFlags | guest.undefinedFlags(subject));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(text, undefined, 2)}\n`);
  console.log(`  kept as ${file}`);
}

let compared = 0,
  skipped = 0,
  failed = 0;
const shown = new Map<string, number>();
for (let from = 0; from < all.length; from += BATCH) {
  const batch = all.slice(from, from + BATCH);
  const expected = runNative(batch.map(({ one }) => one));
  batch.forEach(({ subject, one }, i) => {
    const native = expected[i] as Result;
    if (native.signal === DIED || native.signal === SIGALRM) {
      skipped++;
      return;
    }
    compared++;
    const lines = check(subject, one, native);
    if (!lines.length) return;
    failed++;
    const key = nameOf(subject);
    const already = shown.get(key) ?? 0;
    shown.set(key, already + 1);
    if (already >= show) return;
    console.log(`${key}: ${hex(one.code)}`);
    console.log(`  before: rflags ${one.rflags.toString(16)} ${Array.from(one.gpr, (value) => value.toString(16)).join(' ')}`);
    for (const line of lines.slice(0, 8)) console.log(`  ${line}`);
    if (values.keep && already === 0) keep(subject, one);
  });
}
for (const [key, times] of shown) console.log(`${String(times).padStart(5)} of ${count}  ${key}`);
console.log(`${wanted.length} subjects, ${compared} compared, ${skipped} skipped, ${failed} differ (seed ${seed})`);
process.exitCode = failed ? 1 : 0;
