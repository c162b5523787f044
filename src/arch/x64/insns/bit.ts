// Single bits and counts of bits, and the general-register part of BMI.

import { type FunctionDefinition, defineFunction } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import { AF, CF, OF, PF, SF, type X64Builder } from '../builder.ts';
import { type Row, type RowOptions, insn } from '../insn.ts';
import { ACCESS, type Operand } from '../operands.ts';
import { fit } from './integer.ts';

type Change = 'none' | 'set' | 'reset' | 'complement';

/**
 * bt, bts, btr, btc. A register as bit number reaches the whole of memory around the operand (SDM volume 2, BT);
 * an immediate and a register operand take the number modulo the width.
 */
const bitTest =
  (change: Change, addressSize: 32 | 64 = 64) =>
  (b: X64Builder, dst: Operand, number: Operand): void => {
    const { bits } = dst;
    const { load, store } = ACCESS[dst.spec.access];
    const raw = number.get(),
      within = b.and(fit(b, dst, raw), bits - 1);
    let address: Value | undefined;
    if (dst.isMemory && number.isRegister) {
      const index = b.sext(b.sextBits(raw, bits));
      address = b.add(dst.address(), b.shl(b.shrS(index, Math.log2(bits)), Math.log2(bits / 8)));
      if (addressSize === 32) address = b.zextBits(address, 32);
    }
    // Memory that changes is checked once, as a write.
    if (address && change !== 'none') b.guestProbe(address, bits / 8, true);
    const x = !address ? dst.get() : change === 'none' ? b.guestLoad(load, address) : b.load(load, b.wrap(address), 0, 'guest');
    if (change !== 'none') {
      const bit = b.shl(b.const(x.type, 1), within);
      const result = change === 'set' ? b.or(x, bit) : change === 'reset' ? b.and(x, b.not(bit)) : b.xor(x, bit);
      if (address) b.store(store, b.wrap(address), result, 0, 'guest');
      else dst.set(result);
    }
    b.flagsPart(CF, b.and(b.wrap(b.shrU(x, within)), 1));
    b.undefinedFlags |= OF | SF | AF | PF;
  };

function bitTests(name: string, change: Change, opcode: string, digit: number): Row[] {
  const options: RowOptions = change === 'none' ? {} : { lockable: true };
  return [
    insn(name, { [`0F ${opcode}`]: 'Ev Gv', [`0F BA/${digit}`]: 'Ev Ib' }, bitTest(change), options),
    // The address wraps after the bit number is added. (With a segment base too it would wrap before: nothing does that.)
    insn(name, { [`0F ${opcode}`]: 'Ev Gv' }, bitTest(change, 32), { ...options, addressSize: 32 }),
  ];
}

/** bsf and bsr: a source of 0 leaves the destination alone, upper half included. */
const scan =
  (isForward: boolean) =>
  (b: X64Builder, dst: Operand, src: Operand): void => {
    const { bits } = dst;
    const x = src.get();
    b.if(b.ne(x, 0), () => dst.set(isForward ? b.ctz(x) : b.sub(bits === 64 ? 63 : 31, b.clz(x))));
    b.flagsLogic(x, bits);
    b.undefinedFlags |= CF | OF | SF | AF | PF;
  };

const countZeros =
  (isTrailing: boolean) =>
  (b: X64Builder, dst: Operand, src: Operand): void => {
    const { bits } = dst;
    const x = src.get();
    const count = isTrailing ? b.ctz(bits === 16 ? b.or(x, 0x10000) : x) : bits === 16 ? b.sub(b.clz(x), 16) : b.clz(x);
    dst.set(count);
    b.flagsResult(count, b.eqz(x), bits);
    b.undefinedFlags |= OF | SF | AF | PF;
  };

const bmi1 = { feature: 'bmi1' } as const,
  bmi2 = { feature: 'bmi2' } as const;

/** Flags of BMI1: ZF and SF of the result, CF given, OF 0. */
function flagsBmi(b: X64Builder, result: Value, carry: Value, bits: number): void {
  b.flagsResult(result, carry, bits);
  b.undefinedFlags |= AF | PF;
}

