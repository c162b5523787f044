// All 80-bit soft-float functions of the generated module.

import type { FunctionDefinition } from '../../ir/function.ts';
import { f80Arith } from './f80-arith.ts';
import { f80Compare } from './f80-compare.ts';
import { f80Convert } from './f80-convert.ts';
import { f80Log } from './f80-log.ts';
import { f80Round } from './f80-round.ts';
import { f80Trig } from './f80-trig.ts';
import { f80Wide } from './f80-wide.ts';

export const f80Functions: readonly FunctionDefinition[] = [
  ...f80Round,
  ...f80Arith,
  ...f80Convert,
  ...f80Compare,
  ...f80Wide,
  ...f80Log,
  ...f80Trig,
];
