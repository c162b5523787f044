// All rows and helper functions of the SSE family, in one place.

import type { FunctionDefinition } from '../../../ir/function.ts';
import { floatFunctions } from '../float.ts';
import type { Row } from '../insn.ts';
import { sseCompare } from './sse-compare.ts';
import { sseConvert } from './sse-convert.ts';
import { sseFloat } from './sse-float.ts';
import { sseInt } from './sse-int.ts';
import { sseMmx } from './sse-mmx.ts';
import { sseMove } from './sse-move.ts';
import { functions as rounding } from './sse-round.ts';
import { sseShuffle } from './sse-shuffle.ts';
import { sse3Rows, ssse3Rows } from './sse3.ts';
import { functions as integers, sse4Int } from './sse4-int.ts';
import { functions as products, sse4Lanes } from './sse4-lanes.ts';
import { functions as strings, sse4String } from './sse4-string.ts';

export const sse: readonly Row[] = [
  ...sseMove,
  ...sseInt,
  ...sseShuffle,
  ...sseFloat,
  ...sseCompare,
  ...sseConvert,
  ...sse3Rows,
  ...ssse3Rows,
  ...sse4Int,
  ...sse4Lanes,
  ...sse4String,
  ...sseMmx,
];

export const functions: readonly FunctionDefinition[] = [...floatFunctions, ...rounding, ...integers, ...products, ...strings];
