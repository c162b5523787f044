// IR as text: a line a statement; a value that reads state, or is used more than once, gets a name.

import { argsOf, bodiesOf, operandsOf } from './walk.ts';
import type { FlagsUpdate, Label, Slot, Statement, Value, ValueNode, Variable } from './value.ts';

/** What an operation's fields are: of one that was decoded, its registers and numbers. */
export interface FieldTexts {
  slot(slot: Slot): string;
  field(field: Extract<ValueNode, { kind: 'field' }>['field'], slot: Slot | undefined): string;
}

/** The fields by their names. */
export const fieldNames: FieldTexts = {
  slot: (slot) => (slot.at === 'fixed' ? `[0x${slot.address.toString(16)}]` : slot.field + (slot.plus ? `+${slot.plus}` : '')),
  field: (field) => field,
};

export function irText(statements: readonly Statement[], fields: FieldTexts = fieldNames): string[] {
  return new Writer(fields).write(statements);
}

class Writer {
  readonly #fields: FieldTexts;
  readonly #uses = new Map<Value, number>();
  readonly #names = new Map<Value | Variable | Label, string>();
  readonly #lines: string[] = [];

  constructor(fields: FieldTexts) {
    this.#fields = fields;
  }

  write(statements: readonly Statement[]): string[] {
    this.#count(statements);
    this.#block(statements, '');
    return this.#lines;
  }

  #count(statements: readonly Statement[]): void {
    for (const statement of statements) {
      for (const value of operandsOf(statement)) this.#use(value);
      for (const body of bodiesOf(statement)) this.#count(body);
    }
  }
  #use(value: Value): void {
    const uses = this.#uses.get(value) ?? 0;
    this.#uses.set(value, uses + 1);
    if (uses === 0) for (const arg of argsOf(value)) this.#use(arg);
  }

  #block(statements: readonly Statement[], indent: string): void {
    for (const statement of statements) {
      if (statement.kind === 'eval') this.#eval(statement.value, indent);
      else {
        this.#lines.push(indent + this.#statement(statement));
        const bodies = bodiesOf(statement);
        bodies.forEach((body, i) => {
          if (i > 0 && body.length > 0) this.#lines.push(`${indent}else`);
          this.#block(body, `${indent}  `);
        });
      }
    }
  }

  /** What reads state is told where it happens: by the time of its use the state may be another. */
  #eval(value: Value, indent: string): void {
    const uses = this.#uses.get(value) ?? 0;
    const { kind } = value.node;
    if (kind === 'const' || kind === 'v128const' || kind === 'field') return;
    const isPure = kind === 'op' || kind === 'select';
    if (uses > (isPure ? 1 : 0)) {
      const text = this.#compute(value);
      this.#lines.push(`${indent}${this.#name(value, '%')} = ${text}`);
    } else if (kind === 'guestLoad') this.#lines.push(indent + this.#compute(value));
  }

  #name(what: Value | Variable | Label, prefix: string): string {
    let name = this.#names.get(what);
    if (name === undefined) this.#names.set(what, (name = prefix + this.#names.size));
    return name;
  }

  #value = (value: Value): string => this.#names.get(value) ?? this.#compute(value);
  #list = (values: readonly Value[]): string => values.map(this.#value).join(', ');

  #compute({ node }: Value): string {
    switch (node.kind) {
      case 'const':
        return String(node.value);
      case 'v128const':
        return `v128(${node.bytes.join(' ')})`;
      case 'op': {
        const immediates = [
          ...(node.lane === undefined ? [] : [`#${node.lane}`]),
          ...(node.lanes ? [`#${node.lanes.join(' ')}`] : []),
        ];
        return `${node.op}(${[...node.args.map(this.#value), ...immediates].join(', ')})`;
      }
      case 'select':
        return `select(${this.#list(node.args)})`;
      case 'load':
        return `${node.op} ${node.memory}[${this.#list(node.args)}${node.offset ? ` + ${node.offset}` : ''}]`;
      case 'guestLoad':
        return `${node.op} [${this.#list(node.args)}]`;
      case 'register':
        return node.op === 'i64.load' || node.op === 'v128.load'
          ? this.#fields.slot(node.slot)
          : `${node.op} ${this.#fields.slot(node.slot)}`;
      case 'field':
        return this.#fields.field(node.field, node.slot);
      case 'variable':
        return this.#name(node.variable, 'v');
      case 'call':
        return `${node.callee}(${this.#list(node.args)})`;
      case 'condition':
        return `condition ${node.condition}`;
      case 'flags':
        return 'flags';
    }
  }

  #statement(s: Exclude<Statement, { kind: 'eval' }>): string {
    switch (s.kind) {
      case 'set':
        return `${this.#name(s.variable, 'v')} = ${this.#value(s.value)}`;
      case 'store':
        return `${s.op} ${s.memory}[${this.#value(s.address)}${s.offset ? ` + ${s.offset}` : ''}] = ${this.#value(s.value)}`;
      case 'guestStore':
        return `${s.op} [${this.#value(s.address)}] = ${this.#value(s.value)}`;
      case 'guestProbe':
        return `probe ${s.isWrite ? 'write' : 'read'} ${s.size} [${this.#value(s.address)}]`;
      case 'register':
        return `${s.op === 'i64.store' || s.op === 'v128.store' ? '' : `${s.op} `}${this.#fields.slot(s.slot)} = ${this.#value(s.value)}`;
      case 'setFlags':
        return `flags = ${this.#flags(s.update)}`;
      case 'if':
      case 'again':
        return `${s.kind} ${this.#value(s.condition)}`;
      case 'loop':
        return `loop ${this.#name(s.label, 'L')}`;
      case 'switch':
        return `switch ${this.#value(s.value)}`;
      case 'break':
      case 'continue':
        return `${s.kind} ${this.#name(s.label, 'L')}`;
      case 'call': {
        const results = s.results.map((variable) => this.#name(variable, 'v')).join(', ');
        return `${results ? `${results} = ` : ''}${s.callee}(${this.#list(s.args)})`;
      }
      case 'copy':
        return `copy ${s.toMemory}[${this.#value(s.to)}] = ${s.fromMemory}[${this.#value(s.from)}], ${this.#value(s.bytes)} bytes`;
      case 'fill':
        return `fill ${s.memory}[${this.#value(s.to)}] = ${this.#value(s.value)}, ${this.#value(s.bytes)} bytes`;
      case 'return':
        return `return ${this.#list(s.values)}`;
      case 'jump':
        return `jump ${this.#value(s.target)}`;
      case 'branch':
        return `branch ${this.#value(s.target)} if ${this.#value(s.condition)}`;
      case 'raise':
        return `raise ${s.vector}${s.isTrap ? ' behind' : ''}`;
      case 'raiseFetch':
        return `raise fetch ${this.#value(s.address)}`;
      case 'retranslate':
      case 'syscall':
        return s.kind;
    }
  }

  #flags(update: FlagsUpdate): string {
    if (update.how === 'raw') return this.#value(update.value);
    if (update.how === 'part') return `part 0x${update.mask.toString(16)} ${this.#value(update.bits)}`;
    if (update.how === 'order') return `order(${this.#value(update.x)}, ${this.#value(update.y)})`;
    const { how, bits, x } = update;
    return `${how}${bits}(${this.#value(x)}, ${this.#value(how === 'result' ? update.rest : update.y)})`;
  }
}
