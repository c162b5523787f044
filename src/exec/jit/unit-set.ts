// Sets of register units as two words of bits.

export interface UnitSet {
  readonly low: number;
  readonly high: number;
}

export const EMPTY: UnitSet = { low: 0, high: 0 };
export const unitBit = (unit: number): UnitSet => (unit < 32 ? { low: 1 << unit, high: 0 } : { low: 0, high: 1 << (unit - 32) });
export const union = (a: UnitSet, b: UnitSet): UnitSet => ({ low: a.low | b.low, high: a.high | b.high });
export const without = (a: UnitSet, b: UnitSet): UnitSet => ({ low: a.low & ~b.low, high: a.high & ~b.high });
export const isSame = (a: UnitSet, b: UnitSet): boolean => a.low === b.low && a.high === b.high;
export const has = (set: UnitSet, unit: number): boolean => ((unit < 32 ? set.low >>> unit : set.high >>> (unit - 32)) & 1) === 1;

/** Calls with each unit, in order. */
export function each(set: UnitSet, visit: (unit: number) => void): void {
  for (let bits = set.low; bits; bits &= bits - 1) visit(31 - Math.clz32(bits & -bits));
  for (let bits = set.high; bits; bits &= bits - 1) visit(63 - Math.clz32(bits & -bits));
}
