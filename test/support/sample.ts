// Which cases are tried: all, or a seeded share of them, as `ELFIN_TEST_SAMPLE=0.1,SEED` wants it.

import { createHash } from 'node:crypto';

const [share = '1', seed = ''] = (process.env.ELFIN_TEST_SAMPLE ?? '').split(',').filter(Boolean);

/** The same for the same seed and name, whatever other cases there are. */
export const isSampled = (name: string): boolean =>
  createHash('sha256').update(`${seed}/${name}`).digest().readUInt32LE() < Number(share) * 2 ** 32;
