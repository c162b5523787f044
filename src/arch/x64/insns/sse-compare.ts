// SSE and SSE2 floating-point comparison: masks by predicate, and flags.

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { exactly, floatOp, Predicate } from '../float-op.ts';
import { insn, type Row } from '../insn.ts';
import { aligned } from './sse-vector.ts';
import { SHAPES, type Shape } from './sse-float.ts';

/** `ordinary`, or under MXCSR the comparison that `predicate` names: vectors (lanes of ones) or scalars (0 or 1). */
export const compared = (
  b: X64Builder,
  type: Shape['type'],
  x: Value,
  y: Value,
  predicate: Value,
  ordinary: () => Value,
): Value =>
  b.float(ordinary, () => {
    const result = exactly(b, type, floatOp(b, 'compare', predicate), x, y);
    return result.type === 'v128' ? result : b.and(b.wrap(result), 1);
  });

/** The comparison that imm8[1:0] names; imm8[2] inverts it. */
function compare(b: X64Builder, type: Shape['type'], x: Value, y: Value, predicate: Value): Value {
  const isScalar = type === 'f32' || type === 'f64';
  const result = b.variable(isScalar ? 'i32' : 'v128');
  const isNaN = (v: Value): Value => b.op(`${type}.ne`, v, v);
  b.switch(
    b.and(predicate, 3),
    [
      () => result.set(b.op(`${type}.eq`, x, y)),
      () => result.set(b.op(`${type}.lt`, x, y)),
      () => result.set(b.op(`${type}.le`, x, y)),
    ],
    () => result.set(b.op(isScalar ? 'i32.or' : 'v128.or', isNaN(x), isNaN(y))),
  );
  const inverts = b.and(b.shrU(predicate, 2), 1);
  if (isScalar) return b.xor(result.get(), inverts);
  return b.op('v128.xor', result.get(), b.op('i32x4.splat', b.neg(inverts)));
}

function compareFlags(b: X64Builder, type: 'f32' | 'f64', x: Value, y: Value, isLoud: boolean): void {
  const bits = (v: Value): Value => b.op(type === 'f32' ? 'i32.reinterpret_f32' : 'i64.reinterpret_f64', v);
  const predicate = isLoud ? Predicate.belowLoud : Predicate.belowQuiet;
  b.flagsOrder(
    x,
    y,
    () => b.call(type === 'f32' ? 'float.order32' : 'float.order64', [bits(x), bits(y), b.i32(predicate)], ['i32'])[0] as Value,
  );
}

export const sseCompare: readonly Row[] = [
  ...SHAPES.map((shape) =>
    insn(`cmp${shape.suffix}`, { [`${shape.prefix} 0F C2`]: `${shape.operands} Ib` }, (b, dst, src, predicate) => {
      const y = shape.isPacked ? aligned(b, src) : src.get();
      const x = dst.get(),
        which = b.and(predicate.get(), 7);
      const result = compared(b, shape.type, x, y, which, () => compare(b, shape.type, x, y, which));
      if (shape.isPacked) dst.set(result);
      else if (shape.type === 'f32') dst.setPart('i32.store', 0, b.neg(result));
      else dst.setPart('i64.store', 0, b.neg(b.zext(result)));
    }),
  ),
  // The two differ in which NaNs are invalid.
  ...[
    { name: 'ucomis', opcode: '2E', isLoud: false },
    { name: 'comis', opcode: '2F', isLoud: true },
  ].flatMap(({ name, opcode, isLoud }) => [
    insn(`${name}s`, { [`NP 0F ${opcode}`]: 'Vss Wss' }, (b, x, y) => compareFlags(b, 'f32', x.get(), y.get(), isLoud)),
    insn(`${name}d`, { [`66 0F ${opcode}`]: 'Vsd Wsd' }, (b, x, y) => compareFlags(b, 'f64', x.get(), y.get(), isLoud)),
  ]),
];
