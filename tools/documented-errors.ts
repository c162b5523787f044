// Prints the errors that the manual pages of the host document for each system call (section 2, ERRORS) and that no program of
// test/syscall is held to provoke though it might: `call E... E...` a line. Pages of several calls name errors of others too.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { allRows } from '../src/kernel/syscalls/table.ts';

/** What no program can provoke on a healthy machine, and why. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  EIO: 'a failing disk',
  ENOMEM: 'a kernel without memory',
  ENFILE: 'the file table of all processes full',
  ENOBUFS: 'a network without buffers',
  ENOSPC: 'a full file system, which tests must not leave behind on the host',
  EDQUOT: 'quotas',
  EROFS: 'a read-only mount, which tests must not make on the host',
  EMLINK: 'the link limit of a file system',
  ENODEV: 'a device without a driver, or a kernel without pseudo file systems',
  ENOLCK: 'the lock table full',
  ENOSYS: 'a kernel built without the call',
  EHWPOISON: 'broken memory',
  ENOPKG: 'a kernel built without watch queues',
  EUSERS: 'nested user namespaces at their limit',
};
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
  const section = page(name)
    .split('\n.SH ')
    .find((each) => each.startsWith('ERRORS\n'));
  const entries = (section ?? '').matchAll(/^\.T[PQ].*\n\.BR? "?((?:E[A-Z0-9]+)(?: *(?:or|,|and) *E[A-Z0-9]+)*)/gm);
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
  const missing = documented(name).filter((each) => !(each in OUT_OF_REACH) && !known.get(name)?.has(each));
  count += missing.length;
  if (missing.length > 0) process.stdout.write(`${name} ${missing.join(' ')}\n`);
}
process.stdout.write(`${count} of them\n`);
