// The nodes of the IR: values (expressions) and statements, structured control flow only.

import type { LoadName, OpName, StoreName, Type } from './ops.ts';

/** Which memory an access means: the state memory (registers, tables) or the guest's own, already checked. */
export type MemoryName = 'state' | 'guest';

/** Where a guest register lies: a fixed slot, or the slot whose address stands in a field of the running operation. */
export type Slot =
  | { readonly at: 'fixed'; readonly address: number }
  | { readonly at: 'field'; readonly field: FieldName; readonly plus: number };
export type FieldName = 'r0' | 'r1' | 'r2' | 'base' | 'index';

/** Condition codes as in the low four bits of Jcc (Intel SDM volume 1, appendix B). */
export const CONDITIONS = ['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'] as const;
export type Condition = (typeof CONDITIONS)[number];

export type ValueNode =
  | { readonly kind: 'const'; readonly value: bigint | number }
  | {
      readonly kind: 'op';
      readonly op: OpName;
      readonly args: readonly Value[];
      readonly lane?: number;
      readonly lanes?: readonly number[];
    }
  | { readonly kind: 'v128const'; readonly bytes: Uint8Array }
  | { readonly kind: 'select'; readonly args: readonly [Value, Value, Value] }
  /** Unchecked access of either memory at an i32 address. */
  | {
      readonly kind: 'load';
      readonly op: LoadName;
      readonly memory: MemoryName;
      readonly args: readonly [Value];
      readonly offset: number;
    }
  /** Page-checked access at an i64 guest address; a refused one ends the instruction before any of its effects. */
  | { readonly kind: 'guestLoad'; readonly op: LoadName; readonly args: readonly [Value] }
  | { readonly kind: 'register'; readonly op: LoadName; readonly slot: Slot; readonly args: readonly [] }
  /** A number of the decoded operation: immediate, branch target (i64), displacement (i32), index shift, its own and the next address (i64). */
  | {
      readonly kind: 'field';
      readonly field: 'imm' | 'target' | 'disp' | 'scale' | 'rip' | 'next' | 'slot';
      readonly slot?: Slot;
      readonly args: readonly [];
    }
  | { readonly kind: 'variable'; readonly variable: Variable; readonly args: readonly [] }
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Value[] }
  /** i32 0 or 1: a condition, or the carry flag, of the guest's status flags. */
  | { readonly kind: 'condition'; readonly condition: Condition; readonly args: readonly [] }
  /** i32: the six status flags in their RFLAGS places. */
  | { readonly kind: 'flags'; readonly args: readonly [] };

export class Value {
  readonly type: Type;
  readonly node: ValueNode;
  constructor(type: Type, node: ValueNode) {
    this.type = type;
    this.node = node;
  }
}

/** A mutable local. */
export class Variable {
  readonly type: Type;
  constructor(type: Type) {
    this.type = type;
  }
}

export type FlagsUpdate =
  /** Flags of x - y (cmp, sub); with y = 0 those of a logical operation with result x. x and y are i32 or i64. */
  | { readonly how: 'sub' | 'add'; readonly x: Value; readonly y: Value; readonly bits: number }
  /** ZF, SF, PF from the result, the others from i32 `rest` (CF bit 0, AF bit 4, OF bit 11). */
  | { readonly how: 'result'; readonly x: Value; readonly rest: Value; readonly bits: number }
  /** All six from an i32 in RFLAGS layout. */
  | { readonly how: 'raw'; readonly value: Value }
  /** CF: x < y or unordered, ZF: equal or unordered, PF: unordered; x and y are f32 or f64. For compiled code only. */
  | { readonly how: 'order'; readonly x: Value; readonly y: Value }
  /** Those of `mask` from an i32 in RFLAGS layout; the others stay. For compiled code only. */
  | { readonly how: 'part'; readonly mask: number; readonly bits: Value };

export class Label {}

export type Statement =
  | { readonly kind: 'eval'; readonly value: Value }
  | { readonly kind: 'set'; readonly variable: Variable; readonly value: Value }
  | {
      readonly kind: 'store';
      readonly op: StoreName;
      readonly memory: MemoryName;
      readonly address: Value;
      readonly value: Value;
      readonly offset: number;
    }
  /** Page-checked store. */
  | { readonly kind: 'guestStore'; readonly op: StoreName; readonly address: Value; readonly value: Value }
  /** Page check of a store to come, so that it faults before other effects. */
  | { readonly kind: 'guestProbe'; readonly address: Value; readonly size: number; readonly isWrite: boolean }
  | { readonly kind: 'register'; readonly op: StoreName; readonly slot: Slot; readonly value: Value }
  | { readonly kind: 'setFlags'; readonly update: FlagsUpdate }
  | {
      readonly kind: 'if';
      readonly condition: Value;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'loop'; readonly label: Label; readonly body: readonly Statement[] }
  | {
      readonly kind: 'switch';
      readonly value: Value;
      readonly cases: readonly (readonly Statement[])[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'break' | 'continue'; readonly label: Label }
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Value[]; readonly results: readonly Variable[] }
  | {
      readonly kind: 'copy';
      readonly to: Value;
      readonly from: Value;
      readonly bytes: Value;
      readonly toMemory: MemoryName;
      readonly fromMemory: MemoryName;
    }
  | { readonly kind: 'fill'; readonly to: Value; readonly value: Value; readonly bytes: Value; readonly memory: MemoryName }
  | { readonly kind: 'return'; readonly values: readonly Value[] }
  /** Control goes to a guest address (i64); `direct` when it is a constant of the operation. Ends the instruction. */
  | { readonly kind: 'jump'; readonly target: Value; readonly direct: boolean }
  /** The same if the condition (i32) holds; otherwise the instruction is over. */
  | { readonly kind: 'branch'; readonly condition: Value; readonly target: Value }
  /** Exception (Intel SDM volume 3, table 6-1): a fault, before any effect, or a trap, with rip behind the instruction. */
  | { readonly kind: 'raise'; readonly vector: number; readonly isTrap: boolean }
  | { readonly kind: 'raiseFetch'; readonly address: Value }
  /** The code at this address was changed: decode it again. */
  | { readonly kind: 'retranslate' }
  | { readonly kind: 'syscall' }
  /** The instruction runs again from its start if the condition (i32) holds (REP), with the budget looked at. */
  | { readonly kind: 'again'; readonly condition: Value };
