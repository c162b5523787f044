// How a region's code hands control to other code: calls, returns, indirect jumps, system calls. Registers are in memory.

import { RIP } from '../../ir/slots.ts';
import { EXIT_REASON, Exit, Leave, REGION_BUDGET, TARGETS, TARGETS_ENTRIES, TARGETS_SHIFT } from '../layout.ts';
import type { Emitter, Locals } from '../wasm/emit.ts';
import { Wasm } from '../wasm/encode.ts';
import type { Addresses } from './addresses.ts';
import type { Instruction } from './operation.ts';
import { type Patch, reserve } from './patches.ts';
import { REGION } from './region-function.ts';

/** Parameters of a region's function. */
export const STACK_LEFT = 0,
  AT = 1;

/** Where a region is entered: back to where control came from if the number on the stack is negative. */
export function goBackIfNegative(e: Emitter): void {
  e.i32(0);
  e.op(0x48); // i32.lt_s
  e.openUnlikely();
  e.get(AT);
  e.op(0xad);
  e.op(Wasm.return);
  e.end();
}

interface Surroundings {
  readonly locals: Locals;
  /** Local of the guest address to go on at, i64. */
  readonly pc: number;
  /** Type number of regions in the module. */
  readonly regionType: number;
  readonly addresses: Addresses;
  readonly loops: boolean;
  /** Where the region begins, if calls of that address are to call its function: dropped code returns from there at once. */
  readonly self: number | undefined;
}

export class Transfers {
  /** Where the code says how much host stack the region's frame takes. */
  readonly frames: Patch[] = [];
  /** Local with the guest instructions left; undefined where the state memory's number is counted down. */
  readonly budget: number | undefined;
  readonly #e: Emitter;
  readonly #locals: Locals;
  readonly #pc: number;
  readonly #regionType: number;
  readonly #addresses: Addresses;
  readonly #result: number;
  readonly #self: number | undefined;

  constructor(e: Emitter, { locals, pc, regionType, addresses, loops, self }: Surroundings) {
    this.#e = e;
    this.#locals = locals;
    this.#pc = pc;
    this.#regionType = regionType;
    this.#addresses = addresses;
    this.#self = self;
    this.budget = loops ? locals.keep('i32') : undefined;
    this.#result = locals.keep('i64');
  }

