// 80-bit soft-float: comparison, examination, and the operations that work on exponents (remainders, scale, extract).

import type { Builder } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import {
  BIAS,
  C0,
  C1,
  C2,
  C3,
  callF80,
  callPair,
  Class,
  classOf,
  DE,
  exponentOf,
  F80_RESULT,
  IE,
  INDEFINITE_MANTISSA,
  INDEFINITE_SIGN_EXPONENT,
  INTEGER_BIT,
  MAX_EXPONENT,
  normalize,
  returnInfinity,
  returnInvalid,
  returnZero,
  SIGN,
  signOf,
  ZE,
} from './f80-parts.ts';

/** Condition codes C3 C2 C0 of an unordered comparison. */
export const UNORDERED = C3 | C2 | C0;

/** Sign and exponent, with the 0 of a pseudo-denormal made the 1 that it means. */
const canonical = (b: Builder, mantissa: Value, signExponent: Value): Value =>
  b.or(signExponent, b.and(b.eqz(exponentOf(b, signExponent)), b.ltS(mantissa, 0)));

/** fprem truncates the quotient, fprem1 rounds it to nearest; a fourth result has C2 (incomplete) and the quotient's bits. */
const remainder = (name: string, nearest: boolean): FunctionDefinition =>
  defineFunction(name, ['i64', 'i32', 'i64', 'i32', 'i32'], [...F80_RESULT, 'i32'], (b, xm, xs, ym, ys, control) => {
    const x = b.variable('i64', xm),
      xe = b.variable('i32', exponentOf(b, xs));
    const y = b.variable('i64', ym),
      ye = b.variable('i32', exponentOf(b, ys));
    const sign = b.variable('i32', signOf(b, xs));
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    b.if(b.or(b.geU(xClass, Class.quietNan), b.geU(yClass, Class.quietNan)), () => {
      const nan = callF80(b, 'f80.nan', xm, xs, ym, ys);
      b.return(nan.mantissa, nan.signExponent, nan.flags, b.i32(0));
    });
    b.if(b.or(b.eq(xClass, Class.infinity), b.eq(yClass, Class.zero)), () => {
      b.return(b.i64(INDEFINITE_MANTISSA), b.i32(INDEFINITE_SIGN_EXPONENT), b.i32(IE), b.i32(0));
    });
    const flags = b.select(b.or(b.eq(xClass, Class.denormal), b.eq(yClass, Class.denormal)), DE, 0);
    b.if(b.eq(xClass, Class.zero), () => b.return(xm, xs, flags, b.i32(0)));
    normalize(b, x, xe);
    normalize(b, y, ye);
    const distance = b.select(b.eq(yClass, Class.infinity), -2, b.sub(xe.get(), ye.get()));
    const codes = b.variable('i32', 0);
    /** Three bits of the quotient as C0 C3 C1 (Intel SDM volume 2, FPREM). */
    const quotientCodes = (quotient: Value): Value => {
      const bit = (n: number, code: number): Value => b.select(b.and(b.wrap(quotient), n), code, 0);
      return b.or(b.or(bit(4, C0), bit(2, C3)), bit(1, C1));
    };
    const exponent = b.variable('i32', xe.get());
    b.if(
      b.ltS(distance, 0),
      () => {
        if (!nearest) return;
        // Only just below y may x be nearer to it than to 0.
        b.if(b.and(b.eq(distance, -1), b.gtU(x.get(), y.get())), () => {
          x.set(b.sub(b.shl(y.get(), 1), x.get()));
          sign.set(b.xor(sign.get(), SIGN));
          codes.set(C1);
        });
      },
      () => {
        const complete = b.ltS(distance, 64);
        const count = b.select(complete, distance, b.or(b.and(distance, 31), 32));
        const n = b.zext(count);
        const high = b.shrU(b.shrU(x.get(), 1), b.sub(63, n)),
          low = b.shl(x.get(), n);
        const [quotient, rest] = callPair(b, 'f80.divide', ['i64', 'i64'], high, low, y.get());
        x.set(rest);
        exponent.set(b.add(ye.get(), b.sub(distance, count)));
        b.if(
          complete,
          () => {
            if (!nearest) codes.set(quotientCodes(quotient));
            else {
              const other = b.sub(y.get(), rest);
              const up = b.or(b.gtU(rest, other), b.and(b.eq(rest, other), b.wrap(b.and(quotient, 1))));
              codes.set(quotientCodes(b.add(quotient, b.zext(up))));
              b.if(up, () => {
                x.set(other);
                sign.set(b.xor(sign.get(), SIGN));
              });
            }
          },
          () => codes.set(C2),
        );
      },
    );
    b.if(b.eqz(x.get()), () => b.return(b.i64(0), signOf(b, xs), flags, codes.get()));
    const shift = b.clz(x.get());
    const scaled = b.sub(exponent.get(), b.wrap(shift));
    const result = callF80(b, 'f80.round', sign.get(), scaled, b.shl(x.get(), shift), b.i64(0), b.or(control, 0x300));
    b.return(result.mantissa, result.signExponent, b.or(result.flags, flags), codes.get());
  });

