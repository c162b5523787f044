// The errors that the manual pages of the host document for each system call (section 2, ERRORS), and what the tests say of
// them: errors.txt names those that programs provoke, unprovoked.txt why others are not. Pages of several calls name errors of
// others too.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { allRows } from '../src/kernel/syscalls/table.ts';

const PAGES = '/usr/share/man/man2';
const tests = join(import.meta.dirname, '../test/syscall');
/** Two names of one number; traces have the second. */
const SAME: Readonly<Record<string, string>> = { EWOULDBLOCK: 'EAGAIN', ENOTSUP: 'EOPNOTSUPP' };

/** Are there pages, of a kernel's calls? */
export const hasManual = existsSync(join(PAGES, 'open.2.gz'));

/** A call and an error of it: `open ENOENT`. */
export type Pair = `${string} ${string}`;

/** All that is documented of the calls that elfin has. */
export function documentedErrors(): Pair[] {
  return allRows
    .filter(({ x64 }) => x64 !== undefined)
    .flatMap(({ name }) => errorsOf(page(name)).map((error): Pair => `${name} ${SAME[error] ?? error}`));
}

/** Those that programs of test/syscall provoke. */
export function provokedErrors(): Pair[] {
  return lines('errors.txt').flatMap((line) => {
    const [name = '', ...errors] = line.split(' ');
    return errors.map((error): Pair => `${name} ${error}`);
  });
}

/** Which documented errors a line of unprovoked.txt is about, by line; `*` gets what is left. */
export function unprovokedErrors(left: readonly Pair[]): ReadonlyMap<string, Pair[]> {
  const found = new Map<string, Pair[]>();
  const open = new Set(left);
  // lines for all calls come last
  for (const line of lines('unprovoked.txt').sort((a, b) => Number(a.startsWith('*')) - Number(b.startsWith('*')))) {
    const words = line.slice(0, line.indexOf(':')).split(' ');
    const errors = words.filter((word) => /^E[A-Z0-9]+$/.test(word)).map((error) => SAME[error] ?? error);
    const calls = words.filter((word) => !/^E[A-Z0-9]+$/.test(word));
    const named = [...open].filter((pair) => {
      const [call = '', error = ''] = pair.split(' ');
      return errors.includes(error) && (calls.includes('*') || calls.includes(call));
    });
    for (const pair of named) open.delete(pair);
    found.set(line, named);
  }
  return found;
}

const lines = (file: string): string[] =>
  readFileSync(join(tests, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** The page of a call; one that only says `.so man2/OTHER.2` stands for the other. */
function page(name: string): string {
  const path = join(PAGES, `${name}.2.gz`);
  if (!existsSync(path)) return '';
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  const other = /^\.so man2\/(\w+)\.2/m.exec(text)?.[1];
  return other === undefined || other === name ? text : page(other);
}

/** Names that begin an entry of the section. */
function errorsOf(text: string): string[] {
  const section = text.split('\n.SH ').find((each) => each.startsWith('ERRORS\n'));
  const entries = (section ?? '').matchAll(/^\.T[PQ].*\n\.BR? "?((?:E[A-Z0-9]+)(?: *(?:or|,|and) *E[A-Z0-9]+)*)/gm);
  return [...new Set([...entries].flatMap(([, names = '']) => names.match(/E[A-Z0-9]+/g) ?? []))];
}
