// Builds the decoder's tables (decode-layout.ts) from the encodings of all rows.

import {
  BAD_PLACE,
  BYTES,
  Flag,
  FieldWord,
  Immediate,
  Kind,
  Leaf,
  MAP_TABLES,
  NO_HANDLER,
  NODES,
  NUMBER_SHIFT,
  Pf,
  PREFIXES,
  PSEUDO,
  PSEUDO_NAMES,
  REX_CLASS,
  SLOT_OF,
} from './decode-layout.ts';
import {
  type Encoding,
  fileOf,
  hasModRM,
  FIRST_VEX_MAP,
  MAPS,
  featuresOf,
  type OperandCode,
  registerOperands,
  rmKind,
  sizesOf,
  SLOTS,
  type Variant,
  variantsOf,
} from './encoding.ts';
import { FEATURES } from './features.ts';
import { GPR, RAX, RCX, RDX, X87, YMM } from './regs.ts';

/** Finds the handler number of an encoding's form; undefined where the form does not exist. */
export type HandlerOf = (encoding: Encoding, bits: number, variant: Variant) => number | undefined;

/** What chooses between encodings of one opcode and prefix slot. */
interface Choice {
  /** Address size prefix. */
  readonly a: number;
  readonly b: number;
  readonly w: number;
  readonly l: number;
  readonly modrm: number;
}

function matches(encoding: Encoding, slot: number, opcode: number, { a, b, w, l, modrm }: Choice): boolean {
  // 90 is nop (F3 90 pause) but with REX.B.
  if (b && encoding.map === 0 && encoding.opcode === 0x90 && !encoding.isPlusRegister) return false;
  if (encoding.row.options.addressSize && !a) return false;
  if (encoding.isPlusRegister ? (encoding.opcode & 0xf8) !== (opcode & 0xf8) : encoding.opcode !== opcode) return false;
  if (encoding.slots && !encoding.slots.includes(slot)) return false;
  if (encoding.w !== undefined && encoding.w !== w) return false;
  if (encoding.l !== undefined && encoding.l !== l) return false;
  if (encoding.reg !== undefined && encoding.reg !== ((modrm >> 3) & 7)) return false;
  if (encoding.modrm !== undefined)
    return encoding.isPlusStack ? (encoding.modrm & 0xf8) === (modrm & 0xf8) : encoding.modrm === modrm;
  const kind = rmKind(encoding);
  return (
    encoding.operands.some(({ place }) => place === 'O') ||
    kind === undefined ||
    kind === 'both' ||
    (kind === 'reg') === modrm >= 0xc0
  );
}

/** The more specific key wins: first the prefix it claims, then what it says of ModRM, then W; 90+r yields to 90 but for REX.B. */
function rank(encoding: Encoding, { b }: Choice): number {
  const whole = encoding.modrm === undefined ? (encoding.reg === undefined ? 0 : 1) : encoding.isPlusStack ? 2 : 3;
  return (
    Number(encoding.row.options.addressSize !== undefined) * 1000 +
    Number(encoding.slots !== undefined) * 100 +
    whole * 10 +
    Number(encoding.w !== undefined) * 2 +
    Number(encoding.isPlusRegister === (b === 1))
  );
}

export interface TableSource {
  readonly encodings: readonly Encoding[];
  /** Encodings without a row; those of rows win. */
  readonly known: readonly Encoding[];
  /** Names that r0 of '.illegal' counts from 1; the first is that of EVEX. */
  readonly names: readonly string[];
  readonly handlerOf: HandlerOf;
  /** Handler number of a pseudo operation. */
  readonly pseudo: (name: string) => number;
}

