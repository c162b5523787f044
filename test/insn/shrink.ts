// Makes a failing case smaller: everything that can be 0 without the failure going away becomes 0.

import { type Case, DATA_SIZE, initialFx } from './cases.ts';

const FX_PARTS: readonly (readonly [at: number, length: number])[] = [
  [32, 128],
  [160, 256],
  ...Array.from({ length: 8 }, (_, i) => [32 + 16 * i, 16] as const),
  ...Array.from({ length: 16 }, (_, i) => [160 + 16 * i, 16] as const),
];

/** Simpler versions of a case, the boldest first. */
function* simpler(one: Case): Generator<Case> {
  for (let size = DATA_SIZE; size >= 8; size /= size === DATA_SIZE ? 3 : 2) {
    for (let at = 0; at < DATA_SIZE; at += size) {
      if (!one.data.subarray(at, at + size).some((byte) => byte)) continue;
      const data = one.data.slice();
      data.fill(0, at, at + size);
      yield { ...one, data };
    }
    if (size <= 64) break;
  }
  if (one.high.some((byte) => byte)) yield { ...one, high: new Uint8Array(256) };
  const fresh = initialFx();
  for (const [at, length] of [[0, 32] as const, ...FX_PARTS]) {
    const fx = one.fx.slice();
    fx.set(fresh.subarray(at, at + length), at);
    if (fx.some((byte, i) => byte !== one.fx[i])) yield { ...one, fx };
  }
  for (let i = 0; i < 16; i++) {
    for (const value of [0n, 1n, (one.gpr[i] as bigint) & 0xffffn]) {
      if ((one.gpr[i] as bigint) <= value) continue;
      const gpr = one.gpr.slice();
      gpr[i] = value;
      yield { ...one, gpr };
    }
  }
  if (one.rflags !== 0x202n) yield { ...one, rflags: 0x202n };
}

/** The smallest case reached by taking every simplification that still `fails`, at most `limit` tries. */
export function shrink(one: Case, fails: (candidate: Case) => boolean, limit = 400): Case {
  let best = one;
  for (let tries = 0, isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of simpler(best)) {
      if (++tries > limit) return best;
      if (!fails(candidate)) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return best;
}
