// Real programs: the same output, status and files as natively. A case is a file beside this one.
//
// A .c or .cc file is a program. Its header: `build:` ways to build it (tools/fixtures.ts; default pie), `flags:` more for the
// compiler, `args:`, `stdin:`, `with:` a source that is built as a shared library beside it (its path is the last argument),
// `stderr: differs`.
//
// A .run file lists commands, one a line, each run in a fresh directory. Its header: `needs:` a program, `file:` a name and a
// text with C's escapes (several), `stdin:`.

import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import { compile, isBuild, whyNot } from '../../tools/fixtures.ts';
import { runBoth } from '../support/both.ts';
import { readCase, unescape, words } from '../support/case.ts';

const isHost = process.platform === 'linux' && process.arch === 'x64';
/** elfin runs at a time. */
const concurrency = 2;

for (const file of globSync('*.{c,cc}', { cwd: import.meta.dirname }).sort()) {
  const source = join(import.meta.dirname, file);
  const { header } = readCase(source);
  const one = (key: string): string | undefined => header.get(key)?.[0];
  suite(file, { concurrency }, () => {
    for (const build of (one('build') ?? 'pie').split(' ')) {
      assert.ok(isBuild(build), `${file}: no build ${build}`);
      test(build, { skip: whyNot(build) ?? false }, async () => {
        const program = await compile(source, build, words(one('flags') ?? ''));
        const args = words(one('args') ?? '');
        const companion = one('with');
        if (companion !== undefined) args.push(await compile(join(import.meta.dirname, companion), 'shared'));
        await runBoth(program, args, { stdin: unescape(one('stdin') ?? ''), sameErrors: one('stderr') !== 'differs' });
      });
    }
  });
}

for (const file of globSync('*.run', { cwd: import.meta.dirname }).sort()) {
  const { header, body } = readCase(join(import.meta.dirname, file));
  const missing = (header.get('needs') ?? []).find((path) => !existsSync(path));
  const files = new Map((header.get('file') ?? []).map((entry) => fileOf(entry)));
  const stdin = unescape(header.get('stdin')?.[0] ?? '');
  suite(basename(file, '.run'), { concurrency }, () => {
    for (const line of body.filter((each) => each !== '')) {
      const [program = '', ...args] = words(line);
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
