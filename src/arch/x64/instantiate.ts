// A form's meaning as IR: its row's build function run once against fresh operands.

import type { Slot, Statement } from '../../ir/value.ts';
import { X64Builder } from './builder.ts';
import type { Form } from './forms.ts';
import { Operand } from './operands.ts';

export interface Meaning {
  readonly statements: readonly Statement[];
  /** Status flags left undefined (SDM). */
  readonly undefinedFlags: number;
}

/** `slots` gives fixed register slots, operand by operand, when they are known; otherwise they are fields of the operation. */
export function instantiate(form: Form, slots: readonly (number | undefined)[] = []): Meaning {
  const b = new X64Builder();
  const operands = form.operands.map((spec, i) => {
    const address = slots[i];
    const slot: Slot =
      address !== undefined ? { at: 'fixed', address } : { at: 'field', field: spec.field === 'none' ? 'r0' : spec.field, plus: 0 };
    return new Operand(b, spec, slot);
  });
  form.row.build(b, ...operands);
  if (form.branch) b.branchOnComparison(form.branch);
  return { statements: b.finish(), undefinedFlags: b.undefinedFlags };
}
