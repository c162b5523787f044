// Runs cases on the CPU of this machine by native.c, built on first use.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, RECORD_SIZE, type Result, readRecord, writeRecord } from './cases.ts';

const source = join(import.meta.dirname, 'native.c');
/** Where files are memory. */
const SHARED = '/dev/shm';
const cache = join(import.meta.dirname, '../../.cache/insn');

/** Can this machine run cases at all? */
export const isNative = (): boolean =>
  process.platform === 'linux' && process.arch === 'x64' && spawnSync('gcc', ['--version']).status === 0;

function build(): string {
  const name = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const path = join(cache, `native-${name}`);
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    const { status, stderr } = spawnSync('gcc', ['-O1', '-o', path, source], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`gcc: ${stderr}`);
  }
  return path;
}

export function runNative(cases: readonly Case[]): Result[] {
  const directory = mkdtempSync(join(existsSync(SHARED) ? SHARED : tmpdir(), 'elfin-insn-'));
  try {
    const input = join(directory, 'cases'),
      output = join(directory, 'results');
    const bytes = new Uint8Array(cases.length * RECORD_SIZE);
    cases.forEach((one, i) => writeRecord(bytes, i * RECORD_SIZE, one));
    writeFileSync(input, bytes);
    const { status, stderr } = spawnSync(build(), [input, output], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`native: status ${status} ${stderr}`);
    const results = readFileSync(output);
    return cases.map((_, i) => readRecord(results, i * RECORD_SIZE));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
