// The builder that instruction meanings use: IR plus registers, flags, checked memory and control flow of x86-64.
//
// Register and flag writes at the outermost level of a meaning are put off to its end, so that a fault in any memory
// access leaves the state as it was before the instruction, in whatever order the meaning names them. Writes inside
// if, loop and switch happen where they stand: there memory comes before registers.

import { Builder, type Operandish } from '../../ir/builder.ts';
import { type LoadName, loads, type OpName, type StoreName, stores } from '../../ir/ops.ts';
import { type Condition, type FlagsUpdate, type Slot, type Statement, Value } from '../../ir/value.ts';
import { type GprName, gpr, MXCSR_MODE } from './regs.ts';
import { STATUS_FLAGS } from './status-flags.ts';

/** Exception vectors that instructions raise (Intel SDM volume 3, table 6-1). */
export const Vector = { DE: 0, DB: 1, BP: 3, OF: 4, UD: 6, NM: 7, GP: 13, PF: 14, MF: 16, AC: 17, XM: 19 } as const;
export { AF, CF, OF, PF, SF, STATUS_FLAGS, ZF } from './status-flags.ts';

/** What meanings need to know of the engine that compiled code runs on. */
export interface Engine {
  /** relaxed_madd rounds once. */
  readonly hasFusedMadd: boolean;
}

export class X64Builder extends Builder {
  readonly #engine: Engine | undefined;
  readonly #late: Statement[] = [];
  #depth = 0;
  /** Status flags the meaning leaves undefined (SDM), for tests: they compare nothing there. */
  undefinedFlags = 0;
  /** Where the last floating-point operation records its exceptions. */
  #exact: Statement[] | undefined;

  /** For compiled code on an engine, float() has no `exact` part: the instruction is raised, for the interpreter to run. */
  constructor(engine?: Engine) {
    super();
    this.#engine = engine;
  }
  get hasFusedMadd(): boolean {
    return this.#engine?.hasFusedMadd ?? false;
  }

  protected override nested(body: () => void): Statement[] {
    this.#depth++;
    const statements = super.nested(body);
    this.#depth--;
    return statements;
  }

  #effect(statement: Statement): void {
    if (this.#depth === 0) this.#late.push(statement);
    else this.emit(statement);
  }

