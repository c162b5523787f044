// Compares elfin with the CPU of this machine on random cases made from the rows.
//
//   node test/insn/oracle.ts [--rows REGEXP] [--seed N] [--count N] [--tier interpreter|compiled]... [--show N] [--keep]
//                            [--report FILE] [--without PASS]... [--passes]
//
// --rows picks mnemonics, --count is the number of cases an encoding, operand size and choice of register or memory (500, in
// continuous integration 60), --show of an encoding's failures that are printed; --keep shrinks the first failure of each
// encoding and writes it to cases/ with the CPU's result; --report writes the counts as a page of docs/; --without leaves out what
// makes compiled code faster (src/exec/jit/passes.ts), --passes has each of these left out once, in compiled code alone.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPass, PASSES } from '../../src/exec/jit/passes.ts';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { type Case, DIED, type Result, SIGALRM } from './cases.ts';
import { differences } from './compare.ts';
import { nameOf, type Subject, subjects } from './generate.ts';
import { Guest, TIERS, type Tier } from './guest.ts';
import { isNative, runNative } from './native.ts';
import { countsTable, randomCases, Sample } from './sample.ts';
import { shrink } from './shrink.ts';
import { writeCase } from './text.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: process.env.CI ? '60' : '500' },
    tier: { type: 'string', multiple: true, default: [...TIERS] },
    show: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    report: { type: 'string' },
    without: { type: 'string', multiple: true, default: [] },
    passes: { type: 'boolean', default: false },
  },
});
const tiers = TIERS.filter((tier) => values.tier.includes(tier));
if (tiers.length === 0) throw new Error(`--tier ${values.tier}`);

if (!isNative()) {
  console.log('0 compared: this machine has no x86-64 CPU or no gcc');
  process.exit(0);
}
const seed = Number(values.seed),
  count = Number(values.count),
  show = Number(values.show);
const filter = new RegExp(`^(${values.rows || '.*'})$`);
const wanted = subjects(rows).filter(({ row }) => filter.test(row.name));

/** Writes the smallest form of a failing case as a file of cases/. */
function keep(guest: Guest, subject: Subject, one: Case): void {
  const small = shrink(one, (candidate) => {
    const [native] = runNative([candidate]) as [Result];
    if (native.signal === DIED || native.signal === SIGALRM) return false;
    return (
      differences(subject.row.name, candidate, native, guest.run(candidate), guest.undefinedFlags(subject, candidate)).length > 0
    );
  });
  const [native] = runNative([small]) as [Result];
  const file = join(import.meta.dirname, 'cases', `${nameOf(subject).replace(/[^\w.]+/g, '-')}.json`);
  const text = writeCase(nameOf(subject), small, native, guest.undefinedFlags(subject, small));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(text, undefined, 2)}\n`);
  console.log(`  kept as ${file}`);
}

const hex = (code: Uint8Array): string => Array.from(code, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** Compares a tier with the CPU; returns a table of the counts and a line of their sums. */
function compare(tier: Tier, without: readonly string[]): { readonly table: string; readonly last: string } {
  const unknown = without.find((name) => !isPass(name));
  if (unknown !== undefined) throw new Error(`--without ${unknown}`);
  const guest = new Guest(tier, new Set(without.filter(isPass)));
  const shown = new Map<string, number>();
  const sample = new Sample(guest, wanted, (subject, one, lines) => {
    const key = nameOf(subject);
    const already = shown.get(key) ?? 0;
    shown.set(key, already + 1);
    if (already >= show) return;
    console.log(`${key}: ${hex(one.code)}`);
    console.log(`  before: rflags ${one.rflags.toString(16)} ${Array.from(one.gpr, (value) => value.toString(16)).join(' ')}`);
    for (const line of lines.slice(0, 8)) console.log(`  ${line}`);
    if (values.keep && already === 0) keep(guest, subject, one);
  });
  sample.run(randomCases(seed, tier), count);
  for (const [key, times] of shown) console.log(`${String(times).padStart(5)} of ${count}  ${key}`);
  const table = countsTable(sample.counts, tier === 'compiled');
  const { compared, compiled, skipped, failed } = sample;
  const ran = tier === 'compiled' ? ` (${compiled} run by compiled code)` : '';
  const last = `${[tier, ...without].join(' without ')}: ${wanted.length} subjects, ${compared} compared${ran}, ${skipped} skipped, ${failed} differ (seed ${seed})`;
  console.log(`${table}\n${last}`);
  if (failed) process.exitCode = 1;
  return { table, last };
}

const results = values.passes
  ? Object.keys(PASSES).map((pass) => compare('compiled', [...values.without, pass]))
  : tiers.map((tier) => compare(tier, values.without));
if (values.report !== undefined) {
  const page = `<!-- Written by \`npm run test:cpu:full\`. -->

# Instructions against a CPU

The last full run of \`test/insn/oracle.ts\`: ${count} cases of each subject - encoding, operand size, register or memory -
in random states, on elfin's interpreter, in its compiled code, and on the CPU of the machine, with registers, flags, memory
and faults compared. What may differ stands with its reason in \`test/insn/compare.ts\`, what has no fixed result in
\`test/insn/generate.ts\`. Compiled code leaves instructions that fault, and the rare ways of a few, to the interpreter.

${results.map(({ table, last }) => `${table}\n\n${last}.`).join('\n\n')}
`;
  writeFileSync(values.report, page);
}
