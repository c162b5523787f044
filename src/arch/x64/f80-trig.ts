// 80-bit soft-float: sine, cosine, tangent, arc tangent.

import type { Builder } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import {
  BIAS,
  C2,
  Class,
  classOf,
  exponentOf,
  F80_RESULT,
  IE,
  INDEFINITE_MANTISSA,
  INDEFINITE_SIGN_EXPONENT,
  INTEGER_BIT,
  SIGN,
  signOf,
} from './f80-parts.ts';
import { denormalFlag, returnNan, unpack } from './f80-log.ts';
import {
  chosen,
  difference,
  factorial,
  type Fraction,
  fraction,
  normalized,
  product,
  quotient,
  reciprocals,
  roundedInexact,
  series,
  shifted,
  sum,
  upTo,
  type Wide,
  WIDE,
  wide,
} from './f80-wide.ts';

/** pi/2 as the instructions know it: 66 bits (Intel SDM volume 1, 8.3.8), in units of 2^-65. */
const HALF_PI_66 = 0x3243f6a8885a308d3n;

const SINE = reciprocals(upTo(18).map((k) => factorial(2 * k + 1)));
const COSINE = reciprocals(upTo(18).map((k) => factorial(2 * k)));

/** Units of 2^-125. */
const PI = 0x6487ed5110b4611a62633145c06e0e68n;
/** atan(k/8) in the same units. */
const ATAN_EIGHTHS = [
  0x00000000000000000000000000000000n,
  0x03fab7535585edb8cb225e627cfa223bn,
  0x07d6dd7e4b203758ab6e3cf7afbd10bfn,
  0x0b7b0ca0f26f784738aa32122dcfe448n,
  0x0ed63382b0dda7b456fe445ecbc3a8d0n,
  0x11e00babdefeb3f36b906bc2ccb886e8n,
  0x14978fa3269ee12483350fe548afb593n,
  0x1700a7c5784633ce7965b4aa42148887n,
  0x1921fb54442d18469898cc51701b839an,
];
const ARC_TANGENT = reciprocals(upTo(18).map((k) => BigInt(2 * k + 1)));
const ONE = 1n << 127n;

type Trigonometric = (b: Builder, sine: Wide, cosine: Wide, quadrant: Value, negative: Value) => [Wide, Value];

/** sin: quadrants give sin, cos, -sin, -cos of the reduced argument. */
const sine: Trigonometric = (b, s, c, quadrant, negative) => {
  const odd = b.and(quadrant, 1);
  const sign = b.xor(b.select(odd, 0, negative), b.shl(b.and(quadrant, 2), 14));
  return [{ ...chosen(b, odd, c, s), exponent: b.select(odd, c.exponent, s.exponent) }, sign];
};
const cosine: Trigonometric = (b, s, c, quadrant, negative) => sine(b, s, c, b.add(quadrant, 1), negative);
/** tan, or -1/tan in odd quadrants. */
const tangent: Trigonometric = (b, s, c, quadrant, negative) => {
  const odd = b.and(quadrant, 1);
  const select = (x: Wide, y: Wide): Wide => ({ ...chosen(b, odd, x, y), exponent: b.select(odd, x.exponent, y.exponent) });
  return [quotient(b, select(c, s), select(s, c)), b.xor(negative, b.shl(odd, 15))];
};

/** The function of one number: value and flags; C2 alone with the operand for an operand of 2^63 or more. */
const trigonometric = (name: string, operation: Trigonometric, isEven: boolean): FunctionDefinition =>
  defineFunction(name, ['i64', 'i32', 'i32'], F80_RESULT, (b, m, s, control) => {
    const kind = classOf(b, m, s);
    returnNan(b, m, s, m, s);
    b.if(b.eq(kind, Class.infinity), () => b.return(b.i64(INDEFINITE_MANTISSA), b.i32(INDEFINITE_SIGN_EXPONENT), b.i32(IE)));
    b.if(b.geU(exponentOf(b, s), BIAS + 63), () => b.return(m, s, b.i32(C2)));
    b.if(b.eq(kind, Class.zero), () => {
      if (isEven) b.return(b.i64(INTEGER_BIT), b.i32(BIAS), b.i32(0));
      else b.return(m, s, b.i32(0));
    });
    const x = unpack(b, m, s);
    const [sh, sl, se, ch, cl, ce, quadrant, flip] = b.call(
      'trig.parts',
      [x.high, x.exponent],
      [...WIDE, ...WIDE, 'i32', 'i32'],
    ) as [Value, Value, Value, Value, Value, Value, Value, Value];
    const negative = signOf(b, s);
    // The quadrant is that of |x|: an odd function has the sign of x besides.
    const [result, sign] = operation(b, wide([sh, sl, se]), wide([ch, cl, ce]), quadrant, flip);
    const value = roundedInexact(b, isEven ? sign : b.xor(sign, negative), result, control);
    b.return(value.mantissa, value.signExponent, b.or(value.flags, denormalFlag(b, kind)));
  });

