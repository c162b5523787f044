// What an address is made of: a register, a scaled register and a constant, read off the value that computes it.

import type { Value } from '../../ir/value.ts';
import { type Operation, slotAddress } from './operation.ts';
import type { Units } from './units.ts';

/** base + (index << scale) + offset; base and index are register units. */
export interface Sum {
  readonly base: number | undefined;
  readonly index: number | undefined;
  readonly scale: number;
  readonly offset: number;
}

/** Undefined where it is something else, or has a constant too large to add up. */
export function addressOf(value: Value, operation: Operation, units: Units): Sum | undefined {
  const constant = constantOf(value, operation);
  if (constant !== undefined) {
    const offset = Number(constant);
    return Math.abs(offset) < 2 ** 40 ? { base: undefined, index: undefined, scale: 0, offset } : undefined;
  }
  const { node } = value;
  if (node.kind === 'register' && node.op === 'i64.load') {
    const address = slotAddress(operation, node.slot);
    const unit = units.at(address);
    if (unit < 0 || units.isVector(unit) || units.address(unit) !== address) return undefined;
    return { base: unit, index: undefined, scale: 0, offset: 0 };
  }
  if (node.kind !== 'op') return undefined;
  const [left, right] = node.args as [Value, Value];
  if (node.op === 'i64.add' || node.op === 'i64.sub') {
    const a = addressOf(left, operation, units),
      b = addressOf(right, operation, units);
    return a && b && (node.op === 'i64.add' ? sum(a, b) : difference(a, b));
  }
  if (node.op === 'i64.shl') {
    const a = addressOf(left, operation, units),
      shift = constantOf(right, operation);
    if (!a || shift === undefined || shift > 3n || a.index !== undefined || a.base === undefined) return undefined;
    const scale = Number(shift);
    if (scale === 0) return a;
    return { base: undefined, index: a.base, scale, offset: a.offset * 2 ** scale };
  }
  return undefined;
}

function sum(a: Sum, b: Sum): Sum | undefined {
  const offset = a.offset + b.offset;
  if (b.base === undefined && b.index === undefined) return { ...a, offset };
  if (a.base === undefined && a.index === undefined) return { ...b, offset };
  if (a.index !== undefined && b.index !== undefined) return undefined;
  const [plain, other] = a.index === undefined ? [a, b] : [b, a];
  if (other.index !== undefined) return other.base === undefined ? { ...other, base: plain.base, offset } : undefined;
  return { base: plain.base, index: other.base, scale: 0, offset };
}

const difference = (a: Sum, b: Sum): Sum | undefined =>
  b.base === undefined && b.index === undefined ? { ...a, offset: a.offset - b.offset } : undefined;

/** A number that the operation's fields settle; signed. */
export function constantOf(value: Value, operation: Operation): bigint | undefined {
  const { node } = value;
  switch (node.kind) {
    case 'const':
      return BigInt(node.value);
    case 'field':
      if (node.field === 'imm') return operation.imm;
      if (node.field === 'target') return BigInt.asUintN(32, operation.imm);
      if (node.field === 'disp') return BigInt(operation.disp);
      if (node.field === 'scale') return BigInt(operation.scale);
      if (node.field === 'rip') return BigInt(operation.rip);
      if (node.field === 'next') return BigInt(operation.next);
      return undefined;
    case 'register':
      return node.op === 'i64.load' && slotAddress(operation, node.slot) === 0 ? 0n : undefined;
    case 'op': {
      const [arg] = node.args;
      if (node.op !== 'i64.extend_i32_s' || !arg) return undefined;
      const inner = constantOf(arg, operation);
      return inner === undefined ? undefined : BigInt.asIntN(32, inner);
    }
    default:
      return undefined;
  }
}
