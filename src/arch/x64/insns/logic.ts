// Bitwise logic.

import { AF } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import { twoOperands } from './arith.ts';

const bitwise = (name: 'and' | 'or' | 'xor', base: number, digit: number): Row =>
  insn(
    name,
    twoOperands(base, digit),
    (b, dst, src) => {
      const r = b[name](dst.get(), src.get());
      dst.set(r);
      b.flagsLogic(r, dst.bits);
      b.undefinedFlags |= AF;
    },
    { lockable: true },
  );

export const logic: readonly Row[] = [
  bitwise('or', 0x08, 1),
  bitwise('and', 0x20, 4),
  bitwise('xor', 0x30, 6),
  insn(
    'test',
    {
      '84': 'Eb Gb',
      '85': 'Ev Gv',
      A8: 'AL Ib',
      A9: 'rAX Iz',
      'F6/0': 'Eb Ib',
      'F6/1': 'Eb Ib',
      'F7/0': 'Ev Iz',
      'F7/1': 'Ev Iz',
    },
    (b, x, y) => {
      b.flagsLogic(b.and(x.get(), y.get()), x.bits);
      b.undefinedFlags |= AF;
    },
  ),
  insn('not', { 'F6/2': 'Eb', 'F7/2': 'Ev' }, (b, dst) => dst.set(b.not(dst.get())), { lockable: true }),
];
