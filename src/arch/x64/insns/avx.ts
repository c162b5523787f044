// All rows and helper functions of AVX and what came with it, in one place.

import type { FunctionDefinition } from '../../../ir/function.ts';
import type { Row } from '../insn.ts';
import { avxConvert } from './avx-convert.ts';
import { avxDerived } from './avx-derived.ts';
import { avxGather } from './avx-gather.ts';
import { avxMove } from './avx-move.ts';
import { avxPermute } from './avx-permute.ts';

export const avx: readonly Row[] = [...avxDerived, ...avxMove, ...avxPermute, ...avxConvert, ...avxGather];

export const functions: readonly FunctionDefinition[] = [];
