// Compiled code of every row with each pass of the compiler left out that shows in single instructions, against the CPU.

import type { PassName } from '../../src/exec/jit/passes.ts';
import { testTier } from './tier-test.ts';

const PASSES: readonly PassName[] = ['flag-liveness', 'flag-fusion', 'constant-conditions', 'shared-checks', 'vector-lanes'];

for (const pass of PASSES) testTier('compiled', 1, [pass]);
