// Integer arithmetic: add, sub and their kin, multiplication, division, sign extension of the accumulator.

import { type FunctionDefinition, defineFunction } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import { AF, CF, OF, PF, SF, Vector, type X64Builder, ZF } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { fit, hex, intOf, signBit } from './integer.ts';

/** The nine encodings of a two-operand operation whose first opcode is `base` and whose ModRM extension is `digit`. */
export const twoOperands = (base: number, digit: number): Record<string, string> => ({
  [hex(base)]: 'Eb Gb',
  [hex(base + 1)]: 'Ev Gv',
  [hex(base + 2)]: 'Gb Eb',
  [hex(base + 3)]: 'Gv Ev',
  [hex(base + 4)]: 'AL Ib',
  [hex(base + 5)]: 'rAX Iz',
  [`80/${digit}`]: 'Eb Ib',
  [`81/${digit}`]: 'Ev Iz',
  [`83/${digit}`]: 'Ev Ibs',
});

/** CF, AF and OF in their places from the vector of carries out of each bit and the overflow vector. */
function carryFlags(b: X64Builder, parts: { carries: Value; half: Value; overflow: Value; bits: number }): Value {
  const { bits } = parts;
  const half = b.and(b.wrap(parts.half), AF);
  return b.or(b.or(signBit(b, parts.carries, bits), half), b.shl(signBit(b, parts.overflow, bits), 11));
}

const adc = (b: X64Builder, dst: Operand, src: Operand): void => {
  const x = dst.get(),
    y = src.get();
  const r = b.add(b.add(x, y), fit(b, dst, b.carry()));
  dst.set(r);
  const carries = b.or(b.and(x, y), b.and(b.or(x, y), b.not(r)));
  const half = b.xor(b.xor(x, y), r);
  const overflow = b.and(b.xor(x, r), b.xor(y, r));
  b.flagsResult(r, carryFlags(b, { carries, half, overflow, bits: dst.bits }), dst.bits);
};

const sbb = (b: X64Builder, dst: Operand, src: Operand): void => {
  const x = dst.get(),
    y = src.get();
  const r = b.sub(b.sub(x, y), fit(b, dst, b.carry()));
  dst.set(r);
  const carries = b.or(b.and(b.not(x), y), b.and(b.or(b.not(x), y), r));
  const half = b.xor(b.xor(x, y), r);
  const overflow = b.and(b.xor(x, y), b.xor(x, r));
  b.flagsResult(r, carryFlags(b, { carries, half, overflow, bits: dst.bits }), dst.bits);
};

/** inc and dec: as add and sub of 1, CF as it was. */
const step =
  (by: 1 | -1) =>
  (b: X64Builder, dst: Operand): void => {
    const x = dst.get(),
      carry = b.carry();
    const r = b.add(x, by);
    dst.set(r);
    const overflow = by === 1 ? b.and(b.not(x), r) : b.and(x, b.not(r));
    const half = b.and(b.wrap(b.xor(x, r)), AF);
    b.flagsResult(r, b.or(b.or(carry, half), b.shl(signBit(b, overflow, dst.bits), 11)), dst.bits);
  };

/** Flags of a multiplication: CF = OF = the product does not fit its lower half. */
function flagsProduct(b: X64Builder, low: Value, isTooBig: Value, bits: number): void {
  b.undefinedFlags |= SF | ZF | AF | PF;
  b.flagsResult(low, b.mul(isTooBig, 0x801), bits);
}

/** mul and imul of the accumulator, the product in AX or rDX:rAX. */
const multiplyAccumulator =
  (isSigned: boolean) =>
  (b: X64Builder, src: Operand): void => {
    const { bits } = src;
    const x = b.gpr('rax', bits),
      y = src.get();
    if (bits === 64) {
      const low = b.mul(x, y),
        high = b.pure(isSigned ? 'mul128.highS' : 'mul128.highU', 'i64', x, y);
      b.setGpr('rax', low);
      b.setGpr('rdx', high);
      flagsProduct(b, low, b.ne(high, isSigned ? b.shrS(low, 63) : 0), 64);
      return;
    }
    const widen = (value: Value): Value =>
      bits === 32 ? (isSigned ? b.sext(value) : b.zext(value)) : isSigned ? b.sextBits(value, bits) : value;
    const product = b.mul(widen(x), widen(y));
    const low = b.wrap(product);
    if (bits === 8) b.setGpr('rax', low, 16);
    else {
      b.setGpr('rax', low, bits);
      b.setGpr('rdx', b.wrap(b.shrU(product, bits)), bits);
    }
    const fitting = isSigned ? b.sextBits(product, bits) : b.zextBits(product, bits);
    flagsProduct(b, low, b.ne(product, fitting), bits);
  };

