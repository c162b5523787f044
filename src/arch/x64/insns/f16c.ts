// F16C: conversions between half and single precision.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { halfConversions } from '../f80-convert.ts';
import { alsoInexact, convert, F16, F32, record, unpacked, withDaz } from '../float.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { MXCSR } from '../regs.ts';
import { parts, setParts, zeroAbove } from './avx-vector.ts';
import { fromLow, lanes32, order, zero } from './sse-vector.ts';

/** Four halves, zero-extended in 32-bit lanes, as floats. */
const toSingles = (b: X64Builder, x: Value): Value =>
  b.float(
    () => ordinarySingles(b, x),
    () => eachLane(b, x, (lane) => b.call('float.convert16to32', [lane], ['i32'])[0] as Value),
  );
/** Lanes of 32 bits one by one through `meaning`. */
function eachLane(b: X64Builder, x: Value, meaning: (lane: Value) => Value): Value {
  let result = x;
  for (let i = 0; i < 4; i++) result = b.lane('i32x4.replace_lane', i, result, meaning(b.lane('i32x4.extract_lane', i, x)));
  return result;
}
/** The exponent is rebased by a multiplication, exact for denormals too. */
function ordinarySingles(b: X64Builder, x: Value): Value {
  const sign = b.op('i32x4.shl', b.op('v128.and', x, lanes32(b, 0x8000)), 16);
  const magnitude = b.op('i32x4.shl', b.op('v128.and', x, lanes32(b, 0x7fff)), 13);
  const finite = b.op('f32x4.mul', magnitude, lanes32(b, 0x77800000));
  const isSpecial = b.op('i32x4.ge_s', magnitude, lanes32(b, 0x0f800000));
  const isNaN = b.op('i32x4.gt_s', magnitude, lanes32(b, 0x0f800000));
  const special = b.op(
    'v128.or',
    b.op('v128.or', magnitude, lanes32(b, 0x7f800000)),
    b.op('v128.and', isNaN, lanes32(b, 0x00400000)),
  );
  return b.op('v128.or', sign, b.op('v128.bitselect', special, finite, isSpecial));
}

/** f16.from(bits of a float, rounding control): the half, in the low 16 bits. */
const fromSingle = defineFunction('f16.from', ['i32', 'i32'], ['i32'], (b, ...[x, rc]) => {
  const [bits, rounding] = [x, rc] as [Value, Value];
  const isNegative = b.shrU(bits, 31),
    sign = b.shl(isNegative, 15);
  const exponent = b.and(b.shrU(bits, 23), 0xff),
    fraction = b.and(bits, 0x7fffff);
  b.if(b.eq(exponent, 0xff), () => {
    const payload = b.select(fraction, b.or(b.shrU(fraction, 13), 0x200), 0);
    b.return(b.or(b.or(sign, 0x7c00), payload));
  });
  const significand = b.select(exponent, b.or(fraction, 0x800000), fraction);
  const rebased = b.sub(exponent, 112);
  // Denormal halves lose more bits; from 25 on all of them.
  const isNormal = b.gtS(rebased, 0);
  const excess = b.select(isNormal, 13, b.sub(14, rebased));
  const count = b.select(b.gtS(excess, 30), 30, excess);
  const cut = b.shrU(significand, count),
    unit = b.shl(b.i32(1), count);
  const lost = b.and(significand, b.sub(unit, 1)),
    middle = b.shrU(unit, 1);
  const toNearest = b.or(b.gtU(lost, middle), b.and(b.eq(lost, middle), b.and(cut, 1)));
  const isAway = b.eq(rounding, b.sub(2, isNegative));
  const rounds = b.select(rounding, b.and(isAway, b.ne(lost, 0)), toNearest);
  const magnitude = b.add(b.add(cut, b.select(isNormal, b.shl(b.sub(rebased, 1), 10), 0)), rounds);
  // Too large: infinity, or the largest number where rounding goes towards zero.
  const limit = b.select(b.or(b.eqz(rounding), isAway), 0x7c00, 0x7bff);
  b.return(b.or(sign, b.select(b.geS(magnitude, 0x7c00), limit, magnitude)));
});

