// SSE arithmetic on f32 and f64 exactly as MXCSR says: rounding, DAZ, FTZ, exceptions. What MXCSR_MODE 1 runs.
//
// A number is taken apart into the 80-bit format, which holds every f32 and f64 and the range of all results; the operation
// is done there truncating, and a lost rest goes to the last bit (rounding to odd), so that the rounding to the format
// that follows sees all it needs: 64 bits are more than 53 + 2. Exceptions are gathered in FLOAT_FLAGS, and float.settle
// takes those of a whole instruction to MXCSR.

import type { Builder, MutableValue } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import { callF80, callPair, DE, IE, OE, PE, SIGN, UE, ZE } from './f80-parts.ts';
import { FloatOp, OP_BITS, Predicate } from './float-op.ts';
import { FLOAT_FLAGS, MXCSR } from './regs.ts';
import { CF, PF, ZF } from './status-flags.ts';

export interface Format {
  readonly bits: 16 | 32 | 64;
  readonly type: 'i32' | 'i64';
  readonly fraction: number;
  readonly exponent: number;
}
export const F16: Format = { bits: 16, type: 'i32', fraction: 10, exponent: 5 };
export const F32: Format = { bits: 32, type: 'i32', fraction: 23, exponent: 8 };
export const F64: Format = { bits: 64, type: 'i64', fraction: 52, exponent: 11 };
const FORMATS = [F32, F64] as const;

/** Bits of MXCSR (SDM volume 1, 10.2.3). */
const DAZ = 0x40,
  MASKS_AT = 7,
  RC_AT = 13,
  FTZ = 0x8000,
  EXCEPTIONS = 0x3f;
/** Everything but the flags IE to UE, and what it is while nothing but those can change: all masked, to nearest, PE set. */
const SETTINGS = 0xffe0,
  SETTLED = 0x1f80 | PE;
/** x87 control word: 64-bit precision, all masked, truncating. */
const TRUNCATING = 0xf3f,
  PRECISION = 0x300;

const mxcsr = (b: Builder): Value => b.load('i32.load', MXCSR);
/** Records exceptions of the running instruction. */
export const record = (b: Builder, flags: Value | number): void =>
  b.store('i32.store', FLOAT_FLAGS, b.or(b.load('i32.load', FLOAT_FLAGS), flags));
/** The x87 control word with the rounding and masks of MXCSR. */
const controlOf = (b: Builder, word: Value): Value =>
  b.or(b.or(b.and(b.shrU(word, RC_AT - 10), 0xc00), b.and(b.shrU(word, MASKS_AT), EXCEPTIONS)), PRECISION);

const infinity = (f: Format): bigint => ((1n << BigInt(f.exponent)) - 1n) << BigInt(f.fraction);
const quiet = (f: Format): bigint => 1n << BigInt(f.fraction - 1);
const constant = (b: Builder, f: Format, value: bigint): Value =>
  b.const(f.type, f.type === 'i64' ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value)));
/** Without the sign, shifted up by one. */
const magnitude = (b: Builder, f: Format, x: Value): Value => b.shl(x, f.bits === 16 ? 17 : 1);
const shifted = (f: Format, value: bigint): bigint => value << (f.bits === 16 ? 17n : 1n);

export const isNaN = (b: Builder, f: Format, x: Value): Value =>
  b.gtU(magnitude(b, f, x), constant(b, f, shifted(f, infinity(f))));
export const isSignaling = (b: Builder, f: Format, x: Value): Value =>
  b.and(isNaN(b, f, x), b.eqz(b.and(x, constant(b, f, quiet(f)))));
/** Denormal; a zero is none. */
const isDenormal = (b: Builder, f: Format, x: Value): Value =>
  b.ltU(b.sub(magnitude(b, f, x), 1), constant(b, f, shifted(f, 1n << BigInt(f.fraction)) - 1n));
