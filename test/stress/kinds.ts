// The kinds of stress, and one run of a kind natively and under elfin.

import { join } from 'node:path';
import { compile } from '../../tools/fixtures.ts';
import { runBoth } from '../support/both.ts';

export const KINDS = [
  'threads',
  'spawn',
  'pipes',
  'open-files',
  'small-files',
  'real-time',
  'shared',
  'shared-file',
  'shared-shm',
  'semaphore',
] as const;

/** 100 is the full scale. */
export async function stress(kind: (typeof KINDS)[number], scale: number, timeout: number): Promise<void> {
  const program = await compile(join(import.meta.dirname, 'stress.c'), 'pie');
  await runBoth(program, [kind, String(scale)], { inMemory: true, timeout });
}
