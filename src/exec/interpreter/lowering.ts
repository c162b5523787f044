// How the interpreter's handlers reach registers, guest memory, flags and the next operation.
//
// A handler runs either inside the main loop ("hot": next operation by a branch) or as a function of its own ("rare":
// takes the operation's address, returns the next one's, 0 to leave the run). Both find everything in the operation.

import { type LoadName, loads, type StoreName, stores } from '../../ir/ops.ts';
import { FLAG_KIND, FLAG_X, FLAG_Y, FLAGS_ADD, FLAGS_RAW, FLAGS_RESULT, RIP } from '../../ir/slots.ts';
import { CONDITIONS, type Condition, type FieldName, type FlagsUpdate, type Slot, type Value } from '../../ir/value.ts';
import {
  BUDGET,
  Exit,
  EXIT_REASON,
  EXIT_VECTOR,
  FAULT_ADDRESS,
  FAULT_ERROR,
  Leave,
  LOOKUP,
  LOOKUP_ENTRIES,
  LOOKUP_SHIFT,
  NESTED_STACK,
  Op,
  SPAN,
} from '../layout.ts';
import { pushEntry } from '../page-entry.ts';
import type { Emitter, Lowering } from '../wasm/emit.ts';
import { Wasm } from '../wasm/encode.ts';

/** Where control goes; depths are Emitter depths just after the block was opened. */
export interface MainLoop {
  readonly kind: 'hot';
  readonly pc: number;
  readonly budget: number;
  /** Local of what the loop returns. */
  readonly answer: number;
  readonly stackPointer: number;
  /** Where the operation whose branch this is lies, from pc on: 0, or Op.bytes in a joined handler. */
  branchOp: number;
  isReturn: boolean;
  /** The operation at pc, and the trace whose first operation pc is. */
  next: number;
  enter: number;
  fault: number;
  leave: number;
  returned: number;
}
export type Surroundings = MainLoop | { readonly kind: 'rare'; readonly pc: number; readonly branchOp: 0 };

/** #PF error code bits (SDM volume 3, 4.7). */
const FETCH = 0x10,
  USER = 0x04;
const VECTOR_PF = 14;
/** f32 to f64 hold no 64-bit integer: what a status-flag operand is sign-extended with. */
const SIGN: Readonly<Record<number, LoadName | number>> = { 8: 0xc2, 16: 0xc3, 32: 0xc4 };

const FIELD_OFFSET: Record<FieldName, number> = { r0: Op.r0, r1: Op.r1, r2: Op.index, base: Op.base, index: Op.index };

export class InterpreterLowering implements Lowering {
  readonly #at: Surroundings;
  constructor(at: Surroundings) {
    this.#at = at;
  }

