// Status flags in compiled code: what was last compared stays in locals, and a condition is read off it.
//
// The general form, as in the state memory (ir/slots.ts), is three locals: x, y, kind. An update known at compile time is
// kept as its operands only; it is brought to the general form before control flow meets another or leaves the region.

import { FLAG_KIND, FLAG_X, FLAG_Y, FLAGS_ADD, FLAGS_RAW, FLAGS_RESULT } from '../../ir/slots.ts';
import { type Order, pushOrderCondition, pushOrderFlags } from './order-flags.ts';
import { CONDITIONS, type Condition, type FlagsUpdate, type Value } from '../../ir/value.ts';
import type { Emitter } from '../wasm/emit.ts';

/** An operand of the last update: a constant, or a local of its type. */
type Held = { readonly constant: bigint } | { readonly local: number };

/** The last update; undefined where only the general form is known. */
export type Known =
  | { readonly how: 'sub' | 'add'; readonly is64: boolean; readonly bits: number; readonly x: Held; readonly y: Held }
  | { readonly how: 'result'; readonly is64: boolean; readonly x: Held; readonly rest: number }
  | { readonly how: 'raw'; readonly value: number }
  | ({ readonly how: 'order' } & Order)
  | Part;

/** The flags of `mask` are in the local `bits`, the others are what they were: `before`, or the general form. */
interface Part {
  readonly how: 'part';
  readonly mask: number;
  readonly bits: number;
  readonly before: Exclude<Known, Part> | undefined;
  readonly wasDirty: boolean;
}

export interface FlagLocals {
  readonly x: number;
  readonly y: number;
  readonly kind: number;
  /** Operands of the last update, by type. */
  readonly x32: number;
  readonly y32: number;
  readonly x64: number;
  readonly y64: number;
  readonly part: number;
  /** Numbers compared last, by type. */
  readonly order: Readonly<Record<'f32' | 'f64', readonly [x: number, y: number]>>;
}

const EXTEND32: Readonly<Record<number, number>> = { 8: 0xc0, 16: 0xc1 };
const EXTEND64: Readonly<Record<number, number>> = { 8: 0xc2, 16: 0xc3, 32: 0xc4 };

export class FlagState {
  readonly locals: FlagLocals;
  known: Known | undefined;
  /** The general form, or what is known, is newer than the state memory; otherwise flags are there alone. */
  isDirty = false;
  /** Inside a conditional part of a meaning: updates go to the general form at once. */
  isDirect = false;

  constructor(locals: FlagLocals) {
    this.locals = locals;
  }

  set(e: Emitter, update: FlagsUpdate): void {
    const { locals } = this;
    if (update.how === 'raw') {
      e.push(update.value);
      e.set(locals.x32);
      this.known = { how: 'raw', value: locals.x32 };
    } else if (update.how === 'part') {
      this.#setPart(e, update.mask, update.bits);
    } else if (update.how === 'order') {
      const type = update.x.type as 'f32' | 'f64';
      const [x, y] = locals.order[type];
      e.push(update.x);
      e.push(update.y);
      e.set(y);
      e.set(x);
      this.known = { how: 'order', type, x, y };
    } else {
      const { x, bits } = update;
      const is64 = x.type === 'i64';
      if (update.how === 'result') {
        this.#operand(e, x, bits, is64);
        e.push(update.rest);
        e.set(locals.y32);
        e.set(is64 ? locals.x64 : locals.x32);
        this.known = { how: 'result', is64, x: { local: is64 ? locals.x64 : locals.x32 }, rest: locals.y32 };
      } else {
        // Values may depend on the flags they replace: all are computed before the first local is set.
        const kept = [x, update.y].map((value, i) => {
          const constant = constantOf(value, bits);
          if (constant !== undefined) return { constant };
          this.#operand(e, value, bits, is64);
          return { local: i === 0 ? (is64 ? locals.x64 : locals.x32) : is64 ? locals.y64 : locals.y32 };
        }) as [Held, Held];
        for (const held of kept.toReversed()) if ('local' in held) e.set(held.local);
        this.known = { how: update.how, is64, bits, x: kept[0], y: kept[1] };
      }
    }
    // Not before: values that read flags, or leave the region, find them where they were.
    this.isDirty = true;
    if (this.isDirect) {
      this.generalise(e);
      this.known = undefined;
    }
  }

