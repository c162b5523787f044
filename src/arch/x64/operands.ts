// Operands as an instruction's meaning sees them: get and set with width, merging and addressing taken care of.

import type { LoadName, StoreName, Type } from '../../ir/ops.ts';
import type { Slot, Value } from '../../ir/value.ts';
import type { X64Builder } from './builder.ts';
import { TMP0, YMM } from './regs.ts';

/** What a size letter means for an access: value type, load and store of register slot or memory, bytes. */
interface Access {
  readonly type: Type;
  readonly load: LoadName;
  readonly store: StoreName;
  readonly bits: number;
}
export const ACCESS = {
  b: { type: 'i32', load: 'i32.load8_u', store: 'i32.store8', bits: 8 },
  w: { type: 'i32', load: 'i32.load16_u', store: 'i32.store16', bits: 16 },
  d: { type: 'i32', load: 'i32.load', store: 'i32.store', bits: 32 },
  q: { type: 'i64', load: 'i64.load', store: 'i64.store', bits: 64 },
  ss: { type: 'f32', load: 'f32.load', store: 'f32.store', bits: 32 },
  sd: { type: 'f64', load: 'f64.load', store: 'f64.store', bits: 64 },
  dq: { type: 'v128', load: 'v128.load', store: 'v128.store', bits: 128 },
  /** A whole YMM register: accessed by part() and setPart(), 128 bits at a time. */
  qq: { type: 'v128', load: 'v128.load', store: 'v128.store', bits: 256 },
  t: { type: 'i64', load: 'i64.load', store: 'i64.store', bits: 80 },
  none: { type: 'i64', load: 'i64.load', store: 'i64.store', bits: 0 },
} as const satisfies Record<string, Access>;
export type AccessName = keyof typeof ACCESS;

/** An operand of a form, after decoding has chosen register or memory and the size. */
export interface OperandSpec {
  readonly kind: 'reg' | 'mem' | 'imm' | 'rel';
  readonly file: 'gpr' | 'vector' | 'mmx' | 'x87' | 'segment' | 'none';
  readonly access: AccessName;
  /** For registers: the field with the slot's address (x87 and segment: with the number). A vector 'imm' is named by imm8[7:4]. */
  readonly field: 'r0' | 'r1' | 'r2' | 'none';
  /**
   * Memory operand with an index register: base + (index << scale) + disp; otherwise base + disp. Of a branch target ('rel'):
   * it stands in TMP0.
   */
  readonly indexed: boolean;
}

/** What a meaning does with a memory operand by get and set. */
export interface OperandUses {
  isRead?: boolean;
  isWritten?: boolean;
  /** Read, then written: checked once, as a write, before it is read (SDM volume 3, 4.7: the error code has W/R set). */
  isChanged?: boolean;
}

export class Operand {
  readonly spec: OperandSpec;
  readonly #b: X64Builder;
  /** Fixed slot when the register is known while building (lifting); otherwise the field of the decoded operation. */
  readonly #slot: Slot;
  #address: Value | undefined;
  #wide: Value | undefined;
  #isChecked = false;
  readonly #uses: OperandUses;

  /** `uses` is noted here, and tells, where it is known already, that memory is both read and written. */
  constructor(b: X64Builder, spec: OperandSpec, slot: Slot, uses: OperandUses = {}) {
    this.#uses = uses;
    this.#b = b;
    this.spec = spec;
    this.#slot = slot;
  }

  /** Width in bits: 8, 16, 32, 64, 80, 128, 256; an immediate has that of the operation. */
  get bits(): number {
    return ACCESS[this.spec.access].bits;
  }
  /** Type of get() and set(): i32 up to 32 bits (zero-extended), i64, f32, f64 or v128. */
  get type(): Type {
    return ACCESS[this.spec.access].type;
  }
  get isMemory(): boolean {
    return this.spec.kind === 'mem';
  }
  get isRegister(): boolean {
    return this.spec.kind === 'reg';
  }

  /** Effective address of a memory operand, i64, segment base included. */
  address(): Value {
    this.#address ??= this.#b.effectiveAddress(this.spec.indexed);
    return this.#address;
  }

