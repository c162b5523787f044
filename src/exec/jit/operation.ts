// Decoded operations as the compiler reads them, and how control leaves an instruction.

import type { Flow } from '../../arch/arch.ts';
import { Distance, Op } from '../layout.ts';
import type { FieldName, Slot } from '../../ir/value.ts';

export interface Operation {
  readonly handler: number;
  readonly r0: number;
  readonly r1: number;
  readonly base: number;
  readonly index: number;
  readonly scale: number;
  /** What the instruction has relative to itself besides targets. */
  readonly distance: 'disp' | 'imm' | undefined;
  readonly disp: number;
  readonly imm: bigint;
  readonly rip: number;
  /** Address of the next instruction. */
  readonly next: number;
}

/** One guest instruction: an operation, perhaps with micro-operations before it. */
export interface Instruction {
  readonly rip: number;
  readonly next: number;
  readonly operations: readonly Operation[];
  /** 'synced': goes on with the next one, and wants registers in memory meanwhile. */
  readonly flow: Flow | 'synced';
  /** Of a direct jump, branch or call. */
  readonly target: number | undefined;
}

export function readOperation(view: DataView, at: number, next: number): Operation {
  const scale = view.getUint8(at + Op.scale);
  return {
    handler: view.getUint16(at + Op.handler, true),
    r0: view.getUint16(at + Op.r0, true),
    r1: view.getUint16(at + Op.r1, true),
    base: view.getUint16(at + Op.base, true),
    index: view.getUint16(at + Op.index, true),
    scale: scale & 3,
    distance: scale === Distance.disp ? 'disp' : scale === Distance.imm ? 'imm' : undefined,
    disp: view.getInt32(at + Op.disp, true),
    imm: view.getBigInt64(at + Op.imm, true),
    rip: view.getUint32(at + Op.rip, true),
    next,
  };
}

const FIELD: Readonly<Record<FieldName, 'r0' | 'r1' | 'base' | 'index'>> = {
  r0: 'r0',
  r1: 'r1',
  r2: 'index',
  base: 'base',
  index: 'index',
};

/** The address of a slot in the state memory. */
export const slotAddress = (operation: Operation, slot: Slot): number =>
  slot.at === 'fixed' ? slot.address : operation[FIELD[slot.field]] + slot.plus;
