// 80-bit soft-float: 2^x - 1, y log2(x), y log2(x + 1).

import type { Builder } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import {
  BIAS,
  callF80,
  Class,
  classOf,
  DE,
  exponentOf,
  F80_RESULT,
  type F80Result,
  INTEGER_BIT,
  normalize,
  PE,
  returnInfinity,
  returnInvalid,
  returnZero,
  SIGN,
  signOf,
  ZE,
} from './f80-parts.ts';
import {
  chosen,
  difference,
  factorial,
  fraction,
  normalized,
  product,
  quotient,
  reciprocals,
  rounded,
  roundedInexact,
  series,
  shifted,
  sum,
  upTo,
  type Wide,
  WIDE,
  wide,
} from './f80-wide.ts';

const LN_2 = 0xb17217f7d1cf79abc9e3b39803f2f6afn; // * 2^-128
const LOG2_E = 0xb8aa3b295c17f0bbbe87fed0691d3e88n; // * 2^-127
const SQRT_2 = 0xb504f333f9de6484n; // * 2^-63

const ONE = 1n << 127n;

function returnValue(b: Builder, result: F80Result, flags: Value): void {
  b.return(result.mantissa, result.signExponent, b.or(result.flags, flags));
}
/** Ends a function whose operand or operands include a NaN or an unsupported encoding. */
export function returnNan(b: Builder, xm: Value, xs: Value, ym: Value, ys: Value): void {
  const xClass = classOf(b, xm, xs),
    yClass = classOf(b, ym, ys);
  b.if(b.or(b.geU(xClass, Class.quietNan), b.geU(yClass, Class.quietNan)), () =>
    returnValue(b, callF80(b, 'f80.nan', xm, xs, ym, ys), b.i32(0)),
  );
}
/** Mantissa and exponent of a number that is neither zero, infinite nor NaN. */
export function unpack(b: Builder, mantissa: Value, signExponent: Value): Wide {
  const m = b.variable('i64', mantissa),
    e = b.variable('i32', exponentOf(b, signExponent));
  normalize(b, m, e);
  return { high: m.get(), low: b.i64(0), exponent: b.sub(e.get(), BIAS) };
}
export const denormalFlag = (b: Builder, ...classes: Value[]): Value =>
  b.select(
    classes.map((kind) => b.eq(kind, Class.denormal)).reduce((x, y) => b.or(x, y)),
    DE,
    0,
  );

/** y * log; the logarithm is exact when it is a whole number. PE is set even then, as CPUs do. */
function scaledLog(b: Builder, sign: Value, y: Wide, log: Wide, control: Value, flags: Value): void {
  const scaled = product(b, y, log);
  returnValue(b, rounded(b, sign, { ...scaled, low: b.or(scaled.low, b.and(log.low, 1)) }, control), b.or(flags, PE));
}

