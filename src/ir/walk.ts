// Walks over IR bodies: what a node consists of, which functions it calls.

import type { Statement, Value } from './value.ts';

/** The values a value is computed from. */
export function argsOf(value: Value): readonly Value[] {
  return value.node.kind === 'const' || value.node.kind === 'v128const' ? [] : value.node.args;
}

/** The values a statement itself uses. */
export function operandsOf(s: Statement): readonly Value[] {
  switch (s.kind) {
    case 'set':
    case 'register':
      return [s.value];
    case 'store':
    case 'guestStore':
      return [s.address, s.value];
    case 'guestProbe':
    case 'raiseFetch':
      return [s.address];
    case 'setFlags':
      return s.update.how === 'raw'
        ? [s.update.value]
        : s.update.how === 'part'
          ? [s.update.bits]
          : s.update.how === 'result'
            ? [s.update.x, s.update.rest]
            : [s.update.x, s.update.y];
    case 'if':
    case 'again':
      return [s.condition];
    case 'switch':
      return [s.value];
    case 'call':
      return s.args;
    case 'copy':
      return [s.to, s.from, s.bytes];
    case 'fill':
      return [s.to, s.value, s.bytes];
    case 'return':
      return s.values;
    case 'jump':
      return [s.target];
    case 'branch':
      return [s.condition, s.target];
    default:
      return [];
  }
}

/** The statement lists inside a statement. */
export function bodiesOf(s: Statement): readonly (readonly Statement[])[] {
  if (s.kind === 'if') return [s.then, s.otherwise];
  if (s.kind === 'loop') return [s.body];
  if (s.kind === 'switch') return [...s.cases, s.otherwise];
  return [];
}

/** Names of the functions that a body calls. */
export function calleesOf(statements: readonly Statement[]): ReadonlySet<string> {
  const callees = new Set<string>();
  const seen = new Set<Value>();
  const value = (each: Value): void => {
    if (seen.has(each)) return;
    seen.add(each);
    if (each.node.kind === 'call') callees.add(each.node.callee);
    for (const arg of argsOf(each)) value(arg);
  };
  const body = (list: readonly Statement[]): void => {
    for (const statement of list) {
      if (statement.kind === 'call') callees.add(statement.callee);
      if (statement.kind === 'eval') value(statement.value);
      for (const operand of operandsOf(statement)) value(operand);
      for (const inner of bodiesOf(statement)) body(inner);
    }
  };
  body(statements);
  return callees;
}
