// Which guest addresses are known to be accessible at a point of a region, and what each register is known to be.
//
// A register is a root (some unknown number) plus a constant. One page check at root + low covers the 4096 bytes from there
// on, as a page's entry speaks for its upper neighbour as well; later accesses within them use the checked address.
// Compiled code never changes the access tables itself: it leaves for the interpreter instead. So a check holds until a call.

import type { Patch } from './patches.ts';

/** A linear address: root + offset. Root 0 is the number 0. */
export interface Linear {
  readonly root: number;
  readonly offset: number;
}

/** A page check in the code, whose range may still grow: what depends on it is patched when the region is done. */
export interface Check {
  readonly isWrite: boolean;
  /** Local with the 32-bit address of root + low. */
  readonly local: number;
  low: number;
  high: number;
  readonly patches: Patch[];
}

/** Bytes from a checked address on that its check covers. */
const COVERED = 4096;

export class Knowledge {
  readonly registers: Linear[];
  readonly checks: Map<number, readonly Check[]>;
  /** Roots of sums of two registers: the sum's root by what it is made of. */
  readonly sums: Map<string, number>;

  constructor(registers: Linear[], checks: Map<number, readonly Check[]> = new Map(), sums: Map<string, number> = new Map()) {
    this.registers = registers;
    this.checks = checks;
    this.sums = sums;
  }
  copy(): Knowledge {
    return new Knowledge([...this.registers], new Map(this.checks), this.sums);
  }
  add(root: number, check: Check): void {
    this.checks.set(root, [...(this.checks.get(root) ?? []), check]);
  }
  /** A check that covers, or can be made to cover, the access. */
  find(address: Linear, size: number, isWrite: boolean): Check | undefined {
    return this.checks.get(address.root)?.find((check) => {
      const low = Math.min(check.low, address.offset),
        high = Math.max(check.high, address.offset + size);
      return (check.isWrite || !isWrite) && high - low <= COVERED;
    });
  }
  forgetChecks(): void {
    this.checks.clear();
  }
}
