// Instructions against the CPU: the kept cases on every machine, and where there is a CPU a seeded sample of
// cases of all rows, of the opcode maps, and of random bytes.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { differences } from './compare.ts';
import { generate, nameOf, subjects } from './generate.ts';
import { Guest } from './guest.ts';
import { isNative } from './native.ts';
import { checkPoints } from './points.ts';
import { countsTable, Sample } from './sample.ts';
import { checkStrings } from './strings.ts';
import { type CaseFile, readCase, writeCase } from './text.ts';

const guest = new Guest();
const skip = isNative() ? false : 'no x86-64 CPU or no gcc here';
const directory = join(import.meta.dirname, 'cases');

for (const name of existsSync(directory) ? readdirSync(directory).sort() : []) {
  test(`case ${name}`, () => {
    const file = JSON.parse(readFileSync(join(directory, name), 'utf8')) as CaseFile;
    const { one, result } = readCase(file);
    assert.deepEqual(differences(file.name.split(" '")[0] as string, one, result, guest.run(one), file.undefinedFlags), []);
  });
}

/** Cases of each subject, which makes more than 200,000 in all; points in percent, and byte strings. */
const CASES = 60,
  POINTS = 4,
  STRINGS = 20_000;
const SEED = Number(process.env.ELFIN_SEED ?? 1_000_003);

test(`random cases of every encoding (seed ${SEED})`, { skip }, (t) => {
  const failures: string[] = [];
  const sample = new Sample(guest, subjects(rows), (subject, one, lines) => {
    failures.push(`${nameOf(subject)}: ${Buffer.from(one.code).toString('hex')}: ${lines.join('; ')}`);
  });
  sample.run((subject, i, n) => generate(subject, SEED + i * 7919 + n), CASES);
  t.diagnostic(`${sample.compared} compared, ${sample.skipped} skipped`);
  for (const line of countsTable(sample.counts).split('\n')) t.diagnostic(line);
  assert.deepEqual(failures.slice(0, 20), []);
});

test(`compiled code on random cases (seed ${SEED})`, { skip }, (t) => {
  const failures: string[] = [];
  const sample = new Sample(new Guest('compiled'), subjects(rows), (subject, one, lines) => {
    failures.push(`${nameOf(subject)}: ${Buffer.from(one.code).toString('hex')}: ${lines.join('; ')}`);
  });
  sample.run((subject, i, n) => generate(subject, SEED + i * 7919 + n), 2);
  t.diagnostic(`${sample.compared} compared, ${sample.skipped} skipped`);
  assert.deepEqual(failures.slice(0, 20), []);
});

test(`points of the opcode maps are instructions or not, as on the CPU (seed ${SEED})`, { skip }, (t) => {
  const { agree, different } = checkPoints(guest, SEED, POINTS);
  t.diagnostic(`${agree} agree`);
  assert.deepEqual(different.slice(0, 20), []);
});

test(`random byte strings do what they do on the CPU (seed ${SEED})`, { skip }, (t) => {
  const { agree, different } = checkStrings(guest, SEED, STRINGS);
  t.diagnostic(`${agree} agree`);
  assert.deepEqual(different.slice(0, 20), []);
});

test('a case survives its text form', () => {
  const [subject] = subjects(rows.filter(({ name }) => name === 'add'));
  const one = generate(subject as NonNullable<typeof subject>, 5);
  const result = guest.run(one);
  const back = readCase(JSON.parse(JSON.stringify(writeCase('add', one, result, 0))) as CaseFile);
  assert.deepEqual(back.one.gpr, one.gpr);
  assert.deepEqual(back.one.data, one.data);
  assert.deepEqual(differences('add', one, result, back.result, 0), []);
});
