// SSE2 integer arithmetic, comparison, logic and shifts on packed lanes.
//
// `integer` also states the MMX instructions of the same names: they are the low half of the same meaning (sse-mmx.ts).

import type { OpName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { aligned, atMost, type Binary, binaryRow, bytesDown, lanewise, order, zero } from './sse-vector.ts';

/** |x - y| of unsigned bytes, summed over each eight. */
const psadbw: Binary = (b, x, y) => {
  const difference = b.op('i8x16.sub', b.op('i8x16.max_u', x, y), b.op('i8x16.min_u', x, y));
  const quads = b.op('i32x4.extadd_pairwise_i16x8_u', b.op('i16x8.extadd_pairwise_i8x16_u', difference));
  return b.op('i64x2.add', b.op('i64x2.shr_u', quads, 32), b.op('v128.and', quads, b.v128of64(0xffffffffn, 0xffffffffn)));
};
const mulHigh =
  (sign: 's' | 'u'): Binary =>
  (b, x, y) => {
    const low = b.op(`i32x4.extmul_low_i16x8_${sign}`, x, y);
    const high = b.op(`i32x4.extmul_high_i16x8_${sign}`, x, y);
    return b.shuffle(low, high, order(2, 1, 3, 5, 7, 9, 11, 13, 15));
  };
/** Products of the even 32-bit lanes. */
export const mulEven =
  (sign: 's' | 'u'): Binary =>
  (b, x, y) => {
    const even = (v: Value): Value => b.shuffle(v, v, order(4, 0, 2, 0, 2));
    return b.op(`i64x2.extmul_low_i32x4_${sign}`, even(x), even(y));
  };
const andNot: Binary = (b, x, y) => b.op('v128.andnot', y, x);

/** Name: opcode after 0F, meaning. With prefix 66 on XMM, without on MMX registers. */
export const integer: Readonly<Record<string, readonly [opcode: string, meaning: Binary]>> = {
  pcmpgtb: ['64', lanewise('i8x16.gt_s')],
  pcmpgtw: ['65', lanewise('i16x8.gt_s')],
  pcmpgtd: ['66', lanewise('i32x4.gt_s')],
  pcmpeqb: ['74', lanewise('i8x16.eq')],
  pcmpeqw: ['75', lanewise('i16x8.eq')],
  pcmpeqd: ['76', lanewise('i32x4.eq')],
  paddq: ['D4', lanewise('i64x2.add')],
  pmullw: ['D5', lanewise('i16x8.mul')],
  psubusb: ['D8', lanewise('i8x16.sub_sat_u')],
  psubusw: ['D9', lanewise('i16x8.sub_sat_u')],
  pminub: ['DA', lanewise('i8x16.min_u')],
  pand: ['DB', lanewise('v128.and')],
  paddusb: ['DC', lanewise('i8x16.add_sat_u')],
  paddusw: ['DD', lanewise('i16x8.add_sat_u')],
  pmaxub: ['DE', lanewise('i8x16.max_u')],
  pandn: ['DF', andNot],
  pavgb: ['E0', lanewise('i8x16.avgr_u')],
  pavgw: ['E3', lanewise('i16x8.avgr_u')],
  pmulhuw: ['E4', mulHigh('u')],
  pmulhw: ['E5', mulHigh('s')],
  psubsb: ['E8', lanewise('i8x16.sub_sat_s')],
  psubsw: ['E9', lanewise('i16x8.sub_sat_s')],
  pminsw: ['EA', lanewise('i16x8.min_s')],
  por: ['EB', lanewise('v128.or')],
  paddsb: ['EC', lanewise('i8x16.add_sat_s')],
  paddsw: ['ED', lanewise('i16x8.add_sat_s')],
  pmaxsw: ['EE', lanewise('i16x8.max_s')],
  pxor: ['EF', lanewise('v128.xor')],
  pmuludq: ['F4', mulEven('u')],
  pmaddwd: ['F5', lanewise('i32x4.dot_i16x8_s')],
  psadbw: ['F6', psadbw],
  psubb: ['F8', lanewise('i8x16.sub')],
  psubw: ['F9', lanewise('i16x8.sub')],
  psubd: ['FA', lanewise('i32x4.sub')],
  psubq: ['FB', lanewise('i64x2.sub')],
  paddb: ['FC', lanewise('i8x16.add')],
  paddw: ['FD', lanewise('i16x8.add')],
  paddd: ['FE', lanewise('i32x4.add')],
};

/** These take neighbours together, so that the MMX forms see both operands side by side. */
export const packs: Readonly<Record<string, readonly [opcode: string, meaning: Binary]>> = {
  packsswb: ['63', lanewise('i8x16.narrow_i16x8_s')],
  packuswb: ['67', lanewise('i8x16.narrow_i16x8_u')],
  packssdw: ['6B', lanewise('i16x8.narrow_i32x4_s')],
};

export interface Shift {
  readonly bits: 16 | 32 | 64;
  readonly how: 'shl' | 'shr_u' | 'shr_s';
  /** Opcode after 0F of the form with a count in a register or memory. */
  readonly byRegister: string;
  /** Opcode and ModRM.reg of the form with an immediate. */
  readonly byImmediate: string;
}
export const shifts: Readonly<Record<string, Shift>> = {
  psrlw: { bits: 16, how: 'shr_u', byRegister: 'D1', byImmediate: '71/2' },
  psrld: { bits: 32, how: 'shr_u', byRegister: 'D2', byImmediate: '72/2' },
  psrlq: { bits: 64, how: 'shr_u', byRegister: 'D3', byImmediate: '73/2' },
  psraw: { bits: 16, how: 'shr_s', byRegister: 'E1', byImmediate: '71/4' },
  psrad: { bits: 32, how: 'shr_s', byRegister: 'E2', byImmediate: '72/4' },
  psllw: { bits: 16, how: 'shl', byRegister: 'F1', byImmediate: '71/6' },
  pslld: { bits: 32, how: 'shl', byRegister: 'F2', byImmediate: '72/6' },
  psllq: { bits: 64, how: 'shl', byRegister: 'F3', byImmediate: '73/6' },
};
/** Each lane of x shifted by a count (i32 or i64, unsigned): counts past the width give 0, or the sign. */
export function shiftLanes(b: X64Builder, { bits, how }: Shift, x: Value, count: Value): Value {
  const name = `i${bits}x${128 / bits}.${how}` as OpName;
  const isPast = b.gtU(count, bits - 1);
  if (how === 'shr_s') return b.op(name, x, b.select(isPast, bits - 1, b.wrap(count)));
  return b.select(isPast, zero(b), b.op(name, x, b.wrap(count)));
}

export const sseInt: readonly Row[] = [
  ...Object.entries({ ...integer, ...packs }).map(([name, [opcode, meaning]]) => binaryRow(name, `66 0F ${opcode}`, meaning)),
  ...Object.entries(shifts).flatMap(([name, shift]) => [
    insn(name, { [`66 0F ${shift.byRegister}`]: 'Vdq Wdq' }, (b, dst, src) =>
      dst.set(shiftLanes(b, shift, dst.get(), b.lane('i64x2.extract_lane', 0, aligned(b, src)))),
    ),
    insn(name, { [`66 0F ${shift.byImmediate}`]: 'Udq Ib' }, (b, dst, count) =>
      dst.set(shiftLanes(b, shift, dst.get(), b.and(count.get(), 0xff))),
    ),
  ]),
  insn('psrldq', { '66 0F 73/3': 'Udq Ib' }, (b, dst, count) =>
    dst.set(bytesDown(b, dst.get(), atMost(b, b.and(count.get(), 0xff), 16))),
  ),
  insn('pslldq', { '66 0F 73/7': 'Udq Ib' }, (b, dst, count) =>
    dst.set(bytesDown(b, dst.get(), b.neg(atMost(b, b.and(count.get(), 0xff), 16)))),
  ),
];
