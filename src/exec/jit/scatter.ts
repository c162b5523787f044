// Numbers for the targets of an indirect jump, for a jump table that is little larger than their count.

/** 2^32 divided by the golden ratio: its products spread evenly. */
const GOLDEN = 0x9e3779b1;
const TRIES = 100;

/** A multiplier whose products with the addresses differ in their upper bits, and how many of these it takes. */
export function scatter(addresses: readonly number[]): { readonly multiplier: number; readonly bits: number } {
  for (let bits = 33 - Math.clz32(addresses.length); ; bits++)
    for (let i = 1; i <= TRIES; i++) {
      const multiplier = Math.imul(i, GOLDEN) | 1;
      const places = new Set(addresses.map((address) => Math.imul(address, multiplier) >>> (32 - bits)));
      if (places.size === addresses.length) return { multiplier, bits };
    }
}
