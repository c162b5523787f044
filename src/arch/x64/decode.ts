// The decoder, as functions of the generated module: guest bytes to decoded operations (exec/layout.ts Op).
//
//   decode.one ------> decode.instruction: prefixes, opcode, choosers -> leaf -> ModRM, displacement, immediate, operation
//      \-> decode.page (near FETCH_LIMIT: page after page)      \-> decode.vex, decode.micro where needed
//
// The instruction's bytes are first copied to BYTES, so that decoding itself never reads where it may not.

import { FEATURES, FETCH_LIMIT, Op } from '../../exec/layout.ts';
import type { Builder, MutableValue } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import { BAD_PLACE, BYTES, CONSUMED, Flag, FieldWord, Immediate, Kind, Leaf, MAP_BYTES, MAP_TABLES, MAX_LENGTH, NO_HANDLER, NUMBER_SHIFT, Pf, PREFIXES, PSEUDO, PSEUDO_NAMES, REX_CLASS, SLOT_OF, WINDOW } from './decode-layout.ts';
import { FS_BASE, GPR, GS_BASE, TMP0, ZERO } from './regs.ts';

const pseudoHandler = (b: Builder, name: (typeof PSEUDO_NAMES)[number]): Value => b.load('i32.load16_u', b.i32(PSEUDO + 2 * PSEUDO_NAMES.indexOf(name)));
/** Address of the node at a place. */
const nodeAt = (b: Builder, place: Value): Value => b.add(b.shl(place, 2), BYTES);
const has = (b: Builder, flags: Value, bits: number): Value => b.and(flags, bits);

/** decode.one(rip, op) -> address after the last operation written at op. */
const one = defineFunction('decode.one', ['i32', 'i32'], ['i32'], (b, rip, op) => {
  const limit = b.load('i32.load', FETCH_LIMIT);
  b.if(b.and(b.ltU(rip, limit), b.geU(b.sub(limit, rip), WINDOW)), () => {
    b.store('i64.store', BYTES, b.load('i64.load', rip, 0, 'guest'));
    b.store('i64.store', BYTES, b.load('i64.load', rip, 8, 'guest'), 8);
    b.return(...b.call('decode.instruction', [rip, op], ['i32']));
  });
  b.return(...b.call('decode.page', [rip, op], ['i32']));
});

/** The same where the next 16 bytes may not all be read: asks for the next page only if the instruction reaches it. */
const page = defineFunction('decode.page', ['i32', 'i32'], ['i32'], (b, rip, op) => {
  b.loop(() => {
    const limit = b.load('i32.load', FETCH_LIMIT);
    const have = b.variable('i32', b.select(b.ltU(rip, limit), b.sub(limit, rip), 0));
    b.if(b.gtU(have.get(), WINDOW), () => have.set(WINDOW));
    b.fill(b.i32(BYTES), b.i32(0), b.i32(WINDOW), 'state');
    b.copy(b.i32(BYTES), rip, have.get(), 'state', 'guest');
    b.if(have.get(), () => {
      const [end] = b.call('decode.instruction', [rip, op], ['i32']) as [Value];
      b.if(b.or(b.leU(b.load('i32.load', CONSUMED), have.get()), b.geU(have.get(), MAX_LENGTH)), () => b.return(end));
    });
    const needed = b.add(rip, have.get());
    const [isAllowed] = b.call('host.fetch', [b.shrU(needed, 12)], ['i32']) as [Value];
    b.if(b.eqz(isAllowed), () => {
      writeOperation(b, op, { handler: pseudoHandler(b, '.fetch'), rip, length: b.i32(0), imm: b.zext(needed) });
      b.return(b.add(op, Op.bytes));
    });
    b.store('i32.store', 0, b.shl(b.add(b.shrU(needed, 12), 1), 12), FETCH_LIMIT);
  });
});

interface Fields {
  handler: Value; rip: Value; length: Value;
  r0?: Value; r1?: Value; base?: Value; index?: Value; scale?: Value; disp?: Value; imm?: Value;
}

function writeOperation(b: Builder, op: Value, fields: Fields): void {
  const zero = b.i32(0);
  b.store('i32.store16', op, fields.handler, Op.handler);
  b.store('i32.store16', op, fields.r0 ?? zero, Op.r0);
  b.store('i32.store16', op, fields.r1 ?? zero, Op.r1);
  b.store('i32.store16', op, fields.base ?? zero, Op.base);
  b.store('i32.store16', op, fields.index ?? zero, Op.index);
  b.store('i32.store8', op, fields.scale ?? zero, Op.scale);
  b.store('i32.store8', op, fields.length, Op.length);
  b.store('i32.store', op, fields.disp ?? zero, Op.disp);
  b.store('i64.store', op, fields.imm ?? 0n, Op.imm);
  b.store('i32.store', op, fields.rip, Op.rip);
  b.store('i32.store', op, zero, Op.link);
}

