// The fields of an ELF header and of program headers, to damage them by name.

const HEADER = {
  e_type: [16, 2],
  e_machine: [18, 2],
  e_version: [20, 4],
  e_entry: [24, 8],
  e_phoff: [32, 8],
  e_shoff: [40, 8],
  e_flags: [48, 4],
  e_ehsize: [52, 2],
  e_phentsize: [54, 2],
  e_phnum: [56, 2],
  e_shentsize: [58, 2],
  e_shnum: [60, 2],
} as const;
const PROGRAM_HEADER = {
  p_type: [0, 4],
  p_flags: [4, 4],
  p_offset: [8, 8],
  p_vaddr: [16, 8],
  p_paddr: [24, 8],
  p_filesz: [32, 8],
  p_memsz: [40, 8],
  p_align: [48, 8],
} as const;

export const PT_LOAD = 1;
export const PT_INTERP = 3;
export const PHENT_SIZE = 56;

/** A copy of a program whose bytes can be changed. */
export class Elf {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;

  constructor(program: Uint8Array) {
    this.bytes = new Uint8Array(program);
    this.#view = new DataView(this.bytes.buffer);
  }

  get phoff(): number {
    return Number(this.#get(32, 8));
  }

  get phnum(): number {
    return Number(this.#get(56, 2));
  }

  set(field: keyof typeof HEADER, value: number | bigint): this {
    const [at, size] = HEADER[field];
    this.#set(at, size, BigInt(value));
    return this;
  }

  /** Changes a field of the n-th program header of a type. */
  segment(type: number, n: number, fields: Readonly<Partial<Record<keyof typeof PROGRAM_HEADER, number | bigint>>>): this {
    const at = this.#find(type, n);
    for (const [name, [offset, size]] of Object.entries(PROGRAM_HEADER)) {
      const value = fields[name as keyof typeof PROGRAM_HEADER];
      if (value !== undefined) this.#set(at + offset, size, BigInt(value));
    }
    return this;
  }

  /** A field of the n-th program header of a type. */
  field(type: number, n: number, name: keyof typeof PROGRAM_HEADER): bigint {
    const [offset, size] = PROGRAM_HEADER[name];
    return this.#get(this.#find(type, n) + offset, size);
  }

  byte(at: number, value: number): this {
    this.bytes[at] = value;
    return this;
  }

  /** Replaces a text by one of the same length wherever it stands. */
  text(from: string, to: string): this {
    if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length`);
    const bytes = Buffer.from(this.bytes.buffer);
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at)) bytes.write(to, at, 'latin1');
    return this;
  }

  #find(type: number, n: number): number {
    for (let i = 0, left = n; i < this.phnum; i++) {
      const at = this.phoff + i * PHENT_SIZE;
      if (this.#view.getUint32(at, true) === type && left-- === 0) return at;
    }
    throw new Error(`no program header of type ${type}`);
  }

  #get(at: number, size: number): bigint {
    return BigInt.asUintN(size * 8, this.#view.getBigUint64(at, true));
  }

  #set(at: number, size: number, value: bigint): void {
    for (let i = 0; i < size; i++) this.bytes[at + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  }
}
