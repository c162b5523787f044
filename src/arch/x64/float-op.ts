// The numbers of floating-point operations, for the functions of float.ts, and how meanings ask for one.

import type { Value } from '../../ir/value.ts';
import type { X64Builder } from './builder.ts';

/**
 * What float.op32 and float.op64 do, in the low four bits of their first argument; the rest is a parameter.
 *   sqrt          of the second operand
 *   compare       parameter: the predicate (SDM volume 2, CMPPD, table 3-1); ones or 0
 *   round         parameter: imm8 of ROUNDxx; of the second operand
 *   toInteger     to i32, parameter 1: truncating; of the second operand
 *   fromInteger   of the second operand, an i32 (i64)
 */
export const FloatOp = {
  add: 0,
  sub: 1,
  mul: 2,
  div: 3,
  sqrt: 4,
  min: 5,
  max: 6,
  compare: 7,
  round: 8,
  toInteger: 9,
  fromInteger: 10,
} as const;
export type FloatOpName = keyof typeof FloatOp;
export const OP_BITS = 4;
/** Predicates of compare that are used by name. */
export const Predicate = { unordered: 3, equalOrUnordered: 8, belowLoud: 9, belowQuiet: 0x19 } as const;

/** A number or two or four lanes. */
export type FloatShape = 'f32' | 'f64' | 'f32x4' | 'f64x2';

/** The operation's number with its parameter, i32. */
export const floatOp = (b: X64Builder, name: FloatOpName, parameter: Value | number = 0): Value =>
  typeof parameter === 'number' ? b.i32(FloatOp[name] | (parameter << OP_BITS)) : b.or(b.shl(parameter, OP_BITS), FloatOp[name]);

/**
 * `op` as MXCSR says, of numbers or lanes (`odd` in odd lanes if it is given); compare and toInteger of f32 give its bits
 * as an i32.
 */
export function exactly(b: X64Builder, shape: FloatShape, op: Value, x: Value, y: Value, odd = op): Value {
  if (shape === 'f32x4' || shape === 'f64x2') {
    return b.call(shape === 'f32x4' ? 'float.lanes32' : 'float.lanes64', [op, odd, x, y], ['v128'])[0] as Value;
  }
  const [bits] = shape === 'f32' ? (['i32'] as const) : (['i64'] as const);
  const bitsOf = (v: Value): Value =>
    v.type === bits ? v : b.op(shape === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64', v);
  return b.call(shape === 'f32' ? 'float.op32' : 'float.op64', [op, bitsOf(x), bitsOf(y)], [bits])[0] as Value;
}

/** The same with a number of the shape as the result. */
export function exactFloat(b: X64Builder, shape: FloatShape, op: Value, x: Value, y: Value): Value {
  const result = exactly(b, shape, op, x, y);
  if (result.type === 'v128') return result;
  return b.op(result.type === 'i32' ? 'f32.reinterpret_i32' : 'f64.reinterpret_i64', result);
}