  storeBudget(): void {
    const e = this.#e;
    if (this.budget === undefined) return;
    e.i32(0);
    e.get(this.budget);
    e.store('i32.store', REGION_BUDGET);
  }
  loadBudget(): void {
    const e = this.#e;
    if (this.budget === undefined) return;
    e.i32(0);
    e.load('i32.load', REGION_BUDGET);
    e.set(this.budget);
  }
  /** Returns to a constant address if the time is up: so it is said to be, too, when code was dropped. */
  checkDropped(rip: number): void {
    const e = this.#e;
    e.i32(0);
    e.load('i32.load', REGION_BUDGET);
    e.i32(0);
    e.op(0x48); // i32.lt_s
    e.openUnlikely();
    this.#addresses.i64(e, rip);
    e.op(Wasm.return);
    e.end();
  }
  /** Where the region is entered: takes `cost` off the budget, goes back if there is none left. */
  enter(e: Emitter, cost: number): void {
    const left = this.budget ?? this.#locals.keep('i32');
    e.i32(0);
    e.i32(0);
    e.load('i32.load', REGION_BUDGET);
    e.i32(cost);
    e.op(0x6b); // i32.sub
    e.tee(left);
    e.store('i32.store', REGION_BUDGET);
    e.get(left);
    goBackIfNegative(e);
  }
  /** Returns to have the instruction at `pc` interpreted. */
  returnInterpret(): void {
    const e = this.#e;
    e.i32(0);
    e.get(this.#pc);
    e.store('i64.store', RIP);
    e.i64(Leave.interpret);
    e.op(Wasm.return);
  }
  /** Calls the region at `target`, else at `pc`. When it does not come back to `next`, all frames return. */
  call(target: number | undefined, next: number): void {
    const e = this.#e;
    if (target === undefined) {
      const place = this.#findPlace();
      e.get(STACK_LEFT);
      e.get(this.#pc);
      e.op(0xa7);
      e.get(place);
    } else {
      e.get(STACK_LEFT);
      this.#addresses.i32(e, target);
      if (target !== this.#self) this.#addresses.place(e, target);
    }
    if (target !== undefined && target === this.#self) e.call(REGION);
    else this.#callIndirect(Wasm.callIndirect);
    e.tee(this.#result);
    this.#addresses.i64(e, next);
    e.op(0x52); // i64.ne
    e.openUnlikely();
    e.get(this.#result);
    e.op(Wasm.return);
    e.end();
  }
  #callIndirect(opcode: number): void {
    this.#e.code.u8(opcode);
    this.#e.code.u32(this.#regionType);
    this.#e.code.u32(0);
  }
  /** A local with the place of the code at `pc`. */
  #findPlace(): number {
    const e = this.#e;
    const place = this.#locals.take('i32'),
      entry = this.#locals.take('i32');
    e.get(this.#pc);
    e.op(0xa7);
    e.tee(entry);
    e.get(entry);
    e.i32(TARGETS_SHIFT);
    e.op(0x76); // i32.shr_u
    e.op(0x73); // i32.xor
    e.i32(TARGETS_ENTRIES - 1);
    e.op(0x71); // i32.and
    e.i32(3);
    e.op(0x74); // i32.shl
    e.tee(entry);
    e.load('i32.load', TARGETS + 4);
    e.set(place);
    e.get(entry);
    e.load('i64.load32_u', TARGETS);
    e.get(this.#pc);
    e.op(0x52); // i64.ne
    e.openUnlikely();
    e.get(this.#pc);
    e.call('region.find');
    e.set(place);
    e.end();
    return place;
  }
  /** Pushes what to return for going on at `pc`. */
  pushPc(): void {
    const e = this.#e;
    e.get(this.#pc);
    e.i64(32n);
    e.op(0x88);
    e.op(0xa7);
    e.open('if');
    this.returnInterpret();
    e.end();
    e.get(this.#pc);
  }

  /** On at a constant address, in place of this region: compiled code there, or back to the interpreter. */
  jump(rip: number): void {
    const e = this.#e;
    this.#giveFrame();
    this.#addresses.i32(e, rip);
    this.#addresses.place(e, rip);
    this.#callIndirect(Wasm.returnCallIndirect);
  }
  /** Pushes the host stack left without this frame. */
  #giveFrame(): void {
    const e = this.#e;
    e.get(STACK_LEFT);
    e.code.u8(Wasm.i32Const);
    this.frames.push(reserve(e.code, true, () => 0));
    e.op(0x6a);
  }

  /** An indirect jump: to the region there, in place of this one. */
  tailJump(): void {
    const e = this.#e;
    const place = this.#findPlace();
    this.#giveFrame();
    e.get(this.#pc);
    e.op(0xa7);
    e.get(place);
    this.#callIndirect(Wasm.returnCallIndirect);
  }

  syscall({ next }: Instruction): void {
    const e = this.#e;
    e.i32(0);
    this.#addresses.i64(e, next);
    e.store('i64.store', RIP);
    e.call('host.syscall');
    e.op(0x45);
    e.open('if');
    e.i32(0);
    e.i32(Exit.syscall);
    e.store('i32.store', EXIT_REASON);
    e.i64(Leave.exit);
    e.op(Wasm.return);
    e.end();
    e.i32(0);
    e.load('i64.load', RIP);
    e.tee(this.#pc);
    this.#addresses.i64(e, next);
    e.op(0x52);
    e.open('if');
    this.pushPc();
    e.op(Wasm.return);
    e.end();
  }
}
