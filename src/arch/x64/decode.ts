// The decoder, as functions of the generated module: guest bytes to decoded operations (exec/layout.ts Op).
//
//   decode.one ------> decode.instruction: prefixes, opcode (decode-opcode.ts) -> ModRM, immediate (decode-operands.ts)
//      \-> decode.page (near FETCH_LIMIT: page after page)               -> one operation or two (decode-operation.ts)
//
// The instruction's bytes are first copied to BYTES, so that decoding itself never reads where it may not.

import { Distance, FETCH_LIMIT, Op, RECENT } from '../../exec/layout.ts';
import type { Builder } from '../../ir/builder.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import { BYTES, CONSUMED, Flag, Leaf, MAX_LENGTH, NO_HANDLER, RECENT_BITS, Recent, WINDOW } from './decode-layout.ts';
import { takeOpcode, takePrefixes, vexPrefix } from './decode-opcode.ts';
import { chooseSize, fieldSlot, takeImmediate, takeOperands, takeVectorIndex } from './decode-operands.ts';
import { addSegment, applyPrefixes, constantAddress, writeOperation } from './decode-operation.ts';
import { newDecoding, pseudoHandler } from './decode-state.ts';
import { RSP, TMP0, ZERO } from './regs.ts';

/** decode.one(rip, op) -> address after the last operation written at op. */
const one = defineFunction('decode.one', ['i32', 'i32'], ['i32'], (b, rip, op) => {
  const limit = b.load('i32.load', FETCH_LIMIT);
  b.if(b.and(b.ltU(rip, limit), b.geU(b.sub(limit, rip), WINDOW)), () => {
    const bytes = b.load('i64.load', rip, 0, 'guest');
    const recent = recentPlace(b, bytes);
    const isKnown = b.eq(
      b.xor(b.and(bytes, b.load('i64.load', recent, Recent.mask)), 1n),
      b.load('i64.load', recent, Recent.key),
    );
    b.if(isKnown, () => {
      for (const at of [0, 8, 16]) b.store('i64.store', op, b.load('i64.load', recent, Recent.operation + at), at);
      b.store('i64.store', op, b.zext(rip), Op.rip);
      b.return(b.add(op, Op.bytes));
    });
    b.store('i64.store', BYTES, bytes);
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

/** Everything about one instruction; what it read of the bytes, needed or not, goes to CONSUMED. */
const instruction = defineFunction('decode.instruction', ['i32', 'i32'], ['i32'], (b, rip, start) => {
  const d = newDecoding(b);
  takePrefixes(b, d);
  takeOpcode(b, d);
  const leaf = d.node.get();
  const flags = b.load('i32.load', leaf);
  takeOperands(b, flags, d);
  chooseSize(b, flags, d);
  takeImmediate(b, flags, d);
  const length = b.sub(d.next.get(), BYTES);
  const after = b.add(rip, length);
  b.store('i32.store', CONSUMED, length);
  b.if(b.and(flags, Flag.relative), () => d.imm.set(b.add(d.imm.get(), b.zext(after))));

  const { variant, base, index, scale, disp, micro, segment, isIllegal } = d;
  const vectorIndex = b.variable('i32', 0),
    vectorScale = b.variable('i32', 0);
  // A register in VEX.vvvv that is no operand.
  const hasVvvv = b.ne(b.and(d.vex.get(), 0x78), 0);
  isIllegal.set(b.and(b.shrU(flags, Math.log2(Flag.noVvvv)), hasVvvv));
  b.if(
    b.and(flags, Flag.vsib),
    () => {
      const vector = takeVectorIndex(b, d);
      vectorIndex.set(vector.slot);
      vectorScale.set(vector.scale);
    },
    // A segment base may become the base, and the base the index.
    () => b.if(b.eqz(index.get()), () => scale.set(0)),
  );
  const isMemory = b.ne(variant.get(), 0);
  const words = b.add(leaf, b.select(isMemory, Leaf.memoryFields, Leaf.fields));
  const r0 = b.variable('i32', fieldSlot(b, b.load('i32.load', words), d));
  const r1 = fieldSlot(b, b.load('i32.load', words, 4), d);
  applyPrefixes(b, flags, isMemory, r0, d);
  // A target where no code can be: an operation of its own computes it.
  b.if(b.and(b.ne(b.and(flags, Flag.relative), 0), b.ne(b.shrU(d.imm.get(), 32), 0n)), () => {
    variant.set(1);
    segment.set(ZERO);
    d.address.set(d.imm.get());
    micro.set(pseudoHandler(b, '.const'));
    scale.set(Distance.imm);
  });
  b.if(
    b.or(d.isRipRelative.get(), b.and(flags, Flag.moffs)),
    () => constantAddress(b, after, d),
    () => b.if(b.and(isMemory, b.and(b.ne(segment.get(), ZERO), b.eq(micro.get(), NO_HANDLER))), () => addSegment(b, d)),
  );

  const handlers = b.add(b.add(leaf, b.mul(d.size.get(), 6)), Leaf.handlers);
  const handler = b.variable('i32', b.load('i32.load16_u', b.add(handlers, b.shl(variant.get(), 1))));
  b.if(b.and(b.eq(handler.get(), NO_HANDLER), b.eq(micro.get(), NO_HANDLER)), () => micro.set(pseudoHandler(b, '.lea')));
  const op = b.variable('i32', start);
  const place = { rip, length };
  const memory = (): Record<'base' | 'index' | 'scale' | 'disp', Value> => ({
    base: base.get(),
    index: index.get(),
    scale: scale.get(),
    disp: disp.get(),
  });
  b.if(b.ne(micro.get(), NO_HANDLER), () => {
    b.if(b.and(b.ne(b.and(flags, Flag.pops), 0), b.eq(base.get(), RSP)), () => {
      disp.set(b.add(disp.get(), b.select(d.size.get(), 8, 2)));
    });
    writeOperation(b, start, { ...place, ...memory(), handler: micro.get(), r1: segment.get(), imm: d.address.get() });
    op.set(b.add(start, Op.bytes));
    handler.set(b.load('i32.load16_u', handlers, 2));
    base.set(TMP0);
    index.set(ZERO);
    disp.set(0);
    scale.set(0);
  });
  // A third register stands in the field of the index, which such forms do not have.
  const third = b.load('i32.load', words, 8);
  b.if(third, () => index.set(fieldSlot(b, third, d)));
  b.if(vectorIndex.get(), () => {
    index.set(vectorIndex.get());
    scale.set(vectorScale.get());
  });
  b.if(isIllegal.get(), () => {
    op.set(start);
    handler.set(pseudoHandler(b, '.illegal'));
    r0.set(0);
  });
  b.if(b.gtU(length, MAX_LENGTH), () => {
    op.set(start);
    handler.set(pseudoHandler(b, '.overlong'));
  });
  writeOperation(b, op.get(), { ...place, ...memory(), handler: handler.get(), r0: r0.get(), r1, imm: d.imm.get() });
  // One operation that says nothing of where it stands.
  const isPlain = b.and(
    b.and(b.eq(op.get(), start), b.leU(length, 8)),
    b.and(b.eqz(b.and(flags, Flag.relative | Flag.moffs)), b.eqz(d.isRipRelative.get())),
  );
  b.if(isPlain, () => {
    const bytes = b.load('i64.load', BYTES);
    const recent = recentPlace(b, bytes);
    const mask = b.shrU(-1n, b.zext(b.shl(b.sub(8, length), 3)));
    b.store('i64.store', recent, mask, Recent.mask);
    b.store('i64.store', recent, b.xor(b.and(bytes, mask), 1n), Recent.key);
    for (const at of [0, 8, 16]) b.store('i64.store', recent, b.load('i64.load', start, at), Recent.operation + at);
  });
  b.return(b.add(op.get(), Op.bytes));
});

/** Where in RECENT an instruction belongs that begins so. */
const recentPlace = (b: Builder, bytes: Value): Value =>
  b.add(b.shl(b.shrU(b.mul(b.and(b.wrap(bytes), 0xffffff), 0x9e3779b1 | 0), 32 - RECENT_BITS), Math.log2(Recent.bytes)), RECENT);

export const decodeFunctions: readonly FunctionDefinition[] = [one, page, instruction, vexPrefix];
