// Where an indirect jump may go: the entries of the table that its target is read from, found by following values backwards.
//
// What is found is a guess that saves time, never a promise: compiled code looks at the target that it really has. So a
// register that nothing just before the jump sets may be taken to hold a number that the region sets it to elsewhere, or
// what it holds now.

import type { Meanings } from '../../arch/arch.ts';
import type { Value } from '../../ir/value.ts';
import { addressOf, constantOf } from './address.ts';
import type { Instruction, Operation } from './operation.ts';
import { slotAddress } from './operation.ts';
import type { Units } from './units.ts';

export interface JumpContext {
  readonly meanings: Meanings;
  readonly units: Units;
  /** What a register is likely to hold. */
  readonly register: (unit: number) => bigint | undefined;
  /** How often an address was jumped to. */
  readonly count: (rip: number) => number;
  readonly isWarm: (rip: number) => boolean;
  /** An integer of guest memory; undefined outside of it. */
  readonly read: (address: number, bytes: 4 | 8) => bigint | undefined;
}

/** base + index << scale, the integer there (sign-extended), or that plus a number. */
type Known =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'element'; readonly base: number; readonly scale: number }
  | { readonly kind: 'entry'; readonly base: number; readonly bytes: 4 | 8; readonly scale: number; readonly plus: bigint };

/** Entries read when nothing tells how many there are. */
const MOST = 512;
/** Targets that were never jumped to are believed when they lie this close to the jump. */
const NEAR = 0x10000;

/** Targets of the jump that ends `run`; `bound` is the number of entries if a comparison before told. */
export function jumpTargets(run: readonly Instruction[], bound: number | undefined, context: JumpContext): number[] {
  const entry = follow(run, context, new Map());
  const jump = run.at(-1) as Instruction;
  if (entry?.kind !== 'entry' || 2 ** entry.scale !== entry.bytes) return [];
  const targets = new Set<number>();
  let isCode = true;
  for (let i = 0; i < Math.min(bound ?? MOST, MOST); i++) {
    const raw = context.read(entry.base + i * entry.bytes, entry.bytes);
    if (raw === undefined) break;
    const target = Number(BigInt.asUintN(64, raw + entry.plus));
    const isKnown = context.count(target) > 0;
    // Behind the table's end something else begins.
    isCode &&= isKnown || Math.abs(target - jump.rip) <= NEAR;
    if ((isKnown || isCode) && context.isWarm(target)) targets.add(target);
  }
  return [...targets];
}

/** Registers that an instruction sets to a number, by unit. */
export function constantsOf(instruction: Instruction, context: JumpContext): ReadonlyMap<number, bigint> {
  const registers = new Map<number, Known | undefined>();
  follow([instruction], { ...context, register: () => undefined }, registers);
  return new Map([...registers].flatMap(([unit, known]) => (known?.kind === 'number' ? [[unit, known.value] as const] : [])));
}

type Registers = Map<number, Known | undefined>;

/** Where the jump at the end of a run goes; `registers` comes to hold what is known at its end. */
function follow(run: readonly Instruction[], context: JumpContext, registers: Registers): Known | undefined {
  const { meanings, units } = context;
  let target: Known | undefined;
  for (const { operations } of run)
    for (const operation of operations) {
      const sets: (readonly [number, Known | undefined])[] = [];
      for (const statement of meanings.statements(operation.handler)) {
        if (statement.kind === 'jump') target = evaluate(statement.target, operation, registers, context);
        if (statement.kind !== 'register') continue;
        const unit = units.at(slotAddress(operation, statement.slot));
        if (unit < 0) continue;
        const isWhole = statement.op === 'i64.store' && units.address(unit) === slotAddress(operation, statement.slot);
        sets.push([unit, isWhole ? evaluate(statement.value, operation, registers, context) : undefined]);
      }
      for (const [unit, known] of sets) registers.set(unit, known);
    }
  return target;
}

