// Instructions against the CPU: the kept cases on every machine, and a small seeded sample of all rows where there is a CPU.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { DIED, type Result, SIGALRM } from './cases.ts';
import { differences } from './compare.ts';
import { generate, subjects } from './generate.ts';
import { Guest } from './guest.ts';
import { isNative, runNative } from './native.ts';
import { type CaseFile, readCase, writeCase } from './text.ts';

const guest = new Guest();
const directory = join(import.meta.dirname, 'cases');

for (const name of existsSync(directory) ? readdirSync(directory).sort() : []) {
  test(`case ${name}`, () => {
    const file = JSON.parse(readFileSync(join(directory, name), 'utf8')) as CaseFile;
    const { one, result } = readCase(file);
    assert.deepEqual(differences(file.name.split(" '")[0] as string, one, result, guest.run(one), file.undefinedFlags), []);
  });
}

test('one random case of every encoding', { skip: isNative() ? false : 'no x86-64 CPU or no gcc here' }, () => {
  const all = subjects(rows).map((subject, i) => ({ subject, one: generate(subject, 1_000_003 + i) }));
  const results = runNative(all.map(({ one }) => one));
  const failures = all.flatMap(({ subject, one }, i) => {
    const native = results[i] as Result;
    if (native.signal === DIED || native.signal === SIGALRM) return [];
    const lines = differences(subject.row.name, one, native, guest.run(one), one.undefinedFlags | guest.undefinedFlags(subject));
    return lines.length
      ? [`${subject.row.name} '${subject.encoding.key}' ${subject.bits} ${subject.variant}: ${lines.join('; ')}`]
      : [];
  });
  assert.deepEqual(failures, []);
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
