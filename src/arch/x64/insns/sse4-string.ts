// SSE4.2 string comparison: PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (Intel SDM volume 2, 4.1).

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import type { Builder, MutableValue } from '../../../ir/builder.ts';
import { CF, OF, SF, type X64Builder, ZF } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { RCX, YMM } from '../regs.ts';

// imm8: bit 0 words, bit 1 signed, bits 3:2 aggregation, bits 5:4 polarity, bit 6 most significant index or element mask.
const AGGREGATIONS = ['equal any', 'ranges', 'equal each', 'equal ordered'] as const;

/**
 * sse.strings8 and sse.strings16 (x, nx, y, ny, imm): IntRes2 as a bit mask; x and y are the first and the second
 * operand, nx and ny their valid elements.
 */
const comparison = (['i8x16', 'i16x8'] as const).map((type) => {
  const bits = type === 'i8x16' ? 8 : 16;
  const all = type === 'i8x16' ? 0xffff : 0xff;
  return defineFunction(`sse.strings${bits}`, ['v128', 'i32', 'v128', 'i32', 'i32'], ['i32'], (b, x, nx, y, ny, imm) => {
    const [countX, countY, control] = [nx, ny, imm] as [Value, Value, Value];
    const valid = (count: Value): Value => b.sub(b.shl(b.i32(1), count), 1);
    // Signed order is unsigned order with the top bits flipped.
    const flip = b.op(`${type}.splat`, b.select(b.and(control, 2), 1 << (bits - 1), 0));
    const first = b.op('v128.xor', x as Value, flip);
    const second = b.op('v128.xor', y as Value, flip);
    const validX = valid(countX);
    const validY = valid(countY);
    const mask = (lanes: Value): Value => b.op(`${type}.bitmask`, lanes);
    /** Element `i` of x in every lane. */
    const element = (i: Value): Value =>
      type === 'i8x16'
        ? b.op('i8x16.swizzle', first, b.op('i8x16.splat', i))
        : b.op('i8x16.swizzle', first, b.op('i16x8.splat', b.add(b.mul(i, 0x0202), 0x0100)));
    const result = b.variable('i32', 0);
    const merge = (part: Value): void => result.set(b.or(result.get(), part));
    const bodies: Record<(typeof AGGREGATIONS)[number], () => void> = {
      'equal any': () => upTo(b, countX, 1, (i) => merge(mask(b.op(`${type}.eq`, second, element(i))))),
      ranges: () =>
        upTo(b, b.and(countX, -2), 2, (i) =>
          merge(
            mask(b.op('v128.and', b.op(`${type}.ge_u`, second, element(i)), b.op(`${type}.le_u`, second, element(b.add(i, 1))))),
          ),
        ),
      'equal each': () => {
        const same = b.and(b.and(mask(b.op(`${type}.eq`, first, second)), validX), validY);
        result.set(b.or(same, b.and(b.not(b.or(validX, validY)), all)));
      },
      'equal ordered': () => {
        result.set(all);
        upTo(b, countX, 1, (i) => {
          const same = b.and(mask(b.op(`${type}.eq`, second, element(i))), validY);
          // What would lie past the last element counts as equal.
          result.set(b.and(result.get(), b.shrS(b.or(same, ~all), i)));
        });
      },
    };
    b.switch(
      b.and(b.shrU(control, 2), 3),
      AGGREGATIONS.map((name) => bodies[name]),
    );
    b.if(b.eqz(b.and(control, 8)), () => result.set(b.and(result.get(), validY)));
    // Polarity: bit 4 negates, with bit 5 only the valid elements of y.
    const negated = b.select(b.and(control, 0x10), b.select(b.and(control, 0x20), validY, all), 0);
    b.return(b.xor(result.get(), negated));
  });
});

/** i = 0, step, 2 * step ... below `limit`. */
function upTo(b: Builder, limit: Value, step: number, body: (i: Value) => void): void {
  const next: MutableValue = b.variable('i32', 0);
  b.loop((loop) => {
    const i = next.get();
    b.if(b.geU(i, limit), () => loop.break());
    body(i);
    next.set(b.add(i, step));
  });
}

