// Pieces of IR shared by the 80-bit soft-float functions: constants of the format, tests, rounding decisions.
//
// A value is (mantissa i64 with its explicit integer bit, i32 with the sign in bit 15 above the 15-bit exponent). Functions
// return their exception flags as an i32 in the places of the status word: the six exceptions, SF, and C1 for "rounded up".

import type { Builder, MutableValue } from '../../ir/builder.ts';
import type { Value } from '../../ir/value.ts';

/** Exceptions in FSW and FCW (Intel SDM volume 1, 8.1.3). */
export const IE = 0x01,
  DE = 0x02,
  ZE = 0x04,
  OE = 0x08,
  UE = 0x10,
  PE = 0x20,
  STACK_FAULT = 0x40;
/** Condition codes of FSW. */
export const C0 = 0x0100,
  C1 = 0x0200,
  C2 = 0x0400,
  C3 = 0x4000;

export const INTEGER_BIT = -(1n << 63n);
export const QUIET_BIT = 1n << 62n;
/** The real indefinite (Intel SDM volume 1, table 4-3). */
export const INDEFINITE_MANTISSA = -(1n << 62n);
export const INDEFINITE_SIGN_EXPONENT = 0xffff;
export const SIGN = 0x8000;
export const MAX_EXPONENT = 0x7fff;
export const BIAS = 0x3fff;
/** What an unmasked overflow takes from the exponent, an unmasked underflow adds to it (Intel SDM volume 1, 4.9.1.5). */
export const WRAP = 24576;

/** Results of f80.class; everything from quietNan on stops arithmetic. */
export const Class = { normal: 0, zero: 1, infinity: 2, denormal: 3, quietNan: 4, signalingNan: 5, unsupported: 6 } as const;

/** Result types of a function that returns a value and its flags. */
export const F80_RESULT = ['i64', 'i32', 'i32'] as const;

export interface F80 {
  readonly mantissa: Value;
  readonly signExponent: Value;
}
export interface F80Result extends F80 {
  readonly flags: Value;
}

/** Calls a function with the results F80_RESULT. */
export function callF80(b: Builder, name: string, ...args: Value[]): F80Result {
  const [mantissa, signExponent, flags] = b.call(name, args, F80_RESULT) as [Value, Value, Value];
  return { mantissa, signExponent, flags };
}

/** Calls a function of two results. */
export function callPair(
  b: Builder,
  name: string,
  types: readonly ['i32' | 'i64', 'i32' | 'i64'],
  ...args: Value[]
): [Value, Value] {
  return b.call(name, args, types) as [Value, Value];
}

export const classOf = (b: Builder, mantissa: Value, signExponent: Value): Value =>
  b.pure('f80.class', 'i32', mantissa, signExponent);
export const exponentOf = (b: Builder, signExponent: Value): Value => b.and(signExponent, MAX_EXPONENT);
export const signOf = (b: Builder, signExponent: Value): Value => b.and(signExponent, SIGN);

/** i32 1 for a finite number with exponent and integer bit both not zero: the operands of the fast paths. */
export const isNormal = (b: Builder, mantissa: Value, signExponent: Value): Value =>
  b.and(b.ltS(mantissa, 0), b.ltU(b.sub(exponentOf(b, signExponent), 1), MAX_EXPONENT - 1));

/** x << (64 - n) for n (i64) from 0 to 63, with 0 for n = 0. */
export const shiftedOut = (b: Builder, x: Value, n: Value): Value => b.shl(b.shl(x, 1), b.sub(63, n));

/** i64 1 if x is not 0: the sticky bit. */
export const sticky = (b: Builder, x: Value): Value => b.zext(b.ne(x, 0));

/** Bits of the mantissa that the precision control of FCW leaves out, i64: 0 (also for the reserved value), 11 or 40. */
export const droppedBits = (b: Builder, control: Value): Value => {
  const precision = b.and(b.shrU(control, 8), 3);
  return b.select(b.and(precision, 1), b.i64(0), b.select(precision, b.i64(11), 40));
};

/** i32 1 if the rounding control sends an inexact result of this sign away from zero (not to nearest, not truncating). */
export const roundsAway = (b: Builder, sign: Value, control: Value): Value =>
  b.eq(b.and(b.shrU(control, 10), 3), b.select(sign, 1, 2));

/** i64 1 if kept.rest, with `rest` the 64 bits below the last kept one, is to be rounded up in magnitude. */
export const roundingIncrement = (b: Builder, sign: Value, kept: Value, rest: Value, control: Value): Value => {
  const half = b.i64(INTEGER_BIT);
  const nearest = b.or(b.gtU(rest, half), b.and(b.eq(rest, half), b.wrap(b.and(kept, 1))));
  const directed = b.and(b.ne(rest, 0), roundsAway(b, sign, control));
  return b.zext(b.select(b.and(control, 0xc00), directed, nearest));
};

/** PE and C1 for the bits rounded away and the increment made. */
export const inexactFlags = (b: Builder, rest: Value, increment: Value): Value =>
  b.select(b.eqz(rest), 0, b.or(PE, b.shl(b.wrap(increment), 9)));

/** Puts a denormal's leading one at bit 63; the exponent then goes below 1. Zero stays zero, with an exponent below all others. */
export function normalize(b: Builder, mantissa: MutableValue, exponent: MutableValue): void {
  b.if(b.eqz(exponent.get()), () => {
    const shift = b.clz(mantissa.get());
    exponent.set(b.sub(1, b.wrap(shift)));
    mantissa.set(b.shl(mantissa.get(), shift));
  });
}

/** Ends a function with the masked response to an invalid operation. */
export function returnInvalid(b: Builder): void {
  b.return(b.i64(INDEFINITE_MANTISSA), b.i32(INDEFINITE_SIGN_EXPONENT), b.i32(IE));
}
export function returnInfinity(b: Builder, sign: Value, flags: Value): void {
  b.return(b.i64(INTEGER_BIT), b.or(sign, MAX_EXPONENT), flags);
}
export function returnZero(b: Builder, sign: Value, flags: Value): void {
  b.return(b.i64(0), sign, flags);
}
