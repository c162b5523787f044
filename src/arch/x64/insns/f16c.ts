// F16C: conversions between half and single precision.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { parts, setParts, zeroAbove } from './avx-vector.ts';
import { fromLow, lanes32, order, roundingControl, zero } from './sse-vector.ts';

/** Four halves, zero-extended in 32-bit lanes, as floats: the exponent is rebased by a multiplication, exact for denormals too. */
function toSingles(b: X64Builder, x: Value): Value {
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

/** Four floats as halves, in the low half of a vector. */
function toHalves(b: X64Builder, x: Value, rounding: Value): Value {
  let result = zero(b);
  for (let i = 0; i < 4; i++) {
    result = b.lane('i16x8.replace_lane', i, result, b.pure('f16.from', 'i32', b.lane('i32x4.extract_lane', i, x), rounding));
  }
  return result;
}
/** imm8[2] asks for MXCSR's rounding, else imm8[1:0] tells. */
const roundingOf = (b: X64Builder, imm: Value): Value => b.select(b.and(imm, 4), roundingControl(b), b.and(imm, 3));

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
      const halves = b.lane('i64x2.extract_lane', 0, toHalves(b, src.get(), roundingOf(b, b.wrap(imm.get()))));
      dst.setZeroing(halves);
      if (dst.isRegister) zeroAbove(b, dst);
    },
    options,
  ),
  insn(
    'vcvtps2ph',
    { '66 VEX.256 W0 0F 3A 1D': 'Wdq Vqq Ib' },
    (b, dst, src, imm) => {
      const rounding = roundingOf(b, b.wrap(imm.get()));
      const [low, high] = parts(src).map((x) => toHalves(b, x, rounding)) as [Value, Value];
      setParts(b, dst, [b.shuffle(low, high, order(8, 0, 2))]);
    },
    options,
  ),
];

export const functions: readonly FunctionDefinition[] = [fromSingle];
