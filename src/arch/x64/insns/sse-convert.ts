// SSE and SSE2 conversions between integers and floating point, and between the two floating-point types.
//
// Rounding follows MXCSR.RC. A NaN or a value that does not fit gives the integer indefinite value, 1 followed by
// zeroes (Intel SDM volume 1, table 4-3).

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { fromLow, roundingControl, unaryRow } from './sse-vector.ts';

const INDEFINITE = { i32: 0x80000000, i64: -0x8000000000000000n } as const;

/** x rounded to an integral value as MXCSR says; `type` is a scalar or vector type of floats. */
export const toIntegral = (b: X64Builder, type: 'f32' | 'f64' | 'f32x4' | 'f64x2', x: Value): Value =>
  b.pure(`sse.round.${type}`, x.type, x, roundingControl(b));

/** An integral f32 or f64, or one to be truncated, as a signed integer. */
function toInteger(b: X64Builder, type: 'i32' | 'i64', x: Value): Value {
  const from = x.type as 'f32' | 'f64';
  // Too large or NaN; what is too small saturates to the indefinite value by itself.
  const fits = b.op(`${from}.lt`, x, type === 'i32' ? 2 ** 31 : 2 ** 63);
  return b.select(fits, b.op(`${type}.trunc_sat_${from}_s`, x), b.const(type, INDEFINITE[type]));
}
/** The same for packed floats to i32 lanes; two f64 lanes give a zero high half. */
export function toIntegers(b: X64Builder, type: 'f32x4' | 'f64x2', x: Value): Value {
  const limit = type === 'f32x4' ? b.op('f32x4.splat', 2 ** 31) : b.op('f64x2.splat', 2 ** 31);
  const low = type === 'f32x4' ? b.op('f32x4.splat', -(2 ** 31)) : b.op('f64x2.splat', -(2 ** 31));
  const fitting = b.op('v128.bitselect', x, low, b.op(`${type}.lt`, x, limit));
  return b.op(type === 'f32x4' ? 'i32x4.trunc_sat_f32x4_s' : 'i32x4.trunc_sat_f64x2_s_zero', fitting);
}

/** `near` if MXCSR rounds to nearest, else what `other` makes with the rounding control. */
function byRounding(b: X64Builder, near: Value, other: (rc: Value) => Value): Value {
  const rc = roundingControl(b);
  const result = b.variable(near.type, near);
  b.if(rc, () => result.set(other(rc)));
  return result.get();
}
const demote = (b: X64Builder, x: Value): Value =>
  byRounding(b, b.op('f32.demote_f64', x), (rc) => b.pure('sse.demote', 'f32', x, rc));
const toSingle = (b: X64Builder, x: Value): Value =>
  byRounding(b, b.op(`f32.convert_${x.type as 'i32' | 'i64'}_s`, x), (rc) =>
    b.op('f32.demote_f64', b.pure('sse.fromInteger', 'f64', b.sext(x), b.i32(24), rc)),
  );
const toDouble = (b: X64Builder, x: Value): Value =>
  x.type === 'i32'
    ? b.op('f64.convert_i32_s', x)
    : byRounding(b, b.op('f64.convert_i64_s', x), (rc) => b.pure('sse.fromInteger', 'f64', x, b.i32(53), rc));

/** The lanes of x one by one through a scalar meaning. */
function eachLane(b: X64Builder, shape: 'i32x4' | 'f64x2', count: number, x: Value, meaning: (lane: Value) => Value): Value {
  let result: Value = b.v128of64(0n, 0n);
  for (let i = 0; i < count; i++) {
    result = b.lane('f32x4.replace_lane', i, result, meaning(b.lane(`${shape}.extract_lane`, i, x)));
  }
  return result;
}
export const demoteLanes = (b: X64Builder, x: Value): Value =>
  byRounding(b, b.op('f32x4.demote_f64x2_zero', x), (rc) =>
    eachLane(b, 'f64x2', 2, x, (lane) => b.pure('sse.demote', 'f32', lane, rc)),
  );
export const toSingles = (b: X64Builder, x: Value): Value =>
  byRounding(b, b.op('f32x4.convert_i32x4_s', x), (rc) =>
    eachLane(b, 'i32x4', 4, x, (lane) => b.op('f32.demote_f64', b.pure('sse.fromInteger', 'f64', b.sext(lane), b.i32(24), rc))),
  );

export const sseConvert: readonly Row[] = [
  insn('cvtsi2ss', { 'F3 0F 2A': 'Vss Ey' }, (b, dst, src) => dst.set(toSingle(b, src.get()))),
  insn('cvtsi2sd', { 'F2 0F 2A': 'Vsd Ey' }, (b, dst, src) => dst.set(toDouble(b, src.get()))),
  ...[{ prefix: 'F3', suffix: 'ss', type: 'f32' } as const, { prefix: 'F2', suffix: 'sd', type: 'f64' } as const].flatMap(
    ({ prefix, suffix, type }) => [
      insn(`cvtt${suffix}2si`, { [`${prefix} 0F 2C`]: `Gy W${suffix}` }, (b, dst, src) =>
        dst.set(toInteger(b, dst.type as 'i32' | 'i64', src.get())),
      ),
      insn(`cvt${suffix}2si`, { [`${prefix} 0F 2D`]: `Gy W${suffix}` }, (b, dst, src) =>
        dst.set(toInteger(b, dst.type as 'i32' | 'i64', toIntegral(b, type, src.get()))),
      ),
    ],
  ),

  insn('cvtsd2ss', { 'F2 0F 5A': 'Vss Wsd' }, (b, dst, src) => dst.set(demote(b, src.get()))),
  insn('cvtss2sd', { 'F3 0F 5A': 'Vsd Wss' }, (b, dst, src) => dst.set(b.op('f64.promote_f32', src.get()))),
  unaryRow('cvtpd2ps', '66 0F 5A', demoteLanes),
  insn('cvtps2pd', { 'NP 0F 5A': 'Vpd Wq' }, (b, dst, src) => dst.set(b.op('f64x2.promote_low_f32x4', fromLow(b, src.get())))),

  unaryRow('cvtdq2ps', 'NP 0F 5B', toSingles),
  insn('cvtdq2pd', { 'F3 0F E6': 'Vpd Wq' }, (b, dst, src) => dst.set(b.op('f64x2.convert_low_i32x4_s', fromLow(b, src.get())))),
  unaryRow('cvttps2dq', 'F3 0F 5B', (b, x) => toIntegers(b, 'f32x4', x)),
  unaryRow('cvtps2dq', '66 0F 5B', (b, x) => toIntegers(b, 'f32x4', toIntegral(b, 'f32x4', x))),
  unaryRow('cvttpd2dq', '66 0F E6', (b, x) => toIntegers(b, 'f64x2', x)),
  unaryRow('cvtpd2dq', 'F2 0F E6', (b, x) => toIntegers(b, 'f64x2', toIntegral(b, 'f64x2', x))),
];
