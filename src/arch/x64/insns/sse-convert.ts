// SSE and SSE2 conversions between integers and floating point, and between the two floating-point types.
//
// A NaN or a value that does not fit gives the integer indefinite value, 1 followed by zeroes (Intel SDM volume 1, table 4-3).

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { exactly, floatOp } from '../float-op.ts';
import { insn, type Row } from '../insn.ts';
import { fromHalves, fromLow, unaryRow } from './sse-vector.ts';

const INDEFINITE = { i32: 0x80000000, i64: -0x8000000000000000n } as const;
/** How float.integer32 and 64 convert. */
const TRUNCATING = 1,
  TO_64_BITS = 2;

const bitsOf = (b: X64Builder, x: Value): Value => b.op(x.type === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64', x);
const call = (b: X64Builder, name: string, result: 'i32' | 'i64' | 'v128', ...args: Value[]): Value =>
  b.call(`float.${name}`, args, [result])[0] as Value;

/** An f32 or f64 as a signed integer, rounded to nearest or truncated, or as MXCSR says. */
function toInteger(b: X64Builder, type: 'i32' | 'i64', x: Value, isTruncated: boolean): Value {
  const from = x.type as 'f32' | 'f64';
  const ordinary = (): Value => {
    const integral = isTruncated ? x : b.op(`${from}.nearest`, x);
    // Too large or NaN; what is too small saturates to the indefinite value by itself.
    const fits = b.op(`${from}.lt`, integral, type === 'i32' ? 2 ** 31 : 2 ** 63);
    return b.select(fits, b.op(`${type}.trunc_sat_${from}_s`, integral), b.const(type, INDEFINITE[type]));
  };
  const how = (isTruncated ? TRUNCATING : 0) | (type === 'i64' ? TO_64_BITS : 0);
  return b.float(ordinary, () =>
    b.as(type, call(b, from === 'f32' ? 'integer32' : 'integer64', 'i64', bitsOf(b, x), b.i32(how))),
  );
}
/** The same for packed floats to i32 lanes; two f64 lanes give a zero high half. */
export function toIntegers(b: X64Builder, type: 'f32x4' | 'f64x2', x: Value, isTruncated: boolean): Value {
  const ordinary = (): Value => {
    const integral = isTruncated ? x : b.op(`${type}.nearest`, x);
    const limit = type === 'f32x4' ? b.op('f32x4.splat', 2 ** 31) : b.op('f64x2.splat', 2 ** 31);
    const low = type === 'f32x4' ? b.op('f32x4.splat', -(2 ** 31)) : b.op('f64x2.splat', -(2 ** 31));
    const fitting = b.op('v128.bitselect', integral, low, b.op(`${type}.lt`, integral, limit));
    return b.op(type === 'f32x4' ? 'i32x4.trunc_sat_f32x4_s' : 'i32x4.trunc_sat_f64x2_s_zero', fitting);
  };
  const how = isTruncated ? TRUNCATING : 0;
  return b.float(ordinary, () =>
    type === 'f32x4'
      ? exactly(b, type, floatOp(b, 'toInteger', how), x, x)
      : eachDouble(b, x, (lane) => call(b, 'integer64', 'i64', lane, b.i32(how))),
  );
}
/** The two i64 lanes of x through `meaning`, whose low 32 bits stand side by side in the result. */
function eachDouble(b: X64Builder, x: Value, meaning: (lane: Value) => Value): Value {
  const [low, high] = [0, 1].map((i) => b.zextBits(b.zext(meaning(b.lane('i64x2.extract_lane', i, x))), 32)) as [Value, Value];
  return fromHalves(b, b.or(low, b.shl(high, 32)), b.i64(0));
}

const demote = (b: X64Builder, x: Value): Value =>
  b.float(
    () => b.op('f32.demote_f64', x),
    () => b.op('f32.reinterpret_i32', call(b, 'convert64to32', 'i32', bitsOf(b, x))),
  );
const promote = (b: X64Builder, x: Value): Value =>
  b.float(
    () => b.op('f64.promote_f32', x),
    () => b.op('f64.reinterpret_i64', call(b, 'convert32to64', 'i64', bitsOf(b, x))),
  );
const toSingle = (b: X64Builder, x: Value): Value =>
  b.float(
    () => b.op(`f32.convert_${x.type as 'i32' | 'i64'}_s`, x),
    () => b.op('f32.reinterpret_i32', call(b, 'from32', 'i32', b.sext(x))),
  );
/** Every i32 is a double. */
const toDouble = (b: X64Builder, x: Value): Value =>
  x.type === 'i32'
    ? b.op('f64.convert_i32_s', x)
    : b.float(
        () => b.op('f64.convert_i64_s', x),
        () => b.op('f64.reinterpret_i64', call(b, 'from64', 'i64', x)),
      );

export const demoteLanes = (b: X64Builder, x: Value): Value =>
  b.float(
    () => b.op('f32x4.demote_f64x2_zero', x),
    () => eachDouble(b, x, (lane) => call(b, 'convert64to32', 'i32', lane)),
  );
/** The low two lanes. */
export const promoteLanes = (b: X64Builder, x: Value): Value =>
  b.float(
    () => b.op('f64x2.promote_low_f32x4', x),
    () => {
      const [low, high] = [0, 1].map((i) => call(b, 'convert32to64', 'i64', b.lane('i32x4.extract_lane', i, x)));
      return fromHalves(b, low as Value, high as Value);
    },
  );
export const toSingles = (b: X64Builder, x: Value): Value =>
  b.float(
    () => b.op('f32x4.convert_i32x4_s', x),
    () => exactly(b, 'f32x4', floatOp(b, 'fromInteger'), x, x),
  );

export const sseConvert: readonly Row[] = [
  insn('cvtsi2ss', { 'F3 0F 2A': 'Vss Ey' }, (b, dst, src) => dst.set(toSingle(b, src.get()))),
  insn('cvtsi2sd', { 'F2 0F 2A': 'Vsd Ey' }, (b, dst, src) => dst.set(toDouble(b, src.get()))),
  ...[
    { prefix: 'F3', suffix: 'ss' },
    { prefix: 'F2', suffix: 'sd' },
  ].flatMap(({ prefix, suffix }) =>
    [true, false].map((isTruncated) =>
      insn(
        `cvt${isTruncated ? 't' : ''}${suffix}2si`,
        { [`${prefix} 0F ${isTruncated ? '2C' : '2D'}`]: `Gy W${suffix}` },
        (b, dst, src) => dst.set(toInteger(b, dst.type as 'i32' | 'i64', src.get(), isTruncated)),
      ),
    ),
  ),

  insn('cvtsd2ss', { 'F2 0F 5A': 'Vss Wsd' }, (b, dst, src) => dst.set(demote(b, src.get()))),
  insn('cvtss2sd', { 'F3 0F 5A': 'Vsd Wss' }, (b, dst, src) => dst.set(promote(b, src.get()))),
  unaryRow('cvtpd2ps', '66 0F 5A', demoteLanes),
  insn('cvtps2pd', { 'NP 0F 5A': 'Vpd Wq' }, (b, dst, src) => dst.set(promoteLanes(b, fromLow(b, src.get())))),

  unaryRow('cvtdq2ps', 'NP 0F 5B', toSingles),
  insn('cvtdq2pd', { 'F3 0F E6': 'Vpd Wq' }, (b, dst, src) => dst.set(b.op('f64x2.convert_low_i32x4_s', fromLow(b, src.get())))),
  unaryRow('cvttps2dq', 'F3 0F 5B', (b, x) => toIntegers(b, 'f32x4', x, true)),
  unaryRow('cvtps2dq', '66 0F 5B', (b, x) => toIntegers(b, 'f32x4', x, false)),
  unaryRow('cvttpd2dq', '66 0F E6', (b, x) => toIntegers(b, 'f64x2', x, true)),
  unaryRow('cvtpd2dq', 'F2 0F E6', (b, x) => toIntegers(b, 'f64x2', x, false)),
];
