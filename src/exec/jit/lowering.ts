// How compiled code reaches registers, guest memory and flags: registers in locals, checks shared, flags as compared.

import { type LoadName, loads, type StoreName, stores } from '../../ir/ops.ts';
import type { Condition, FlagsUpdate, Slot, Statement, Value } from '../../ir/value.ts';
import type { MemoryCheck } from '../../arch/arch.ts';
import { SPAN, WINDOW_END, WINDOW_START } from '../layout.ts';
import { pushEntry } from '../page-entry.ts';
import type { Emitter, Locals, Lowering } from '../wasm/emit.ts';
import { Wasm } from '../wasm/encode.ts';
import { addressOf, type Sum } from './address.ts';
import type { Addresses } from './addresses.ts';
import { type Check, Knowledge, type Linear } from './checks.ts';
import { FlagState } from './flag-state.ts';
import type { Homes } from './homes.ts';
import { type Operation, slotAddress } from './operation.ts';
import type { Without } from './passes.ts';
import { reserve } from './patches.ts';
import type { Summaries, Summary } from './summary.ts';
import { each, has, unitBit, type UnitSet, without } from './unit-set.ts';
import { readVector, readWord, type Units, writeVector, writeWord } from './units.ts';

const WRAP = 0xa7;

interface Surroundings {
  readonly units: Units;
  readonly addresses: Addresses;
  readonly memoryCheck: MemoryCheck;
  readonly summaries: Pick<Summaries, 'without'>;
}

export class RegionLowering implements Lowering {
  /** Guest address, i64: set before leaving. */
  readonly pc: number;
  readonly flagState: FlagState;
  knowledge: Knowledge;
  /** Checks whose ranges are to be patched in. */
  readonly checks: Check[] = [];
  /** Jumps to the exit that has the instruction at `pc` interpreted; flags are in their general form by then. */
  leave: (e: Emitter) => void = () => {};
  readonly #without: Without;
  readonly #addresses: Addresses;
  readonly #memoryCheck: MemoryCheck;
  readonly #units: Units;
  readonly #locals: Locals;
  readonly #homes = new Map<number, number>();
  readonly #through: UnitSet;
  readonly #memory: UnitSet;
  #roots = 1;
  #operation!: Operation;
  #summary!: Summary;
  #isInMemory = false;
  /** What registers become when the operation is done: its own values are of before. */
  readonly #coming: (readonly [unit: number, value: Linear])[] = [];

