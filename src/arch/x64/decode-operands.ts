// The decoder's second half: ModRM, SIB, displacement, immediate, and the slots of register operands.

import type { Builder } from '../../ir/builder.ts';
import type { Value } from '../../ir/value.ts';
import { Flag, FieldWord, Immediate, NUMBER_SHIFT, Pf } from './decode-layout.ts';
import { type Decoding, include, take } from './decode-state.ts';
import { GPR, YMM, ZERO } from './regs.ts';

/** Register numbers and, after ModRM, the memory operand. */
export function takeOperands(b: Builder, flags: Value, d: Decoding): void {
  const { rex, vex, opcode, numbers, byte } = d;
  const extended = (low: Value): Value => b.or(b.and(low, 7), b.shl(b.and(rex.get(), 1), 3));
  numbers.set(b.shl(extended(opcode.get()), NUMBER_SHIFT.opcode));
  b.if(vex.get(), () => include(b, numbers, b.shl(b.and(b.shrU(vex.get(), 3), 15), NUMBER_SHIFT.vvvv)));
  b.if(b.and(flags, Flag.modrm), () => {
    take(b, d);
    const modrm = byte.get();
    include(b, numbers, b.or(b.and(b.shrU(modrm, 3), 7), b.shl(b.and(rex.get(), 4), 1)));
    b.if(
      b.geU(modrm, 0xc0),
      () => include(b, numbers, b.shl(extended(modrm), NUMBER_SHIFT.rm)),
      () => memoryOperand(b, modrm, d),
    );
  });
}

/** Operand size by REX.W, 66 and what the leaf says of them. */
export function chooseSize(b: Builder, flags: Value, { rex, prefixes, size }: Decoding): void {
  b.if(b.eqz(b.and(rex.get(), 8)), () => {
    const shift = b.select(b.and(prefixes.get(), Pf.opsize), Flag.size66Shift, Flag.sizeShift);
    size.set(b.and(b.shrU(flags, shift), 3));
  });
}

/** ModRM with mod < 3, SIB and displacement (SDM volume 2, 2.1.5, tables 2-2 and 2-3). */
function memoryOperand(b: Builder, modrm: Value, { rex, next, ...operand }: Decoding): void {
  const mod = b.shrU(modrm, 6);
  const isWide = b.variable('i32', b.eq(mod, 2));
  const low = b.variable('i32', b.and(modrm, 7));
  const gprSlot = (number: Value): Value => b.add(b.shl(number, 3), GPR);
  operand.variant.set(1);
  const hasSib = b.eq(low.get(), 4);
  b.if(hasSib, () => {
    const sib = b.load('i32.load8_u', next.get());
    next.set(b.add(next.get(), 1));
    const index = b.or(b.and(b.shrU(sib, 3), 7), b.shl(b.and(rex.get(), 2), 2));
    operand.scale.set(b.shrU(sib, 6));
    b.if(b.ne(index, 4), () => {
      operand.index.set(gprSlot(index));
      operand.variant.set(2);
    });
    low.set(b.and(sib, 7));
  });
  operand.base.set(gprSlot(b.or(low.get(), b.shl(b.and(rex.get(), 1), 3))));
  b.if(b.and(b.eqz(mod), b.eq(low.get(), 5)), () => {
    operand.base.set(ZERO);
    operand.isRipRelative.set(b.eqz(hasSib));
    isWide.set(1);
  });
  b.if(
    isWide.get(),
    () => {
      operand.disp.set(b.load('i32.load', next.get()));
      next.set(b.add(next.get(), 4));
    },
    () =>
      b.if(mod, () => {
        operand.disp.set(b.load('i32.load8_s', next.get()));
        next.set(b.add(next.get(), 1));
      }),
  );
}

/**
 * VSIB (SDM volume 2, 2.3.12): takes the vector index and its scale out of the memory operand, which then is base + disp.
 * A ModRM without SIB is #UD.
 */
export function takeVectorIndex(b: Builder, { byte, variant, index, scale, isIllegal }: Decoding): { slot: Value; scale: Value } {
  const isMissing = b.or(b.eqz(variant.get()), b.ne(b.and(byte.get(), 7), 4));
  isIllegal.set(b.or(isIllegal.get(), isMissing));
  const number = b.select(index.get(), b.shrU(b.sub(index.get(), GPR), 3), 4);
  const slot = b.variable('i32', b.add(b.shl(number, 5), YMM)),
    shift = b.variable('i32', scale.get());
  variant.set(1);
  index.set(ZERO);
  scale.set(0);
  return { slot: slot.get(), scale: shift.get() };
}

/** The immediate, offset or branch displacement, for the operand size already known. */
export function takeImmediate(b: Builder, flags: Value, { next, imm, numbers, ...d }: Decoding): void {
  const size = d.size.get();
  const take = (value: Value, bytes: number): void => {
    imm.set(value);
    next.set(b.add(next.get(), bytes));
  };
  const at = next.get();
  const word = (): void => take(b.load('i64.load16_u', at), 2);
  const cases: (() => void)[] = [];
  cases[Immediate.none] = () => {};
  cases[Immediate.b] = () => take(b.load('i64.load8_u', at), 1);
  cases[Immediate.bs] = () => {
    const value = b.load('i64.load8_s', at);
    take(b.select(size, value, b.zextBits(value, 16)), 1);
  };
  cases[Immediate.w] = word;
  cases[Immediate.z] = () => b.if(size, () => take(b.load('i64.load32_s', at), 4), word);
  cases[Immediate.v] = () =>
    b.if(
      b.eq(size, 2),
      () => take(b.load('i64.load', at), 8),
      () => b.if(size, () => take(b.load('i64.load32_s', at), 4), word),
    );
  cases[Immediate.one] = () => imm.set(1n);
  cases[Immediate.jb] = () => take(b.load('i64.load8_s', at), 1);
  cases[Immediate.jz] = () => take(b.load('i64.load32_s', at), 4);
  cases[Immediate.o] = () =>
    b.if(
      b.and(d.prefixes.get(), Pf.addrsize),
      () => take(b.load('i64.load32_u', at), 4),
      () => take(b.load('i64.load', at), 8),
    );
  cases[Immediate.wb] = () => take(b.or(b.load('i64.load16_u', at), b.shl(b.load('i64.load8_u', at, 2), 16)), 3);
  cases[Immediate.register] = () => {
    take(b.load('i64.load8_u', at), 1);
    include(b, numbers, b.shl(b.shrU(b.wrap(imm.get()), 4), NUMBER_SHIFT.immediate));
  };
  const kind = b.and(b.shrU(flags, Flag.immediateShift), 15);
  b.if(kind, () => b.switch(kind, cases));
}

/** Slot of a register operand (FieldWord). */
export function fieldSlot(b: Builder, word: Value, { numbers, rex }: Decoding): Value {
  const number = b.and(b.shrU(numbers.get(), b.and(word, 31)), b.and(b.shrU(word, FieldWord.mask), 15));
  const slot = b.add(b.shrU(word, FieldWord.base), b.shl(number, b.and(b.shrU(word, FieldWord.stride), 7)));
  const isHigh = b.and(b.and(b.shrU(word, 12), b.eqz(rex.get())), b.eq(b.and(number, 12), 4));
  return b.sub(slot, b.mul(isHigh, 4 * 8 - 1));
}
