// x87 data transfer rows: loads, stores, constants, exchanges, conditional moves, sign.

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Type } from '../../../ir/ops.ts';
import type { Condition, Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { callPair, INDEFINITE_SIGN_EXPONENT, OE, UE } from '../f80-parts.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { f80Args, loadFloat, loadInteger, waiting } from './x87-operands.ts';
import {
  commit,
  control,
  indefiniteMantissa,
  indefiniteSignExponent,
  isEmpty,
  mantissaOf,
  physical,
  pop,
  push,
  signExponentOf,
  UNDERFLOW,
} from './x87-state.ts';

/** RC of FCW: truncate. */
const TRUNCATE = 0xc00;

/**
 * ST(0) converted for a store: value, and 1 if it may be stored and ST(0) popped. An unmasked overflow or underflow
 * stores nothing (Intel SDM volume 1, 8.5.4).
 */
function conversion(name: string, callee: string, type: 'i32' | 'i64', indefinite: bigint, orControl = 0): FunctionDefinition {
  return defineFunction(name, [], [type, 'i32'], (b) => {
    const value = b.variable(type, type === 'i32' ? Number(indefinite) : indefinite),
      flags = b.variable('i32', UNDERFLOW);
    const x = physical(b, 0);
    b.if(b.eqz(isEmpty(b, x)), () => {
      const [converted, raised] = callPair(
        b,
        callee,
        [type, 'i32'],
        mantissaOf(b, x),
        signExponentOf(b, x),
        orControl ? b.or(control(b), orControl) : control(b),
      );
      value.set(converted);
      flags.set(raised);
    });
    const stored = b.eqz(b.and(b.and(flags.get(), OE | UE), b.xor(control(b), -1)));
    b.return(value.get(), b.and(commit(b, flags.get()), stored));
  });
}

const INTEGERS = [16, 32, 64] as const;
const integerIndefinite = (bits: number): bigint => -(1n << BigInt(bits - 1));

/** Constants to 128 bits: exponent, mantissa, bits below (Intel SDM volume 1, 8.3.8). */
const CONSTANTS = {
  fld1: ['D9 E8', 0x3fff, 0x8000000000000000n, 0n],
  fldl2t: ['D9 E9', 0x4000, 0xd49a784bcd1b8afen, 0x492bf6ff4dafdb4cn],
  fldl2e: ['D9 EA', 0x3fff, 0xb8aa3b295c17f0bbn, 0xbe87fed0691d3e88n],
  fldpi: ['D9 EB', 0x4000, 0xc90fdaa22168c234n, 0xc4c6628b80dc1cd1n],
  fldlg2: ['D9 EC', 0x3ffd, 0x9a209a84fbcff798n, 0x8f8959ac0b7c9178n],
  fldln2: ['D9 ED', 0x3ffe, 0xb17217f7d1cf79abn, 0xc9e3b39803f2f6afn],
} as const;

export const moveFunctions: readonly FunctionDefinition[] = [
  conversion('x87.toF32', 'f80.toF32', 'i32', 0xffc00000n),
  conversion('x87.toF64', 'f80.toF64', 'i64', -(1n << 51n)),
  ...INTEGERS.map((bits) => conversion(`x87.toI${bits}`, `f80.toI${bits}`, 'i64', integerIndefinite(bits))),
  ...INTEGERS.map((bits) => conversion(`x87.truncI${bits}`, `f80.toI${bits}`, 'i64', integerIndefinite(bits), TRUNCATE)),
  /** ST(0) in its 80 bits and 1 if it may be stored. */
  defineFunction('x87.whole', [], ['i64', 'i32', 'i32'], (b) => {
    const x = physical(b, 0);
    b.if(isEmpty(b, x), () => b.return(indefiniteMantissa(b), indefiniteSignExponent(b), commit(b, b.i32(UNDERFLOW))));
    b.return(mantissaOf(b, x), signExponentOf(b, x), commit(b, b.i32(0)));
  }),
  defineFunction('x87.bcd', [], ['i64', 'i32', 'i32'], (b) => {
    const x = physical(b, 0);
    b.if(isEmpty(b, x), () => b.return(indefiniteMantissa(b), b.i32(INDEFINITE_SIGN_EXPONENT), commit(b, b.i32(UNDERFLOW))));
    const [low, high, flags] = b.call(
      'f80.toBcd',
      [mantissaOf(b, x), signExponentOf(b, x), control(b)],
      ['i64', 'i32', 'i32'],
    ) as [Value, Value, Value];
    b.return(low, high, commit(b, flags));
  }),
  defineFunction('x87.pushRegister', ['i32'], [], (b, i) => {
    const x = physical(b, i);
    const empty = isEmpty(b, x);
    push(
      b,
      b.select(empty, indefiniteMantissa(b), mantissaOf(b, x)),
      b.select(empty, indefiniteSignExponent(b), signExponentOf(b, x)),
      b.select(empty, UNDERFLOW, 0),
    );
  }),
  /** Pushes a constant, rounded by RC only. */
  defineFunction('x87.constant', ['i32', 'i64', 'i64'], [], (b, exponent, high, low) => {
    const [mantissa, signExponent] = b.call(
      'f80.round',
      [b.i32(0), exponent, high, low, b.or(control(b), 0x300)],
      ['i64', 'i32', 'i32'],
    ) as [Value, Value, Value];
    push(b, mantissa, signExponent, b.i32(0));
  }),
];

/** Stores a converted ST(0); the page is checked before the status word changes. */
function store(b: X64Builder, target: Operand, name: string, popped: boolean, type: Type): void {
  b.guestProbe(target.address(), target.bits >> 3, true);
  const [value, stored] = b.call(name, [], [type, 'i32']) as [Value, Value];
  b.if(stored, () => {
    target.set(target.type === 'i32' ? b.wrap(value) : value);
    if (popped) pop(b);
  });
}

function storeWide(b: X64Builder, target: Operand, name: string): void {
  b.guestProbe(target.address(), 10, true);
  const [low, high, stored] = b.call(name, [], ['i64', 'i32', 'i32']) as [Value, Value, Value];
  b.if(stored, () => {
    target.setPart('i64.store', 0, low);
    target.setPart('i32.store16', 8, high);
    pop(b);
  });
}

const storeFloat = (popped: boolean): Row['build'] =>
  waiting((b, target) => {
    const to = target as Operand;
    if (to.isRegister) b.call('x87.move', [to.number(), b.i32(0), b.i32(popped ? 1 : 0)]);
    else if (to.bits === 80) storeWide(b, to, 'x87.whole');
    else store(b, to, `x87.toF${to.bits}`, popped, to.type);
  });
const storeInteger = (prefix: string, popped: boolean): Row['build'] =>
  waiting((b, target) => {
    const to = target as Operand;
    store(b, to, `x87.${prefix}I${to.bits}`, popped, 'i64');
  });

const loadWide = (source: Operand): [Value, Value] => [source.part('i64.load', 0), source.part('i32.load16_u', 8)];

const MOVE_CONDITIONS: Readonly<Record<string, readonly [string, Condition]>> = {
  fcmovb: ['DA C0+i', 'b'],
  fcmove: ['DA C8+i', 'e'],
  fcmovbe: ['DA D0+i', 'be'],
  fcmovu: ['DA D8+i', 'p'],
  fcmovnb: ['DB C0+i', 'ae'],
  fcmovne: ['DB C8+i', 'ne'],
  fcmovnbe: ['DB D0+i', 'a'],
  fcmovnu: ['DB D8+i', 'np'],
};

export const x87Move: readonly Row[] = [
  insn(
    'fld',
    { 'D9/0': 'Md', 'DD/0': 'Mq', 'DB/5': 'Mt', 'D9 C0+i': 'STi' },
    waiting((b, source) => {
      const from = source as Operand;
      if (from.isRegister) b.call('x87.pushRegister', [from.number()]);
      else if (from.bits === 80) push(b, ...loadWide(from), b.i32(0));
      else b.call('x87.load', f80Args(loadFloat(b, from)));
    }),
  ),
  insn(
    'fild',
    { 'DF/0': 'Mw', 'DB/0': 'Md', 'DF/5': 'Mq' },
    waiting((b, source) => {
      const { mantissa, signExponent, flags } = loadInteger(b, source as Operand);
      push(b, mantissa, signExponent, flags);
    }),
  ),
  insn('fst', { 'D9/2': 'Md', 'DD/2': 'Mq', 'DD D0+i': 'STi' }, storeFloat(false)),
  insn(
    'fstp',
    { 'D9/3': 'Md', 'DD/3': 'Mq', 'DB/7': 'Mt', 'DD D8+i': 'STi', 'DF D0+i': 'STi', 'DF D8+i': 'STi' },
    storeFloat(true),
  ),
  insn(
    'fstpnce',
    { 'D9 D8+i': 'STi' },
    waiting((b, target) => void b.call('x87.moveFull', [(target as Operand).number()])),
  ),
  insn('fist', { 'DF/2': 'Mw', 'DB/2': 'Md' }, storeInteger('to', false)),
  insn('fistp', { 'DF/3': 'Mw', 'DB/3': 'Md', 'DF/7': 'Mq' }, storeInteger('to', true)),
  insn('fisttp', { 'DF/1': 'Mw', 'DB/1': 'Md', 'DD/1': 'Mq' }, storeInteger('trunc', true), { feature: 'sse3' }),
  insn(
    'fbld',
    { 'DF/4': 'Mt' },
    waiting((b, source) => {
      const [mantissa, signExponent] = callPair(b, 'f80.fromBcd', ['i64', 'i32'], ...loadWide(source as Operand));
      push(b, mantissa, signExponent, b.i32(0));
    }),
  ),
  insn(
    'fbstp',
    { 'DF/6': 'Mt' },
    waiting((b, target) => storeWide(b, target as Operand, 'x87.bcd')),
  ),

  ...Object.entries(CONSTANTS).map(([name, [key, exponent, high, low]]) =>
    insn(
      name,
      { [key]: '' },
      waiting(
        (b) => void b.call('x87.constant', [b.i32(exponent), b.i64(BigInt.asIntN(64, high)), b.i64(BigInt.asIntN(64, low))]),
      ),
    ),
  ),
  insn(
    'fldz',
    { 'D9 EE': '' },
    waiting((b) => push(b, b.i64(0), b.i32(0), b.i32(0))),
  ),

  insn(
    'fxch',
    { 'D9 C8+i': 'STi', 'DD C8+i': 'STi', 'DF C8+i': 'STi' },
    waiting((b, other) => {
      b.call('x87.exchange', [(other as Operand).number()]);
    }),
  ),
  ...Object.entries(MOVE_CONDITIONS).map(([name, [key, condition]]) =>
    insn(
      name,
      { [key]: 'ST0 STi' },
      waiting((b, _, source) => void b.call('x87.moveIf', [(source as Operand).number(), b.condition(condition)])),
    ),
  ),
  insn(
    'fchs',
    { 'D9 E0': '' },
    waiting((b) => void b.call('x87.sign', [b.i32(0xffff), b.i32(0x8000)])),
  ),
  insn(
    'fabs',
    { 'D9 E1': '' },
    waiting((b) => void b.call('x87.sign', [b.i32(0x7fff), b.i32(0)])),
  ),
];
