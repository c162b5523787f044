// Shifts and rotates. A count of 0 leaves every flag alone, so flags stand in an `if` unless the count is the constant 1.

import type { Value } from '../../../ir/value.ts';
import { AF, CF, OF, type X64Builder } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { fit, intOf, setFlags, signBit } from './integer.ts';

/** The result, the bit shifted out last and (for a count of 1, SDM) the overflow flag; the last two each 0 or 1 as i32. */
interface Shifted {
  readonly result: Value;
  readonly carry: () => Value;
  readonly overflow: (carry: Value) => Value;
}
type Shift = (b: X64Builder, x: Value, count: Value, bits: number) => Shifted;

const lowBit = (b: X64Builder, value: Value): Value => b.and(b.wrap(value), 1);

/** The count of the operand as the CPU masks it: 6 bits for 64-bit operands, 5 otherwise; of the operand's type. */
const masked = (b: X64Builder, dst: Operand, count: Operand): Value => fit(b, dst, b.and(b.wrap(count.get()), dst.bits === 64 ? 63 : 31));

const shl: Shift = (b, x, count, bits) => {
  const result = b.shl(x, count);
  // A narrow operand's last bit out stands above it; of a wide one it is fetched from the source.
  const carry = () => (bits < 32 ? lowBit(b, b.shrU(result, bits)) : lowBit(b, b.shrU(x, b.sub(0, count))));
  return { result, carry, overflow: (out) => b.xor(signBit(b, result, bits), out) };
};
const shr: Shift = (b, x, count, bits) => ({
  result: b.shrU(x, count),
  carry: () => lowBit(b, b.shrU(x, b.sub(count, 1))),
  overflow: () => signBit(b, x, bits),
});
const sar: Shift = (b, x, count, bits) => {
  const signed = b.sextBits(x, bits);
  return { result: b.shrS(signed, count), carry: () => lowBit(b, b.shrS(signed, b.sub(count, 1))), overflow: () => b.i32(0) };
};

/** One family member: `by 1`, `by CL` and `by imm8` in byte and full size. */
const encodings = (digit: number): Record<string, string> => ({
  [`C0/${digit}`]: 'Eb Ib',
  [`C1/${digit}`]: 'Ev Ib',
  [`D2/${digit}`]: 'Eb CL',
  [`D3/${digit}`]: 'Ev CL',
});
const encodingsBy1 = (digit: number): Record<string, string> => ({ [`D0/${digit}`]: 'Eb I1', [`D1/${digit}`]: 'Ev I1' });

function shiftRows(name: string, digits: readonly number[], shift: Shift): Row[] {
  const flags = (b: X64Builder, shifted: Shifted, bits: number): void => {
    const carry = shifted.carry();
    b.flagsResult(shifted.result, b.or(carry, b.shl(shifted.overflow(carry), 11)), bits);
  };
  return digits.flatMap((digit) => [
    insn(name, encodingsBy1(digit), (b, dst) => {
      const x = dst.get(), shifted = shift(b, x, b.const(intOf(dst.bits), 1), dst.bits);
      dst.set(shifted.result);
      flags(b, shifted, dst.bits);
      b.undefinedFlags |= AF;
    }),
    insn(name, encodings(digit), (b, dst, by) => {
      const x = dst.get(), count = masked(b, dst, by), shifted = shift(b, x, count, dst.bits);
      dst.set(shifted.result);
      b.if(b.ne(count, 0), () => flags(b, shifted, dst.bits));
      // OF is defined for a count of 1 only, CF only up to the operand's width.
      b.undefinedFlags |= AF | OF | (dst.bits < 32 ? CF : 0);
    }),
  ]);
}

type Rotate = (b: X64Builder, x: Value, count: Value, bits: number) => { readonly result: Value; readonly carry: Value; readonly overflow: Value };

const rol: Rotate = (b, x, count, bits) => {
  const within = bits < 32 ? b.and(count, bits - 1) : count;
  const result = bits < 32 ? b.or(b.shl(x, within), b.shrU(x, b.sub(bits, within))) : b.rotl(x, count);
  const carry = lowBit(b, result);
  return { result, carry, overflow: b.xor(signBit(b, result, bits), carry) };
};
const ror: Rotate = (b, x, count, bits) => {
  const within = bits < 32 ? b.and(count, bits - 1) : count;
  const result = bits < 32 ? b.or(b.shrU(x, within), b.shl(x, b.sub(bits, within))) : b.rotr(x, count);
  const carry = signBit(b, result, bits);
  return { result, carry, overflow: b.xor(carry, lowBit(b, b.shrU(result, bits - 2))) };
};

