// Builds IR bodies: expressions are Value objects, effects are statements appended in order.
//
// A value is computed where it is created, whatever its later uses; the emitter inlines it where that changes nothing.
// Numbers may stand for constants wherever the type is known from another argument.

import { type LoadName, loads, type OpName, ops, type StoreName, stores, type Type } from './ops.ts';
import { Label, type MemoryName, type Statement, Value, Variable } from './value.ts';

export type Operandish = Value | number | bigint;

export class Builder {
  #statements: Statement[] = [];

  /** The statements built so far at the outermost level. */
  get statements(): readonly Statement[] {
    return this.#statements;
  }

  /** Appends a statement; later ones are appended after it. */
  emit(statement: Statement): void {
    this.#statements.push(statement);
  }

  protected value(value: Value): Value {
    this.#statements.push({ kind: 'eval', value });
    return value;
  }

  /** Runs `body` with a fresh statement list and returns that list. */
  protected nested(body: () => void): Statement[] {
    const outer = this.#statements;
    const inner: Statement[] = [];
    this.#statements = inner;
    try {
      body();
    } finally {
      this.#statements = outer;
    }
    return inner;
  }

  // constants
  const(type: Type, value: number | bigint): Value {
    return new Value(type, { kind: 'const', value });
  }
  i32 = (value: number): Value => this.const('i32', value);
  i64 = (value: number | bigint): Value => this.const('i64', BigInt(value));
  v128(bytes: readonly number[]): Value {
    return new Value('v128', { kind: 'v128const', bytes: Uint8Array.from(bytes) });
  }
  /** A vector constant of two 64-bit lanes. */
  v128of64(low: bigint, high: bigint): Value {
    const bytes = new Uint8Array(16);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, low), true);
    new DataView(bytes.buffer).setBigUint64(8, BigInt.asUintN(64, high), true);
    return new Value('v128', { kind: 'v128const', bytes });
  }

  /** Any row of the operation table: b.op('i64.add', x, 1). Numbers become constants of the type the row asks for. */
  op(name: OpName, ...args: Operandish[]): Value {
    const row = ops[name];
    const values = row.args.map((type, i) => this.#coerce(args[i] as Operandish, type, name));
    return this.value(new Value(row.result, { kind: 'op', op: name, args: values }));
  }
  /** A lane operation: b.lane('i32x4.extract_lane', 2, v). */
  lane(name: OpName, lane: number, ...args: Operandish[]): Value {
    const row = ops[name];
    const values = row.args.map((type, i) => this.#coerce(args[i] as Operandish, type, name));
    return this.value(new Value(row.result, { kind: 'op', op: name, args: values, lane }));
  }
  /** Sixteen byte lanes picked from the 32 bytes of x then y. */
  shuffle(x: Value, y: Value, lanes: readonly number[]): Value {
    return this.value(new Value('v128', { kind: 'op', op: 'i8x16.shuffle', args: [x, y], lanes }));
  }

  #coerce(value: Operandish, type: Type, what: string): Value {
    if (!(value instanceof Value)) return type === 'i64' ? this.i64(value) : this.const(type, Number(value));
    if (value.type !== type) throw new Error(`${what}: ${value.type} where ${type} is wanted`);
    return value;
  }
  #binary(name: string, x: Operandish, y: Operandish): Value {
    const type = x instanceof Value ? x.type : y instanceof Value ? y.type : 'i32';
    return this.op(`${type}.${name}` as OpName, x, y);
  }
  #unary(name: string, x: Value): Value {
    return this.op(`${x.type}.${name}` as OpName, x);
  }

  // integer and float arithmetic; the type follows the arguments
  add = (x: Operandish, y: Operandish): Value => this.#binary('add', x, y);
  sub = (x: Operandish, y: Operandish): Value => this.#binary('sub', x, y);
  mul = (x: Operandish, y: Operandish): Value => this.#binary('mul', x, y);
  and = (x: Operandish, y: Operandish): Value => this.#binary('and', x, y);
  or = (x: Operandish, y: Operandish): Value => this.#binary('or', x, y);
  xor = (x: Operandish, y: Operandish): Value => this.#binary('xor', x, y);
  shl = (x: Operandish, y: Operandish): Value => this.#binary('shl', x, y);
  shrU = (x: Operandish, y: Operandish): Value => this.#binary('shr_u', x, y);
  shrS = (x: Operandish, y: Operandish): Value => this.#binary('shr_s', x, y);
  rotl = (x: Operandish, y: Operandish): Value => this.#binary('rotl', x, y);
  rotr = (x: Operandish, y: Operandish): Value => this.#binary('rotr', x, y);
  divU = (x: Operandish, y: Operandish): Value => this.#binary('div_u', x, y);
  divS = (x: Operandish, y: Operandish): Value => this.#binary('div_s', x, y);
  remU = (x: Operandish, y: Operandish): Value => this.#binary('rem_u', x, y);
  remS = (x: Operandish, y: Operandish): Value => this.#binary('rem_s', x, y);
  // comparisons: i32 0 or 1
  eq = (x: Operandish, y: Operandish): Value => this.#binary('eq', x, y);
  ne = (x: Operandish, y: Operandish): Value => this.#binary('ne', x, y);
  ltU = (x: Operandish, y: Operandish): Value => this.#binary('lt_u', x, y);
  ltS = (x: Operandish, y: Operandish): Value => this.#binary('lt_s', x, y);
  gtU = (x: Operandish, y: Operandish): Value => this.#binary('gt_u', x, y);
  gtS = (x: Operandish, y: Operandish): Value => this.#binary('gt_s', x, y);
  leU = (x: Operandish, y: Operandish): Value => this.#binary('le_u', x, y);
  leS = (x: Operandish, y: Operandish): Value => this.#binary('le_s', x, y);
  geU = (x: Operandish, y: Operandish): Value => this.#binary('ge_u', x, y);
  geS = (x: Operandish, y: Operandish): Value => this.#binary('ge_s', x, y);
  eqz = (x: Value): Value => this.#unary('eqz', x);
  clz = (x: Value): Value => this.#unary('clz', x);
  ctz = (x: Value): Value => this.#unary('ctz', x);
  popcnt = (x: Value): Value => this.#unary('popcnt', x);
  not = (x: Value): Value => this.xor(x, -1);
  neg = (x: Value): Value => this.sub(0, x);

  /** i32 from i64 (low half) or i32 unchanged. */
  wrap = (x: Value): Value => (x.type === 'i64' ? this.op('i32.wrap_i64', x) : x);
  /** i64 from i32, zero-extended; i64 unchanged. */
  zext = (x: Value): Value => (x.type === 'i32' ? this.op('i64.extend_i32_u', x) : x);
  /** i64 from i32, sign-extended; i64 unchanged. */
  sext = (x: Value): Value => (x.type === 'i32' ? this.op('i64.extend_i32_s', x) : x);
  /** An i64 or i32 brought to `type`, zero-extending. */
  as = (type: 'i32' | 'i64', x: Value): Value => (type === 'i64' ? this.zext(x) : this.wrap(x));
  /** The low `bits` of x, sign-extended within its type. */
  sextBits(x: Value, bits: number): Value {
    if (bits === 64 || (bits === 32 && x.type === 'i32')) return x;
    return this.op(`${x.type}.extend${bits}_s` as OpName, x);
  }
  /** The low `bits` of x, zero-extended within its type. */
  zextBits(x: Value, bits: number): Value {
    if (bits === 64 || (bits === 32 && x.type === 'i32')) return x;
    return this.and(x, bits === 32 ? 0xffffffffn : (1 << bits) - 1);
  }
  /** `yes` if the i32 condition is not 0. Both are computed. */
  select(condition: Value, yes: Operandish, no: Operandish): Value {
    const type = yes instanceof Value ? yes.type : no instanceof Value ? no.type : 'i32';
    const values = [
      this.#coerce(yes, type, 'select'),
      this.#coerce(no, type, 'select'),
      this.#coerce(condition, 'i32', 'select'),
    ] as const;
    return this.value(new Value(type, { kind: 'select', args: values }));
  }

  // unchecked memory (state memory by default): tables, register file, guest bytes already checked
  load(op: LoadName, address: Operandish, offset = 0, memory: MemoryName = 'state'): Value {
    return this.value(new Value(loads[op][1], { kind: 'load', op, memory, args: [this.#coerce(address, 'i32', op)], offset }));
  }
  store(op: StoreName, address: Operandish, value: Operandish, offset = 0, memory: MemoryName = 'state'): void {
    this.emit({
      kind: 'store',
      op,
      memory,
      address: this.#coerce(address, 'i32', op),
      value: this.#coerce(value, stores[op][1], op),
      offset,
    });
  }
  copy(to: Value, from: Value, bytes: Value, toMemory: MemoryName, fromMemory: MemoryName): void {
    this.emit({ kind: 'copy', to, from, bytes, toMemory, fromMemory });
  }
  fill(to: Value, value: Value, bytes: Value, memory: MemoryName): void {
    this.emit({ kind: 'fill', to, value, bytes, memory });
  }

  // variables and control
  variable(type: Type, initial?: Operandish): MutableValue {
    const variable = new Variable(type);
    const box: MutableValue = {
      variable,
      get: () => this.value(new Value(type, { kind: 'variable', variable, args: [] })),
      set: (value) => this.emit({ kind: 'set', variable, value: this.#coerce(value, type, 'set') }),
    };
    if (initial !== undefined) box.set(initial);
    return box;
  }
  if(condition: Value, then: () => void, otherwise?: () => void): void {
    const yes = this.nested(then);
    this.emit({
      kind: 'if',
      condition: this.#coerce(condition, 'i32', 'if'),
      then: yes,
      otherwise: otherwise ? this.nested(otherwise) : [],
    });
  }
  /** Repeats until broken out of: the end of the body goes back to its start. */
  loop(body: (loop: { break(): void; continue(): void }) => void): void {
    const label = new Label();
    const statements = this.nested(() =>
      body({ break: () => this.emit({ kind: 'break', label }), continue: () => this.emit({ kind: 'continue', label }) }),
    );
    this.emit({ kind: 'loop', label, body: statements });
  }
  /** Runs the case whose number `value` (i32) is. */
  switch(value: Value, cases: readonly (() => void)[], otherwise?: () => void): void {
    const bodies = cases.map((body) => this.nested(body));
    this.emit({ kind: 'switch', value, cases: bodies, otherwise: otherwise ? this.nested(otherwise) : [] });
  }
  /** Calls a function of the module for its effects and results. */
  call(callee: string, args: readonly Value[], results: readonly Type[] = []): Value[] {
    const boxes = results.map((type) => this.variable(type));
    this.emit({ kind: 'call', callee, args, results: boxes.map((box) => box.variable) });
    return boxes.map((box) => box.get());
  }
  /** Calls a pure function of one result (no effects, no state read). */
  pure(callee: string, result: Type, ...args: Value[]): Value {
    return this.value(new Value(result, { kind: 'call', callee, args }));
  }
  return(...values: Value[]): void {
    this.emit({ kind: 'return', values });
  }
}

export interface MutableValue {
  readonly variable: Variable;
  get(): Value;
  set(value: Operandish): void;
}
