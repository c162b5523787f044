// The x87 register stack as helper functions: tags, TOP, push and pop, and the end of each operation in the status word.
//
// A fault of the stack, or an unmasked exception found before the result, leaves registers as they are (Intel SDM volume 1,
// 8.6): functions that write go through 'x87.commit', which sets the flags and says whether the result may be stored.
// FOP, FIP and FDP are not kept: fnstenv and fnsave store what fldenv, frstor or fninit left there. (CPUs keep them at most
// for unmasked exceptions; nothing but debuggers reads them.)

import type { Builder } from '../../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import {
  C1,
  callF80,
  Class,
  classOf,
  DE,
  IE,
  INDEFINITE_MANTISSA,
  INDEFINITE_SIGN_EXPONENT,
  OE,
  PE,
  STACK_FAULT,
  UE,
  ZE,
} from '../f80-parts.ts';
import { FCW, FSW, FTW, X87 } from '../regs.ts';

export const TOP_MASK = 0x3800;
/** ES and B: an unmasked exception waits for the next x87 instruction. */
export const PENDING = 0x8080;
/** Exceptions found before the operation, whose unmasked form leaves the operands. */
const EARLY = IE | DE | ZE;

export const status = (b: Builder): Value => b.load('i32.load', 0, FSW);
export const control = (b: Builder): Value => b.load('i32.load', 0, FCW);
export const topOf = (b: Builder, fsw: Value): Value => b.and(b.shrU(fsw, 11), 7);

/** Number of the physical register that is ST(i). */
export const physical = (b: Builder, i: Value | number): Value => b.and(b.add(topOf(b, status(b)), i), 7);
export const isEmpty = (b: Builder, register: Value): Value => b.eqz(b.and(b.shrU(b.load('i32.load', 0, FTW), register), 1));
export const mantissaOf = (b: Builder, register: Value): Value => b.load('i64.load', b.shl(register, 4), X87);
export const signExponentOf = (b: Builder, register: Value): Value => b.load('i32.load16_u', b.shl(register, 4), X87 + 8);

/** Writes a physical register and marks it full. */
export function writeRegister(b: Builder, register: Value, mantissa: Value, signExponent: Value): void {
  b.store('i64.store', b.shl(register, 4), mantissa, X87);
  b.store('i32.store16', b.shl(register, 4), signExponent, X87 + 8);
  b.store('i32.store', 0, b.or(b.load('i32.load', 0, FTW), b.shl(1, register)), FTW);
}

export function setTop(b: Builder, top: Value): void {
  b.store('i32.store', 0, b.or(b.and(status(b), ~TOP_MASK), b.shl(b.and(top, 7), 11)), FSW);
}

/** Replaces bits of the status word. */
export function setStatus(b: Builder, mask: number, bits: Value | number): void {
  b.store('i32.store', 0, b.or(b.and(status(b), ~mask), bits), FSW);
}

export const indefiniteMantissa = (b: Builder): Value => b.i64(INDEFINITE_MANTISSA);
export const indefiniteSignExponent = (b: Builder): Value => b.i32(INDEFINITE_SIGN_EXPONENT);
export const UNDERFLOW = IE | STACK_FAULT;
export const OVERFLOW = IE | STACK_FAULT | C1;

export const commit = (b: Builder, flags: Value): Value => b.call('x87.commit', [flags], ['i32'])[0] as Value;
/** Ends an operation on ST(i): result and flags, `pop` (i32) to pop afterwards. */
export const finish = (b: Builder, i: Value, mantissa: Value, signExponent: Value, flags: Value, pop: Value): void => {
  b.call('x87.finish', [i, mantissa, signExponent, flags, pop]);
};
export const push = (b: Builder, mantissa: Value, signExponent: Value, flags: Value): void => {
  b.call('x87.push', [mantissa, signExponent, flags]);
};
export const pop = (b: Builder): void => {
  b.call('x87.pop', []);
};

