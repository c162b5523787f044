// SSE4.1 on single lanes and floating point: blend, insert, extract, dot product, rounding; PCLMULQDQ.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { exactFloat, exactly, floatOp } from '../float-op.ts';
import { insn, type Row } from '../insn.ts';
import { YMM } from '../regs.ts';
import { arithmetic, SHAPES } from './sse-float.ts';
import { extractWord } from './sse-shuffle.ts';
import { aligned, type Binary, binaryRow, bytesDown, fromHalves, iota, lanes16, lanes32, order } from './sse-vector.ts';

const sse41 = { feature: 'sse4.1' } as const;

/** Lanes of ones where the bit of that number is set in `bits`. */
export function lanesOfBits(b: X64Builder, lanes: 'i16x8' | 'i32x4' | 'i64x2', bits: Value): Value {
  const each =
    lanes === 'i16x8' ? lanes16(b, 1, 2, 4, 8, 16, 32, 64, 128) : lanes === 'i32x4' ? lanes32(b, 1, 2, 4, 8) : b.v128of64(1n, 2n);
  const all = lanes === 'i64x2' ? b.op('i64x2.splat', b.zext(bits)) : b.op(`${lanes}.splat`, bits);
  return b.op(`${lanes}.eq`, b.op('v128.and', all, each), each);
}

const blendByImmediate = (name: string, opcode: string, lanes: 'i16x8' | 'i32x4' | 'i64x2'): Row =>
  insn(
    name,
    { [`66 0F 3A ${opcode}`]: 'Vdq Wdq Ib' },
    (b, dst, src, imm) => dst.set(b.op('v128.bitselect', aligned(b, src), dst.get(), lanesOfBits(b, lanes, imm.get()))),
    sse41,
  );
/** The mask is the sign of each lane of xmm0. */
const blendBySign =
  (lanes: 'i8x16' | 'i32x4' | 'i64x2', bits: number): Binary =>
  (b, x, y) =>
    b.op('v128.bitselect', y, x, b.op(`${lanes}.shr_s`, b.slot('v128.load', YMM), bits - 1));

/** Products where imm8[7:4] says so, added pairwise, in the lanes that imm8[3:0] names. */
function dotProduct(b: X64Builder, type: 'f32x4' | 'f64x2', x: Value, y: Value, imm: Value): Value {
  const lanes = type === 'f32x4' ? 'i32x4' : 'i64x2';
  const chosen = lanesOfBits(b, lanes, b.shrU(imm, 4));
  const products = b.float(
    () => b.op('v128.and', b.op(`${type}.mul`, x, y), chosen),
    // Zeroes in the other lanes raise nothing.
    () => {
      const [left, right] = [b.op('v128.and', x, chosen), b.op('v128.and', y, chosen)];
      return b.op('v128.and', exactly(b, type, floatOp(b, 'mul'), left, right), chosen);
    },
  );
  // Each step ends with its exceptions.
  b.settleFloat();
  const swap = (v: Value, elements: readonly number[]): Value => b.shuffle(v, v, order(type === 'f32x4' ? 4 : 8, ...elements));
  let sum: Value;
  if (type === 'f64x2') sum = arithmetic(b, 'add', type, swap(products, [0, 0]), swap(products, [1, 1]));
  else {
    const pairs = arithmetic(b, 'add', type, swap(products, [0, 0, 2, 2]), swap(products, [1, 1, 3, 3]));
    b.settleFloat();
    sum = arithmetic(b, 'add', type, swap(pairs, [0, 0, 0, 0]), swap(pairs, [2, 2, 2, 2]));
  }
  return b.op('v128.and', sum, lanesOfBits(b, lanes, imm));
}

function insertByte(b: X64Builder, x: Value, value: Value, lane: Value): Value {
  const isLane = b.op('i8x16.eq', iota(b), b.op('i8x16.splat', b.and(lane, 15)));
  return b.op('v128.bitselect', b.op('i8x16.splat', value), x, isLane);
}
function insertDoubleword(b: X64Builder, x: Value, value: Value, lane: Value): Value {
  const isLane = b.op('i32x4.eq', lanes32(b, 0, 1, 2, 3), b.op('i32x4.splat', b.and(lane, 3)));
  return b.op('v128.bitselect', b.op('i32x4.splat', value), x, isLane);
}
const extractDoubleword = (b: X64Builder, x: Value, lane: Value): Value =>
  b.lane('i32x4.extract_lane', 0, bytesDown(b, x, b.shl(b.and(lane, 3), 2)));
const extractQuadword = (b: X64Builder, x: Value, lane: Value): Value =>
  b.select(b.and(lane, 1), b.lane('i64x2.extract_lane', 1, x), b.lane('i64x2.extract_lane', 0, x));
const extractByte = (b: X64Builder, x: Value, lane: Value): Value =>
  b.lane('i8x16.extract_lane_u', 0, bytesDown(b, x, b.and(lane, 15)));

// In a register the extracted byte or word is zero-extended, so that register and memory forms are two rows.
const extract = (name: string, key: string, operands: string, lane: (b: X64Builder, x: Value, lane: Value) => Value): Row =>
  insn(name, { [key]: operands }, (b, dst, src, imm) => dst.set(lane(b, src.get(), imm.get())), sse41);
const insert = (
  name: string,
  key: string,
  operands: string,
  lane: (b: X64Builder, x: Value, value: Value, lane: Value) => Value,
): Row => insn(name, { [key]: operands }, (b, dst, src, imm) => dst.set(lane(b, dst.get(), src.get(), imm.get())), sse41);