  /** The value; an immediate is sign-extended to the operation's size as the SDM says, a branch target is an i64. */
  get(): Value {
    const access = ACCESS[this.spec.access];
    if (access.bits === 256) throw new Error('a 256-bit operand is read by parts');
    switch (this.spec.kind) {
      case 'reg':
        return this.#b.register(access.load, this.#slot);
      case 'mem': {
        this.#uses.isRead = true;
        const address = this.address();
        if (!this.#uses.isChanged) return this.#b.guestLoad(access.load, address);
        this.#b.guestProbe(address, access.bits / 8, true);
        return this.#b.load(access.load, this.#b.wrap(address), 0, 'guest');
      }
      case 'imm': {
        if (this.spec.file === 'vector') return this.part(access.load, 0);
        const value = this.#b.immediate();
        return access.type === 'i64' ? value : this.#b.wrap(value);
      }
      case 'rel':
        return this.spec.indexed ? this.#b.slot('i64.load', TMP0) : this.#b.target();
    }
  }

  /**
   * Writes the operand. A 32-bit general register is zero-extended to 64 bits; narrower registers and the low lanes of
   * vector registers leave the rest unchanged.
   */
  set(value: Value): void {
    const access = ACCESS[this.spec.access];
    if (access.bits === 256) throw new Error('a 256-bit operand is written by parts');
    if (this.spec.kind === 'mem') {
      this.#uses.isWritten = true;
      if (!this.#uses.isChanged) return this.#b.guestStore(access.store, this.address(), value);
      return this.#b.store(access.store, this.#b.wrap(this.address()), value, 0, 'guest');
    }
    if (this.spec.file === 'gpr' && access.bits === 32) this.#b.setRegister('i64.store', this.#slot, this.#b.zext(value));
    else this.#b.setRegister(access.store, this.#slot, value);
  }

  /** Writes the low lane of a vector register and zeroes its other bits up to 127 (movss and movsd loads, movd, movq). */
  setZeroing(value: Value): void {
    const b = this.#b;
    if (this.spec.kind === 'mem') return this.set(value);
    const bits: Value =
      value.type === 'f32'
        ? b.zext(b.op('i32.reinterpret_f32', value))
        : value.type === 'f64'
          ? b.op('i64.reinterpret_f64', value)
          : b.zext(value);
    b.setRegister('i64.store', this.#slot, bits);
    b.setRegister('i64.store', this.#part(8), b.i64(0));
  }

  /** Part of a register or memory operand by byte offset, with any load: src.part('i64.load', 8) is the high half. */
  part(load: LoadName, offset: number): Value {
    if (this.bits === 256 && this.isMemory) return this.#b.load(load, this.#checked(false), offset, 'guest');
    if (this.spec.kind === 'mem') return this.#b.guestLoad(load, offset ? this.#b.add(this.address(), offset) : this.address());
    if (this.spec.kind === 'imm') {
      const number = this.#b.shrU(this.#b.and(this.#b.wrap(this.#b.immediate()), 0xff), 4);
      return this.#b.load(load, this.#b.shl(number, 5), YMM + offset);
    }
    return this.#b.register(load, this.#part(offset));
  }
  setPart(store: StoreName, offset: number, value: Value): void {
    if (this.bits === 256 && this.isMemory) this.#b.store(store, this.#checked(true), value, offset, 'guest');
    else if (this.spec.kind === 'mem')
      this.#b.guestStore(store, offset ? this.#b.add(this.address(), offset) : this.address(), value);
    else this.#b.setRegister(store, this.#part(offset), value);
  }

  /** The address (i32) of 32 bytes of memory, which are checked at the first use, all at once. */
  #checked(isWrite: boolean): Value {
    this.#wide ??= this.#b.wrap(this.address());
    if (!this.#isChecked) this.#b.guestProbe(this.address(), 32, isWrite);
    this.#isChecked = true;
    return this.#wide;
  }

  /** Element of the vector index of a VSIB operand, by byte offset. */
  vectorIndex(load: LoadName, offset: number): Value {
    return this.#b.register(load, { at: 'field', field: 'index', plus: offset });
  }
  /** Slot of that register, as i32. */
  vectorIndexNumber(): Value {
    return this.#b.slotNumber({ at: 'field', field: 'index', plus: 0 });
  }

  /** Number of an x87 stack register or segment register, or the slot's address, as i32. */
  number(): Value {
    return this.#b.slotNumber(this.#slot);
  }

  #part(offset: number): Slot {
    const slot = this.#slot;
    return slot.at === 'fixed' ? { at: 'fixed', address: slot.address + offset } : { ...slot, plus: slot.plus + offset };
  }
}
