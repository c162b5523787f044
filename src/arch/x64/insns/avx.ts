// All rows and helper functions of AVX and what came with it, in one place.

import type { FunctionDefinition } from '../../../ir/function.ts';
import type { Row } from '../insn.ts';
import { aes, functions as aesFunctions } from './aes.ts';
import { avxConvert } from './avx-convert.ts';
import { avxDerived } from './avx-derived.ts';
import { avxGather } from './avx-gather.ts';
import { avxMove } from './avx-move.ts';
import { avxPermute } from './avx-permute.ts';
import { f16c, functions as halfFunctions } from './f16c.ts';
import { functions as fmaFunctions, fmaRows } from './fma.ts';
import { sha } from './sha.ts';
import { xsave, functions as saveFunctions } from './xsave.ts';

export const avx: readonly Row[] = [
  ...avxDerived,
  ...avxMove,
  ...avxPermute,
  ...avxConvert,
  ...avxGather,
  ...fmaRows,
  ...f16c,
  ...aes,
  ...sha,
  ...xsave,
];

export const functions: readonly FunctionDefinition[] = [...fmaFunctions, ...halfFunctions, ...aesFunctions, ...saveFunctions];
