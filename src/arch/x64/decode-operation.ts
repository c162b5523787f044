// What the decoder writes: operations, and the choice between an address of the operation itself and a micro-operation.

import { Distance, Op } from '../../exec/layout.ts';
import type { Builder } from '../../ir/builder.ts';
import type { Value } from '../../ir/value.ts';
import { Flag, NO_HANDLER, Pf } from './decode-layout.ts';
import { type Decoding, pseudoHandler } from './decode-state.ts';
import { FS_BASE, GS_BASE, ZERO } from './regs.ts';

export interface Fields {
  handler: Value;
  rip: Value;
  length: Value;
  r0?: Value;
  r1?: Value;
  base?: Value;
  index?: Value;
  scale?: Value;
  disp?: Value;
  imm?: Value;
}

/** Writes all fields of an operation but its count. */
export function writeOperation(b: Builder, op: Value, fields: Fields): void {
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

/** Segment overrides, address size and LOCK: `isMemory` is 0 or 1, `r0` the first field. */
export function applyPrefixes(b: Builder, flags: Value, isMemory: Value, r0: { set(value: Value): void }, d: Decoding): void {
  const { prefixes, segment, micro, isIllegal } = d;
  const has = (bits: number): Value => b.and(prefixes.get(), bits);
  b.if(has(Pf.fs | Pf.gs | Pf.addrsize | Pf.lock), () => {
    b.if(has(Pf.fs | Pf.gs), () => segment.set(b.select(has(Pf.fs), FS_BASE, GS_BASE)));
    b.if(b.and(flags, Flag.noSegment), () => segment.set(ZERO));
    b.if(b.and(flags, Flag.string), () => r0.set(segment.get()));
    b.if(has(Pf.lock), () => b.if(b.or(b.eqz(b.and(flags, Flag.lockable)), b.eqz(isMemory)), () => isIllegal.set(1)));
    b.if(b.and(b.ne(has(Pf.addrsize), 0), isMemory), () => micro.set(pseudoHandler(b, '.lea32')));
  });
}

/** An address that is a number: relative to `after`, the end of the instruction, or an offset in the instruction. */
export function constantAddress(b: Builder, after: Value, d: Decoding): void {
  const { variant, isRipRelative, address, disp, imm, base, scale, segment, micro, prefixes } = d;
  variant.set(1);
  b.if(
    isRipRelative.get(),
    () => address.set(b.add(b.sext(disp.get()), b.zext(after))),
    () => {
      address.set(imm.get());
      imm.set(0n);
    },
  );
  b.if(b.and(prefixes.get(), Pf.addrsize), () => address.set(b.zextBits(address.get(), 32)));
  b.if(
    b.gtU(address.get(), 0x7fffffffn),
    () => {
      micro.set(pseudoHandler(b, '.const'));
      scale.set(Distance.imm);
    },
    () => {
      b.if(isRipRelative.get(), () => scale.set(Distance.disp));
      disp.set(b.wrap(address.get()));
      base.set(segment.get());
      micro.set(NO_HANDLER);
    },
  );
}

/** The segment base as base or index of the address, where one of them is free. */
export function addSegment(b: Builder, { variant, base, index, segment, micro }: Decoding): void {
  const asBase = (): void => {
    base.set(segment.get());
    segment.set(ZERO);
  };
  b.if(b.eqz(base.get()), asBase, () =>
    b.if(
      b.eq(variant.get(), 1),
      () => {
        index.set(base.get());
        variant.set(2);
        asBase();
      },
      () => micro.set(pseudoHandler(b, '.lea')),
    ),
  );
}