  // operands
  #slotAddress(e: Emitter, slot: Slot): number {
    if (slot.at === 'fixed') {
      e.i32(0);
      return slot.address;
    }
    e.get(this.#at.pc);
    e.load('i32.load16_u', FIELD_OFFSET[slot.field]);
    return slot.plus;
  }
  register(e: Emitter, op: LoadName, slot: Slot): void {
    e.load(op, this.#slotAddress(e, slot));
  }
  setRegister(e: Emitter, op: StoreName, slot: Slot, value: Value): void {
    const offset = this.#slotAddress(e, slot);
    e.push(value);
    e.store(op, offset);
  }
  field(e: Emitter, field: 'imm' | 'target' | 'disp' | 'scale' | 'rip' | 'next' | 'slot', slot: Slot | undefined): void {
    if (field === 'slot') {
      const offset = this.#slotAddress(e, slot as Slot);
      if (offset) {
        e.i32(offset);
        e.op(0x6a);
      }
      return;
    }
    e.get(this.#at.pc);
    if (field === 'imm') e.load('i64.load', Op.imm);
    else if (field === 'target') e.load('i64.load32_u', Op.imm + this.#at.branchOp);
    else if (field === 'disp') e.load('i32.load', Op.disp);
    else if (field === 'scale') e.load('i64.load8_u', Op.scale);
    else {
      e.load('i64.load32_u', Op.rip);
      if (field === 'next') {
        e.get(this.#at.pc);
        e.load('i64.load8_u', Op.length);
        e.op(0x7c);
      }
    }
  }

  // guest memory
  /** Pops nothing: checks the i64 address in `local` and leaves on refusal. */
  #check(e: Emitter, local: number, size: number, isWrite: boolean): void {
    e.get(local);
    e.op(0xa7); // i32.wrap_i64
    pushEntry(e, 'i64', isWrite);
    e.get(local);
    if (size > SPAN) {
      e.i64(BigInt(size - SPAN));
      e.op(0x7c); // i64.add
    }
    e.op(0x58); // i64.le_u: the entry is not greater than the address
    e.open('if');
    e.get(local);
    e.i32(size);
    e.i32(isWrite ? 1 : 0);
    e.call('memory.refused');
    this.#fault(e, true);
    e.end();
  }
  guestLoad(e: Emitter, op: LoadName, address: Value): void {
    const local = this.#address(e, address);
    this.#check(e, local, loads[op][2], false);
    e.get(local);
    e.op(0xa7);
    e.load(op, 0, 'guest');
  }
  #address(e: Emitter, address: Value): number {
    const local = e.pushTee(address);
    e.op(Wasm.drop);
    return local;
  }
  guestStore(e: Emitter, op: StoreName, address: Value, value: Value): void {
    // The value first: computing it may load from the guest, which may change what the check would say.
    let saved: number | undefined;
    if (value.node.kind !== 'const') {
      saved = e.pushTee(value);
      e.op(Wasm.drop);
    }
    const local = this.#address(e, address);
    this.#check(e, local, stores[op][2], true);
    e.get(local);
    e.op(0xa7);
    if (saved === undefined) e.push(value);
    else e.get(saved);
    e.store(op, 0, 'guest');
  }
  guestProbe(e: Emitter, address: Value, size: number, isWrite: boolean): void {
    this.#check(e, this.#address(e, address), size, isWrite);
  }

  // flags
  #flagOperand(e: Emitter, value: Value, bits: number): void {
    if (value.node.kind === 'const') return e.i64(BigInt.asIntN(bits, BigInt(value.node.value)));
    e.push(value);
    if (value.type === 'i32') e.op(0xac); // i64.extend_i32_s
    if (bits < 32 || (bits === 32 && value.type === 'i64')) e.op(SIGN[bits] as number);
  }
  setFlags(e: Emitter, update: FlagsUpdate): void {
    if (update.how === 'order' || update.how === 'part') throw new Error(`flags by ${update.how} are for compiled code`);
    const kind =
      update.how === 'raw'
        ? FLAGS_RAW
        : update.how === 'result'
          ? FLAGS_RESULT
          : (update.how === 'add' ? FLAGS_ADD : 0) + 64 - update.bits;
    // Values may depend on the flags they replace, so that all are computed before the first store.
    if (update.how === 'raw') {
      e.i32(0);
      e.push(update.value);
      e.op(0xad);
      e.store('i64.store', FLAG_X);
    } else {
      e.i32(0);
      this.#flagOperand(e, update.x, update.bits);
      e.i32(0);
      if (update.how === 'result') {
        e.push(update.rest);
        e.op(0xad);
      } else this.#flagOperand(e, update.y, update.bits);
      e.store('i64.store', FLAG_Y);
      e.store('i64.store', FLAG_X);
    }
    e.i32(0);
    e.i32(kind);
    e.store('i32.store', FLAG_KIND);
  }
  flags(e: Emitter): void {
    e.call('flags.all');
  }
  condition(e: Emitter, condition: Condition): void {
    const index = CONDITIONS.indexOf(condition);
    const compare = SUB_COMPARISON[index >> 1];
    if (!compare) {
      e.i32(index);
      return e.call('flags.condition');
    }
    e.i32(0);
    e.load('i32.load', FLAG_KIND);
    e.i32(64);
    e.op(0x49); // i32.lt_u
    e.open('if', 0x7f);
    e.i32(0);
    e.load('i64.load', FLAG_X);
    e.i32(0);
    e.load('i64.load', FLAG_Y);
    if (compare === 'sign') {
      e.op(0x7d); // i64.sub
      e.i32(0);
      e.load('i64.load32_u', FLAG_KIND);
      e.op(0x86); // i64.shl
      e.i64(0n);
      e.op(index & 1 ? 0x59 : 0x53); // ge_s, lt_s
    } else e.op(compare[index & 1] as number);
    e.else();
    e.i32(index);
    e.call('flags.condition');
    e.end();
  }

  // control
  #store32(e: Emitter, address: number, value: number): void {
    e.i32(0);
    e.i32(value);
    e.store('i32.store', address);
  }
  /** Leaves after a memory helper has recorded the fault; with `conditional` pops an i32. */
  #fault(e: Emitter, conditional = false): void {
    const at = this.#at;
    if (at.kind === 'hot') return e.br(at.fault, conditional);
    if (conditional) e.open('if');
    e.i32(0);
    this.field(e, 'rip', undefined);
    e.store('i64.store', RIP);
    e.i32(0);
    e.op(Wasm.return);
    if (conditional) e.end();
  }
  /** Goes to the operation whose address is on the stack; 0 leaves (everything is recorded already). */
  #goto(e: Emitter): void {
    const at = this.#at;
    if (at.kind === 'rare') return e.op(Wasm.return);
    e.tee(at.pc);
    e.br(at.enter, true);
    e.br(at.leave);
  }
  /** Takes `count` of the trace (or 1) off the budget. */
  #decrement(e: Emitter, single: boolean): void {
    const at = this.#at;
    if (at.kind === 'hot') e.get(at.budget);
    else {
      e.i32(0);
      e.i32(0);
      e.load('i32.load', BUDGET);
    }
    if (single) e.i32(1);
    else {
      e.get(at.pc);
      e.load('i32.load', Op.count + at.branchOp);
    }
    e.op(0x6b); // i32.sub
    if (at.kind === 'hot') e.set(at.budget);
    else e.store('i32.store', BUDGET);
  }
  /** When the budget is used up, leaves with rip = the pushed target. */
  #budget(e: Emitter, pushTarget: () => void): void {
    if (this.#at.kind === 'hot') e.get(this.#at.budget);
    else {
      e.i32(0);
      e.load('i32.load', BUDGET);
    }
    e.i32(0);
    e.op(0x48); // i32.lt_s
    e.open('if');
    e.i32(0);
    pushTarget();
    e.store('i64.store', RIP);
    this.#store32(e, EXIT_REASON, Exit.budget);
    this.#leave(e);
    e.end();
  }
  #spend(e: Emitter, pushTarget: () => void, single = false): void {
    this.#decrement(e, single);
    this.#budget(e, pushTarget);
  }
  #leave(e: Emitter): void {
    const at = this.#at;
    if (at.kind === 'hot') return e.br(at.leave);
    e.i32(0);
    e.op(Wasm.return);
  }
  #direct(e: Emitter): void {
    const at = this.#at;
    this.#spend(e, () => this.field(e, 'target', undefined));
    const link = e.locals.take('i32');
    e.get(at.pc);
    e.load('i32.load', Op.link + at.branchOp);
    e.tee(link);
    if (at.kind === 'hot') {
      e.op(0x45); // i32.eqz
      e.open('if');
      e.get(at.pc);
      if (at.branchOp) {
        e.i32(at.branchOp);
        e.op(0x6a); // i32.add
      }
      e.call('trace.link');
      e.set(link);
      e.end();
      e.get(link);
      e.tee(at.pc);
      e.br(at.enter, true);
      e.br(at.leave);
    } else {
      e.open('if', 0x7f);
      e.get(link);
      e.else();
      e.get(at.pc);
      e.call('trace.link');
      e.end();
      e.op(Wasm.return);
    }
  }
  jump(e: Emitter, target: Value, direct: boolean): void {
    if (direct) return this.#direct(e);
    const local = this.#address(e, target);
    this.#spend(e, () => e.get(local));
    if (this.#at.kind === 'hot' && this.#at.isReturn) this.#returned(e, this.#at, local);
    this.#lookup(e, local);
    this.#goto(e);
  }
  /** Ends a nested run when its function returns; above 4 GiB nothing waits for it. */
  #returned(e: Emitter, { stackPointer, answer, returned }: MainLoop, local: number): void {
    pushIsReturned(e, stackPointer);
    e.open('if');
    e.get(local);
    e.tee(answer);
    e.i64(Leave.interpret);
    e.op(0x54); // i64.lt_u
    e.br(returned, true);
    e.end();
  }
  #lookup(e: Emitter, local: number): void {
    lookUp(e, local);
  }
  branch(e: Emitter, condition: Value): void {
    e.push(condition);
    e.open('if');
    this.#direct(e);
    e.end();
  }
  again(e: Emitter, condition: Value): void {
    const at = this.#at;
    e.push(condition);
    e.open('if');
    this.#spend(e, () => this.field(e, 'rip', undefined), true);
    e.get(at.pc);
    if (at.kind === 'rare') e.op(Wasm.return);
    else {
      e.op(Wasm.drop);
      e.br(at.next);
    }
    e.end();
  }
  raise(e: Emitter, vector: number, isTrap: boolean): void {
    this.#store32(e, EXIT_REASON, Exit.fault);
    this.#store32(e, EXIT_VECTOR, vector);
    this.#store32(e, FAULT_ERROR, 0);
    if (!isTrap) return this.#fault(e);
    e.i32(0);
    this.field(e, 'next', undefined);
    e.store('i64.store', RIP);
    this.#leave(e);
  }
  raiseFetch(e: Emitter, address: Value): void {
    e.i32(0);
    e.push(address);
    e.store('i64.store', FAULT_ADDRESS);
    this.#store32(e, EXIT_REASON, Exit.fault);
    this.#store32(e, EXIT_VECTOR, VECTOR_PF);
    this.#store32(e, FAULT_ERROR, FETCH | USER);
    // A jump beyond 4 GiB has arrived there; below, rip is the instruction's, which may begin on the page before.
    e.i32(0);
    e.push(address);
    this.field(e, 'rip', undefined);
    e.push(address);
    e.i64(32n);
    e.op(0x88); // i64.shr_u
    e.i64(0n);
    e.op(0x52); // i64.ne
    e.op(Wasm.select);
    e.store('i64.store', RIP);
    this.#leave(e);
  }
  retranslate(e: Emitter): void {
    const rip = e.locals.take('i64');
    this.field(e, 'rip', undefined);
    e.set(rip);
    this.#spend(e, () => e.get(rip), true);
    this.#lookup(e, rip);
    this.#goto(e);
  }
  syscall(e: Emitter): void {
    e.i32(0);
    this.field(e, 'next', undefined);
    e.store('i64.store', RIP);
    this.#decrement(e, false);
    e.call('host.syscall');
    e.op(0x45);
    e.open('if');
    this.#store32(e, EXIT_REASON, Exit.syscall);
    this.#leave(e);
    e.end();
    const target = e.locals.take('i64');
    e.i32(0);
    e.load('i64.load', RIP);
    e.set(target);
    this.#budget(e, () => e.get(target));
    this.#lookup(e, target);
    this.#goto(e);
  }

  /** Ends a handler that fell through: the next operation follows. */
  next(e: Emitter): void {
    const at = this.#at;
    e.get(at.pc);
    e.i32(Op.bytes + at.branchOp);
    e.op(0x6a);
    if (at.kind === 'rare') return e.op(Wasm.return);
    e.set(at.pc);
    e.br(at.next);
  }
}