function multiply(b: X64Builder, dst: Operand, x: Value, y: Value): void {
  const { bits } = dst;
  if (bits === 64) {
    const low = b.mul(x, y),
      isTooBig = b.variable('i32', 0);
    dst.set(low);
    const isWide = b.or(b.xor(x, b.sextBits(x, 32)), b.xor(y, b.sextBits(y, 32)));
    b.if(b.ne(isWide, 0), () => isTooBig.set(b.ne(b.pure('mul128.highS', 'i64', x, y), b.shrS(low, 63))));
    flagsProduct(b, low, isTooBig.get(), 64);
  } else {
    const product = bits === 32 ? b.mul(b.sext(x), b.sext(y)) : b.mul(b.sextBits(x, bits), b.sextBits(y, bits));
    const low = b.wrap(product);
    dst.set(low);
    flagsProduct(b, low, b.ne(product, b.sextBits(product, bits)), bits);
  }
}

/** The dividend of a division narrower than 64 bits, as an i64. */
function dividend(b: X64Builder, bits: number, isSigned: boolean): Value {
  if (bits === 8) {
    const ax = b.zext(b.gpr('rax', 16));
    return isSigned ? b.sextBits(ax, 16) : ax;
  }
  const whole = b.or(b.shl(b.zext(b.gpr('rdx', bits)), bits), b.zext(b.gpr('rax', bits)));
  return isSigned ? b.sextBits(whole, 2 * bits) : whole;
}

function setQuotient(b: X64Builder, bits: number, quotient: Value, remainder: Value): void {
  if (bits === 8) b.setGpr('rax', b.or(b.and(b.wrap(quotient), 0xff), b.shl(b.wrap(remainder), 8)), 16);
  else {
    b.setGpr('rax', b.as(intOf(bits), quotient), bits);
    b.setGpr('rdx', b.as(intOf(bits), remainder), bits);
  }
}

const raiseIf = (b: X64Builder, condition: Value): void => b.if(condition, () => b.raise(Vector.DE));

const undefinedByDivision = (b: X64Builder): void => {
  b.undefinedFlags |= 0x8d5;
};

const div = (b: X64Builder, src: Operand): void => {
  const { bits } = src;
  undefinedByDivision(b);
  const divisor = b.zext(src.get());
  if (bits < 64) {
    raiseIf(b, b.eqz(divisor));
    const whole = dividend(b, bits, false);
    const quotient = b.divU(whole, divisor);
    raiseIf(b, b.ne(b.shrU(quotient, bits), 0));
    setQuotient(b, bits, quotient, b.remU(whole, divisor));
    return;
  }
  const high = b.gpr('rdx'),
    low = b.gpr('rax');
  raiseIf(b, b.geU(high, divisor));
  const quotient = b.variable('i64'),
    remainder = b.variable('i64');
  b.if(
    b.eqz(high),
    () => {
      quotient.set(b.divU(low, divisor));
      remainder.set(b.remU(low, divisor));
    },
    () => {
      const [q, r] = b.call('div128.u', [high, low, divisor], ['i64', 'i64']) as [Value, Value];
      quotient.set(q);
      remainder.set(r);
    },
  );
  setQuotient(b, 64, quotient.get(), remainder.get());
};