/** float.toHalf(bits of a float, imm8): the half, as MXCSR or imm8 says; FTZ does not count (SDM volume 2, VCVTPS2PH). */
const exactHalf = defineFunction('float.toHalf', ['i32', 'i32'], ['i32'], (b, ...[bits, imm]) => {
  const { mantissa, signExponent, flags } = unpacked(b, F32, withDaz(b, F32, bits as Value));
  const word = b.load('i32.load', MXCSR);
  const rc = b.select(b.and(imm as Value, 4), b.shrU(word, 13), imm as Value);
  const control = b.or(b.or(b.shl(b.and(rc, 3), 10), b.and(b.shrU(word, 7), 0x3f)), 0x300);
  const [half, exceptions] = b.call('f80.toF16', [mantissa, signExponent, control], ['i32', 'i32']) as [Value, Value];
  record(b, b.or(b.or(flags, b.and(exceptions, 0x3f)), alsoInexact(b, F16, mantissa, exceptions)));
  b.return(half);
});

/** Four floats as halves, in the low half of a vector; imm8[2] asks for MXCSR's rounding, else imm8[1:0] tells. */
function toHalves(b: X64Builder, x: Value, imm: Value): Value {
  const rounding = b.select(b.and(imm, 4), 0, b.and(imm, 3));
  const halves = (meaning: (lane: Value) => Value): Value => {
    let result = zero(b);
    for (let i = 0; i < 4; i++) {
      result = b.lane('i16x8.replace_lane', i, result, meaning(b.lane('i32x4.extract_lane', i, x)));
    }
    return result;
  };
  return b.float(
    () => halves((lane) => b.pure('f16.from', 'i32', lane, rounding)),
    () => halves((lane) => b.call('float.toHalf', [lane, imm], ['i32'])[0] as Value),
  );
}

/** A page fault comes before the floating-point exception, and that before the store. */
function beforeStore(b: X64Builder, dst: Operand, convert: () => Value): Value {
  if (dst.isMemory) b.guestProbe(dst.address(), dst.bits / 8, true);
  const result = convert();
  if (dst.isMemory) b.settleFloat();
  return result;
}

const options = { feature: 'f16c' } as const;
export const f16c: readonly Row[] = [
  insn(
    'vcvtph2ps',
    { '66 VEX.128 W0 0F 38 13': 'Vdq Wq' },
    (b, dst, src) => setParts(b, dst, [toSingles(b, b.op('i32x4.extend_low_i16x8_u', fromLow(b, src.get())))]),
    options,
  ),
  insn(
    'vcvtph2ps',
    { '66 VEX.256 W0 0F 38 13': 'Vqq Wdq' },
    (b, dst, src) => {
      const x = src.get();
      setParts(b, dst, [toSingles(b, b.op('i32x4.extend_low_i16x8_u', x)), toSingles(b, b.op('i32x4.extend_high_i16x8_u', x))]);
    },
    options,
  ),
  insn(
    'vcvtps2ph',
    { '66 VEX.128 W0 0F 3A 1D': 'Wq Vdq Ib' },
    (b, dst, src, imm) => {
      const halves = beforeStore(b, dst, () => toHalves(b, src.get(), b.wrap(imm.get())));
      dst.setZeroing(b.lane('i64x2.extract_lane', 0, halves));
      if (dst.isRegister) zeroAbove(b, dst);
    },
    options,
  ),
  insn(
    'vcvtps2ph',
    { '66 VEX.256 W0 0F 3A 1D': 'Wdq Vqq Ib' },
    (b, dst, src, imm) => {
      const halves = beforeStore(b, dst, () => {
        const [low, high] = parts(src).map((x) => toHalves(b, x, b.wrap(imm.get()))) as [Value, Value];
        return b.shuffle(low, high, order(8, 0, 2));
      });
      setParts(b, dst, [halves]);
    },
    options,
  ),
];

export const functions: readonly FunctionDefinition[] = [
  fromSingle,
  exactHalf,
  ...halfConversions,
  // Denormal halves are not denormal operands.
  convert(F16, F32, false),
];
