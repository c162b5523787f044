// SHA extensions (Intel SDM volume 2; FIPS 180-4). Words are named from the top: word 0 of a vector is lane 3.
//
// Memory may lie anywhere, as on AMD's CPUs, whose name CPUID gives; Intel's raise #GP where it is not aligned.

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { YMM } from '../regs.ts';
import { zero } from './sse-vector.ts';

type Words = [Value, Value, Value, Value];
/** Lanes 3, 2, 1, 0. */
const words = (b: X64Builder, x: Value): Words => [3, 2, 1, 0].map((lane) => b.lane('i32x4.extract_lane', lane, x)) as Words;
const vector = (b: X64Builder, values: readonly Value[]): Value =>
  values.reduce((x, value, i) => b.lane('i32x4.replace_lane', 3 - i, x, value), zero(b));
const xor = (b: X64Builder, ...values: Value[]): Value => values.reduce((x, y) => b.xor(x, y));
const sum = (b: X64Builder, ...values: Value[]): Value => values.reduce((x, y) => b.add(x, y));

const choose = (b: X64Builder, x: Value, y: Value, z: Value): Value => b.xor(b.and(x, y), b.and(b.not(x), z));
const parity = (b: X64Builder, x: Value, y: Value, z: Value): Value => xor(b, x, y, z);
const majority = (b: X64Builder, x: Value, y: Value, z: Value): Value => xor(b, b.and(x, y), b.and(x, z), b.and(y, z));

const PHASES = [
  [choose, 0x5a827999],
  [parity, 0x6ed9eba1],
  [majority, 0x8f1bbcdc],
  [parity, 0xca62c1d6],
] as const;

/** Four rounds of SHA-1; the first word of the schedule already has E in it. */
function fourRounds(b: X64Builder, state: Value, schedule: Value, phase: number): Value {
  const [mix, constant] = PHASES[phase] as (typeof PHASES)[number];
  let [x, y, z, t] = words(b, state);
  let e: Value = b.i32(0);
  for (const word of words(b, schedule)) {
    const next = sum(b, mix(b, y, z, t), b.rotl(x, 5), word, e, b.i32(constant | 0));
    [x, y, z, t, e] = [next, x, b.rotl(y, 30), z, t];
  }
  return vector(b, [x, y, z, t]);
}

const rotations = (b: X64Builder, x: Value, ...counts: readonly number[]): Value =>
  xor(b, ...counts.map((count) => b.rotr(x, count)));
const small0 = (b: X64Builder, x: Value): Value => b.xor(rotations(b, x, 7, 18), b.shrU(x, 3));
const small1 = (b: X64Builder, x: Value): Value => b.xor(rotations(b, x, 17, 19), b.shrU(x, 10));

/** Two rounds of SHA-256: A B E F in `abef`, C D G H in `cdgh`, schedule words with their constants in lanes 0 and 1. */
function twoRounds(b: X64Builder, cdgh: Value, abef: Value, schedule: Value): Value {
  let [a, bb, e, f] = words(b, abef);
  let [c, d, g, h] = words(b, cdgh);
  for (const lane of [0, 1]) {
    const word = b.lane('i32x4.extract_lane', lane, schedule);
    const one = sum(b, choose(b, e, f, g), rotations(b, e, 6, 11, 25), word, h);
    const two = b.add(majority(b, a, bb, c), rotations(b, a, 2, 13, 22));
    [a, bb, c, d, e, f, g, h] = [b.add(one, two), a, bb, c, b.add(one, d), e, f, g];
  }
  return vector(b, [a, bb, e, f]);
}

type Meaning = (b: X64Builder, x: Value, y: Value) => Value;
const meanings: Readonly<Record<string, readonly [opcode: string, meaning: Meaning]>> = {
  sha1nexte: [
    'C8',
    (b, x, y) => {
      const [e] = words(b, x);
      const [w0, ...rest] = words(b, y);
      return vector(b, [b.add(w0, b.rotl(e, 30)), ...rest]);
    },
  ],
  sha1msg1: [
    'C9',
    (b, x, y) => {
      const [w0, w1, w2, w3] = words(b, x);
      const [w4, w5] = words(b, y);
      return vector(b, [b.xor(w2, w0), b.xor(w3, w1), b.xor(w4, w2), b.xor(w5, w3)]);
    },
  ],
  sha1msg2: [
    'CA',
    (b, x, y) => {
      const [x0, x1, x2, x3] = words(b, x);
      const [, w13, w14, w15] = words(b, y);
      const w16 = b.rotl(b.xor(x0, w13), 1);
      return vector(b, [w16, b.rotl(b.xor(x1, w14), 1), b.rotl(b.xor(x2, w15), 1), b.rotl(b.xor(x3, w16), 1)]);
    },
  ],
  sha256rnds2: ['CB', (b, x, y) => twoRounds(b, x, y, b.slot('v128.load', YMM))],
  sha256msg1: [
    'CC',
    (b, x, y) => {
      const [w3, w2, w1, w0] = words(b, x);
      const [, , , w4] = words(b, y);
      return vector(b, [b.add(w3, small0(b, w4)), b.add(w2, small0(b, w3)), b.add(w1, small0(b, w2)), b.add(w0, small0(b, w1))]);
    },
  ],
  sha256msg2: [
    'CD',
    (b, x, y) => {
      const [x3, x2, x1, x0] = words(b, x);
      const [w15, w14] = words(b, y);
      const w16 = b.add(x0, small1(b, w14)),
        w17 = b.add(x1, small1(b, w15));
      return vector(b, [b.add(x3, small1(b, w17)), b.add(x2, small1(b, w16)), w17, w16]);
    },
  ],
};

const options = { feature: 'sha' } as const;
export const sha: readonly Row[] = [
  ...Object.entries(meanings).map(([name, [opcode, meaning]]) =>
    insn(
      name,
      { [`NP 0F 38 ${opcode}`]: 'Vdq Wdq' },
      (b, dst, src) => {
        const y = src.get();
        dst.set(meaning(b, dst.get(), y));
      },
      options,
    ),
  ),
  insn(
    'sha1rnds4',
    { 'NP 0F 3A CC': 'Vdq Wdq Ib' },
    (b, dst, src, imm) => {
      const schedule = src.get(),
        state = dst.get();
      const result = b.variable('v128');
      b.switch(
        b.and(b.wrap(imm.get()), 3),
        [0, 1, 2].map((phase) => () => result.set(fourRounds(b, state, schedule, phase))),
        () => result.set(fourRounds(b, state, schedule, 3)),
      );
      dst.set(result.get());
    },
    options,
  ),
];
