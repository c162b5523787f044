// x87 transcendental rows: f2xm1, fyl2x, fyl2xp1, fsin, fcos, fsincos, fptan, fpatan.
//
// Results are those of about 120 correct bits, rounded as RC says: CPUs may differ from them, and from each other, by one
// unit in the last place (Intel SDM volume 1, 8.3.10), so that PE and C1 may differ too.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import { BIAS, C2, callF80, Class, classOf, INTEGER_BIT } from '../f80-parts.ts';
import { insn, type Row } from '../insn.ts';
import { waiting } from './x87-operands.ts';
import {
  commit,
  control,
  finish,
  indefiniteMantissa,
  indefiniteSignExponent,
  isEmpty,
  mantissaOf,
  physical,
  setStatus,
  signExponentOf,
  UNDERFLOW,
} from './x87-state.ts';

/** ST(0) = f(ST(0)); with `range` C2 says whether the operand is out of range and stays. */
const ofOne = (name: string, callee: string, range: boolean): FunctionDefinition =>
  defineFunction(`x87.${name}`, [], [], (b) => {
    const x = physical(b, 0);
    if (range) setStatus(b, C2, 0);
    b.if(isEmpty(b, x), () => {
      finish(b, b.i32(0), indefiniteMantissa(b), indefiniteSignExponent(b), b.i32(UNDERFLOW), b.i32(0));
      b.return();
    });
    const result = callF80(b, callee, mantissaOf(b, x), signExponentOf(b, x), control(b));
    finish(b, b.i32(0), result.mantissa, result.signExponent, result.flags, b.i32(0));
  });

/** ST(1) = f(ST(1), ST(0)), then a pop. */
const ofTwo = (name: string, callee: string, topFirst: boolean): FunctionDefinition =>
  defineFunction(`x87.${name}`, [], [], (b) => {
    const x = physical(b, 0),
      y = physical(b, 1);
    b.if(b.or(isEmpty(b, x), isEmpty(b, y)), () => {
      finish(b, b.i32(1), indefiniteMantissa(b), indefiniteSignExponent(b), b.i32(UNDERFLOW), b.i32(1));
      b.return();
    });
    const [first, second] = topFirst ? [x, y] : [y, x];
    const result = callF80(
      b,
      callee,
      mantissaOf(b, first),
      signExponentOf(b, first),
      mantissaOf(b, second),
      signExponentOf(b, second),
      control(b),
    );
    finish(b, b.i32(1), result.mantissa, result.signExponent, result.flags, b.i32(1));
  });

/** ST(0) = f(ST(0)), then a push: of 1 (fptan) or of the cosine (fsincos). A NaN is pushed again. */
const andPush = (name: string, callee: string, pushed: string): FunctionDefinition =>
  defineFunction(`x87.${name}`, [], [], (b) => {
    const x = physical(b, 0);
    setStatus(b, C2, 0);
    b.if(isEmpty(b, x), () => {
      b.call('x87.pair', [b.i64(0), b.i32(0), b.i64(0), b.i32(0), b.i32(UNDERFLOW)]);
      b.return();
    });
    const mantissa = mantissaOf(b, x),
      signExponent = signExponentOf(b, x);
    const first = callF80(b, callee, mantissa, signExponent, control(b));
    b.if(b.select(isEmpty(b, physical(b, -1)), b.and(first.flags, C2), 0), () => {
      commit(b, first.flags);
      b.return();
    });
    if (pushed === 'one') {
      const isNan = b.geU(classOf(b, first.mantissa, first.signExponent), Class.quietNan);
      b.call('x87.pair', [
        first.mantissa,
        first.signExponent,
        b.select(isNan, first.mantissa, INTEGER_BIT),
        b.select(isNan, first.signExponent, BIAS),
        first.flags,
      ]);
    } else {
      const second = callF80(b, pushed, mantissa, signExponent, control(b));
      b.call('x87.pair', [
        first.mantissa,
        first.signExponent,
        second.mantissa,
        second.signExponent,
        b.or(first.flags, second.flags),
      ]);
    }
  });

export const transcendentalFunctions: readonly FunctionDefinition[] = [
  ofOne('f2xm1', 'f80.exp2m1', false),
  ofOne('fsin', 'f80.sin', true),
  ofOne('fcos', 'f80.cos', true),
  ofTwo('fyl2x', 'f80.ylog2x', true),
  ofTwo('fyl2xp1', 'f80.ylog2xp1', true),
  ofTwo('fpatan', 'f80.atan2', false),
  andPush('fptan', 'f80.tan', 'one'),
  andPush('fsincos', 'f80.sin', 'f80.cos'),
];

const KEYS = {
  f2xm1: 'D9 F0',
  fyl2x: 'D9 F1',
  fptan: 'D9 F2',
  fpatan: 'D9 F3',
  fyl2xp1: 'D9 F9',
  fsincos: 'D9 FB',
  fsin: 'D9 FE',
  fcos: 'D9 FF',
} as const;

export const x87Transcendental: readonly Row[] = Object.entries(KEYS).map(([name, key]) =>
  insn(
    name,
    { [key]: '' },
    waiting((b) => void b.call(`x87.${name}`, [])),
  ),
);
