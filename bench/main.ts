// `npm run bench -- [NAME...] [OPTION...]`: runs benchmarks and prints tables or one JSON object.

import { parseArgs } from 'node:util';
import { c, code, os } from './c.ts';
import { programs } from './programs.ts';
import type { Options } from './runs.ts';
import { short } from './short.ts';
import { levels } from './levels.ts';
import { startup } from './startup.ts';

export interface Report {
  readonly text: string;
  readonly data: unknown;
}

const BENCHMARKS: Readonly<Record<string, (options: Options) => Promise<Report>>> = {
  startup,
  short,
  c,
  code,
  os,
  levels,
  programs,
};

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    scale: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    cpu: { type: 'string' },
    elfin: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const unknown = names.find((name) => !(name in BENCHMARKS));
const { scale, rounds } = { scale: Number(values.scale), rounds: Number(values.rounds) };
if (values.help || unknown !== undefined || !(scale > 0) || !(rounds >= 1)) {
  console.error(`usage: npm run bench -- [${Object.keys(BENCHMARKS).join('|')}]... [OPTION...]

--scale N      times the work of each run, about 0.3 s natively (1)
--rounds N     rounds whose median is taken (3)
--only PART    only programs whose names, or whose set's, contain PART
--cpu LEVEL    what elfin offers and native programs keep to
--elfin=WORD   one more option for elfin; repeatable
--json         one JSON object instead of tables`);
  process.exit(2);
}

const results: Record<string, unknown> = {};
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const { text, data } = await run({ scale, rounds, only: values.only, cpu: values.cpu, elfin: values.elfin });
  results[name] = data;
  if (!values.json) console.log(`${name}\n\n${text}\n`);
}
if (values.json) console.log(JSON.stringify({ node: process.version, scale, rounds, ...results }, undefined, 2));
