// Vector registers in which x * y + z often lies next to the middle between two numbers, so that a second rounding shows.

import type { Random } from './random.ts';

/** Significant bits of a type, and the middle of its exponents. */
const FORMATS = { 4: { digits: 24, bias: 127 }, 8: { digits: 53, bias: 1023 } } as const;

/**
 * With n digits: x = 2^p (1 + a u), y = 2^(-p-n) (1 + b u), z = 1 + c u with u = 2^(1-n), small a, b, c and the same scale for
 * the lane in all registers; which of them are x, y and z is left to chance. The product is half of z's last place or next to it.
 */
export function setTies(
  { fx, high }: { readonly fx: Uint8Array; readonly high: Uint8Array },
  bytes: 4 | 8,
  random: Random,
): void {
  for (let lane = 0; lane < 32; lane += bytes) {
    const { digits, bias } = FORMATS[bytes];
    const product = random.below(40) - 20,
      scale = random.below(20) - 10;
    const view = (register: number): DataView =>
      lane < 16
        ? new DataView(fx.buffer, 160 + 16 * register + lane, bytes)
        : new DataView(high.buffer, 16 * register + lane - 16, bytes);
    for (let register = 0; register < 16; register++) {
      const exponent = random.pick([product, scale - product - digits, scale]);
      const sign = random.chance(30) ? 1n : 0n;
      // Near a power of two, from above or from below.
      const fraction = BigInt(random.below(5)),
        isBelow = exponent !== scale && random.chance(40);
      const field = BigInt(bias + exponent - (isBelow ? 1 : 0)) << BigInt(digits - 1);
      const bits = field | (isBelow ? (1n << BigInt(digits - 1)) - 2n * (fraction + 1n) : fraction);
      const all = (sign << BigInt(8 * bytes - 1)) | bits;
      if (bytes === 8) view(register).setBigUint64(0, all, true);
      else view(register).setUint32(0, Number(all), true);
    }
  }
}
