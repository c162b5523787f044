// 80-bit soft-float: conversions from and to m32, m64 and integers, rounding to an integer, packed decimal.

import type { Builder } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import {
  BIAS,
  C1,
  callF80,
  callPair,
  Class,
  classOf,
  DE,
  exponentOf,
  F80_RESULT,
  IE,
  inexactFlags,
  INTEGER_BIT,
  isNormal,
  MAX_EXPONENT,
  OE,
  PE,
  returnZero,
  roundingIncrement,
  roundsAway,
  SIGN,
  signOf,
  UE,
} from './f80-parts.ts';

/** An IEEE 754 interchange format. */
interface Format {
  readonly name: string;
  readonly type: 'i32' | 'i64';
  /** Stored fraction bits and exponent bits. */
  readonly fraction: number;
  readonly exponent: number;
}
const FORMATS: readonly Format[] = [
  { name: 'F32', type: 'i32', fraction: 23, exponent: 8 },
  { name: 'F64', type: 'i64', fraction: 52, exponent: 11 },
];

const HALF: Format = { name: 'F16', type: 'i32', fraction: 10, exponent: 5 };

/** Exact; a signaling NaN stays one, for the operation that uses it to find. Flags: DE for a denormal. */
const from = (f: Format): FunctionDefinition =>
  defineFunction(`f80.from${f.name}`, [f.type], F80_RESULT, (b, bits) => {
    const maximum = (1 << f.exponent) - 1;
    const sign = b.and(b.wrap(b.shrU(bits, f.fraction + f.exponent - 15)), SIGN);
    const exponent = b.and(b.wrap(b.shrU(bits, f.fraction)), maximum);
    const fraction = b.and(b.zext(bits), (1n << BigInt(f.fraction)) - 1n);
    const mantissa = b.shl(fraction, 63 - f.fraction);
    b.if(b.ltU(b.sub(exponent, 1), maximum - 1), () => {
      b.return(b.or(mantissa, INTEGER_BIT), b.or(sign, b.add(exponent, BIAS - (maximum >> 1))), b.i32(0));
    });
    b.if(exponent, () => b.return(b.or(mantissa, INTEGER_BIT), b.or(sign, MAX_EXPONENT), b.i32(0)));
    b.if(b.eqz(fraction), () => returnZero(b, sign, b.i32(0)));
    const shift = b.clz(mantissa);
    b.return(b.shl(mantissa, shift), b.or(sign, b.sub(BIAS - (maximum >> 1) + 1, b.wrap(shift))), b.i32(DE));
  });

