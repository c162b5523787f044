// String instructions: single, and repeated in steps that leave exact registers at any fault.
//
// A repeated movs or stos with DF clear works on the elements up to the next page end of source and destination: one
// page check each, then a bulk copy or fill. An element across two pages, and everything with DF set, goes one by one.
// cmps, scas and lods go one by one, at most STEP elements before the budget is looked at again (b.again).

import type { LoadName, StoreName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import { type Row, type RowOptions, insn } from '../insn.ts';
import { ACCESS, type Operand } from '../operands.ts';
import { SYSTEM_FLAGS } from '../regs.ts';

const STEP = 256;
const PAGE = 4096;
const DF_BIT = 10;

/** The width of the index and count registers: 32 bits with an address size prefix. */
type Width = 32 | 64;

interface Element {
  readonly width: Width;
  readonly load: LoadName;
  readonly store: StoreName;
  readonly bits: number;
  readonly bytes: number;
  readonly shift: number;
}
const element = (operand: Operand, width: Width): Element => {
  const { load, store } = ACCESS[operand.spec.access];
  return { width, load, store, bits: operand.bits, bytes: operand.bits / 8, shift: Math.log2(operand.bits / 8) };
};

type Index = 'rcx' | 'rsi' | 'rdi';
const index = (b: X64Builder, name: Index, width: Width): Value => b.zext(b.gpr(name, width));
const setIndex = (b: X64Builder, name: Index, width: Width, value: Value): void =>
  b.setGpr(name, b.as(width === 64 ? 'i64' : 'i32', value), width);

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
const sourceOf = (b: X64Builder, operand: Operand, width: Width): Pointer => ({
  register: 'rsi',
  address: () => b.add(index(b, 'rsi', width), operand.part('i64.load', 0)),
});
const targetOf = (b: X64Builder, width: Width): Pointer => ({ register: 'rdi', address: () => index(b, 'rdi', width) });

const advance = (b: X64Builder, { width }: Element, pointers: Pointers, by: Value): void => {
  for (const { register } of pointers) setIndex(b, register, width, b.add(index(b, register, width), by));
};

/** Elements from rcx's count that lie in the pages of all pointers, i64; 0 if the first one straddles. */
function elementsInPage(b: X64Builder, { shift, width }: Element, pointers: Pointers): Value {
  let count = index(b, 'rcx', width);
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
  const count = (): Value => index(b, 'rcx', unit.width);
  const left = b.variable('i64', count());
  const step = (bytes: Value, elements: Value): void => {
    advance(b, unit, pointers, bytes);
    setIndex(b, 'rcx', unit.width, b.sub(count(), elements));
    left.set(count());
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
      const inPage = elementsInPage(b, unit, pointers);
      b.if(b.eqz(inPage), single, () => {
        bulk(inPage);
        step(b.shl(inPage, unit.shift), inPage);
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
  const to = index(b, 'rdi', unit.width),
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
const compareAccumulator: Compare = (b, unit) => [accumulator(b, unit), b.guestLoad(unit.load, index(b, 'rdi', unit.width))];

/** Repeated comparison; flags are those of the last pair and appear only with it, so that a fault shows the old ones. */
function repeatCompare(b: X64Builder, unit: Element, pointers: Pointers, compare: Compare, whileEqual: boolean): void {
  const goesOn = b.variable('i32', b.ne(index(b, 'rcx', unit.width), 0));
  b.if(goesOn.get(), () => {
    const by = stride(b, unit),
      budget = b.variable('i32', STEP);
    b.loop((loop) => {
      const [x, y] = compare(b, unit, pointers);
      setIndex(b, 'rcx', unit.width, b.sub(index(b, 'rcx', unit.width), 1));
      advance(b, unit, pointers, by);
      const left = index(b, 'rcx', unit.width);
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

const storeOne = (b: X64Builder, unit: Element): void =>
  b.guestStore(unit.store, index(b, 'rdi', unit.width), accumulator(b, unit));
const loadOne = (b: X64Builder, unit: Element, [from]: Pointers): void =>
  b.setGpr('rax', b.guestLoad(unit.load, (from as Pointer).address()), unit.bits);

/** All of them with index registers of one width. */
function rowsOf(width: Width): Row[] {
  const options: RowOptions = width === 32 ? { addressSize: 32 } : {};
  const source = (b: X64Builder, operand: Operand): Pointer => sourceOf(b, operand, width);
  const target = (b: X64Builder): Pointer => targetOf(b, width);
  /** A row with a single step, and one that repeats it. */
  const pair = (
    name: string,
    opcode: number,
    letters: string,
    pointersOf: (b: X64Builder, operands: readonly Operand[]) => Pointers,
    one: (b: X64Builder, unit: Element, pointers: Pointers) => void,
    bulk?: (b: X64Builder, unit: Element, pointers: Pointers, count: Value) => void,
  ): Row[] => [
    insn(
      name,
      sizes([''], opcode, letters),
      (b, ...operands) => {
        const unit = element(operands[0] as Operand, width),
          pointers = pointersOf(b, operands);
        one(b, unit, pointers);
        advance(b, unit, pointers, stride(b, unit));
      },
      options,
    ),
    insn(
      `rep ${name}`,
      sizes(REPEATED, opcode, letters),
      (b, ...operands) => {
        const unit = element(operands[0] as Operand, width),
          pointers = pointersOf(b, operands);
        repeat(b, unit, pointers, {
          one: () => one(b, unit, pointers),
          ...(bulk && { bulk: (count: Value) => bulk(b, unit, pointers, count) }),
        });
      },
      options,
    ),
  ];
  const comparison = (
    name: string,
    opcode: number,
    letters: string,
    pointersOf: (b: X64Builder, first: Operand) => Pointers,
    compare: Compare,
  ): Row[] => [
    insn(
      name,
      sizes([''], opcode, letters),
      (b, first) => {
        const unit = element(first, width),
          pointers = pointersOf(b, first);
        const [x, y] = compare(b, unit, pointers);
        advance(b, unit, pointers, stride(b, unit));
        b.flagsSub(x, y, unit.bits);
      },
      options,
    ),
    ...(['repe', 'repne'] as const).map((prefix) =>
      insn(
        `${prefix} ${name}`,
        sizes([`${prefix.toUpperCase()} `], opcode, letters),
        (b, first) => repeatCompare(b, element(first, width), pointersOf(b, first), compare, prefix === 'repe'),
        options,
      ),
    ),
  ];
  return [
    ...pair(
      'movs',
      0xa4,
      'Y? X?',
      (b, operands) => [target(b), source(b, operands[1] as Operand)],
      (b, unit, pointers) => moveOne(b, unit, pointers as Move),
      (b, unit, pointers, count) => moveBulk(b, unit, pointers as Move, count),
    ),
    ...pair(
      'stos',
      0xaa,
      'Y?',
      (b) => [target(b)],
      (b, unit) => storeOne(b, unit),
      (b, unit, _pointers, count) => storeBulk(b, unit, accumulator(b, unit), count),
    ),
    ...pair(
      'lods',
      0xac,
      'X?',
      (b, operands) => [source(b, operands[0] as Operand)],
      (b, unit, pointers) => loadOne(b, unit, pointers),
    ),
    ...comparison('cmps', 0xa6, 'X? Y?', (b, first) => [source(b, first), target(b)], compareMemory),
    ...comparison('scas', 0xae, 'Y?', (b) => [target(b)], compareAccumulator),
  ];
}

export const string: readonly Row[] = [...rowsOf(64), ...rowsOf(32)];
