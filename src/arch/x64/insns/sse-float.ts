// SSE and SSE2 floating-point arithmetic, packed and scalar.
//
// While MXCSR_MODE is 0 the operations are Wasm's, and NaN results follow its rules as the engine carries them out: on x86-64
// hosts these are the guest's own (the first NaN operand quieted, else the second, else the negative default NaN).

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { exactFloat, floatOp, type FloatShape } from '../float-op.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { aligned, type Binary, binaryRow, lanes32, lanewise, unaryRow } from './sse-vector.ts';

/** The four shapes of an operation: mandatory prefix, suffix, Wasm type, operand letters. */
export const SHAPES = [
  { prefix: 'NP', suffix: 'ps', type: 'f32x4', operands: 'Vps Wps', isPacked: true },
  { prefix: '66', suffix: 'pd', type: 'f64x2', operands: 'Vpd Wpd', isPacked: true },
  { prefix: 'F3', suffix: 'ss', type: 'f32', operands: 'Vss Wss', isPacked: false },
  { prefix: 'F2', suffix: 'sd', type: 'f64', operands: 'Vsd Wsd', isPacked: false },
] as const;
export type Shape = (typeof SHAPES)[number];

const ARITHMETIC = { add: '58', mul: '59', sub: '5C', div: '5E' } as const;

/** A sum, difference, product or quotient. */
export const arithmetic = (b: X64Builder, name: keyof typeof ARITHMETIC, type: FloatShape, x: Value, y: Value): Value =>
  b.float(
    () => b.op(`${type}.${name}`, x, y),
    () => exactFloat(b, type, floatOp(b, name), x, y),
  );

/** x OP y ? x : y, as MINPS and MAXPS: the second operand if either is a NaN or both are zero (SDM volume 2). */
export function minOrMax(b: X64Builder, which: 'min' | 'max', shape: Shape, x: Value, y: Value): Value {
  return b.float(
    () =>
      shape.isPacked
        ? b.op(`${shape.type}.p${which}`, y, x)
        : b.select(b.op(`${shape.type}.${which === 'min' ? 'lt' : 'gt'}`, x, y), x, y),
    () => exactFloat(b, shape.type, floatOp(b, which), x, y),
  );
}

const SIGN = 0x80000000;
/** Lanes too small to be normal become zeroes of their sign: RCP and RSQRT read and write no denormals. */
function flushDenormals(b: X64Builder, x: Value): Value {
  const isTiny = b.op('f32x4.lt', b.op('f32x4.abs', x), lanes32(b, 0x00800000));
  return b.op('v128.bitselect', b.op('v128.and', x, lanes32(b, SIGN)), x, isTiny);
}
const ones = (b: X64Builder): Value => lanes32(b, 0x3f800000);
// The SDM asks for a relative error of at most 1.5 * 2^-12; these are exact to a rounding.
const reciprocal = (b: X64Builder, x: Value): Value => flushDenormals(b, b.op('f32x4.div', ones(b), flushDenormals(b, x)));
const reciprocalRoot = (b: X64Builder, x: Value): Value => b.op('f32x4.div', ones(b), b.op('f32x4.sqrt', flushDenormals(b, x)));
/** The scalar form of a packed meaning on one f32. */
function onScalar(meaning: (b: X64Builder, x: Value) => Value): Row['build'] {
  return (b, dst, src) => dst.set(b.lane('f32x4.extract_lane', 0, meaning(b, b.op('f32x4.splat', src.get()))));
}

/** Logic has no scalar form: ps and pd only. */
const logic: Readonly<Record<string, readonly [opcode: string, meaning: Binary]>> = {
  and: ['54', lanewise('v128.and')],
  andn: ['55', (b, x, y) => b.op('v128.andnot', y, x)],
  or: ['56', lanewise('v128.or')],
  xor: ['57', lanewise('v128.xor')],
};

export const sseFloat: readonly Row[] = [
  ...SHAPES.flatMap((shape) => {
    const encoding = (opcode: string): Record<string, string> => ({ [`${shape.prefix} 0F ${opcode}`]: shape.operands });
    const source = (b: X64Builder, src: Operand): Value => (shape.isPacked ? aligned(b, src) : src.get());
    return [
      ...Object.entries(ARITHMETIC).map(([name, opcode]) =>
        insn(name + shape.suffix, encoding(opcode), (b, dst, src) =>
          dst.set(arithmetic(b, name as keyof typeof ARITHMETIC, shape.type, dst.get(), source(b, src))),
        ),
      ),
      insn(`sqrt${shape.suffix}`, encoding('51'), (b, dst, src) => {
        const x = source(b, src);
        dst.set(
          b.float(
            () => b.op(`${shape.type}.sqrt`, x),
            () => exactFloat(b, shape.type, floatOp(b, 'sqrt'), x, x),
          ),
        );
      }),
      insn(`min${shape.suffix}`, encoding('5D'), (b, dst, src) => dst.set(minOrMax(b, 'min', shape, dst.get(), source(b, src)))),
      insn(`max${shape.suffix}`, encoding('5F'), (b, dst, src) => dst.set(minOrMax(b, 'max', shape, dst.get(), source(b, src)))),
    ];
  }),
  ...Object.entries(logic).flatMap(([name, [opcode, meaning]]) => [
    binaryRow(`${name}ps`, `NP 0F ${opcode}`, meaning),
    binaryRow(`${name}pd`, `66 0F ${opcode}`, meaning),
  ]),
  unaryRow('rcpps', 'NP 0F 53', reciprocal),
  unaryRow('rsqrtps', 'NP 0F 52', reciprocalRoot),
  insn('rcpss', { 'F3 0F 53': 'Vss Wss' }, onScalar(reciprocal)),
  insn('rsqrtss', { 'F3 0F 52': 'Vss Wss' }, onScalar(reciprocalRoot)),
];
