// Turns IR bodies into WebAssembly instructions; what is the guest's (registers, checked memory, flags, jumps) goes to a Lowering.
//
// A value is computed where it was created. It is written straight into the expression that uses it if it is used once
// and no effect stands in between; otherwise it goes to a local. Values that read no state may move freely.

import { type LoadName, loads, ops, type StoreName, stores, type Type } from '../../ir/ops.ts';
import { argsOf, bodiesOf, operandsOf } from '../../ir/walk.ts';
import type { Condition, FlagsUpdate, Label, MemoryName, Slot, Statement, Value, Variable } from '../../ir/value.ts';
import { type Bytes, Wasm } from './encode.ts';

/** Emits what only the surroundings of a body know. Each method leaves its result on the Wasm stack. */
export interface Lowering {
  register(e: Emitter, op: LoadName, slot: Slot): void;
  setRegister(e: Emitter, op: StoreName, slot: Slot, value: Value): void;
  field(e: Emitter, field: 'imm' | 'target' | 'disp' | 'scale' | 'rip' | 'next' | 'slot', slot: Slot | undefined): void;
  guestLoad(e: Emitter, op: LoadName, address: Value): void;
  guestStore(e: Emitter, op: StoreName, address: Value, value: Value): void;
  guestProbe(e: Emitter, address: Value, size: number, isWrite: boolean): void;
  condition(e: Emitter, condition: Condition): void;
  flags(e: Emitter): void;
  setFlags(e: Emitter, update: FlagsUpdate): void;
  jump(e: Emitter, target: Value, direct: boolean): void;
  branch(e: Emitter, condition: Value, target: Value): void;
  raise(e: Emitter, vector: number, isTrap: boolean): void;
  raiseFetch(e: Emitter, address: Value): void;
  retranslate(e: Emitter): void;
  syscall(e: Emitter): void;
  again(e: Emitter, condition: Value): void;
}

/** Numbers of the memories in a module. */
export type MemoryIndexes = Readonly<Record<MemoryName, number>>;
const STATE_FIRST: MemoryIndexes = { state: 0, guest: 1 };

/** Local variables of one function: taken by type, given back all at once. */
export class Locals {
  readonly #first: number;
  readonly types: Type[] = [];
  readonly #free = new Map<Type, number[]>();
  readonly #all: { type: Type; index: number }[] = [];
  /** Since the last reset. */
  #taken = 0;

  constructor(first: number) {
    this.#first = first;
  }
  take(type: Type): number {
    this.#taken++;
    const free = this.#free.get(type)?.pop();
    if (free !== undefined) return free;
    const index = this.#first + this.types.push(type) - 1;
    this.#all.push({ type, index });
    return index;
  }
  /** Makes every local free again, except those taken through `keep`. */
  reset(): void {
    if (this.#taken === 0) return;
    this.#taken = 0;
    for (const list of this.#free.values()) list.length = 0;
    for (let i = this.#all.length - 1; i >= 0; i--) {
      const { type, index } = this.#all[i] as { type: Type; index: number };
      const list = this.#free.get(type);
      if (list) list.push(index);
      else this.#free.set(type, [index]);
    }
  }
  /** A local that reset() does not give back. */
  keep(type: Type): number {
    return this.#first + this.types.push(type) - 1;
  }
}

/** Of bodies that were emitted before: rows come up again and again. */
const known = new WeakMap<readonly Statement[], ReadonlyMap<Value, number>>();

/** How often each value of a body is used. */
function usesIn(body: readonly Statement[]): ReadonlyMap<Value, number> {
  const found = known.get(body);
  if (found) return found;
  const uses = new Map<Value, number>();
  const visit = (value: Value): void => {
    if (uses.has(value)) return;
    uses.set(value, 0);
    for (const arg of argsOf(value)) use(arg);
  };
  const use = (value: Value): void => {
    visit(value);
    uses.set(value, (uses.get(value) ?? 0) + 1);
  };
  const count = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'eval') {
        if (statement.value.node.kind === 'guestLoad') visit(statement.value);
        continue;
      }
      for (const value of operandsOf(statement)) use(value);
      for (const inner of bodiesOf(statement)) count(inner);
    }
  };
  count(body);
  known.set(body, uses);
  return uses;
}

