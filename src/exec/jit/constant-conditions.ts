// Conditions that an operation's immediate decides: a shift by 5 does set flags.

import type { OpName } from '../../ir/ops.ts';
import type { Statement, Value } from '../../ir/value.ts';

const unsigned = (bits: number, value: bigint): bigint => BigInt.asUintN(bits, value);

/** Of unsigned operands. */
const COMPUTED: Partial<Record<OpName, (x: bigint, y: bigint) => bigint>> = {
  'i32.wrap_i64': (x) => unsigned(32, x),
  'i64.extend_i32_u': (x) => x,
  'i32.and': (x, y) => x & y,
  'i64.and': (x, y) => x & y,
  'i32.ne': (x, y) => (x === y ? 0n : 1n),
  'i64.ne': (x, y) => (x === y ? 0n : 1n),
};

/** The value, unsigned, where it follows from the immediate. */
function constantOf({ node, type }: Value, imm: bigint): bigint | undefined {
  if (node.kind === 'const') return unsigned(type === 'i64' ? 64 : 32, BigInt(node.value));
  if (node.kind === 'field') return node.field === 'imm' ? unsigned(64, imm) : undefined;
  const compute = node.kind === 'op' ? COMPUTED[node.op] : undefined;
  if (node.kind !== 'op' || !compute) return undefined;
  const args = node.args.map((arg) => constantOf(arg, imm));
  return args.includes(undefined) ? undefined : compute(args[0] as bigint, args[1] ?? 0n);
}

/** Whether some condition follows from the immediate. */
export const hasConstantConditions = (statements: readonly Statement[]): boolean =>
  statements.some((s) => s.kind === 'if' && constantOf(s.condition, 0n) !== undefined);

/** The statements with the bodies that run in place of such conditions. */
export const withoutConstantConditions = (statements: readonly Statement[], imm: bigint): readonly Statement[] =>
  statements.flatMap((s) => {
    const holds = s.kind === 'if' ? constantOf(s.condition, imm) : undefined;
    if (s.kind !== 'if' || holds === undefined) return [s];
    return holds ? s.then : s.otherwise;
  });
