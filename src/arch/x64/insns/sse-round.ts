// Rounding to integral values: helper functions of ROUNDxx.
//
// `rc` is 0 nearest even, 1 down, 2 up, 3 towards zero (Intel SDM volume 1, 4.8.4).

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';

const INTEGRAL = ['nearest', 'floor', 'ceil', 'trunc'] as const;

/** sse.round.TYPE(x, rc): x rounded to an integral value of its own type. */
const integral = (['f32', 'f64', 'f32x4', 'f64x2'] as const).map((type) => {
  const value = type === 'f32' || type === 'f64' ? type : 'v128';
  return defineFunction(`sse.round.${type}`, [value, 'i32'], [value], (b, x, rc) => {
    const result = b.variable(value);
    b.switch(
      rc as Value,
      INTEGRAL.map((how) => () => result.set(b.op(`${type}.${how}`, x as Value))),
    );
    b.return(result.get());
  });
});

export const functions: readonly FunctionDefinition[] = integral;