/** Elements before the first zero. */
function implicitLength(b: X64Builder, x: Value, isWords: Value): Value {
  const zero = b.v128of64(0n, 0n);
  const bytes = b.ctz(b.or(b.op('i8x16.bitmask', b.op('i8x16.eq', x, zero)), 0x10000));
  const words = b.ctz(b.or(b.op('i16x8.bitmask', b.op('i16x8.eq', x, zero)), 0x100));
  return b.select(isWords, words, bytes);
}
/** The absolute value of a length register, at most all elements. */
function explicitLength(b: X64Builder, name: 'rax' | 'rdx', bits: 32 | 64, isWords: Value): Value {
  const length = b.gpr(name, bits);
  const magnitude = b.select(b.op(`i${bits}.lt_s`, length, 0), b.neg(length), length);
  const most = b.select(isWords, 8, 16);
  return b.select(b.gtU(magnitude, b.as(bits === 64 ? 'i64' : 'i32', most)), most, b.wrap(magnitude));
}

type Lengths = 'implicit' | 32 | 64;

function compareStrings(
  b: X64Builder,
  lengths: Lengths,
  first: Operand,
  second: Operand,
  imm: Operand,
  result: 'index' | 'mask',
): void {
  const control = imm.get();
  const isWords = b.and(control, 1);
  const x = first.get();
  const y = second.get();
  const nx = lengths === 'implicit' ? implicitLength(b, x, isWords) : explicitLength(b, 'rax', lengths, isWords);
  const ny = lengths === 'implicit' ? implicitLength(b, y, isWords) : explicitLength(b, 'rdx', lengths, isWords);
  const matches = b.variable('i32');
  b.if(
    isWords,
    () => matches.set(b.pure('sse.strings16', 'i32', x, nx, y, ny, control)),
    () => matches.set(b.pure('sse.strings8', 'i32', x, nx, y, ny, control)),
  );
  const found = matches.get();
  const most = b.select(isWords, 8, 16);
  const wantsHigh = b.and(control, 0x40);
  const flag = (isSet: Value, bit: number): Value => b.select(isSet, bit, 0);
  b.flagsRaw(b.or(b.or(flag(found, CF), flag(b.ltU(ny, most), ZF)), b.or(flag(b.ltU(nx, most), SF), flag(b.and(found, 1), OF))));
  if (result === 'index') {
    const index = b.select(wantsHigh, b.sub(31, b.clz(found)), b.ctz(found));
    b.setSlot('i64.store', RCX, b.zext(b.select(found, index, most)));
    return;
  }
  // Mask: the bits themselves, or each spread over its element.
  const mask = b.variable('v128', b.lane('i32x4.replace_lane', 0, b.v128of64(0n, 0n), found));
  b.if(wantsHigh, () => {
    const bytes = b.v128of64(0x8040201008040201n, 0x8040201008040201n);
    const words = b.v128of64(0x0008000400020001n, 0x0080004000200010n);
    const halves = b.op('i8x16.swizzle', mask.get(), b.v128of64(0n, 0x0101010101010101n));
    const byByte = b.op('i8x16.eq', b.op('v128.and', halves, bytes), bytes);
    const byWord = b.op('i16x8.eq', b.op('v128.and', b.op('i16x8.splat', found), words), words);
    mask.set(b.select(isWords, byWord, byByte));
  });
  b.setSlot('v128.store', YMM, mask.get());
}

const row = (name: string, key: string, lengths: Lengths, result: 'index' | 'mask'): Row =>
  insn(name, { [key]: 'Vdq Wdq Ib' }, (b, first, second, imm) => compareStrings(b, lengths, first, second, imm, result), {
    feature: 'sse4.2',
  });

// With REX.W the lengths are 64-bit; assemblers write those with a q.
export const sse4String: readonly Row[] = [
  row('pcmpestrm', '66 W0 0F 3A 60', 32, 'mask'),
  row('pcmpestrmq', '66 W1 0F 3A 60', 64, 'mask'),
  row('pcmpestri', '66 W0 0F 3A 61', 32, 'index'),
  row('pcmpestriq', '66 W1 0F 3A 61', 64, 'index'),
  row('pcmpistrm', '66 0F 3A 62', 'implicit', 'mask'),
  row('pcmpistri', '66 0F 3A 63', 'implicit', 'index'),
];

export const functions: readonly FunctionDefinition[] = comparison;
