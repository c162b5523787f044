// MMX: the packed integer instructions of MMX, SSE, SSE2 and SSSE3 on the 64-bit registers that x87 shares.
//
// A meaning on XMM registers serves here too: on operands copied into both halves its low half is the MMX result.
// Every one of these instructions sets TOP to 0 and marks all x87 registers as in use; a write fills sign and exponent
// with ones (Intel SDM volume 1, 9.5).

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row, type RowOptions } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { FSW, FTW, MXCSR_MODE } from '../regs.ts';
import { toIntegers, toSingles } from './sse-convert.ts';
import { integer, packs, shiftLanes, shifts } from './sse-int.ts';
import { maskedBytes } from './sse-move.ts';
import { extractWord, insertWord, unpack, unpacks, wordSelector } from './sse-shuffle.ts';
import { aligned, atMost, type Binary, bytesDown, fromHalves, fromLow } from './sse-vector.ts';
import { absolute, lanewiseSsse3, pairwiseSsse3, pshufb } from './sse3.ts';

const TOP = 0x3800;
const ssse3: RowOptions = { feature: 'ssse3' };

function enter(b: X64Builder, tags = 0xff): void {
  b.setSlot('i32.store', FSW, b.and(b.slot('i32.load', FSW), ~TOP));
  b.setSlot('i32.store', FTW, tags);
}
/** Writes an MMX register from an i64. */
function write(b: X64Builder, register: Operand, value: Value): void {
  enter(b);
  register.setPart('i64.store', 0, value);
  register.setPart('i32.store16', 8, b.i32(0xffff));
}
const low = (b: X64Builder, x: Value): Value => b.lane('i64x2.extract_lane', 0, x);

/** A row over MMX registers: `meaning` makes the i64 result of the operands' values. */
const row = (
  name: string,
  key: string,
  operands: string,
  meaning: (b: X64Builder, ...values: Value[]) => Value,
  options?: RowOptions,
): Row =>
  insn(
    name,
    { [key]: operands },
    (b, dst, ...sources) => write(b, dst, meaning(b, dst.get(), ...sources.map((source) => source.get()))),
    options,
  );
const lanewiseRow = (name: string, key: string, meaning: Binary, options?: RowOptions): Row =>
  row(name, key, 'Pq Qq', (b, x, y) => low(b, meaning(b, fromLow(b, x as Value), fromLow(b, y as Value))), options);
/** For meanings that take neighbours together: x and y lie side by side. */
const pairwiseRow = (name: string, key: string, meaning: Binary, options?: RowOptions): Row =>
  row(
    name,
    key,
    'Pq Qq',
    (b, x, y) => {
      const both = fromHalves(b, x as Value, y as Value);
      return low(b, meaning(b, both, both));
    },
    options,
  );

/** A row whose destination is no MMX register. */
const outward = (
  name: string,
  key: string,
  operands: string,
  build: (b: X64Builder, dst: Operand, ...sources: Operand[]) => void,
): Row =>
  insn(name, { [key]: operands }, (b, dst, ...sources) => {
    build(b, dst, ...sources);
    enter(b);
  });
/** Into an MMX register from elsewhere. */
const inward = (name: string, key: string, operands: string, meaning: (b: X64Builder, src: Operand) => Value): Row =>
  insn(name, { [key]: operands }, (b, dst, src) => write(b, dst, meaning(b, src)));

/** MMX state is entered even if the conversion raises #XM. */
const converted = (b: X64Builder, meaning: () => Value): Value => {
  b.if(b.slot('i32.load', MXCSR_MODE), () => enter(b));
  return low(b, meaning());
};

const conversions: readonly Row[] = [
  ...[
    { prefix: 'NP', suffix: 'ps', type: 'f32x4', source: 'Wq' } as const,
    { prefix: '66', suffix: 'pd', type: 'f64x2', source: 'Wpd' } as const,
  ].flatMap(({ prefix, suffix, type, source }) => {
    const get = (b: X64Builder, src: Operand): Value => (source === 'Wq' ? fromLow(b, src.get()) : aligned(b, src));
    return [
      ...[true, false].map((isTruncated) => {
        const key = `${prefix} 0F ${isTruncated ? '2C' : '2D'}`;
        return inward(`cvt${isTruncated ? 't' : ''}${suffix}2pi`, key, `Pq ${source}`, (b, src) => {
          const x = get(b, src);
          return converted(b, () => toIntegers(b, type, x, isTruncated));
        });
      }),
    ];
  }),
  // From memory these leave the x87 state alone: CVTPI2PD by the SDM, CVTPI2PS as AMD's CPUs do.
  insn('cvtpi2ps', { 'NP 0F 2A': 'Vq Qq' }, (b, dst, src) => {
    const x = fromLow(b, src.get());
    if (!src.isRegister) return dst.set(low(b, toSingles(b, x)));
    dst.set(converted(b, () => toSingles(b, x)));
    enter(b);
  }),
  insn('cvtpi2pd', { '66 0F 2A': 'Vpd Qq' }, (b, dst, src) => {
    dst.set(b.op('f64x2.convert_low_i32x4_s', fromLow(b, src.get())));
    if (src.isRegister) enter(b);
  }),
];

