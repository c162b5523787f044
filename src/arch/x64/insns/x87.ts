// The x87 FPU: all its rows and helper functions.

import type { FunctionDefinition } from '../../../ir/function.ts';
import { f80Functions } from '../f80.ts';
import type { Row } from '../insn.ts';
import { arithFunctions, x87Arith } from './x87-arith.ts';
import { compareFunctions, x87Compare } from './x87-compare.ts';
import { controlFunctions, x87Control } from './x87-control.ts';
import { moveFunctions, x87Move } from './x87-move.ts';
import { x87StateFunctions } from './x87-state.ts';
import { transcendentalFunctions, x87Transcendental } from './x87-transcendental.ts';

export const x87: readonly Row[] = [...x87Move, ...x87Arith, ...x87Compare, ...x87Transcendental, ...x87Control];

export const functions: readonly FunctionDefinition[] = [
  ...f80Functions,
  ...x87StateFunctions,
  ...moveFunctions,
  ...arithFunctions,
  ...compareFunctions,
  ...transcendentalFunctions,
  ...controlFunctions,
];
