// Forms: what remains of the rows after decoding - one handler each.
//
// A key is the mnemonic followed by the operands: r8 r16 r32 r64 general registers, v32 v64 v128 vss vsd vector registers
// (whole or their low lane, by how they are accessed), mm64 mm32 MMX, st x87, seg segment registers; m and x with the
// same sizes memory as base + disp and as base + index << scale + disp ('m' alone: only the address), str8 .. str64
// string operands, imm, rel. An immediate shows its size (imm64) where no other operand shows the operation's.
// Encodings of one row that differ only in where the operands are encoded ('01 Ev Gv', '03 Gv Ev', 'C1/4', 'D1/4',
// 'D3/4' with CL as a register) share their forms.

import { accessOf, type Encoding, encodingsOf, fileOf, registerOperands, sizesOf, type Variant, variantsOf } from './encoding.ts';
import { buildTables, type HandlerOf } from './decode-tables.ts';
import { type Condition, CONDITIONS } from '../../ir/value.ts';
import type { Row } from './insn.ts';
import { EVEX_NAME, unimplemented, XOP_NAME } from './insns/unimplemented.ts';
import { instantiate } from './instantiate.ts';
import { ACCESS, type AccessName, type OperandSpec } from './operands.ts';

/** A row at one operand size with one choice of register or memory for each operand. Its id is the handler's number. */
export interface Form {
  readonly id: number;
  readonly row: Row;
  /** Mnemonic and operand kinds, e.g. 'add r32 m32', 'mov r64 x64' (x: indexed memory), 'shl r32 imm': unique. */
  readonly key: string;
  /** Operand size in bits (8, 16, 32, 64), 0 where the row has none. */
  readonly bits: number;
  readonly operands: readonly OperandSpec[];
  /** The form and a conditional branch behind it as one operation, e.g. 'cmp r32 imm + jb'. */
  readonly branch?: Condition;
}

export interface FormSet {
  /** By id; those of the hot list come first, in its order. */
  readonly forms: readonly Form[];
  /** How many forms are hot: ids below it. */
  readonly hotCount: number;
  /** Keys of the hot list that no row has. */
  readonly missing: readonly string[];
  /** Names of instructions without a form; r0 of '.illegal' counts them from 1. */
  readonly names: readonly string[];
  /** What the decoder reads at DECODER_TABLES. */
  readonly tables: Uint8Array;
}

const FIELDS = ['r0', 'r1', 'r2'] as const;

function specsOf(encoding: Encoding, bits: number, variant: Variant): OperandSpec[] {
  const registers = registerOperands(encoding.operands, variant);
  return encoding.operands.map((code): OperandSpec => {
    const access = accessOf(code, bits);
    const { place } = code;
    if (place === 'I' || place === 'I1') return { kind: 'imm', file: 'none', access, field: 'none', indexed: false };
    if (place === 'L') return { kind: 'imm', file: 'vector', access, field: 'none', indexed: false };
    if (place === 'J') return { kind: 'rel', file: 'none', access, field: 'none', indexed: variant === 'mem' };
    if (place === 'Y') return { kind: 'reg', file: 'none', access, field: 'none', indexed: false };
    const field = FIELDS[registers.indexOf(code)];
    if (!registers.includes(code)) return { kind: 'mem', file: 'none', access, field: 'none', indexed: variant === 'indexed' };
    if (!field) throw new Error(`${encoding.row.name} '${encoding.key}': more than three registers`);
    if (place === 'X') return { kind: 'reg', file: 'none', access, field, indexed: false };
    return { kind: 'reg', file: fileOf(place), access, field, indexed: false };
  });
}

const isString = (spec: OperandSpec): boolean => spec.kind === 'reg' && spec.file === 'none';
const PREFIX: Readonly<Record<OperandSpec['file'], string>> = {
  gpr: 'r',
  vector: 'v',
  mmx: 'mm',
  x87: 'st',
  segment: 'seg',
  none: 'str',
};

function sizeText(access: AccessName): string {
  return access === 'ss' || access === 'sd' ? access : access === 'none' ? '' : String(ACCESS[access].bits);
}

/** One operand in a key. */
export function specText(spec: OperandSpec): string {
  if (spec.kind === 'imm' && spec.file === 'vector') return `v${sizeText(spec.access)}`;
  if (spec.kind === 'rel') return spec.indexed ? 'far' : 'rel';
  if (spec.kind === 'imm') return spec.kind;
  if (spec.kind === 'mem') return (spec.indexed ? 'x' : 'm') + sizeText(spec.access);
  return PREFIX[spec.file] + (spec.file === 'x87' || spec.file === 'segment' ? '' : sizeText(spec.access));
}

function keyOf(name: string, specs: readonly OperandSpec[]): string {
  const isSized = specs.some((spec) => spec.kind === 'reg' || (spec.kind === 'mem' && spec.access !== 'none'));
  const texts = specs.map((spec) => (spec.kind === 'imm' && !isSized ? `imm${sizeText(spec.access)}` : specText(spec)));
  return [name, ...texts].join(' ');
}

/** What keys call each row: its name, with '#2', '#3' ... for further rows of one name. */
function keyNames(rows: readonly Row[]): ReadonlyMap<Row, string> {
  const seen = new Map<string, number>();
  return new Map(
    rows.map((row) => {
      const ordinal = (seen.get(row.name) ?? 0) + 1;
      seen.set(row.name, ordinal);
      return [row, ordinal === 1 ? row.name : `${row.name}#${ordinal}`];
    }),
  );
}

