// Jumps, calls, returns and loops; the near ones of 64-bit mode.

import { CONDITIONS } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { type Row, type RowOptions, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { hex, push } from './integer.ts';

const default64 = { default64: true } as const;

const ret = (b: X64Builder, release?: Operand): void => {
  const top = b.gpr('rsp'),
    target = b.guestLoad('i64.load', top);
  const after = b.add(top, 8);
  b.setGpr('rsp', release ? b.add(after, b.zextBits(b.zext(release.get()), 16)) : after);
  b.jump(target);
};

/** loop, loope, loopne: counts rcx (ecx) down and jumps while it is not 0 (and ZF is as asked). */
const loop =
  (bits: 32 | 64, condition?: 'e' | 'ne') =>
  (b: X64Builder, target: Operand): void => {
    const left = b.sub(b.gpr('rcx', bits), 1);
    b.setGpr('rcx', left, bits);
    const isOn = b.ne(left, 0);
    b.branch(condition ? b.and(isOn, b.condition(condition)) : isOn, target.get());
  };

export const branch: readonly Row[] = [
  ...CONDITIONS.map((condition, number) =>
    insn(
      `j${condition}`,
      { [hex(0x70 + number)]: 'Jb', [`0F ${hex(0x80 + number)}`]: 'Jz' },
      (b, target) => b.branch(b.condition(condition), target.get()),
      default64,
    ),
  ),
  insn('jmp', { EB: 'Jb', E9: 'Jz' }, (b, target) => b.jumpDirect(target.get()), default64),
  // The 66 prefix does not make these 16 bits wide (as on Intel's CPUs).
  insn('jmp', { 'FF/4': 'Eq' }, (b, target) => b.jump(target.get()), default64),
  insn(
    'call',
    { E8: 'Jz' },
    (b, target) => {
      push(b, b.nextRip());
      b.jumpDirect(target.get());
    },
    default64,
  ),
  insn(
    'call',
    { 'FF/2': 'Eq' },
    (b, operand) => {
      const target = operand.get();
      push(b, b.nextRip());
      b.jump(target);
    },
    default64,
  ),
  insn('ret', { C3: '' }, (b) => ret(b), default64),
  insn('ret', { C2: 'Iw' }, (b, release) => ret(b, release), default64),
  ...([64, 32] as const).flatMap((bits) => {
    const options: RowOptions = bits === 32 ? { default64: true, addressSize: 32 } : default64;
    return [
      insn(
        bits === 64 ? 'jrcxz' : 'jecxz',
        { E3: 'Jb' },
        (b, target) => b.branch(b.eqz(b.gpr('rcx', bits)), target.get()),
        options,
      ),
      insn('loop', { E2: 'Jb' }, loop(bits), options),
      insn('loope', { E1: 'Jb' }, loop(bits, 'e'), options),
      insn('loopne', { E0: 'Jb' }, loop(bits, 'ne'), options),
    ];
  }),
];
