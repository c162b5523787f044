// A form's meaning as IR: its row's build function run once against fresh operands.

import type { Slot, Statement } from '../../ir/value.ts';
import { type Engine, X64Builder } from './builder.ts';
import type { Form } from './forms.ts';
import { Operand, type OperandUses } from './operands.ts';

export interface Meaning {
  readonly statements: readonly Statement[];
  /** Status flags left undefined (SDM). */
  readonly undefinedFlags: number;
}

/**
 * `slots` gives fixed register slots, operand by operand, when they are known; otherwise they are fields of the operation.
 * For compiled code on an engine, arithmetic under another MXCSR than the ordinary one is left to the interpreter
 * (X64Builder.float).
 */
export function instantiate(form: Form, slots: readonly (number | undefined)[] = [], engine?: Engine): Meaning {
  // The first run finds out which memory operands are both read and written.
  const uses = form.operands.map((): OperandUses => ({}));
  if (form.operands.some(({ kind }) => kind === 'mem')) {
    build(form, slots, uses, engine);
    for (const use of uses) use.isChanged = (use.isRead && use.isWritten) ?? false;
  }
  const b = build(form, slots, uses, engine);
  if (form.branch) b.branchOnComparison(form.branch);
  return { statements: b.finish(), undefinedFlags: b.undefinedFlags };
}

function build(
  form: Form,
  slots: readonly (number | undefined)[],
  uses: readonly OperandUses[],
  engine: Engine | undefined,
): X64Builder {
  const b = new X64Builder(engine);
  const operands = form.operands.map((spec, i) => {
    const address = slots[i];
    const slot: Slot =
      address !== undefined
        ? { at: 'fixed', address }
        : { at: 'field', field: spec.field === 'none' ? 'r0' : spec.field, plus: 0 };
    return new Operand(b, spec, slot, uses[i]);
  });
  form.row.build(b, ...operands);
  return b;
}
