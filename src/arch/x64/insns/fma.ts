// FMA: x * y + z rounded once. Wasm has no such operation that is exact everywhere, so that it is computed, but for compiled
// code on an engine whose relaxed_madd is known to be one. The first NaN of x, y, z is the result, which it does not heed.

import type { Builder } from '../../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { BIAS, callF80, IE, MAX_EXPONENT, SIGN } from '../f80-parts.ts';
import { F32, F64, type Format, packed, record, returnNaN, unpacked, withDaz } from '../float.ts';
import { insn, type Row } from '../insn.ts';
import { MXCSR } from '../regs.ts';
import { halvesOf, setParts } from './avx-vector.ts';
import { type Float, madd, NEGATE_ADDEND, NEGATE_PRODUCT, SHAPE } from './fma-engine.ts';
import { hex } from './integer.ts';

const INT = { f32: 'i32', f64: 'i64' } as const;
const bitsOf = (b: Builder, x: Value): Value => b.op(x.type === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64', x);
const float = (b: Builder, x: Value): Value => b.op(x.type === 'i32' ? 'f32.reinterpret_i32' : 'f64.reinterpret_i64', x);
/** The NaN that invalid operations give, and the bit that makes a NaN quiet. */
const DEFAULT_NAN = { f32: 0xffc00000, f64: -0x0008000000000000n } as const;
const QUIET = { f32: 0x00400000, f64: 0x0008000000000000n } as const;

/** Returns the first NaN of x, y, z, quiet, if there is one. */
function returnFirstNaN(b: Builder, type: Float, ...operands: Value[]): void {
  for (const x of operands) b.if(b.op(`${type}.ne`, x, x), () => b.return(float(b, b.or(bitsOf(b, x), QUIET[type]))));
}
const negatedIf = (b: Builder, x: Value, isNegated: Value): Value => b.select(isNegated, b.op(`${x.type as Float}.neg`, x), x);
function returnResult(b: Builder, type: Float, x: Value): void {
  const invalid = float(b, b.const(INT[type], DEFAULT_NAN[type]));
  b.return(b.select(b.op(`${type}.eq`, x, x), x, invalid));
}
/** x + y of doubles, and what rounding lost, exactly (Knuth). */
function twoSum(b: Builder, x: Value, y: Value): [sum: Value, error: Value] {
  const sum = b.op('f64.add', x, y),
    part = b.op('f64.sub', sum, x);
  const error = b.op('f64.add', b.op('f64.sub', x, b.op('f64.sub', sum, part)), b.op('f64.sub', y, part));
  return [sum, error];
}
/** The sum rounded to odd: a result that is not exact gets its last bit set, so that a second rounding cannot go wrong. */
function toOdd(b: Builder, sum: Value, error: Value): Value {
  const bits = bitsOf(b, sum);
  const isInexact = b.op('f64.ne', error, b.const('f64', 0));
  const isEven = b.eqz(b.wrap(b.and(bits, 1)));
  const isAway = b.eq(b.op('f64.gt', error, b.const('f64', 0)), b.op('f64.gt', sum, b.const('f64', 0)));
  return float(b, b.add(bits, b.select(b.and(isInexact, isEven), b.select(isAway, b.i64(1), b.i64(-1)), b.i64(0))));
}
const isInfinite = (b: Builder, x: Value): Value => b.op('f64.eq', b.op('f64.abs', x), b.const('f64', Number.POSITIVE_INFINITY));

/** fma.f32(x, y, z, signs): a double holds the product exactly; rounded to odd it also decides the sum. */
const single = defineFunction('fma.f32', ['f32', 'f32', 'f32', 'i32'], ['f32'], (b, ...[x, y, z, signs]) => {
  const [first, second, third, flip] = [x, y, z, signs] as [Value, Value, Value, Value];
  returnFirstNaN(b, 'f32', first, second, third);
  const wide = (v: Value): Value => b.op('f64.promote_f32', v);
  const product = negatedIf(b, b.op('f64.mul', wide(first), wide(second)), b.and(flip, NEGATE_PRODUCT));
  const [sum, error] = twoSum(b, product, negatedIf(b, wide(third), b.and(flip, NEGATE_ADDEND)));
  b.if(b.op('f64.ne', b.op('f64.sub', error, error), b.const('f64', 0)), () =>
    returnResult(b, 'f32', b.op('f32.demote_f64', sum)),
  );
  b.return(b.op('f32.demote_f64', toOdd(b, sum, error)));
});

const exponentOf = (b: Builder, bits: Value): Value => b.and(b.wrap(b.shrU(bits, 52)), 0x7ff);
/** Halves of a double whose products are exact (Veltkamp). */
function split(b: Builder, x: Value): [high: Value, low: Value] {
  const scaled = b.op('f64.mul', x, b.const('f64', 0x8000001));
  const high = b.op('f64.sub', scaled, b.op('f64.sub', scaled, x));
  return [high, b.op('f64.sub', x, high)];
}

/**
 * fma.f64(x, y, z, signs): with exponents far from the limits by error-free transformations (S. Boldo, G. Melquiond,
 * Emulation of a FMA and correctly rounded sums, 2008), otherwise by integers.
 */
const double = defineFunction('fma.f64', ['f64', 'f64', 'f64', 'i32'], ['f64'], (b, ...[a, c, d, signs]) => {
  const flip = signs as Value;
  returnFirstNaN(b, 'f64', a as Value, c as Value, d as Value);
  const x = negatedIf(b, a as Value, b.and(flip, NEGATE_PRODUCT)),
    y = c as Value;
  const z = negatedIf(b, d as Value, b.and(flip, NEGATE_ADDEND));
  const within = (v: Value, least: number, count: number): Value => b.ltU(b.sub(exponentOf(b, bitsOf(b, v)), least), count);
  const isZero = b.op('f64.eq', z, b.const('f64', 0));
  b.if(b.and(b.and(within(x, 823, 400), within(y, 823, 400)), b.or(isZero, within(z, 623, 1000))), () => {
    const product = b.op('f64.mul', x, y);
    const [xh, xl] = split(b, x),
      [yh, yl] = split(b, y);
    const cross = (p: Value, q: Value, to: Value): Value => b.op('f64.add', to, b.op('f64.mul', p, q));
    const rest = cross(xl, yl, cross(xl, yh, cross(xh, yl, b.op('f64.sub', b.op('f64.mul', xh, yh), product))));
    const [th, tl] = twoSum(b, z, rest);
    const [vh, vl] = twoSum(b, product, th);
    b.return(b.op('f64.add', vh, toOdd(b, ...twoSum(b, tl, vl))));
  });
  // Nothing to round: a product that is 0 or infinite, an infinite addend.
  const product = b.op('f64.mul', x, y);
  const hasZero = b.or(b.op('f64.eq', x, b.const('f64', 0)), b.op('f64.eq', y, b.const('f64', 0)));
  b.if(b.or(hasZero, b.or(isInfinite(b, x), isInfinite(b, y))), () => returnResult(b, 'f64', b.op('f64.add', product, z)));
  b.if(isInfinite(b, z), () => b.return(z));
  b.return(float(b, b.pure('fma.integer', 'i64', bitsOf(b, x), bitsOf(b, y), bitsOf(b, z))));
});

const FRACTION = 0xfffffffffffffn,
  HIDDEN = 0x10000000000000n;
/** Significand with its top bit at 52, and the exponent that belongs to it, biased. */
function unpack(b: Builder, bits: Value): [significand: Value, exponent: Value] {
  const fraction = b.and(bits, FRACTION),
    exponent = exponentOf(b, bits);
  const up = b.sub(b.wrap(b.clz(fraction)), 11);
  return [b.select(exponent, b.or(fraction, HIDDEN), b.shl(fraction, b.zext(up))), b.select(exponent, exponent, b.sub(1, up))];
}

/** fma.jam(high, low, count): 128 bits moved down; whether ones were lost goes to the last bit. */
const jam = defineFunction('fma.jam', ['i64', 'i64', 'i32'], ['i64', 'i64'], (b, ...[h, l, n]) => {
  const high = b.variable('i64', h as Value),
    low = b.variable('i64', l as Value),
    count = b.variable('i32', n as Value);
  const sticky = (lost: Value): Value => b.zext(b.op('i64.ne', lost, b.i64(0)));
  b.if(b.geU(count.get(), 128), () => b.return(b.i64(0), sticky(b.or(high.get(), low.get()))));
  b.if(b.geU(count.get(), 64), () => {
    low.set(b.or(high.get(), sticky(low.get())));
    high.set(b.i64(0));
    count.set(b.sub(count.get(), 64));
  });
  b.if(b.eqz(count.get()), () => b.return(high.get(), low.get()));
  const by = b.zext(count.get()),
    back = b.sub(64, by);
  const lost = b.shl(low.get(), back);
  b.return(b.shrU(high.get(), by), b.or(b.or(b.shrU(low.get(), by), b.shl(high.get(), back)), sticky(lost)));
});

/** fma.integer(x, y, z): bits of finite doubles, x and y not 0, to nearest. */
const integer = defineFunction('fma.integer', ['i64', 'i64', 'i64'], ['i64'], (b, ...[x, y, z]) => {
  const [top, exponent, sign] = b.call('fma.exact', [x, y, z] as Value[], EXACT) as [Value, Value, Value];
  b.if(b.eqz(top), () => b.return(b.i64(0)));
  b.return(b.or(b.pure('fma.pack', 'i64', top, exponent), b.shl(b.zext(sign), 63)));
});

const EXACT = ['i64', 'i32', 'i32'] as const;
/**
 * fma.exact(x, y, z): bits of finite doubles, x and y not 0. The result rounded to odd: significand with its top bit at 63
 * (0 for zero), exponent biased as a double's, sign. The product has 1.0 at bit 124 of 128, and so has the
 * addend; the smaller of them is moved down to the exponent of the other.
 */
const exact = defineFunction('fma.exact', ['i64', 'i64', 'i64'], EXACT, (b, ...[x, y, z]) => {
  const [mx, ex] = unpack(b, x as Value),
    [my, ey] = unpack(b, y as Value),
    [mz, ez] = unpack(b, z as Value);
  const [fx, fy] = [b.shl(mx, 11), b.shl(my, 9)];
  const isZero = b.eqz(b.shl(z as Value, 1));
  const high = b.variable('i64', b.pure('mul128.highU', 'i64', fx, fy)),
    low = b.variable('i64', b.mul(fx, fy));
  const addendHigh = b.variable('i64', b.select(isZero, b.i64(0), b.shl(mz, 8))),
    addendLow = b.variable('i64', b.i64(0));
  const productExponent = b.sub(b.add(ex, ey), 1023);
  const exponent = b.variable('i32', productExponent);
  const distance = b.select(isZero, 0, b.sub(ez, productExponent));
  b.if(
    b.gtS(distance, 0),
    () => {
      const [h, l] = b.call('fma.jam', [high.get(), low.get(), distance], ['i64', 'i64']) as [Value, Value];
      high.set(h);
      low.set(l);
      exponent.set(ez);
    },
    () => {
      const [h, l] = b.call('fma.jam', [addendHigh.get(), addendLow.get(), b.neg(distance)], ['i64', 'i64']) as [Value, Value];
      addendHigh.set(h);
      addendLow.set(l);
    },
  );
  const productSign = b.wrap(b.shrU(b.xor(x as Value, y as Value), 63)),
    addendSign = b.wrap(b.shrU(z as Value, 63));
  const sign = b.variable('i32', productSign);
  b.if(
    b.eq(productSign, addendSign),
    () => {
      const sum = b.add(low.get(), addendLow.get());
      high.set(b.add(b.add(high.get(), addendHigh.get()), b.zext(b.ltU(sum, addendLow.get()))));
      low.set(sum);
    },
    () => {
      const less = (h: Value, l: Value, h2: Value, l2: Value): Value => b.or(b.ltU(h, h2), b.and(b.eq(h, h2), b.ltU(l, l2)));
      const [h, l, h2, l2] = [high.get(), low.get(), addendHigh.get(), addendLow.get()];
      const isSwapped = less(h, l, h2, l2);
      const minuend = [b.select(isSwapped, h2, h), b.select(isSwapped, l2, l)] as const;
      const subtrahend = [b.select(isSwapped, h, h2), b.select(isSwapped, l, l2)] as const;
      const borrow = b.zext(b.ltU(minuend[1], subtrahend[1]));
      high.set(b.sub(b.sub(minuend[0], subtrahend[0]), borrow));
      low.set(b.sub(minuend[1], subtrahend[1]));
      b.if(isSwapped, () => sign.set(addendSign));
    },
  );
  b.if(b.eqz(b.or(high.get(), low.get())), () => b.return(b.i64(0), b.i32(0), b.i32(0)));
  // The top bit goes to bit 127.
  b.if(b.eqz(high.get()), () => {
    high.set(low.get());
    low.set(b.i64(0));
    exponent.set(b.sub(exponent.get(), 64));
  });
  const up = b.clz(high.get());
  const rest = b.select(b.eqz(up), b.i64(0), b.shrU(low.get(), b.sub(64, up)));
  const top = b.or(b.or(b.shl(high.get(), up), rest), b.zext(b.op('i64.ne', b.shl(low.get(), up), b.i64(0))));
  const biased = b.add(b.sub(exponent.get(), b.wrap(up)), 3);
  b.return(top, biased, sign.get());
});

/** fma.pack(significand with its top bit at 63, biased exponent): bits of the double nearest to it. */
const pack = defineFunction('fma.pack', ['i64', 'i32'], ['i64'], (b, ...[s, e]) => {
  const exponent = b.variable('i32', e as Value),
    significand = b.variable('i64', s as Value);
  b.if(b.geS(exponent.get(), 0x7ff), () => b.return(b.i64(0x7ff0000000000000n)));
  b.if(b.leS(exponent.get(), 0), () => {
    const [, l] = b.call('fma.jam', [b.i64(0), significand.get(), b.sub(1, exponent.get())], ['i64', 'i64']) as [Value, Value];
    significand.set(l);
    exponent.set(1);
    // Without a hidden bit the exponent field is 0.
  });
  const cut = b.shrU(significand.get(), 11),
    lost = b.and(significand.get(), 0x7ff);
  const rounds = b.or(b.gtU(lost, 0x400), b.and(b.eq(lost, 0x400), b.wrap(b.and(cut, 1))));
  // A carry out of the fraction, or into the first normal number, moves the exponent as it should.
  b.return(b.add(b.add(cut, b.shl(b.zext(b.sub(exponent.get(), 1)), 52)), b.zext(rounds)));
});

/** float.fmaN(x, y, z, signs): as MXCSR says. */
const tracked = (f: Format): FunctionDefinition =>
  defineFunction(`float.fma${f.bits}`, [f.type, f.type, f.type, 'i32'], [f.type], (b, ...[first, second, third, signs]) => {
    const operands = [first, second, third].map((v) => b.variable(f.type, withDaz(b, f, v as Value)).get());
    const [a, c, d] = operands as [Value, Value, Value];
    returnNaN(b, f, a, c, d);
    const sign = (v: Value, bit: number): Value => {
      const flipped = b.xor(v, f.type === 'i64' ? -(1n << 63n) : -(2 ** 31));
      return b.select(b.and(signs as Value, bit), flipped, v);
    };
    const numbers = [sign(a, NEGATE_PRODUCT), c, sign(d, NEGATE_ADDEND)].map((v) => ({ bits: v, ...unpacked(b, f, v) }));
    const [x, y, z] = numbers as [(typeof numbers)[0], (typeof numbers)[0], (typeof numbers)[0]];
    const denormal = numbers.map(({ flags }) => flags).reduce((all, flags) => b.or(all, flags));
    const isOdd = (v: (typeof numbers)[0]): Value =>
      b.or(b.op('i64.eq', v.mantissa, b.i64(0)), b.eq(b.and(v.signExponent, MAX_EXPONENT), MAX_EXPONENT));
    const isZInfinite = b.eq(b.and(z.signExponent, MAX_EXPONENT), MAX_EXPONENT);
    b.if(b.or(b.or(isOdd(x), isOdd(y)), isZInfinite), () => {
      const product = callF80(b, 'f80.mul', x.mantissa, x.signExponent, y.mantissa, y.signExponent, b.i32(0xf3f));
      const sum = callF80(b, 'float.sum', product.mantissa, product.signExponent, z.mantissa, z.signExponent, b.i32(0));
      const invalid = b.and(b.or(product.flags, sum.flags), IE);
      record(b, b.select(invalid, invalid, denormal));
      b.return(packed(b, f, sum.mantissa, sum.signExponent));
    });
    record(b, denormal);
    const wide = (v: Value): Value => (f.bits === 64 ? v : bitsOf(b, b.op('f64.promote_f32', float(b, v))));
    const [top, exponent, isNegative] = b.call('fma.exact', [wide(x.bits), wide(y.bits), wide(z.bits)], EXACT) as [
      Value,
      Value,
      Value,
    ];
    b.if(b.eqz(top), () => {
      // x * y = -z.
      const rc = b.and(b.load('i32.load', MXCSR), 0x6000);
      b.return(packed(b, f, b.i64(0), b.select(b.eq(rc, 0x2000), SIGN, 0)));
    });
    b.return(packed(b, f, top, b.or(b.add(exponent, BIAS - 1023), b.shl(isNegative, 15))));
  });
/** float.fmaLanesN(x, y, z, signs of even lanes, of odd lanes). */
const trackedLanes = (f: Format): FunctionDefinition => {
  const shape = f.bits === 32 ? 'i32x4' : 'i64x2';
  return defineFunction(`float.fmaLanes${f.bits}`, ['v128', 'v128', 'v128', 'i32', 'i32'], ['v128'], (b, ...params) => {
    const [x, y, z, even, odd] = params as [Value, Value, Value, Value, Value];
    const result = b.variable('v128', x);
    for (let i = 0; i < 128 / f.bits; i++) {
      const lanes = [x, y, z].map((v) => b.lane(`${shape}.extract_lane`, i, v));
      const [r] = b.call(`float.fma${f.bits}`, [...lanes, i & 1 ? odd : even], [f.type]) as [Value];
      result.set(b.lane(`${shape}.replace_lane`, i, result.get(), r));
    }
    b.return(result.get());
  });
};

const fma = { feature: 'fma' } as const;

/** Where the factors and the addend stand among the three operands. */
const ORDERS = { 132: [0, 2, 1], 213: [1, 0, 2], 231: [1, 2, 0] } as const;
const OPCODES = { 132: 0x90, 213: 0xa0, 231: 0xb0 } as const;
/** Name: signs of odd lanes, signs of even lanes, low opcode digit of the packed form; scalar forms have the next one. */
const KINDS = {
  fmaddsub: [0, NEGATE_ADDEND, 0x6, false],
  fmsubadd: [NEGATE_ADDEND, 0, 0x7, false],
  fmadd: [0, 0, 0x8, true],
  fmsub: [NEGATE_ADDEND, NEGATE_ADDEND, 0xa, true],
  fnmadd: [NEGATE_PRODUCT, NEGATE_PRODUCT, 0xc, true],
  fnmsub: [NEGATE_PRODUCT | NEGATE_ADDEND, NEGATE_PRODUCT | NEGATE_ADDEND, 0xe, true],
} as const;

type Order = readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2];
const ordered = (values: readonly Value[], order: Order): [Value, Value, Value] =>
  order.map((i) => values[i] as Value) as [Value, Value, Value];

