// `npm run test:stress [-- SCALE [KIND...]]`: every kind of stress at the full scale, with its time.

import { test } from 'node:test';
import { KINDS, stress } from './kinds.ts';

const [scale = '100', ...names] = process.argv.slice(2);
for (const kind of KINDS)
  if (names.length === 0 || names.includes(kind)) test(kind, () => stress(kind, Number(scale), 1_800_000));