const idiv = (b: X64Builder, src: Operand): void => {
  const { bits } = src;
  undefinedByDivision(b);
  if (bits < 64) {
    const divisor = b.sextBits(b.zext(src.get()), bits);
    raiseIf(b, b.eqz(divisor));
    const whole = dividend(b, bits, true);
    // The one quotient that Wasm's own division refuses.
    if (bits === 32) raiseIf(b, b.and(b.eq(divisor, -1), b.eq(whole, -(1n << 63n))));
    const quotient = b.divS(whole, divisor);
    raiseIf(b, b.ne(quotient, b.sextBits(quotient, bits)));
    setQuotient(b, bits, quotient, b.remS(whole, divisor));
    return;
  }
  const divisor = src.get(),
    high = b.gpr('rdx'),
    low = b.gpr('rax');
  raiseIf(b, b.eqz(divisor));
  const quotient = b.variable('i64'),
    remainder = b.variable('i64');
  const isSimple = b.and(b.eq(high, b.shrS(low, 63)), b.or(b.ne(divisor, -1), b.ne(low, -(1n << 63n))));
  b.if(
    isSimple,
    () => {
      quotient.set(b.divS(low, divisor));
      remainder.set(b.remS(low, divisor));
    },
    () => {
      const sign = b.shrS(high, 63),
        divisorSign = b.shrS(divisor, 63);
      const size = b.sub(b.xor(divisor, divisorSign), divisorSign);
      const lowSize = b.sub(b.xor(low, sign), sign);
      const highSize = b.add(b.xor(high, sign), b.zext(b.and(b.ltS(high, 0), b.eqz(low))));
      raiseIf(b, b.geU(highSize, size));
      const [q, r] = b.call('div128.u', [highSize, lowSize, size], ['i64', 'i64']) as [Value, Value];
      const quotientSign = b.xor(sign, divisorSign);
      // The magnitude may be 2^63 only when the quotient is negative.
      raiseIf(b, b.gtU(q, b.sub(b.i64((1n << 63n) - 1n), quotientSign)));
      quotient.set(b.sub(b.xor(q, quotientSign), quotientSign));
      remainder.set(b.sub(b.xor(r, sign), sign));
    },
  );
  setQuotient(b, 64, quotient.get(), remainder.get());
};

const lockable = { lockable: true } as const;

export const arith: readonly Row[] = [
  insn(
    'add',
    twoOperands(0x00, 0),
    (b, dst, src) => {
      const x = dst.get(),
        y = src.get();
      dst.set(b.add(x, y));
      b.flagsAdd(x, y, dst.bits);
    },
    lockable,
  ),
  insn(
    'sub',
    twoOperands(0x28, 5),
    (b, dst, src) => {
      const x = dst.get(),
        y = src.get();
      dst.set(b.sub(x, y));
      b.flagsSub(x, y, dst.bits);
    },
    lockable,
  ),
  insn('cmp', twoOperands(0x38, 7), (b, dst, src) => b.flagsSub(dst.get(), src.get(), dst.bits)),
  insn('adc', twoOperands(0x10, 2), adc, lockable),
  insn('sbb', twoOperands(0x18, 3), sbb, lockable),
  insn('inc', { 'FE/0': 'Eb', 'FF/0': 'Ev' }, step(1), lockable),
  insn('dec', { 'FE/1': 'Eb', 'FF/1': 'Ev' }, step(-1), lockable),
  insn(
    'neg',
    { 'F6/3': 'Eb', 'F7/3': 'Ev' },
    (b, dst) => {
      const x = dst.get(),
        zero = b.const(intOf(dst.bits), 0);
      dst.set(b.sub(zero, x));
      b.flagsSub(zero, x, dst.bits);
    },
    lockable,
  ),
  insn(
    'xadd',
    { '0F C0': 'Eb Gb', '0F C1': 'Ev Gv' },
    (b, dst, src) => {
      const x = dst.get(),
        y = src.get();
      src.set(x);
      dst.set(b.add(x, y));
      b.flagsAdd(x, y, dst.bits);
    },
    lockable,
  ),

  insn('mul', { 'F6/4': 'Eb', 'F7/4': 'Ev' }, multiplyAccumulator(false)),
  insn('imul', { 'F6/5': 'Eb', 'F7/5': 'Ev' }, multiplyAccumulator(true)),
  insn('imul', { '0F AF': 'Gv Ev' }, (b, dst, src) => multiply(b, dst, dst.get(), src.get())),
  insn('imul', { '69': 'Gv Ev Iz', '6B': 'Gv Ev Ibs' }, (b, dst, src, factor) => multiply(b, dst, src.get(), factor.get())),
  insn('div', { 'F6/6': 'Eb', 'F7/6': 'Ev' }, div),
  insn('idiv', { 'F6/7': 'Eb', 'F7/7': 'Ev' }, idiv),

  insn(
    'cbw',
    { '98': 'rAX' },
    (b, dst) => {
      const half = b.sextBits(b.gpr('rax', dst.bits / 2), dst.bits / 2);
      dst.set(dst.bits === 64 ? b.sext(half) : half);
    },
    { mnemonics: { 16: 'cbw', 32: 'cwde', 64: 'cdqe' } },
  ),
  insn(
    'cwd',
    { '99': 'rDX' },
    (b, dst) => {
      const { bits } = dst;
      const value = b.sextBits(b.gpr('rax', bits), bits);
      dst.set(b.shrS(value, bits === 64 ? 63 : 31));
    },
    { mnemonics: { 16: 'cwd', 32: 'cdq', 64: 'cqo' } },
  ),

  ...(['adcx', 'adox'] as const).map((name) => {
    const flag = name === 'adcx' ? CF : OF,
      at = name === 'adcx' ? 0 : 11;
    return insn(
      name,
      { [`${name === 'adcx' ? '66' : 'F3'} 0F 38 F6`]: 'Gy Ey' },
      (b, dst, src) => {
        const x = dst.get(),
          y = src.get();
        const r = b.add(b.add(x, y), fit(b, dst, b.and(b.shrU(b.flags(), at), 1)));
        dst.set(r);
        const carries = b.or(b.and(x, y), b.and(b.or(x, y), b.not(r)));
        b.flagsPart(flag, b.shl(signBit(b, carries, dst.bits), at));
      },
      { feature: 'adx' },
    );
  }),
];

