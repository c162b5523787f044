// What the test of a read-only directory and the coverage test share: the directory, and the program that tries to change it.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../../tools/fixtures.ts';

/** The program; its argument is the directory. */
export const changes = (): Promise<string> => compile(join(import.meta.dirname, 'changes.c'), 'pie');

/** Options and arguments with which elfin runs the program on a new directory at `at`. */
export async function readOnlyRun(at: string): Promise<string[]> {
  mkdirSync(join(at, 'd'), { recursive: true });
  writeFileSync(join(at, 'f'), 'text\n');
  symlinkSync('f', join(at, 'link'));
  return ['-v', `${at}:${at}:ro`, await changes(), at];
}
