// Real programs: the same output, status and files as natively. A case is a file beside this one.
//
// A .c or .cc file is a program. Its header: `build:` ways to build it (tools/fixtures.ts; default pie), `flags:` more for the
// compiler, `args:`, `stdin:`, `with:` a source that is built as a shared library beside it (its path is the last argument),
// `stderr: differs`.
//
// A .run file lists commands, one a line, each run in a fresh directory. Its header: `needs:` a program, `file:` a name and a
// text with C's escapes (several), `stdin:`.

import assert from 'node:assert/strict';
import {
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { compile, isBuild, whyNot } from '../../tools/fixtures.ts';
import { readCase, unescape, words } from '../support/case.ts';
import { assertSame } from '../support/same.ts';
import { type Outcome, run, runElfin, type RunOptions } from '../support/run.ts';

const isHost = process.platform === 'linux' && process.arch === 'x64';
const scratch = mkdtempSync(join(tmpdir(), 'elfin-programs-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
/** elfin runs at a time. */
const concurrency = 2;
let directories = 0;

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
        await same(program, args, { stdin: unescape(one('stdin') ?? ''), sameErrors: one('stderr') !== 'differs' });
      });
    }
  });
}

for (const file of globSync('*.run', { cwd: import.meta.dirname }).sort()) {
  const { header, body } = readCase(join(import.meta.dirname, file));
  const missing = (header.get('needs') ?? []).find((path) => !existsSync(path));
  const skip = isHost ? missing && `needs ${missing}` : 'needs Linux on x86-64';
  suite(basename(file, '.run'), { concurrency }, () => {
    for (const line of body.filter((each) => each !== '')) {
      test(line, { skip: skip ?? false }, async () => {
        const [program = '', ...args] = words(line);
        const files = (header.get('file') ?? []).map((entry) => /^(\S+) (.*)$/.exec(entry)?.slice(1) ?? [entry, '']);
        await same(
          program,
          args,
          { stdin: unescape(header.get('stdin')?.[0] ?? '') },
          new Map(files.map(([name = '', text = '']) => [name, unescape(text)])),
        );
      });
    }
  });
}

interface Options extends RunOptions {
  readonly sameErrors?: boolean;
}

/** Runs natively, then under elfin in a directory of the same name and content, which is written through. */
async function same(
  program: string,
  args: readonly string[],
  options: Options,
  files: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const directory = join(scratch, String(directories++), 'work');
  const both = { ...options, cwd: directory };
  plant(directory, files);
  const native: Outcome = await run(program, args, both);
  const left = listing(directory);
  plant(directory, files);
  const guest = await runElfin(['-v', `${directory}:${directory}`, program, ...args], both);
  const errors = options.sameErrors === false ? { stderr: '' } : {};
  assertSame({ ...guest, ...errors, ...listing(directory) }, { ...native, ...errors, ...left });
}

/** 2020-01-02 03:04:05 UTC. */
const THEN = 1577934245;

function plant(directory: string, files: ReadonlyMap<string, string>): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) {
    if (name.endsWith('/')) mkdirSync(join(directory, name));
    else writeFileSync(join(directory, name), content, 'latin1');
  }
  for (const name of [...files.keys(), '.']) utimesSync(join(directory, name), THEN, THEN);
}

/** What lies in a directory: modes and contents by name. */
function listing(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name);
    const stat = lstatSync(path);
    const content = stat.isFile() ? readFileSync(path, 'latin1') : stat.isSymbolicLink() ? `-> ${readlinkSync(path)}` : '';
    found[`file ${name}`] = `${stat.mode.toString(8)} ${content}`;
  }
  return found;
}
