// Seeded random numbers with a taste for edges.

export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  }
  /** 32 bits, unsigned (xorshift32 with a final mix). */
  u32(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) >>> 0;
  }
  below(limit: number): number {
    return this.u32() % limit;
  }
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }
  /** An integer likely to be an edge of some width. */
  integer(): bigint {
    if (this.chance(40)) return this.u64();
    const width = BigInt(this.pick([8, 16, 32, 64]));
    const edge = this.pick([
      0n,
      1n,
      2n,
      (1n << (width - 1n)) - 1n,
      1n << (width - 1n),
      (1n << width) - 1n,
      (1n << (width - 1n)) + 1n,
      1n << BigInt(this.below(64)),
    ]);
    return BigInt.asUintN(64, this.chance(30) ? -edge : edge + BigInt(this.chance(20) ? this.below(256) : 0));
  }
  /** The 64 bits of a double or of two floats that matter: zeros, infinities, NaN, denormals, small integers, anything. */
  float(): bigint {
    if (this.chance(30)) return this.u64();
    return this.chance(50) ? this.#double() : (this.#single() << 32n) | this.#single();
  }
  /** A number with few or many ones and an exponent near 0, the least or the greatest. */
  #bits(fraction: number, exponent: number): bigint {
    const most = (1 << exponent) - 1,
      middle = most >> 1;
    const field = this.pick([
      middle + this.below(9) - 4,
      middle + this.below(2 * fraction) - fraction,
      (middle >> 1) + this.below(6) - 3,
      middle + (middle >> 1) + this.below(6) - 3,
      this.below(4),
      this.below(fraction + 3),
      most - 1 - this.below(4),
      0,
    ]);
    const all = (1n << BigInt(fraction)) - 1n;
    const bits = this.pick([
      this.u64(),
      this.u64() << 20n,
      0n,
      1n,
      -1n,
      -2n,
      1n << BigInt(this.below(fraction)),
      this.u64() >> 32n,
    ]);
    return (
      (BigInt(this.below(2)) << BigInt(fraction + exponent)) |
      (BigInt(Math.max(0, Math.min(most, field))) << BigInt(fraction)) |
      (bits & all)
    );
  }
  #double(): bigint {
    const view = new DataView(new ArrayBuffer(8));
    if (this.chance(40)) return this.#bits(52, 11);
    view.setFloat64(
      0,
      this.pick([
        0,
        1,
        -1,
        0.5,
        1.5,
        2.5,
        1e300,
        1e-300,
        5e-324,
        2147483647.5,
        -2147483648,
        9.2e18,
        4294967296,
        Infinity,
        NaN,
        this.below(1000),
        this.u32() / 7,
      ]) * (this.chance(30) ? -1 : 1),
    );
    return view.getBigUint64(0) ^ (this.chance(20) ? 1n : 0n) ^ (this.chance(5) ? 1n << 51n : 0n);
  }
  #single(): bigint {
    const view = new DataView(new ArrayBuffer(4));
    if (this.chance(40)) return this.#bits(23, 8);
    view.setFloat32(
      0,
      this.pick([0, 1, -1, 0.5, 1.5, 2.5, 3e38, 1e-38, 1e-45, 2147483648, Infinity, NaN, this.below(1000), this.u32() / 7]) *
        (this.chance(30) ? -1 : 1),
    );
    return BigInt(view.getUint32(0)) ^ (this.chance(20) ? 1n : 0n) ^ (this.chance(5) ? 1n << 22n : 0n);
  }
}