/** blsr, blsmsk, blsi: the destination stands in VEX.vvvv. */
const lowestBit =
  (compute: (b: X64Builder, x: Value) => Value, carry: (b: X64Builder, x: Value) => Value) =>
  (b: X64Builder, dst: Operand, src: Operand): void => {
    const x = src.get(),
      r = compute(b, x);
    dst.set(r);
    flagsBmi(b, r, carry(b, x), dst.bits);
  };

const shiftX =
  (compute: (b: X64Builder, x: Value, count: Value) => Value) =>
  (b: X64Builder, dst: Operand, src: Operand, count: Operand): void =>
    dst.set(compute(b, src.get(), count.get()));

/** The low `count` bits set (count below 256; all of them from the width on). */
function lowMask(b: X64Builder, dst: Operand, count: Value): Value {
  const isPartial = b.ltU(count, dst.bits);
  const ones = b.sub(b.shl(b.const(dst.type, 1), fit(b, dst, count)), 1);
  return b.select(isPartial, ones, -1);
}

/** pdep and pext run on 64 bits; the mask of a narrower operand has no bits above it. */
const scatter =
  (name: string) =>
  (b: X64Builder, dst: Operand, src: Operand, mask: Operand): void =>
    dst.set(fit(b, dst, b.pure(name, 'i64', b.zext(src.get()), b.zext(mask.get()))));

export const bit: readonly Row[] = [
  ...bitTests('bt', 'none', 'A3', 4),
  ...bitTests('bts', 'set', 'AB', 5),
  ...bitTests('btr', 'reset', 'B3', 6),
  ...bitTests('btc', 'complement', 'BB', 7),
  insn('bsf', { '0F BC': 'Gv Ev' }, scan(true)),
  insn('bsr', { '0F BD': 'Gv Ev' }, scan(false)),
  // Compilers emit tzcnt as a faster bsf without asking CPUID, so that it depends on no feature.
  insn('tzcnt', { 'F3 0F BC': 'Gv Ev' }, countZeros(true)),
  insn('lzcnt', { 'F3 0F BD': 'Gv Ev' }, countZeros(false), { feature: 'lzcnt' }),
  insn(
    'popcnt',
    { 'F3 0F B8': 'Gv Ev' },
    (b, dst, src) => {
      const x = src.get();
      dst.set(b.popcnt(x));
      b.flagsRaw(b.shl(b.eqz(x), 6));
    },
    { feature: 'popcnt' },
  ),

  insn(
    'andn',
    { 'NP VEX.128 0F 38 F2': 'Gy By Ey' },
    (b, dst, x, y) => {
      const r = b.and(b.not(x.get()), y.get());
      dst.set(r);
      flagsBmi(b, r, b.i32(0), dst.bits);
    },
    bmi1,
  ),
  insn(
    'bextr',
    { 'NP VEX.128 0F 38 F7': 'Gy Ey By' },
    (b, dst, src, control) => {
      const x = src.get(),
        word = b.wrap(control.get());
      const start = b.and(word, 0xff),
        length = b.and(b.shrU(word, 8), 0xff);
      const shifted = b.select(b.ltU(start, dst.bits), b.shrU(x, fit(b, dst, start)), b.const(dst.type, 0));
      const r = b.and(shifted, lowMask(b, dst, length));
      dst.set(r);
      b.flagsResult(r, b.i32(0), dst.bits);
      b.undefinedFlags |= AF | SF | PF;
    },
    bmi1,
  ),
  insn(
    'blsr',
    { 'NP VEX.128 0F 38 F3/1': 'By Ey' },
    lowestBit(
      (b, x) => b.and(x, b.sub(x, 1)),
      (b, x) => b.eqz(x),
    ),
    bmi1,
  ),
  insn(
    'blsmsk',
    { 'NP VEX.128 0F 38 F3/2': 'By Ey' },
    lowestBit(
      (b, x) => b.xor(x, b.sub(x, 1)),
      (b, x) => b.eqz(x),
    ),
    bmi1,
  ),
  insn(
    'blsi',
    { 'NP VEX.128 0F 38 F3/3': 'By Ey' },
    lowestBit(
      (b, x) => b.and(x, b.neg(x)),
      (b, x) => b.ne(x, 0),
    ),
    bmi1,
  ),
  insn(
    'bzhi',
    { 'NP VEX.128 0F 38 F5': 'Gy Ey By' },
    (b, dst, src, control) => {
      const x = src.get(),
        count = b.and(b.wrap(control.get()), 0xff);
      const r = b.and(x, lowMask(b, dst, count));
      dst.set(r);
      flagsBmi(b, r, b.geU(count, dst.bits), dst.bits);
    },
    bmi2,
  ),
  insn(
    'rorx',
    { 'F2 VEX.128 0F 3A F0': 'Gy Ey Ib' },
    (b, dst, src, count) => dst.set(b.rotr(src.get(), fit(b, dst, count.get()))),
    bmi2,
  ),
  insn(
    'sarx',
    { 'F3 VEX.128 0F 38 F7': 'Gy Ey By' },
    shiftX((b, x, count) => b.shrS(x, count)),
    bmi2,
  ),
  insn(
    'shlx',
    { '66 VEX.128 0F 38 F7': 'Gy Ey By' },
    shiftX((b, x, count) => b.shl(x, count)),
    bmi2,
  ),
  insn(
    'shrx',
    { 'F2 VEX.128 0F 38 F7': 'Gy Ey By' },
    shiftX((b, x, count) => b.shrU(x, count)),
    bmi2,
  ),
  // The high half last: it stays when both destinations are one register.
  insn(
    'mulx',
    { 'F2 VEX.128 0F 38 F6': 'Gy By Ey' },
    (b, high, low, src) => {
      const x = b.gpr('rdx', high.bits),
        y = src.get();
      if (high.bits === 64) {
        low.set(b.mul(x, y));
        high.set(b.pure('mul128.highU', 'i64', x, y));
      } else {
        const product = b.mul(b.zext(x), b.zext(y));
        low.set(b.wrap(product));
        high.set(b.wrap(b.shrU(product, 32)));
      }
    },
    bmi2,
  ),
  insn('pdep', { 'F2 VEX.128 0F 38 F5': 'Gy By Ey' }, scatter('bits.deposit'), bmi2),
  insn('pext', { 'F3 VEX.128 0F 38 F5': 'Gy By Ey' }, scatter('bits.extract'), bmi2),
];