/** Everything about one instruction; what it read of the bytes, needed or not, goes to CONSUMED. */
const instruction = defineFunction('decode.instruction', ['i32', 'i32'], ['i32'], (b, rip, start) => {
  const next = b.variable('i32', BYTES);
  const rex = b.variable('i32', 0);
  const prefixes = b.variable('i32', 0);
  const byte = b.variable('i32', 0);
  const take = (): void => {
    byte.set(b.load('i32.load8_u', next.get()));
    next.set(b.add(next.get(), 1));
  };
  b.loop((loop) => {
    take();
    const found = b.load('i32.load16_u', b.shl(byte.get(), 1), PREFIXES);
    b.if(b.eqz(found), () => loop.break());
    b.if(b.eq(found, REX_CLASS), () => rex.set(byte.get()), () => {
      rex.set(0);
      prefixes.set(b.or(b.and(prefixes.get(), b.xor(b.shrU(found, 8), -1)), b.and(found, 0xff)));
    });
    b.if(b.gtU(next.get(), BYTES + MAX_LENGTH), () => loop.break());
  });

  // opcode map
  const map = b.variable('i32', MAP_TABLES);
  b.if(b.eq(byte.get(), 0x0f), () => {
    map.set(MAP_TABLES + MAP_BYTES);
    take();
    b.if(b.eq(b.and(byte.get(), 0xfd), 0x38), () => {
      map.set(b.add(b.mul(b.and(b.shrU(byte.get(), 1), 1), MAP_BYTES), MAP_TABLES + 2 * MAP_BYTES));
      take();
    });
  });
  const slot = b.load('i32.load8_u', b.and(prefixes.get(), 7), SLOT_OF);
  const entry = b.add(map.get(), b.shl(b.add(b.shl(byte.get(), 2), slot), 1));
  const node = b.variable('i32', nodeAt(b, b.load('i32.load16_u', entry)));
  const vex = b.variable('i32', 0);
  const opcode = b.variable('i32', byte.get());
  choose(b, { node, next, rex, prefixes, vex, opcode });

  // leaf
  const leaf = node.get();
  const flags = b.load('i32.load', leaf);
  const numbers = b.variable('i32', b.shl(b.or(b.and(opcode.get(), 7), b.shl(b.and(rex.get(), 1), 3)), NUMBER_SHIFT.opcode));
  b.if(vex.get(), () => numbers.set(b.or(numbers.get(), b.shl(b.and(b.shrU(vex.get(), 3), 15), NUMBER_SHIFT.vvvv))));
  const operand: MemoryOperand = {
    variant: b.variable('i32', 0),
    base: b.variable('i32', ZERO),
    index: b.variable('i32', ZERO),
    scale: b.variable('i32', 0),
    disp: b.variable('i32', 0),
    isRipRelative: b.variable('i32', 0),
  };
  const { variant, base, index, scale, disp, isRipRelative } = operand;
  b.if(has(b, flags, Flag.modrm), () => {
    take();
    const modrm = byte.get();
    numbers.set(b.or(numbers.get(), b.or(b.and(b.shrU(modrm, 3), 7), b.shl(b.and(rex.get(), 4), 1))));
    b.if(b.geU(modrm, 0xc0), () => numbers.set(b.or(numbers.get(), b.shl(b.or(b.and(modrm, 7), b.shl(b.and(rex.get(), 1), 3)), NUMBER_SHIFT.rm))), () =>
      memoryOperand(b, modrm, rex.get(), next, operand),
    );
  });
  const size = b.variable('i32', 2);
  b.if(b.eqz(b.and(rex.get(), 8)), () => {
    const shift = b.select(b.and(prefixes.get(), Pf.opsize), Flag.size66Shift, Flag.sizeShift);
    size.set(b.and(b.shrU(flags, shift), 3));
  });
  const imm = b.variable('i64', 0n);
  immediate(b, flags, size.get(), next, imm, numbers);

  const length = b.sub(next.get(), BYTES);
  const after = b.add(rip, length);
  b.store('i32.store', CONSUMED, length);
  b.if(has(b, flags, Flag.relative), () => imm.set(b.add(imm.get(), b.zext(after))));

  // operand addresses
  const isMemory = b.ne(variant.get(), 0);
  const words = b.add(leaf, b.select(isMemory, Leaf.memoryFields, Leaf.fields));
  const r0 = b.variable('i32', fieldSlot(b, b.load('i32.load', words), numbers.get(), rex.get()));
  const r1 = fieldSlot(b, b.load('i32.load', words, 4), numbers.get(), rex.get());
  const third = b.load('i32.load', words, 8);
  b.if(third, () => index.set(fieldSlot(b, third, numbers.get(), rex.get())));

  // rare things of the address: segments, 67h, addresses that are not base + disp
  const op = b.variable('i32', start);
  const segment = b.variable('i32', ZERO);
  const micro = b.variable('i32', NO_HANDLER);
  const address = b.variable('i64', 0n);
  const illegal = b.variable('i32', b.and(b.gtU(length, MAX_LENGTH), 1));
  b.if(b.and(prefixes.get(), Pf.fs | Pf.gs | Pf.addrsize | Pf.lock), () => {
    b.if(b.and(prefixes.get(), Pf.fs | Pf.gs), () => segment.set(b.select(b.and(prefixes.get(), Pf.fs), FS_BASE, GS_BASE)));
    b.if(has(b, flags, Flag.noSegment), () => segment.set(ZERO));
    b.if(has(b, flags, Flag.string), () => r0.set(segment.get()));
    b.if(b.and(prefixes.get(), Pf.lock), () => b.if(b.or(b.eqz(has(b, flags, Flag.lockable)), b.eqz(isMemory)), () => illegal.set(1)));
    b.if(b.and(prefixes.get(), Pf.addrsize), () => {
      b.if(isMemory, () => micro.set(pseudoHandler(b, '.lea32')), () => b.if(has(b, flags, Flag.noAddressSize), () => illegal.set(1)));
    });
  });
  b.if(b.or(isRipRelative.get(), has(b, flags, Flag.moffs)), () => {
    variant.set(1);
    b.if(isRipRelative.get(), () => address.set(b.add(b.sext(disp.get()), b.zext(after))), () => {
      address.set(imm.get());
      imm.set(0n);
    });
    b.if(b.and(prefixes.get(), Pf.addrsize), () => address.set(b.zextBits(address.get(), 32)));
    b.if(b.op('i64.gt_u', address.get(), 0x7fffffffn), () => micro.set(pseudoHandler(b, '.const')), () => {
      disp.set(b.wrap(address.get()));
      base.set(segment.get());
      micro.set(NO_HANDLER);
    });
  }, () => {
    b.if(b.and(isMemory, b.and(b.ne(segment.get(), ZERO), b.eq(micro.get(), NO_HANDLER))), () => {
      // segment base + base + disp is an indexed address too
      b.if(b.eq(variant.get(), 1), () => {
        b.if(b.ne(base.get(), ZERO), () => {
          index.set(base.get());
          variant.set(2);
        });
        base.set(segment.get());
        segment.set(ZERO);
      }, () => b.if(b.eq(base.get(), ZERO), () => {
        base.set(segment.get());
        segment.set(ZERO);
      }, () => micro.set(pseudoHandler(b, '.lea'))));
    });
  });

  const handlers = b.add(b.add(leaf, b.mul(size.get(), 6)), Leaf.handlers);
  const handler = b.variable('i32', b.load('i32.load16_u', b.add(handlers, b.shl(variant.get(), 1))));
  b.if(b.eq(handler.get(), NO_HANDLER), () => {
    handler.set(b.load('i32.load16_u', handlers, 2));
    b.if(b.eq(micro.get(), NO_HANDLER), () => micro.set(pseudoHandler(b, '.lea')));
  });
  b.if(b.ne(micro.get(), NO_HANDLER), () => {
    handler.set(b.load('i32.load16_u', handlers, 2));
    const fields = { handler: micro.get(), rip, length, r1: segment.get(), base: base.get(), index: index.get(), scale: scale.get(), disp: disp.get() };
    writeOperation(b, op.get(), { ...fields, imm: address.get() });
    op.set(b.add(op.get(), Op.bytes));
    base.set(TMP0);
    index.set(ZERO);
    disp.set(0);
    scale.set(0);
  });
  b.if(illegal.get(), () => {
    op.set(start);
    handler.set(pseudoHandler(b, '.illegal'));
    r0.set(0);
  });
  writeOperation(b, op.get(), {
    handler: handler.get(), rip, length, r0: r0.get(), r1, base: base.get(), index: index.get(), scale: scale.get(), disp: disp.get(), imm: imm.get(),
  });
  b.return(b.add(op.get(), Op.bytes));
});

