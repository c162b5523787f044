// Forms: what remains of the rows after decoding - one handler each.

import type { Row } from './insn.ts';
import type { OperandSpec } from './operands.ts';

/** A row at one operand size with one choice of register or memory for each operand. Its id is the handler's number. */
export interface Form {
  readonly id: number;
  readonly row: Row;
  /** Mnemonic and operand kinds, e.g. 'add r32 m32', 'mov r64 x64' (x: indexed memory), 'shl r32 imm': unique. */
  readonly key: string;
  /** Operand size in bits (8, 16, 32, 64), 0 where the row has none. */
  readonly bits: number;
  readonly operands: readonly OperandSpec[];
}
