// Encoding keys and operand letters of the rows, read into objects (their grammar stands in insn.ts).

import type { Feature } from './features.ts';
import type { Row } from './insn.ts';
import type { AccessName, OperandSpec } from './operands.ts';

/** Where an operand is found: the SDM's place letter or the name of a fixed register. */
const PLACES = ['AL', 'CL', 'DX', 'rAX', 'rDX', 'eAX', 'ST0', 'STi', 'I1', ...'ERMGZBWUVHLQNPSOIJXY'] as const;
export type Place = string;
export interface OperandCode {
  readonly place: Place;
  /** Size letters as written; '' where the place says it all. */
  readonly size: string;
}

/** Opcode maps: 0 one byte, 1 0F, 2 0F 38, 3 0F 3A; with VEX 4 is 0F, 5 0F 38, 6 0F 3A. */
export const MAPS = 7;
export const FIRST_VEX_MAP = 4;
/** Prefix slots of an opcode: none, 66, F3, F2. */
export const SLOTS = 4;

export interface Encoding {
  readonly row: Row;
  readonly key: string;
  readonly map: number;
  readonly opcode: number;
  /** Prefix slots the key claims; undefined: every slot that no other row claims. */
  readonly slots: readonly number[] | undefined;
  /** The opcode's low three bits are a register. */
  readonly isPlusRegister: boolean;
  /** ModRM.reg. */
  readonly reg: number | undefined;
  /** Whole ModRM byte; with `isPlusStack` its low three bits are ST(i). */
  readonly modrm: number | undefined;
  readonly isPlusStack: boolean;
  readonly w: 0 | 1 | undefined;
  /** VEX.L; undefined without VEX or where it is ignored. */
  readonly l: 0 | 1 | undefined;
  readonly operands: readonly OperandCode[];
}

const CLAIMS: Readonly<Record<string, readonly number[]>> = {
  NP: [0],
  NFx: [0, 1],
  66: [1],
  F3: [2],
  F2: [3],
  REP: [2, 3],
  REPE: [2],
  REPNE: [3],
};

export function parseOperand(text: string): OperandCode {
  const place = PLACES.find((name) => text.startsWith(name));
  if (place === undefined) throw new Error(`operand ${text}: unknown place`);
  return { place, size: text.slice(place.length) };
}

function parseEncoding(row: Row, key: string, letters: string): Encoding {
  const tokens = key.trim().split(/\s+/);
  let slots: readonly number[] | undefined;
  let w: 0 | 1 | undefined;
  let l: 0 | 1 | undefined;
  let isVex = false;
  const fail = (why: string): never => {
    throw new Error(`${row.name} '${key}': ${why}`);
  };
  for (; tokens.length > 1; tokens.shift()) {
    const token = tokens[0] as string;
    const claim = CLAIMS[token];
    if (claim) slots = claim;
    else if (token === 'W0' || token === 'W1') w = token === 'W0' ? 0 : 1;
    else if (token.startsWith('VEX.')) {
      isVex = true;
      const length = token.slice(4);
      l =
        length === '128' || length === 'LZ' || length === 'L0'
          ? 0
          : length === '256'
            ? 1
            : length === 'LIG'
              ? undefined
              : fail(`unknown ${token}`);
    } else if (token !== 'WIG') break;
  }
  // A blank before the '/n' is allowed.
  const match = /^((?:[0-9A-Fa-f]{2} ?)+)(?:\s*\/([0-7])|\+([ri]))?$/.exec(tokens.join(' '));
  if (!match) return fail('not an encoding key');
  const bytes = (match[1] as string)
    .trim()
    .split(' ')
    .map((byte) => Number.parseInt(byte, 16));
  const escapes = bytes[0] !== 0x0f ? 0 : bytes[1] === 0x38 || bytes[1] === 0x3a ? 2 : 1;
  const map = (escapes < 2 ? escapes : bytes[1] === 0x38 ? 2 : 3) + (isVex ? 3 : 0);
  const [opcode, modrm, ...rest] = bytes.slice(escapes);
  if (opcode === undefined || rest.length) return fail('wrong number of opcode bytes');
  return {
    row,
    key,
    map,
    opcode,
    slots: isVex ? (slots ?? [0]) : slots,
    isPlusRegister: match[3] === 'r',
    reg: match[2] === undefined ? undefined : Number(match[2]),
    modrm,
    isPlusStack: match[3] === 'i',
    w,
    l,
    operands: letters.split(/\s+/).filter(Boolean).map(parseOperand),
  };
}

/** The features a row needs. */
export const featuresOf = ({ options: { feature = [] } }: Row): readonly Feature[] =>
  typeof feature === 'string' ? [feature] : feature;

/** The encodings of a row that has any (pseudo rows have none). */
export function encodingsOf(row: Row): Encoding[] {
  return Object.entries(row.encodings)
    .filter(([key]) => key !== '.')
    .map(([key, letters]) => parseEncoding(row, key, letters));
}

