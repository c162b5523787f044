// AVX conversions whose operands differ in length, extensions to 256 bits, and comparisons with 32 predicates.

import type { OpName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { parts, setParts } from './avx-vector.ts';
import { compared } from './sse-compare.ts';
import { demoteLanes, promoteLanes, toIntegers } from './sse-convert.ts';
import { SHAPES, type Shape } from './sse-float.ts';
import { fromLow, order } from './sse-vector.ts';

const avx = { feature: 'avx' } as const;
const avx2 = { feature: 'avx2' } as const;

/** Four doublewords to four quadwords: `meaning` takes the low two. */
const widen =
  (meaning: (b: X64Builder, x: Value) => Value): Row['build'] =>
  (b, dst, src) => {
    const x = src.get();
    setParts(b, dst, [meaning(b, x), meaning(b, b.shuffle(x, x, order(8, 1, 1)))]);
  };
/** Four quadwords to four doublewords: `narrow` makes two, with zeroes above. */
const narrow =
  (meaning: (b: X64Builder, x: Value) => Value): Row['build'] =>
  (b, dst, src) => {
    const [low, high] = parts(src).map((x) => meaning(b, x)) as [Value, Value];
    setParts(b, dst, [b.shuffle(low, high, order(8, 0, 2))]);
  };

/** Suffix: last opcode byte (vpmovsx; vpmovzx is 10 more), source letter, shapes from the source's to the result's. */
const EXTENSIONS: Readonly<Record<string, readonly [opcode: number, source: string, shapes: readonly string[]]>> = {
  bw: [0x20, 'Wdq', ['i8x16', 'i16x8']],
  bd: [0x21, 'Wq', ['i8x16', 'i16x8', 'i32x4']],
  bq: [0x22, 'Wd', ['i8x16', 'i16x8', 'i32x4', 'i64x2']],
  wd: [0x23, 'Wdq', ['i16x8', 'i32x4']],
  wq: [0x24, 'Wq', ['i16x8', 'i32x4', 'i64x2']],
  dq: [0x25, 'Wdq', ['i32x4', 'i64x2']],
};
const extension = (name: string, opcode: number, source: string, shapes: readonly string[], signedness: 's' | 'u'): Row =>
  insn(
    name,
    { [`66 VEX.256 WIG 0F 38 ${opcode.toString(16)}`]: `Vqq ${source}` },
    (b, dst, src) => {
      const value = src.get();
      const start = value.type === 'v128' ? value : value.type === 'i64' ? fromLow(b, value) : b.op('i32x4.splat', value);
      const step = (x: Value, i: number, half: 'low' | 'high'): Value =>
        b.op(`${shapes[i + 1]}.extend_${half}_${shapes[i]}_${signedness}` as OpName, x);
      const last = shapes.length - 2;
      let x = start;
      for (let i = 0; i < last; i++) x = step(x, i, 'low');
      setParts(b, dst, [step(x, last, 'low'), step(x, last, 'high')]);
    },
    avx2,
  );

/**
 * The comparison that imm8[4:0] names: lanes of ones, or 0 and 1 for scalars. Bit 4 tells only which NaNs signal
 * (SDM volume 2, CMPPD, table 3-1); bit 2 inverts.
 */
const compare = (b: X64Builder, type: Shape['type'], x: Value, y: Value, imm: Value): Value => {
  const predicate = b.and(imm, 31);
  return compared(b, type, x, y, predicate, () => ordinaryCompare(b, type, x, y, predicate));
};
function ordinaryCompare(b: X64Builder, type: Shape['type'], x: Value, y: Value, predicate: Value): Value {
  const isScalar = type === 'f32' || type === 'f64';
  const op = (name: string): Value => b.op(`${type}.${name}` as OpName, x, y);
  const join = (name: 'or' | 'and', one: Value, other: Value): Value => b.op(`${isScalar ? 'i32' : 'v128'}.${name}`, one, other);
  const not = (one: Value): Value => (isScalar ? b.eqz(one) : b.op('v128.not', one));
  const isNaN = (v: Value): Value => b.op(`${type}.ne`, v, v);
  const result = b.variable(isScalar ? 'i32' : 'v128');
  const cases = [
    () => op('eq'),
    () => op('lt'),
    () => op('le'),
    () => join('or', isNaN(x), isNaN(y)),
    () => not(join('or', op('lt'), op('gt'))),
    () => not(op('ge')),
    () => not(op('gt')),
    () => (isScalar ? b.i32(0) : b.v128of64(0n, 0n)),
  ];
  b.switch(
    b.or(b.and(predicate, 3), b.and(b.shrU(predicate, 1), 4)),
    cases.map((one) => () => result.set(one())),
  );
  const inverts = b.and(b.shrU(predicate, 2), 1);
  return isScalar ? b.xor(result.get(), inverts) : b.op('v128.xor', result.get(), b.op('i32x4.splat', b.neg(inverts)));
}
const comparePacked =
  (type: Shape['type']): Row['build'] =>
  (b, dst, first, second, imm) => {
    const ys = parts(second),
      predicate = b.wrap(imm.get());
    setParts(
      b,
      dst,
      parts(first).map((x, i) => compare(b, type, x, ys[i] as Value, predicate)),
    );
  };
const compareScalar =
  (type: 'f32' | 'f64'): Row['build'] =>
  (b, dst, first, second, imm) => {
    const load = type === 'f32' ? 'f32.load' : 'f64.load';
    const mask = b.neg(compare(b, type, first.part(load, 0), (second as Operand).get(), b.wrap(imm.get())));
    const lane =
      type === 'f32'
        ? b.lane('i32x4.replace_lane', 0, first.get(), mask)
        : b.lane('i64x2.replace_lane', 0, first.get(), b.sext(mask));
    setParts(b, dst, [lane]);
  };

export const avxConvert: readonly Row[] = [
  insn(
    'vcvtdq2pd',
    { 'F3 VEX.256 WIG 0F E6': 'Vqq Wdq' },
    widen((b, x) => b.op('f64x2.convert_low_i32x4_s', x)),
    avx,
  ),
  insn('vcvtps2pd', { 'NP VEX.256 WIG 0F 5A': 'Vqq Wdq' }, widen(promoteLanes), avx),
  insn('vcvtpd2ps', { '66 VEX.256 WIG 0F 5A': 'Vdq Wqq' }, narrow(demoteLanes), avx),
  insn(
    'vcvttpd2dq',
    { '66 VEX.256 WIG 0F E6': 'Vdq Wqq' },
    narrow((b, x) => toIntegers(b, 'f64x2', x, true)),
    avx,
  ),
  insn(
    'vcvtpd2dq',
    { 'F2 VEX.256 WIG 0F E6': 'Vdq Wqq' },
    narrow((b, x) => toIntegers(b, 'f64x2', x, false)),
    avx,
  ),
  ...Object.entries(EXTENSIONS).flatMap(([suffix, [opcode, source, shapes]]) => [
    extension(`vpmovsx${suffix}`, opcode, source, shapes, 's'),
    extension(`vpmovzx${suffix}`, opcode + 0x10, source, shapes, 'u'),
  ]),
  ...SHAPES.map(({ prefix, suffix, type, isPacked }) =>
    isPacked
      ? insn(
          `vcmp${suffix}`,
          {
            [`${prefix} VEX.128 WIG 0F C2`]: 'Vdq Hdq Wdq Ib',
            [`${prefix} VEX.256 WIG 0F C2`]: 'Vqq Hqq Wqq Ib',
          },
          comparePacked(type),
          avx,
        )
      : insn(
          `vcmp${suffix}`,
          { [`${prefix} VEX.LIG WIG 0F C2`]: `Vdq Hdq W${suffix} Ib` },
          compareScalar(type as 'f32' | 'f64'),
          avx,
        ),
  ),
];
