// The same programs out of a tar of Debian packages: of each program its first case.

import { suite, test } from 'node:test';
import { debianRoot, whyNotRoot } from '../../tools/debian-root.ts';
import { readTar } from '../../src/lib/tar.ts';
import { readFileSync } from 'node:fs';
import { runBoth } from '../support/both.ts';
import { CONCURRENCY } from '../support/c-cases.ts';
import { runFiles } from '../support/run-file.ts';

const reason = whyNotRoot();
const tar = reason === undefined ? debianRoot() : '';
const contents = new Set(reason === undefined ? [...readTar(readFileSync(tar), tar)].map(({ path }) => `/${path}`) : []);
/** /bin is a link to /usr/bin. */
const isIn = (program: string): boolean => contents.has(program.replace(/^\/(bin|sbin)\//, '/usr/$1/'));

suite('from a tar', { concurrency: CONCURRENCY }, () => {
  const tried = new Set<string>();
  for (const { group, name, program, args, options, missing } of runFiles(import.meta.dirname)) {
    if (missing !== undefined || tried.has(program) || !isIn(program)) continue;
    tried.add(program);
    test(`${group}: ${name}`, { skip: reason ?? false }, async () => {
      await runBoth(program, args, { ...options, root: tar });
    });
  }
});
