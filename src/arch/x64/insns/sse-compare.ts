// SSE and SSE2 floating-point comparison: masks by predicate, and flags.

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import { aligned } from './sse-vector.ts';
import { SHAPES, type Shape } from './sse-float.ts';

/** The comparison that imm8[1:0] names, of vectors (lanes of ones) or scalars (0 or 1). imm8[2] inverts it. */
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

/** CF: less or unordered; ZF: equal or unordered; PF: unordered (SDM volume 2, COMISD). */
function compareFlags(b: X64Builder, type: 'f32' | 'f64', x: Value, y: Value): void {
  const isBelow = b.eqz(b.op(`${type}.ge`, x, y));
  const isUnordered = b.and(isBelow, b.eqz(b.op(`${type}.lt`, x, y)));
  const isEqual = b.or(b.op(`${type}.eq`, x, y), isUnordered);
  b.flagsRaw(b.or(b.or(isBelow, b.shl(isUnordered, 2)), b.shl(isEqual, 6)));
}

export const sseCompare: readonly Row[] = [
  ...SHAPES.map((shape) =>
    insn(`cmp${shape.suffix}`, { [`${shape.prefix} 0F C2`]: `${shape.operands} Ib` }, (b, dst, src, predicate) => {
      const y = shape.isPacked ? aligned(b, src) : src.get();
      const result = compare(b, shape.type, dst.get(), y, predicate.get());
      if (shape.isPacked) dst.set(result);
      else if (shape.type === 'f32') dst.setPart('i32.store', 0, b.neg(result));
      else dst.setPart('i64.store', 0, b.neg(b.zext(result)));
    }),
  ),
  // The two differ in which NaNs set MXCSR.IE, which is not tracked.
  ...Object.entries({ ucomis: '2E', comis: '2F' }).flatMap(([name, opcode]) => [
    insn(`${name}s`, { [`NP 0F ${opcode}`]: 'Vss Wss' }, (b, x, y) => compareFlags(b, 'f32', x.get(), y.get())),
    insn(`${name}d`, { [`66 0F ${opcode}`]: 'Vsd Wsd' }, (b, x, y) => compareFlags(b, 'f64', x.get(), y.get())),
  ]),
];
