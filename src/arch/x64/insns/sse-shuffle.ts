// SSE and SSE2 rearrangement: unpack, shuffle by immediate, insert and extract words.
//
// An immediate is a number of the decoded operation, unknown while a row is built: shuffles compute a byte selector.

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { aligned, binaryRow, bytesDown, fromHalves, lanes16, lanes32, order } from './sse-vector.ts';

/** Interleaves the low (high) halves of x and y by elements of `bytes` bytes. */
export function unpack(b: X64Builder, bytes: number, half: 'low' | 'high', x: Value, y: Value): Value {
  const count = 16 / bytes;
  const first = half === 'low' ? 0 : count / 2;
  const elements = Array.from({ length: count }, (_, i) => first + (i >> 1) + (i & 1 ? count : 0));
  return b.shuffle(x, y, order(bytes, ...elements));
}

/** Selector of PSHUFD and SHUFPS: byte numbers of the doublewords that four 2-bit fields of `imm` name. */
export function doublewordSelector(b: X64Builder, imm: Value): Value {
  // Lane i holds its field in bits 7:6, then four times its field.
  const spread = b.op('i32x4.mul', b.op('i32x4.splat', imm), lanes32(b, 64, 16, 4, 1));
  const field = b.op('v128.and', b.op('i32x4.shr_u', spread, 4), lanes32(b, 0x0c));
  return b.op('i32x4.add', b.op('i32x4.mul', field, lanes32(b, 0x01010101)), lanes32(b, 0x03020100));
}
/** Selector of PSHUFLW (PSHUFHW): words of one half chosen, the other half in place. */
export function wordSelector(b: X64Builder, half: 'low' | 'high', imm: Value): Value {
  const spread = b.op('i16x8.mul', b.op('i16x8.splat', imm), lanes16(b, 64, 16, 4, 1, 64, 16, 4, 1));
  const chosen = half === 'low' ? [6, 6, 6, 6, 0, 0, 0, 0] : [0, 0, 0, 0, 6, 6, 6, 6];
  const start = half === 'low' ? [0, 0, 0, 0, 8, 10, 12, 14] : [0, 2, 4, 6, 8, 8, 8, 8];
  const field = b.op('v128.and', b.op('i16x8.shr_u', spread, 5), lanes16(b, ...chosen));
  return b.op(
    'i16x8.add',
    b.op('i16x8.mul', field, lanes16(b, 0x0101)),
    lanes16(b, ...start.map((byte) => byte * 0x0101 + 0x0100)),
  );
}
export function shufps(b: X64Builder, x: Value, y: Value, imm: Value): Value {
  const selector = doublewordSelector(b, imm);
  return b.shuffle(b.op('i8x16.swizzle', x, selector), b.op('i8x16.swizzle', y, selector), order(8, 0, 3));
}
export function shufpd(b: X64Builder, x: Value, y: Value, imm: Value): Value {
  const pick = (v: Value, bit: Value): Value =>
    b.select(b.and(bit, 1), b.lane('i64x2.extract_lane', 1, v), b.lane('i64x2.extract_lane', 0, v));
  return fromHalves(b, pick(x, imm), pick(y, b.shrU(imm, 1)));
}

/** The word (i32) with number `lane` modulo `count`. */
export const extractWord = (b: X64Builder, x: Value, lane: Value, count = 8): Value =>
  b.lane('i16x8.extract_lane_u', 0, bytesDown(b, x, b.shl(b.and(lane, count - 1), 1)));
/** x with that word replaced. */
export function insertWord(b: X64Builder, x: Value, value: Value, lane: Value, count = 8): Value {
  const isLane = b.op('i16x8.eq', lanes16(b, 0, 1, 2, 3, 4, 5, 6, 7), b.op('i16x8.splat', b.and(lane, count - 1)));
  return b.op('v128.bitselect', b.op('i16x8.splat', value), x, isLane);
}

/** Name: opcode after 0F, element bytes, half. With prefix 66 on XMM, without on MMX registers (not the quadword ones). */
export const unpacks: Readonly<Record<string, readonly [opcode: string, bytes: number, half: 'low' | 'high']>> = {
  punpcklbw: ['60', 1, 'low'],
  punpcklwd: ['61', 2, 'low'],
  punpckldq: ['62', 4, 'low'],
  punpckhbw: ['68', 1, 'high'],
  punpckhwd: ['69', 2, 'high'],
  punpckhdq: ['6A', 4, 'high'],
  punpcklqdq: ['6C', 8, 'low'],
  punpckhqdq: ['6D', 8, 'high'],
};

export const sseShuffle: readonly Row[] = [
  ...Object.entries(unpacks).map(([name, [opcode, bytes, half]]) =>
    binaryRow(name, `66 0F ${opcode}`, (b, x, y) => unpack(b, bytes, half, x, y)),
  ),
  binaryRow('unpcklps', 'NP 0F 14', (b, x, y) => unpack(b, 4, 'low', x, y)),
  binaryRow('unpckhps', 'NP 0F 15', (b, x, y) => unpack(b, 4, 'high', x, y)),
  binaryRow('unpcklpd', '66 0F 14', (b, x, y) => unpack(b, 8, 'low', x, y)),
  binaryRow('unpckhpd', '66 0F 15', (b, x, y) => unpack(b, 8, 'high', x, y)),

  insn('pshufd', { '66 0F 70': 'Vdq Wdq Ib' }, (b, dst, src, imm) =>
    dst.set(b.op('i8x16.swizzle', aligned(b, src), doublewordSelector(b, imm.get()))),
  ),
  insn('pshuflw', { 'F2 0F 70': 'Vdq Wdq Ib' }, (b, dst, src, imm) =>
    dst.set(b.op('i8x16.swizzle', aligned(b, src), wordSelector(b, 'low', imm.get()))),
  ),
  insn('pshufhw', { 'F3 0F 70': 'Vdq Wdq Ib' }, (b, dst, src, imm) =>
    dst.set(b.op('i8x16.swizzle', aligned(b, src), wordSelector(b, 'high', imm.get()))),
  ),
  insn('shufps', { 'NP 0F C6': 'Vps Wps Ib' }, (b, dst, src, imm) => dst.set(shufps(b, dst.get(), aligned(b, src), imm.get()))),
  insn('shufpd', { '66 0F C6': 'Vpd Wpd Ib' }, (b, dst, src, imm) => dst.set(shufpd(b, dst.get(), aligned(b, src), imm.get()))),

  insn('pextrw', { '66 0F C5': 'Gd Udq Ib' }, (b, dst, src, imm) => dst.set(extractWord(b, src.get(), imm.get()))),
  ...['Rd', 'Mw'].map((source) =>
    insn('pinsrw', { '66 0F C4': `Vdq ${source} Ib` }, (b, dst, src, imm) =>
      dst.set(insertWord(b, dst.get(), src.get(), imm.get())),
    ),
  ),
];
