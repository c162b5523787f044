// The forms of an interpreter as data, so that a compiler at run time finds the meaning of a handler number.

import type { Form } from './forms.ts';
import type { Row } from './insn.ts';
import type { OperandSpec } from './operands.ts';
import { CONDITIONS } from '../../ir/value.ts';

export interface PackedForms {
  readonly specs: readonly OperandSpec[];
  /** By handler number: row, size in bits, condition of a joined branch + 1, then operands as places in `specs`. */
  readonly forms: readonly (readonly number[])[];
}

export function packForms(forms: readonly Form[], rows: readonly Row[]): PackedForms {
  const specs: OperandSpec[] = [];
  const known = new Map<string, number>();
  const rowNumbers = new Map(rows.map((row, i) => [row, i]));
  const specNumber = (spec: OperandSpec): number => {
    const key = JSON.stringify(spec);
    let number = known.get(key);
    if (number === undefined) known.set(key, (number = specs.push(spec) - 1));
    return number;
  };
  const packed = forms.map(({ row, bits, branch, operands }) => [
    rowNumbers.get(row) ?? -1,
    bits,
    branch === undefined ? 0 : CONDITIONS.indexOf(branch) + 1,
    ...operands.map(specNumber),
  ]);
  return { specs, forms: packed };
}

export function unpackForm({ specs, forms }: PackedForms, rows: readonly Row[], id: number): Form {
  const [row = -1, bits = 0, branch = 0, ...operands] = forms[id] ?? [];
  const found = rows[row];
  if (!found) throw new Error(`no form ${id}`);
  const form = { id, row: found, key: found.name, bits, operands: operands.map((number) => specs[number] as OperandSpec) };
  const condition = CONDITIONS[branch - 1];
  return condition ? { ...form, branch: condition } : form;
}