export class Emitter {
  readonly code: Bytes;
  readonly locals: Locals;
  /** Blocks, loops and ifs open around the next instruction. */
  depth = 0;
  /** Places of branches that are seldom taken. */
  readonly unlikely: { at: number }[] = [];
  readonly #lowering: Lowering;
  readonly #functionIndex: (name: string) => number;
  readonly #params: ReadonlyMap<Variable, number>;
  readonly #memories: MemoryIndexes;
  #uses: ReadonlyMap<Value, number> = new Map();
  #home = new Map<Value, number>();
  #variables = new Map<Variable, number>();
  #pending: Value[] = [];
  #labels = new Map<Label, { start: number; exit: number }>();

  constructor(
    code: Bytes,
    locals: Locals,
    lowering: Lowering,
    functionIndex: (name: string) => number,
    params: ReadonlyMap<Variable, number> = new Map(),
    memories: MemoryIndexes = STATE_FIRST,
  ) {
    this.#memories = memories;
    this.code = code;
    this.locals = locals;
    this.#lowering = lowering;
    this.#functionIndex = functionIndex;
    this.#params = params;
  }

  body(statements: readonly Statement[]): void {
    this.#uses = usesIn(statements);
    if (this.#home.size > 0) this.#home = new Map();
    if (this.#variables.size > 0) this.#variables = new Map();
    if (this.#pending.length > 0) this.#pending = [];
    this.#block(statements);
  }

  // raw instructions, for lowerings
  op(code: number): void {
    this.code.opcode(code);
  }
  i32(value: number): void {
    this.code.u8(Wasm.i32Const);
    this.code.s32(value);
  }
  i64(value: bigint): void {
    this.code.u8(Wasm.i64Const);
    this.code.s64(value);
  }
  get(local: number): void {
    this.code.u8(Wasm.localGet);
    this.code.u32(local);
  }
  set(local: number): void {
    this.code.u8(Wasm.localSet);
    this.code.u32(local);
  }
  tee(local: number): void {
    this.code.u8(Wasm.localTee);
    this.code.u32(local);
  }
  load(op: LoadName, offset: number, memory: MemoryName = 'state'): void {
    this.op(loads[op][0]);
    this.#memarg(offset, memory);
  }
  store(op: StoreName, offset: number, memory: MemoryName = 'state'): void {
    this.op(stores[op][0]);
    this.#memarg(offset, memory);
  }
  #memarg(offset: number, memory: MemoryName): void {
    this.memory(memory);
    this.code.u32(offset);
  }
  /** The part of a load or store behind its opcode, up to the offset: alignment 1 and the memory's number. */
  memory(memory: MemoryName): void {
    const index = this.#memories[memory];
    if (index === 0) this.code.u8(0);
    else {
      this.code.u8(0x40);
      this.code.u32(index);
    }
  }
  call(name: string): void {
    this.code.u8(Wasm.call);
    this.code.u32(this.#functionIndex(name));
  }
  /** Opens a block, loop or if with no parameters and at most one result. */
  open(kind: 'block' | 'loop' | 'if', result?: number): void {
    this.code.u8(Wasm[kind]);
    this.code.u8(result ?? Wasm.voidBlock);
    this.depth++;
  }
  /** Opens an `if` whose condition is seldom true; the place is noted in `unlikely`. */
  openUnlikely(): void {
    this.unlikely.push({ at: this.code.length });
    this.open('if');
  }
  /** A branch that is seldom taken. */
  brUnlikely(at: number): void {
    this.unlikely.push({ at: this.code.length });
    this.br(at, true);
  }
  else(): void {
    this.code.u8(Wasm.else);
  }
  end(): void {
    this.code.u8(Wasm.end);
    this.depth--;
  }
  /** Branches to the label that was opened when `depth` was `at - 1` (so `at` = depth just after opening it). */
  br(at: number, conditional = false): void {
    this.code.u8(conditional ? Wasm.brIf : Wasm.br);
    this.code.u32(this.depth - at);
  }

  /** Pushes a value. */
  push(value: Value): void {
    const home = this.#home.get(value);
    if (home !== undefined) return this.get(home);
    if (this.#pending.length) {
      const at = this.#pending.indexOf(value);
      if (at >= 0) this.#pending.splice(at, 1);
    }
    this.#compute(value);
  }

  /** Whether a local holds the value, so that it is of an earlier moment. */
  isKept(value: Value): boolean {
    return this.#home.has(value);
  }

  /** A value that will not be pushed after all. */
  skip(value: Value): void {
    const at = this.#pending.indexOf(value);
    if (at >= 0) this.#pending.splice(at, 1);
    if (!this.#home.has(value)) for (const arg of argsOf(value)) this.skip(arg);
  }

  /** Pushes a value and leaves a copy in a fresh local, whose number is returned. */
  pushTee(value: Value): number {
    const home = this.#home.get(value);
    if (home !== undefined) {
      this.get(home);
      return home;
    }
    this.push(value);
    const local = this.locals.take(value.type);
    this.tee(local);
    return local;
  }

  #compute(value: Value): void {
    const { node, type } = value;
    switch (node.kind) {
      case 'const':
        if (type === 'i64') this.i64(BigInt(node.value));
        else if (type === 'i32') this.i32(Number(node.value));
        else if (type === 'f64') {
          this.op(Wasm.f64Const);
          this.code.f64(Number(node.value));
        } else {
          this.op(Wasm.f32Const);
          this.code.f32(Number(node.value));
        }
        return;
      case 'v128const':
        this.op(Wasm.v128Const);
        this.code.raw(node.bytes);
        return;
      case 'op':
        for (const arg of node.args) this.push(arg);
        this.op(ops[node.op].opcode);
        if (node.lane !== undefined) this.code.u8(node.lane);
        if (node.lanes) this.code.raw(node.lanes);
        return;
      case 'select':
        for (const arg of node.args) this.push(arg);
        if (type === 'v128') {
          this.op(Wasm.selectTyped);
          this.code.raw([1, 0x7b]);
        } else this.op(Wasm.select);
        return;
      case 'load':
        this.push(node.args[0]);
        return this.load(node.op, node.offset, node.memory);
      case 'call':
        for (const arg of node.args) this.push(arg);
        return this.call(node.callee);
      case 'variable':
        return this.get(this.#variable(node.variable));
      case 'guestLoad':
        return this.#lowering.guestLoad(this, node.op, node.args[0]);
      case 'register':
        return this.#lowering.register(this, node.op, node.slot);
      case 'field':
        return this.#lowering.field(this, node.field, node.slot);
      case 'condition':
        return this.#lowering.condition(this, node.condition);
      case 'flags':
        return this.#lowering.flags(this);
    }
  }

  #variable(variable: Variable): number {
    const param = this.#params.get(variable);
    if (param !== undefined) return param;
    let local = this.#variables.get(variable);
    if (local === undefined) {
      local = this.locals.take(variable.type);
      this.#variables.set(variable, local);
    }
    return local;
  }

  // statements
  #block(statements: readonly Statement[]): void {
    for (const statement of statements) this.#statement(statement);
  }

  #readsState(value: Value): boolean {
    if (this.#home.has(value)) return false;
    switch (value.node.kind) {
      case 'const':
      case 'v128const':
      case 'field':
        return false;
      case 'op':
      case 'select':
      case 'call':
        return argsOf(value).some((arg) => this.#readsState(arg));
      default:
        return true;
    }
  }

  #eval(value: Value): void {
    const uses = this.#uses.get(value);
    if (uses === undefined || value.node.kind === 'const' || value.node.kind === 'v128const') return;
    if (uses === 0) {
      this.#compute(value);
      this.op(Wasm.drop);
    } else if (uses === 1) {
      if (this.#readsState(value)) this.#pending.push(value);
    } else this.#settle(value);
  }
  /** Computes a value into a local of its own. */
  #settle(value: Value): void {
    this.push(value);
    const local = this.locals.take(value.type);
    this.set(local);
    this.#home.set(value, local);
  }
  /** Settles every waiting value but those the operands of the coming effect consume. */
  #flush(operands: readonly Value[]): void {
    if (!this.#pending.length) return;
    const wanted = new Set<Value>();
    const reach = (value: Value): void => {
      if (this.#home.has(value) || wanted.has(value)) return;
      wanted.add(value);
      for (const arg of argsOf(value)) reach(arg);
    };
    for (const value of operands) reach(value);
    for (const value of [...this.#pending]) if (!wanted.has(value) && this.#pending.includes(value)) this.#settle(value);
  }

  #statement(s: Statement): void {
    if (s.kind === 'eval') return this.#eval(s.value);
    this.#flush(operandsOf(s));
    const l = this.#lowering;
    switch (s.kind) {
      case 'set':
        this.push(s.value);
        return this.set(this.#variable(s.variable));
      case 'store':
        this.push(s.address);
        this.push(s.value);
        return this.store(s.op, s.offset, s.memory);
      case 'guestStore':
        return l.guestStore(this, s.op, s.address, s.value);
      case 'guestProbe':
        return l.guestProbe(this, s.address, s.size, s.isWrite);
      case 'register':
        return l.setRegister(this, s.op, s.slot, s.value);
      case 'setFlags':
        return l.setFlags(this, s.update);
      case 'if':
        this.push(s.condition);
        this.open('if');
        this.#block(s.then);
        if (s.otherwise.length) {
          this.else();
          this.#block(s.otherwise);
        }
        return this.end();
      case 'loop': {
        this.open('block');
        const exit = this.depth;
        this.open('loop');
        this.#labels.set(s.label, { start: this.depth, exit });
        this.#block(s.body);
        this.br(this.depth);
        this.end();
        return this.end();
      }
      case 'break':
      case 'continue': {
        const label = this.#labels.get(s.label);
        if (!label) throw new Error('break outside of its loop');
        return this.br(s.kind === 'break' ? label.exit : label.start);
      }
      case 'switch':
        return this.#switch(s);
      case 'call':
        for (const arg of s.args) this.push(arg);
        this.call(s.callee);
        for (const result of s.results.toReversed()) this.set(this.#variable(result));
        return;
      case 'copy':
        this.push(s.to);
        this.push(s.from);
        this.push(s.bytes);
        this.op(Wasm.memoryCopy);
        return this.code.raw([this.#memories[s.toMemory], this.#memories[s.fromMemory]]);
      case 'fill':
        this.push(s.to);
        this.push(s.value);
        this.push(s.bytes);
        this.op(Wasm.memoryFill);
        return this.code.u8(this.#memories[s.memory]);
      case 'return':
        for (const value of s.values) this.push(value);
        return this.op(Wasm.return);
      case 'jump':
        return l.jump(this, s.target, s.direct);
      case 'branch':
        return l.branch(this, s.condition, s.target);
      case 'raise':
        return l.raise(this, s.vector, s.isTrap);
      case 'raiseFetch':
        return l.raiseFetch(this, s.address);
      case 'retranslate':
        return l.retranslate(this);
      case 'syscall':
        return l.syscall(this);
      case 'again':
        return l.again(this, s.condition);
    }
  }

  #switch(s: Extract<Statement, { kind: 'switch' }>): void {
    this.open('block');
    const exit = this.depth;
    this.open('block');
    for (let i = 0; i < s.cases.length; i++) this.open('block');
    this.push(s.value);
    this.code.u8(Wasm.brTable);
    this.code.u32(s.cases.length);
    for (let i = 0; i <= s.cases.length; i++) this.code.u32(i);
    for (const body of s.cases) {
      this.end();
      this.#block(body);
      this.br(exit);
    }
    this.end();
    this.#block(s.otherwise);
    this.end();
  }
}
