// What x87 rows share: the wait for pending exceptions, and memory operands as 80-bit values.

import type { Value } from '../../../ir/value.ts';
import { Vector, type X64Builder } from '../builder.ts';
import { callF80, callPair, type F80Result } from '../f80-parts.ts';
import type { Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { FSW } from '../regs.ts';

/** Raises #MF if an earlier instruction left an unmasked exception (ES in FSW). */
export function wait(b: X64Builder): void {
  b.if(b.and(b.slot('i32.load', FSW), 0x80), () => b.raise(Vector.MF));
}

/** A meaning that waits first, as all but the fn... instructions do. */
export const waiting =
  (build: Row['build']): Row['build'] =>
  (b, ...operands) => {
    wait(b);
    build(b, ...operands);
  };

/** A floating-point memory operand (m32, m64) as an 80-bit value. */
export function loadFloat(b: X64Builder, source: Operand): F80Result {
  return callF80(b, source.bits === 32 ? 'f80.fromF32' : 'f80.fromF64', source.get());
}
/** An integer memory operand (m16, m32, m64). */
export function loadInteger(b: X64Builder, source: Operand): F80Result {
  const value = source.get();
  const [mantissa, signExponent] = callPair(b, 'f80.fromI64', ['i64', 'i32'], b.sext(b.sextBits(value, source.bits)));
  return { mantissa, signExponent, flags: b.i32(0) };
}
export const f80Args = ({ mantissa, signExponent, flags }: F80Result): Value[] => [mantissa, signExponent, flags];
