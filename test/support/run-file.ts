// A .run file is one command, run in a fresh directory. Its header: `needs:` a program, `npm:` a package that is fetched
// (tools/npm-package.ts), `file:` a name and a text with C's escapes (several), `stdin:`. The file `setup` beside it is a header
// that all cases of the folder share.

import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { npmPackages } from '../../tools/npm-package.ts';
import type { BothOptions } from './both.ts';
import { readCase, unescape, words } from './case.ts';
import { root } from './run.ts';
import { isSampled } from './sample.ts';

export interface RunFile {
  /** Of its folder. */
  readonly group: string;
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Its files and input. */
  readonly options: BothOptions;
  /** What it needs and this host has not. */
  readonly missing: string | undefined;
  /** Packages of npm that it needs. */
  readonly packages: readonly string[];
}

/** All in the folders of a directory, or a sample of them. */
export const runFiles = (directory: string): RunFile[] =>
  globSync('*/*.run', { cwd: directory })
    .filter(isSampled)
    .sort()
    .map((file) => readRun(join(directory, file)));

function readRun(path: string): RunFile {
  const own = readCase(path);
  const setup = join(dirname(path), 'setup');
  const headers = [...(existsSync(setup) ? [readCase(setup).header] : []), own.header];
  const all = (key: string): string[] => headers.flatMap((header) => header.get(key) ?? []);
  const line = own.body.filter((each) => each !== '').join('\n');
  const [program = '', ...args] = words(line.replaceAll('{root}', root).replaceAll('{npm}', npmPackages));
  return {
    group: basename(dirname(path)),
    name: basename(path, '.run'),
    program,
    args,
    options: { stdin: unescape(all('stdin').at(-1) ?? ''), files: new Map(all('file').map((entry) => fileOf(entry))) },
    missing: all('needs').find((each) => !existsSync(each)),
    packages: all('npm'),
  };
}

/** `name text`. */
function fileOf(entry: string): [name: string, content: string] {
  const [, name = entry, text = ''] = /^(\S+) (.*)$/.exec(entry) ?? [];
  return [name, unescape(text)];
}