export const x87StateFunctions: readonly FunctionDefinition[] = [
  /** Sets flags (SF, C1 and the exceptions); i32 1 unless an unmasked exception keeps the result from being stored. */
  defineFunction('x87.commit', ['i32'], ['i32'], (b, flags) => {
    const unmasked = b.and(b.and(flags, 0x3f), b.xor(control(b), -1));
    const refused = b.and(unmasked, EARLY);
    // Operations stopped early neither round nor overflow; C1 stays with a stack fault, where it tells overflow.
    const seen = b.select(
      refused,
      b.and(flags, b.select(b.and(flags, STACK_FAULT), ~(OE | UE | PE), ~(OE | UE | PE | C1))),
      flags,
    );
    setStatus(b, C1, b.or(seen, b.select(unmasked, PENDING, 0)));
    b.return(b.eqz(refused));
  }),
  defineFunction('x87.pop', [], [], (b) => {
    const top = topOf(b, status(b));
    b.store('i32.store', 0, b.and(b.load('i32.load', 0, FTW), b.xor(b.shl(1, top), -1)), FTW);
    setTop(b, b.add(top, 1));
  }),
  defineFunction('x87.finish', ['i32', 'i64', 'i32', 'i32', 'i32'], [], (b, i, mantissa, signExponent, flags, popped) => {
    b.if(commit(b, flags), () => {
      writeRegister(b, physical(b, i), mantissa, signExponent);
      b.if(popped, () => pop(b));
    });
  }),
  /** A full register at the new top makes it a stack overflow, unless the source was empty. */
  defineFunction('x87.push', ['i64', 'i32', 'i32'], [], (b, mantissa, signExponent, flags) => {
    const register = physical(b, -1);
    const free = isEmpty(b, register);
    b.if(commit(b, b.select(b.or(free, b.and(flags, STACK_FAULT)), flags, OVERFLOW)), () => {
      setTop(b, register);
      writeRegister(
        b,
        register,
        b.select(free, mantissa, indefiniteMantissa(b)),
        b.select(free, signExponent, indefiniteSignExponent(b)),
      );
    });
  }),
  /** Two results: the first replaces ST(0), the second is pushed. A stack fault, here or in the flags, makes both the indefinite. */
  defineFunction('x87.pair', ['i64', 'i32', 'i64', 'i32', 'i32'], [], (b, xm, xs, ym, ys, flags) => {
    const register = physical(b, -1);
    const all = b.select(b.or(isEmpty(b, register), b.and(flags, STACK_FAULT)), flags, OVERFLOW);
    const fault = b.and(all, STACK_FAULT);
    b.if(commit(b, all), () => {
      const mantissa = (value: Value): Value => b.select(fault, indefiniteMantissa(b), value);
      const signExponent = (value: Value): Value => b.select(fault, indefiniteSignExponent(b), value);
      writeRegister(b, physical(b, 0), mantissa(xm), signExponent(xs));
      setTop(b, register);
      writeRegister(b, register, mantissa(ym), signExponent(ys));
    });
  }),
  /** Pushes a value loaded from m32 or m64: a signaling NaN becomes quiet. */
  defineFunction('x87.load', ['i64', 'i32', 'i32'], [], (b, mantissa, signExponent, flags) => {
    b.if(b.geU(classOf(b, mantissa, signExponent), Class.quietNan), () => {
      const nan = callF80(b, 'f80.quiet', mantissa, signExponent);
      push(b, nan.mantissa, nan.signExponent, nan.flags);
      b.return();
    });
    push(b, mantissa, signExponent, flags);
  }),
  defineFunction('x87.exchange', ['i32'], [], (b, i) => {
    const x = physical(b, 0),
      y = physical(b, i);
    const xEmpty = isEmpty(b, x),
      yEmpty = isEmpty(b, y);
    b.if(b.eqz(commit(b, b.select(b.or(xEmpty, yEmpty), UNDERFLOW, 0))), () => b.return());
    const filled = (empty: Value, register: Value): [Value, Value] => [
      b.select(empty, indefiniteMantissa(b), mantissaOf(b, register)),
      b.select(empty, indefiniteSignExponent(b), signExponentOf(b, register)),
    ];
    const [xm, xs] = filled(xEmpty, x);
    const [ym, ys] = filled(yEmpty, y);
    writeRegister(b, x, ym, ys);
    writeRegister(b, y, xm, xs);
  }),
  /** ST(to) = ST(from), for fst and fstp: an empty source gives the indefinite. */
  defineFunction('x87.move', ['i32', 'i32', 'i32'], [], (b, to, from, popped) => {
    const source = physical(b, from);
    const empty = isEmpty(b, source);
    finish(
      b,
      to,
      b.select(empty, indefiniteMantissa(b), mantissaOf(b, source)),
      b.select(empty, indefiniteSignExponent(b), signExponentOf(b, source)),
      b.select(empty, UNDERFLOW, 0),
      popped,
    );
  }),
  /** fcmovcc: both registers must be full whatever the condition is. C1 changes by a stack fault only. */
  defineFunction('x87.moveIf', ['i32', 'i32'], [], (b, from, condition) => {
    const to = physical(b, 0),
      source = physical(b, from);
    b.if(b.or(isEmpty(b, to), isEmpty(b, source)), () => {
      finish(b, b.i32(0), indefiniteMantissa(b), indefiniteSignExponent(b), b.i32(UNDERFLOW), b.i32(0));
      b.return();
    });
    b.if(condition, () => writeRegister(b, to, mantissaOf(b, source), signExponentOf(b, source)));
  }),
  /** fstpnce: an empty ST(0) is only popped. */
  defineFunction('x87.moveFull', ['i32'], [], (b, i) => {
    const to = physical(b, i),
      source = physical(b, 0);
    b.if(b.eqz(isEmpty(b, source)), () => writeRegister(b, to, mantissaOf(b, source), signExponentOf(b, source)));
    setStatus(b, C1, 0);
    pop(b);
  }),
  /** fchs and fabs: the sign ANDed, then XORed. */
  defineFunction('x87.sign', ['i32', 'i32'], [], (b, keep, flip) => {
    const register = physical(b, 0);
    b.if(isEmpty(b, register), () => {
      finish(b, b.i32(0), indefiniteMantissa(b), indefiniteSignExponent(b), b.i32(UNDERFLOW), b.i32(0));
      b.return();
    });
    setStatus(b, C1, 0);
    b.store('i32.store16', b.shl(register, 4), b.xor(b.and(signExponentOf(b, register), keep), flip), X87 + 8);
  }),
  /** Sets or clears ES and B after a change of masks or flags (fldcw, fldenv, frstor). */
  defineFunction('x87.pending', [], [], (b) => {
    const fsw = status(b);
    const unmasked = b.and(b.and(fsw, b.xor(control(b), -1)), 0x3f);
    b.store('i32.store', 0, b.or(b.and(fsw, ~PENDING), b.select(unmasked, PENDING, 0)), FSW);
  }),
];
