// Numbers with 128-bit mantissas, for the transcendental functions: about 120 correct bits, so that the result rounds well.
//
// A wide number is high and low half (i64, the leading one at bit 127) and an exponent (i32, unbiased): h.l / 2^127 * 2^e.
// A fraction is 128 bits in fixed point: "Q127" has the weight of bit 127 at 1, "Q128" at 1/2.

import type { Builder } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import { BIAS, callF80, callPair, type F80Result, shiftedOut } from './f80-parts.ts';

export interface Fraction {
  readonly high: Value;
  readonly low: Value;
}
export interface Wide extends Fraction {
  readonly exponent: Value;
}
const PAIR = ['i64', 'i64'] as const;
export const WIDE = ['i64', 'i64', 'i32'] as const;

export const wide = (values: readonly Value[]): Wide => {
  const [high, low, exponent] = values as [Value, Value, Value];
  return { high, low, exponent };
};
/** A constant fraction of 128 bits. */
export const fraction = (b: Builder, bits: bigint): Fraction => ({
  high: b.i64(BigInt.asIntN(64, bits >> 64n)),
  low: b.i64(BigInt.asIntN(64, bits)),
});

export const product = (b: Builder, x: Wide, y: Wide): Wide => {
  const [high, low, up] = b.call('wide.product', [x.high, x.low, y.high, y.low], WIDE) as [Value, Value, Value];
  return { high, low, exponent: b.add(b.add(x.exponent, y.exponent), up) };
};
export const quotient = (b: Builder, x: Wide, y: Wide): Wide => {
  const [high, low, up] = b.call('wide.quotient', [x.high, x.low, y.high, y.low], WIDE) as [Value, Value, Value];
  return { high, low, exponent: b.add(b.sub(x.exponent, y.exponent), up) };
};
export const normalized = (b: Builder, { high, low }: Fraction, exponent: Value | number): Wide => {
  const [h, l, down] = b.call('wide.normalize', [high, low], WIDE) as [Value, Value, Value];
  return { high: h, low: l, exponent: b.sub(exponent, down) };
};
/** x * 2^-(count): a wide number of exponent e as Q127 with count -e, as Q128 with count -1 - e. */
export const shifted = (b: Builder, { high, low }: Fraction, count: Value): Fraction => {
  const [h, l] = callPair(b, 'f80.shr', PAIR, high, low, count);
  return { high: h, low: l };
};
export const sum = (b: Builder, x: Fraction, y: Fraction): Fraction => {
  const low = b.add(x.low, y.low);
  return { low, high: b.add(b.add(x.high, y.high), b.zext(b.ltU(low, y.low))) };
};
export const difference = (b: Builder, x: Fraction, y: Fraction): Fraction => ({
  low: b.sub(x.low, y.low),
  high: b.sub(b.sub(x.high, y.high), b.zext(b.ltU(x.low, y.low))),
});
export const chosen = (b: Builder, condition: Value, x: Fraction, y: Fraction): Fraction => ({
  high: b.select(condition, x.high, y.high),
  low: b.select(condition, x.low, y.low),
});

/**
 * c0 + t * (c1 + t * (c2 + ...)) with the coefficients and the sum in Q127, t in Q128; with `minus` (i32) each sum is a
 * difference. Coefficients fall, so that no partial result is negative. With differences the result is kept below c0 even
 * for the smallest t, so that directed rounding sees on which side it lies.
 */
export function series(b: Builder, t: Fraction, coefficients: readonly bigint[], minus: Value): Fraction {
  const total = coefficients.slice(0, -1).reduceRight<Fraction>(
    (rest, coefficient) => {
      const c = fraction(b, coefficient);
      const [high, low] = callPair(b, 'wide.step', PAIR, rest.high, rest.low, t.high, t.low, c.high, c.low, minus);
      return { high, low };
    },
    fraction(b, coefficients.at(-1) as bigint),
  );
  return difference(b, total, { high: b.i64(0), low: b.zext(b.ne(minus, 0)) });
}

/** 1 / divisor in Q127. */
export const reciprocals = (divisors: readonly bigint[]): bigint[] => divisors.map((divisor) => (1n << 127n) / divisor);
export const factorial = (n: number): bigint => (n <= 1 ? 1n : BigInt(n) * factorial(n - 1));
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The wide number of sign (0 or SIGN) as an 80-bit result, precision control left aside. */
export function rounded(b: Builder, sign: Value, { high, low, exponent }: Wide, control: Value): F80Result {
  return callF80(b, 'f80.round', sign, b.add(exponent, BIAS), high, low, b.or(control, 0x300));
}
/** The same for a result that is not exact: some bit below must show it. */
export const roundedInexact = (b: Builder, sign: Value, x: Wide, control: Value): F80Result =>
  rounded(b, sign, { ...x, low: b.or(x.low, 1) }, control);

