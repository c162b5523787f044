// SSE4.1 and SSE4.2 arithmetic on packed integers, tests, extensions; CRC32.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { OpName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { mulEven } from './sse-int.ts';
import { aligned, type Binary, binaryRow, bytesDown, fromLow, lanes32, lanewise, order, unaryRow, zero } from './sse-vector.ts';

const sse41 = { feature: 'sse4.1' } as const;
const sse42 = { feature: 'sse4.2' } as const;

/** Name: last opcode byte after 0F 38, meaning. */
const binary: Readonly<Record<string, readonly [opcode: string, meaning: Binary]>> = {
  pmuldq: ['28', mulEven('s')],
  pcmpeqq: ['29', lanewise('i64x2.eq')],
  packusdw: ['2B', lanewise('i16x8.narrow_i32x4_u')],
  pminsb: ['38', lanewise('i8x16.min_s')],
  pminsd: ['39', lanewise('i32x4.min_s')],
  pminuw: ['3A', lanewise('i16x8.min_u')],
  pminud: ['3B', lanewise('i32x4.min_u')],
  pmaxsb: ['3C', lanewise('i8x16.max_s')],
  pmaxsd: ['3D', lanewise('i32x4.max_s')],
  pmaxuw: ['3E', lanewise('i16x8.max_u')],
  pmaxud: ['3F', lanewise('i32x4.max_u')],
  pmulld: ['40', lanewise('i32x4.mul')],
};

/** Suffix: last opcode byte (pmovsx; pmovzx is 10 more), source letter, the widenings in turn. */
const EXTENSIONS: Readonly<Record<string, readonly [opcode: number, source: string, steps: readonly string[]]>> = {
  bw: [0x20, 'Wq', ['i16x8.extend_low_i8x16']],
  bd: [0x21, 'Wd', ['i16x8.extend_low_i8x16', 'i32x4.extend_low_i16x8']],
  bq: [0x22, 'Ww', ['i16x8.extend_low_i8x16', 'i32x4.extend_low_i16x8', 'i64x2.extend_low_i32x4']],
  wd: [0x23, 'Wq', ['i32x4.extend_low_i16x8']],
  wq: [0x24, 'Wd', ['i32x4.extend_low_i16x8', 'i64x2.extend_low_i32x4']],
  dq: [0x25, 'Wq', ['i64x2.extend_low_i32x4']],
};
const extension = (name: string, opcode: number, source: string, steps: readonly string[], signedness: 's' | 'u'): Row =>
  insn(
    name,
    { [`66 0F 38 ${opcode.toString(16)}`]: `Vdq ${source}` },
    (b, dst, src) => {
      const low = src.get();
      const start = low.type === 'i64' ? fromLow(b, low) : b.op('i32x4.splat', low);
      dst.set(steps.reduce((x, step) => b.op(`${step}_${signedness}` as OpName, x), start));
    },
    sse41,
  );

/** The least unsigned word in bits 15:0, its number in bits 18:16. */
function leastWord(b: X64Builder, x: Value): Value {
  const numbered = (words: Value, first: number): Value =>
    b.op('v128.or', b.op('i32x4.shl', words, 16), lanes32(b, first, first + 1, first + 2, first + 3));
  const four = b.op(
    'i32x4.min_u',
    numbered(b.op('i32x4.extend_low_i16x8_u', x), 0),
    numbered(b.op('i32x4.extend_high_i16x8_u', x), 4),
  );
  const two = b.op('i32x4.min_u', four, b.shuffle(four, four, order(4, 2, 3, 0, 1)));
  const one = b.op('i32x4.min_u', two, b.shuffle(two, two, order(4, 1, 0, 3, 2)));
  return b.lane('i32x4.replace_lane', 0, zero(b), b.rotl(b.lane('i32x4.extract_lane', 0, one), 16));
}

/** Sums of absolute differences of four bytes of y, chosen by imm8[1:0], and those at eight places of x from imm8[2] on. */
function mpsadbw(b: X64Builder, x: Value, y: Value, imm: Value): Value {
  const from = bytesDown(b, x, b.and(imm, 4));
  const block = bytesDown(b, y, b.shl(b.and(imm, 3), 2));
  let sum: Value | undefined;
  for (let i = 0; i < 4; i++) {
    const bytes = order(1, ...Array.from({ length: 16 }, (_, n) => n + i));
    const left = b.op('i16x8.extend_low_i8x16_u', b.shuffle(from, from, bytes));
    const right = b.op('i16x8.splat', b.lane('i8x16.extract_lane_u', i, block));
    const difference = b.op('i16x8.abs', b.op('i16x8.sub', left, right));
    sum = sum ? b.op('i16x8.add', sum, difference) : difference;
  }
  return sum as Value;
}

/** sse.crc32(crc, value i64, bits): CRC-32C without inversions, bit-reflected polynomial 0x82f63b78. */
const crc32 = defineFunction('sse.crc32', ['i32', 'i64', 'i32'], ['i32'], (b, crc, value, bits) => {
  const rest = b.variable('i64', b.xor(value as Value, b.zext(crc as Value)));
  const left = b.variable('i32', bits as Value);
  b.loop((loop) => {
    b.if(b.eqz(left.get()), () => loop.break());
    const word = rest.get();
    rest.set(b.xor(b.shrU(word, 1), b.and(b.neg(b.and(word, 1)), 0x82f63b78n)));
    left.set(b.sub(left.get(), 1));
  });
  b.return(b.wrap(rest.get()));
});

export const sse4Int: readonly Row[] = [
  ...Object.entries(binary).map(([name, [opcode, meaning]]) => binaryRow(name, `66 0F 38 ${opcode}`, meaning, sse41)),
  ...Object.entries(EXTENSIONS).flatMap(([suffix, [opcode, source, steps]]) => [
    extension(`pmovsx${suffix}`, opcode, source, steps, 's'),
    extension(`pmovzx${suffix}`, opcode + 0x10, source, steps, 'u'),
  ]),
  unaryRow('phminposuw', '66 0F 38 41', leastWord, sse41),
  insn(
    'mpsadbw',
    { '66 0F 3A 42': 'Vdq Wdq Ib' },
    (b, dst, src, imm) => dst.set(mpsadbw(b, dst.get(), aligned(b, src), imm.get())),
    sse41,
  ),
  insn(
    'ptest',
    { '66 0F 38 17': 'Vdq Wdq' },
    (b, x, src) => {
      const left = x.get();
      const right = aligned(b, src);
      const isZero = b.eqz(b.op('v128.any_true', b.op('v128.and', left, right)));
      const isCovered = b.eqz(b.op('v128.any_true', b.op('v128.andnot', right, left)));
      b.flagsRaw(b.or(isCovered, b.shl(isZero, 6)));
    },
    sse41,
  ),

  binaryRow('pcmpgtq', '66 0F 38 37', lanewise('i64x2.gt_s'), sse42),
  insn(
    'crc32',
    { 'F2 0F 38 F0': 'Gy Eb', 'F2 0F 38 F1': 'Gy Ev' },
    (b, dst, src) => {
      const crc = b.pure('sse.crc32', 'i32', b.wrap(dst.get()), b.zext(src.get()), b.i32(src.bits));
      dst.set(dst.bits === 64 ? b.zext(crc) : crc);
    },
    sse42,
  ),
];

export const functions: readonly FunctionDefinition[] = [crc32];
