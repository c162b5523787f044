// x87 arithmetic rows: fadd .. fdivr with their integer and popping forms, fsqrt, remainders, rounding, scaling.

import type { Builder } from '../../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import { C0, C1, C2, C3, callF80, Class, classOf, F80_RESULT, type F80, type F80Result, IE, SIGN, ZE } from '../f80-parts.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { f80Args, loadFloat, loadInteger, waiting } from './x87-operands.ts';
import {
  commit,
  control,
  finish,
  indefiniteMantissa,
  indefiniteSignExponent,
  isEmpty,
  mantissaOf,
  physical,
  setStatus,
  signExponentOf,
  UNDERFLOW,
  writeRegister,
} from './x87-state.ts';

type Operation = (b: Builder, x: F80, y: F80) => F80Result;
const through =
  (name: string, ...rest: number[]): Operation =>
  (b, x, y) =>
    callF80(b, name, x.mantissa, x.signExponent, y.mantissa, y.signExponent, control(b), ...rest.map(b.i32));
const reversed =
  (operation: Operation): Operation =>
  (b, x, y) =>
    operation(b, y, x);

/** name: [operation on destination and source, opcode digit with ST(0) as destination, with ST(i) as destination]. */
const OPERATIONS: Readonly<Record<string, readonly [Operation, number, number]>> = {
  fadd: [through('f80.addsub', 0), 0, 0],
  fmul: [through('f80.mul'), 1, 1],
  fsub: [through('f80.addsub', SIGN), 4, 5],
  fsubr: [reversed(through('f80.addsub', SIGN)), 5, 4],
  fdiv: [through('f80.div'), 6, 7],
  fdivr: [reversed(through('f80.div')), 7, 6],
};

const valueOf = (b: Builder, register: Value): F80 => ({
  mantissa: mantissaOf(b, register),
  signExponent: signExponentOf(b, register),
});

const CODES = C3 | C2 | C0;

/** Ends a function if one of the registers is empty, with the indefinite in ST(i). */
function refuseEmpty(b: Builder, registers: readonly Value[], i: Value, popped: Value): void {
  const empty = registers.map((register) => isEmpty(b, register)).reduce((x, y) => b.or(x, y));
  b.if(empty, () => {
    finish(b, i, indefiniteMantissa(b), indefiniteSignExponent(b), b.i32(UNDERFLOW), popped);
    b.return();
  });
}

/** DE of a memory operand counts unless an invalid operation, a division by zero or a NaN came first (Intel SDM volume 1, 4.9.2). */
function withOperandFlags(b: Builder, result: F80Result, operandFlags: Value): Value {
  const counts = b.and(
    b.eqz(b.and(result.flags, IE | ZE)),
    b.ltU(classOf(b, result.mantissa, result.signExponent), Class.quietNan),
  );
  return b.or(result.flags, b.select(counts, operandFlags, 0));
}

const arithmeticFunctions = Object.entries(OPERATIONS).flatMap(([name, [operation]]) => [
  defineFunction(`x87.${name}`, ['i32', 'i32', 'i32'], [], (b, to, from, popped) => {
    const x = physical(b, to),
      y = physical(b, from);
    refuseEmpty(b, [x, y], to, popped);
    const result = operation(b, valueOf(b, x), valueOf(b, y));
    finish(b, to, result.mantissa, result.signExponent, result.flags, popped);
  }),
  defineFunction(`x87.${name}m`, F80_RESULT, [], (b, mantissa, signExponent, flags) => {
    const x = physical(b, 0);
    refuseEmpty(b, [x], b.i32(0), b.i32(0));
    const result = operation(b, valueOf(b, x), { mantissa, signExponent });
    finish(b, b.i32(0), result.mantissa, result.signExponent, withOperandFlags(b, result, flags), b.i32(0));
  }),
]);

const hex = (value: number): string => value.toString(16).toUpperCase();

