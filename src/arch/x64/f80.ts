// All 80-bit soft-float functions of the generated module.

import type { FunctionDefinition } from '../../ir/function.ts';
import { f80Arith } from './f80-arith.ts';
import { f80Compare } from './f80-compare.ts';
import { f80Convert } from './f80-convert.ts';
import { f80Round } from './f80-round.ts';

export const f80Functions: readonly FunctionDefinition[] = [...f80Round, ...f80Arith, ...f80Convert, ...f80Compare];
