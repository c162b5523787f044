// All rows and helper functions of the SSE family, in one place.

import type { FunctionDefinition } from '../../../ir/function.ts';
import type { Row } from '../insn.ts';
import { sseCompare } from './sse-compare.ts';
import { sseConvert } from './sse-convert.ts';
import { sseFloat } from './sse-float.ts';
import { sseInt } from './sse-int.ts';
import { sseMove } from './sse-move.ts';
import { functions as rounding } from './sse-round.ts';
import { sseShuffle } from './sse-shuffle.ts';

export const sse: readonly Row[] = [...sseMove, ...sseInt, ...sseShuffle, ...sseFloat, ...sseCompare, ...sseConvert];

export const functions: readonly FunctionDefinition[] = [...rounding];
