// AES-NI. The state is a vector: column c, row r is byte 4c + r (FIPS 197, 3.4).
//
// S-boxes are looked up sixteen bytes at a time: of sixteen swizzles each serves the bytes with one upper digit.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Builder } from '../../../ir/builder.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { derive } from './avx-vector.ts';
import { aligned, lanes32, order } from './sse-vector.ts';

/** x times 2 in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
const double = (x: number): number => ((x << 1) ^ (x & 0x80 ? 0x11b : 0)) & 0xff;

/** FIPS 197, 5.1.1: the inverse, then an affine map. */
function substitutionBox(): Uint8Array {
  const box = new Uint8Array(256);
  // 3 generates the field: its powers p and those of its inverse q run through all inverses.
  let p = 1,
    q = 1;
  do {
    p ^= double(p);
    for (const shift of [1, 2, 4]) q ^= q << shift;
    q &= 0xff;
    if (q & 0x80) q ^= 0x09;
    const rotated = [1, 2, 3, 4].reduce((sum, n) => sum ^ ((q << n) | (q >> (8 - n))), q);
    box[p] = (rotated ^ 0x63) & 0xff;
  } while (p !== 1);
  box[0] = 0x63;
  return box;
}
const BOX = substitutionBox();
const INVERSE_BOX = Uint8Array.from({ length: 256 }, (_, i) => BOX.indexOf(i));

const bytes = (b: Builder, value: number): Value => b.v128(new Array<number>(16).fill(value));
/** Each byte of x replaced by that of the table. */
const substitute = (name: string, box: Uint8Array): FunctionDefinition =>
  defineFunction(name, ['v128'], ['v128'], (b, x) => {
    let result: Value | undefined;
    for (let digit = 0; digit < 16; digit++) {
      const index = digit ? b.op('i8x16.sub', x as Value, bytes(b, 16 * digit)) : (x as Value);
      const found = b.op('i8x16.swizzle', b.v128([...box.subarray(16 * digit, 16 * digit + 16)]), index);
      result = result ? b.op('v128.or', result, found) : found;
    }
    b.return(result as Value);
  });

const times2 = (b: Builder, x: Value): Value =>
  b.op('v128.xor', b.op('i8x16.shl', x, 1), b.op('v128.and', b.op('i8x16.shr_s', x, 7), bytes(b, 0x1b)));
const xor = (b: Builder, ...values: Value[]): Value => values.reduce((x, y) => b.op('v128.xor', x, y));
/** Within each column rows move up by `count`. */
const rotateColumns = (b: Builder, x: Value, count: number): Value =>
  b.shuffle(
    x,
    x,
    Array.from({ length: 16 }, (_, i) => (i & 12) | ((i + count) & 3)),
  );
/** Row r moves by r columns, to the left or (inverse) to the right. */
const shiftRows = (b: Builder, x: Value, direction: 1 | -1): Value =>
  b.shuffle(
    x,
    x,
    Array.from({ length: 16 }, (_, i) => (i + 4 * direction * (i & 3)) & 15),
  );

function mixColumns(b: Builder, x: Value): Value {
  const next = rotateColumns(b, x, 1);
  return xor(b, times2(b, xor(b, x, next)), next, rotateColumns(b, x, 2), rotateColumns(b, x, 3));
}
/** The inverse polynomial is the plain one times 4x^2 + 5 (FIPS 197, 5.3.3). */
function inverseMixColumns(b: Builder, x: Value): Value {
  const four = times2(b, times2(b, xor(b, x, rotateColumns(b, x, 2))));
  return mixColumns(b, xor(b, x, four));
}

type Round = (b: Builder, state: Value) => Value;
const encryptLast: Round = (b, state) => b.pure('aes.substitute', 'v128', shiftRows(b, state, 1));
const decryptLast: Round = (b, state) => b.pure('aes.inverse', 'v128', shiftRows(b, state, -1));
const rounds: Readonly<Record<string, readonly [opcode: string, round: Round]>> = {
  aesenc: ['DC', (b, state) => mixColumns(b, encryptLast(b, state))],
  aesenclast: ['DD', encryptLast],
  aesdec: ['DE', (b, state) => inverseMixColumns(b, decryptLast(b, state))],
  aesdeclast: ['DF', decryptLast],
};

/** Words 1 and 3 substituted; each also rotated by a byte and combined with the round constant. */
function assist(b: X64Builder, x: Value, constant: Value): Value {
  const box = b.pure('aes.substitute', 'v128', x);
  const words = b.shuffle(box, box, [...order(4, 1), 5, 6, 7, 4, ...order(4, 3), 13, 14, 15, 12]);
  return b.op('v128.xor', words, b.op('v128.and', b.op('i32x4.splat', b.and(constant, 0xff)), lanes32(b, 0, -1, 0, -1)));
}

const options = { feature: 'aes' } as const;
const legacy: readonly Row[] = Object.entries(rounds).map(([name, [opcode, round]]) =>
  insn(
    name,
    { [`66 0F 38 ${opcode}`]: 'Vdq Wdq' },
    (b, dst, key) => {
      const value = aligned(b, key);
      dst.set(b.op('v128.xor', round(b, dst.get()), value));
    },
    options,
  ),
);
const keys: readonly Row[] = [
  insn('aesimc', { '66 0F 38 DB': 'Vdq Wdq' }, (b, dst, src) => dst.set(inverseMixColumns(b, aligned(b, src))), options),
  insn(
    'aeskeygenassist',
    { '66 0F 3A DF': 'Vdq Wdq Ib' },
    (b, dst, src, constant) => dst.set(assist(b, aligned(b, src), b.wrap(constant.get()))),
    options,
  ),
];

export const aes: readonly Row[] = [
  ...legacy,
  ...keys,
  ...legacy.flatMap((row) => derive(row, { first: 'both', length: '128', feature: ['avx', 'aes'] })),
  ...keys.flatMap((row) => derive(row, { first: 'result', length: '128', feature: ['avx', 'aes'] })),
];

export const functions: readonly FunctionDefinition[] = [
  substitute('aes.substitute', BOX),
  substitute('aes.inverse', INVERSE_BOX),
];
