// Moves between registers and memory: mov, extensions, lea, exchanges, byte swaps, conditional moves and sets.

import { CONDITIONS } from '../../../ir/value.ts';
import { Vector, type X64Builder, ZF } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { fit, hex } from './integer.ts';

const lockable = { lockable: true } as const;

const copy = (b: X64Builder, dst: Operand, src: Operand): void => dst.set(fit(b, dst, src.get()));
const signExtend = (b: X64Builder, dst: Operand, src: Operand): void => {
  const value = b.sextBits(src.get(), src.bits);
  dst.set(dst.bits === 64 ? b.sext(value) : b.wrap(value));
};

const byteSwap = (b: X64Builder, value: ReturnType<Operand['get']>, bits: number): typeof value => {
  if (bits === 16) return b.or(b.and(b.shrU(value, 8), 0xff), b.shl(b.and(value, 0xff), 8));
  if (bits === 32) return b.or(b.and(b.rotl(value, 8), 0x00ff00ff), b.and(b.rotr(value, 8), 0xff00ff00 | 0));
  const bytes = 0x00ff00ff00ff00ffn,
    words = 0x0000ffff0000ffffn;
  const x = b.or(b.and(b.shrU(value, 8), bytes), b.shl(b.and(value, bytes), 8));
  return b.rotl(b.or(b.and(b.shrU(x, 16), words), b.shl(b.and(x, words), 16)), 32);
};

export const move: readonly Row[] = [
  insn(
    'mov',
    {
      '88': 'Eb Gb',
      '89': 'Ev Gv',
      '8A': 'Gb Eb',
      '8B': 'Gv Ev',
      A0: 'AL Ob',
      A1: 'rAX Ov',
      A2: 'Ob AL',
      A3: 'Ov rAX',
      'B0+r': 'Zb Ib',
      'B8+r': 'Zv Iv',
      'C6/0': 'Eb Ib',
      'C7/0': 'Ev Iz',
    },
    (_b, dst, src) => dst.set(src.get()),
  ),
  insn('movzx', { '0F B6': 'Gv Eb', '0F B7': 'Gv Ew' }, copy),
  insn('movsx', { '0F BE': 'Gv Eb', '0F BF': 'Gv Ew' }, signExtend),
  insn('movsxd', { '63': 'Gv Ed' }, signExtend),
  insn('lea', { '8D': 'Gv M' }, (b, dst, src) => dst.set(fit(b, dst, src.address()))),
  insn(
    'movbe',
    { 'NFx 0F 38 F0': 'Gv Mv', 'NFx 0F 38 F1': 'Mv Gv' },
    (b, dst, src) => dst.set(byteSwap(b, src.get(), dst.bits)),
    {
      feature: 'movbe',
    },
  ),
  // Of 16 bits it is undefined (SDM volume 2, BSWAP): CPUs give 0.
  insn('bswap', { '0F C8+r': 'Zv' }, (b, dst) => dst.set(dst.bits === 16 ? b.i32(0) : byteSwap(b, dst.get(), dst.bits))),
  // Non-temporal: a hint only.
  insn('movnti', { 'NP 0F C3': 'My Gy' }, copy),

  // 90 without REX.B is nop: it does not even clear the upper half of rax.
  insn(
    'xchg',
    { '86': 'Eb Gb', '87': 'Ev Gv', '90+r': 'Zv rAX' },
    (_b, dst, src) => {
      const x = dst.get(),
        y = src.get();
      dst.set(y);
      src.set(x);
    },
    lockable,
  ),

  insn(
    'cmpxchg',
    { '0F B0': 'Eb Gb', '0F B1': 'Ev Gv' },
    (b, dst, src) => {
      const { bits } = dst;
      const old = dst.get(),
        expected = b.gpr('rax', bits),
        isEqual = b.eq(expected, old);
      const replacement = src.get();
      // Memory is written either way; a register only when it matches, so that its upper half stays otherwise.
      if (dst.isMemory) dst.set(b.select(isEqual, replacement, old));
      b.if(
        isEqual,
        () => dst.isMemory || dst.set(replacement),
        () => b.setGpr('rax', old, bits),
      );
      b.flagsSub(expected, old, bits);
    },
    lockable,
  ),
  insn(
    'cmpxchg8b',
    { 'W0 0F C7/1': 'Mq' },
    (b, dst) => {
      const pair = (high: 'rdx' | 'rcx', low: 'rax' | 'rbx') => b.or(b.shl(b.gpr(high), 32), b.zextBits(b.gpr(low), 32));
      const old = dst.get(),
        isEqual = b.eq(pair('rdx', 'rax'), old);
      dst.set(b.select(isEqual, pair('rcx', 'rbx'), old));
      b.if(b.eqz(isEqual), () => {
        b.setGpr('rax', b.wrap(old), 32);
        b.setGpr('rdx', b.shrU(old, 32));
      });
      b.flagsPart(ZF, b.shl(isEqual, 6));
    },
    lockable,
  ),
  insn(
    'cmpxchg16b',
    { 'W1 0F C7/1': 'Mdq' },
    (b, dst) => {
      b.if(b.wrap(b.and(dst.address(), 15)), () => b.raise(Vector.GP));
      const pair = b.lane('i64x2.replace_lane', 1, b.op('i64x2.splat', b.gpr('rbx')), b.gpr('rcx'));
      const old = dst.get();
      const low = b.lane('i64x2.extract_lane', 0, old),
        high = b.lane('i64x2.extract_lane', 1, old);
      const isEqual = b.and(b.eq(low, b.gpr('rax')), b.eq(high, b.gpr('rdx')));
      dst.set(b.select(isEqual, pair, old));
      b.if(b.eqz(isEqual), () => {
        b.setGpr('rax', low);
        b.setGpr('rdx', high);
      });
      b.flagsPart(ZF, b.shl(isEqual, 6));
    },
    { lockable: true, feature: 'cmpxchg16b' },
  ),

  ...CONDITIONS.flatMap((condition, number) => [
    // The source is read and a 32-bit destination zero-extended whatever the condition.
    insn(`cmov${condition}`, { [`0F ${hex(0x40 + number)}`]: 'Gv Ev' }, (b, dst, src) => {
      const value = src.get();
      dst.set(b.select(b.condition(condition), value, dst.get()));
    }),
    insn(`set${condition}`, { [`0F ${hex(0x90 + number)}`]: 'Eb' }, (b, dst) => dst.set(b.condition(condition))),
  ]),
];