const fusedScalar = (b: X64Builder, type: Float, values: readonly Value[], order: Order, signs: number): Value => {
  const all = ordered(values, order);
  return b.float(
    () => {
      if (!b.hasFusedMadd) return b.pure(`fma.${type}`, type, ...all, b.i32(signs));
      const [x, y, z] = all.map((v) => b.op(`${SHAPE[type]}.splat`, v)) as typeof all;
      return b.lane(`${SHAPE[type]}.extract_lane`, 0, madd(b, type, [x, y, z], { even: signs, odd: signs }));
    },
    () => {
      const name = type === 'f32' ? 'float.fma32' : 'float.fma64';
      return float(b, b.call(name, [...all.map((v) => bitsOf(b, v)), b.i32(signs)], [INT[type]])[0] as Value);
    },
  );
};
const fusedLanes = (b: X64Builder, type: Float, values: readonly Value[], order: Order, even: number, odd: number): Value => {
  const all = ordered(values, order);
  const shape = SHAPE[type];
  const exact = (): Value => {
    let result = values[0] as Value;
    for (let i = 0; i < (type === 'f32' ? 4 : 2); i++) {
      const lanes = all.map((v) => b.lane(`${shape}.extract_lane`, i, v));
      const lane = b.pure(`fma.${type}`, type, ...lanes, b.i32(i & 1 ? odd : even));
      result = b.lane(`${shape}.replace_lane`, i, result, lane);
    }
    return result;
  };
  return b.float(
    () => (b.hasFusedMadd ? madd(b, type, all, { even, odd }) : exact()),
    () =>
      b.call(type === 'f32' ? 'float.fmaLanes32' : 'float.fmaLanes64', [...all, b.i32(even), b.i32(odd)], ['v128'])[0] as Value,
  );
};

