// 80-bit soft-float: add, subtract, multiply, divide, square root.

import type { Builder, MutableValue } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import {
  BIAS,
  Class,
  callF80,
  callPair,
  classOf,
  DE,
  exponentOf,
  F80_RESULT,
  INTEGER_BIT,
  isNormal,
  normalize,
  returnInfinity,
  returnInvalid,
  returnZero,
  shiftedOut,
  SIGN,
  signOf,
  sticky,
  ZE,
} from './f80-parts.ts';

/** Two operands with leading ones at bit 63 and exponents to match; a zero keeps mantissa 0 and the lowest exponent. */
interface Pair {
  readonly x: MutableValue;
  readonly xExponent: MutableValue;
  readonly y: MutableValue;
  readonly yExponent: MutableValue;
  /** DE if one of them was denormal. */
  readonly flags: MutableValue;
}

/**
 * Takes two operands apart. NaNs and unsupported encodings return from the function; `special` (given the classes and the DE
 * flag) returns for infinities and whatever zeros the operation treats apart. It is not reached when both are normal.
 */
function operands(
  b: Builder,
  xm: Value,
  xs: Value,
  ym: Value,
  ys: Value,
  special: (x: Value, y: Value, flags: Value) => void,
): Pair {
  const pair: Pair = {
    x: b.variable('i64', xm),
    xExponent: b.variable('i32', exponentOf(b, xs)),
    y: b.variable('i64', ym),
    yExponent: b.variable('i32', exponentOf(b, ys)),
    flags: b.variable('i32', 0),
  };
  b.if(b.eqz(b.and(isNormal(b, xm, xs), isNormal(b, ym, ys))), () => {
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    b.if(b.or(b.geU(xClass, Class.quietNan), b.geU(yClass, Class.quietNan)), () => {
      const nan = callF80(b, 'f80.nan', xm, xs, ym, ys);
      b.return(nan.mantissa, nan.signExponent, nan.flags);
    });
    const flags = b.select(b.or(b.eq(xClass, Class.denormal), b.eq(yClass, Class.denormal)), DE, 0);
    pair.flags.set(flags);
    special(xClass, yClass, flags);
    normalize(b, pair.x, pair.xExponent);
    normalize(b, pair.y, pair.yExponent);
  });
  return pair;
}

/** Ends a function with f80.round of the given parts, the flags so far added. */
function returnRounded(b: Builder, sign: Value, exponent: Value, high: Value, low: Value, control: Value, flags: Value): void {
  const result = callF80(b, 'f80.round', sign, exponent, high, low, control);
  b.return(result.mantissa, result.signExponent, b.or(result.flags, flags));
}

const BINARY = ['i64', 'i32', 'i64', 'i32', 'i32'] as const;

