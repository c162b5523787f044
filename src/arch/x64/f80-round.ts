// The common ends of 80-bit soft-float: classification, NaN propagation, wide shifts and products, rounding and packing.

import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import {
  C1,
  Class,
  classOf,
  callPair,
  droppedBits,
  F80_RESULT,
  exponentOf,
  IE,
  INDEFINITE_MANTISSA,
  INDEFINITE_SIGN_EXPONENT,
  inexactFlags,
  INTEGER_BIT,
  MAX_EXPONENT,
  OE,
  PE,
  QUIET_BIT,
  returnInfinity,
  returnInvalid,
  returnZero,
  roundingIncrement,
  roundsAway,
  shiftedOut,
  sticky,
  UE,
  WRAP,
} from './f80-parts.ts';

export const f80Round: readonly FunctionDefinition[] = [
  defineFunction('f80.class', ['i64', 'i32'], ['i32'], (b, mantissa, signExponent) => {
    const exponent = exponentOf(b, signExponent);
    b.if(b.eqz(exponent), () => b.return(b.select(b.eqz(mantissa), Class.zero, Class.denormal)));
    b.if(b.geS(mantissa, 0), () => b.return(b.i32(Class.unsupported)));
    b.if(b.ne(exponent, MAX_EXPONENT), () => b.return(b.i32(Class.normal)));
    b.if(b.eqz(b.shl(mantissa, 1)), () => b.return(b.i32(Class.infinity)));
    b.return(b.select(b.eqz(b.and(mantissa, QUIET_BIT)), Class.signalingNan, Class.quietNan));
  }),

  // Intel SDM volume 1, table 4-7: of two NaNs of one kind the larger significand, of two kinds the quiet one.
  defineFunction('f80.nan', ['i64', 'i32', 'i64', 'i32'], F80_RESULT, (b, xMantissa, xExponent, yMantissa, yExponent) => {
    const xClass = classOf(b, xMantissa, xExponent),
      yClass = classOf(b, yMantissa, yExponent);
    b.if(b.or(b.eq(xClass, Class.unsupported), b.eq(yClass, Class.unsupported)), () => returnInvalid(b));
    const flags = b.or(b.eq(xClass, Class.signalingNan), b.eq(yClass, Class.signalingNan));
    const larger = b.select(b.eq(xMantissa, yMantissa), b.ltU(xExponent, yExponent), b.gtU(xMantissa, yMantissa));
    const bothNan = b.and(b.geU(xClass, Class.quietNan), b.geU(yClass, Class.quietNan));
    const ofTwo = b.select(b.eq(xClass, yClass), larger, b.eq(xClass, Class.quietNan));
    const isX = b.select(bothNan, ofTwo, b.geU(xClass, Class.quietNan));
    b.return(b.or(b.select(isX, xMantissa, yMantissa), QUIET_BIT), b.select(isX, xExponent, yExponent), flags);
  }),

  /** One 32-bit digit of a long division: (remainder:digit) / divisor, divisor with its top bit set, remainder < divisor. */
  defineFunction('f80.digit', ['i64', 'i64', 'i64'], ['i64', 'i64'], (b, remainder, digit, divisor) => {
    const high = b.shrU(divisor, 32),
      low = b.and(divisor, 0xffffffffn);
    const quotient = b.variable('i64', b.divU(remainder, high));
    const rest = b.variable('i64', b.remU(remainder, high));
    // The estimate from the high halves is at most 2 too large (Knuth, volume 2, 4.3.1, theorem B).
    b.loop((loop) => {
      const estimate = quotient.get();
      const fits = b.and(b.leU(estimate, 0xffffffffn), b.leU(b.mul(estimate, low), b.or(b.shl(rest.get(), 32), digit)));
      b.if(fits, () => loop.break());
      quotient.set(b.sub(estimate, 1));
      rest.set(b.add(rest.get(), high));
      b.if(b.gtU(rest.get(), 0xffffffffn), () => loop.break());
    });
    const q = quotient.get();
    b.return(q, b.sub(b.or(b.shl(remainder, 32), digit), b.mul(q, divisor)));
  }),

  /** 128 by 64 bits: (high:low) / divisor, divisor with its top bit set, high < divisor. Returns quotient and remainder. */
  defineFunction('f80.divide', ['i64', 'i64', 'i64'], ['i64', 'i64'], (b, high, low, divisor) => {
    const [q1, r1] = callPair(b, 'f80.digit', ['i64', 'i64'], high, b.shrU(low, 32), divisor);
    const [q0, r0] = callPair(b, 'f80.digit', ['i64', 'i64'], r1, b.and(low, 0xffffffffn), divisor);
    b.return(b.or(b.shl(q1, 32), q0), r0);
  }),

  /** (high:low) >> count (i32, not negative) with the bits shifted out kept as a sticky bit 0. */
  defineFunction('f80.shr', ['i64', 'i64', 'i32'], ['i64', 'i64'], (b, high, low, count) => {
    const n = b.zext(b.and(count, 63));
    b.if(b.ltU(count, 64), () => {
      const out = sticky(b, shiftedOut(b, low, n));
      b.return(b.shrU(high, n), b.or(b.or(shiftedOut(b, high, n), b.shrU(low, n)), out));
    });
    b.if(b.ltU(count, 128), () => b.return(b.i64(0), b.or(b.shrU(high, n), sticky(b, b.or(shiftedOut(b, high, n), low)))));
    b.return(b.i64(0), sticky(b, b.or(high, low)));
  }),

  // (-1)^sign * high.low * 2^(exponent - BIAS), high with its top bit set, to the precision, rounding and masks of `control`.
  // Unmasked overflow and underflow give the exponent wrapped around, out of reach of that (fscale) infinity or 0.
  // Tininess is detected after rounding (Intel SDM volume 1, 4.9.1.5).
  defineFunction('f80.round', ['i32', 'i32', 'i64', 'i64', 'i32'], F80_RESULT, (b, sign, exponent, high, low, control) => {
    const dropped = droppedBits(b, control);
    const kept = b.shrU(high, dropped);
    const rest = b.select(b.eqz(dropped), low, b.or(shiftedOut(b, high, dropped), sticky(b, low)));
    const increment = roundingIncrement(b, sign, kept, rest, control);
    const sum = b.shl(b.add(kept, increment), dropped);
    const carry = b.eqz(sum);
    const mantissa = b.select(carry, INTEGER_BIT, sum);
    const flags = inexactFlags(b, rest, increment);
    const rounded = b.add(exponent, carry);
    b.if(b.ltU(b.sub(rounded, 1), MAX_EXPONENT - 1), () => b.return(mantissa, b.or(sign, rounded), flags));

    b.if(b.gtS(rounded, 0), () => {
      const wrapped = b.ltS(b.sub(rounded, WRAP), MAX_EXPONENT);
      b.if(b.and(b.eqz(b.and(control, OE)), wrapped), () => {
        b.return(mantissa, b.or(sign, b.and(b.sub(rounded, WRAP), MAX_EXPONENT)), b.or(flags, OE));
      });
      const infinite = b.or(b.or(b.eqz(b.and(control, 0xc00)), roundsAway(b, sign, control)), b.eqz(b.and(control, OE)));
      b.if(infinite, () => returnInfinity(b, sign, b.i32(OE | PE | C1)));
      b.return(b.shl(b.i64(-1), dropped), b.or(sign, MAX_EXPONENT - 1), b.i32(OE | PE));
    });

    b.if(b.eqz(b.and(control, UE)), () => {
      b.if(b.leS(b.add(rounded, WRAP), 0), () => returnZero(b, sign, b.i32(UE | PE)));
      b.return(mantissa, b.or(sign, b.and(b.add(rounded, WRAP), MAX_EXPONENT)), b.or(flags, UE));
    });
    const [tinyHigh, tinyLow] = callPair(b, 'f80.shr', ['i64', 'i64'], high, low, b.sub(1, exponent));
    const tinyKept = b.shrU(tinyHigh, dropped);
    const tinyRest = b.select(b.eqz(dropped), tinyLow, b.or(shiftedOut(b, tinyHigh, dropped), sticky(b, tinyLow)));
    const tinyIncrement = roundingIncrement(b, sign, tinyKept, tinyRest, control);
    const tiny = b.shl(b.add(tinyKept, tinyIncrement), dropped);
    const tinyFlags = inexactFlags(b, tinyRest, tinyIncrement);
    b.return(tiny, b.or(sign, b.ltS(tiny, 0)), b.or(tinyFlags, b.select(tinyFlags, UE, 0)));
  }),

  /** The quiet form of one NaN, or the indefinite for an unsupported encoding, with IE where it is due. */
  defineFunction('f80.quiet', ['i64', 'i32'], F80_RESULT, (b, mantissa, signExponent) => {
    const kind = classOf(b, mantissa, signExponent);
    b.if(b.eq(kind, Class.unsupported), () => {
      b.return(b.i64(INDEFINITE_MANTISSA), b.i32(INDEFINITE_SIGN_EXPONENT), b.i32(IE));
    });
    b.return(b.or(mantissa, QUIET_BIT), signExponent, b.eq(kind, Class.signalingNan));
  }),
];
