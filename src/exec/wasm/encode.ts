// The WebAssembly binary format: a byte sink for instructions and a module of sections (core specification, chapter 5).

import type { Type } from '../../ir/ops.ts';

export const TYPE_CODE: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const FUNCREF = 0x70;
const EXPORT_FUNCTION = 0,
  EXPORT_TABLE = 1;

/** Instruction opcodes without a row in the operation table (control, variables, bulk memory). */
export const Wasm = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCallIndirect: 0x13,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  v128Const: 0xfd0c,
  store32Lane: 0xfd5a,
  store64Lane: 0xfd5b,
  memoryCopy: 0xfc0a,
  memoryFill: 0xfc0b,
  voidBlock: 0x40,
} as const;

/** A growing byte array with LEB128 writers. */
export class Bytes {
  #bytes = new Uint8Array(256);
  length = 0;

  #room(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.length + count));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
  }
  u8(value: number): void {
    this.#room(1);
    this.#bytes[this.length++] = value;
  }
  /** Replaces bytes that were written before. */
  set(bytes: ArrayLike<number>, at: number): void {
    this.#bytes.set(bytes, at);
  }
  /** Puts bytes before those at `at`. */
  insert(at: number, bytes: ArrayLike<number>): void {
    this.#room(bytes.length);
    this.#bytes.copyWithin(at + bytes.length, at, this.length);
    this.#bytes.set(bytes, at);
    this.length += bytes.length;
  }
  raw(bytes: ArrayLike<number>): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
  u32(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }
  /** An integer that needs no more than 32 bits. */
  s32(value: number): void {
    let rest = value | 0;
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) return this.u8(low);
      this.u8(low | 0x80);
    }
  }
  s64(value: bigint): void {
    if (value >= -0x80000000n && value < 0x80000000n) return this.s32(Number(value));
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      if ((rest === 0n && !(low & 0x40)) || (rest === -1n && low & 0x40)) return this.u8(low);
      this.u8(low | 0x80);
    }
  }
  /** One-byte opcodes as they are, 0xfcNN and 0xfdNN as prefix and LEB128 number. */
  opcode(code: number): void {
    if (code < 0x100) return this.u8(code);
    const bits = code < 0x10000 ? 8 : 16;
    this.u8(code >> bits);
    this.u32(code & ((1 << bits) - 1));
  }
  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u32(bytes.length);
    this.raw(bytes);
  }
  f64(value: number): void {
    this.raw(new Uint8Array(new Float64Array([value]).buffer));
  }
  f32(value: number): void {
    this.raw(new Uint8Array(new Float32Array([value]).buffer));
  }
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }
}

export interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

interface Defined {
  readonly name: string;
  readonly type: number;
  code?: { locals: readonly Type[]; body: Uint8Array; unlikely: readonly number[] };
  /** Where the body begins in the module, once that is written. */
  at?: number;
}

/** Collects types, imports, functions, tables, memories and data, and writes them as a module. */
export class ModuleWriter {
  #types: Signature[] = [];
  #typeIndex = new Map<string, number>();
  #imports: { module: string; name: string; type: number }[] = [];
  #functions: Defined[] = [];
  #index = new Map<string, number>();
  #exports: { name: string; index: number; kind: number }[] = [];
  #globals: { module: string; name: string; type: Type }[] = [];
  #memories: { module: string; name: string; minimum: number }[] = [];
  /** Functions of the table by their place, and where the table comes from if it is not the module's own. */
  readonly #elements = new Map<number, number>();
  readonly #tables: number[] = [];
  #tableImport: { module: string; name: string; size: number } | undefined;
  #data: { offset: number; bytes: Uint8Array }[] = [];