/** Pushes whether the stack is that of a function around the one that a nested run began in. */
export function pushIsReturned(e: Emitter, stackPointer: number): void {
  e.i32(0);
  e.load('i64.load', stackPointer);
  e.i32(0);
  e.load('i64.load', NESTED_STACK);
  e.op(0x56); // i64.gt_u
}

/** Pushes the operation at the i64 address in `local`: first probe inline, the rest in trace.find. */
export function lookUp(e: Emitter, local: number): void {
  const entry = e.locals.take('i32');
  const found = e.locals.take('i32');
  const low = e.locals.take('i32');
  e.get(local);
  e.op(0xa7);
  e.tee(low);
  e.get(low);
  e.i32(LOOKUP_SHIFT);
  e.op(0x76); // i32.shr_u
  e.op(0x73); // i32.xor
  e.i32(LOOKUP_ENTRIES - 1);
  e.op(0x71); // i32.and
  e.i32(3);
  e.op(0x74); // i32.shl
  e.tee(entry);
  e.load('i64.load32_u', LOOKUP);
  e.get(local);
  e.op(0x51); // i64.eq
  e.open('if', 0x7f);
  e.get(entry);
  e.load('i32.load', LOOKUP + 4);
  e.else();
  e.i32(0);
  e.end();
  e.tee(found);
  e.open('if', 0x7f);
  e.get(found);
  e.else();
  e.get(local);
  e.call('trace.find');
  e.end();
}

/** After x - y: [opcode if the condition, opcode of its opposite] on (x, y); undefined takes the slow way. */
const SUB_COMPARISON: readonly (readonly [number, number] | 'sign' | undefined)[] = [
  undefined, // o
  [0x54, 0x5a], // b: lt_u, ae: ge_u
  [0x51, 0x52], // e, ne
  [0x58, 0x56], // be: le_u, a: gt_u
  'sign',
  undefined, // p
  [0x53, 0x59], // l, ge
  [0x57, 0x55], // le, g
];
