// Shifts and rotates. A count of 0 leaves every flag alone, so that flags stand in an `if`.

import type { Value } from '../../../ir/value.ts';
import { AF, CF, OF, type X64Builder } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { fit, signBit } from './integer.ts';

/** The result, the bit shifted out last and (for a count of 1, SDM) the overflow flag; the last two each 0 or 1 as i32. */
interface Shifted {
  readonly result: Value;
  readonly carry: () => Value;
  readonly overflow: (carry: Value) => Value;
}
type Shift = (b: X64Builder, x: Value, count: Value, bits: number) => Shifted;

const lowBit = (b: X64Builder, value: Value): Value => b.and(b.wrap(value), 1);

/** The count of the operand as the CPU masks it: 6 bits for 64-bit operands, 5 otherwise; of the operand's type. */
const masked = (b: X64Builder, dst: Operand, count: Operand): Value =>
  fit(b, dst, b.and(b.wrap(count.get()), dst.bits === 64 ? 63 : 31));

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

/** The encodings of one member of the family: by 1, by CL, by an immediate, in byte and full size. */
const encodings = (digit: number): Record<string, string> => ({
  [`C0/${digit}`]: 'Eb Ib',
  [`C1/${digit}`]: 'Ev Ib',
  [`D0/${digit}`]: 'Eb I1',
  [`D1/${digit}`]: 'Ev I1',
  [`D2/${digit}`]: 'Eb CL',
  [`D3/${digit}`]: 'Ev CL',
});

const shiftRow = (name: string, digits: readonly number[], shift: Shift): Row =>
  insn(name, Object.assign({}, ...digits.map(encodings)), (b, dst, by) => {
    const { bits } = dst;
    const x = dst.get(),
      count = masked(b, dst, by),
      shifted = shift(b, x, count, bits);
    dst.set(shifted.result);
    b.if(b.ne(count, 0), () => {
      const carry = shifted.carry();
      b.flagsResult(shifted.result, b.or(carry, b.shl(shifted.overflow(carry), 11)), bits);
    });
    // OF is defined for a count of 1 only, CF only up to the operand's width.
    b.undefinedFlags |= AF | OF | (bits < 32 ? CF : 0);
  });

/** As Shifted; carry and overflow are taken where the count is known not to be 0. */
interface Rotated {
  readonly result: Value;
  readonly carry: () => Value;
  readonly overflow: () => Value;
}
type Rotate = (b: X64Builder, x: Value, count: Value, bits: number) => Rotated;

const topTwoDiffer = (b: X64Builder, result: Value, bits: number): Value =>
  b.xor(signBit(b, result, bits), lowBit(b, b.shrU(result, bits - 2)));

const rol: Rotate = (b, x, count, bits) => {
  const within = bits < 32 ? b.and(count, bits - 1) : count;
  const result = bits < 32 ? b.or(b.shl(x, within), b.shrU(x, b.sub(bits, within))) : b.rotl(x, count);
  return { result, carry: () => lowBit(b, result), overflow: () => b.xor(signBit(b, result, bits), lowBit(b, result)) };
};
const ror: Rotate = (b, x, count, bits) => {
  const within = bits < 32 ? b.and(count, bits - 1) : count;
  const result = bits < 32 ? b.or(b.shrU(x, within), b.shl(x, b.sub(bits, within))) : b.rotr(x, count);
  return { result, carry: () => signBit(b, result, bits), overflow: () => topTwoDiffer(b, result, bits) };
};

