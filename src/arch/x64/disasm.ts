// Text of decoded operations in Intel syntax as objdump writes it, as far as a form knows its instruction.
//
// At run time only texts of forms are needed, one string each (InstructionTexts): the mnemonic, then the operands as
// letter, size and field: r64.0 a general register whose slot stands in r0, v vector, l vector by imm8, n MMX, t x87, g segment register,
// m64 and x64 memory, i32 immediate of that size, j branch target, s8 and d8 source and destination of a string operation (S8, D8 by 32-bit registers).

import { Op } from '../../exec/layout.ts';
import { hex } from '../../lib/hex.ts';
import type { Form, FormSet } from './forms.ts';
import { ACCESS, type OperandSpec } from './operands.ts';
import { FS_BASE, GPR, GPR_NAMES, GS_BASE, TMP0, X87, YMM, ZERO } from './regs.ts';

const LETTERS: Readonly<Record<OperandSpec['file'], string>> = {
  gpr: 'r',
  vector: 'v',
  mmx: 'n',
  x87: 't',
  segment: 'g',
  none: 's',
};

function operandText({ kind, file, access, field, indexed }: OperandSpec, isNarrow: boolean): string {
  const { bits } = ACCESS[access];
  if (kind === 'imm') return file === 'vector' ? `l${bits}` : `i${bits}`;
  if (kind === 'rel') return 'j';
  if (kind === 'mem') return (indexed ? 'x' : 'm') + bits;
  if (file === 'none') return (field === 'none' ? (isNarrow ? 'D' : 'd') : isNarrow ? 'S' : 's') + bits;
  return `${LETTERS[file]}${bits}.${field.slice(1)}`;
}

/** What the disassembler needs, to be stored with the generated module. */
export interface InstructionTexts {
  /** By handler number. */
  readonly forms: readonly string[];
  /** Of instructions that have no form. */
  readonly names: readonly string[];
}

export function instructionTexts({ forms, names }: Pick<FormSet, 'forms' | 'names'>): InstructionTexts {
  return { forms: forms.map(formText), names };
}

function formText({ row, bits, operands }: Form): string {
  const { mnemonics, addressSize } = row.options;
  const mnemonic = (mnemonics?.[bits] ?? row.name).replaceAll(' ', '_');
  // A mnemonic that says the size (cbw, cwde, cdqe) has no operands but areas of memory.
  const shown = mnemonics
    ? operands.filter(({ kind }) => kind === 'mem').map((operand) => ({ ...operand, access: 'none' as const }))
    : operands;
  return [mnemonic, ...shown.map((operand) => operandText(operand, addressSize !== undefined))].join(' ');
}

const POINTERS: Readonly<Record<number, string>> = {
  0: '',
  8: 'BYTE PTR ',
  16: 'WORD PTR ',
  32: 'DWORD PTR ',
  64: 'QWORD PTR ',
  80: 'TBYTE PTR ',
  128: 'XMMWORD PTR ',
  256: 'YMMWORD PTR ',
};
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];
const LOW_BYTES = ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'];
const HIGH_BYTES = ['ah', 'ch', 'dh', 'bh'];

function gprText(slot: number, bits: number): string {
  const number = (slot - GPR) >> 3;
  const name = GPR_NAMES[number] ?? '?';
  if (bits === 8 && slot & 1) return HIGH_BYTES[number] ?? '?';
  if (number >= 8) return name + (bits === 64 ? '' : bits === 32 ? 'd' : bits === 16 ? 'w' : 'b');
  if (bits === 8) return LOW_BYTES[number] ?? '?';
  return bits === 64 ? name : bits === 32 ? `e${name.slice(1)}` : name.slice(1);
}

const vectorText = (number: number, bits: number): string => (bits === 256 ? 'ymm' : 'xmm') + number;
const segmentText = (slot: number): string => (slot === FS_BASE ? 'fs:' : slot === GS_BASE ? 'gs:' : '');
const signed = (value: number): string => (value < 0 ? `-0x${hex(-value)}` : `+0x${hex(value)}`);

/**
 * Text of the instruction whose operations lie at `at`: one, or a micro-operation and one. It stands at `address` if that
 * is not where it was decoded.
 */
