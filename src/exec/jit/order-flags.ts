// Status flags after a comparison of floating-point numbers, read off the two numbers (SDM volume 2, UCOMISD).

import { CONDITIONS, type Condition } from '../../ir/value.ts';
import { ops } from '../../ir/ops.ts';
import type { Emitter } from '../wasm/emit.ts';

/** Locals of two numbers of a type. */
export interface Order {
  readonly type: 'f32' | 'f64';
  readonly x: number;
  readonly y: number;
}

/** Pushes 0 or 1. */
export function pushOrderCondition(e: Emitter, order: Order, condition: Condition): void {
  const { x, y } = order;
  const number = CONDITIONS.indexOf(condition);
  const isNegated = (number & 1) === 1;
  switch (number >> 1) {
    case 1: // b: less or unordered
      compare(e, order, 'ge', x, y);
      break;
    case 3: // be: not greater
      compare(e, order, 'gt', x, y);
      break;
    case 2: // e: neither less nor greater
    case 7: // le, for SF and OF are 0
      compare(e, order, 'lt', x, y);
      compare(e, order, 'gt', x, y);
      e.op(0x72); // i32.or
      break;
    case 5: // p: unordered, where not both are ordered
      compare(e, order, 'eq', x, x);
      compare(e, order, 'eq', y, y);
      e.op(0x71); // i32.and
      break;
    default: // o, s, l
      e.i32(1);
  }
  if (!isNegated) e.op(0x45); // i32.eqz
}

/** Pushes the six flags in RFLAGS layout. */
export function pushOrderFlags(e: Emitter, order: Order): void {
  pushOrderCondition(e, order, 'b');
  for (const [condition, bit] of [
    ['p', 2],
    ['e', 6],
  ] as const) {
    pushOrderCondition(e, order, condition);
    e.i32(bit);
    e.op(0x74); // i32.shl
    e.op(0x72); // i32.or
  }
}

function compare(e: Emitter, { type }: Order, name: 'eq' | 'lt' | 'gt' | 'ge', x: number, y: number): void {
  e.get(x);
  e.get(y);
  e.op(ops[`${type}.${name}`].opcode);
}