/** The operand with CF above it, less than 64 bits together, turned left by `count`: 0 .. bits. */
function rotateWithCarry(
  b: X64Builder,
  x: Value,
  count: Value,
  bits: number,
): { readonly result: Value; readonly carry: () => Value } {
  const wide = b.or(b.zext(x), b.shl(b.zext(b.carry()), bits)),
    n = b.zext(count);
  const rotated = b.or(b.shl(wide, n), b.shrU(wide, b.sub(bits + 1, n)));
  return { result: b.wrap(rotated), carry: () => lowBit(b, b.shrU(rotated, bits)) };
}
const rcl: Rotate = (b, x, count, bits) => {
  let result: Value, carry: () => Value;
  if (bits < 64) ({ result, carry } = rotateWithCarry(b, x, bits < 32 ? b.remU(count, bits + 1) : count, bits));
  else {
    // x << n | CF << (n - 1) | x >> (65 - n), the last in two steps because n may be 1.
    const incoming = b.shl(b.zext(b.carry()), b.sub(count, 1));
    const rotated = b.or(b.or(b.shl(x, count), incoming), b.shrU(b.shrU(x, 1), b.sub(0, count)));
    result = b.select(b.eqz(count), x, rotated);
    carry = () => lowBit(b, b.shrU(x, b.sub(0, count)));
  }
  return { result, carry, overflow: () => b.xor(signBit(b, result, bits), carry()) };
};
const rcr: Rotate = (b, x, count, bits) => {
  let result: Value, carry: () => Value;
  if (bits < 64) {
    // Right by n is left by width + 1 - n.
    const n = bits < 32 ? b.remU(count, bits + 1) : count;
    ({ result, carry } = rotateWithCarry(b, x, b.select(b.eqz(n), 0, b.sub(bits + 1, n)), bits));
  } else {
    const incoming = b.shl(b.zext(b.carry()), b.sub(0, count));
    const rotated = b.or(b.or(b.shrU(x, count), incoming), b.shl(b.shl(x, 1), b.sub(0, count)));
    result = b.select(b.eqz(count), x, rotated);
    carry = () => lowBit(b, b.shrU(x, b.sub(count, 1)));
  }
  return { result, carry, overflow: () => topTwoDiffer(b, result, bits) };
};

const rotateRow = (name: string, digit: number, rotate: Rotate): Row =>
  insn(name, encodings(digit), (b, dst, by) => {
    const count = masked(b, dst, by),
      rotated = rotate(b, dst.get(), count, dst.bits);
    dst.set(rotated.result);
    b.if(b.ne(count, 0), () => b.flagsPart(CF | OF, b.or(rotated.carry(), b.shl(rotated.overflow(), 11))));
    b.undefinedFlags |= OF;
  });

/** shld and shrd: the bits that come in are those of `filler`. */
const doubleShift =
  (isLeft: boolean) =>
  (b: X64Builder, dst: Operand, filler: Operand, by: Operand): void => {
    const { bits } = dst;
    const x = dst.get(),
      y = filler.get(),
      count = masked(b, dst, by);
    let result: Value, carry: Value;
    if (bits === 16) {
      // Counts above 16 are undefined; here the filler comes in twice, as on real CPUs.
      const n = b.zext(count),
        x64 = b.zext(x),
        y64 = b.zext(y);
      const [top, bottom] = isLeft ? [x64, y64] : [y64, x64];
      const ring = b.or(b.or(b.shl(top, 32), b.shl(y64, 16)), bottom);
      const shifted = isLeft ? b.shrU(b.shl(ring, n), 32) : b.shrU(ring, n);
      result = b.wrap(shifted);
      carry = isLeft ? lowBit(b, b.shrU(shifted, 16)) : lowBit(b, b.shrU(ring, b.sub(n, 1)));
    } else {
      const rest = b.xor(count, bits - 1);
      result = isLeft ? b.or(b.shl(x, count), b.shrU(b.shrU(y, 1), rest)) : b.or(b.shrU(x, count), b.shl(b.shl(y, 1), rest));
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
  rotateRow('rol', 0, rol),
  rotateRow('ror', 1, ror),
  rotateRow('rcl', 2, rcl),
  rotateRow('rcr', 3, rcr),
  // Extension 6 is an alias of 4 that every CPU has.
  shiftRow('shl', [4, 6], shl),
  shiftRow('shr', [5], shr),
  shiftRow('sar', [7], sar),
  insn('shld', { '0F A4': 'Ev Gv Ib', '0F A5': 'Ev Gv CL' }, doubleShift(true)),
  insn('shrd', { '0F AC': 'Ev Gv Ib', '0F AD': 'Ev Gv CL' }, doubleShift(false)),
];