/** Rotates of the operand with CF above it, `bits + 1` wide: to the left by `count`, 0 .. bits. */
function rotateThroughCarry(b: X64Builder, x: Value, count: Value, bits: number): { result: Value; carry: Value } {
  if (bits === 64) {
    // x << n | CF << (n - 1) | x >> (65 - n), each shift taken in two steps where the count may reach 64.
    const isNone = b.eqz(count), less = b.sub(count, 1);
    const rotated = b.or(b.or(b.shl(x, count), b.shl(b.zext(b.carry()), less)), b.shrU(b.shrU(x, 1), b.sub(0, count)));
    return { result: b.select(isNone, x, rotated), carry: lowBit(b, b.shrU(x, b.sub(0, count))) };
  }
  const wide = b.or(b.zext(x), b.shl(b.zext(b.carry()), bits)), n = b.zext(count);
  const rotated = b.or(b.shl(wide, n), b.shrU(wide, b.sub(bits + 1, n)));
  return { result: b.wrap(rotated), carry: lowBit(b, b.shrU(rotated, bits)) };
}
const rcl: Rotate = (b, x, count, bits) => {
  const n = bits < 32 ? b.remU(count, bits + 1) : count;
  const { result, carry } = rotateThroughCarry(b, x, n, bits);
  return { result, carry, overflow: b.xor(signBit(b, result, bits), carry) };
};
const rcr: Rotate = (b, x, count, bits) => {
  // Right by n is left by width + 1 - n.
  if (bits === 64) {
    const isNone = b.eqz(count);
    const rotated = b.or(b.or(b.shrU(x, count), b.shl(b.zext(b.carry()), b.sub(0, count))), b.shl(b.shl(x, 1), b.sub(0, count)));
    const result = b.select(isNone, x, rotated);
    return { result, carry: lowBit(b, b.shrU(x, b.sub(count, 1))), overflow: b.xor(signBit(b, result, 64), lowBit(b, b.shrU(result, 62))) };
  }
  const n = bits < 32 ? b.remU(count, bits + 1) : count;
  const left = b.select(b.eqz(n), 0, b.sub(bits + 1, n));
  const { result, carry } = rotateThroughCarry(b, x, left, bits);
  return { result, carry, overflow: b.xor(signBit(b, result, bits), lowBit(b, b.shrU(result, bits - 2))) };
};

function rotateRows(name: string, digit: number, rotate: Rotate): Row[] {
  const flags = (b: X64Builder, carry: Value, overflow: Value): void => setFlags(b, CF | OF, b.or(carry, b.shl(overflow, 11)));
  return [
    insn(name, encodingsBy1(digit), (b, dst) => {
      const rotated = rotate(b, dst.get(), b.const(intOf(dst.bits), 1), dst.bits);
      dst.set(rotated.result);
      flags(b, rotated.carry, rotated.overflow);
    }),
    insn(name, encodings(digit), (b, dst, by) => {
      const x = dst.get(), count = masked(b, dst, by), rotated = rotate(b, x, count, dst.bits);
      dst.set(rotated.result);
      b.if(b.ne(count, 0), () => flags(b, rotated.carry, rotated.overflow));
      b.undefinedFlags |= OF;
    }),
  ];
}

/** shld and shrd: the bits that come in are those of `filler`. */
const doubleShift = (isLeft: boolean) => (b: X64Builder, dst: Operand, filler: Operand, by: Operand): void => {
  const { bits } = dst;
  const x = dst.get(), y = filler.get(), count = masked(b, dst, by);
  let result: Value, carry: Value;
  if (bits === 16) {
    // Counts above 16 are undefined; here the destination follows the filler, as on real CPUs.
    const n = b.zext(count), x64 = b.zext(x), y64 = b.zext(y);
    const ring = b.or(b.or(b.shl(x64, 32), b.shl(y64, 16)), x64);
    const shifted = isLeft ? b.shrU(b.shl(ring, n), 32) : b.shrU(ring, n);
    result = b.wrap(shifted);
    carry = isLeft ? lowBit(b, b.shrU(shifted, 16)) : lowBit(b, b.shrU(ring, b.sub(n, 1)));
  } else {
    const rest = b.xor(count, bits - 1);
    result = isLeft
      ? b.or(b.shl(x, count), b.shrU(b.shrU(y, 1), rest))
      : b.or(b.shrU(x, count), b.shl(b.shl(y, 1), rest));
    carry = isLeft ? lowBit(b, b.shrU(x, b.sub(0, count))) : lowBit(b, b.shrU(x, b.sub(count, 1)));
  }
  dst.set(result);
  b.if(b.ne(count, 0), () => {
    const overflow = signBit(b, b.xor(result, x), bits);
    b.flagsResult(result, b.or(carry, b.shl(overflow, 11)), bits);
  });
  b.undefinedFlags |= AF | OF | (bits === 16 ? 0x8d5 : 0);
};

export const shift: readonly Row[] = [
  ...rotateRows('rol', 0, rol),
  ...rotateRows('ror', 1, ror),
  ...rotateRows('rcl', 2, rcl),
  ...rotateRows('rcr', 3, rcr),
  // Extension 6 is an alias of 4 that no manual names and every CPU has.
  ...shiftRows('shl', [4, 6], shl),
  ...shiftRows('shr', [5], shr),
  ...shiftRows('sar', [7], sar),
  insn('shld', { '0F A4': 'Ev Gv Ib', '0F A5': 'Ev Gv CL' }, doubleShift(true)),
  insn('shrd', { '0F AC': 'Ev Gv Ib', '0F AD': 'Ev Gv CL' }, doubleShift(false)),
];