function evaluate(
  value: Value,
  operation: Operation,
  registers: ReadonlyMap<number, Known | undefined>,
  context: JumpContext,
): Known | undefined {
  const { units } = context;
  const { node } = value;
  const again = (inner: Value | undefined): Known | undefined => inner && evaluate(inner, operation, registers, context);
  const held = (unit: number): Known | undefined => {
    if (registers.has(unit)) return registers.get(unit);
    const number = context.register(unit);
    return number === undefined ? undefined : { kind: 'number', value: number };
  };
  const constant = constantOf(value, operation);
  if (constant !== undefined) return { kind: 'number', value: constant };
  const load = (inner: Value, bytes: 4 | 8): Known | undefined => {
    if (inner.node.kind !== 'guestLoad') return undefined;
    const place = element(inner.node.args[0]);
    return place && { kind: 'entry', base: place.base, scale: place.scale, bytes, plus: 0n };
  };
  /** An address with an index. */
  const element = (address: Value): Extract<Known, { kind: 'element' }> | undefined => {
    const sum = addressOf(address, operation, units);
    if (!sum) return undefined;
    const base: Known | undefined = sum.base === undefined ? { kind: 'number', value: 0n } : held(sum.base);
    if (sum.index === undefined) {
      if (base?.kind !== 'element') return undefined;
      return { ...base, base: base.base + sum.offset };
    }
    if (base?.kind !== 'number') return undefined;
    return { kind: 'element', base: Number(base.value) + sum.offset, scale: sum.scale };
  };
  if (node.kind === 'register') {
    const unit = node.op === 'i64.load' ? units.at(slotAddress(operation, node.slot)) : -1;
    return unit < 0 ? undefined : held(unit);
  }
  if (node.kind === 'guestLoad' && node.op === 'i64.load') return load(value, 8);
  if (node.kind !== 'op') return undefined;
  const [left, right] = node.args;
  if (node.op === 'i64.extend_i32_s') return left && load(left, 4);
  if (node.op !== 'i64.add') return undefined;
  const place = element(value);
  if (place) return place;
  const [a, b] = [again(left), again(right)];
  if (a?.kind === 'number' && b?.kind === 'number') return { kind: 'number', value: BigInt.asIntN(64, a.value + b.value) };
  if (a?.kind === 'number' && b?.kind === 'entry') return { ...b, plus: b.plus + a.value };
  if (a?.kind === 'entry' && b?.kind === 'number') return { ...a, plus: a.plus + b.value };
  return undefined;
}

/** After a comparison and a branch: where fewer values than its constant are left, how many. */
export function boundAfter(
  run: readonly Instruction[],
  meanings: Meanings,
): { readonly at: number; readonly count: number } | undefined {
  const [compare, branch] = run.slice(-2);
  if (!compare || branch?.flow !== 'branch') return undefined;
  const taken = meanings.statements(branch.operations[0]?.handler ?? 0).find(({ kind }) => kind === 'branch');
  const operation = compare.operations.at(-1) as Operation;
  const flags = meanings.statements(operation.handler).find(({ kind }) => kind === 'setFlags');
  if (taken?.kind !== 'branch' || taken.condition.node.kind !== 'condition') return undefined;
  if (flags?.kind !== 'setFlags' || flags.update.how !== 'sub') return undefined;
  const limit = narrowConstant(flags.update.y, operation);
  const { condition } = taken.condition.node;
  if (limit === undefined || (condition !== 'a' && condition !== 'be')) return undefined;
  return { at: condition === 'a' ? branch.next : (branch.target as number), count: limit + 1 };
}

/** The right side of a comparison, perhaps cut to 32 bits. */
function narrowConstant(value: Value, operation: Operation): number | undefined {
  const inner = value.node.kind === 'op' && value.node.op === 'i32.wrap_i64' ? value.node.args[0] : value;
  const constant = inner && constantOf(inner, operation);
  return constant !== undefined && constant >= 0n && constant < 4096n ? Number(constant) : undefined;
}
