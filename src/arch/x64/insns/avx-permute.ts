// AVX and AVX2 rearrangement across halves and by vectors: permutes, inserts and extracts of halves, blends, variable shifts.

import type { OpName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { parts, setParts } from './avx-vector.ts';
import { lanesOfBits } from './sse4-lanes.ts';
import { doublewordSelector, shufpd } from './sse-shuffle.ts';
import { fromHalves, lanes32, order, zero } from './sse-vector.ts';

const avx = { feature: 'avx' } as const;
const avx2 = { feature: 'avx2' } as const;

const SIZES = [
  ['128', 'dq'],
  ['256', 'qq'],
] as const;
const both = (key: string, letters: string): Record<string, string> =>
  Object.fromEntries(SIZES.map(([length, size]) => [key.replace('VEX', `VEX.${length}`), letters.replaceAll('x', size)]));

/** The 16 bytes that `selector` names of the 32 of a pair. */
function pick(b: X64Builder, [low, high]: readonly Value[], selector: Value): Value {
  const upper = b.op('i8x16.sub', selector, b.v128(new Array<number>(16).fill(16)));
  return b.op('v128.or', b.op('i8x16.swizzle', low as Value, selector), b.op('i8x16.swizzle', high as Value, upper));
}
/** Byte numbers of the doublewords whose numbers, modulo 8, stand in the lanes of x. */
const bytesOfDoublewords = (b: X64Builder, x: Value): Value =>
  b.op('i32x4.add', b.op('i32x4.mul', b.op('v128.and', x, lanes32(b, 7)), lanes32(b, 0x04040404)), lanes32(b, 0x03020100));
/** Byte numbers of two quadwords by number (i32, 0 to 3). */
function bytesOfQuadwords(b: X64Builder, first: Value, second: Value): Value {
  const bytes = (number: Value): Value => b.add(b.mul(b.zext(b.and(number, 3)), 0x0808080808080808n), 0x0706050403020100n);
  return fromHalves(b, bytes(first), bytes(second));
}

const permuteDoublewords: Row['build'] = (b, dst, index, src) => {
  const values = parts(src);
  setParts(
    b,
    dst,
    parts(index).map((numbers) => pick(b, values, bytesOfDoublewords(b, numbers))),
  );
};
const permuteQuadwords: Row['build'] = (b, dst, src, imm) => {
  const values = parts(src);
  const control = b.wrap(imm.get());
  const field = (i: number): Value => b.shrU(control, 2 * i);
  setParts(
    b,
    dst,
    [0, 2].map((i) => pick(b, values, bytesOfQuadwords(b, field(i), field(i + 1)))),
  );
};

/** imm8 names one of the four halves for each half of the result: bits 1:0 and 5:4; bits 3 and 7 zero it. */
const permuteHalves: Row['build'] = (b, dst, first, second, imm) => {
  const [a, c] = parts(first) as [Value, Value];
  const [d, e] = parts(second) as [Value, Value];
  const control = b.wrap(imm.get());
  setParts(
    b,
    dst,
    [0, 4].map((shift) => {
      const field = b.shrU(control, shift);
      const isHigh = b.and(field, 1);
      const chosen = b.select(b.and(field, 2), b.select(isHigh, e, d), b.select(isHigh, c, a));
      return b.select(b.and(field, 8), zero(b), chosen);
    }),
  );
};
const insertHalf: Row['build'] = (b, dst, base, src, imm) => {
  const [low, high] = parts(base) as [Value, Value];
  const value = src.get();
  const isHigh = b.and(b.wrap(imm.get()), 1);
  setParts(b, dst, [b.select(isHigh, low, value), b.select(isHigh, value, high)]);
};
const extractHalf: Row['build'] = (b, dst, src, imm) => {
  const [low, high] = parts(src) as [Value, Value];
  setParts(b, dst, [b.select(b.and(b.wrap(imm.get()), 1), high, low)]);
};

/** Within each half, by the vector `control`: doublewords by its bits 1:0, quadwords by its bit 1. */
function permuteWithin(b: X64Builder, bits: 32 | 64, x: Value, control: Value): Value {
  if (bits === 32) return b.op('i8x16.swizzle', x, bytesOfDoublewords(b, b.op('v128.and', control, lanes32(b, 3))));
  const isHigh = b.op('i64x2.shr_s', b.op('i64x2.shl', control, 62), 63);
  return b.op('v128.bitselect', b.shuffle(x, x, order(8, 1, 1)), b.shuffle(x, x, order(8, 0, 0)), isHigh);
}
const permuteByVector =
  (bits: 32 | 64): Row['build'] =>
  (b, dst, src, control) => {
    const controls = parts(control);
    setParts(
      b,
      dst,
      parts(src).map((x, i) => permuteWithin(b, bits, x, controls[i] as Value)),
    );
  };
const permuteByImmediate =
  (bits: 32 | 64): Row['build'] =>
  (b, dst, src, imm) => {
    const control = b.wrap(imm.get());
    setParts(
      b,
      dst,
      parts(src).map((x, i) =>
        bits === 32 ? b.op('i8x16.swizzle', x, doublewordSelector(b, control)) : shufpd(b, x, x, b.shrU(control, 2 * i)),
      ),
    );
  };

/** y where the sign of the mask's lane is set. */
const blendByMask =
  (lanes: 'i8x16' | 'i32x4' | 'i64x2', bits: number): Row['build'] =>
  (b, dst, first, second, mask) => {
    const ys = parts(second),
      masks = parts(mask);
    setParts(
      b,
      dst,
      parts(first).map((x, i) => b.op('v128.bitselect', ys[i] as Value, x, b.op(`${lanes}.shr_s`, masks[i] as Value, bits - 1))),
    );
  };
const blendDoublewords: Row['build'] = (b, dst, first, second, imm) => {
  const ys = parts(second),
    control = b.wrap(imm.get());
  setParts(
    b,
    dst,
    parts(first).map((x, i) => b.op('v128.bitselect', ys[i] as Value, x, lanesOfBits(b, 'i32x4', b.shrU(control, 4 * i)))),
  );
};

/** Each lane shifted by the count in the same lane; counts past the width give 0, or the sign. */
const shiftEach =
  (bits: 32 | 64, how: 'shl' | 'shr_u' | 'shr_s'): Row['build'] =>
  (b, dst, src, counts) => {
    const shape = bits === 32 ? 'i32x4' : 'i64x2',
      type = bits === 32 ? 'i32' : 'i64';
    const values = parts(counts);
    setParts(
      b,
      dst,
      parts(src).map((x, half) => {
        let result = x;
        for (let i = 0; i < 128 / bits; i++) {
          const value = b.lane(`${shape}.extract_lane`, i, x),
            count = b.lane(`${shape}.extract_lane`, i, values[half] as Value);
          const isPast = b.gtU(count, bits - 1);
          const shifted = b.op(`${type}.${how}` as OpName, value, how === 'shr_s' ? b.select(isPast, bits - 1, count) : count);
          result = b.lane(
            `${shape}.replace_lane`,
            i,
            result,
            how === 'shr_s' ? shifted : b.select(isPast, b.const(type, 0), shifted),
          );
        }
        return result;
      }),
    );
  };

/** Flags of vtestps and vtestpd: only signs count. CF: all of y's signs are in x; ZF: none is. */
const testSigns =
  (bitmask: 'i32x4.bitmask' | 'i64x2.bitmask', bits: number): Row['build'] =>
  (b, first, second) => {
    const signs = (operand: Operand): Value =>
      parts(operand)
        .map((value, i) => b.shl(b.op(bitmask, value), (128 / bits) * i))
        .reduce((x, y) => b.or(x, y));
    const x = signs(first),
      y = signs(second);
    b.flagsRaw(b.or(b.eqz(b.and(b.not(x), y)), b.shl(b.eqz(b.and(x, y)), 6)));
  };
/** The same over all bits. */
const testBits: Row['build'] = (b, first, second) => {
  const ys = parts(second),
    xs = parts(first);
  const any = (of: (x: Value, y: Value) => Value): Value =>
    b.op(
      'v128.any_true',
      xs.map((x, i) => of(x, ys[i] as Value)).reduce((x, y) => b.op('v128.or', x, y)),
    );
  const isCovered = b.eqz(any((x, y) => b.op('v128.andnot', y, x)));
  b.flagsRaw(b.or(isCovered, b.shl(b.eqz(any((x, y) => b.op('v128.and', x, y))), 6)));
};

export const avxPermute: readonly Row[] = [
  insn('vpermd', { '66 VEX.256 W0 0F 38 36': 'Vqq Hqq Wqq' }, permuteDoublewords, avx2),
  insn('vpermps', { '66 VEX.256 W0 0F 38 16': 'Vqq Hqq Wqq' }, permuteDoublewords, avx2),
  insn('vpermq', { '66 VEX.256 W1 0F 3A 00': 'Vqq Wqq Ib' }, permuteQuadwords, avx2),
  insn('vpermpd', { '66 VEX.256 W1 0F 3A 01': 'Vqq Wqq Ib' }, permuteQuadwords, avx2),
  insn('vperm2f128', { '66 VEX.256 W0 0F 3A 06': 'Vqq Hqq Wqq Ib' }, permuteHalves, avx),
  insn('vperm2i128', { '66 VEX.256 W0 0F 3A 46': 'Vqq Hqq Wqq Ib' }, permuteHalves, avx2),
  insn('vinsertf128', { '66 VEX.256 W0 0F 3A 18': 'Vqq Hqq Wdq Ib' }, insertHalf, avx),
  insn('vinserti128', { '66 VEX.256 W0 0F 3A 38': 'Vqq Hqq Wdq Ib' }, insertHalf, avx2),
  insn('vextractf128', { '66 VEX.256 W0 0F 3A 19': 'Wdq Vqq Ib' }, extractHalf, avx),
  insn('vextracti128', { '66 VEX.256 W0 0F 3A 39': 'Wdq Vqq Ib' }, extractHalf, avx2),
  insn('vpermilps', both('66 VEX W0 0F 38 0C', 'Vx Hx Wx'), permuteByVector(32), avx),
  insn('vpermilpd', both('66 VEX W0 0F 38 0D', 'Vx Hx Wx'), permuteByVector(64), avx),
  insn('vpermilps', both('66 VEX W0 0F 3A 04', 'Vx Wx Ib'), permuteByImmediate(32), avx),
  insn('vpermilpd', both('66 VEX W0 0F 3A 05', 'Vx Wx Ib'), permuteByImmediate(64), avx),

  insn('vblendvps', both('66 VEX W0 0F 3A 4A', 'Vx Hx Wx Lx'), blendByMask('i32x4', 32), avx),
  insn('vblendvpd', both('66 VEX W0 0F 3A 4B', 'Vx Hx Wx Lx'), blendByMask('i64x2', 64), avx),
  insn('vpblendvb', { '66 VEX.128 W0 0F 3A 4C': 'Vdq Hdq Wdq Ldq' }, blendByMask('i8x16', 8), avx),
  insn('vpblendvb', { '66 VEX.256 W0 0F 3A 4C': 'Vqq Hqq Wqq Lqq' }, blendByMask('i8x16', 8), avx2),
  insn('vpblendd', both('66 VEX W0 0F 3A 02', 'Vx Hx Wx Ib'), blendDoublewords, avx2),

  insn('vpsllvd', both('66 VEX W0 0F 38 47', 'Vx Hx Wx'), shiftEach(32, 'shl'), avx2),
  insn('vpsllvq', both('66 VEX W1 0F 38 47', 'Vx Hx Wx'), shiftEach(64, 'shl'), avx2),
  insn('vpsrlvd', both('66 VEX W0 0F 38 45', 'Vx Hx Wx'), shiftEach(32, 'shr_u'), avx2),
  insn('vpsrlvq', both('66 VEX W1 0F 38 45', 'Vx Hx Wx'), shiftEach(64, 'shr_u'), avx2),
  insn('vpsravd', both('66 VEX W0 0F 38 46', 'Vx Hx Wx'), shiftEach(32, 'shr_s'), avx2),

  insn('vtestps', both('66 VEX W0 0F 38 0E', 'Vx Wx'), testSigns('i32x4.bitmask', 32), avx),
  insn('vtestpd', both('66 VEX W0 0F 38 0F', 'Vx Wx'), testSigns('i64x2.bitmask', 64), avx),
  insn('vptest', { '66 VEX.256 WIG 0F 38 17': 'Vqq Wqq' }, testBits, avx),
];
