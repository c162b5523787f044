// Numbers in emitted code that are known only when the region is done: written as five-byte LEB128 and filled in later.

import type { Bytes } from '../wasm/encode.ts';

/** A place in the code and how its number follows from the final low and high of a check. */
export interface Patch {
  at: number;
  readonly isSigned: boolean;
  readonly value: (low: number, high: number) => number;
}

/** Leaves room for a number. */
export function reserve(code: Bytes, isSigned: boolean, value: Patch['value']): Patch {
  const at = code.length;
  code.raw([0x80, 0x80, 0x80, 0x80, 0]);
  return { at, isSigned, value };
}

export function fill(code: Bytes | Uint8Array, at: number, isSigned: boolean, value: number): void {
  const last = isSigned ? (value >> 28) & 0x7f : (value >>> 28) & 0x0f;
  code.set([value | 0x80, (value >> 7) | 0x80, (value >> 14) | 0x80, (value >> 21) | 0x80, last], at);
}
