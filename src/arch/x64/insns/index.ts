// All rows and helper functions of the architecture, gathered from the files of this folder.

import type { FunctionDefinition } from '../../../ir/function.ts';
import type { Row } from '../insn.ts';
import { arith, functions as arithFunctions } from './arith.ts';
import { avx, functions as avxFunctions } from './avx.ts';
import { bit, functions as bitFunctions } from './bit.ts';
import { branch } from './branch.ts';
import { logic } from './logic.ts';
import { move } from './move.ts';
import { pseudo } from './pseudo.ts';
import { selector } from './selector.ts';
import { shift } from './shift.ts';
import { sse, functions as sseFunctions } from './sse.ts';
import { stack } from './stack.ts';
import { string } from './string.ts';
import { functions as systemFunctions, system } from './system.ts';
import { functions as x87Functions, x87 } from './x87.ts';

/** What x86-64-v2 programs use. */
export const coreRows: readonly Row[] = [
  ...pseudo,
  ...arith,
  ...logic,
  ...shift,
  ...move,
  ...stack,
  ...selector,
  ...branch,
  ...string,
  ...bit,
  ...system,
  ...sse,
  ...x87,
];

export const coreFunctions: readonly FunctionDefinition[] = [
  ...arithFunctions,
  ...bitFunctions,
  ...systemFunctions,
  ...sseFunctions,
  ...x87Functions,
];

/** Everything. */
export const rows: readonly Row[] = [...coreRows, ...avx];
export const functions: readonly FunctionDefinition[] = [...coreFunctions, ...avxFunctions];