/** Does ModRM.rm hold a register, memory, or either? undefined: no such operand. */
export function rmKind(encoding: Encoding): 'reg' | 'mem' | 'both' | undefined {
  for (const { place } of encoding.operands) {
    if ('EWQ'.includes(place)) return 'both';
    if ('RUN'.includes(place)) return 'reg';
    if ('MO'.includes(place)) return 'mem';
  }
  return undefined;
}

export const hasModRM = (encoding: Encoding): boolean =>
  encoding.reg !== undefined ||
  encoding.modrm !== undefined ||
  encoding.operands.some(({ place }) => 'ERMWUQNGVPS'.includes(place));

/** Operand sizes the encoding comes in: 16, 32, 64 bits; [0] where it has no operand of variable size. */
export function sizesOf(encoding: Encoding): readonly number[] {
  const { operands, row, w } = encoding;
  const has = (test: (operand: OperandCode) => boolean): boolean => operands.some(test);
  const isBig = row.options.default64 === true;
  let sizes: readonly number[];
  if (
    has(
      ({ place, size }) =>
        (size === 'v' && place !== 'J') || place === 'rAX' || place === 'rDX' || (place === 'I' && size === 'z'),
    )
  ) {
    sizes = isBig ? [16, 64] : [16, 32, 64];
  } else if (has(({ place, size }) => place === 'I' && size === 'bs')) sizes = isBig ? [16, 64] : [16, 32, 64];
  else if (has(({ size }) => size === 'y')) sizes = isBig ? [64] : [32, 64];
  else if (has(({ place, size }) => (size === 'z' && place !== 'J') || place === 'eAX')) sizes = [16, 32];
  else return [0];
  return w === undefined ? sizes : sizes.filter((size) => (size === 64) === (w === 1));
}

const BY_BITS: Readonly<Record<number, AccessName>> = { 8: 'b', 16: 'w', 32: 'd', 64: 'q' };
const FIXED_SIZE: Readonly<Record<string, AccessName>> = {
  b: 'b',
  w: 'w',
  d: 'd',
  q: 'q',
  ss: 'ss',
  sd: 'sd',
  dq: 'dq',
  x: 'dq',
  ps: 'dq',
  pd: 'dq',
  qq: 'qq',
  t: 't',
  '': 'none',
};

/** How an operand of that code is accessed at an operand size. */
export function accessOf({ place, size }: OperandCode, bits: number): AccessName {
  const sized = BY_BITS[bits];
  switch (place) {
    case 'AL':
    case 'CL':
    case 'I1':
      return 'b';
    case 'DX':
      return 'w';
    case 'ST0':
    case 'STi':
      return 't';
    case 'rAX':
    case 'rDX':
    case 'eAX':
      if (sized) return sized;
      break;
    case 'J':
      return 'q';
    case 'I':
      if ((size === 'z' || size === 'bs') && sized) return sized;
      break;
  }
  if (size === 'y' && bits === 16) return 'd';
  if (size === 'v' || size === 'y') {
    if (sized) return sized;
  } else if (size === 'z') return bits === 16 ? 'w' : 'd';
  else {
    const access = FIXED_SIZE[size];
    if (access) return access;
  }
  throw new Error(`operand ${place}${size}: no such size at ${bits} bits`);
}

/** The register file of a place that names a register. */
export function fileOf(place: Place): OperandSpec['file'] {
  if ('WUVHL'.includes(place)) return 'vector';
  if ('QNP'.includes(place)) return 'mmx';
  if (place === 'S') return 'segment';
  if (place === 'ST0' || place === 'STi') return 'x87';
  return 'gpr';
}

/**
 * Register, base + disp or indexed memory for the operand that can be memory. Of a relative branch 'mem' is the form whose
 * target, beyond the 4 GiB that hold code, a micro-operation has left in TMP0.
 */
export type Variant = 'reg' | 'mem' | 'indexed';

export const variantsOf = (encoding: Encoding): readonly Variant[] => {
  const kind = rmKind(encoding);
  if (encoding.operands.some(({ place }) => place === 'J')) return ['reg', 'mem'];
  return kind === 'mem' ? ['mem', 'indexed'] : kind === 'both' ? ['reg', 'mem', 'indexed'] : ['reg'];
};

/** Register operands in the order of their fields: a string source comes first because its field is fixed. */
export function registerOperands(operands: readonly OperandCode[], variant: Variant): OperandCode[] {
  const registers = operands.filter(
    ({ place }) => !'IJLOMY'.includes(place) && place !== 'I1' && !('EWQ'.includes(place) && variant !== 'reg'),
  );
  return registers.sort((a, b) => Number(b.place === 'X') - Number(a.place === 'X'));
}