export function buildTables({ encodings, known, names, handlerOf, pseudo }: TableSource): Uint8Array {
  const table = new Tables();
  PSEUDO_NAMES.forEach((name, i) => table.setU16(PSEUDO - BYTES + 2 * i, pseudo(name)));
  writePrefixes(table);
  const illegal = pseudo('.illegal');
  const leafOf = new Map<Encoding, number>();
  const illegalLeaf = (flags: number): number =>
    table.leaf({ flags, fields: [], memoryFields: [], handlers: new Array<number>(9).fill(illegal) });
  const bad = illegalLeaf(0);
  table.setU16(BAD_PLACE - BYTES, bad);
  const badModRM = illegalLeaf(Flag.modrm);
  const unknown = new Set(known);
  /** Illegal, but with the right length and a name. */
  const named = (name: string, flags: number): number => {
    const fields = [((names.indexOf(name) + 1) << FieldWord.base) >>> 0];
    // Its operands are not known well enough to say what VEX.vvvv must be.
    return table.leaf({
      flags: flags & ~Flag.noVvvv,
      fields,
      memoryFields: fields,
      handlers: new Array<number>(9).fill(illegal),
    });
  };

  const leaf = (encoding: Encoding, slot: number, opcode: number): number => {
    let place = leafOf.get(encoding);
    if (place === undefined) {
      const data = leafData(encoding, handlerOf);
      const isUnknown = unknown.has(encoding);
      place = isUnknown ? named(encoding.row.name, data.flags) : table.leaf(data);
      for (const feature of featuresOf(encoding.row)) {
        // F3 0F BD without lzcnt is bsr with a prefix that it ignores; elsewhere nothing is left of the encoding.
        const plain =
          encoding.map === 1 && slot >= 2 ? encodings.filter((other) => other.slots === undefined && other.map === 1) : [];
        const choice = { a: 0, b: 0, w: 0, l: 0, modrm: 0 };
        const fallback = plain.find((other) => matches(other, slot, opcode, choice));
        const absent = fallback ? leaf(fallback, slot, opcode) : named(encoding.row.name, data.flags);
        place = table.chooser(Kind.feature, [absent, place], FEATURES.indexOf(feature));
      }
      leafOf.set(encoding, place);
    }
    return place;
  };

  const byOpcode = new Map<number, Encoding[]>();
  for (const encoding of [...encodings, ...known]) {
    for (let i = 0; i < (encoding.isPlusRegister ? 8 : 1); i++) {
      const at =
        encoding.map * 256 + ((encoding.opcode & (encoding.isPlusRegister ? 0xf8 : 0xff)) | (encoding.isPlusRegister ? i : 0));
      byOpcode.set(at, [...(byOpcode.get(at) ?? []), encoding]);
    }
  }
  for (let cell = 0; cell < MAPS * 256 * SLOTS; cell++) {
    const slot = cell % SLOTS;
    const at = Math.floor(cell / SLOTS);
    const candidates = (byOpcode.get(at) ?? []).filter((encoding) => !encoding.slots || encoding.slots.includes(slot));
    let place = bad;
    if (candidates.length) {
      const opcode = at & 255;
      const resolve = (choice: Choice): number => {
        const matching = candidates.filter((encoding) => matches(encoding, slot, opcode, choice));
        const withRows = matching.filter((encoding) => !unknown.has(encoding));
        const found = (withRows.length ? withRows : matching).sort((x, y) => rank(y, choice) - rank(x, choice));
        const [first, second] = found;
        if (!first) return candidates.some(hasModRM) ? badModRM : bad;
        if (second && withRows.length && rank(second, choice) === rank(first, choice)) {
          throw new Error(`${first.row.name} '${first.key}' and ${second.row.name} '${second.key}' are the same encoding`);
        }
        return leaf(first, slot, opcode);
      };
      place = decide(table, resolve, candidates);
    }
    table.setU16(MAP_TABLES - BYTES + 2 * cell, place);
  }
  table.setU16(MAP_TABLES - BYTES + 0xc4 * 8, table.chooser(Kind.vex3, []));
  table.setU16(MAP_TABLES - BYTES + 0xc5 * 8, table.chooser(Kind.vex2, []));
  const unnamed = (name: string): number[] =>
    [Immediate.none, Immediate.b, Immediate.z].map((kind) =>
      named(name, Flag.modrm | (kind << Flag.immediateShift) | (1 << Flag.sizeShift) | (1 << Flag.size66Shift)),
    );
  const evex = table.chooser(Kind.evex, unnamed(names[0] as string));
  for (let slot = 0; slot < SLOTS; slot++) table.setU16(MAP_TABLES - BYTES + 0x62 * 8 + slot * 2, evex);
  // 8F is pop with the operand that a map below 8 would be.
  const pop = table.u16(MAP_TABLES - BYTES + 0x8f * 8);
  const xop = table.chooser(Kind.xop, unnamed(names[1] as string));
  table.setU16(MAP_TABLES - BYTES + 0x8f * 8, table.chooser(Kind.xopMap, [pop, xop]));
  for (const opcode of [0xc4, 0xc5]) {
    for (let slot = 1; slot < SLOTS; slot++) table.setU16(MAP_TABLES - BYTES + opcode * 8 + slot * 2, bad);
  }
  return table.bytes();
}

