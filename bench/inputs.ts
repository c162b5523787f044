// What commands work on: text of a known size, C source that is preprocessed, an empty script. Made once, kept in .cache/bench.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '../.cache/bench');

function made(name: string, content: () => string): string {
  const path = join(cache, name);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(path)) writeFileSync(path, content());
  return path;
}

/** Words of a vocabulary in which a few are frequent. */
export function text(bytes: number): string {
  const size = Math.max(1, Math.round(bytes));
  return made(`text-${size}`, () => {
    let seed = 1;
    const random = (): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 4294967296;
    };
    const letter = (): string => String.fromCharCode(97 + Math.floor(random() * 26));
    const words = Array.from({ length: 4000 }, () => Array.from({ length: 2 + Math.floor(random() * 9) }, letter).join(''));
    // Made once and turned: writing tens of megabytes word by word takes seconds.
    let piece = '';
    while (piece.length < Math.min(size, PIECE))
      piece += `${words[Math.floor(words.length * random() ** 3)]}${random() < 0.1 ? '.\n' : ' '}`;
    let all = piece;
    for (let turn = 1; all.length < size; turn++) all += piece.slice(turn * 1001) + piece.slice(0, turn * 1001);
    return all.slice(0, size);
  });
}
const PIECE = 8_000_000;

/** The compiler proper of gcc. */
export const cc1 = (): string => execFileSync('gcc', ['-print-prog-name=cc1'], { encoding: 'utf8' }).trim();

/** `units` times programs/unit.h with other names, about 100 lines each. */
export function preprocessed(units: number): string {
  return made(`units-${units}.i`, () => {
    const header = join(import.meta.dirname, 'programs/unit.h');
    const pieces = Array.from({ length: units }, (_, i) => `#define NAME(x) x##_${i}\n#include "${header}"\n#undef NAME\n`);
    return execFileSync('gcc', ['-E', '-P', '-x', 'c', '-'], { input: pieces.join(''), encoding: 'utf8' });
  });
}

/** A script that only ends with a status: the least that Node takes. */
export const emptyScript = (status: number): string => made(`empty-${status}.cjs`, () => `process.exitCode = ${status};\n`);