interface State {
  readonly node: MutableValue;
  readonly next: MutableValue;
  readonly rex: MutableValue;
  readonly prefixes: MutableValue;
  /** pp, L, vvvv as in the last byte of a VEX prefix but not inverted, and bit 7 set; 0 without one. */
  readonly vex: MutableValue;
  readonly opcode: MutableValue;
}

/** Walks the choosers down to a leaf. */
function choose(b: Builder, { node, next, rex, prefixes, vex, opcode }: State): void {
  const go = (choice: Value): void => node.set(nodeAt(b, b.load('i32.load16_u', b.add(node.get(), b.shl(choice, 1)), 2)));
  const modrm = (): Value => b.load('i32.load8_u', next.get());
  const readVex = (bytes: 2 | 3): void => {
    const [payload] = b.call('decode.vex', [next.get(), b.or(rex.get(), b.and(prefixes.get(), Pf.opsize | Pf.rep | Pf.repne | Pf.lock)), b.i32(bytes)], ['i32']) as [Value];
    next.set(b.add(next.get(), bytes));
    rex.set(b.and(b.shrU(payload, 8), 15));
    vex.set(b.and(payload, 0xff));
    opcode.set(b.load('i32.load8_u', b.sub(next.get(), 1)));
    node.set(nodeAt(b, b.shrU(payload, 16)));
  };
  b.loop((loop) => {
    const kind = b.load('i32.load8_u', node.get());
    b.if(b.eqz(kind), () => loop.break());
    const cases: (() => void)[] = [];
    cases[Kind.leaf] = () => {};
    cases[Kind.reg] = () => go(b.or(b.and(b.shrU(modrm(), 3), 7), b.shl(b.geU(modrm(), 0xc0), 3)));
    cases[Kind.rm] = () => go(b.and(modrm(), 7));
    cases[Kind.rexB] = () => go(b.and(rex.get(), 1));
    cases[Kind.w] = () => go(b.and(b.shrU(rex.get(), 3), 1));
    cases[Kind.l] = () => go(b.and(b.shrU(vex.get(), 2), 1));
    cases[Kind.feature] = () => go(b.and(b.shrU(b.load('i32.load', FEATURES), b.load('i32.load8_u', node.get(), 1)), 1));
    cases[Kind.vex3] = () => readVex(3);
    cases[Kind.vex2] = () => readVex(2);
    b.switch(kind, cases);
  });
}

