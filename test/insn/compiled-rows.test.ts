// Every row in compiled code against the CPU.

import { testTier } from './tier-test.ts';

testTier('compiled', 20);
