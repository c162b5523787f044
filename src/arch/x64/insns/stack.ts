// push, pop and stack frames. The operand size is 64 bits, or 16 with the 66 prefix.

import type { Value } from '../../../ir/value.ts';
import { AF, CF, OF, PF, SF, STATUS_FLAGS, type X64Builder, ZF } from '../builder.ts';
import { type Row, type RowOptions, insn } from '../insn.ts';
import { ACCESS, type Operand } from '../operands.ts';
import { RAX, RSP, SYSTEM_FLAGS } from '../regs.ts';
import { push } from './integer.ts';
import { checkSelector } from './selector.ts';

const default64 = { default64: true } as const;

const pop = (b: X64Builder, dst: Operand): void => {
  const top = b.gpr('rsp'),
    size = dst.bits / 8;
  const { load, store } = ACCESS[dst.spec.access];
  const value = b.guestLoad(load, top);
  if (dst.isMemory) {
    // With an index or prefixes the decoder adds the increment.
    const isFromStack = b.eq(b.slotNumber({ at: 'field', field: 'base', plus: 0 }), RSP);
    const address = b.add(dst.address(), b.zext(b.mul(isFromStack, size)));
    b.guestStore(store, address, value);
    b.setGpr('rsp', b.add(top, size));
  } else {
    b.setGpr('rsp', b.add(top, size));
    dst.set(value);
  }
};

/** enter: both immediates stand in one, the frame's size below the nesting level. */
const enter = (b: X64Builder, _frame: Operand, _level: Operand, operand: Operand): void => {
  const { load, store } = ACCESS[operand.spec.access];
  const bits = operand.bits,
    bytes = bits / 8;
  const numbers = b.immediate();
  const level = b.and(b.shrU(numbers, 16), 31),
    size = b.zextBits(numbers, 16);
  const outer = b.gpr('rbp'),
    frame = b.sub(b.gpr('rsp'), bytes);
  const bottom = b.sub(b.sub(frame, b.mul(level, bytes)), size);
  const top = b.variable('i64', frame),
    left = b.variable('i64', b.sub(level, 1)),
    link = b.variable('i64', outer);
  const narrow = (value: Value): Value => (bits === 64 ? value : b.wrap(value));
  b.guestStore(store, frame, narrow(outer));
  b.if(b.ne(level, 0), () => {
    const pushNext = (value: Value): void => {
      top.set(b.sub(top.get(), bytes));
      b.guestStore(store, top.get(), value);
    };
    b.loop((loop) => {
      b.if(b.eqz(left.get()), () => loop.break());
      link.set(b.sub(link.get(), bytes));
      pushNext(b.guestLoad(load, link.get()));
      left.set(b.sub(left.get(), 1));
    });
    pushNext(narrow(frame));
  });
  // The frame's end must be writable (SDM volume 2, ENTER); what was pushed stays.
  b.guestProbe(bottom, 1, true);
  b.setGpr('rbp', narrow(frame), bits);
  b.setGpr('rsp', bottom);
};

/** What popf can change in user mode (IOPL 0): IF stays, RF and VM read as 0. */
const TF = 0x100,
  DF = 0x400,
  NT = 0x4000,
  AC = 0x40000,
  ID = 0x200000;

const popFlags = (b: X64Builder, image: ReturnType<Operand['get']>, system: number): void => {
  b.flagsRaw(b.and(image, STATUS_FLAGS));
  const kept = b.and(b.slot('i32.load', SYSTEM_FLAGS), ~system);
  b.setSlot('i32.store', SYSTEM_FLAGS, b.or(kept, b.and(image, system)));
};
const flagsImage = (b: X64Builder) => b.or(b.flags(), b.slot('i32.load', SYSTEM_FLAGS));

/** 64 bits, or 16 with the 66 prefix. */
const sized = (name: string, short = name): RowOptions => ({ default64: true, mnemonics: { 16: short, 64: name } });

export const stack: readonly Row[] = [
  insn('push', { '50+r': 'Zv', 'FF/6': 'Ev', '68': 'Iz', '6A': 'Ibs' }, (b, src) => push(b, src.get()), default64),
  insn('pop', { '58+r': 'Zv', '8F/0': 'Ev' }, pop, { default64: true, pops: true }),
  // Linux leaves fs and gs with null selectors, whatever their bases. (The operand only carries the size.)
  ...Object.entries({ fs: ['A0', 'A1'], gs: ['A8', 'A9'] }).flatMap(([name, [pushed, popped]]) => [
    insn(`push ${name}`, { [`0F ${pushed}`]: 'rAX' }, (b, size) => push(b, b.const(size.type, 0)), sized(`push ${name}`)),
    insn(
      `pop ${name}`,
      { [`0F ${popped}`]: 'rAX' },
      (b, size) => {
        const top = b.gpr('rsp');
        checkSelector(b, b.and(b.wrap(b.guestLoad(ACCESS[size.spec.access].load, top)), 0xffff), b.i32(0));
        b.setGpr('rsp', b.add(top, size.bits / 8));
      },
      sized(`pop ${name}`),
    ),
  ]),
  insn(
    'pushf',
    { '9C': 'rAX' },
    (b, size) => push(b, b.as(size.bits === 64 ? 'i64' : 'i32', flagsImage(b))),
    sized('pushf', 'pushfw'),
  ),
  insn(
    'popf',
    { '9D': 'rAX' },
    (b, size) => {
      const top = b.gpr('rsp'),
        image = b.wrap(b.guestLoad(ACCESS[size.spec.access].load, top));
      b.setGpr('rsp', b.add(top, size.bits / 8));
      popFlags(b, image, size.bits === 64 ? TF | DF | NT | AC | ID : TF | DF | NT);
    },
    sized('popf', 'popfw'),
  ),
  insn(
    'leave',
    { C9: 'rAX' },
    (b, size) => {
      const frame = b.gpr('rbp'),
        value = b.guestLoad(ACCESS[size.spec.access].load, frame);
      b.setGpr('rsp', b.add(frame, size.bits / 8));
      b.setGpr('rbp', value, size.bits);
    },
    sized('leave'),
  ),
  insn('enter', { C8: 'Iw Ib rAX' }, enter, sized('enter')),
  insn('lahf', { '9F': '' }, (b) => b.setSlot('i32.store8', RAX + 1, b.or(b.and(b.flags(), 0xd5), 2)), { feature: 'lahf' }),
  insn(
    'sahf',
    { '9E': '' },
    (b) => {
      const ah = b.slot('i32.load8_u', RAX + 1);
      b.flagsRaw(b.or(b.and(b.flags(), OF), b.and(ah, CF | PF | AF | ZF | SF)));
    },
    { feature: 'lahf' },
  ),
];
