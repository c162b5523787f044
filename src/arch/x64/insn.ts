// The row format: one instruction = its encodings with SDM operand letters, and its meaning over the IR builder.
//
// An encoding key reads, in this order and separated by blanks:
//   NP | 66 | F3 | F2     mandatory prefix (NP: none of them). Without one the row matches any prefix that no other row of
//                         the same opcode claims: 66 is then the operand size, F3 and F2 are ignored.
//   NFx                   neither F3 nor F2, and 66 is the operand size.
//   REP | REPE | REPNE    F3 (F3, F2) as repeat prefix of a string instruction.
//   W0 | W1               REX.W must be 0 or 1 (where it selects another instruction rather than a size).
//   VEX.128|256|LIG  and W0|W1|WIG, with the mandatory prefix written before, mark a VEX encoding.
//   the opcode            hex bytes: `01`, `0F AF`, `0F 38 F0`, `0F 3A 0F`; `/n` after it: ModRM.reg is n;
//                         `+r`: the low three bits are a register. A byte more than the opcode is a whole ModRM byte
//                         (`D9 E8`, `0F 01 D0`); `+i` after it: its low three bits are ST(i).
//
// The operand letters follow the SDM (volume 2, appendix A.2): a letter for the place, then the size.
//   E   ModRM.rm, general register or memory      R   the same, register only      M   the same, memory only
//   G   ModRM.reg, general register               Z   low bits of the opcode       B   VEX.vvvv, general register
//   W   ModRM.rm, vector register or memory       U   the same, register only
//   V   ModRM.reg, vector register                H   VEX.vvvv, vector register    L   imm8[7:4], vector register
//   Q   ModRM.rm, MMX register or memory          N   the same, register only      P   ModRM.reg, MMX register
//   S   ModRM.reg, segment register               O   memory at a 64-bit offset in the instruction (moffs)
//   I   immediate: Ib, Iw, Ibs (8 bits, sign-extended to the operand size), Iz (16 or 32, sign-extended), Iv (full size),
//       I1 (the constant 1)                       J   relative branch target: Jb, Jz
//   AL CL DX rAX (of the operand size), rDX, eAX  fixed registers                  Xb Xv Yb Yv  string operands: only carry the size
//   ST0 STi                                       x87 stack registers
// Sizes: b 8, w 16, d 32, q 64, v 16/32/64 by operand size, y 32/64, z 16/32, dq/x/ps/pd 128 bits (a whole vector),
//        qq 256 bits, ss f32, sd f64 (low lane of a register, 4 or 8 bytes of memory), t 80-bit memory, none (M alone: only
//        the address).
//        On vector registers b w d q mean the low bits of the register as an integer.

import type { Feature } from './features.ts';
import type { Operand } from './operands.ts';
import type { X64Builder } from './builder.ts';

export interface RowOptions {
  /** LOCK is allowed with a memory destination. */
  readonly lockable?: true;
  /** Operand size is 64 bits by default and 32 is not encodable (push, pop, near branches ...). */
  readonly default64?: true;
  /** CPUID feature the row needs, or several; without it in --cpu the encoding raises #UD. Default: baseline x86-64. */
  readonly feature?: Feature | readonly Feature[];
  /** The memory operand's index is a vector register (VSIB, SDM volume 2, 2.3.12): Operand.vectorIndex reads it. */
  readonly vsib?: true;
  /** The row of the encoding with an address size prefix (67h), where it uses rCX, rSI or rDI implicitly. */
  readonly addressSize?: 32;
  /** With rsp as base the address of the memory operand is that after the increment (SDM volume 2, POP). */
  readonly pops?: true;
  /**
   * Mnemonic where it is not the row's name, e.g. by size: { 16: 'cbw', 32: 'cwde', 64: 'cdqe' }. Operands are not shown then, but
   * memory, without its size.
   */
  readonly mnemonics?: Readonly<Record<number, string>>;
}

export interface Row {
  readonly name: string;
  readonly encodings: Readonly<Record<string, string>>;
  readonly options: RowOptions;
  readonly build: (b: X64Builder, ...operands: Operand[]) => void;
}

/** Defines one instruction. `encodings` maps an encoding key to its operand letters, e.g. { '01': 'Ev Gv' }. */
export function insn(name: string, encodings: Record<string, string>, build: Row['build'], options: RowOptions = {}): Row {
  return { name, encodings, options, build };
}