export const fmaRows: readonly Row[] = Object.entries(KINDS).flatMap(([name, [odd, even, digit, hasScalar]]) =>
  ([132, 213, 231] as const).flatMap((order) =>
    (['f32', 'f64'] as const).flatMap((type) => {
      const w = type === 'f32' ? 'W0' : 'W1';
      const shape = type === 'f32' ? 'f32x4' : 'f64x2';
      const key = (length: string, opcode: number): string => `66 VEX.${length} ${w} 0F 38 ${hex(opcode)}`;
      const packed = insn(
        `v${name}${order}p${type === 'f32' ? 's' : 'd'}`,
        { [key('128', OPCODES[order] | digit)]: 'Vdq Hdq Wdq', [key('256', OPCODES[order] | digit)]: 'Vqq Hqq Wqq' },
        (b, ...operands) => {
          const results = halvesOf(operands[0] as (typeof operands)[0]).map((offset) => {
            const vectors = operands.map((operand) => operand.part('v128.load', offset));
            return fusedLanes(b, type, vectors, ORDERS[order], even, odd);
          });
          setParts(b, operands[0] as (typeof operands)[0], results);
        },
        fma,
      );
      if (!hasScalar) return [packed];
      const scalar = insn(
        `v${name}${order}s${type === 'f32' ? 's' : 'd'}`,
        { [key('LIG', OPCODES[order] | digit | 1)]: type === 'f32' ? 'Vdq Hss Wss' : 'Vdq Hsd Wsd' },
        (b, dst, second, third) => {
          const values = [dst.part(`${type}.load`, 0), second.get(), third.get()];
          setParts(b, dst, [b.lane(`${shape}.replace_lane`, 0, dst.get(), fusedScalar(b, type, values, ORDERS[order], even))]);
        },
        fma,
      );
      return [packed, scalar];
    }),
  ),
);

export const functions: readonly FunctionDefinition[] = [
  single,
  double,
  jam,
  integer,
  exact,
  pack,
  ...[F32, F64].flatMap((f) => [tracked(f), trackedLanes(f)]),
];
