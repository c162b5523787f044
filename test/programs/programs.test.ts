// Real programs: the same output, status and files as natively. A case is a file beside this one.
//
// A .c or .cc file is a program; ../support/c-cases.ts tells what its header may say.
//
// A .run file lists commands, one a line, each run in a fresh directory. Its header: `needs:` a program, `file:` a name and a
// text with C's escapes (several), `stdin:`.

import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import { runBoth } from '../support/both.ts';
import { CONCURRENCY, cCases } from '../support/c-cases.ts';
import { readCase, unescape, words } from '../support/case.ts';
import { root } from '../support/run.ts';

const isHost = process.platform === 'linux' && process.arch === 'x64';

cCases(import.meta.dirname);

for (const file of globSync('*.run', { cwd: import.meta.dirname }).sort()) {
  const { header, body } = readCase(join(import.meta.dirname, file));
  const missing = (header.get('needs') ?? []).find((path) => !existsSync(path));
  const files = new Map((header.get('file') ?? []).map((entry) => fileOf(entry)));
  const stdin = unescape(header.get('stdin')?.[0] ?? '');
  suite(basename(file, '.run'), { concurrency: CONCURRENCY }, () => {
    for (const line of body.filter((each) => each !== '')) {
      const [program = '', ...args] = words(line.replaceAll('{root}', root));
      const skip = !isHost ? 'needs Linux on x86-64' : missing !== undefined ? `needs ${missing}` : false;
      test(line, { skip }, async () => {
        await runBoth(program, args, { stdin, files });
      });
    }
  });
}

/** `name text`. */
function fileOf(entry: string): [name: string, content: string] {
  const [, name = entry, text = ''] = /^(\S+) (.*)$/.exec(entry) ?? [];
  return [name, unescape(text)];
}