/** With OE or UE unmasked an overflow or underflow stores nothing: that flag then stands alone. */
const to = (f: Format): FunctionDefinition =>
  defineFunction(`f80.to${f.name}`, ['i64', 'i32', 'i32'], [f.type, 'i32'], (b, mantissa, signExponent, control) => {
    const maximum = (1 << f.exponent) - 1,
      dropped = 63 - f.fraction;
    const rebias = BIAS - (maximum >> 1);
    const sign = signOf(b, signExponent),
      exponent = exponentOf(b, signExponent);
    /** Adds fraction (i64, carrying into the exponent) to sign and exponent (i64). */
    const pack = (field: Value, fraction: Value, flags: Value): void => {
      const high = b.or(b.shl(b.zext(sign), f.fraction + f.exponent - 15), b.shl(field, f.fraction));
      b.return(b.as(f.type, b.add(high, fraction)), flags);
    };
    b.if(b.eqz(isNormal(b, mantissa, signExponent)), () => {
      const kind = classOf(b, mantissa, signExponent);
      b.if(b.eq(kind, Class.zero), () => pack(b.i64(0), b.i64(0), b.i32(0)));
      b.if(b.eq(kind, Class.infinity), () => pack(b.i64(maximum), b.i64(0), b.i32(0)));
      b.if(b.geU(kind, Class.quietNan), () => {
        const nan = callF80(b, 'f80.quiet', mantissa, signExponent);
        const field = b.or(
          b.shl(b.zext(signOf(b, nan.signExponent)), f.fraction + f.exponent - 15),
          BigInt(maximum) << BigInt(f.fraction),
        );
        b.return(b.as(f.type, b.or(field, b.shrU(b.shl(nan.mantissa, 1), dropped + 1))), nan.flags);
      });
    });
    const kept = b.shrU(mantissa, dropped),
      rest = b.shl(mantissa, 64 - dropped);
    const increment = roundingIncrement(b, sign, kept, rest, control);
    const flags = inexactFlags(b, rest, increment);
    const sum = b.add(kept, increment);
    const carry = b.wrap(b.shrU(sum, f.fraction + 1));
    const target = b.sub(exponent, rebias);
    const rounded = b.add(target, carry);
    const one = 1n << BigInt(f.fraction);
    b.if(b.ltU(b.sub(rounded, 1), maximum - 1), () => {
      // With a carry the sum is a power of two, whose fraction is 0 either way.
      pack(b.zext(rounded), b.and(sum, one - 1n), flags);
    });
    b.if(b.gtS(rounded, 0), () => {
      b.if(b.eqz(b.and(control, OE)), () => pack(b.i64(0), b.i64(0), b.i32(OE)));
      const infinite = b.or(b.eqz(b.and(control, 0xc00)), roundsAway(b, sign, control));
      b.if(infinite, () => pack(b.i64(maximum), b.i64(0), b.i32(OE | PE | C1)));
      pack(b.i64(maximum - 1), b.i64(one - 1n), b.i32(OE | PE));
    });
    // A tiny result; a denormal source has exponent 0, which here means no more than far below.
    b.if(b.eqz(b.and(control, UE)), () => pack(b.i64(0), b.i64(0), b.i32(UE)));
    const [tinyHigh, tinyLow] = callPair(b, 'f80.shr', ['i64', 'i64'], mantissa, b.i64(0), b.sub(dropped + 1, target));
    const tinyIncrement = roundingIncrement(b, sign, tinyHigh, tinyLow, control);
    const tinyFlags = inexactFlags(b, tinyLow, tinyIncrement);
    pack(b.i64(0), b.add(tinyHigh, tinyIncrement), b.or(tinyFlags, b.select(tinyFlags, UE, 0)));
  });

/** |x| as an integer at 63 - exponent places from the left: i64 magnitude, flags. For exponents below BIAS + 63. */
function integerPart(b: Builder, mantissa: Value, signExponent: Value, control: Value): [Value, Value] {
  const count = b.sub(BIAS + 63, exponentOf(b, signExponent));
  const [high, low] = callPair(b, 'f80.shr', ['i64', 'i64'], mantissa, b.i64(0), count);
  const increment = roundingIncrement(b, signOf(b, signExponent), high, low, control);
  return [b.add(high, increment), inexactFlags(b, low, increment)];
}

/** IE alone: integer indefinite, whose bits are those of the most negative number of the width. */
const integer = (bits: 16 | 32 | 64): FunctionDefinition =>
  defineFunction(`f80.toI${bits}`, ['i64', 'i32', 'i32'], ['i64', 'i32'], (b, mantissa, signExponent, control) => {
    const indefinite = b.i64(-(1n << BigInt(bits - 1)));
    const exponent = exponentOf(b, signExponent);
    b.if(b.or(b.eq(classOf(b, mantissa, signExponent), Class.unsupported), b.gtU(exponent, BIAS + 63)), () =>
      b.return(indefinite, b.i32(IE)),
    );
    const [magnitude, flags] = integerPart(b, mantissa, signExponent, control);
    const sign = b.ne(signOf(b, signExponent), 0);
    // As unsigned numbers, so that a magnitude of 2^63 is compared rightly.
    const limit = b.add((1n << BigInt(bits - 1)) - 1n, b.zext(sign));
    b.if(b.gtU(magnitude, limit), () => b.return(indefinite, b.i32(IE)));
    b.return(b.select(sign, b.neg(magnitude), magnitude), flags);
  });

/** Between half precision and 80 bits. */
export const halfConversions: readonly FunctionDefinition[] = [from(HALF), to(HALF)];