  #setPart(e: Emitter, mask: number, bits: Value): void {
    const { known, locals, isDirty } = this;
    const isFirst = known?.how !== 'part';
    e.push(bits);
    if (known?.how === 'part' && (known.mask & ~mask) !== 0) {
      e.get(locals.part);
      e.i32(known.mask & ~mask);
      e.op(0x71); // i32.and
      e.op(0x72); // i32.or
      mask |= known.mask;
    }
    e.set(locals.part);
    const [before, wasDirty] = isFirst ? [known, isDirty] : [known.before, known.wasDirty];
    this.known = { how: 'part', mask, bits: locals.part, before, wasDirty };
  }
  /** Pushes the six flags, i32. */
  #pushPart(e: Emitter, part: Part): void {
    this.#asBefore(part, () => this.flags(e));
    e.i32(~part.mask);
    e.op(0x71); // i32.and
    e.get(part.bits);
    e.op(0x72); // i32.or
  }
  #asBefore(part: Part, action: () => void): void {
    this.known = part.before;
    this.isDirty = part.wasDirty;
    action();
    this.known = part;
    this.isDirty = true;
  }

  /** Pushes a value sign-extended from `bits` within its type. */
  #operand(e: Emitter, value: Value, bits: number, is64: boolean): void {
    e.push(value);
    const extend = (is64 ? EXTEND64 : EXTEND32)[bits];
    if (extend !== undefined) e.op(extend);
  }

  /** Sets the general form; what is known stays known. */
  generalise(e: Emitter): void {
    const { known, locals } = this;
    if (!known) return;
    if (known.how === 'raw' || known.how === 'order' || known.how === 'part') {
      if (known.how === 'raw') e.get(known.value);
      else if (known.how === 'part') this.#pushPart(e, known);
      else pushOrderFlags(e, known);
      e.op(0xad); // i64.extend_i32_u
      e.set(locals.x);
      e.i32(FLAGS_RAW);
    } else {
      this.#push64(e, known.x, known.is64);
      e.set(locals.x);
      if (known.how === 'result') {
        e.get(known.rest);
        e.op(0xad);
        e.set(locals.y);
        e.i32(FLAGS_RESULT);
      } else {
        this.#push64(e, known.y, known.is64);
        e.set(locals.y);
        e.i32((known.how === 'add' ? FLAGS_ADD : 0) + 64 - known.bits);
      }
    }
    e.set(locals.kind);
  }
  #push64(e: Emitter, held: Held, is64: boolean): void {
    if ('constant' in held) return e.i64(held.constant);
    e.get(held.local);
    if (!is64) e.op(0xac); // i64.extend_i32_s
  }

  /** The six flags, i32. */
  flags(e: Emitter): void {
    this.generalise(e);
    this.#pushGeneral(e);
    e.call('flags.of');
  }
  #pushGeneral(e: Emitter): void {
    this.#general((local, slot, op) => {
      if (this.isDirty) e.get(local);
      else {
        e.i32(0);
        e.load(`${op}.load`, slot);
      }
    });
  }
  #general(visit: (local: number, slot: number, op: 'i32' | 'i64') => void): void {
    const { kind, x, y } = this.locals;
    visit(kind, FLAG_KIND, 'i32');
    visit(x, FLAG_X, 'i64');
    visit(y, FLAG_Y, 'i64');
  }
  /** Brings the general form, which is up to date, to the state memory. */
  spill(e: Emitter): void {
    this.#general((local, slot, op) => {
      e.i32(0);
      e.get(local);
      e.store(`${op}.store`, slot);
    });
  }
  /** Has the general form in locals. */
  settle(e: Emitter): void {
    if (this.isDirty) this.generalise(e);
    else
      this.#general((local, slot, op) => {
        e.i32(0);
        e.load(`${op}.load`, slot);
        e.set(local);
      });
    this.isDirty = true;
    this.known = undefined;
  }

  condition(e: Emitter, condition: Condition): void {
    const { known } = this;
    const number = CONDITIONS.indexOf(condition);
    const isNegated = (number & 1) === 1;
    if (!known) {
      this.#pushGeneral(e);
      e.i32(number);
      return e.call('flags.holds');
    }
    if (known.how === 'order') return pushOrderCondition(e, known, condition);
    if (known.how === 'part') return this.#partCondition(e, known, condition);
    if (known.how === 'sub') {
      const compare = COMPARISONS[number];
      if (compare !== undefined) {
        this.#push(e, known.x, known.is64);
        this.#push(e, known.y, known.is64);
        return e.op(known.is64 ? compare[1] : compare[0]);
      }
    }
    this.#base(e, known, number >> 1);
    if (isNegated) e.op(0x45); // i32.eqz
  }

  #partCondition(e: Emitter, part: Part, condition: Condition): void {
    const number = CONDITIONS.indexOf(condition);
    const read = READ[number >> 1] as number;
    if ((read & part.mask) === 0 && part.before) return this.#asBefore(part, () => this.condition(e, condition));
    if ((read & part.mask) !== read) {
      this.generalise(e);
      this.#pushGeneral(e);
      e.i32(number);
      return e.call('flags.holds');
    }
    this.#base(e, { how: 'raw', value: part.bits }, number >> 1);
    if (number & 1) e.op(0x45); // i32.eqz
  }

  #push(e: Emitter, held: Held, is64: boolean): void {
    if ('local' in held) e.get(held.local);
    else if (is64) e.i64(held.constant);
    else e.i32(Number(BigInt.asIntN(32, held.constant)));
  }

  /** Pushes 0 or 1: o, b, e, be, s, p, l, le. */
  #base(e: Emitter, known: Exclude<Known, Order | Part>, which: number): void {
    const one = (flag: 'o' | 'c' | 'z' | 's' | 'p'): void => this.#flag(e, known, flag);
    switch (which) {
      case 0:
        return one('o');
      case 1:
        return one('c');
      case 2:
        return one('z');
      case 3:
        one('c');
        one('z');
        return e.op(0x72); // i32.or
      case 4:
        return one('s');
      case 5:
        return one('p');
      default:
        one('s');
        one('o');
        e.op(0x73); // i32.xor
        if (which === 7) {
          one('z');
          e.op(0x72);
        }
    }
  }

  #flag(e: Emitter, known: Exclude<Known, Order | Part>, flag: 'o' | 'c' | 'z' | 's' | 'p'): void {
    if (known.how === 'raw') return bit(e, () => e.get(known.value), RAW_BIT[flag]);
    const { is64 } = known;
    const op = (code32: number, code64: number): void => e.op(is64 ? code64 : code32);
    const x = (): void => this.#push(e, known.x, is64);
    if (known.how === 'result') {
      if (flag === 'c' || flag === 'o') return bit(e, () => e.get(known.rest), RAW_BIT[flag]);
      return resultFlag(e, x, is64, flag);
    }
    const y = (): void => this.#push(e, known.y, is64);
    const result = (): void => {
      x();
      y();
      if (known.how === 'add') op(0x6a, 0x7c);
      else op(0x6b, 0x7d);
      const extend = (is64 ? EXTEND64 : EXTEND32)[known.bits];
      if (extend !== undefined) e.op(extend);
    };
    if (flag === 'c') {
      if (known.how === 'add') {
        result();
        x();
      } else {
        x();
        y();
      }
      return op(0x49, 0x54); // lt_u
    }
    if (flag === 'o') {
      x();
      if (known.how === 'add') result();
      else y();
      op(0x73, 0x85); // xor
      if (known.how === 'add') y();
      else x();
      result();
      op(0x73, 0x85);
      op(0x71, 0x83); // and
      return negative(e, is64);
    }
    resultFlag(e, result, is64, flag);
  }
}

