// A small sample of the stress that `npm run test:stress` runs in full.

import { test } from 'node:test';
import { whyNot } from '../../tools/fixtures.ts';
import { KINDS, stress } from './kinds.ts';

for (const kind of KINDS) test(kind, { skip: whyNot('pie') ?? false }, () => stress(kind, 1, 60_000));