export const functions: readonly FunctionDefinition[] = [
  // The upper half of a 64 by 64 bit product, from four products of halves.
  defineFunction('mul128.highU', ['i64', 'i64'], ['i64'], (b, x, y) => {
    const low = 0xffffffffn;
    const x0 = b.and(x, low),
      x1 = b.shrU(x, 32),
      y0 = b.and(y, low),
      y1 = b.shrU(y, 32);
    const middle = b.add(b.mul(x1, y0), b.shrU(b.mul(x0, y0), 32));
    const other = b.add(b.mul(x0, y1), b.and(middle, low));
    b.return(b.add(b.add(b.mul(x1, y1), b.shrU(middle, 32)), b.shrU(other, 32)));
  }),
  defineFunction('mul128.highS', ['i64', 'i64'], ['i64'], (b, x, y) => {
    const high = b.pure('mul128.highU', 'i64', x, y);
    b.return(b.sub(b.sub(high, b.and(b.shrS(x, 63), y)), b.and(b.shrS(y, 63), x)));
  }),
  // One 32-bit digit of a quotient (Knuth, volume 2, 4.3.1, algorithm D): (remainder:next) / divisor, with the divisor's
  // top bit set and remainder < divisor. The estimate from the upper half of the divisor is at most two too large.
  defineFunction('div128.digit', ['i64', 'i64', 'i64'], ['i64'], (b, remainder, next, divisor) => {
    const high = b.shrU(divisor, 32),
      low = b.and(divisor, 0xffffffffn);
    const q = b.variable('i64', b.divU(remainder, high));
    const rest = b.variable('i64', b.remU(remainder, high));
    b.loop((loop) => {
      const isTooBig = b.or(b.gtU(q.get(), 0xffffffffn), b.gtU(b.mul(q.get(), low), b.or(b.shl(rest.get(), 32), next)));
      b.if(b.eqz(isTooBig), () => loop.break());
      q.set(b.sub(q.get(), 1));
      rest.set(b.add(rest.get(), high));
      b.if(b.gtU(rest.get(), 0xffffffffn), () => loop.break());
    });
    b.return(q.get());
  }),
  // (high:low) / divisor with high < divisor: quotient and remainder.
  defineFunction('div128.u', ['i64', 'i64', 'i64'], ['i64', 'i64'], (b, high, low, divisor) => {
    const shift = b.clz(divisor),
      d = b.shl(divisor, shift);
    const carried = b.shrU(b.shrU(low, 1), b.sub(63, shift));
    const top = b.or(b.shl(high, shift), carried),
      bottom = b.shl(low, shift);
    const next1 = b.shrU(bottom, 32),
      next0 = b.and(bottom, 0xffffffffn);
    const q1 = b.pure('div128.digit', 'i64', top, next1, d);
    const middle = b.sub(b.or(b.shl(top, 32), next1), b.mul(q1, d));
    const q0 = b.pure('div128.digit', 'i64', middle, next0, d);
    const rest = b.sub(b.or(b.shl(middle, 32), next0), b.mul(q0, d));
    b.return(b.or(b.shl(q1, 32), q0), b.shrU(rest, shift));
  }),
];