/**
 * decode.vex(next, conflict, bytes) -> VEX byte in the low byte (bit 7 set), REX bits at 8, place of the node at 16.
 * `next` points after C4 or C5 (SDM volume 2, 2.3.5); legacy prefixes or REX before it (`conflict`) are #UD.
 */
const vexPrefix = defineFunction('decode.vex', ['i32', 'i32', 'i32'], ['i32'], (b, next, conflict, bytes) => {
  const first = b.load('i32.load8_u', next);
  const isLong = b.eq(bytes, 3);
  const last = b.select(isLong, b.load('i32.load8_u', next, 1), first);
  const inverted = b.xor(first, 0xff);
  const rex = b.select(isLong, b.or(b.shrU(inverted, 5), b.shrU(b.and(last, 0x80), 4)), b.shrU(b.and(inverted, 0x80), 5));
  const map = b.select(isLong, b.and(first, 31), 1);
  const opcode = b.load('i32.load8_u', b.add(next, b.sub(bytes, 1)));
  const entry = b.add(b.mul(map, MAP_BYTES), b.shl(b.or(b.shl(opcode, 2), b.and(last, 3)), 1));
  const isGood = b.and(b.eqz(conflict), b.ltU(b.sub(map, 1), 3));
  const place = b.load('i32.load16_u', b.select(isGood, b.add(entry, MAP_TABLES + 3 * MAP_BYTES), BAD_PLACE));
  const payload = b.or(b.or(b.and(b.xor(last, 0x78), 0x7f), 0x80), b.shl(rex, 8));
  b.return(b.or(payload, b.shl(place, 16)));
});

interface MemoryOperand {
  /** 0 register, 1 base + disp, 2 indexed. */
  readonly variant: MutableValue;
  readonly base: MutableValue;
  readonly index: MutableValue;
  readonly scale: MutableValue;
  readonly disp: MutableValue;
  readonly isRipRelative: MutableValue;
}

