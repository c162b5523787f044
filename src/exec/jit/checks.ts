// Which guest addresses are known to be accessible at a point of a region, and what each register is known to be.
//
// A register is a root (some unknown number) plus a constant. One page check at root + low covers the 4096 bytes from there
// on, as a page's entry speaks for its upper neighbour as well (memory/layout.ts); later accesses within them use the checked address.
// Compiled code never changes the access tables itself: it leaves for the interpreter instead. So a check holds until a call.

import type { Statement, Value } from '../../ir/value.ts';
import { COVERED, PAGE_SHIFT } from '../../memory/layout.ts';
import type { Patch } from './patches.ts';

/** A linear address: root + offset. Root 0 is the number 0. */
export interface Linear {
  readonly root: number;
  readonly offset: number;
}

/** A check in the code, whose range may still grow: what depends on it is patched when the region is done. */
export interface Check {
  readonly isWrite: boolean;
  /** Local with the 32-bit address of root + low. */
  readonly local: number;
  low: number;
  high: number;
  readonly patches: Patch[];
}

export class Knowledge {
  readonly registers: Linear[];
  readonly checks: Map<number, readonly Check[]>;
  /** Roots of sums of two registers: the sum's root by what it is made of. */
  readonly sums: Map<string, number>;
  /** Slots that guards have found to be 0, and which compiled code does not change. */
  readonly zeroSlots: Set<number>;

  constructor(
    registers: Linear[],
    checks: Map<number, readonly Check[]> = new Map(),
    sums: Map<string, number> = new Map(),
    zeroSlots: Set<number> = new Set(),
  ) {
    this.registers = registers;
    this.checks = checks;
    this.sums = sums;
    this.zeroSlots = zeroSlots;
  }
  copy(): Knowledge {
    return new Knowledge([...this.registers], new Map(this.checks), this.sums, new Set(this.zeroSlots));
  }
  /** The statements less the guards known to hold; those that stay hold from here on. */
  unguarded(statements: readonly Statement[]): readonly Statement[] {
    const { zeroSlots } = this;
    const dropped = new Set<Value>();
    for (const statement of statements) {
      const slot = guardOf(statement);
      if (slot === undefined) continue;
      if (zeroSlots.has(slot)) dropped.add((statement as { condition: Value }).condition);
      else zeroSlots.add(slot);
    }
    if (!dropped.size) return statements;
    return statements.filter(
      (s) => !((s.kind === 'eval' && dropped.has(s.value)) || (s.kind === 'if' && dropped.has(s.condition))),
    );
  }
  add(root: number, check: Check): void {
    this.checks.set(root, [...(this.checks.get(root) ?? []), check]);
  }
  /** A check that covers, or can be made to cover, the access. */
  find({ root, offset }: Linear, size: number, isWrite: boolean): Check | undefined {
    return this.checks.get(root)?.find((check) => {
      if (isWrite && !check.isWrite) return false;
      // At a known address it is known which pages lie beside: some that nothing touches, or that can only be read, as a dynamic
      // linker leaves them. A check that another path's access widened to one of those would fail for good.
      const isAside = root <= 0 && !isBeside(check, offset, size);
      const low = Math.min(check.low, offset),
        high = Math.max(check.high, offset + size);
      return !isAside && high - low <= COVERED;
    });
  }
  forgetChecks(): void {
    this.checks.clear();
    this.zeroSlots.clear();
  }
}

/** Does an access lie in the pages of a check? */
const isBeside = ({ low, high }: Check, offset: number, size: number): boolean =>
  offset >>> PAGE_SHIFT >= low >>> PAGE_SHIFT && (offset + size - 1) >>> PAGE_SHIFT <= (high - 1) >>> PAGE_SHIFT;

/** The slot of a guard: `if` it is not 0 the instruction is not for compiled code. */
function guardOf(s: Statement): number | undefined {
  if (s.kind !== 'if' || s.otherwise.length > 0 || s.then.length !== 1 || s.then[0]?.kind !== 'raise') return undefined;
  const { node } = s.condition;
  return node.kind === 'register' && node.slot.at === 'fixed' ? node.slot.address : undefined;
}