/** The flags that conditions read, in RFLAGS layout: o, b, e, be, s, p, l, le. */
const READ = [0x800, 0x001, 0x040, 0x041, 0x080, 0x004, 0x880, 0x8c0];
const RAW_BIT = { c: 0, p: 2, z: 6, s: 7, o: 11 } as const;

function bit(e: Emitter, push: () => void, number: number): void {
  push();
  if (number) {
    e.i32(number);
    e.op(0x76); // i32.shr_u
  }
  e.i32(1);
  e.op(0x71); // i32.and
}
function negative(e: Emitter, is64: boolean): void {
  if (is64) e.i64(0n);
  else e.i32(0);
  e.op(is64 ? 0x53 : 0x48); // lt_s
}
function resultFlag(e: Emitter, push: () => void, is64: boolean, flag: 'z' | 's' | 'p'): void {
  push();
  if (flag === 'z') return e.op(is64 ? 0x50 : 0x45); // eqz
  if (flag === 's') return negative(e, is64);
  if (is64) e.op(0xa7); // i32.wrap_i64
  e.i32(0xff);
  e.op(0x71);
  e.op(0x69); // i32.popcnt
  e.i32(1);
  e.op(0x71);
  e.op(0x45);
}

/** After x - y, by condition: i32 and i64 comparison. */
const COMPARISONS: readonly (readonly [number, number] | undefined)[] = [
  undefined,
  undefined,
  [0x49, 0x54], // b: lt_u
  [0x4f, 0x5a], // ae: ge_u
  [0x46, 0x51], // e
  [0x47, 0x52], // ne
  [0x4d, 0x58], // be: le_u
  [0x4b, 0x56], // a: gt_u
  undefined,
  undefined,
  undefined,
  undefined,
  [0x48, 0x53], // l: lt_s
  [0x4e, 0x59], // ge
  [0x4c, 0x57], // le
  [0x4a, 0x55], // g
];

/** A constant operand, sign-extended from `bits`. */
function constantOf(value: Value, bits: number): bigint | undefined {
  return value.node.kind === 'const' ? BigInt.asIntN(bits, BigInt(value.node.value)) : undefined;
}