  /** Everything, with the delayed writes and then the control transfer at the end. */
  finish(): readonly Statement[] {
    this.settleFloat();
    const control = new Set(['jump', 'branch', 'syscall', 'again', 'retranslate']);
    const early = this.statements.filter((statement) => !control.has(statement.kind));
    const last = this.statements.filter((statement) => control.has(statement.kind));
    return [...early, ...this.#late, ...last];
  }

  /**
   * A result of floating-point arithmetic under MXCSR: `ordinary` while MXCSR_MODE is 0, else `exact`, which calls a
   * function of float.ts. Stands at the outermost level, before every write.
   */
  float(ordinary: () => Value, exact: () => Value): Value {
    if (this.#depth > 0) throw new Error('float() inside a condition');
    if (this.#engine) {
      this.#leaveUnderMxcsr();
      return ordinary();
    }
    const mode = this.slot('i32.load', MXCSR_MODE);
    let results: Value[] = [];
    const bodies = [exact, ordinary].map((body) => {
      let value: Value | undefined;
      const statements = this.nested(() => {
        value = body();
      });
      results = [...results, value as unknown as Value];
      return statements;
    }) as [Statement[], Statement[]];
    const result = this.variable((results[0] as Value).type);
    bodies.forEach((statements, i) => statements.push({ kind: 'set', variable: result.variable, value: results[i] as Value }));
    this.emit({ kind: 'if', condition: mode, then: bodies[0], otherwise: bodies[1] });
    this.#exact = bodies[0];
    return result.get();
  }
  /** Compiled code leaves exact arithmetic to the interpreter. */
  #leaveUnderMxcsr(): void {
    this.if(this.slot('i32.load', MXCSR_MODE), () => this.raise(Vector.XM));
  }
  /** Takes the exceptions of the float() operations so far to MXCSR and raises #XM for one that is not masked. */
  settleFloat(): void {
    const exact = this.#exact;
    this.#exact = undefined;
    exact?.push(
      ...this.nested(() => {
        const [isRaised] = this.call('float.settle', [], ['i32']) as [Value];
        this.if(isRaised, () => this.raise(Vector.XM));
      }),
    );
  }

  // registers
  register(op: LoadName, slot: Slot): Value {
    return this.value(new Value(loads[op][1], { kind: 'register', op, slot, args: [] }));
  }
  setRegister(op: StoreName, slot: Slot, value: Operandish): void {
    const type = stores[op][1];
    const operand = value instanceof Value ? value : this.const(type, type === 'i64' ? BigInt(value) : Number(value));
    if (operand.type !== type) throw new Error(`setRegister ${op}: ${operand.type} where ${type} is wanted`);
    this.#effect({ kind: 'register', op, slot, value: operand });
  }
  /** A general register by name, in full (i64) or its low 8, 16, 32 bits (i32, zero-extended). */
  gpr(name: GprName, bits = 64): Value {
    const op = bits === 64 ? 'i64.load' : bits === 32 ? 'i32.load' : bits === 16 ? 'i32.load16_u' : 'i32.load8_u';
    return this.register(op, { at: 'fixed', address: gpr(name) });
  }
  /** Writes a general register; 32 bits zero-extend, 8 and 16 merge. */
  setGpr(name: GprName, value: Value, bits = 64): void {
    const slot: Slot = { at: 'fixed', address: gpr(name) };
    if (bits >= 32) this.setRegister('i64.store', slot, this.zext(value));
    else this.setRegister(bits === 16 ? 'i32.store16' : 'i32.store8', slot, value);
  }
  /** A fixed slot of the state (regs.ts), e.g. b.slot('i32.load', MXCSR). */
  slot(op: LoadName, address: number): Value {
    return this.register(op, { at: 'fixed', address });
  }
  setSlot(op: StoreName, address: number, value: Operandish): void {
    this.setRegister(op, { at: 'fixed', address }, value);
  }

  // fields of the decoded operation
  /** Immediate, i64. */
  immediate(): Value {
    return this.value(new Value('i64', { kind: 'field', field: 'imm', args: [] }));
  }
  /** Branch target, i64 below 4 GiB. */
  target(): Value {
    return this.value(new Value('i64', { kind: 'field', field: 'target', args: [] }));
  }
  /** Address of this instruction and of the next one, i64. */
  rip(): Value {
    return this.value(new Value('i64', { kind: 'field', field: 'rip', args: [] }));
  }
  nextRip(): Value {
    return this.value(new Value('i64', { kind: 'field', field: 'next', args: [] }));
  }
  slotNumber(slot: Slot): Value {
    return this.value(new Value('i32', { kind: 'field', field: 'slot', slot, args: [] }));
  }
  /** Shift of the index, i64. */
  scale(): Value {
    return this.value(new Value('i64', { kind: 'field', field: 'scale', args: [] }));
  }
  effectiveAddress(indexed: boolean): Value {
    const disp = this.sext(this.value(new Value('i32', { kind: 'field', field: 'disp', args: [] })));
    const base = this.register('i64.load', { at: 'field', field: 'base', plus: 0 });
    if (!indexed) return this.add(base, disp);
    const index = this.register('i64.load', { at: 'field', field: 'index', plus: 0 });
    return this.add(this.add(base, disp), this.shl(index, this.scale()));
  }

  // guest memory, page-checked
  guestLoad(op: LoadName, address: Value): Value {
    return this.value(new Value(loads[op][1], { kind: 'guestLoad', op, args: [address] }));
  }
  /** Stores at once (not put off): any later check of the same instruction must have been made before (guestProbe). */
  guestStore(op: StoreName, address: Value, value: Value): void {
    if (value.type !== stores[op][1]) throw new Error(`guestStore ${op}: ${value.type}`);
    this.emit({ kind: 'guestStore', op, address, value });
  }
  /** Faults now if `size` bytes at `address` cannot be read (written). */
  guestProbe(address: Value, size: number, isWrite: boolean): void {
    this.emit({ kind: 'guestProbe', address, size, isWrite });
  }

  // flags
  #flags(update: FlagsUpdate): void {
    this.#effect({ kind: 'setFlags', update });
  }
  /** Flags of x - y at the given width (cmp, sub, neg as 0 - y). */
  flagsSub(x: Value, y: Value, bits: number): void {
    this.#flags({ how: 'sub', x, y, bits });
  }
  flagsAdd(x: Value, y: Value, bits: number): void {
    this.#flags({ how: 'add', x, y, bits });
  }
  /** CF = OF = AF = 0 and ZF, SF, PF of the result (and, or, xor, test). */
  flagsLogic(result: Value, bits: number): void {
    this.#flags({ how: 'sub', x: result, y: result.type === 'i64' ? this.i64(0) : this.i32(0), bits });
  }
  /** ZF, SF, PF of the result; `rest` (i32) has CF in bit 0, AF in bit 4, OF in bit 11. */
  flagsResult(result: Value, rest: Value, bits: number): void {
    this.#flags({ how: 'result', x: result, rest, bits });
  }
  /** All six status flags from an i32 in RFLAGS layout. */
  flagsRaw(value: Value): void {
    this.#flags({ how: 'raw', value });
  }
  /** CF: x < y or unordered, ZF: equal or unordered, PF: unordered (SDM volume 2, COMISD); `exact`: all six, under MXCSR. */
  flagsOrder(x: Value, y: Value, exact: () => Value): void {
    if (this.#engine) {
      this.#leaveUnderMxcsr();
      return this.#flags({ how: 'order', x, y });
    }
    const ordinary = (): Value => {
      const isBelow = this.eqz(this.op(`${x.type}.ge` as OpName, x, y));
      const isUnordered = this.and(isBelow, this.eqz(this.op(`${x.type}.lt` as OpName, x, y)));
      const isEqual = this.or(this.op(`${x.type}.eq` as OpName, x, y), isUnordered);
      return this.or(this.or(isBelow, this.shl(isUnordered, 2)), this.shl(isEqual, 6));
    };
    this.flagsRaw(this.float(ordinary, exact));
  }
  /** Replaces the flags of `mask` by those of `bits` (i32, RFLAGS layout) and leaves the other status flags alone. */
  flagsPart(mask: number, bits: Value): void {
    if (this.#engine) this.#flags({ how: 'part', mask, bits });
    else this.flagsRaw(this.or(this.and(this.flags(), STATUS_FLAGS & ~mask), bits));
  }
  /** The six status flags in RFLAGS layout, i32. */
  flags(): Value {
    return this.value(new Value('i32', { kind: 'flags', args: [] }));
  }
  /** A condition code, i32 0 or 1: b.condition('b') is CF, 'e' ZF, 's' SF, 'o' OF, 'p' PF. */
  condition(condition: Condition): Value {
    return this.value(new Value('i32', { kind: 'condition', condition, args: [] }));
  }
  carry(): Value {
    return this.condition('b');
  }

  // control: the last thing of an instruction
  /** To a computed address (i64). */
  jump(target: Value): void {
    this.emit({ kind: 'jump', target, direct: false });
  }
  /** To the instruction's own branch target (a J operand's get()). */
  jumpDirect(target: Value): void {
    this.emit({ kind: 'jump', target, direct: isOwnTarget(target) });
  }
  /** To the instruction's own branch target if the i32 condition is not 0. */
  branch(condition: Value, target: Value): void {
    if (!isOwnTarget(target)) return this.jump(this.select(condition, target, this.nextRip()));
    this.emit({ kind: 'branch', condition, target });
  }
  /**
   * A conditional branch, of the operation behind this one, on the flags that this meaning sets by comparing: the
   * condition is taken from what was compared rather than from the flags.
   */
  branchOnComparison(condition: Condition): void {
    const statement = this.#late.find(({ kind }) => kind === 'setFlags');
    if (statement?.kind !== 'setFlags' || statement.update.how !== 'sub') throw new Error('no comparison to branch on');
    const { x, y, bits } = statement.update;
    const [left, right] = [this.#extended(x, bits), this.#extended(y, bits)];
    const sign = () => this.ltS(this.sextBits(this.sub(left, right), Math.max(bits, 32)), 0);
    const holds: Partial<Record<Condition, () => Value>> = {
      b: () => this.ltU(left, right),
      ae: () => this.geU(left, right),
      e: () => this.eq(left, right),
      ne: () => this.ne(left, right),
      be: () => this.leU(left, right),
      a: () => this.gtU(left, right),
      l: () => this.ltS(left, right),
      ge: () => this.geS(left, right),
      le: () => this.leS(left, right),
      g: () => this.gtS(left, right),
      s: sign,
      ns: () => this.eqz(sign()),
    };
    const value = holds[condition];
    // For 8 and 16 bits the difference of sign-extended values has no sign of its own width.
    if (!value || (bits < 32 && (condition === 's' || condition === 'ns') && !isZero(y)))
      throw new Error(`cannot branch on ${condition} here`);
    this.branch(value(), this.target());
  }
  #extended(value: Value, bits: number): Value {
    if (value.node.kind !== 'const') return this.sextBits(value, bits);
    return value.type === 'i64' ? value : this.i32(Number(BigInt.asIntN(bits, BigInt(value.node.value))));
  }
  /** Exception with the state as before the instruction; may stand in an `if`, before any write. */
  raise(vector: number): void {
    this.emit({ kind: 'raise', vector, isTrap: false });
  }
  /** Exception that is reported with rip behind this instruction (int3). */
  trap(vector: number): void {
    this.emit({ kind: 'raise', vector, isTrap: true });
  }
  /** Page fault of an instruction fetch at `address` (i64). */
  raiseFetch(address: Value): void {
    this.emit({ kind: 'raiseFetch', address });
  }
  syscall(): void {
    this.emit({ kind: 'syscall' });
  }
  /** Looks up the code at this instruction's address again. */
  retranslate(): void {
    this.emit({ kind: 'retranslate' });
  }
  /** This instruction once more if the i32 condition is not 0 (REP with work left), after looking at the budget. */
  again(condition: Value): void {
    this.emit({ kind: 'again', condition });
  }
}

/** Is it the number in the operation, or one that a micro-operation computed? */
const isOwnTarget = ({ node }: Value): boolean => node.kind === 'field' && node.field === 'target';
const isZero = ({ node }: Value): boolean => node.kind === 'const' && BigInt(node.value) === 0n;
