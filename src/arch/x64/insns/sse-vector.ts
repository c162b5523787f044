// What the rows of vector instructions share: aligned memory operands, byte-wise shifts, row makers.

import type { OpName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import { Vector, type X64Builder } from '../builder.ts';
import { insn, type Row, type RowOptions } from '../insn.ts';
import type { Operand } from '../operands.ts';

/** A meaning that makes one 128-bit value of two: destination, then source. */
export type Binary = (b: X64Builder, x: Value, y: Value) => Value;
export type Unary = (b: X64Builder, x: Value) => Value;

/** #GP unless a 16-byte memory operand is aligned (Intel SDM volume 1, 4.1.1 and volume 2, 2.4, exception type 4 without VEX). */
export function requireAlignment(b: X64Builder, operand: Operand): void {
  if (!operand.isMemory) return;
  b.if(b.and(b.wrap(operand.address()), 15), () => b.raise(Vector.GP));
}
/** The 128 bits of a source that must be aligned when it is memory. */
export function aligned(b: X64Builder, source: Operand): Value {
  requireAlignment(b, source);
  return source.get();
}

/** A row whose 128-bit destination becomes `meaning` of it and an aligned source. */
export function binaryRow(name: string, encoding: string, meaning: Binary, options?: RowOptions): Row {
  return insn(name, { [encoding]: 'Vdq Wdq' }, (b, dst, src) => dst.set(meaning(b, dst.get(), aligned(b, src))), options);
}
/** A row whose 128-bit destination becomes `meaning` of an aligned source. */
export function unaryRow(name: string, encoding: string, meaning: Unary, options?: RowOptions): Row {
  return insn(name, { [encoding]: 'Vdq Wdq' }, (b, dst, src) => dst.set(meaning(b, aligned(b, src))), options);
}
/** The Wasm operation of two vectors as a meaning. */
export const lanewise =
  (op: OpName): Binary =>
  (b, x, y) =>
    b.op(op, x, y);

/** A vector constant of equal or given 32-bit lanes. */
export function lanes32(b: X64Builder, ...values: number[]): Value {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 4; i++) view.setUint32(4 * i, (values[i % values.length] as number) >>> 0, true);
  return b.v128([...bytes]);
}
export function lanes16(b: X64Builder, ...values: number[]): Value {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < 8; i++) view.setUint16(2 * i, (values[i % values.length] as number) & 0xffff, true);
  return b.v128([...bytes]);
}
export const zero = (b: X64Builder): Value => b.v128of64(0n, 0n);

const IOTA = Array.from({ length: 16 }, (_, i) => i);
export const iota = (b: X64Builder): Value => b.v128(IOTA);
/** Bytes of x moved down (towards byte 0) by `count`, zeroes shifted in; i32 `count` within -112 .. 240, negative moves up. */
export function bytesDown(b: X64Builder, x: Value, count: Value): Value {
  return b.op('i8x16.swizzle', x, b.op('i8x16.add', iota(b), b.op('i8x16.splat', count)));
}
/** An unsigned i32 limited to `limit`. */
export const atMost = (b: X64Builder, value: Value, limit: number): Value => b.select(b.gtU(value, limit), limit, value);

/** A vector of two i64 halves. */
export const fromHalves = (b: X64Builder, low: Value, high: Value): Value =>
  b.lane('i64x2.replace_lane', 1, b.op('i64x2.splat', low), high);
/** A 64-bit value as the low half of a vector; the high half is whatever is cheap. */
export const fromLow = (b: X64Builder, low: Value): Value => b.op('i64x2.splat', low);

/** Lane order for b.shuffle, from element numbers of `bytes` each: x has the first 16 / bytes, y those after. */
export const order = (bytes: number, ...elements: number[]): number[] =>
  elements.flatMap((element) => Array.from({ length: bytes }, (_, i) => element * bytes + i));
