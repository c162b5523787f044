// String instructions: single, and repeated in steps that leave exact registers at any fault.
//
// A repeated movs or stos with DF clear works on the elements up to the next page end of source and destination: one
// page check each, then a bulk copy or fill. An element across two pages, and everything with DF set, goes one by one.
// cmps, scas and lods go one by one, at most STEP elements before the budget is looked at again (b.again).

import type { LoadName, StoreName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import { ACCESS, type Operand } from '../operands.ts';
import { SYSTEM_FLAGS } from '../regs.ts';

const STEP = 256;
const PAGE = 4096;
const DF_BIT = 10;

interface Element {
  readonly load: LoadName;
  readonly store: StoreName;
  readonly bits: number;
  readonly bytes: number;
  readonly shift: number;
}
const element = (operand: Operand): Element => {
  const { load, store } = ACCESS[operand.spec.access];
  return { load, store, bits: operand.bits, bytes: operand.bits / 8, shift: Math.log2(operand.bits / 8) };
};

const isBackward = (b: X64Builder): Value => b.and(b.shrU(b.slot('i32.load', SYSTEM_FLAGS), DF_BIT), 1);
/** What an element adds to an index register: its size, negative with DF set. */
const stride = (b: X64Builder, { bytes }: Element): Value => b.select(isBackward(b), b.i64(-bytes), b.i64(bytes));

type Pointer = 'rsi' | 'rdi';
const advance = (b: X64Builder, pointers: readonly Pointer[], by: Value): void => {
  for (const pointer of pointers) b.setGpr(pointer, b.add(b.gpr(pointer), by));
};

/** Elements from rcx's count that lie in the pages of all pointers, i64; 0 if the first one straddles. */
function elementsInPage(b: X64Builder, { shift }: Element, pointers: readonly Pointer[]): Value {
  let count = b.gpr('rcx');
  for (const pointer of pointers) {
    const room = b.shrU(b.sub(PAGE, b.and(b.gpr(pointer), PAGE - 1)), shift);
    count = b.select(b.ltU(room, count), room, count);
  }
  return count;
}

/**
 * A repeated instruction whose `one` handles a single element by checked accesses and whose `bulk` handles `count`
 * elements within a page, accesses already checked by itself.
 */
function repeat(b: X64Builder, unit: Element, pointers: readonly Pointer[], parts: { one: () => void; bulk?: (count: Value) => void }): void {
  const left = b.variable('i64', b.gpr('rcx'));
  const step = (bytes: Value, elements: Value): void => {
    advance(b, pointers, bytes);
    b.setGpr('rcx', b.sub(b.gpr('rcx'), elements));
    left.set(b.gpr('rcx'));
  };
  const single = (): void => {
    const by = stride(b, unit);
    parts.one();
    step(by, b.i64(1));
  };
  const oneByOne = (): void => {
    const budget = b.variable('i32', STEP);
    b.loop((loop) => {
      single();
      budget.set(b.sub(budget.get(), 1));
      b.if(b.and(b.ne(left.get(), 0), b.ne(budget.get(), 0)), () => loop.continue());
      loop.break();
    });
  };
  const { bulk } = parts;
  b.if(b.ne(left.get(), 0), () => {
    if (!bulk) return oneByOne();
    b.if(isBackward(b), oneByOne, () => {
      const count = elementsInPage(b, unit, pointers);
      b.if(b.eqz(count), single, () => {
        bulk(count);
        step(b.shl(count, unit.shift), count);
      });
    });
  });
  b.again(b.ne(left.get(), 0));
}

const moveOne = (b: X64Builder, unit: Element): void => b.guestStore(unit.store, b.gpr('rdi'), b.guestLoad(unit.load, b.gpr('rsi')));

function moveBulk(b: X64Builder, unit: Element, count: Value): void {
  const from = b.gpr('rsi'), to = b.gpr('rdi'), bytes = b.wrap(b.shl(count, unit.shift));
  b.guestProbe(from, 1, false);
  b.guestProbe(to, 1, true);
  const source = b.wrap(from), target = b.wrap(to);
  // Reading elements that this very instruction wrote repeats a pattern: not what a bulk copy does.
  const isRepeating = b.ltU(b.sub(b.sub(target, source), 1), b.sub(bytes, 1));
  b.if(
    isRepeating,
    () => {
      const at = b.variable('i32', 0);
      b.loop((loop) => {
        b.store(unit.store, b.add(target, at.get()), b.load(unit.load, b.add(source, at.get()), 0, 'guest'), 0, 'guest');
        at.set(b.add(at.get(), unit.bytes));
        b.if(b.ltU(at.get(), bytes), () => loop.continue());
        loop.break();
      });
    },
    () => b.copy(target, source, bytes, 'guest', 'guest'),
  );
}

function storeBulk(b: X64Builder, unit: Element, value: Value, count: Value): void {
  const to = b.gpr('rdi'), bytes = b.wrap(b.shl(count, unit.shift));
  b.guestProbe(to, 1, true);
  const target = b.wrap(to), low = b.and(b.wrap(value), 0xff);
  if (unit.bits === 8) return b.fill(target, low, bytes, 'guest');
  const pattern = value.type === 'i64' ? b.mul(b.zext(low), 0x0101010101010101n) : b.zextBits(b.mul(low, 0x01010101), unit.bits);
  b.if(
    b.eq(value, pattern),
    () => b.fill(target, low, bytes, 'guest'),
    () => {
      const at = b.variable('i32', target), end = b.add(target, bytes);
      b.loop((loop) => {
        b.store(unit.store, at.get(), value, 0, 'guest');
        at.set(b.add(at.get(), unit.bytes));
        b.if(b.ne(at.get(), end), () => loop.continue());
        loop.break();
      });
    },
  );
}

const accumulator = (b: X64Builder, { bits }: Element): Value => b.gpr('rax', bits);

/** What cmps and scas compare. */
type Compare = (b: X64Builder, unit: Element) => readonly [Value, Value];
const compareMemory: Compare = (b, { load }) => [b.guestLoad(load, b.gpr('rsi')), b.guestLoad(load, b.gpr('rdi'))];
const compareAccumulator: Compare = (b, unit) => [accumulator(b, unit), b.guestLoad(unit.load, b.gpr('rdi'))];

/** Repeated comparison; flags are those of the last pair and appear only with it, so that a fault shows the old ones. */
function repeatCompare(b: X64Builder, unit: Element, pointers: readonly Pointer[], compare: Compare, whileEqual: boolean): void {
  const goesOn = b.variable('i32', b.wrap(b.ne(b.gpr('rcx'), 0)));
  b.if(goesOn.get(), () => {
    const by = stride(b, unit), budget = b.variable('i32', STEP);
    b.loop((loop) => {
      const [x, y] = compare(b, unit);
      const left = b.sub(b.gpr('rcx'), 1);
      advance(b, pointers, by);
      b.setGpr('rcx', left);
      goesOn.set(b.and(whileEqual ? b.eq(x, y) : b.ne(x, y), b.ne(left, 0)));
      budget.set(b.sub(budget.get(), 1));
      b.if(b.eqz(goesOn.get()), () => b.flagsSub(x, y, unit.bits));
      b.if(b.and(goesOn.get(), b.ne(budget.get(), 0)), () => loop.continue());
      loop.break();
    });
  });
  b.again(goesOn.get());
}

/** Encodings of byte and full size, with a prefix or none. */
const sizes = (prefixes: readonly string[], opcode: number, operands: string): Record<string, string> =>
  Object.fromEntries(
    prefixes.flatMap((prefix) =>
      ['b', 'v'].map((size, i) => [`${prefix}${(opcode + i).toString(16).toUpperCase()}`, operands.replaceAll('?', size)]),
    ),
  );
/** movs, stos and lods repeat under F2 as under F3 (the key REP says both). */
const REPEATED = ['REP '];

const single = (pointers: readonly Pointer[], one: (b: X64Builder, unit: Element) => void) => (b: X64Builder, first: Operand): void => {
  const unit = element(first), by = stride(b, unit);
  one(b, unit);
  advance(b, pointers, by);
};

const both: readonly Pointer[] = ['rsi', 'rdi'], target: readonly Pointer[] = ['rdi'], source: readonly Pointer[] = ['rsi'];

const storeOne = (b: X64Builder, unit: Element): void => b.guestStore(unit.store, b.gpr('rdi'), accumulator(b, unit));
const loadOne = (b: X64Builder, unit: Element): void => b.setGpr('rax', b.guestLoad(unit.load, b.gpr('rsi')), unit.bits);

const comparison = (name: string, opcode: number, operands: string, pointers: readonly Pointer[], compare: Compare): Row[] => [
  insn(name, sizes([''], opcode, operands), single(pointers, (b, unit) => {
    const [x, y] = compare(b, unit);
    b.flagsSub(x, y, unit.bits);
  })),
  insn(name, sizes(['REPE '], opcode, operands), (b, first) => repeatCompare(b, element(first), pointers, compare, true)),
  insn(name, sizes(['REPNE '], opcode, operands), (b, first) => repeatCompare(b, element(first), pointers, compare, false)),
];

export const string: readonly Row[] = [
  insn('movs', sizes([''], 0xa4, 'Y? X?'), single(both, moveOne)),
  insn('movs', sizes(REPEATED, 0xa4, 'Y? X?'), (b, first) => {
    const unit = element(first);
    repeat(b, unit, both, { one: () => moveOne(b, unit), bulk: (count) => moveBulk(b, unit, count) });
  }),
  insn('stos', sizes([''], 0xaa, 'Y?'), single(target, storeOne)),
  insn('stos', sizes(REPEATED, 0xaa, 'Y?'), (b, first) => {
    const unit = element(first), value = accumulator(b, unit);
    repeat(b, unit, target, { one: () => storeOne(b, unit), bulk: (count) => storeBulk(b, unit, value, count) });
  }),
  insn('lods', sizes([''], 0xac, 'X?'), single(source, loadOne)),
  insn('lods', sizes(REPEATED, 0xac, 'X?'), (b, first) => {
    const unit = element(first);
    repeat(b, unit, source, { one: () => loadOne(b, unit) });
  }),
  ...comparison('cmps', 0xa6, 'X? Y?', both, compareMemory),
  ...comparison('scas', 0xae, 'Y?', target, compareAccumulator),
];