export const functions: readonly FunctionDefinition[] = [
  // The bits of x, from the lowest, put where the mask has ones.
  defineFunction('bits.deposit', ['i64', 'i64'], ['i64'], (b, x, mask) => {
    const rest = b.variable('i64', mask),
      source = b.variable('i64', x),
      result = b.variable('i64', 0);
    b.loop((loop) => {
      b.if(b.eqz(rest.get()), () => loop.break());
      const lowest = b.and(rest.get(), b.neg(rest.get()));
      result.set(b.or(result.get(), b.and(lowest, b.neg(b.and(source.get(), 1)))));
      source.set(b.shrU(source.get(), 1));
      rest.set(b.xor(rest.get(), lowest));
    });
    b.return(result.get());
  }),
  // The bits of x under the ones of the mask, gathered at the bottom.
  defineFunction('bits.extract', ['i64', 'i64'], ['i64'], (b, x, mask) => {
    const rest = b.variable('i64', mask),
      result = b.variable('i64', 0),
      place = b.variable('i64', 1);
    b.loop((loop) => {
      b.if(b.eqz(rest.get()), () => loop.break());
      const lowest = b.and(rest.get(), b.neg(rest.get()));
      b.if(b.ne(b.and(x, lowest), 0), () => result.set(b.or(result.get(), place.get())));
      place.set(b.shl(place.get(), 1));
      rest.set(b.xor(rest.get(), lowest));
    });
    b.return(result.get());
  }),
];
