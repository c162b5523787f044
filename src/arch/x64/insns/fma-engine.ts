// FMA by the engine's relaxed_madd, where that rounds once: signs and NaNs as x86 has them.

import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';

export type Float = 'f32' | 'f64';
export const SHAPE = { f32: 'f32x4', f64: 'f64x2' } as const;
/** The NaN that invalid operations give, and the bit that makes a NaN quiet, in all lanes. */
const DEFAULT_NAN = { f32: 0xffc00000ffc00000n, f64: 0xfff8000000000000n } as const;
const QUIET = { f32: 0x0040000000400000n, f64: 0x0008000000000000n } as const;

/** Signs to change: of the product, of the addend. */
export const NEGATE_PRODUCT = 1,
  NEGATE_ADDEND = 2;
export interface Signs {
  readonly even: number;
  readonly odd: number;
}

const splat = (b: X64Builder, bits: bigint): Value => b.op('i64x2.splat', b.i64(BigInt.asIntN(64, bits)));

/** x * y + z in all lanes of vectors. */
export function madd(b: X64Builder, type: Float, [x, y, z]: readonly [Value, Value, Value], signs: Signs): Value {
  const shape = SHAPE[type];
  const [product, addend] = [flipped(b, type, x, signs, NEGATE_PRODUCT), flipped(b, type, z, signs, NEGATE_ADDEND)];
  const result = b.variable('v128', b.op(`${shape}.relaxed_madd`, product, y, addend));
  const areNaN = (v: Value): Value => b.op(`${shape}.ne`, v, v);
  b.if(b.op('v128.any_true', areNaN(result.get())), () => {
    result.set(b.op('v128.bitselect', splat(b, DEFAULT_NAN[type]), result.get(), areNaN(result.get())));
    // The first NaN among the operands, quiet, goes before.
    for (const v of [z, y, x]) {
      const quiet = b.op('v128.or', v, splat(b, QUIET[type]));
      result.set(b.op('v128.bitselect', quiet, result.get(), areNaN(v)));
    }
  });
  return result.get();
}

/** A vector with the signs of its lanes changed where `signs` have the bit. */
function flipped(b: X64Builder, type: Float, v: Value, { even, odd }: Signs, bit: number): Value {
  const [isEven, isOdd] = [even & bit, odd & bit];
  if (isEven && isOdd) return b.op(`${SHAPE[type]}.neg`, v);
  if (!isEven && !isOdd) return v;
  if (type === 'f32') return b.op('v128.xor', v, splat(b, isEven ? 0x80000000n : 0x8000000000000000n));
  const sign = b.i64(-(1n << 63n));
  return b.op('v128.xor', v, b.lane('i64x2.replace_lane', isEven ? 0 : 1, splat(b, 0n), sign));
}