export const f80Compare: readonly FunctionDefinition[] = [
  /** x against y: condition codes and flags; `quiet` lets quiet NaNs pass without IE (fucom). */
  defineFunction('f80.compare', ['i64', 'i32', 'i64', 'i32', 'i32'], ['i32', 'i32'], (b, xm, xs, ym, ys, quiet) => {
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    b.if(b.or(b.geU(xClass, Class.quietNan), b.geU(yClass, Class.quietNan)), () => {
      const invalid = b.or(b.gtU(xClass, Class.quietNan), b.gtU(yClass, Class.quietNan));
      b.return(b.i32(UNORDERED), b.select(b.or(invalid, b.eqz(quiet)), IE, 0));
    });
    const flags = b.select(b.or(b.eq(xClass, Class.denormal), b.eq(yClass, Class.denormal)), DE, 0);
    b.if(b.and(b.eqz(xm), b.eqz(ym)), () => b.return(b.i32(C3), flags));
    const xSign = signOf(b, xs),
      ySign = signOf(b, ys);
    b.if(b.ne(xSign, ySign), () => b.return(b.select(xSign, C0, 0), flags));
    const xe = exponentOf(b, canonical(b, xm, xs)),
      ye = exponentOf(b, canonical(b, ym, ys));
    b.if(b.and(b.eq(xm, ym), b.eq(xe, ye)), () => b.return(b.i32(C3), flags));
    const smaller = b.select(b.eq(xe, ye), b.ltU(xm, ym), b.ltU(xe, ye));
    b.return(b.select(b.xor(smaller, b.ne(xSign, 0)), C0, 0), flags);
  }),

  /** Condition codes of fxam for a register that is not empty (Intel SDM volume 2, FXAM). */
  defineFunction('f80.examine', ['i64', 'i32'], ['i32'], (b, mantissa, signExponent) => {
    const kind = classOf(b, mantissa, signExponent);
    const codes = b.variable('i32', 0);
    const byClass = [C2, C3, C2 | C0, C3 | C2, C0, C0, 0];
    b.switch(
      kind,
      byClass.map((code) => () => codes.set(code)),
    );
    b.return(b.or(codes.get(), b.select(signOf(b, signExponent), C1, 0)));
  }),

  remainder('f80.prem', false),
  remainder('f80.prem1', true),

  /** x * 2^trunc(y). */
  defineFunction('f80.scale', ['i64', 'i32', 'i64', 'i32', 'i32'], F80_RESULT, (b, xm, xs, ym, ys, control) => {
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    const sign = signOf(b, xs),
      ySign = signOf(b, ys);
    b.if(b.or(b.geU(xClass, Class.quietNan), b.geU(yClass, Class.quietNan)), () => {
      const nan = callF80(b, 'f80.nan', xm, xs, ym, ys);
      b.return(nan.mantissa, nan.signExponent, nan.flags);
    });
    const flags = b.select(b.or(b.eq(xClass, Class.denormal), b.eq(yClass, Class.denormal)), DE, 0);
    b.if(b.eq(yClass, Class.infinity), () => {
      // 0 * 2^inf and inf * 2^-inf
      b.if(b.eq(xClass, b.select(ySign, Class.infinity, Class.zero)), () => returnInvalid(b));
      b.if(ySign, () => returnZero(b, sign, flags));
      returnInfinity(b, sign, flags);
    });
    b.if(b.or(b.eq(xClass, Class.zero), b.eq(xClass, Class.infinity)), () => b.return(xm, xs, flags));
    const mantissa = b.variable('i64', xm),
      exponent = b.variable('i32', exponentOf(b, xs));
    normalize(b, mantissa, exponent);
    const ye = exponentOf(b, ys);
    // Beyond 2^16 any result overflows or underflows however it began.
    const places = b.wrap(b.shrU(ym, b.zext(b.sub(BIAS + 63, ye))));
    const count = b.select(b.ltU(ye, BIAS), 0, b.select(b.gtU(ye, BIAS + 15), 0x10000, places));
    const scaled = b.add(exponent.get(), b.select(ySign, b.neg(count), count));
    const result = callF80(b, 'f80.round', sign, scaled, mantissa.get(), b.i64(0), b.or(control, 0x300));
    b.return(result.mantissa, result.signExponent, b.or(result.flags, flags));
  }),

  /** Exponent as a number, then the significand: both values and the flags. */
  defineFunction('f80.extract', ['i64', 'i32'], ['i64', 'i32', 'i64', 'i32', 'i32'], (b, xm, xs) => {
    const kind = classOf(b, xm, xs);
    const sign = signOf(b, xs);
    b.if(b.geU(kind, Class.quietNan), () => {
      const nan = callF80(b, 'f80.quiet', xm, xs);
      b.return(nan.mantissa, nan.signExponent, nan.mantissa, nan.signExponent, nan.flags);
    });
    b.if(b.eq(kind, Class.zero), () => b.return(b.i64(INTEGER_BIT), b.i32(SIGN | MAX_EXPONENT), xm, xs, b.i32(ZE)));
    b.if(b.eq(kind, Class.infinity), () => b.return(b.i64(INTEGER_BIT), b.i32(MAX_EXPONENT), xm, xs, b.i32(0)));
    const mantissa = b.variable('i64', xm),
      exponent = b.variable('i32', exponentOf(b, xs));
    normalize(b, mantissa, exponent);
    const [power, powerExponent] = callPair(b, 'f80.fromI64', ['i64', 'i32'], b.sext(b.sub(exponent.get(), BIAS)));
    b.return(power, powerExponent, mantissa.get(), b.or(sign, BIAS), b.select(b.eq(kind, Class.denormal), DE, 0));
  }),
];