export const f80Convert: readonly FunctionDefinition[] = [
  ...FORMATS.map(from),
  ...FORMATS.map(to),
  integer(16),
  integer(32),
  integer(64),

  defineFunction('f80.fromI64', ['i64'], ['i64', 'i32'], (b, value) => {
    const sign = b.select(b.ltS(value, 0), SIGN, 0);
    const magnitude = b.select(sign, b.neg(value), value);
    b.if(b.eqz(value), () => b.return(b.i64(0), b.i32(0)));
    const shift = b.clz(magnitude);
    b.return(b.shl(magnitude, shift), b.or(sign, b.sub(BIAS + 63, b.wrap(shift))));
  }),

  defineFunction('f80.rint', ['i64', 'i32', 'i32'], F80_RESULT, (b, mantissa, signExponent, control) => {
    const kind = classOf(b, mantissa, signExponent);
    b.if(b.geU(kind, Class.quietNan), () => {
      const nan = callF80(b, 'f80.quiet', mantissa, signExponent);
      b.return(nan.mantissa, nan.signExponent, nan.flags);
    });
    const whole = b.geU(exponentOf(b, signExponent), BIAS + 63);
    b.if(b.or(whole, b.eq(kind, Class.zero)), () => b.return(mantissa, signExponent, b.i32(0)));
    const sign = signOf(b, signExponent);
    const denormal = b.select(b.eq(kind, Class.denormal), DE, 0);
    const [magnitude, inexact] = integerPart(b, mantissa, signExponent, control);
    const flags = b.or(inexact, denormal);
    b.if(b.eqz(magnitude), () => returnZero(b, sign, flags));
    const shift = b.clz(magnitude);
    b.return(b.shl(magnitude, shift), b.or(sign, b.sub(BIAS + 63, b.wrap(shift))), flags);
  }),

  // Packed decimal: 18 digits, sign in bit 15 of the upper half; as i64 of 16 digits and i32 of 2 digits and sign.
  defineFunction('f80.fromBcd', ['i64', 'i32'], ['i64', 'i32'], (b, low, high) => {
    const total = b.variable('i64', b.zext(b.add(b.mul(b.and(b.shrU(high, 4), 15), 10), b.and(high, 15))));
    const shift = b.variable('i64', 64);
    b.loop((loop) => {
      b.if(b.eqz(shift.get()), () => loop.break());
      shift.set(b.sub(shift.get(), 4));
      total.set(b.add(b.mul(total.get(), 10), b.and(b.shrU(low, shift.get()), 15)));
    });
    const [mantissa, exponent] = callPair(b, 'f80.fromI64', ['i64', 'i32'], total.get());
    b.return(mantissa, b.or(exponent, b.and(high, SIGN)));
  }),

  /** Low 16 digits, high 2 digits with sign, flags. */
  defineFunction('f80.toBcd', ['i64', 'i32', 'i32'], F80_RESULT, (b, mantissa, signExponent, control) => {
    const [value, flags] = callPair(b, 'f80.toI64', ['i64', 'i32'], mantissa, signExponent, control);
    const magnitude = b.select(b.ltS(value, 0), b.neg(value), value);
    b.if(b.or(b.and(flags, IE), b.gtU(magnitude, 999_999_999_999_999_999n)), () => {
      b.return(b.i64(INTEGER_BIT >> 1n), b.i32(0xffff), b.i32(IE));
    });
    const rest = b.variable('i64', magnitude),
      low = b.variable('i64', 0n),
      shift = b.variable('i64', 0n);
    b.loop((loop) => {
      b.if(b.eq(shift.get(), 64), () => loop.break());
      low.set(b.or(low.get(), b.shl(b.remU(rest.get(), 10), shift.get())));
      rest.set(b.divU(rest.get(), 10));
      shift.set(b.add(shift.get(), 4));
    });
    const digits = b.wrap(rest.get());
    b.return(low.get(), b.or(signOf(b, signExponent), b.or(b.shl(b.divU(digits, 10), 4), b.remU(digits, 10))), flags);
  }),
];