const exponentField = (b: Builder, f: Format, x: Value): Value => b.and(b.wrap(b.shrU(x, f.fraction)), (1 << f.exponent) - 1);
const asFloat = (b: Builder, f: Format, x: Value): Value =>
  b.op(f.bits === 32 ? 'f32.reinterpret_i32' : 'f64.reinterpret_i64', x);
const asBits = (b: Builder, x: Value): Value => b.op(x.type === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64', x);

/** A number with DAZ applied: a denormal becomes a zero of its sign. */
export function withDaz(b: Builder, f: Format, x: Value): Value {
  const sign = b.and(x, constant(b, f, 1n << BigInt(f.bits - 1)));
  return b.select(b.and(b.ne(b.and(mxcsr(b), DAZ), 0), isDenormal(b, f, x)), sign, x);
}
export const unpacked = (b: Builder, f: Format, x: Value) => callF80(b, `f80.fromF${f.bits}`, x);
/** The bits in the format of an 80-bit number that is exact or rounded to odd. */
export const packed = (b: Builder, f: Format, mantissa: Value, signExponent: Value): Value =>
  b.call(`float.pack${f.bits}`, [mantissa, signExponent], [f.type])[0] as Value;

/** Returns the first NaN, quiet, if there is one; IE if any is signaling. */
export function returnNaN(b: Builder, f: Format, ...operands: Value[]): void {
  const any = operands.map((x) => isNaN(b, f, x)).reduce((x, y) => b.or(x, y));
  b.if(any, () => {
    const signaling = operands.map((x) => isSignaling(b, f, x)).reduce((x, y) => b.or(x, y));
    b.if(signaling, () => record(b, IE));
    for (const x of operands) b.if(isNaN(b, f, x), () => b.return(b.or(x, constant(b, f, quiet(f)))));
  });
}

/** float.packN(mantissa, sign and exponent): rounds to the format as MXCSR says. */
const pack = (f: Format): FunctionDefinition =>
  defineFunction(`float.pack${f.bits}`, ['i64', 'i32'], [f.type], (b, m, s) => {
    const [mantissa, signExponent] = [m, s] as [Value, Value];
    const word = mxcsr(b);
    const [bits, flags] = callPair(b, `f80.toF${f.bits}`, [f.type, 'i32'], mantissa, signExponent, controlOf(b, word));
    const flushes = b.and(b.ne(b.and(word, FTZ), 0), b.ne(b.and(word, UE << MASKS_AT), 0));
    const isTiny = b.or(b.ne(b.and(flags, UE), 0), b.and(b.eqz(exponentField(b, f, bits)), b.op('i64.ne', mantissa, b.i64(0))));
    b.if(b.and(b.and(flushes, isTiny), b.eqz(b.and(flags, OE))), () => {
      record(b, UE | PE);
      b.return(b.and(bits, constant(b, f, 1n << BigInt(f.bits - 1))));
    });
    record(b, b.or(b.and(flags, EXCEPTIONS), alsoInexact(b, f, mantissa, flags)));
    b.return(bits);
  });
/** PE where an overflow or underflow that is not masked stands alone: whether the significand is cut. */
export const alsoInexact = (b: Builder, f: Pick<Format, 'fraction'>, mantissa: Value, flags: Value): Value =>
  b.select(b.and(flags, OE | UE), b.select(b.op('i64.ne', b.shl(mantissa, f.fraction + 1), b.i64(0)), PE, 0), 0);

/** A number with a rest, as returned by an 80-bit operation that truncated: the rest goes to the last bit. */
const toOdd = (b: Builder, mantissa: Value, flags: Value): Value => b.or(mantissa, b.zext(b.ne(b.and(flags, PE), 0)));

/** Truth of the 16 predicates by relation: bits for greater, less, equal, unordered. */
const PREDICATES = [4, 2, 6, 8, 0xb, 0xd, 9, 7, 0xc, 0xa, 0xe, 0, 3, 5, 1, 0xf].reduce(
  (all, relations, i) => all | (BigInt(relations) << BigInt(4 * i)),
  0n,
);
const RELATION = { greater: 0, less: 1, equal: 2, unordered: 3 } as const;

const operation = (f: Format): FunctionDefinition =>
  defineFunction(`float.op${f.bits}`, ['i32', f.type, f.type], [f.type], (b, o, first, second) => {
    const op = o as Value;
    const kind = b.and(op, (1 << OP_BITS) - 1),
      parameter = b.shrU(op, OP_BITS);
    const float = f.bits === 32 ? 'f32' : 'f64';
    const word = mxcsr(b);

    // Most results in a program that tracks: nothing but PE, which is set already, can come of them.
    b.if(b.and(b.leU(kind, FloatOp.sqrt), b.eq(b.and(word, SETTINGS), SETTLED)), () => {
      const [x, y] = [asFloat(b, f, first as Value), asFloat(b, f, second as Value)];
      const result = b.variable(float);
      b.switch(
        kind,
        (['add', 'sub', 'mul', 'div'] as const).map((name) => () => result.set(b.op(`${float}.${name}`, x, y))),
        () => result.set(b.op(`${float}.sqrt`, y)),
      );
      const bits = asBits(b, result.get());
      const isUsual = b.ltU(b.sub(exponentField(b, f, bits), 2), (1 << f.exponent) - 4);
      const hasDenormal = b.or(isDenormal(b, f, first as Value), isDenormal(b, f, second as Value));
      b.if(b.and(isUsual, b.eqz(hasDenormal)), () => b.return(bits));
    });

    b.if(b.eq(kind, FloatOp.fromInteger), () => {
      b.return(b.call(`float.from${f.bits}`, [b.sext(second as Value)], [f.type])[0] as Value);
    });
    const x = b.variable(f.type, withDaz(b, f, first as Value)).get(),
      y = b.variable(f.type, withDaz(b, f, second as Value)).get();
    if (f.bits === 32) {
      b.if(b.eq(kind, FloatOp.toInteger), () => {
        b.return(b.wrap(b.call('float.integer32', [y, parameter], ['i64'])[0] as Value));
      });
    }
    const denormal = b.select(b.or(isDenormal(b, f, x), isDenormal(b, f, y)), DE, 0);
    const isUnordered = b.or(isNaN(b, f, x), isNaN(b, f, y));

    b.if(b.eq(b.or(kind, 3), FloatOp.compare), () => {
      const [left, right] = [asFloat(b, f, x), asFloat(b, f, y)];
      b.if(b.eq(kind, FloatOp.compare), () => {
        const low = b.and(parameter, 3);
        const isLoud = b.ne(b.ltU(b.sub(low, 1), 2), b.and(b.shrU(parameter, 4), 1));
        const hasSignaling = b.or(isSignaling(b, f, x), isSignaling(b, f, y));
        record(b, b.select(isUnordered, b.select(b.or(isLoud, hasSignaling), IE, 0), denormal));
        const relation = b.select(
          isUnordered,
          RELATION.unordered,
          b.select(
            b.op(`${float}.lt`, left, right),
            RELATION.less,
            b.select(b.op(`${float}.eq`, left, right), RELATION.equal, RELATION.greater),
          ),
        );
        const bit = b.add(b.shl(b.and(parameter, 15), 2), relation);
        const isTrue = b.and(b.shrU(b.i64(BigInt.asIntN(64, PREDICATES)), b.zext(bit)), 1);
        b.return(b.neg(f.type === 'i64' ? isTrue : b.wrap(isTrue)));
      });
      b.if(b.or(b.eq(kind, FloatOp.min), b.eq(kind, FloatOp.max)), () => {
        record(b, b.select(isUnordered, IE, denormal));
        const isLess = b.op(`${float}.lt`, left, right),
          isGreater = b.op(`${float}.gt`, left, right);
        b.return(b.select(b.select(b.eq(kind, FloatOp.min), isLess, isGreater), x, y));
      });
    });

    b.if(b.eq(kind, FloatOp.round), () => {
      returnNaN(b, f, y);
      const from = unpacked(b, f, y);
      const rc = b.select(b.and(parameter, 4), b.shrU(word, RC_AT), parameter);
      const control = b.or(b.shl(b.and(rc, 3), 10), PRECISION | EXCEPTIONS);
      const r = callF80(b, 'f80.rint', from.mantissa, from.signExponent, control);
      record(b, b.select(b.and(parameter, 8), 0, b.and(r.flags, PE)));
      b.return(callPair(b, `f80.toF${f.bits}`, [f.type, 'i32'], r.mantissa, r.signExponent, control)[0]);
    });

    returnNaN(b, f, x, y);
    const [p, q] = [unpacked(b, f, x), unpacked(b, f, y)];
    const mantissa = b.variable('i64'),
      signExponent = b.variable('i32'),
      flags = b.variable('i32');
    const take = (name: string, ...args: Value[]): void => {
      const r = callF80(b, name, ...args);
      mantissa.set(r.mantissa);
      signExponent.set(r.signExponent);
      flags.set(r.flags);
    };
    const all = [p.mantissa, p.signExponent, q.mantissa, q.signExponent];
    const addSub = (): void => {
      const flip = b.select(b.eq(kind, FloatOp.sub), SIGN, 0);
      take('float.sum', ...all, flip);
    };
    b.switch(kind, [addSub, addSub, ...['f80.mul', 'f80.div'].map((name) => () => take(name, ...all, b.i32(TRUNCATING)))], () =>
      take('f80.sqrt', q.mantissa, q.signExponent, b.i32(TRUNCATING)),
    );
    const invalid = b.and(flags.get(), IE | ZE);
    record(b, b.select(invalid, invalid, denormal));
    b.return(packed(b, f, toOdd(b, mantissa.get(), flags.get()), signExponent.get()));
  });

/** float.sum(x, y, flip): x + y, or x - y with `flip` SIGN, truncated; an exact zero has the sign that MXCSR.RC gives it. */
const sum = defineFunction(
  'float.sum',
  ['i64', 'i32', 'i64', 'i32', 'i32'],
  ['i64', 'i32', 'i32'],
  (b, ...[xm, xs, ym, ys, flip]) => {
    const args = [xm, xs, ym, ys] as Value[];
    const r = callF80(b, 'f80.addsub', ...args, b.i32(TRUNCATING), flip as Value);
    b.if(b.eqz(r.mantissa), () => {
      const zero = callF80(b, 'f80.addsub', ...args, controlOf(b, mxcsr(b)), flip as Value);
      b.return(zero.mantissa, zero.signExponent, zero.flags);
    });
    b.return(r.mantissa, r.signExponent, r.flags);
  },
);

/** float.fromN(i64): an integer rounded to the format. */
const fromInteger = (f: Format): FunctionDefinition =>
  defineFunction(`float.from${f.bits}`, ['i64'], [f.type], (b, x) => {
    const [mantissa, signExponent] = callPair(b, 'f80.fromI64', ['i64', 'i32'], x as Value);
    b.return(packed(b, f, mantissa, signExponent));
  });

/** float.integerN(x, how): x as an integer; bit 0 of `how`: truncated, bit 1: to 64 bits rather than 32. */
const toInteger = (f: Format): FunctionDefinition =>
  defineFunction(`float.integer${f.bits}`, [f.type, 'i32'], ['i64'], (b, source, h) => {
    const how = h as Value;
    const { mantissa, signExponent } = unpacked(b, f, withDaz(b, f, source as Value));
    const rc = b.select(b.and(how, 1), 3, b.and(b.shrU(mxcsr(b), RC_AT), 3));
    const control = b.or(b.shl(rc, 10), PRECISION | EXCEPTIONS);
    const result = b.variable('i64'),
      flags = b.variable('i32');
    const take = (bits: number): void => {
      const [r, f] = callPair(b, `f80.toI${bits}`, ['i64', 'i32'], mantissa, signExponent, control);
      result.set(r);
      flags.set(f);
    };
    b.if(
      b.and(how, 2),
      () => take(64),
      () => take(32),
    );
    record(b, b.and(flags.get(), IE | PE));
    b.return(result.get());
  });

/** float.convertMtoN: from one format to the other. */
export const convert = (from: Format, to: Format, hasDenormals: boolean): FunctionDefinition =>
  defineFunction(`float.convert${from.bits}to${to.bits}`, [from.type], [to.type], (b, source) => {
    const x = hasDenormals ? withDaz(b, from, source as Value) : (source as Value);
    const { mantissa, signExponent, flags } = unpacked(b, from, x);
    if (hasDenormals) record(b, flags);
    b.return(packed(b, to, mantissa, signExponent));
  });

/** float.orderN(x, y, predicate): CF, ZF, PF as COMIS sets them; NGE_US or NGE_UQ as predicate says whether a quiet NaN signals. */
const order = (f: Format): FunctionDefinition =>
  defineFunction(`float.order${f.bits}`, [f.type, f.type, 'i32'], ['i32'], (b, ...[x, y, predicate]) => {
    const is = (which: Value | number): Value => {
      const op = b.or(b.shl(which as Value, OP_BITS), FloatOp.compare);
      return b.wrap(b.call(`float.op${f.bits}`, [op, x as Value, y as Value], [f.type])[0] as Value);
    };
    const below = b.and(is(predicate as Value), CF);
    const unordered = b.and(is(b.i32(Predicate.unordered)), PF),
      equal = b.and(is(b.i32(Predicate.equalOrUnordered)), ZF);
    b.return(b.or(b.or(below, unordered), equal));
  });

const lanes = (f: Format): FunctionDefinition => {
  const shape = f.bits === 32 ? 'i32x4' : 'i64x2';
  return defineFunction(`float.lanes${f.bits}`, ['i32', 'i32', 'v128', 'v128'], ['v128'], (b, even, odd, x, y) => {
    const result: MutableValue = b.variable('v128', x as Value);
    for (let i = 0; i < 128 / f.bits; i++) {
      const lane = (v: Value | undefined): Value => b.lane(`${shape}.extract_lane`, i, v as Value);
      const [r] = b.call(`float.op${f.bits}`, [(i & 1 ? odd : even) as Value, lane(x), lane(y)], [f.type]) as [Value];
      result.set(b.lane(`${shape}.replace_lane`, i, result.get(), r));
    }
    b.return(result.get());
  });
};

/** Takes the exceptions of an instruction to MXCSR; not 0 if one of them is not masked (SDM volume 1, 11.5.3). */
const settle = defineFunction('float.settle', [], ['i32'], (b) => {
  const flags = b.load('i32.load', FLOAT_FLAGS),
    word = mxcsr(b);
  b.store('i32.store', FLOAT_FLAGS, b.i32(0));
  const unmasked = b.and(flags, b.not(b.shrU(word, MASKS_AT)));
  // What is found before computing stops it in all lanes.
  const early = b.and(unmasked, IE | DE | ZE);
  b.store('i32.store', MXCSR, b.or(word, b.select(early, b.and(flags, IE | DE | ZE), flags)));
  b.return(unmasked);
});

export const floatFunctions: readonly FunctionDefinition[] = [
  ...FORMATS.flatMap((f) => [pack(f), operation(f), fromInteger(f), toInteger(f), order(f), lanes(f)]),
  sum,
  convert(F64, F32, true),
  convert(F32, F64, true),
  settle,
];
