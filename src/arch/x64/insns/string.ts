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

/** What the instruction walks: the operands in their order. */
interface Pointer {
  readonly register: 'rsi' | 'rdi';
  /** Linear address: only the source has a segment, whose base stands in the operand's slot. */
  readonly address: () => Value;
}
type Pointers = readonly Pointer[];
const sourceOf = (b: X64Builder, operand: Operand): Pointer => ({
  register: 'rsi',
  address: () => b.add(b.gpr('rsi'), operand.part('i64.load', 0)),
});
const targetOf = (b: X64Builder): Pointer => ({ register: 'rdi', address: () => b.gpr('rdi') });

const advance = (b: X64Builder, pointers: Pointers, by: Value): void => {
  for (const { register } of pointers) b.setGpr(register, b.add(b.gpr(register), by));
};

/** Elements from rcx's count that lie in the pages of all pointers, i64; 0 if the first one straddles. */
function elementsInPage(b: X64Builder, { shift }: Element, pointers: Pointers): Value {
  let count = b.gpr('rcx');
  for (const { address } of pointers) {
    const room = b.shrU(b.sub(PAGE, b.and(address(), PAGE - 1)), shift);
    count = b.select(b.ltU(room, count), room, count);
  }
  return count;
}

/**
 * A repeated instruction whose `one` handles a single element by checked accesses and whose `bulk` handles `count`
 * elements within a page, accesses already checked by itself.
 */
function repeat(
  b: X64Builder,
  unit: Element,
  pointers: Pointers,
  parts: { one: () => void; bulk?: (count: Value) => void },
): void {
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

/** The pointers of movs, target first. */
type Move = readonly [Pointer, Pointer];
const moveOne = (b: X64Builder, unit: Element, [to, from]: Move): void =>
  b.guestStore(unit.store, to.address(), b.guestLoad(unit.load, from.address()));

function moveBulk(b: X64Builder, unit: Element, pointers: Move, count: Value): void {
  const to = pointers[0].address(),
    from = pointers[1].address(),
    bytes = b.wrap(b.shl(count, unit.shift));
  b.guestProbe(from, 1, false);
  b.guestProbe(to, 1, true);
  const source = b.wrap(from),
    target = b.wrap(to);
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
  const to = b.gpr('rdi'),
    bytes = b.wrap(b.shl(count, unit.shift));
  b.guestProbe(to, 1, true);
  const target = b.wrap(to),
    low = b.and(b.wrap(value), 0xff);
  if (unit.bits === 8) return b.fill(target, low, bytes, 'guest');
  const pattern = value.type === 'i64' ? b.mul(b.zext(low), 0x0101010101010101n) : b.zextBits(b.mul(low, 0x01010101), unit.bits);
  b.if(
    b.eq(value, pattern),
    () => b.fill(target, low, bytes, 'guest'),
    () => {
      const at = b.variable('i32', target),
        end = b.add(target, bytes);
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
type Compare = (b: X64Builder, unit: Element, pointers: Pointers) => readonly [Value, Value];
const compareMemory: Compare = (b, { load }, [from, to]) => {
  // The destination is read first, which only a fault shows.
  const y = b.guestLoad(load, (to as Pointer).address());
  return [b.guestLoad(load, (from as Pointer).address()), y];
};
const compareAccumulator: Compare = (b, unit) => [accumulator(b, unit), b.guestLoad(unit.load, b.gpr('rdi'))];

/** Repeated comparison; flags are those of the last pair and appear only with it, so that a fault shows the old ones. */
function repeatCompare(b: X64Builder, unit: Element, pointers: Pointers, compare: Compare, whileEqual: boolean): void {
  const goesOn = b.variable('i32', b.wrap(b.ne(b.gpr('rcx'), 0)));
  b.if(goesOn.get(), () => {
    const by = stride(b, unit),
      budget = b.variable('i32', STEP);
    b.loop((loop) => {
      const [x, y] = compare(b, unit, pointers);
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

const storeOne = (b: X64Builder, unit: Element): void => b.guestStore(unit.store, b.gpr('rdi'), accumulator(b, unit));
const loadOne = (b: X64Builder, unit: Element, [from]: readonly [Pointer]): void =>
  b.setGpr('rax', b.guestLoad(unit.load, from.address()), unit.bits);

const comparison = (
  name: string,
  opcode: number,
  letters: string,
  pointersOf: (b: X64Builder, first: Operand) => Pointers,
  compare: Compare,
): Row[] => [
  insn(name, sizes([''], opcode, letters), (b, first) => {
    const unit = element(first),
      pointers = pointersOf(b, first);
    const [x, y] = compare(b, unit, pointers);
    advance(b, pointers, stride(b, unit));
    b.flagsSub(x, y, unit.bits);
  }),
  ...(['repe', 'repne'] as const).map((prefix) =>
    insn(`${prefix} ${name}`, sizes([`${prefix.toUpperCase()} `], opcode, letters), (b, first) =>
      repeatCompare(b, element(first), pointersOf(b, first), compare, prefix === 'repe'),
    ),
  ),
];

export const string: readonly Row[] = [
  insn('movs', sizes([''], 0xa4, 'Y? X?'), (b, first, second) => {
    const unit = element(first),
      pointers = [targetOf(b), sourceOf(b, second)] as const;
    moveOne(b, unit, pointers);
    advance(b, pointers, stride(b, unit));
  }),
  insn('rep movs', sizes(REPEATED, 0xa4, 'Y? X?'), (b, first, second) => {
    const unit = element(first),
      pointers = [targetOf(b), sourceOf(b, second)] as const;
    repeat(b, unit, pointers, { one: () => moveOne(b, unit, pointers), bulk: (count) => moveBulk(b, unit, pointers, count) });
  }),
  insn('stos', sizes([''], 0xaa, 'Y?'), (b, first) => {
    const unit = element(first);
    storeOne(b, unit);
    advance(b, [targetOf(b)], stride(b, unit));
  }),
  insn('rep stos', sizes(REPEATED, 0xaa, 'Y?'), (b, first) => {
    const unit = element(first),
      value = accumulator(b, unit);
    repeat(b, unit, [targetOf(b)], { one: () => storeOne(b, unit), bulk: (count) => storeBulk(b, unit, value, count) });
  }),
  insn('lods', sizes([''], 0xac, 'X?'), (b, first) => {
    const unit = element(first),
      pointers = [sourceOf(b, first)] as const;
    loadOne(b, unit, pointers);
    advance(b, pointers, stride(b, unit));
  }),
  insn('rep lods', sizes(REPEATED, 0xac, 'X?'), (b, first) => {
    const unit = element(first),
      pointers = [sourceOf(b, first)] as const;
    repeat(b, unit, pointers, { one: () => loadOne(b, unit, pointers) });
  }),
  ...comparison('cmps', 0xa6, 'X? Y?', (b, first) => [sourceOf(b, first), targetOf(b)], compareMemory),
  ...comparison('scas', 0xae, 'Y?', (b) => [targetOf(b)], compareAccumulator),
];