/** The smallest tree of choosers for one opcode and prefix slot. */
function decide(table: Tables, resolve: (choice: Choice) => number, candidates: readonly Encoding[]): number {
  const byModRM = (a: number, b: number, w: number, l: number): number => {
    if (!candidates.some(hasModRM)) return resolve({ a, b, w, l, modrm: 0xc0 });
    const group = Array.from({ length: 16 }, (_, i) => {
      const base = i < 8 ? i << 3 : 0xc0 | ((i & 7) << 3);
      const inner = Array.from({ length: 8 }, (__, rm) => resolve({ a, b, w, l, modrm: base | rm }));
      return i < 8 ? (inner[0] as number) : table.chooser(Kind.rm, inner);
    });
    return table.chooser(Kind.reg, group);
  };
  const byL = (a: number, b: number, w: number): number => table.chooser(Kind.l, [byModRM(a, b, w, 0), byModRM(a, b, w, 1)]);
  const byW = (a: number, b: number): number => table.chooser(Kind.w, [byL(a, b, 0), byL(a, b, 1)]);
  const byB = (a: number): number => table.chooser(Kind.rexB, [byW(a, 0), byW(a, 1)]);
  return candidates.some(({ row }) => row.options.addressSize) ? table.chooser(Kind.addrsize, [byB(0), byB(1)]) : byB(0);
}

interface LeafData {
  readonly flags: number;
  readonly fields: readonly number[];
  readonly memoryFields: readonly number[];
  readonly handlers: readonly number[];
}

function leafData(encoding: Encoding, handlerOf: HandlerOf): LeafData {
  const { operands, row, map, opcode } = encoding;
  const sizes = sizesOf(encoding);
  const variants = variantsOf(encoding);
  const index = (bits: number): number => (bits === 0 ? 1 : bits === 16 ? 0 : bits === 32 ? 1 : 2);
  const available = sizes.map(index);
  const nearest = (wanted: number): number =>
    available.includes(wanted) ? wanted : available.includes(wanted + 1) ? wanted + 1 : (available.at(-1) as number);
  const normal = row.options.default64 && available.includes(2) ? 2 : nearest(1);
  const with66 = encoding.slots?.includes(1) && !encoding.slots.includes(0) ? normal : available.includes(0) ? 0 : normal;
  const handlers = [0, 1, 2].flatMap((wanted) => {
    const bits = sizes[available.indexOf(nearest(wanted))] as number;
    return (['reg', 'mem', 'indexed'] as const).map((variant) =>
      // Where ModRM names no operand its mod does not matter.
      variants.includes(variant) || rmKind(encoding) === undefined
        ? (handlerOf(encoding, bits, variants.includes(variant) ? variant : 'reg') ?? NO_HANDLER)
        : NO_HANDLER,
    );
  });
  const kind = immediateOf(operands, `${row.name} '${encoding.key}'`);
  const relative = kind === Immediate.jb || kind === Immediate.jz;
  const flags =
    (hasModRM(encoding) ? Flag.modrm : 0) |
    (row.options.lockable && 'EM'.includes(operands[0]?.place ?? '-') ? Flag.lockable : 0) |
    (relative ? Flag.relative : 0) |
    (operands.some(({ place }) => place === 'X') ? Flag.string : 0) |
    (map === 0 && opcode === 0x8d ? Flag.noSegment : 0) |
    (row.options.pops ? Flag.pops : 0) |
    (operands.some(({ place }) => place === 'O') ? Flag.moffs : 0) |
    (map >= FIRST_VEX_MAP && !operands.some(({ place }) => place === 'B' || place === 'H') ? Flag.noVvvv : 0) |
    (row.options.vsib ? Flag.vsib : 0) |
    (kind << Flag.immediateShift) |
    (with66 << Flag.size66Shift) |
    (normal << Flag.sizeShift);
  const words = (variant: Variant): number[] => registerOperands(operands, variant).map(fieldWord);
  return { flags, fields: words('reg'), memoryFields: words('mem'), handlers };
}

function immediateOf(operands: readonly OperandCode[], where: string): number {
  const letters = operands
    .filter(({ place }) => 'IJOL'.includes(place) || place === 'I1')
    .map(({ place, size }) =>
      place === 'I1' ? 'one' : place === 'I' ? size : place === 'J' ? `j${size}` : place === 'L' ? 'register' : 'o',
    );
  const name = letters.join('') || 'none';
  const kind = (Immediate as Readonly<Record<string, number>>)[name];
  if (kind === undefined) throw new Error(`${where}: immediate ${name}`);
  return kind;
}

