// Measures which forms programs execute, for the list in src/arch/x64/hot.ts: node tools/hot-forms.ts [share].
//
// Runs each program on an interpreter that counts, lets every program weigh the same, and prints the forms that make up
// `share` (default 0.995) of what runs, most frequent first. `node tools/hot-forms.ts start` prints instead what short
// programs execute besides those.

import { mkdtempSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Execution, ExecutionFactory } from '../src/arch/arch.ts';
import { buildForms } from '../src/arch/x64/forms.ts';
import { hotForms, startForms } from '../src/arch/x64/hot.ts';
import { coreRows } from '../src/arch/x64/insns/index.ts';
import { cpu } from '../src/cpu.ts';
import { FORM_COUNTS } from '../src/exec/layout.ts';
import { nodeFiles } from '../src/host/node/files.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { openStream } from '../src/host/node/stream.ts';
import * as rest from '../src/rest.ts';
import { Machine } from '../src/machine.ts';
import { hostDir } from '../src/roots.ts';
import { makeInterpreter } from './interpreter.ts';

const COMPARED = ['b', 'ae', 'e', 'ne', 'be', 'a', 'l', 'ge', 'le', 'g'];
const TESTED = ['e', 'ne', 's', 'ns', 'le', 'g'];
const PROGRAMS = [
  '/bin/ls -la /etc',
  '/bin/bash -c x=0;for((i=0;i<20000;i++));do((x+=i));done;echo$x',
  '/usr/bin/sort -n /etc/services',
  '/usr/bin/sha256sum /bin/bash',
  '/usr/bin/perl -e for(1..100000){$h{$_%997}.=chr(65+$_%26)}print(scalar(keys(%h)))',
  '/usr/bin/python3 -I -S -c print(sum(i*i%7for(i)in(range(200000))))',
  '/bin/grep -rn include /usr/include/linux',
  '/bin/gzip -c /bin/bash',
  '/usr/bin/xz -1 -c /bin/ls',
  '/usr/bin/awk BEGIN{for(i=0;i<200000;i++)s+=i*1.5;print(s)}',
  '/usr/bin/git --version',
  '/bin/busybox sha256sum /bin/bash',
  '/usr/bin/find /usr/share/doc -name *.gz',
  '/usr/bin/sed -n s/a/b/p /etc/services',
];

/** Lengths of names decide which code of the string functions runs: one program under names of many lengths. */
const names = mkdtempSync(join(tmpdir(), 'elfin-forms-'));
process.on('exit', () => rmSync(names, { recursive: true }));
const NAMED = Array.from({ length: 72 }, (_, i) => join(names, 'x'.repeat(i + 1)));
for (const name of NAMED) symlinkSync('/bin/true', name);

const START_PROGRAMS = [
  ...NAMED,
  '/bin/true',
  '/bin/ls -la /etc',
  '/bin/cat /etc/passwd',
  '/bin/bash -c true',
  '/bin/dash -c true',
  '/bin/busybox echo',
  '/usr/bin/sort /etc/passwd',
  '/bin/echo hello',
  '/usr/bin/env',
  '/bin/date',
  '/usr/bin/id',
  '/usr/bin/wc /etc/passwd',
  '/bin/sed -n s/a/b/p /etc/passwd',
];
/** What a program does before it does anything depends on its locale. */
const LOCALES = ['C', 'C.UTF-8'];
const isStart = process.argv[2] === 'start';

/** Indexed variants and joined branches exist where they are hot: here all are. */
const { forms: plain } = buildForms(coreRows, new Set());
const indexed = plain.map(({ key }) => key.replace(/ m(\d+|s[sd])?\b/, ' x$1')).filter((key) => / x(\d+|s[sd])?\b/.test(key));
const comparisons = plain.filter(
  ({ row, operands }) => row.name === 'cmp' || (row.name === 'test' && operands[1]?.kind !== 'mem'),
);
const joined = comparisons.flatMap(({ key, row }) =>
  (row.name === 'cmp' ? COMPARED : TESTED).map((condition) => `${key} + j${condition}`),
);
const every = new Set([...indexed, ...joined]);

const sink = openSync('/dev/null', 'r+');
const { forms } = buildForms(coreRows, every);
const module = new WebAssembly.Module(makeInterpreter({ hot: every, isCounting: true }));
const shares = new Map<string, number>();

for (const [line, locale] of isStart
  ? START_PROGRAMS.flatMap((line) => LOCALES.map((locale) => [line, locale] as const))
  : PROGRAMS.map((line) => [line, 'C'] as const)) {
  const [program = '', ...args] = line.split(' ');
  const executions: Execution[] = [];
  const counting = cpu(module, nodeHost.clock);
  const factory: ExecutionFactory = {
    ...counting,
    create(hooks) {
      const execution = counting.create(hooks);
      executions.push(execution);
      return execution;
    },
  };
  const machine = await Machine.create({
    rest: () => rest,
    host: nodeHost,
    executions: factory,
    root: hostDir('/'),
    environment: { files: nodeFiles, decompress: (bytes) => bytes },
    diagnostic: () => {},
  });
  const files = [0, 1, 2].map((fd) => machine.open(openStream(sink, fd === 0 ? 'read' : 'write'), fd === 0 ? 'read' : 'write'));
  machine.spawn({ program, args, environ: ['PATH=/usr/bin:/bin', `LC_ALL=${locale}`], cwd: '/', files });
  await machine.run();
  const counts = new Float64Array(forms.length);
  for (const { state } of executions) {
    const words = new Uint32Array(state.buffer, FORM_COUNTS, forms.length);
    for (let i = 0; i < words.length; i++) counts[i] = (counts[i] ?? 0) + (words[i] ?? 0);
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  process.stderr.write(`${total} ${line}\n`);
  forms.forEach(({ key }, i) => {
    shares.set(key, (shares.get(key) ?? 0) + (counts[i] ?? 0) / total / PROGRAMS.length);
  });
}

/** The forms that do the work of `key` in an interpreter where only the hot forms are indexed or joined. */
const plainForms = (key: string): string[] => {
  const parts = key.split(' + ').map((part, i) => (i === 0 || hotForms.has(key) ? part : `${part} rel`));
  return hotForms.has(key)
    ? [key]
    : parts.map((part) => (hotForms.has(part) ? part : part.replace(/(?<!^\..*) x(?=\d|s[sd]| |$)/, ' m')));
};

if (isStart) {
  const needed = new Set([...shares].flatMap(([key, share]) => (share > 0 ? plainForms(key) : [])));
  for (const key of [...needed].filter((key) => !hotForms.has(key)).sort()) {
    process.stdout.write(`${startForms.has(key) ? '' : 'new: '}${key}\n`);
  }
} else {
  const limit = Number(process.argv[2] ?? 0.995);
  let sum = 0;
  for (const [key, share] of [...shares].sort(([, a], [, b]) => b - a)) {
    if (sum >= limit || share === 0) break;
    sum += share;
    process.stdout.write(`${(100 * share).toFixed(4)} ${key}\n`);
  }
}