/** The operation's size: the chosen one, else that of a leading integer operand. */
function bitsOf(specs: readonly OperandSpec[], bits: number): number {
  const first = specs[0];
  if (bits || !first) return bits;
  const isInteger = first.file === 'gpr' || isString(first) || first.kind === 'mem' || first.kind === 'imm';
  return isInteger && ['b', 'w', 'd', 'q'].includes(first.access) ? ACCESS[first.access].bits : 0;
}

const PSEUDO_SPECS: Readonly<Record<string, OperandSpec>> = {
  r1: { kind: 'reg', file: 'gpr', access: 'q', field: 'r1', indexed: false },
  x: { kind: 'mem', file: 'none', access: 'none', field: 'none', indexed: true },
  rel: { kind: 'rel', file: 'none', access: 'q', field: 'none', indexed: false },
  imm: { kind: 'imm', file: 'none', access: 'q', field: 'none', indexed: false },
};

type Draft = Omit<Form, 'id'>;

/** The draft of a key of the hot list: a form, or a form joined with the conditional branch behind it ('cmp r32 imm + jb'). */
function draftOf(drafts: ReadonlyMap<string, Draft>, key: string): Draft | undefined {
  const [form = '', jump] = key.split(' + j');
  const draft = drafts.get(form);
  if (!draft || jump === undefined) return draft;
  const branch = CONDITIONS.find((condition) => condition === jump);
  return branch && { ...draft, key, branch };
}

/** All forms of the rows, and the decoder's tables. An indexed-memory form exists only when its key is hot. */
export function buildForms(rows: readonly Row[], hot: ReadonlySet<string>): FormSet {
  const drafts = new Map<string, Draft>();
  const shapes = new Map<string, string>();
  const names = keyNames(rows);
  const add = (row: Row, bits: number, operands: readonly OperandSpec[]): void => {
    const key = keyOf(names.get(row) ?? row.name, operands);
    const size = bitsOf(operands, bits);
    const shape = JSON.stringify([size, operands]);
    const known = drafts.get(key);
    if (known && (known.row !== row || shapes.get(key) !== shape)) throw new Error(`form '${key}': two meanings`);
    if (known) return;
    shapes.set(key, shape);
    drafts.set(key, { row, key, bits: size, operands });
  };
  const encodings = rows.flatMap(encodingsOf);
  for (const row of rows) {
    const pseudo = row.encodings['.'];
    if (pseudo === undefined) continue;
    add(
      row,
      0,
      pseudo
        .split(' ')
        .filter(Boolean)
        .map((letter) => {
          const spec = PSEUDO_SPECS[letter];
          if (!spec) throw new Error(`${row.name}: pseudo operand ${letter}`);
          return spec;
        }),
    );
  }
  for (const encoding of encodings) {
    for (const bits of sizesOf(encoding)) {
      for (const variant of variantsOf(encoding)) {
        const specs = specsOf(encoding, bits, variant);
        if (
          variant !== 'indexed' ||
          (!encoding.row.options.vsib &&
            hot.has(keyOf(names.get(encoding.row) ?? '', specs)) &&
            !specs.some(({ field }) => field === 'r2'))
        )
          add(encoding.row, bits, specs);
      }
    }
  }
  const first = [...hot].flatMap((key) => draftOf(drafts, key) ?? []);
  const rest = [...drafts.values()].filter(({ key }) => !hot.has(key));
  const forms = [...first, ...rest].map((draft, id): Form => ({ id, ...draft }));
  const ids = new Map(forms.map(({ key, id }) => [key, id]));
  const idOf: HandlerOf = (encoding, bits, variant) =>
    ids.get(keyOf(names.get(encoding.row) ?? '', specsOf(encoding, bits, variant)));
  const handlerOf: HandlerOf = (encoding, bits, variant) => {
    const id = idOf(encoding, bits, variant);
    if (id !== undefined || variant !== 'indexed') return id;
    // What does nothing with its operand (nop, prefetch) needs no address.
    const plain = idOf(encoding, bits, 'mem');
    const form = plain === undefined ? undefined : forms[plain];
    return form && instantiate(form).statements.length === 0 ? plain : undefined;
  };
  const known = unimplemented.flatMap(({ name, key, letters }) =>
    encodingsOf({ name, encodings: { [key]: letters }, options: {}, build: () => {} }),
  );
  const illegalNames = [
    EVEX_NAME,
    XOP_NAME,
    ...new Set([...known.map(({ row }) => row.name), ...rows.filter(({ options }) => options.feature).map(({ name }) => name)]),
  ];
  return {
    forms,
    names: illegalNames,
    hotCount: first.length,
    missing: [...hot].filter((key) => !draftOf(drafts, key)),
    tables: buildTables({ encodings, known, names: illegalNames, handlerOf, pseudo: (name) => pseudoForm(forms, name).id }),
  };
}

/** The form of a pseudo operation, e.g. '.goto'. */
export function pseudoForm(forms: readonly Form[], name: string): Form {
  const form = forms.find(({ row }) => row.name === name);
  if (!form) throw new Error(`no pseudo operation ${name}`);
  return form;
}
