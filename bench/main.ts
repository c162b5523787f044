// `npm run bench -- NAME [--json]`: runs one benchmark, or all, and prints tables or one JSON object.

import { cpu, os } from './cpu.ts';
import { levels } from './levels.ts';
import { startup } from './startup.ts';

export interface Report {
  readonly text: string;
  readonly data: unknown;
}

const BENCHMARKS: Readonly<Record<string, () => Promise<Report>>> = { startup, cpu, levels, os };

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith('-'));
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown !== undefined) {
  console.error(`no benchmark ${unknown}: there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

const results: Record<string, unknown> = {};
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const { text, data } = await run();
  results[name] = data;
  if (!args.includes('--json')) console.log(`${name}\n\n${text}\n`);
}
if (args.includes('--json')) console.log(JSON.stringify(results, undefined, 2));