  constructor(
    locals: Locals,
    { units, addresses, memoryCheck, summaries }: Surroundings,
    { used, homes }: { readonly used: UnitSet; readonly homes: Homes },
  ) {
    this.#without = summaries.without;
    this.#locals = locals;
    this.#units = units;
    this.#addresses = addresses;
    this.#memoryCheck = memoryCheck;
    this.pc = locals.keep('i64');
    const flag = (type: 'i32' | 'i64' | 'f32' | 'f64'): number => locals.keep(type);
    this.flagState = new FlagState({
      x: flag('i64'),
      y: flag('i64'),
      kind: flag('i32'),
      x32: flag('i32'),
      y32: flag('i32'),
      x64: flag('i64'),
      y64: flag('i64'),
      part: flag('i32'),
      order: { f32: [flag('f32'), flag('f32')], f64: [flag('f64'), flag('f64')] },
    });
    this.#through = homes.through;
    this.#memory = homes.memory;
    each(without(used, homes.memory), (unit) => this.#homes.set(unit, locals.keep(units.isVector(unit) ? 'v128' : 'i64')));
    this.knowledge = this.unknown();
  }

  /** What locals hold, for people. */
  get localNames(): ReadonlyMap<number, string> {
    const registers = [...this.#homes].map(([unit, local]) => [local, this.#units.list[unit]?.name ?? ''] as const);
    return new Map([[this.pc, 'pc'], ...registers]);
  }

  /** Nothing is known of any register. */
  unknown(): Knowledge {
    return new Knowledge(this.#units.list.map(() => this.#fresh()));
  }
  #fresh(): Linear {
    return { root: this.#roots++, offset: 0 };
  }
  /** A register has changed in a way that is not followed. */
  forget(unit: number, knowledge: Knowledge): void {
    knowledge.registers[unit] = this.#fresh();
  }
  forgetAll(knowledge: Knowledge): void {
    for (let unit = 0; unit < knowledge.registers.length; unit++) this.forget(unit, knowledge);
    knowledge.forgetChecks();
  }

  /** The statements less the guards known to hold. */
  unguarded(statements: readonly Statement[]): readonly Statement[] {
    return this.#without.has('guards') ? statements : this.knowledge.unguarded(statements);
  }
  /** The operation whose meaning comes next; one that is synced finds and leaves registers in memory. */
  begin(operation: Operation, summary: Summary): void {
    this.#operation = operation;
    this.#summary = summary;
    this.#isInMemory = summary.isSynced;
    const { isConditional, repeats, isSynced } = summary;
    this.flagState.isDirect = isConditional || repeats || isSynced || this.#without.has('flag-fusion');
  }
  finish(): void {
    for (const [unit, value] of this.#coming) this.knowledge.registers[unit] = value;
    this.#coming.length = 0;
  }

  // registers and memory
  #home(unit: number): number {
    const home = this.#homes.get(unit);
    if (home === undefined) throw new Error(`unit ${unit} is used without notice`);
    return home;
  }
  spill(e: Emitter, units: UnitSet): void {
    each(units, (unit) => {
      e.i32(0);
      e.get(this.#home(unit));
      e.store(this.#units.isVector(unit) ? 'v128.store' : 'i64.store', this.#units.address(unit));
    });
  }
  load(e: Emitter, units: UnitSet): void {
    each(units, (unit) => {
      e.i32(0);
      e.load(this.#units.isVector(unit) ? 'v128.load' : 'i64.load', this.#units.address(unit));
      e.set(this.#home(unit));
    });
  }

  register(e: Emitter, op: LoadName, slot: Slot): void {
    const address = slotAddress(this.#operation, slot);
    const unit = this.#isInMemory ? -1 : this.#units.at(address);
    if (unit < 0 || has(this.#memory, unit)) {
      if (address === 0) return pushZero(e, op);
      e.i32(0);
      return e.load(op, address);
    }
    const offset = address - this.#units.address(unit);
    if (this.#units.isVector(unit)) readVector(e, this.#home(unit), op, offset);
    else readWord(e, this.#home(unit), op, offset);
  }
  setRegister(e: Emitter, op: StoreName, slot: Slot, value: Value): void {
    const address = slotAddress(this.#operation, slot);
    const unit = this.#isInMemory ? -1 : this.#units.at(address);
    const isVector = unit >= 0 && this.#units.isVector(unit);
    const isFollowed = op === 'i64.store' && unit >= 0 && !isVector && !this.#summary.isConditional;
    const linear = isFollowed ? this.#linear(this.#sum(value)) : undefined;
    if (unit < 0 || has(this.#memory, unit)) {
      e.i32(0);
      e.push(value);
      e.store(op, address);
    } else {
      const offset = address - this.#units.address(unit);
      (isVector ? writeVector : writeWord)(e, this.#home(unit), op, offset, () => e.push(value));
      if (has(this.#through, unit)) this.spill(e, unitBit(unit));
    }
    if (unit >= 0 && !isVector) this.#coming.push([unit, linear ?? this.#fresh()]);
  }
  field(e: Emitter, field: 'imm' | 'target' | 'disp' | 'scale' | 'rip' | 'next' | 'slot', slot: Slot | undefined): void {
    const { imm, disp, scale, distance, rip, next } = this.#operation;
    if (field === 'slot') e.i32(slotAddress(this.#operation, slot as Slot));
    else if (field === 'imm') e.i64(imm);
    else if (field === 'disp' && distance) this.#addresses.i32(e, disp, rip);
    else if (field === 'disp') e.i32(disp);
    else if (field === 'scale') e.i64(BigInt(scale));
    else this.#addresses.i64(e, field === 'target' ? Number(BigInt.asUintN(32, imm)) : field === 'rip' ? rip : next, rip);
  }

  // guest memory
  #sum(value: Value): Sum | undefined {
    return addressOf(value, this.#operation, this.#units);
  }
  /** What is known of a sum of registers; undefined where it is a new number. */
  #linear(sum: Sum | undefined): Linear | undefined {
    if (!sum) return undefined;
    const { registers, sums } = this.knowledge;
    if (this.#operation.distance && sum.base === undefined && sum.index === undefined) {
      const { image } = this.#addresses.relative(this.#operation.rip);
      return { root: -1 - image, offset: sum.offset };
    }
    const base = sum.base === undefined ? { root: 0, offset: 0 } : (registers[sum.base] as Linear);
    if (sum.index === undefined) return { root: base.root, offset: base.offset + sum.offset };
    const index = registers[sum.index] as Linear;
    const offset = base.offset + sum.offset + index.offset * 2 ** sum.scale;
    const key = `${base.root}+${index.root}<<${sum.scale}`;
    let root = sums.get(key);
    if (root === undefined) sums.set(key, (root = this.#roots++));
    return { root, offset };
  }

  /** Pushes the i32 address of an access that is checked by now; the offset to give the access is returned. */
  #access(e: Emitter, address: Value, size: number, isWrite: boolean): Check | number {
    const linear = this.#without.has('shared-checks') ? undefined : this.#linear(this.#sum(address));
    const known = linear && Math.abs(linear.offset) < 2 ** 31 ? linear : undefined;
    let check = known && this.knowledge.find(known, size, isWrite);
    if (!known || !check) {
      const low = known?.offset ?? 0;
      check = this.#check(e, address, { low, size, isWrite, isShared: known !== undefined && !this.#summary.isConditional });
      if (known && !this.#summary.isConditional) this.knowledge.add(known.root, check);
      if (!known) {
        e.get(check.local);
        return 0;
      }
    }
    e.skip(address);
    check.low = Math.min(check.low, known.offset);
    check.high = Math.max(check.high, known.offset + size);
    e.get(check.local);
    this.#at = known.offset;
    return check;
  }
  #at = 0;

  /** Emits a check of an address; the local holds its lower half, less what `low` comes to be. */
  #check(
    e: Emitter,
    address: Value,
    { low, size, isWrite, isShared }: { low: number; size: number; isWrite: boolean; isShared: boolean },
  ): Check {
    const wide = this.#locals.take('i64');
    const local = isShared ? this.#locals.keep('i32') : this.#locals.take('i32');
    const check: Check = { isWrite, local, low, high: low + size, patches: [] };
    e.push(address);
    if (isShared) {
      e.code.u8(Wasm.i64Const);
      check.patches.push(reserve(e.code, true, (first) => first - low));
      e.op(0x7c); // i64.add
    }
    e.tee(wide);
    e.op(WRAP);
    e.set(local);
    this.checks.push(check);
    const plus = (value: (size: number) => number): void => {
      e.get(wide);
      e.code.u8(Wasm.i64Const);
      check.patches.push(reserve(e.code, true, (first, end) => value(end - first)));
      e.op(0x7c); // i64.add
    };
    // No value changes on the way to the slow part, and it calls nothing: either would cost all code around it registers.
    if (this.#memoryCheck === 'window' && !isWrite) {
      // Apart from the address that is used: one that has just been loaded would wait for the sum (bench c, chase).
      plus((size) => size - WINDOW_START);
      e.i64(BigInt(WINDOW_END - WINDOW_START));
      e.op(0x56); // i64.gt_u
    } else {
      e.get(local);
      pushEntry(e, 'i64', isWrite);
      plus((size) => Math.max(0, size - SPAN));
      e.op(0x58); // i64.le_u
    }
    e.openUnlikely();
    // The first and the last byte, by their own pages.
    const last = (): void => plus((size) => size - 1);
    e.get(local);
    pushEntry(e, 'i32', isWrite);
    e.op(0x45); // i32.eqz
    last();
    e.op(WRAP);
    pushEntry(e, 'i32', isWrite);
    e.op(0x45);
    e.op(0x72); // i32.or
    e.get(wide);
    last();
    e.op(0x84); // i64.or
    e.i64(32n);
    e.op(0x88); // i64.shr_u
    e.op(0x50); // i64.eqz
    e.op(0x45);
    e.op(0x72);
    e.openUnlikely();
    this.interpret(e);
    e.end();
    e.end();
    return check;
  }

  /** The offset of an access whose address is on the stack. */
  #offset(e: Emitter, place: Check | number): void {
    if (typeof place === 'number') return e.code.u32(place);
    const at = this.#at;
    place.patches.push(reserve(e.code, false, (first) => at - first));
  }

  guestLoad(e: Emitter, op: LoadName, address: Value): void {
    const place = this.#access(e, address, loads[op][2], false);
    e.op(loads[op][0]);
    e.memory('guest');
    this.#offset(e, place);
  }
  guestStore(e: Emitter, op: StoreName, address: Value, value: Value): void {
    const lane = e.isKept(value) ? undefined : this.#laneOf(op, value);
    if (lane) {
      e.skip(value);
      const place = this.#access(e, address, stores[op][2], true);
      e.get(lane.local);
      e.op(lane.opcode);
      e.memory('guest');
      this.#offset(e, place);
      return e.code.u8(lane.number);
    }
    let saved: number | undefined;
    if (value.node.kind !== 'const') {
      saved = e.pushTee(value);
      e.op(Wasm.drop);
    }
    const place = this.#access(e, address, stores[op][2], true);
    if (saved === undefined) e.push(value);
    else e.get(saved);
    e.op(stores[op][0]);
    e.memory('guest');
    this.#offset(e, place);
  }
  /** The part of a vector that is stored as it is, without a way through a general register. */
  #laneOf(
    op: StoreName,
    { node }: Value,
  ): { readonly local: number; readonly number: number; readonly opcode: number } | undefined {
    const bytes = stores[op][2];
    if (this.#without.has('vector-lanes')) return undefined;
    if (node.kind !== 'register' || loads[node.op][2] !== bytes || (bytes !== 4 && bytes !== 8)) return undefined;
    const address = slotAddress(this.#operation, node.slot);
    const unit = this.#isInMemory ? -1 : this.#units.at(address);
    if (unit < 0 || !this.#units.isVector(unit) || has(this.#memory, unit)) return undefined;
    const number = (address - this.#units.address(unit)) / bytes;
    return { local: this.#home(unit), number, opcode: bytes === 4 ? Wasm.store32Lane : Wasm.store64Lane };
  }
  guestProbe(e: Emitter, address: Value, size: number, isWrite: boolean): void {
    this.#access(e, address, size, isWrite);
    e.op(Wasm.drop);
  }

  // flags
  condition(e: Emitter, condition: Condition): void {
    this.flagState.condition(e, condition);
  }
  flags(e: Emitter): void {
    this.flagState.flags(e);
  }
  setFlags(e: Emitter, update: FlagsUpdate): void {
    this.flagState.set(e, update);
    if (this.#isInMemory) this.flagState.spill(e);
  }

  // control
  /** Leaves to have this instruction interpreted: it faults, or something rare is to be done first. */
  interpret(e: Emitter): void {
    if (!this.#isInMemory) this.flagState.generalise(e);
    this.#addresses.i64(e, this.#operation.rip);
    e.set(this.pc);
    this.leave(e);
  }
  /** Pushes the condition: the region's structure takes it from there. */
  branch(e: Emitter, condition: Value): void {
    e.push(condition);
  }
  /** Leaves an indirect target in `pc`. */
  jump(e: Emitter, target: Value, direct: boolean): void {
    if (direct) return;
    e.push(target);
    e.set(this.pc);
  }
  raise(e: Emitter): void {
    this.interpret(e);
  }
  raiseFetch(e: Emitter): void {
    this.interpret(e);
  }
  retranslate(e: Emitter): void {
    this.interpret(e);
  }
  syscall(): void {}
  /** Set by the region around an instruction that repeats: where it begins, and what looks at the budget. */
  repeat: ((e: Emitter) => void) | undefined;
  again(e: Emitter, condition: Value): void {
    e.push(condition);
    e.open('if');
    this.repeat?.(e);
    e.end();
  }
}

function pushZero(e: Emitter, op: LoadName): void {
  const [, type] = loads[op];
  if (type === 'i64') e.i64(0n);
  else if (type === 'i32') e.i32(0);
  else {
    e.i32(0);
    e.load(op, 0);
  }
}
