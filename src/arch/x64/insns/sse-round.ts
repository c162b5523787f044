// Rounding by MXCSR.RC where it is not to nearest: helper functions of the conversions and of ROUNDxx.
//
// Everywhere `rc` is 0 nearest even, 1 down, 2 up, 3 towards zero (Intel SDM volume 1, 4.8.4).

import type { Builder } from '../../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';

const INTEGRAL = ['nearest', 'floor', 'ceil', 'trunc'] as const;

/** sse.round.TYPE(x, rc): x rounded to an integral value of its own type. */
const integral = (['f32', 'f64', 'f32x4', 'f64x2'] as const).map((type) => {
  const value = type === 'f32' || type === 'f64' ? type : 'v128';
  return defineFunction(`sse.round.${type}`, [value, 'i32'], [value], (b, x, rc) => {
    const result = b.variable(value);
    b.switch(
      rc as Value,
      INTEGRAL.map((how) => () => result.set(b.op(`${type}.${how}`, x as Value))),
    );
    b.return(result.get());
  });
});

/** Does a magnitude that was cut off round away from zero? `isNegative` is i32 0 or 1. */
const isAway = (b: Builder, rc: Value, isNegative: Value): Value => b.eq(rc, b.sub(2, isNegative));

/** sse.demote(x f64, rc): x as f32, rounded once; rc is not 0. */
const demote = defineFunction('sse.demote', ['f64', 'i32'], ['f32'], (b, x, rc) => {
  const source = x as Value;
  const near = b.op('f32.demote_f64', source);
  const back = b.op('f64.promote_f32', near);
  b.if(b.or(b.op('f64.eq', back, source), b.op('f64.ne', source, source)), () => b.return(near));
  // One step in magnitude is one step in the bits, from 0 up to infinity.
  const isNegative = b.wrap(b.shrU(b.op('i64.reinterpret_f64', source), 63));
  const isLarger = b.op('f64.gt', b.op('f64.abs', back), b.op('f64.abs', source));
  const away = isAway(b, rc as Value, isNegative);
  const step = b.sub(b.and(away, b.eqz(isLarger)), b.and(b.eqz(away), isLarger));
  b.return(b.op('f32.reinterpret_i32', b.add(b.op('i32.reinterpret_f32', near), step)));
});

/** sse.fromInteger(x i64, digits, rc): x rounded to that many significant bits, as f64; rc is not 0, digits 24 or 53. */
const fromInteger = defineFunction('sse.fromInteger', ['i64', 'i32', 'i32'], ['f64'], (b, x, digits, rc) => {
  const source = x as Value;
  const isNegative = b.wrap(b.shrU(source, 63));
  const magnitude = b.select(isNegative, b.neg(source), source);
  const excess = b.sub(b.sub(64, b.wrap(b.clz(magnitude))), digits as Value);
  const result = b.variable('i64', magnitude);
  b.if(b.gtS(excess, 0), () => {
    const unit = b.shl(b.i64(1), b.zext(excess));
    const rest = b.and(magnitude, b.sub(unit, 1));
    const cut = b.sub(magnitude, rest);
    const rounds = b.and(b.op('i64.ne', rest, 0), isAway(b, rc as Value, isNegative));
    result.set(b.select(rounds, b.add(cut, unit), cut));
  });
  const value = b.op('f64.convert_i64_u', result.get());
  b.return(b.select(isNegative, b.op('f64.neg', value), value));
});

export const functions: readonly FunctionDefinition[] = [...integral, demote, fromInteger];
