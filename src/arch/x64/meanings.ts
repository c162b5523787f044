// The meaning of each handler of an interpreter, for the compiler.

import type { FunctionDefinition } from '../../ir/function.ts';
import type { Statement } from '../../ir/value.ts';
import { bodiesOf } from '../../ir/walk.ts';
import type { Flow, Meanings, RegisterUnit } from '../arch.ts';
import { type PackedForms, unpackForm } from './form-table.ts';
import type { Row } from './insn.ts';
import { type Engine, Vector } from './builder.ts';
import { instantiate } from './instantiate.ts';
import { GPR, GPR_NAMES, MXCSR_MODE, TMP0, YMM } from './regs.ts';

/** General registers, the temporary of micro-operations, and vector registers by halves. */
const REGISTERS: readonly RegisterUnit[] = [
  ...GPR_NAMES.map((name, i): RegisterUnit => ({ name, address: GPR + 8 * i, bytes: 8 })),
  { name: 'tmp', address: TMP0, bytes: 8 },
  ...Array.from({ length: 32 }, (_, i): RegisterUnit => {
    return { name: (i & 1 ? 'high' : 'xmm') + (i >> 1), address: YMM + 16 * i, bytes: 16 };
  }),
];

interface Known {
  readonly statements: readonly Statement[];
  readonly flow: Flow;
}

/** `rows` and `functions` are those the interpreter was made from. */
export function meaningsOf(
  packed: PackedForms,
  {
    rows,
    functions,
    engine,
  }: { readonly rows: readonly Row[]; readonly functions: readonly FunctionDefinition[]; readonly engine: Engine },
): Meanings {
  const known = new Map<number, Known>();
  const helpers = new Map(functions.map((each) => [each.name, each]));
  const of = (handler: number): Known => {
    let meaning = known.get(handler);
    if (!meaning) {
      const form = unpackForm(packed, rows, handler);
      const statements = compiled(instantiate(form, [], engine).statements);
      known.set(handler, (meaning = { statements, flow: flowOf(form.row.name, statements) }));
    }
    return meaning;
  };
  return {
    statements: (handler) => of(handler).statements,
    flow: (handler) => of(handler).flow,
    helper: (name) => helpers.get(name),
    registers: REGISTERS,
  };
}

/**
 * What changes how arithmetic rounds is left to the interpreter, so that one look at the mode holds until a call. So is what
 * stores in a loop and keeps no count of it: were it to fault half way, the interpreter would begin again with what it has
 * overwritten.
 */
function compiled(statements: readonly Statement[]): readonly Statement[] {
  const setsMode = statements.some((s) => s.kind === 'register' && s.slot.at === 'fixed' && s.slot.address === MXCSR_MODE);
  const startsAnew = !statements.some(({ kind }) => kind === 'again') && storesInLoop(statements);
  return setsMode || startsAnew ? [{ kind: 'raise', vector: Vector.XM, isTrap: false }] : statements;
}
function storesInLoop(statements: readonly Statement[], isInLoop = false): boolean {
  return statements.some(
    (s) => (isInLoop && s.kind === 'guestStore') || bodiesOf(s).some((body) => storesInLoop(body, isInLoop || s.kind === 'loop')),
  );
}

function flowOf(name: string, statements: readonly Statement[]): Flow {
  const has = (kind: Statement['kind']): boolean => statements.some((statement) => statement.kind === kind);
  if (has('branch')) return 'branch';
  if (has('jump')) return name === 'call' ? 'call' : name === 'ret' ? 'return' : 'jump';
  if (has('syscall')) return 'syscall';
  return has('raise') || has('raiseFetch') || has('retranslate') ? 'stop' : 'next';
}
