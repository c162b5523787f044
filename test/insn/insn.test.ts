// Instructions against the CPU: the kept cases on every machine, and where there is a CPU a seeded sample of
// the opcode maps and of random bytes. (rows.test.ts has the rows.)

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { BREAKPOINT, CODE_START, PAGE_FAULT } from './cases.ts';
import { differences } from './compare.ts';
import { generate, subjects } from './generate.ts';
import { Guest } from './guest.ts';
import { isNative } from './native.ts';
import { checkPoints } from './points.ts';
import { checkStrings } from './strings.ts';
import { type CaseFile, readCase, writeCase } from './text.ts';

const guest = new Guest(),
  compiled = new Guest('compiled');
const skip = isNative() ? false : 'no x86-64 CPU or no gcc here';
const directory = join(import.meta.dirname, 'cases');

for (const name of existsSync(directory) ? readdirSync(directory).sort() : []) {
  test(`case ${name}`, () => {
    const file = JSON.parse(readFileSync(join(directory, name), 'utf8')) as CaseFile;
    const { one, result } = readCase(file);
    const row = file.name.split(" '")[0] as string;
    for (const tier of [guest, compiled]) assert.deepEqual(differences(row, one, result, tier.run(one), file.undefinedFlags), []);
  });
}

/** Percent of the points, and byte strings. */
const POINTS = 4,
  STRINGS = 20_000;
const SEED = Number(process.env.ELFIN_SEED ?? 1_000_003);

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

test('a jump to where nothing may be fetched faults, whatever was decoded before', () => {
  const [subject] = subjects(rows.filter(({ name }) => name === 'jmp'));
  const one = generate(subject as NonNullable<typeof subject>, 1);
  const code = Uint8Array.of(0xff, 0xe0, 0x90, 0x90);
  const jumpTo = (rax: number) => ({ ...one, code, rip: BigInt(CODE_START), gpr: one.gpr.with(0, BigInt(rax)) });
  const NOWHERE = 2;
  for (const tier of [guest, compiled]) {
    tier.reset();
    // Leaves the header of a trace where the second jump's target gets its own.
    assert.equal(tier.run(jumpTo(CODE_START + code.length - 2)).vector, BREAKPOINT);
    tier.reset();
    const { vector, address, rip } = tier.run(jumpTo(NOWHERE));
    assert.deepEqual({ vector, address, rip }, { vector: PAGE_FAULT, address: BigInt(NOWHERE), rip: BigInt(NOWHERE) });
  }
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