/** ModRM with mod < 3, SIB and displacement (SDM volume 2, 2.1.5, tables 2-2 and 2-3). */
function memoryOperand(b: Builder, modrm: Value, rex: Value, next: MutableValue, operand: MemoryOperand): void {
  const mod = b.shrU(modrm, 6);
  const isWide = b.variable('i32', b.eq(mod, 2));
  const low = b.variable('i32', b.and(modrm, 7));
  const gprSlot = (number: Value): Value => b.add(b.shl(number, 3), GPR);
  operand.variant.set(1);
  const hasSib = b.eq(low.get(), 4);
  b.if(hasSib, () => {
    const sib = b.load('i32.load8_u', next.get());
    next.set(b.add(next.get(), 1));
    const index = b.or(b.and(b.shrU(sib, 3), 7), b.shl(b.and(rex, 2), 2));
    b.if(b.ne(index, 4), () => {
      operand.index.set(gprSlot(index));
      operand.scale.set(b.shrU(sib, 6));
      operand.variant.set(2);
    });
    low.set(b.and(sib, 7));
  });
  operand.base.set(gprSlot(b.or(low.get(), b.shl(b.and(rex, 1), 3))));
  b.if(b.and(b.eqz(mod), b.eq(low.get(), 5)), () => {
    operand.base.set(ZERO);
    operand.isRipRelative.set(b.eqz(hasSib));
    isWide.set(1);
  });
  b.if(isWide.get(), () => {
    operand.disp.set(b.load('i32.load', next.get()));
    next.set(b.add(next.get(), 4));
  }, () => b.if(mod, () => {
    operand.disp.set(b.load('i32.load8_s', next.get()));
    next.set(b.add(next.get(), 1));
  }));
}

function immediate(b: Builder, flags: Value, size: Value, next: MutableValue, imm: MutableValue, numbers: MutableValue): void {
  const take = (value: Value, bytes: number): void => {
    imm.set(value);
    next.set(b.add(next.get(), bytes));
  };
  const at = next.get();
  const word = (): void => take(b.load('i64.load16_u', at), 2);
  const cases: (() => void)[] = [];
  cases[Immediate.none] = () => {};
  cases[Immediate.b] = () => take(b.load('i64.load8_u', at), 1);
  cases[Immediate.bs] = () => {
    const value = b.load('i64.load8_s', at);
    take(b.select(size, value, b.zextBits(value, 16)), 1);
  };
  cases[Immediate.w] = word;
  cases[Immediate.z] = () => b.if(size, () => take(b.load('i64.load32_s', at), 4), word);
  cases[Immediate.v] = () => b.if(b.eq(size, 2), () => take(b.load('i64.load', at), 8), () => b.if(size, () => take(b.load('i64.load32_s', at), 4), word));
  cases[Immediate.one] = () => imm.set(1n);
  cases[Immediate.jb] = () => take(b.load('i64.load8_s', at), 1);
  cases[Immediate.jz] = () => take(b.load('i64.load32_s', at), 4);
  cases[Immediate.o] = () => take(b.load('i64.load', at), 8);
  cases[Immediate.wb] = () => take(b.or(b.load('i64.load16_u', at), b.shl(b.load('i64.load8_u', at, 2), 16)), 3);
  cases[Immediate.register] = () => {
    take(b.load('i64.load8_u', at), 1);
    numbers.set(b.or(numbers.get(), b.shl(b.shrU(b.wrap(imm.get()), 4), NUMBER_SHIFT.immediate)));
  };
  const kind = b.and(b.shrU(flags, Flag.immediateShift), 15);
  b.if(kind, () => b.switch(kind, cases));
}

/** Slot of a register operand (FieldWord). */
function fieldSlot(b: Builder, word: Value, numbers: Value, rex: Value): Value {
  const number = b.and(b.shrU(numbers, b.and(word, 31)), b.and(b.shrU(word, FieldWord.mask), 15));
  const slot = b.add(b.shrU(word, FieldWord.base), b.shl(number, b.and(b.shrU(word, FieldWord.stride), 7)));
  const isHigh = b.and(b.and(b.shrU(word, 12), b.eqz(rex)), b.eq(b.and(number, 12), 4));
  return b.sub(slot, b.mul(isHigh, 4 * 8 - 1));
}

export const decodeFunctions: readonly FunctionDefinition[] = [one, page, instruction, vexPrefix];