export const f80Wide: readonly FunctionDefinition[] = [
  /** High half of a 256-bit product, at most 3 too small. */
  defineFunction('wide.mul', ['i64', 'i64', 'i64', 'i64'], PAIR, (b, xh, xl, yh, yl) => {
    const first = b.pure('mul128.highU', 'i64', xh, yl),
      second = b.pure('mul128.highU', 'i64', xl, yh);
    const low = b.add(b.mul(xh, yh), first);
    const low2 = b.add(low, second);
    const carries = b.add(b.zext(b.ltU(low, first)), b.zext(b.ltU(low2, second)));
    b.return(b.add(b.pure('mul128.highU', 'i64', xh, yh), carries), low2);
  }),
  /** Product of mantissas, normalized; 1 if it is 2 or more. */
  defineFunction('wide.product', ['i64', 'i64', 'i64', 'i64'], WIDE, (b, xh, xl, yh, yl) => {
    const [high, low] = callPair(b, 'wide.mul', PAIR, xh, xl, yh, yl);
    b.if(b.ltS(high, 0), () => b.return(high, low, b.i32(1)));
    b.return(b.or(b.shl(high, 1), b.shrU(low, 63)), b.shl(low, 1), b.i32(0));
  }),
  /** Leading one to bit 127; returns by how many places. Zero stays, with 128. */
  defineFunction('wide.normalize', PAIR, WIDE, (b, high, low) => {
    const n = b.clz(high);
    b.if(b.eqz(high), () => {
      const m = b.clz(low);
      b.return(b.shl(low, m), b.i64(0), b.add(b.wrap(m), 64));
    });
    b.return(b.or(b.shl(high, n), b.shrU(b.shrU(low, 1), b.sub(63, n))), b.shl(low, n), b.wrap(n));
  }),
  defineFunction('wide.step', ['i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i32'], PAIR, (b, xh, xl, th, tl, ch, cl, minus) => {
    const [high, low] = callPair(b, 'wide.mul', PAIR, xh, xl, th, tl);
    const c = { high: ch, low: cl },
      x = { high, low };
    const result = chosen(b, minus, difference(b, c, x), sum(b, c, x));
    b.return(result.high, result.low);
  }),
  /** A 64-bit digit of a division by two words, divisor with its top bit set: (n2:n1) < (d1:d0). Returns digit and remainder. */
  defineFunction('wide.digit', ['i64', 'i64', 'i64', 'i64', 'i64'], ['i64', 'i64', 'i64'], (b, n2, n1, n0, d1, d0) => {
    const digit = b.variable('i64', -1n),
      rest = b.variable('i64', b.add(n1, d1)),
      fits = b.variable('i32', b.ltU(b.add(n1, d1), d1));
    b.if(b.ltU(n2, d1), () => {
      const [q, r] = callPair(b, 'f80.divide', PAIR, n2, n1, d1);
      digit.set(q);
      rest.set(r);
      fits.set(0);
    });
    // At most two too large (Knuth, volume 2, 4.3.1); once the partial remainder needs more than a word it fits.
    b.loop((loop) => {
      b.if(fits.get(), () => loop.break());
      const high = b.pure('mul128.highU', 'i64', digit.get(), d0),
        low = b.mul(digit.get(), d0);
      b.if(b.or(b.ltU(high, rest.get()), b.and(b.eq(high, rest.get()), b.leU(low, n0))), () => loop.break());
      digit.set(b.sub(digit.get(), 1));
      rest.set(b.add(rest.get(), d1));
      fits.set(b.ltU(rest.get(), d1));
    });
    const q = digit.get();
    const low = b.mul(q, d0);
    const borrow = b.zext(b.ltU(n0, low));
    b.return(q, b.sub(b.sub(b.sub(n1, b.mul(q, d1)), b.pure('mul128.highU', 'i64', q, d0)), borrow), b.sub(n0, low));
  }),
  /** Quotient of mantissas, normalized, and the exponent it adds: 0, or -1 if it is below 1. */
  defineFunction('wide.quotient', ['i64', 'i64', 'i64', 'i64'], WIDE, (b, xh, xl, yh, yl) => {
    const large = b.or(b.gtU(xh, yh), b.and(b.eq(xh, yh), b.geU(xl, yl)));
    const n = b.zext(large);
    const high = b.shrU(xh, n),
      low = b.or(b.shrU(xl, n), shiftedOut(b, xh, n));
    const digit = (n2: Value, n1: Value): Value[] => b.call('wide.digit', [n2, n1, b.i64(0), yh, yl], ['i64', 'i64', 'i64']);
    const [q1, r1, r0] = digit(high, low) as [Value, Value, Value];
    const [q0] = digit(r1, r0) as [Value];
    b.return(q1, q0, b.sub(large, 1));
  }),
];