export const f80Trig: readonly FunctionDefinition[] = [
  // x = m * 2^exponent below 2^63 as quadrant * pi/2 + r, |r| <= pi/4: sine and cosine of |r|, quadrant, sign (SIGN) of r.
  defineFunction('trig.parts', ['i64', 'i32'], [...WIDE, ...WIDE, 'i32', 'i32'], (b, m, exponent) => {
    const high = b.variable('i64', m),
      low = b.variable('i64', 0n),
      e = b.variable('i32', exponent);
    const quadrant = b.variable('i32', 0),
      flip = b.variable('i32', 0);
    b.if(b.geS(exponent, -1), () => {
      const divisor = fraction(b, HALF_PI_66);
      const rest = (): Fraction => ({ high: high.get(), low: low.get() });
      const below = (x: Fraction, y: Fraction): Value =>
        b.or(b.ltU(x.high, y.high), b.and(b.eq(x.high, y.high), b.ltU(x.low, y.low)));
      // Long division in units of 2^-65, a bit at a time.
      high.set(b.shrU(m, 63));
      low.set(b.shl(m, 1));
      const steps = b.variable('i32', b.add(exponent, 1));
      b.loop((loop) => {
        b.if(b.eqz(steps.get()), () => loop.break());
        steps.set(b.sub(steps.get(), 1));
        high.set(b.or(b.shl(high.get(), 1), b.shrU(low.get(), 63)));
        low.set(b.shl(low.get(), 1));
        quadrant.set(b.shl(quadrant.get(), 1));
        b.if(b.eqz(below(rest(), divisor)), () => {
          const less = difference(b, rest(), divisor);
          high.set(less.high);
          low.set(less.low);
          quadrant.set(b.or(quadrant.get(), 1));
        });
      });
      const other = difference(b, divisor, rest());
      b.if(below(other, rest()), () => {
        high.set(other.high);
        low.set(other.low);
        quadrant.set(b.add(quadrant.get(), 1));
        flip.set(SIGN);
      });
      const r = normalized(b, rest(), 62);
      high.set(r.high);
      low.set(r.low);
      e.set(r.exponent);
    });
    const r: Wide = { high: high.get(), low: low.get(), exponent: e.get() };
    const square = product(b, r, r);
    const z = shifted(b, square, b.sub(-1, square.exponent));
    const one = b.i32(1);
    const s = product(b, r, normalized(b, series(b, z, SINE, one), 0));
    // Kept further below its value than the sine, so that the tangent of the smallest r stays above r.
    const c = normalized(b, difference(b, series(b, z, COSINE, one), fraction(b, 16n)), 0);
    b.return(s.high, s.low, s.exponent, c.high, c.low, c.exponent, quadrant.get(), flip.get());
  }),
  trigonometric('f80.sin', sine, false),
  trigonometric('f80.cos', cosine, true),
  trigonometric('f80.tan', tangent, false),

  /** atan(y/x) in the quadrant of the point (x, y). */
  defineFunction('f80.atan2', ['i64', 'i32', 'i64', 'i32', 'i32'], F80_RESULT, (b, ym, ys, xm, xs, control) => {
    returnNan(b, ym, ys, xm, xs);
    const xClass = classOf(b, xm, xs),
      yClass = classOf(b, ym, ys);
    const flags = denormalFlag(b, xClass, yClass),
      sign = signOf(b, ys),
      left = signOf(b, xs);
    const yZero = b.eq(yClass, Class.zero),
      xZero = b.eq(xClass, Class.zero);
    const yInfinite = b.eq(yClass, Class.infinity),
      xInfinite = b.eq(xClass, Class.infinity);
    // The angle of the point from the positive x axis, in eighths of a turn, where it is one of those.
    const onAxisX = b.or(yZero, b.and(xInfinite, b.eqz(yInfinite)));
    b.if(b.and(onAxisX, b.eqz(left)), () => b.return(b.i64(0), sign, flags));
    const eighths = b.select(onAxisX, 4, b.select(b.and(xInfinite, yInfinite), b.select(left, 3, 1), 2));
    b.if(b.or(b.or(onAxisX, yInfinite), xZero), () => {
      const angle = b.call('trig.eighths', [eighths], WIDE);
      const value = roundedInexact(b, sign, wide(angle), control);
      b.return(value.mantissa, value.signExponent, b.or(value.flags, flags));
    });

    const x = unpack(b, xm, xs),
      y = unpack(b, ym, ys);
    const steep = b.or(b.gtS(y.exponent, x.exponent), b.and(b.eq(y.exponent, x.exponent), b.gtU(y.high, x.high)));
    const select = (p: Wide, q: Wide): Wide => ({ ...chosen(b, steep, p, q), exponent: b.select(steep, p.exponent, q.exponent) });
    const t = quotient(b, select(x, y), select(y, x));
    // t = tan(atan(k/8) + atan(r)) with r = (8t - k) / (8 + kt), |r| <= 1/16
    const near = b.ltS(t.exponent, -4);
    const k = b.select(near, 0, b.wrap(b.shrU(b.add(b.shrU(t.high, b.zext(b.sub(59, b.select(near, 0, t.exponent)))), 1), 1)));
    const high = b.variable('i64', t.high),
      low = b.variable('i64', t.low),
      exponent = b.variable('i32', t.exponent);
    const flip = b.variable('i32', 0);
    b.if(k, () => {
      const fixed = shifted(b, t, b.neg(t.exponent));
      const eight = { high: b.or(b.shl(fixed.high, 3), b.shrU(fixed.low, 61)), low: b.shl(fixed.low, 3) };
      const signed = difference(b, eight, { high: b.shl(b.zext(k), 63), low: b.i64(0) });
      const negative = b.ltS(signed.high, 0);
      const numerator = chosen(b, negative, difference(b, fraction(b, 0n), signed), signed);
      const sixteenth = shifted(b, fixed, b.i32(4));
      const factor = b.zext(k);
      const scaled = {
        low: b.mul(sixteenth.low, factor),
        high: b.add(b.mul(sixteenth.high, factor), b.pure('mul128.highU', 'i64', sixteenth.low, factor)),
      };
      const denominator = normalized(b, sum(b, fraction(b, ONE >> 1n), scaled), 4);
      const r = quotient(b, normalized(b, numerator, 0), denominator);
      const nothing = b.eqz(b.or(numerator.high, numerator.low));
      high.set(b.select(nothing, 0, r.high));
      low.set(b.select(nothing, 0, r.low));
      exponent.set(b.select(nothing, -200, r.exponent));
      flip.set(negative);
    });
    const r: Wide = { high: high.get(), low: low.get(), exponent: exponent.get() };
    const square = product(b, r, r);
    const factor = series(b, shifted(b, square, b.sub(-1, square.exponent)), ARC_TANGENT, b.i32(1));
    const small = product(b, r, normalized(b, factor, 0));
    const direct = b.eqz(b.or(b.or(k, steep), left));
    b.if(direct, () => {
      const value = roundedInexact(b, sign, small, control);
      b.return(value.mantissa, value.signExponent, b.or(value.flags, flags));
    });
    const fixed = shifted(b, small, b.sub(2, small.exponent));
    const [baseHigh, baseLow] = b.call('trig.atanEighths', [k], ['i64', 'i64']) as [Value, Value];
    const base = { high: baseHigh, low: baseLow };
    const angle = chosen(b, flip.get(), difference(b, base, fixed), sum(b, base, fixed));
    const turned = chosen(b, steep, difference(b, fraction(b, PI >> 1n), angle), angle);
    const whole = chosen(b, left, difference(b, fraction(b, PI), turned), turned);
    const value = roundedInexact(b, sign, normalized(b, whole, 2), control);
    b.return(value.mantissa, value.signExponent, b.or(value.flags, flags));
  }),
  /** Multiples of pi/4. */
  defineFunction('trig.eighths', ['i32'], WIDE, (b, count) => {
    const high = b.variable('i64'),
      low = b.variable('i64');
    b.switch(
      count,
      upTo(5).map((n) => () => {
        const angle = fraction(b, (PI * BigInt(n)) >> 2n);
        high.set(angle.high);
        low.set(angle.low);
      }),
    );
    const angle = normalized(b, { high: high.get(), low: low.get() }, 2);
    b.return(angle.high, angle.low, angle.exponent);
  }),
  defineFunction('trig.atanEighths', ['i32'], ['i64', 'i64'], (b, k) => {
    const high = b.variable('i64'),
      low = b.variable('i64');
    b.switch(
      k,
      ATAN_EIGHTHS.map((bits) => () => {
        const angle = fraction(b, bits);
        high.set(angle.high);
        low.set(angle.low);
      }),
    );
    b.return(high.get(), low.get());
  }),
];