  type(signature: Signature): number {
    const key = `${signature.params}>${signature.results}`;
    let index = this.#typeIndex.get(key);
    if (index === undefined) {
      index = this.#types.push(signature) - 1;
      this.#typeIndex.set(key, index);
    }
    return index;
  }
  /** Imports come before the first defined function. */
  importFunction(module: string, name: string, signature: Signature, knownAs = `${module}.${name}`): void {
    if (this.#functions.length) throw new Error('imports come first');
    this.#index.set(knownAs, this.#imports.push({ module, name, type: this.type(signature) }) - 1);
  }
  /** An immutable global; returns its number. */
  importGlobal(module: string, name: string, type: Type): number {
    return this.#globals.push({ module, name, type }) - 1;
  }
  importMemory(module: string, name: string, minimum: number): void {
    this.#memories.push({ module, name, minimum });
  }
  /** Declares a function so that others may call it; its code follows with define(). */
  declare(name: string, signature: Signature): number {
    const index = this.#imports.length + this.#functions.push({ name, type: this.type(signature) }) - 1;
    if (this.#index.has(name)) throw new Error(`function ${name} declared twice`);
    this.#index.set(name, index);
    return index;
  }
  /** `unlikely`: places in the body of `if` and `br_if` instructions whose condition is seldom true, in order. */
  define(name: string, locals: readonly Type[], body: Uint8Array, unlikely: readonly number[] = []): void {
    const defined = this.#functions[this.functionIndex(name) - this.#imports.length];
    if (!defined) throw new Error(`${name} is an import`);
    defined.code = { locals, body, unlikely };
  }
  /** By number. */
  get functionNames(): ReadonlyMap<number, string> {
    return new Map([...this.#index].map(([name, index]) => [index, name]));
  }
  functionIndex(name: string): number {
    const index = this.#index.get(name);
    if (index === undefined) throw new Error(`no function ${name}`);
    return index;
  }
  /** Where a function's body begins in the module that take() has made. */
  bodyAt(name: string): number {
    return this.#functions[this.functionIndex(name) - this.#imports.length]?.at as number;
  }
  export(name: string): void {
    this.#exports.push({ name, index: this.functionIndex(name), kind: EXPORT_FUNCTION });
  }
  /** A table for indirect calls, of `size` places: the module's own, exported under `name`. Elements go to the first. */
  defineTable(name: string, size: number): void {
    this.#exports.push({ name, index: this.#tables.push(size) - 1, kind: EXPORT_TABLE });
  }
  importTable(module: string, name: string, size: number): void {
    this.#tableImport = { module, name, size };
  }
  /** Puts a function at a place of the table. */
  element(place: number, name: string): void {
    this.#elements.set(place, this.functionIndex(name));
  }
  data(offset: number, bytes: Uint8Array): void {
    this.#data.push({ offset, bytes });
  }

  /** The elements as runs of neighbouring places. */
  #elementRuns(): { first: number; functions: number[] }[] {
    const runs: { first: number; functions: number[] }[] = [];
    for (const [place, index] of [...this.#elements].sort(([a], [b]) => a - b)) {
      const last = runs.at(-1);
      if (last && last.first + last.functions.length === place) last.functions.push(index);
      else runs.push({ first: place, functions: [index] });
    }
    return runs;
  }

  /** The custom section of branch hints (https://github.com/WebAssembly/branch-hinting), which stands before the code. */
  #hints(out: Bytes): void {
    const hinted = this.#functions.filter(({ code }) => code && code.unlikely.length > 0);
    if (hinted.length === 0) return;
    const bytes = new Bytes();
    bytes.name('metadata.code.branch_hint');
    bytes.u32(hinted.length);
    for (const { name, code } of hinted) {
      const { locals, unlikely } = code as NonNullable<Defined['code']>;
      const before = localDeclarations(locals).length;
      bytes.u32(this.functionIndex(name));
      bytes.u32(unlikely.length);
      for (const at of unlikely) {
        bytes.u32(before + at);
        bytes.raw([1, 0]);
      }
    }
    out.u8(0);
    out.u32(bytes.length);
    out.raw(bytes.take());
  }

  take(): Uint8Array<ArrayBuffer> {
    const out = new Bytes();
    out.raw([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    /** Where its content begins is returned. */
    const section = (id: number, count: number, write: (bytes: Bytes) => void): number => {
      if (!count) return out.length;
      const bytes = new Bytes();
      bytes.u32(count);
      write(bytes);
      out.u8(id);
      out.u32(bytes.length);
      out.raw(bytes.take());
      return out.length - bytes.length;
    };
    section(1, this.#types.length, (s) => {
      for (const { params, results } of this.#types) {
        s.u8(0x60);
        for (const list of [params, results]) {
          s.u32(list.length);
          for (const type of list) s.u8(TYPE_CODE[type]);
        }
      }
    });
    const { length: importCount } = this.#imports;
    section(2, importCount + this.#globals.length + this.#memories.length + (this.#tableImport ? 1 : 0), (s) => {
      for (const { module, name, type } of this.#imports) {
        s.name(module);
        s.name(name);
        s.u8(0);
        s.u32(type);
      }
      for (const { module, name, type } of this.#globals) {
        s.name(module);
        s.name(name);
        s.raw([3, TYPE_CODE[type], 0]);
      }
      for (const { module, name, minimum } of this.#memories) {
        s.name(module);
        s.name(name);
        s.u8(2);
        s.u8(0);
        s.u32(minimum);
      }
      if (this.#tableImport) {
        s.name(this.#tableImport.module);
        s.name(this.#tableImport.name);
        s.raw([1, FUNCREF, 0]);
        s.u32(this.#tableImport.size);
      }
    });
    section(3, this.#functions.length, (s) => {
      for (const { type } of this.#functions) s.u32(type);
    });
    section(4, this.#tables.length, (s) => {
      for (const size of this.#tables) {
        s.u8(FUNCREF);
        s.u8(0);
        s.u32(size);
      }
    });
    section(7, this.#exports.length, (s) => {
      for (const { name, index, kind } of this.#exports) {
        s.name(name);
        s.u8(kind);
        s.u32(index);
      }
    });
    const runs = this.#elementRuns();
    this.#hints(out);
    section(9, runs.length, (s) => {
      for (const { first, functions } of runs) {
        s.u8(0);
        s.u8(Wasm.i32Const);
        s.s64(BigInt(first));
        s.u8(Wasm.end);
        s.u32(functions.length);
        for (const index of functions) s.u32(index);
      }
    });
    const start = section(10, this.#functions.length, (s) => {
      for (const each of this.#functions) {
        const { name, code } = each;
        if (!code) throw new Error(`function ${name} has no code`);
        const bytes = localDeclarations(code.locals);
        bytes.raw(code.body);
        s.u32(bytes.length);
        s.raw(bytes.take());
        each.at = s.length - code.body.length;
      }
    });
    for (const each of this.#functions) (each.at as number) += start;
    section(11, this.#data.length, (s) => {
      for (const { offset, bytes } of this.#data) {
        s.u8(0);
        s.u8(Wasm.i32Const);
        s.s64(BigInt(offset));
        s.u8(Wasm.end);
        s.u32(bytes.length);
        s.raw(bytes);
      }
    });
    return out.take();
  }
}

/** The types of a function's locals, run by run. */
function localDeclarations(types: readonly Type[]): Bytes {
  const bytes = new Bytes();
  const runs: { type: Type; count: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  bytes.u32(runs.length);
  for (const { type, count } of runs) {
    bytes.u32(count);
    bytes.u8(TYPE_CODE[type]);
  }
  return bytes;
}
