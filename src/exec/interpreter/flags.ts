// Functions of the generated module that read the lazy status flags (ir/slots.ts) whatever their kind.

import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import { FLAG_KIND, FLAG_X, FLAG_Y, FLAGS_ADD, FLAGS_RAW, FLAGS_RESULT } from '../../ir/slots.ts';
import type { Value } from '../../ir/value.ts';

const CF = 0x001,
  PF = 0x004,
  AF = 0x010,
  ZF = 0x040,
  SF = 0x080,
  OF = 0x800;

/** The six status flags in RFLAGS layout, from their lazy form. */
const of = defineFunction('flags.of', ['i32', 'i64', 'i64'], ['i32'], (b, kind, x, y) => {
  b.if(b.eq(kind, FLAGS_RAW), () => b.return(b.wrap(x)));
  const result = b.variable('i64', x);
  const rest = b.variable('i32', b.wrap(y));
  b.if(b.ltU(kind, FLAGS_RESULT), () => {
    const isAdd = b.and(kind, FLAGS_ADD);
    const shift = b.zext(b.and(kind, 63));
    const wide = b.select(isAdd, b.add(x, y), b.sub(x, y));
    const r = b.shrS(b.shl(wide, shift), shift);
    result.set(r);
    const carry = b.select(isAdd, b.ltU(r, x), b.ltU(x, y));
    const overflow = b.and(b.select(isAdd, b.xor(y, r), b.xor(x, y)), b.xor(x, r));
    const half = b.and(b.wrap(b.xor(b.xor(x, y), r)), AF);
    rest.set(b.or(b.or(carry, half), b.shl(b.wrap(b.shrU(overflow, 63)), 11)));
  });
  const r = result.get();
  const parity = b.and(b.popcnt(b.and(b.wrap(r), 0xff)), 1);
  const zero = b.shl(b.eqz(r), 6);
  const sign = b.and(b.wrap(b.shrU(r, 56)), SF);
  b.return(b.or(b.or(b.and(rest.get(), CF | AF | OF), b.shl(b.xor(parity, 1), 2)), b.or(zero, sign)));
});

/** Those of the state. */
const all = defineFunction('flags.all', [], ['i32'], (b) => {
  const lazy = [b.load('i32.load', 0, FLAG_KIND), b.load('i64.load', 0, FLAG_X), b.load('i64.load', 0, FLAG_Y)];
  b.return(b.call('flags.of', lazy, ['i32'])[0]!);
});

/** A condition by its number (ir/value.ts CONDITIONS) of the flags: 0 or 1. */
const test = defineFunction('flags.test', ['i32', 'i32'], ['i32'], (b, flags, number) => {
  const bit = (mask: number) => b.ne(b.and(flags, mask), 0);
  const less = () => b.ne(bit(SF), bit(OF));
  const holds = b.variable('i32', 0);
  const cases = [
    () => bit(OF),
    () => bit(CF),
    () => bit(ZF),
    () => bit(CF | ZF),
    () => bit(SF),
    () => bit(PF),
    less,
    () => b.or(less(), bit(ZF)),
  ];
  b.switch(
    b.shrU(number, 1),
    cases.map((value) => () => holds.set(value())),
  );
  b.return(b.xor(holds.get(), b.and(number, 1)));
});

/** A condition of the state's flags. */
const condition = defineFunction('flags.condition', ['i32'], ['i32'], (b, number) => {
  const [flags] = b.call('flags.all', [], ['i32']) as [Value];
  b.return(b.call('flags.test', [flags, number], ['i32'])[0]!);
});

/** A condition of flags in their lazy form. */
const holds = defineFunction('flags.holds', ['i32', 'i64', 'i64', 'i32'], ['i32'], (b, kind, x, y, number) => {
  const [flags] = b.call('flags.of', [kind, x, y], ['i32']) as [Value];
  b.return(b.call('flags.test', [flags, number], ['i32'])[0]!);
});

/** What the interpreter calls. */
export const flagFunctions: readonly FunctionDefinition[] = [of, all, test, condition];
/** What compiled code calls. */
export const compiledFlagFunctions: readonly FunctionDefinition[] = [of, test, holds];
