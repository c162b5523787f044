// SSE3 and SSSE3: horizontal arithmetic, duplicating moves, byte shuffle, signs and absolute values.

import type { OpName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { exactly, floatOp } from '../float-op.ts';
import { insn, type Row } from '../insn.ts';
import { arithmetic } from './sse-float.ts';
import {
  aligned,
  atMost,
  type Binary,
  binaryRow,
  bytesDown,
  fromLow,
  lanes16,
  order,
  type Unary,
  unaryRow,
  zero,
} from './sse-vector.ts';

const sse3 = { feature: 'sse3' } as const;
const ssse3 = { feature: 'ssse3' } as const;

/** `op` of each pair of neighbours, those of x in the low half and those of y in the high one. */
const horizontal =
  (op: OpName, bytes: number): Binary =>
  (b, x, y) => {
    const even = Array.from({ length: 16 / bytes }, (_, i) => 2 * i);
    return b.op(op, b.shuffle(x, y, order(bytes, ...even)), b.shuffle(x, y, order(bytes, ...even.map((i) => i + 1))));
  };
/** The same of numbers. */
const horizontalFloat =
  (name: 'add' | 'sub', type: 'f32x4' | 'f64x2'): Binary =>
  (b, x, y) => {
    const [even, odd] = type === 'f32x4' ? [order(4, 0, 2, 4, 6), order(4, 1, 3, 5, 7)] : [order(8, 0, 2), order(8, 1, 3)];
    return arithmetic(b, name, type, b.shuffle(x, y, even), b.shuffle(x, y, odd));
  };
/** Subtracts in even lanes, adds in odd ones. */
const addSub =
  (type: 'f32x4' | 'f64x2', evenLanes: bigint): Binary =>
  (b, x, y) =>
    b.float(
      () =>
        b.op(
          'v128.bitselect',
          b.op(`${type}.sub`, x, y),
          b.op(`${type}.add`, x, y),
          b.v128of64(evenLanes, type === 'f32x4' ? evenLanes : 0n),
        ),
      () => exactly(b, type, floatOp(b, 'sub'), x, y, floatOp(b, 'add')),
    );

/** Unsigned bytes of x times signed bytes of y, neighbours added with saturation. */
const pmaddubsw: Binary = (b, x, y) => {
  const low = b.op('i16x8.mul', b.op('v128.and', x, lanes16(b, 0xff)), b.op('i16x8.shr_s', b.op('i16x8.shl', y, 8), 8));
  const high = b.op('i16x8.mul', b.op('i16x8.shr_u', x, 8), b.op('i16x8.shr_s', y, 8));
  return b.op('i16x8.add_sat_s', low, high);
};
/** As Wasm's, but -1 times -1 wraps to -1 (the 0x7fff that Wasm saturates to, inverted). */
const pmulhrsw: Binary = (b, x, y) => {
  const least = lanes16(b, 0x8000);
  const wraps = b.op('v128.and', b.op('i16x8.eq', x, least), b.op('i16x8.eq', y, least));
  return b.op('v128.xor', b.op('i16x8.q15mulr_sat_s', x, y), wraps);
};
const sign =
  (type: 'i8x16' | 'i16x8' | 'i32x4'): Binary =>
  (b, x, y) => {
    const isNegative = b.op(`${type}.lt_s`, y, zero(b));
    const signed = b.op(`${type}.sub`, b.op('v128.xor', x, isNegative), isNegative);
    return b.op('v128.andnot', signed, b.op(`${type}.eq`, y, zero(b)));
  };

/** Name: last opcode byte after 0F 38, meaning. On MMX registers `pairwise` ones see x and y side by side. */
export const lanewiseSsse3: Readonly<Record<string, readonly [opcode: string, meaning: Binary]>> = {
  pmaddubsw: ['04', pmaddubsw],
  psignb: ['08', sign('i8x16')],
  psignw: ['09', sign('i16x8')],
  psignd: ['0A', sign('i32x4')],
  pmulhrsw: ['0B', pmulhrsw],
};
export const pairwiseSsse3: Readonly<Record<string, readonly [opcode: string, meaning: Binary]>> = {
  phaddw: ['01', horizontal('i16x8.add', 2)],
  phaddd: ['02', horizontal('i32x4.add', 4)],
  phaddsw: ['03', horizontal('i16x8.add_sat_s', 2)],
  phsubw: ['05', horizontal('i16x8.sub', 2)],
  phsubd: ['06', horizontal('i32x4.sub', 4)],
  phsubsw: ['07', horizontal('i16x8.sub_sat_s', 2)],
};
export const absolute: Readonly<Record<string, readonly [opcode: string, meaning: Unary]>> = {
  pabsb: ['1C', (b, x) => b.op('i8x16.abs', x)],
  pabsw: ['1D', (b, x) => b.op('i16x8.abs', x)],
  pabsd: ['1E', (b, x) => b.op('i32x4.abs', x)],
};
/** Bytes of x by the selectors in y: low bits of `mask`, bit 7 gives 0. */
export const pshufb = (b: X64Builder, x: Value, y: Value, mask: number): Value =>
  b.op('i8x16.swizzle', x, b.op('v128.and', y, b.v128(new Array<number>(16).fill(mask))));

export const sse3Rows: readonly Row[] = [
  binaryRow('addsubps', 'F2 0F D0', addSub('f32x4', 0xffffffffn), sse3),
  binaryRow('addsubpd', '66 0F D0', addSub('f64x2', -1n), sse3),
  binaryRow('haddps', 'F2 0F 7C', horizontalFloat('add', 'f32x4'), sse3),
  binaryRow('haddpd', '66 0F 7C', horizontalFloat('add', 'f64x2'), sse3),
  binaryRow('hsubps', 'F2 0F 7D', horizontalFloat('sub', 'f32x4'), sse3),
  binaryRow('hsubpd', '66 0F 7D', horizontalFloat('sub', 'f64x2'), sse3),
  insn('movddup', { 'F2 0F 12': 'Vdq Wq' }, (b, dst, src) => dst.set(fromLow(b, src.get())), sse3),
  unaryRow('movsldup', 'F3 0F 12', (b, x) => b.shuffle(x, x, order(4, 0, 0, 2, 2)), sse3),
  unaryRow('movshdup', 'F3 0F 16', (b, x) => b.shuffle(x, x, order(4, 1, 1, 3, 3)), sse3),
  insn('lddqu', { 'F2 0F F0': 'Vdq Mdq' }, (_b, dst, src) => dst.set(src.get()), sse3),
];

export const ssse3Rows: readonly Row[] = [
  ...Object.entries({ ...lanewiseSsse3, ...pairwiseSsse3 }).map(([name, [opcode, meaning]]) =>
    binaryRow(name, `66 0F 38 ${opcode}`, meaning, ssse3),
  ),
  ...Object.entries(absolute).map(([name, [opcode, meaning]]) => unaryRow(name, `66 0F 38 ${opcode}`, meaning, ssse3)),
  binaryRow('pshufb', '66 0F 38 00', (b, x, y) => pshufb(b, x, y, 0x8f), ssse3),
  insn(
    'palignr',
    { '66 0F 3A 0F': 'Vdq Wdq Ib' },
    (b, dst, src, imm) => {
      const count = atMost(b, b.and(imm.get(), 0xff), 32);
      dst.set(b.op('v128.or', bytesDown(b, aligned(b, src), count), bytesDown(b, dst.get(), b.sub(count, 16))));
    },
    ssse3,
  ),
];
