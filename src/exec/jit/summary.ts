// What an operation does to registers and flags, read off its meaning once for all its uses.

import type { Meanings } from '../../arch/arch.ts';
import { Builder } from '../../ir/builder.ts';
import { type LoadName, loads, type StoreName, stores } from '../../ir/ops.ts';
import { argsOf, bodiesOf, operandsOf } from '../../ir/walk.ts';
import { type Slot, type Statement, Value, Variable } from '../../ir/value.ts';
import { hasConstantConditions, withoutConstantConditions } from './constant-conditions.ts';
import type { Operation } from './operation.ts';
import type { Without } from './passes.ts';
import type { Units } from './units.ts';

export interface SlotUse {
  readonly slot: Slot;
  readonly op: LoadName | StoreName;
}

export interface Summary {
  readonly reads: readonly SlotUse[];
  readonly writes: readonly SlotUse[];
  readonly readsFlags: boolean;
  readonly writesFlags: boolean;
  /** Accesses the context behind the register statements' back: registers must be in memory. */
  readonly isSynced: boolean;
  /** Registers, flags or guest memory are used under a condition or in a loop. */
  readonly isConditional: boolean;
  /** Accesses guest memory, or raises an exception. */
  readonly mayFault: boolean;
  /** The instruction may run again (REP). */
  readonly repeats: boolean;
  /** A jump, branch or call to the number in the operation. */
  readonly isDirect: boolean;
  readonly callees: ReadonlySet<string>;
}

/** What an operation does. */
export interface Meaning {
  readonly statements: readonly Statement[];
  readonly summary: Summary;
}

/** A helper function with its body built. */
export interface Helper {
  readonly name: string;
  readonly variables: readonly Variable[];
  readonly params: readonly Variable['type'][];
  readonly results: readonly Variable['type'][];
  readonly statements: readonly Statement[];
  readonly callees: ReadonlySet<string>;
  readonly isSynced: boolean;
}

const FAULTING: ReadonlySet<Statement['kind']> = new Set(['guestStore', 'guestProbe', 'raise', 'raiseFetch', 'retranslate']);

export class Summaries {
  readonly without: Without;
  readonly #meanings: Meanings;
  readonly #units: Units;
  /** By handler: the meaning of whatever immediate. */
  readonly #wholes = new Map<number, Meaning & { readonly dependsOnImmediate: boolean }>();
  /** By handler, and immediate where it decides something; 0 elsewhere. */
  readonly #full = new Map<number, Map<bigint, Meaning>>();
  readonly #bare = new Map<number, Map<bigint, Meaning>>();
  readonly #helpers = new Map<string, Helper | undefined>();

  constructor(meanings: Meanings, units: Units, without: Without = new Set()) {
    this.without = without;
    this.#meanings = meanings;
    this.#units = units;
  }