const arithmeticRows = Object.entries(OPERATIONS).flatMap(([name, [, digit, digitTo]]): Row[] => [
  insn(
    name,
    {
      [`D8/${digit}`]: 'Md',
      [`DC/${digit}`]: 'Mq',
      [`D8 ${hex(0xc0 + 8 * digit)}+i`]: 'ST0 STi',
      [`DC ${hex(0xc0 + 8 * digitTo)}+i`]: 'STi ST0',
    },
    waiting((b, to, from) => {
      if (from) b.call(`x87.${name}`, [(to as Operand).number(), from.number(), b.i32(0)]);
      else b.call(`x87.${name}m`, f80Args(loadFloat(b, to as Operand)));
    }),
  ),
  insn(
    name.replace('f', 'fi'),
    { [`DA/${digit}`]: 'Md', [`DE/${digit}`]: 'Mw' },
    waiting((b, source) => {
      b.call(`x87.${name}m`, f80Args(loadInteger(b, source as Operand)));
    }),
  ),
  insn(
    `${name}p`,
    { [`DE ${hex(0xc0 + 8 * digitTo)}+i`]: 'STi ST0' },
    waiting((b, to, from) => {
      b.call(`x87.${name}`, [(to as Operand).number(), (from as Operand).number(), b.i32(1)]);
    }),
  ),
]);

// operations on ST(0), or on ST(0) and ST(1) without a pop
const unary = (name: string, operation: (b: Builder, x: F80) => F80Result): FunctionDefinition =>
  defineFunction(`x87.${name}`, [], [], (b) => {
    const x = physical(b, 0);
    refuseEmpty(b, [x], b.i32(0), b.i32(0));
    const result = operation(b, valueOf(b, x));
    finish(b, b.i32(0), result.mantissa, result.signExponent, result.flags, b.i32(0));
  });
/** A NaN leaves C0 and C3 as they were. */
const remainder = (name: string, callee: string): FunctionDefinition =>
  defineFunction(`x87.${name}`, [], [], (b) => {
    const x = physical(b, 0),
      y = physical(b, 1);
    setStatus(b, C2, 0);
    refuseEmpty(b, [x, y], b.i32(0), b.i32(0));
    const [mantissa, signExponent, flags, codes] = b.call(
      callee,
      [mantissaOf(b, x), signExponentOf(b, x), mantissaOf(b, y), signExponentOf(b, y), control(b)],
      [...F80_RESULT, 'i32'],
    ) as [Value, Value, Value, Value];
    b.if(commit(b, flags), () => {
      b.if(b.ltU(classOf(b, mantissa, signExponent), Class.quietNan), () => setStatus(b, CODES | C1, codes));
      writeRegister(b, x, mantissa, signExponent);
    });
  });

const otherFunctions: readonly FunctionDefinition[] = [
  unary('fsqrt', (b, x) => callF80(b, 'f80.sqrt', x.mantissa, x.signExponent, control(b))),
  unary('frndint', (b, x) => callF80(b, 'f80.rint', x.mantissa, x.signExponent, control(b))),
  remainder('fprem', 'f80.prem'),
  remainder('fprem1', 'f80.prem1'),
  defineFunction('x87.fscale', [], [], (b) => {
    const x = physical(b, 0),
      y = physical(b, 1);
    refuseEmpty(b, [x, y], b.i32(0), b.i32(0));
    const result = through('f80.scale')(b, valueOf(b, x), valueOf(b, y));
    finish(b, b.i32(0), result.mantissa, result.signExponent, result.flags, b.i32(0));
  }),
  defineFunction('x87.fxtract', [], [], (b) => {
    const x = physical(b, 0);
    b.if(isEmpty(b, x), () => {
      b.call('x87.pair', [b.i64(0), b.i32(0), b.i64(0), b.i32(0), b.i32(UNDERFLOW)]);
      b.return();
    });
    b.call('x87.pair', b.call('f80.extract', [mantissaOf(b, x), signExponentOf(b, x)], ['i64', 'i32', 'i64', 'i32', 'i32']));
  }),
];

const plain = (name: string, key: string): Row =>
  insn(
    name,
    { [key]: '' },
    waiting((b) => void b.call(`x87.${name}`, [])),
  );

export const x87Arith: readonly Row[] = [
  ...arithmeticRows,
  plain('fsqrt', 'D9 FA'),
  plain('frndint', 'D9 FC'),
  plain('fscale', 'D9 FD'),
  plain('fprem', 'D9 F8'),
  plain('fprem1', 'D9 F5'),
  plain('fxtract', 'D9 F4'),
];

export const arithFunctions: readonly FunctionDefinition[] = [...arithmeticFunctions, ...otherFunctions];