const moves: readonly Row[] = [
  inward('movd', 'NP W0 0F 6E', 'Pd Ed', (b, src) => b.zext(src.get())),
  inward('movq', 'NP W1 0F 6E', 'Pq Eq', (_b, src) => src.get()),
  inward('movq', 'NP 0F 6F', 'Pq Qq', (_b, src) => src.get()),
  outward('movd', 'NP W0 0F 7E', 'Ed Pd', (_b, dst, src) => dst.set(src.get())),
  outward('movq', 'NP W1 0F 7E', 'Eq Pq', (_b, dst, src) => dst.set(src.get())),
  insn('movq', { 'NP 0F 7F': 'Qq Pq' }, (b, dst, src) => {
    if (dst.isRegister) return write(b, dst, src.get());
    dst.set(src.get());
    enter(b);
  }),
  outward('movntq', 'NP 0F E7', 'Mq Pq', (_b, dst, src) => dst.set(src.get())),
  outward('movq2dq', 'F3 0F D6', 'Vq Nq', (_b, dst, src) => dst.setZeroing(src.get())),
  inward('movdq2q', 'F2 0F D6', 'Pq Uq', (_b, src) => src.get()),
  outward('pmovmskb', 'NP 0F D7', 'Gd Nq', (b, dst, src) => dst.set(b.and(b.op('i8x16.bitmask', fromLow(b, src.get())), 0xff))),
  outward('pextrw', 'NP 0F C5', 'Gd Nq Ib', (b, dst, src, imm) =>
    dst.set(extractWord(b, fromLow(b, (src as Operand).get()), (imm as Operand).get(), 4)),
  ),
  ...([64, 32] as const).map((bits) =>
    insn(
      'maskmovq',
      { 'NP 0F F7': 'Pq Nq' },
      (b, data, mask) => {
        const value = data.get(),
          to = b.zext(b.gpr('rdi', bits));
        const wanted = b.and(b.op('i8x16.bitmask', fromLow(b, mask.get())), 0xff);
        b.guestProbe(to, 8, true);
        maskedBytes(b, to, wanted, (index, address) =>
          b.guestStore('i32.store8', address, b.wrap(b.shrU(value, b.zext(b.shl(index, 3))))),
        );
        enter(b);
      },
      bits === 32 ? { addressSize: 32 } : {},
    ),
  ),
];

const imm8 = (b: X64Builder, imm: Value | undefined): Value => b.and(imm as Value, 0xff);

export const sseMmx: readonly Row[] = [
  ...moves,
  ...conversions,
  ...Object.entries(integer).map(([name, [opcode, meaning]]) => lanewiseRow(name, `NP 0F ${opcode}`, meaning)),
  ...Object.entries(packs).map(([name, [opcode, meaning]]) => pairwiseRow(name, `NP 0F ${opcode}`, meaning)),
  ...Object.entries(unpacks).flatMap(([name, [opcode, bytes, half]]) =>
    bytes === 8
      ? []
      : [
          // A low unpack reads 32 bits of memory, a high one 64.
          row(name, `NP 0F ${opcode}`, half === 'low' ? 'Pq Qd' : 'Pq Qq', (b, x, y) => {
            const other = (y as Value).type === 'i32' ? b.op('i32x4.splat', y as Value) : fromLow(b, y as Value);
            return b.lane('i64x2.extract_lane', half === 'low' ? 0 : 1, unpack(b, bytes, 'low', fromLow(b, x as Value), other));
          }),
        ],
  ),
  ...Object.entries(shifts).flatMap(([name, shift]) => [
    row(name, `NP 0F ${shift.byRegister}`, 'Pq Qq', (b, x, count) =>
      low(b, shiftLanes(b, shift, fromLow(b, x as Value), count as Value)),
    ),
    row(name, `NP 0F ${shift.byImmediate}`, 'Nq Ib', (b, x, count) =>
      low(b, shiftLanes(b, shift, fromLow(b, x as Value), imm8(b, count))),
    ),
  ]),
  insn('pshufw', { 'NP 0F 70': 'Pq Qq Ib' }, (b, dst, src, imm) =>
    write(b, dst, low(b, b.op('i8x16.swizzle', fromLow(b, src.get()), wordSelector(b, 'low', imm.get())))),
  ),
  ...['Rd', 'Mw'].map((source) =>
    row('pinsrw', 'NP 0F C4', `Pq ${source} Ib`, (b, x, value, lane) =>
      low(b, insertWord(b, fromLow(b, x as Value), value as Value, lane as Value, 4)),
    ),
  ),
  ...Object.entries(lanewiseSsse3).map(([name, [opcode, meaning]]) => lanewiseRow(name, `NP 0F 38 ${opcode}`, meaning, ssse3)),
  ...Object.entries(pairwiseSsse3).map(([name, [opcode, meaning]]) => pairwiseRow(name, `NP 0F 38 ${opcode}`, meaning, ssse3)),
  ...Object.entries(absolute).map(([name, [opcode, meaning]]) =>
    lanewiseRow(name, `NP 0F 38 ${opcode}`, (b, _x, y) => meaning(b, y), ssse3),
  ),
  lanewiseRow('pshufb', 'NP 0F 38 00', (b, x, y) => pshufb(b, x, y, 0x87), ssse3),
  row(
    'palignr',
    'NP 0F 3A 0F',
    'Pq Qq Ib',
    (b, x, y, imm) => low(b, bytesDown(b, fromHalves(b, y as Value, x as Value), atMost(b, imm8(b, imm), 16))),
    ssse3,
  ),
  insn('emms', { 'NP 0F 77': '' }, (b) => enter(b, 0)),
];
