// Every row in the interpreter against the CPU: more than 200,000 random cases.

import { testTier } from './tier-test.ts';

testTier('interpreter', 60);
