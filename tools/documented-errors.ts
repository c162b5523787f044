// Prints the errors that the manual pages of the host document for each system call (section 2, ERRORS) and that no program of
// test/syscall is held to provoke: `call E... E...` a line.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { allRows } from '../src/kernel/syscalls/table.ts';

const PAGES = '/usr/share/man/man2';
const provoked = join(import.meta.dirname, '../test/syscall/errors.txt');

/** The page of a call; one that only says `.so man2/OTHER.2` stands for the other. */
function page(name: string): string {
  const path = `${PAGES}/${name}.2.gz`;
  if (!existsSync(path)) return '';
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  const other = /^\.so man2\/(\w+)\.2/m.exec(text)?.[1];
  return other === undefined || other === name ? text : page(other);
}

/** Names that begin an entry of the section. */
function documented(name: string): string[] {
  const [, section = ''] = /^\.SH ERRORS\n(.*?)(?=^\.SH |(?![^]))/ms.exec(page(name)) ?? [];
  const entries = section.matchAll(/^\.T[PQ].*\n\.BR? "?((?:E[A-Z0-9]+)(?: *(?:or|,|and) *E[A-Z0-9]+)*)/gm);
  return [...new Set([...entries].flatMap(([, names = '']) => names.match(/E[A-Z0-9]+/g) ?? []))];
}

const known = new Map(
  readFileSync(provoked, 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([name = '', ...errors]) => [name, new Set(errors)] as const),
);
let count = 0;
for (const { name, x64 } of allRows) {
  if (x64 === undefined) continue;
  const missing = documented(name).filter((each) => !known.get(name)?.has(each));
  count += missing.length;
  if (missing.length > 0) process.stdout.write(`${name} ${missing.join(' ')}\n`);
}
process.stdout.write(`${count} of them\n`);