export const f80Arith: readonly FunctionDefinition[] = [
  /** x + y, or x - y with `flip` SIGN. */
  defineFunction('f80.addsub', [...BINARY, 'i32'], F80_RESULT, (b, xm, xs, ym, ys, control, flip) => {
    const xSign = signOf(b, xs),
      ySign = b.xor(signOf(b, ys), flip);
    const zeroSign = b.select(b.eq(b.and(control, 0xc00), 0x400), SIGN, 0);
    const pair = operands(b, xm, xs, ym, ys, (x, y, flags) => {
      const xInfinite = b.eq(x, Class.infinity),
        yInfinite = b.eq(y, Class.infinity);
      b.if(b.and(b.and(xInfinite, yInfinite), b.ne(xSign, ySign)), () => returnInvalid(b));
      b.if(xInfinite, () => returnInfinity(b, xSign, flags));
      b.if(yInfinite, () => returnInfinity(b, ySign, flags));
      b.if(b.and(b.eq(x, Class.zero), b.eq(y, Class.zero)), () => {
        returnZero(b, b.select(b.eq(xSign, ySign), xSign, zeroSign), flags);
      });
    });
    const x = pair.x.get(),
      y = pair.y.get(),
      xe = pair.xExponent.get(),
      ye = pair.yExponent.get();
    const swapped = b.or(b.ltS(xe, ye), b.and(b.eq(xe, ye), b.ltU(x, y)));
    const large = b.select(swapped, y, x),
      small = b.select(swapped, x, y);
    const sign = b.select(swapped, ySign, xSign);
    const exponent = b.variable('i32', b.select(swapped, ye, xe));
    const distance = b.sub(exponent.get(), b.select(swapped, xe, ye));
    const high = b.variable('i64'),
      low = b.variable('i64');
    b.if(
      b.ltU(distance, 64),
      () => {
        high.set(b.shrU(small, b.zext(distance)));
        low.set(shiftedOut(b, small, b.zext(distance)));
      },
      () => {
        high.set(0);
        const n = b.zext(b.select(b.ltU(distance, 127), b.sub(distance, 64), 63));
        low.set(b.or(b.shrU(small, n), sticky(b, shiftedOut(b, small, n))));
      },
    );
    b.if(
      b.eq(xSign, ySign),
      () => {
        const sum = b.add(large, high.get());
        high.set(sum);
        b.if(b.ltU(sum, large), () => {
          low.set(b.or(b.or(b.shrU(low.get(), 1), b.and(low.get(), 1)), b.shl(sum, 63)));
          high.set(b.or(b.shrU(sum, 1), INTEGER_BIT));
          exponent.set(b.add(exponent.get(), 1));
        });
      },
      () => {
        high.set(b.sub(b.sub(large, high.get()), sticky(b, low.get())));
        low.set(b.neg(low.get()));
        b.if(b.geS(high.get(), 0), () => {
          b.if(b.eqz(high.get()), () => {
            b.if(b.eqz(low.get()), () => returnZero(b, zeroSign, pair.flags.get()));
            high.set(low.get());
            low.set(0);
            exponent.set(b.sub(exponent.get(), 64));
          });
          const n = b.clz(high.get());
          high.set(b.or(b.shl(high.get(), n), b.shrU(b.shrU(low.get(), 1), b.sub(63, n))));
          low.set(b.shl(low.get(), n));
          exponent.set(b.sub(exponent.get(), b.wrap(n)));
        });
      },
    );
    returnRounded(b, sign, exponent.get(), high.get(), low.get(), control, pair.flags.get());
  }),

  defineFunction('f80.mul', BINARY, F80_RESULT, (b, xm, xs, ym, ys, control) => {
    const sign = signOf(b, b.xor(xs, ys));
    const pair = operands(b, xm, xs, ym, ys, (x, y, flags) => {
      const infinite = b.or(b.eq(x, Class.infinity), b.eq(y, Class.infinity));
      const zero = b.or(b.eq(x, Class.zero), b.eq(y, Class.zero));
      b.if(b.and(infinite, zero), () => returnInvalid(b));
      b.if(infinite, () => returnInfinity(b, sign, flags));
      b.if(zero, () => returnZero(b, sign, flags));
    });
    const x = pair.x.get(),
      y = pair.y.get();
    const high = b.pure('mul128.highU', 'i64', x, y),
      low = b.mul(x, y);
    const exponent = b.sub(b.add(pair.xExponent.get(), pair.yExponent.get()), BIAS - 1);
    // The product of two mantissas in [1, 2) lies in [1, 4): its leading one is bit 127 or 126.
    const short = b.geS(high, 0),
      n = b.zext(short);
    returnRounded(
      b,
      sign,
      b.sub(exponent, short),
      b.or(b.shl(high, n), b.and(b.shrU(low, 63), n)),
      b.shl(low, n),
      control,
      pair.flags.get(),
    );
  }),

  defineFunction('f80.div', BINARY, F80_RESULT, (b, xm, xs, ym, ys, control) => {
    const sign = signOf(b, b.xor(xs, ys));
    const pair = operands(b, xm, xs, ym, ys, (x, y, flags) => {
      const xInfinite = b.eq(x, Class.infinity),
        yInfinite = b.eq(y, Class.infinity);
      const xZero = b.eq(x, Class.zero),
        yZero = b.eq(y, Class.zero);
      b.if(b.or(b.and(xInfinite, yInfinite), b.and(xZero, yZero)), () => returnInvalid(b));
      b.if(xInfinite, () => returnInfinity(b, sign, flags));
      // Division by zero comes before the denormal exception (Intel SDM volume 1, 4.9.2).
      b.if(yZero, () => returnInfinity(b, sign, b.i32(ZE)));
      b.if(b.or(xZero, yInfinite), () => returnZero(b, sign, flags));
    });
    const x = pair.x.get(),
      y = pair.y.get();
    const large = b.geU(x, y),
      n = b.zext(large);
    const exponent = b.add(b.sub(pair.xExponent.get(), pair.yExponent.get()), b.add(large, BIAS - 1));
    const [quotient, remainder] = callPair(b, 'f80.divide', ['i64', 'i64'], b.shrU(x, n), b.and(b.shl(x, 63), b.neg(n)), y);
    // Half the divisor against the remainder decides the bits below the quotient.
    const other = b.sub(y, remainder);
    const half = b.select(b.geU(remainder, other), b.i64(INTEGER_BIT), 0);
    const low = b.or(half, b.and(sticky(b, remainder), b.zext(b.ne(remainder, other))));
    returnRounded(b, sign, exponent, quotient, low, control, pair.flags.get());
  }),

  defineFunction('f80.sqrt', ['i64', 'i32', 'i32'], F80_RESULT, (b, m, s, control) => {
    const mantissa = b.variable('i64', m),
      exponent = b.variable('i32', exponentOf(b, s)),
      flags = b.variable('i32', 0);
    const kind = classOf(b, m, s);
    b.if(b.geU(kind, Class.quietNan), () => {
      const nan = callF80(b, 'f80.quiet', m, s);
      b.return(nan.mantissa, nan.signExponent, nan.flags);
    });
    b.if(b.eq(kind, Class.zero), () => b.return(m, s, b.i32(0)));
    b.if(signOf(b, s), () => returnInvalid(b));
    b.if(b.eq(kind, Class.infinity), () => b.return(m, s, b.i32(0)));
    b.if(b.eq(kind, Class.denormal), () => flags.set(DE));
    normalize(b, mantissa, exponent);
    const power = b.sub(exponent.get(), BIAS);
    // Radicand high:low in [2^126, 2^128), so that the root has 64 bits.
    const even = b.zext(b.eqz(b.and(power, 1)));
    const high = b.shrU(mantissa.get(), even),
      low = b.and(b.shl(mantissa.get(), 63), b.neg(even));

    // Upper 32 bits of the root from the double's, which may be one off; the lower 32 by one division
    // (Zimmermann, Karatsuba square root: at most one too large).
    const upper = b.variable('i64', b.op('i64.trunc_sat_f64_u', b.op('f64.sqrt', b.op('f64.convert_i64_u', high))));
    b.if(b.gtU(upper.get(), 0xffffffffn), () => upper.set(0xffffffffn));
    b.if(b.gtU(b.mul(upper.get(), upper.get()), high), () => upper.set(b.sub(upper.get(), 1)));
    const rest = b.variable('i64', b.sub(high, b.mul(upper.get(), upper.get())));
    b.if(b.and(b.gtU(rest.get(), b.shl(upper.get(), 1)), b.ltU(upper.get(), 0xffffffffn)), () => {
      rest.set(b.sub(rest.get(), b.add(b.shl(upper.get(), 1), 1)));
      upper.set(b.add(upper.get(), 1));
    });
    const digit = b.variable('i64', b.divU(b.add(b.shl(rest.get(), 31), b.shrU(low, 33)), upper.get()));
    b.if(b.gtU(digit.get(), 0xffffffffn), () => digit.set(0xffffffffn));
    const root = b.variable('i64', b.or(b.shl(upper.get(), 32), digit.get()));
    const restHigh = b.variable('i64'),
      restLow = b.variable('i64');
    b.loop((loop) => {
      const square = b.mul(root.get(), root.get());
      restLow.set(b.sub(low, square));
      restHigh.set(b.sub(b.sub(high, b.pure('mul128.highU', 'i64', root.get(), root.get())), b.zext(b.ltU(low, square))));
      b.if(b.geS(restHigh.get(), 0), () => loop.break());
      root.set(b.sub(root.get(), 1));
    });
    // Above root + 1/2 exactly if the remainder exceeds the root; a root is never half way between two numbers.
    const above = b.or(b.ne(restHigh.get(), 0), b.gtU(restLow.get(), root.get()));
    const below = b.or(b.select(above, b.i64(INTEGER_BIT), 0), sticky(b, b.or(restHigh.get(), restLow.get())));
    returnRounded(b, b.i32(0), b.add(b.shrS(power, 1), BIAS), root.get(), below, control, flags.get());
  }),
];