export const f80Log: readonly FunctionDefinition[] = [
  defineFunction('f80.exp2m1', ['i64', 'i32', 'i32'], F80_RESULT, (b, m, s, control) => {
    const kind = classOf(b, m, s),
      sign = signOf(b, s);
    returnNan(b, m, s, m, s);
    b.if(b.eq(kind, Class.zero), () => b.return(m, s, b.i32(0)));
    b.if(b.eq(kind, Class.infinity), () => {
      b.if(sign, () => b.return(b.i64(INTEGER_BIT), b.i32(SIGN | BIAS), b.i32(0)));
      b.return(m, s, b.i32(0));
    });
    const x = unpack(b, m, s);
    // Exact at -1 and 1; beyond them undefined (Intel SDM volume 2, F2XM1): the operand stays.
    b.if(b.geS(x.exponent, 0), () => {
      b.if(b.and(b.eq(m, INTEGER_BIT), b.eqz(x.exponent)), () => b.return(m, b.select(sign, b.sub(s, 1), s), b.i32(PE)));
      b.return(m, s, b.i32(PE));
    });
    // e^t - 1 = t (1 + t/2! + t^2/3! ...), t = x ln 2
    const t = product(b, x, { ...fraction(b, LN_2), exponent: b.i32(-1) });
    const coefficients = reciprocals(upTo(30).map((k) => factorial(k + 1)));
    const factor = series(b, shifted(b, t, b.sub(-1, t.exponent)), coefficients, sign);
    returnValue(b, roundedInexact(b, sign, product(b, t, normalized(b, factor, 0)), control), denormalFlag(b, kind));
  }),

  /** 2/ln(2) * atanh(s) for 0 < s < 1/5. */
  defineFunction('log.series', WIDE, WIDE, (b, high, low, exponent) => {
    const s: Wide = { high, low, exponent };
    const square = product(b, s, s);
    const coefficients = reciprocals(upTo(26).map((k) => BigInt(2 * k + 1)));
    const factor = series(b, shifted(b, square, b.sub(-1, square.exponent)), coefficients, b.i32(0));
    const result = product(b, product(b, s, normalized(b, factor, 0)), { ...fraction(b, LOG2_E), exponent: b.i32(1) });
    b.return(result.high, result.low, result.exponent);
  }),

  // log2 of a wide number: sign (i32 0 or SIGN) and value, high 0 for zero; bit 0 of the low half is 0 only if it is exact.
  defineFunction('log.wide', WIDE, ['i32', ...WIDE], (b, high, low, exponent) => {
    // m in [sqrt 1/2, sqrt 2), s = (m - 1) / (m + 1): log2 x = n + 2/ln(2) atanh(s)
    const above = b.gtU(high, BigInt.asIntN(64, SQRT_2));
    const n = b.add(exponent, above);
    const m = { high, low };
    const numerator = chosen(b, above, difference(b, fraction(b, 0n), m), difference(b, m, fraction(b, ONE)));
    const nothing = b.eqz(b.or(numerator.high, numerator.low));
    const count = b.select(b.ltS(n, 0), b.neg(n), n);
    const whole = normalized(b, { high: b.shl(b.zext(count), 48), low: b.i64(0) }, 15);
    b.if(nothing, () => b.return(b.select(b.ltS(n, 0), SIGN, 0), whole.high, b.i64(0), whole.exponent));
    const half = { high: b.shrU(high, 1), low: b.or(b.shrU(low, 1), b.shl(high, 63)) };
    const denominator: Wide = {
      ...sum(b, half, chosen(b, above, fraction(b, ONE), fraction(b, ONE >> 1n))),
      exponent: b.select(above, 0, 1),
    };
    const s = quotient(b, normalized(b, numerator, b.select(above, -1, 0)), denominator);
    const part = wide(b.call('log.series', [s.high, s.low, s.exponent], WIDE));
    b.if(b.eqz(n), () => b.return(b.select(above, SIGN, 0), part.high, b.or(part.low, 1), part.exponent));
    // Fixed point with 112 bits below the point; |n| exceeds the other part.
    const integer = { high: b.shl(b.zext(count), 48), low: b.i64(0) };
    const rest = shifted(b, part, b.sub(15, part.exponent));
    const opposite = b.ne(b.ltS(n, 0), above);
    const total = normalized(b, chosen(b, opposite, difference(b, integer, rest), sum(b, integer, rest)), 15);
    b.return(b.select(b.ltS(n, 0), SIGN, 0), total.high, b.or(total.low, 1), total.exponent);
  }),

  defineFunction('f80.ylog2x', ['i64', 'i32', 'i64', 'i32', 'i32'], F80_RESULT, (b, xm, xs, ym, ys, control) => {
    returnNan(b, xm, xs, ym, ys);
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    const flags = denormalFlag(b, xClass, yClass),
      ySign = signOf(b, ys),
      opposite = b.xor(ySign, SIGN);
    const yZero = b.eq(yClass, Class.zero),
      yInfinite = b.eq(yClass, Class.infinity);
    b.if(b.eq(xClass, Class.zero), () => {
      b.if(yZero, () => returnInvalid(b));
      returnInfinity(b, opposite, b.select(yInfinite, 0, ZE));
    });
    b.if(signOf(b, xs), () => returnInvalid(b));
    b.if(b.eq(xClass, Class.infinity), () => {
      b.if(yZero, () => returnInvalid(b));
      returnInfinity(b, ySign, flags);
    });
    const x = unpack(b, xm, xs);
    const below = b.ltS(x.exponent, 0);
    const isOne = b.and(b.eq(xm, INTEGER_BIT), b.eqz(x.exponent));
    b.if(yInfinite, () => {
      b.if(isOne, () => returnInvalid(b));
      returnInfinity(b, b.select(below, opposite, ySign), flags);
    });
    b.if(b.or(yZero, isOne), () => returnZero(b, b.select(below, opposite, ySign), flags));
    const y = unpack(b, ym, ys);
    const [sign, ...rest] = b.call('log.wide', [x.high, x.low, x.exponent], ['i32', ...WIDE]) as [Value, Value, Value, Value];
    scaledLog(b, b.xor(sign, ySign), y, wide(rest), control, flags);
  }),

  // Defined for -(1 - sqrt(1/2)) <= x <= sqrt(2) - 1 (Intel SDM volume 2, FYL2XP1); other x above -1 work too,
  // x at or below -1 is the result.
  defineFunction('f80.ylog2xp1', ['i64', 'i32', 'i64', 'i32', 'i32'], F80_RESULT, (b, xm, xs, ym, ys, control) => {
    returnNan(b, xm, xs, ym, ys);
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    const flags = denormalFlag(b, xClass, yClass),
      xSign = signOf(b, xs),
      ySign = signOf(b, ys),
      sign = b.xor(xSign, ySign);
    const yZero = b.eq(yClass, Class.zero),
      yInfinite = b.eq(yClass, Class.infinity),
      xZero = b.eq(xClass, Class.zero);
    b.if(b.or(b.and(b.eq(xClass, Class.infinity), b.or(yZero, b.ne(xSign, 0))), b.and(xZero, yInfinite)), () => returnInvalid(b));
    b.if(b.eq(xClass, Class.infinity), () => returnInfinity(b, ySign, flags));
    b.if(b.or(xZero, yZero), () => returnZero(b, sign, flags));
    const x = unpack(b, xm, xs);
    b.if(yInfinite, () => returnInfinity(b, sign, flags));
    b.if(b.and(b.ne(xSign, 0), b.geS(x.exponent, 0)), () => b.return(xm, xs, b.or(flags, PE)));
    const y = unpack(b, ym, ys);
    const one = fraction(b, ONE);
    b.if(b.ltS(x.exponent, -2), () => {
      // s = x / (2 + x)
      const half = shifted(b, x, b.sub(1, x.exponent));
      const s = quotient(b, x, normalized(b, chosen(b, xSign, difference(b, one, half), sum(b, one, half)), 1));
      const log = wide(b.call('log.series', [s.high, s.low, s.exponent], WIDE));
      scaledLog(b, sign, y, { ...log, low: b.or(log.low, 1) }, control, flags);
    });
    // 1 + x at half its size, so that the sum does not overflow
    const high = b.variable('i64'),
      low = b.variable('i64'),
      exponent = b.variable('i32');
    b.if(
      b.geS(x.exponent, 0),
      () => {
        const added = sum(b, shifted(b, x, b.i32(1)), shifted(b, one, b.add(x.exponent, 1)));
        high.set(added.high);
        low.set(added.low);
        exponent.set(b.add(x.exponent, 1));
      },
      () => {
        const part = shifted(b, x, b.neg(x.exponent));
        const added = chosen(b, xSign, difference(b, one, part), sum(b, one, part));
        high.set(added.high);
        low.set(added.low);
        exponent.set(0);
      },
    );
    const argument = normalized(b, { high: high.get(), low: low.get() }, exponent.get());
    const [logSign, ...rest] = b.call('log.wide', [argument.high, argument.low, argument.exponent], ['i32', ...WIDE]) as [
      Value,
      Value,
      Value,
      Value,
    ];
    scaledLog(b, b.xor(logSign, ySign), y, wide(rest), control, flags);
  }),
];
