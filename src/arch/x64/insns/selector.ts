// Segment registers and selectors as a 64-bit Linux program sees them: flat segments, whose loads change nothing.

import type { Value } from '../../../ir/value.ts';
import { Vector, type X64Builder, ZF } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { fit } from './integer.ts';

/** Selectors that Linux gives a 64-bit program: cs and ss, the others null (segment numbers as in ModRM.reg). */
const USER_CS = 0x33,
  USER_SS = 0x2b;
/**
 * Descriptors that a program can name, by selector less RPL (arch/x86/include/asm/segment.h): code of 32 bits, data, code, and
 * the segment whose limit is the CPU's number. What LAR says of them, and LSL.
 */
const DESCRIPTORS = [
  { selector: 0x20, rights: 0xcffb00, limit: -1, isWritable: false },
  { selector: 0x28, rights: 0xcff300, limit: -1, isWritable: true },
  { selector: 0x30, rights: 0xaffb00, limit: -1, isWritable: false },
  { selector: 0x78, rights: 0x40f500, limit: 0, isWritable: false },
] as const;

const readSelector = (b: X64Builder, dst: Operand, segment: Operand): void => {
  const number = segment.number();
  b.if(b.gtU(number, 5), () => b.raise(Vector.UD));
  dst.set(fit(b, dst, b.select(b.eq(number, 1), USER_CS, b.select(b.eq(number, 2), USER_SS, 0))));
};

/** Does the selector name one of these descriptors? */
const names = (b: X64Builder, selector: Value, descriptors: readonly { selector: number }[]): Value =>
  descriptors.map((descriptor): Value => b.eq(b.and(selector, 0xfffc), descriptor.selector)).reduce((x, y) => b.or(x, y));

/** #GP for a selector that ds, es, fs and gs (not ss, which then is no code and not null) cannot hold. */
export function checkSelector(b: X64Builder, selector: Value, isStack: Value): void {
  const isAllowed = b.or(b.eqz(b.and(selector, 0xfffc)), names(b, selector, DESCRIPTORS));
  b.if(b.eqz(b.select(isStack, b.eq(selector, USER_SS), isAllowed)), () => b.raise(Vector.GP));
}

const writeSelector = (b: X64Builder, segment: Operand, src: Operand): void => {
  const number = segment.number();
  b.if(b.or(b.eq(number, 1), b.gtU(number, 5)), () => b.raise(Vector.UD));
  checkSelector(b, src.get(), b.eq(number, 2));
};

/** lar and lsl: ZF says whether there is something to tell; if not, the destination stays. */
const look =
  (what: 'rights' | 'limit'): Row['build'] =>
  (b, dst, src) => {
    const selector = src.get();
    const isKnown = names(b, selector, DESCRIPTORS);
    let value: Value = b.i32(0);
    for (const descriptor of DESCRIPTORS) value = b.select(names(b, selector, [descriptor]), descriptor[what], value);
    b.if(isKnown, () => dst.set(fit(b, dst, value)));
    b.flagsPart(ZF, b.shl(isKnown, 6));
  };
const verify =
  (isWrite: boolean): Row['build'] =>
  (b, src) => {
    const isKnown = names(b, src.get(), isWrite ? DESCRIPTORS.filter(({ isWritable }) => isWritable) : DESCRIPTORS);
    b.flagsPart(ZF, b.shl(isKnown, 6));
  };

export const selector: readonly Row[] = [
  insn('mov', { '8C': 'Rv Sw' }, readSelector),
  insn('mov', { '8C': 'Mw Sw' }, readSelector),
  insn('mov', { '8E': 'Sw Ew' }, writeSelector),
  insn('lar', { '0F 02': 'Gv Ew' }, look('rights')),
  insn('lsl', { '0F 03': 'Gv Ew' }, look('limit')),
  insn('verr', { '0F 00/4': 'Ew' }, verify(false)),
  insn('verw', { '0F 00/5': 'Ew' }, verify(true)),
];