/** imm8[5:4] is the lane written, imm8[3:0] the lanes zeroed. */
function insertps(b: X64Builder, x: Value, value: Value, imm: Value): Value {
  return b.op('v128.andnot', insertDoubleword(b, x, value, b.shrU(imm, 4)), lanesOfBits(b, 'i32x4', imm));
}

/** sse.clmul(x, y): low and high half of the carry-less product. */
const clmul = defineFunction('sse.clmul', ['i64', 'i64'], ['i64', 'i64'], (b, x, y) => {
  const low = b.variable('i64', 0n);
  const high = b.variable('i64', 0n);
  const rest = b.variable('i64', y as Value);
  b.loop((loop) => {
    const left = rest.get();
    b.if(b.eqz(left), () => loop.break());
    const place = b.ctz(left);
    low.set(b.xor(low.get(), b.shl(x as Value, place)));
    // Two shifts: a shift by 64 would be one by 0.
    high.set(b.xor(high.get(), b.shrU(b.shrU(x as Value, 1), b.sub(63, place))));
    rest.set(b.and(left, b.sub(left, 1)));
  });
  b.return(low.get(), high.get());
});

export const sse4Lanes: readonly Row[] = [
  blendByImmediate('blendps', '0C', 'i32x4'),
  blendByImmediate('blendpd', '0D', 'i64x2'),
  blendByImmediate('pblendw', '0E', 'i16x8'),
  binaryRow('pblendvb', '66 0F 38 10', blendBySign('i8x16', 8), sse41),
  binaryRow('blendvps', '66 0F 38 14', blendBySign('i32x4', 32), sse41),
  binaryRow('blendvpd', '66 0F 38 15', blendBySign('i64x2', 64), sse41),

  extract('pextrb', '66 0F 3A 14', 'Rd Vdq Ib', extractByte),
  extract('pextrb', '66 0F 3A 14', 'Mb Vdq Ib', extractByte),
  extract('pextrw', '66 0F 3A 15', 'Rd Vdq Ib', extractWord),
  extract('pextrw', '66 0F 3A 15', 'Mw Vdq Ib', extractWord),
  extract('pextrd', '66 W0 0F 3A 16', 'Ed Vdq Ib', extractDoubleword),
  extract('pextrq', '66 W1 0F 3A 16', 'Eq Vdq Ib', extractQuadword),
  extract('extractps', '66 0F 3A 17', 'Ed Vdq Ib', extractDoubleword),
  insert('pinsrb', '66 0F 3A 20', 'Vdq Rd Ib', insertByte),
  insert('pinsrb', '66 0F 3A 20', 'Vdq Mb Ib', insertByte),
  insert('pinsrd', '66 W0 0F 3A 22', 'Vdq Ed Ib', insertDoubleword),
  insert('pinsrq', '66 W1 0F 3A 22', 'Vdq Eq Ib', (b, x, value, lane) => {
    const isHigh = b.and(lane, 1);
    const old = (i: number): Value => b.lane('i64x2.extract_lane', i, x);
    return fromHalves(b, b.select(isHigh, old(0), value), b.select(isHigh, value, old(1)));
  }),
  insn(
    'insertps',
    { '66 0F 3A 21': 'Vdq Udq Ib' },
    (b, dst, src, imm) => {
      const control = imm.get();
      dst.set(insertps(b, dst.get(), extractDoubleword(b, src.get(), b.shrU(control, 6)), control));
    },
    sse41,
  ),
  insert('insertps', '66 0F 3A 21', 'Vdq Md Ib', insertps),
  insn('movntdqa', { '66 0F 38 2A': 'Vdq Mdq' }, (b, dst, src) => dst.set(aligned(b, src)), sse41),

  ...(['f32x4', 'f64x2'] as const).map((type) =>
    insn(
      type === 'f32x4' ? 'dpps' : 'dppd',
      { [`66 0F 3A ${type === 'f32x4' ? '40' : '41'}`]: 'Vdq Wdq Ib' },
      (b, dst, src, imm) => dst.set(dotProduct(b, type, dst.get(), aligned(b, src), imm.get())),
      sse41,
    ),
  ),
  ...SHAPES.map((shape, i) =>
    insn(
      `round${shape.suffix}`,
      { [`66 0F 3A ${['08', '09', '0A', '0B'][i]}`]: `${shape.operands} Ib` },
      (b, dst, src, imm) => {
        const x = shape.isPacked ? aligned(b, src) : src.get();
        const control = imm.get();
        const rc = b.select(b.and(control, 4), 0, b.and(control, 3));
        dst.set(
          b.float(
            () => b.pure(`sse.round.${shape.type}`, x.type, x, rc),
            () => exactFloat(b, shape.type, floatOp(b, 'round', b.and(control, 15)), x, x),
          ),
        );
      },
      sse41,
    ),
  ),

  insn(
    'pclmulqdq',
    { '66 0F 3A 44': 'Vdq Wdq Ib' },
    (b, dst, src, imm) => {
      const control = imm.get();
      const x = extractQuadword(b, dst.get(), control);
      const y = extractQuadword(b, aligned(b, src), b.shrU(control, 4));
      const [low, high] = b.call('sse.clmul', [x, y], ['i64', 'i64']) as [Value, Value];
      dst.set(fromHalves(b, low, high));
    },
    { feature: 'pclmulqdq' },
  ),
];

export const functions: readonly FunctionDefinition[] = [clmul];