export function instructionText({ forms: texts, names }: InstructionTexts, view: DataView, at: number, address?: number): string {
  const textAt = (op: number): string => texts[view.getUint16(op + Op.handler, true)] ?? '(unknown)';
  const isMicro = /^\.(lea|const)/.test(textAt(at));
  const op = isMicro ? at + Op.bytes : at;
  const [name = '', ...operands] = textAt(op).split(' ');
  const u16 = (offset: number): number => view.getUint16(op + offset, true);
  if (name === '.fetch') return '(cut off)';
  if (name === '.overlong') return '(bad)';
  if (name === '.illegal') {
    const missing = names[u16(Op.r0) - 1];
    return missing ? `${missing} (not available)` : '(bad)';
  }
  const moved = address === undefined ? 0 : address - view.getUint32(op + Op.rip, true);
  const register = (field: number): number => u16([Op.r0, Op.r1, Op.index][field] as number);
  const imm = view.getBigInt64(op + Op.imm, true);

  const shown = operands.map((operand) => {
    const bits = Number.parseInt(operand.slice(1), 10) || 0;
    const slot = register(Number(operand.split('.')[1] ?? 0));
    switch (operand[0]) {
      case 'r':
        return gprText(slot, bits);
      case 'v':
        return vectorText((slot - YMM) >> 5, bits);
      case 'l':
        return vectorText(Number(imm >> 4n) & 15, bits);
      case 'n':
        return `mm${(slot - X87) >> 4}`;
      case 't':
        return slot === 0 ? 'st' : `st(${slot})`;
      case 'g':
        return SEGMENTS[slot] ?? '?';
      case 'i':
        return `0x${BigInt.asUintN(bits || 64, imm).toString(16)}`;
      case 'j':
        return BigInt.asUintN(64, imm + BigInt(moved)).toString(16);
      case 's':
      case 'S':
        return `${POINTERS[bits]}${segmentText(slot) || 'ds:'}[${operand[0] === 's' ? 'rsi' : 'esi'}]`;
      case 'd':
      case 'D':
        return `${POINTERS[bits]}es:[${operand[0] === 'd' ? 'rdi' : 'edi'}]`;
      default:
        return `${POINTERS[bits] ?? ''}${addressText(view, isMicro ? at : op, operand[0] === 'x' || isMicro, textAt(at), moved)}`;
    }
  });
  const mnemonic = name.replaceAll('_', ' ');
  if (shown.length === 0) return mnemonic;
  const [line, ...notes] = `${mnemonic.padEnd(6)} ${shown.join(',')}`.split(/\t([^,]*)/);
  const [note = '', ...rest] = notes;
  return line + rest.join('') + note;
}

/** The address that the operation, or the micro-operation before it, computes. */
function addressText(view: DataView, op: number, isIndexed: boolean, text: string, moved: number): string {
  const u16 = (offset: number): number => view.getUint16(op + offset, true);
  const next = view.getUint32(op + Op.rip, true) + view.getUint8(op + Op.length);
  const ripRelative = (target: number): string =>
    `[rip+0x${hex(BigInt.asUintN(64, BigInt(target - next)))}]\t        # ${hex((target + moved) >>> 0)}`;
  if (text.startsWith('.const')) {
    const target = view.getBigInt64(op + Op.imm, true);
    const isNear = BigInt.asIntN(32, target - BigInt(next)) === target - BigInt(next);
    if (isNear && u16(Op.r1) === ZERO) return ripRelative(Number(target));
    return `${segmentText(u16(Op.r1)) || 'ds:'}0x${hex(BigInt.asUintN(64, target))}`;
  }
  const isMicro = text.startsWith('.lea');
  const width = text.startsWith('.lea32') ? 32 : 64;
  let base = u16(Op.base);
  let index = isIndexed ? u16(Op.index) : ZERO;
  const disp = view.getInt32(op + Op.disp, true);
  let segment = isMicro ? segmentText(u16(Op.r1)) : '';
  const scale = view.getUint8(op + Op.scale);
  if (base === FS_BASE || base === GS_BASE) {
    segment = segmentText(base);
    base = ZERO;
    if (index !== ZERO && scale === 0) [base, index] = [index, ZERO];
  }
  if (base === ZERO && index === ZERO) {
    if (segment) return `${segment}0x${BigInt.asUintN(64, BigInt(disp)).toString(16)}`;
    return ripRelative(disp);
  }
  const parts: string[] = [];
  if (base !== ZERO) parts.push(base === TMP0 ? '?' : gprText(base, width));
  if (index !== ZERO) parts.push(`${gprText(index, width)}*${1 << scale}`);
  return `${segment}[${parts.join('+')}${disp === 0 && base !== ZERO ? '' : signed(disp)}]`;
}
