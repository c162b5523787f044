// WebAssembly instructions as text, one a line, from the bytes of a function's body (core specification, chapters 5 and 6).

import { loads, ops, stores } from '../../ir/ops.ts';
import { TYPE_CODE, Wasm } from './encode.ts';

export interface InstructionLine {
  /** Place of the instruction in the body. */
  readonly at: number;
  /** Indented by the loops and conditions around it; plain blocks, of which a region has many, are known by their labels. */
  readonly text: string;
}

export interface IndexNames {
  /** Of a local, a function, a memory; undefined leaves the number. */
  readonly local?: (index: number) => string | undefined;
  readonly function?: (index: number) => string | undefined;
  readonly memory?: (index: number) => string | undefined;
}

/** What stands behind an opcode. */
type Immediate =
  | 'block'
  | 'label'
  | 'labels'
  | 'function'
  | 'type'
  | 'table'
  | 'types'
  | 'local'
  | 'global'
  | 's32'
  | 's64'
  | 'f32'
  | 'f64'
  | 'bytes'
  | 'lane'
  | 'memory'
  | 'access';

type Row = readonly [text: string, ...immediates: Immediate[]];

const CONTROL: Readonly<Record<Exclude<keyof typeof Wasm, 'voidBlock'>, Row>> = {
  unreachable: ['unreachable'],
  block: ['block', 'block'],
  loop: ['loop', 'block'],
  if: ['if', 'block'],
  else: ['else'],
  end: ['end'],
  br: ['br', 'label'],
  brIf: ['br_if', 'label'],
  brTable: ['br_table', 'labels'],
  return: ['return'],
  call: ['call', 'function'],
  callIndirect: ['call_indirect', 'type', 'table'],
  returnCallIndirect: ['return_call_indirect', 'type', 'table'],
  drop: ['drop'],
  select: ['select'],
  selectTyped: ['select', 'types'],
  localGet: ['local.get', 'local'],
  localSet: ['local.set', 'local'],
  localTee: ['local.tee', 'local'],
  globalGet: ['global.get', 'global'],
  i32Const: ['i32.const', 's32'],
  i64Const: ['i64.const', 's64'],
  f32Const: ['f32.const', 'f32'],
  f64Const: ['f64.const', 'f64'],
  v128Const: ['v128.const i8x16', 'bytes'],
  store32Lane: ['v128.store32_lane', 'access', 'lane'],
  store64Lane: ['v128.store64_lane', 'access', 'lane'],
  memoryCopy: ['memory.copy', 'memory', 'memory'],
  memoryFill: ['memory.fill', 'memory'],
};

const ROWS: ReadonlyMap<number, Row> = new Map<number, Row>([
  ...Object.entries(CONTROL).map(([name, row]) => [Wasm[name as keyof typeof CONTROL], row] as const),
  ...Object.entries({ ...loads, ...stores }).map(([name, [opcode]]) => [opcode, [name, 'access']] as const),
  ...Object.values(ops).map(
    ({ name, opcode, immediates }) =>
      [opcode, immediates === 0 ? [name] : [name, immediates === 1 ? 'lane' : 'bytes']] as [number, Row],
  ),
]);
const TYPES: ReadonlyMap<number, string> = new Map(Object.entries(TYPE_CODE).map(([type, code]) => [code, type]));

/** Throws for an opcode that nothing here emits. */
export function instructionLines(body: Uint8Array, names: IndexNames = {}): InstructionLine[] {
  const reader = new Reader(body, names);
  const lines: InstructionLine[] = [];
  const indents: boolean[] = [];
  while (reader.at < body.length) {
    const { at } = reader;
    const opcode = reader.opcode();
    const row = ROWS.get(opcode);
    if (!row) throw new Error(`no instruction has the opcode 0x${opcode.toString(16)}`);
    const [name, ...immediates] = row;
    const words = [name, ...immediates.map((each) => reader[each]())].filter((word) => word !== '');
    if (name === 'end' || name === 'else') indents.pop();
    lines.push({ at, text: '  '.repeat(indents.filter(Boolean).length) + words.join(' ') });
    if (immediates[0] === 'block' || name === 'else') indents.push(name !== 'block');
    if (name === 'end') reader.blocks.pop();
  }
  return lines;
}

/** One method an immediate, each giving its text. */
class Reader implements Record<Immediate, () => string> {
  at = 0;
  /** Labels of the blocks that are open, by number. */
  readonly blocks: number[] = [];
  #labels = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #names: IndexNames;

  constructor(bytes: Uint8Array, names: IndexNames) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#names = names;
  }

  opcode(): number {
    const first = this.#u8();
    if (first !== 0xfc && first !== 0xfd) return first;
    const number = this.#u32();
    return (first << (number < 0x100 ? 8 : 16)) | number;
  }
  block(): string {
    const type = this.#u8();
    const label = ++this.#labels;
    this.blocks.push(label);
    return `$${label}${type === Wasm.voidBlock ? '' : ` (result ${TYPES.get(type)})`}`;
  }
  label(): string {
    const label = this.blocks.at(-1 - this.#u32());
    return label === undefined ? '$out' : `$${label}`;
  }
  labels(): string {
    const count = this.#u32() + 1;
    return Array.from({ length: count }, () => this.label()).join(' ');
  }
  function = (): string => this.#named(this.#names.function);
  type = (): string => `(type ${this.#u32()})`;
  table(): string {
    this.#u32();
    return '';
  }
  types = (): string => `(result ${Array.from({ length: this.#u32() }, () => TYPES.get(this.#u8())).join(' ')})`;
  local = (): string => this.#named(this.#names.local);
  global = (): string => `$${this.#u32()}`;
  s32 = (): string => String(BigInt.asIntN(32, this.#signed()));
  s64 = (): string => String(this.#signed());
  f32(): string {
    this.at += 4;
    return String(this.#view.getFloat32(this.at - 4, true));
  }
  f64(): string {
    this.at += 8;
    return String(this.#view.getFloat64(this.at - 8, true));
  }
  bytes(): string {
    this.at += 16;
    return this.#bytes.subarray(this.at - 16, this.at).join(' ');
  }
  lane = (): string => String(this.#u8());
  memory = (): string => this.#named(this.#names.memory);
  access(): string {
    const hasMemory = (this.#u32() & 0x40) !== 0;
    const memory = hasMemory ? this.#u32() : 0;
    const name = this.#names.memory?.(memory);
    const offset = this.#u32();
    return [name ? `$${name}` : hasMemory ? String(memory) : '', offset ? `offset=${offset}` : '']
      .filter((word) => word !== '')
      .join(' ');
  }

  #named(name: ((index: number) => string | undefined) | undefined): string {
    const index = this.#u32();
    const known = name?.(index);
    return known === undefined ? String(index) : `$${known}`;
  }
  #u8(): number {
    if (this.at >= this.#bytes.length) throw new Error('a function body ends within an instruction');
    return this.#bytes[this.at++] as number;
  }
  #u32 = (): number => Number(BigInt.asUintN(32, this.#leb().value));
  #signed(): bigint {
    const { value, bits } = this.#leb();
    return BigInt.asIntN(bits, value);
  }
  #leb(): { readonly value: bigint; readonly bits: number } {
    let value = 0n;
    for (let bits = 0; ; ) {
      const byte = this.#u8();
      value |= BigInt(byte & 0x7f) << BigInt(bits);
      bits += 7;
      if (byte < 0x80) return { value, bits };
    }
  }
}
