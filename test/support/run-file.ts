// A .run file lists commands, one a line, each run in a fresh directory. Its header: `needs:` a program, `file:` a name and a
// text with C's escapes (several), `stdin:`.

import { existsSync, globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BothOptions } from './both.ts';
import { readCase, unescape, words } from './case.ts';
import { root } from './run.ts';

export interface Command {
  readonly line: string;
  readonly program: string;
  readonly args: readonly string[];
}

export interface RunFile {
  readonly name: string;
  readonly commands: readonly Command[];
  /** Files and input of each command. */
  readonly options: BothOptions;
  /** What it needs and this host has not. */
  readonly missing: string | undefined;
}

/** Paths of all in a directory. */
export const runFiles = (directory: string): string[] =>
  globSync('*.run', { cwd: directory })
    .sort()
    .map((file) => join(directory, file));

export function readRun(path: string): RunFile {
  const { header, body } = readCase(path);
  const commands = body
    .filter((each) => each !== '')
    .map((line) => {
      const [program = '', ...args] = words(line.replaceAll('{root}', root));
      return { line, program, args };
    });
  return {
    name: basename(path, '.run'),
    commands,
    options: {
      stdin: unescape(header.get('stdin')?.[0] ?? ''),
      files: new Map((header.get('file') ?? []).map((entry) => fileOf(entry))),
    },
    missing: (header.get('needs') ?? []).find((each) => !existsSync(each)),
  };
}

/** `name text`. */
function fileOf(entry: string): [name: string, content: string] {
  const [, name = entry, text = ''] = /^(\S+) (.*)$/.exec(entry) ?? [];
  return [name, unescape(text)];
}
