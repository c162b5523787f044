// x87 comparison rows: fcom, fucom, fcomi and their popping and integer forms, ftst, fxam.
//
// Condition codes are set even when the exception is unmasked; only the pops are not made then.

import type { Builder } from '../../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { UNORDERED } from '../f80-compare.ts';
import { C0, C1, C2, C3, callPair, F80_RESULT, SIGN, STACK_FAULT } from '../f80-parts.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { f80Args, loadFloat, loadInteger, waiting } from './x87-operands.ts';
import { commit, isEmpty, mantissaOf, physical, pop, setStatus, signExponentOf, status, UNDERFLOW } from './x87-state.ts';

const CODES = C3 | C2 | C0;

export const compareFunctions: readonly FunctionDefinition[] = [
  /** ST(0) against ST(i): codes and flags. */
  defineFunction('x87.order', ['i32', 'i32'], ['i32', 'i32'], (b, i, quiet) => {
    const x = physical(b, 0),
      y = physical(b, i);
    b.if(b.or(isEmpty(b, x), isEmpty(b, y)), () => b.return(b.i32(UNORDERED), b.i32(UNDERFLOW)));
    const xValue = [mantissaOf(b, x), signExponentOf(b, x)],
      yValue = [mantissaOf(b, y), signExponentOf(b, y)];
    b.return(...b.call('f80.compare', [...xValue, ...yValue, quiet], ['i32', 'i32']));
  }),
  /** ST(0) against a memory operand with its flags. */
  defineFunction('x87.orderm', F80_RESULT, ['i32', 'i32'], (b, mantissa, signExponent, operandFlags) => {
    const x = physical(b, 0);
    b.if(isEmpty(b, x), () => b.return(b.i32(UNORDERED), b.i32(UNDERFLOW)));
    const value = [mantissaOf(b, x), signExponentOf(b, x)];
    const [codes, flags] = callPair(b, 'f80.compare', ['i32', 'i32'], ...value, mantissa, signExponent, b.i32(0));
    b.return(codes, b.or(flags, b.select(b.eq(codes, UNORDERED), 0, operandFlags)));
  }),
  defineFunction('x87.compared', ['i32', 'i32'], [], (b, flags, pops) => {
    b.if(commit(b, flags), () => {
      b.if(pops, () => pop(b));
      b.if(b.gtU(pops, 1), () => pop(b));
    });
  }),
  defineFunction('x87.fxam', [], [], (b) => {
    const x = physical(b, 0);
    b.if(isEmpty(b, x), () => {
      setStatus(b, CODES | C1, b.or(C3 | C0, b.select(b.and(signExponentOf(b, x), SIGN), C1, 0)));
      b.return();
    });
    setStatus(b, CODES | C1, b.pure('f80.examine', 'i32', mantissaOf(b, x), signExponentOf(b, x)));
  }),
];

const order = (b: Builder, i: Value, quiet: boolean): [Value, Value] =>
  callPair(b, 'x87.order', ['i32', 'i32'], i, b.i32(quiet ? 1 : 0));

function toStatus(b: Builder, codes: Value, flags: Value, pops: number): void {
  setStatus(b, CODES, codes);
  b.call('x87.compared', [flags, b.i32(pops)]);
}

const withMemory =
  (load: typeof loadFloat, pops: number) =>
  (b: X64Builder, source: Operand): void => {
    const [codes, flags] = callPair(b, 'x87.orderm', ['i32', 'i32'], ...f80Args(load(b, source)));
    toStatus(b, codes, flags, pops);
  };

/** Against memory, ST(i), or ST(1) where no operand is written. */
const compare = (quiet: boolean, pops: number): Row['build'] =>
  waiting((b, first, second) => {
    if (first?.isMemory) return withMemory(loadFloat, pops)(b, first);
    const [codes, flags] = order(b, second ? second.number() : b.i32(1), quiet);
    toStatus(b, codes, flags, pops);
  });

/** C3 C2 C0 lie 8 bits above ZF PF CF. C1 changes by a stack fault only. */
const compareToFlags = (quiet: boolean, pops: number): Row['build'] =>
  waiting((b, _, other) => {
    const [codes, flags] = order(b, (other as Operand).number(), quiet);
    const rounded = b.select(b.and(flags, STACK_FAULT), 0, b.and(status(b), C1));
    b.call('x87.compared', [flags, b.i32(pops)]);
    setStatus(b, C1, rounded);
    b.flagsRaw(b.shrU(codes, 8));
  });

const compareInteger = (pops: number): Row['build'] =>
  waiting((b, source) => withMemory(loadInteger, pops)(b, source as Operand));

export const x87Compare: readonly Row[] = [
  insn('fcom', { 'D8/2': 'Md', 'DC/2': 'Mq', 'D8 D0+i': 'ST0 STi', 'DC D0+i': 'ST0 STi' }, compare(false, 0)),
  insn(
    'fcomp',
    { 'D8/3': 'Md', 'DC/3': 'Mq', 'D8 D8+i': 'ST0 STi', 'DC D8+i': 'ST0 STi', 'DE D0+i': 'ST0 STi' },
    compare(false, 1),
  ),
  insn('fcompp', { 'DE D9': '' }, compare(false, 2)),
  insn('fucom', { 'DD E0+i': 'ST0 STi' }, compare(true, 0)),
  insn('fucomp', { 'DD E8+i': 'ST0 STi' }, compare(true, 1)),
  insn('fucompp', { 'DA E9': '' }, compare(true, 2)),
  insn('fcomi', { 'DB F0+i': 'ST0 STi' }, compareToFlags(false, 0)),
  insn('fcomip', { 'DF F0+i': 'ST0 STi' }, compareToFlags(false, 1)),
  insn('fucomi', { 'DB E8+i': 'ST0 STi' }, compareToFlags(true, 0)),
  insn('fucomip', { 'DF E8+i': 'ST0 STi' }, compareToFlags(true, 1)),
  insn('ficom', { 'DA/2': 'Md', 'DE/2': 'Mw' }, compareInteger(0)),
  insn('ficomp', { 'DA/3': 'Md', 'DE/3': 'Mw' }, compareInteger(1)),
  insn(
    'ftst',
    { 'D9 E4': '' },
    waiting((b) => {
      const [codes, flags] = callPair(b, 'x87.orderm', ['i32', 'i32'], b.i64(0), b.i32(0), b.i32(0));
      toStatus(b, codes, flags, 0);
    }),
  ),
  insn(
    'fxam',
    { 'D9 E5': '' },
    waiting((b) => void b.call('x87.fxam', [])),
  ),
];