const SOURCES: Readonly<Record<string, keyof typeof NUMBER_SHIFT>> = {
  E: 'rm',
  R: 'rm',
  W: 'rm',
  U: 'rm',
  Q: 'rm',
  N: 'rm',
  STi: 'rm',
  G: 'reg',
  V: 'reg',
  P: 'reg',
  S: 'reg',
  Z: 'opcode',
  B: 'vvvv',
  H: 'vvvv',
  L: 'immediate',
};
const FIXED: Readonly<Record<string, number>> = { AL: RAX, rAX: RAX, eAX: RAX, CL: RCX, DX: RDX, rDX: RDX, ST0: 0, X: 0 };

/** How the decoder finds the slot of a register operand. */
function fieldWord({ place, size }: OperandCode): number {
  const fixed = FIXED[place];
  if (fixed !== undefined) return (fixed << FieldWord.base) >>> 0;
  const source = SOURCES[place];
  if (!source) throw new Error(`operand ${place}${size}: no register`);
  const file = fileOf(place);
  const [base, stride, mask] =
    file === 'vector' ? [YMM, 5, 15] : file === 'mmx' ? [X87, 4, 7] : file === 'gpr' ? [GPR, 3, 15] : [0, 0, 7];
  const isByte = file === 'gpr' && size === 'b' ? FieldWord.isByte : 0;
  return (
    ((base << FieldWord.base) | isByte | (stride << FieldWord.stride) | (mask << FieldWord.mask) | NUMBER_SHIFT[source]) >>> 0
  );
}

function writePrefixes(table: Tables): void {
  for (let low = 0; low < 8; low++)
    table.setU8(SLOT_OF - BYTES + low, low & Pf.repne ? 3 : low & Pf.rep ? 2 : low & Pf.opsize ? 1 : 0);
  const set = (byte: number, bits: number, clear = 0): void => table.setU16(PREFIXES - BYTES + 2 * byte, bits | (clear << 8));
  for (let byte = 0x40; byte < 0x50; byte++) set(byte, REX_CLASS & 0xff, REX_CLASS >> 8);
  for (const byte of [0x26, 0x2e, 0x36, 0x3e]) set(byte, Pf.other);
  set(0x64, Pf.fs, Pf.gs);
  set(0x65, Pf.gs, Pf.fs);
  set(0x66, Pf.opsize);
  set(0x67, Pf.addrsize);
  set(0xf0, Pf.lock);
  set(0xf2, Pf.repne, Pf.rep);
  set(0xf3, Pf.rep, Pf.repne);
}

/** Growing bytes with nodes shared where they are equal. */
class Tables {
  #data = new Uint8Array(1 << 18);
  #end = NODES - BYTES;
  readonly #known = new Map<string, number>();

  setU8(offset: number, value: number): void {
    this.#data[offset] = value;
  }
  setU16(offset: number, value: number): void {
    this.#data[offset] = value;
    this.#data[offset + 1] = value >> 8;
  }
  u16(offset: number): number {
    return (this.#data[offset] as number) | ((this.#data[offset + 1] as number) << 8);
  }
  bytes(): Uint8Array {
    return this.#data.slice(0, this.#end);
  }

  /** Place of a chooser; that of its only choice where all are the same. */
  chooser(kind: number, places: readonly number[], detail = 0): number {
    const [first] = places;
    if (first !== undefined && places.every((place) => place === first)) return first;
    const bytes = new Uint8Array((2 + 2 * places.length + 3) & ~3);
    bytes[0] = kind;
    bytes[1] = detail;
    places.forEach((place, i) => {
      bytes[2 + 2 * i] = place;
      bytes[3 + 2 * i] = place >> 8;
    });
    return this.#place(bytes);
  }

  leaf({ flags, fields, memoryFields, handlers }: LeafData): number {
    const bytes = new Uint8Array(Leaf.bytes);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, flags | Kind.leaf, true);
    fields.forEach((word, i) => view.setUint32(Leaf.fields + 4 * i, word, true));
    memoryFields.forEach((word, i) => view.setUint32(Leaf.memoryFields + 4 * i, word, true));
    handlers.forEach((handler, i) => view.setUint16(Leaf.handlers + 2 * i, handler, true));
    return this.#place(bytes);
  }

  #place(bytes: Uint8Array): number {
    const text = bytes.join();
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const place = this.#end >> 2;
    if (this.#end + bytes.length > this.#data.length) throw new Error('decoder tables: places are 16 bits of 4 bytes');
    this.#data.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#known.set(text, place);
    return place;
  }
}