  /** Of whatever immediate. */
  of(handler: number): Summary {
    return this.#whole(handler).summary;
  }
  /** `isBare`: without what the operation does to the status flags. */
  meaning({ handler, imm }: Pick<Operation, 'handler' | 'imm'>, isBare: boolean): Meaning {
    const whole = this.#whole(handler);
    if (!isBare && !whole.dependsOnImmediate) return whole;
    const key = whole.dependsOnImmediate ? imm : 0n;
    const all = isBare ? this.#bare : this.#full;
    let known = all.get(handler);
    if (!known) all.set(handler, (known = new Map()));
    let meaning = known.get(key);
    if (!meaning) {
      const full = whole.dependsOnImmediate ? withoutConstantConditions(whole.statements, imm) : whole.statements;
      const statements = isBare ? withoutFlags(full) : full;
      known.set(key, (meaning = { statements, summary: this.#summarise(statements) }));
    }
    return meaning;
  }
  #whole(handler: number): Meaning & { readonly dependsOnImmediate: boolean } {
    let whole = this.#wholes.get(handler);
    if (!whole) {
      const statements = this.#meanings.statements(handler);
      const dependsOnImmediate = !this.without.has('constant-conditions') && hasConstantConditions(statements);
      whole = { statements, summary: this.#summarise(statements), dependsOnImmediate };
      this.#wholes.set(handler, whole);
    }
    return whole;
  }

  helper(name: string): Helper | undefined {
    if (this.#helpers.has(name)) return this.#helpers.get(name);
    const definition = this.#meanings.helper(name);
    this.#helpers.set(name, undefined);
    if (!definition) return undefined;
    const b = new Builder();
    const variables = definition.params.map((type) => new Variable(type));
    definition.build(b, ...variables.map((variable) => new Value(variable.type, { kind: 'variable', variable, args: [] })));
    const { callees, isSynced } = this.#summarise(b.statements);
    const { params, results } = definition;
    const helper = { name, variables, params, results, statements: b.statements, callees, isSynced };
    this.#helpers.set(name, helper);
    return helper;
  }

  #summarise(statements: readonly Statement[]): Summary {
    const reads: SlotUse[] = [],
      writes: SlotUse[] = [],
      callees = new Set<string>();
    let readsFlags = false,
      writesFlags = false,
      isSynced = false,
      isConditional = false,
      repeats = false,
      mayFault = false;
    const seen = new Set<Value>();
    const state = (address: Value, offset: number, bytes: number): void => {
      if (address.node.kind === 'const') isSynced ||= this.#units.touches(Number(address.node.value) + offset, bytes);
      // An address that is computed counts from `offset`, the start of some table.
      else isSynced ||= this.#units.touches(offset, 0x200);
    };
    const visit = (value: Value, depth: number): void => {
      if (seen.has(value)) return;
      seen.add(value);
      const { node } = value;
      if (node.kind === 'register') {
        reads.push({ slot: node.slot, op: node.op });
        isConditional ||= depth > 0;
      } else if (node.kind === 'load' && node.memory === 'state') state(node.args[0], node.offset, loads[node.op][2]);
      else if (node.kind === 'guestLoad') {
        isConditional ||= depth > 0;
        mayFault = true;
      } else if (node.kind === 'condition' || node.kind === 'flags') readsFlags = true;
      else if (node.kind === 'call') callees.add(node.callee);
      for (const arg of argsOf(value)) visit(arg, depth);
    };
    const walk = (list: readonly Statement[], depth: number): void => {
      for (const s of list) {
        if (s.kind === 'eval') visit(s.value, depth);
        for (const operand of operandsOf(s)) visit(operand, depth);
        for (const body of bodiesOf(s)) walk(body, depth + 1);
        mayFault ||= FAULTING.has(s.kind);
        if (s.kind === 'register') {
          writes.push({ slot: s.slot, op: s.op });
          isConditional ||= depth > 0;
        } else if (s.kind === 'setFlags') {
          writesFlags = true;
          readsFlags ||= s.update.how === 'part';
          isConditional ||= depth > 0;
        } else if (s.kind === 'guestStore' || s.kind === 'guestProbe') isConditional ||= depth > 0;
        else if (s.kind === 'store' && s.memory === 'state') state(s.address, s.offset, stores[s.op][2]);
        else if (s.kind === 'copy' && (s.toMemory === 'state' || s.fromMemory === 'state')) isSynced = true;
        else if (s.kind === 'fill' && s.memory === 'state') isSynced = true;
        else if (s.kind === 'call') callees.add(s.callee);
        else if (s.kind === 'again') repeats = true;
      }
    };
    walk(statements, 0);
    for (const name of callees) isSynced ||= this.helper(name)?.isSynced ?? name.startsWith('host.');
    const isDirect = statements.some((s) => s.kind === 'branch' || (s.kind === 'jump' && s.direct));
    return { reads, writes, readsFlags, writesFlags, isSynced, isConditional, mayFault, repeats, isDirect, callees };
  }
}

function withoutFlags(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((s): Statement[] => {
    if (s.kind === 'setFlags') return [];
    if (s.kind === 'if') {
      const then = withoutFlags(s.then),
        otherwise = withoutFlags(s.otherwise);
      return then.length + otherwise.length > 0 ? [{ ...s, then, otherwise }] : [];
    }
    if (s.kind === 'loop') return [{ ...s, body: withoutFlags(s.body) }];
    if (s.kind === 'switch') return [{ ...s, cases: s.cases.map(withoutFlags), otherwise: withoutFlags(s.otherwise) }];
    return [s];
  });
}
