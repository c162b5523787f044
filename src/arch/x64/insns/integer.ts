// Pieces that the integer rows share: opcode text, types, sign bits, single flags, the stack.

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import type { Operand } from '../operands.ts';

export type Int = 'i32' | 'i64';

/** Value type of an integer of this width. */
export const intOf = (bits: number): Int => (bits === 64 ? 'i64' : 'i32');

/** An opcode byte as encoding keys write it. */
export const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** A value brought to the operand's type, zero-extended or cut. */
export const fit = (b: X64Builder, operand: Operand, value: Value): Value => b.as(intOf(operand.bits), value);

/** The top bit of a value of `bits` width: i32 0 or 1, whatever stands above it. */
export function signBit(b: X64Builder, value: Value, bits: number): Value {
  const bit = b.wrap(b.shrU(value, bits - 1));
  return bits < 32 ? b.and(bit, 1) : bit;
}

/** Stores `value` below the stack pointer and moves it there: 8 bytes of an i64, 2 of an i32. */
export function push(b: X64Builder, value: Value): void {
  const isWide = value.type === 'i64';
  const top = b.sub(b.gpr('rsp'), isWide ? 8 : 2);
  b.guestStore(isWide ? 'i64.store' : 'i32.store16', top, value);
  b.setGpr('rsp', top);
}
