// Compares elfin's interpreter with the CPU of this machine on random cases made from the rows.
//
//   node test/insn/oracle.ts [--rows REGEXP] [--seed N] [--count N] [--show N]

import { parseArgs } from 'node:util';
import { instantiate } from '../../src/arch/x64/instantiate.ts';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { type Case, DIED, type Result, SIGALRM } from './cases.ts';
import { differences } from './compare.ts';
import { generate, type Subject, subjects } from './generate.ts';
import { Guest } from './guest.ts';
import { isNative, runNative } from './native.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20' },
    show: { type: 'string', default: '1' },
  },
});
const BATCH = 1000;

if (!isNative()) {
  console.log('0 compared: this machine has no x86-64 CPU or no gcc');
  process.exit(0);
}
const seed = Number(values.seed), count = Number(values.count), show = Number(values.show);
const filter = new RegExp(`^(${values.rows || '.*'})$`);
const guest = new Guest();
const wanted = subjects(rows).filter(({ row }) => filter.test(row.name));
const all = wanted.flatMap((subject, i) => Array.from({ length: count }, (_, n) => ({ subject, one: generate(subject, seed * 0x9e3779b1 + i * 7919 + n) })));

/** Flags the row leaves undefined at this size. */
const undefinedOf = new Map<Subject, number>();
function undefinedFlags(subject: Subject): number {
  let flags = undefinedOf.get(subject);
  if (flags === undefined) {
    flags = guest.forms.forms
      .filter(({ row, bits }) => row === subject.row && (bits === subject.bits || (subject.bits === 0 && bits === 8)))
      .reduce((sum, form) => sum | instantiate(form).undefinedFlags, 0);
    undefinedOf.set(subject, flags);
  }
  return flags;
}

const hex = (code: Uint8Array): string => Array.from(code, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
const describe = (subject: Subject, one: Case): string =>
  `${subject.row.name} '${subject.encoding.key}' ${subject.bits} ${subject.variant}: ${hex(one.code)}`;

let compared = 0, skipped = 0, failed = 0;
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
    let lines: string[];
    try {
      lines = differences(subject.row.name, native, guest.run(one), one.undefinedFlags | undefinedFlags(subject));
    } catch (error) {
      lines = [String(error)];
    }
    if (!lines.length) return;
    failed++;
    const key = `${subject.row.name} ${subject.encoding.key} ${subject.bits} ${subject.variant}`;
    const already = shown.get(key) ?? 0;
    shown.set(key, already + 1);
    if (already >= show) return;
    console.log(describe(subject, one));
    console.log(`  before: rflags ${one.rflags.toString(16)} ${Array.from(one.gpr, (value) => value.toString(16)).join(' ')}`);
    for (const line of lines.slice(0, 8)) console.log(`  ${line}`);
  });
}
for (const [key, times] of shown) console.log(`${String(times).padStart(5)} of ${count}  ${key}`);
console.log(`${wanted.length} subjects, ${compared} compared, ${skipped} skipped, ${failed} differ (seed ${seed})`);
process.exitCode = failed ? 1 : 0;
