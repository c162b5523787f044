// The locals of the decoder while it works on one instruction, shared by its parts.

import type { Builder, MutableValue } from '../../ir/builder.ts';
import type { Value } from '../../ir/value.ts';
import { BYTES, NO_HANDLER, PSEUDO, PSEUDO_NAMES } from './decode-layout.ts';
import { ZERO } from './regs.ts';

export interface Decoding {
  /** Address of the next byte to take. */
  readonly next: MutableValue;
  /** The byte taken last. */
  readonly byte: MutableValue;
  /** REX, or its low four bits as VEX has them. */
  readonly rex: MutableValue;
  /** Pf bits. */
  readonly prefixes: MutableValue;
  /** pp, L, vvvv as in the last byte of a VEX prefix but vvvv not inverted, and bit 7 set; 0 without one. */
  readonly vex: MutableValue;
  readonly opcode: MutableValue;
  /** Address of the chooser or leaf. */
  readonly node: MutableValue;
  /** Register numbers of all places, four bits each (NUMBER_SHIFT). */
  readonly numbers: MutableValue;
  /** 0 register, 1 base + disp, 2 indexed. */
  readonly variant: MutableValue;
  readonly base: MutableValue;
  readonly index: MutableValue;
  readonly scale: MutableValue;
  readonly disp: MutableValue;
  readonly isRipRelative: MutableValue;
  readonly imm: MutableValue;
  /** 0, 1, 2: 16, 32, 64 bits. */
  readonly size: MutableValue;
  /** Slot of the segment base that is not yet part of base and index. */
  readonly segment: MutableValue;
  /** Handler of the micro-operation that computes the address first. */
  readonly micro: MutableValue;
  /** Immediate of that micro-operation. */
  readonly address: MutableValue;
  readonly isIllegal: MutableValue;
}

export function newDecoding(b: Builder): Decoding {
  const i32 = (initial = 0): MutableValue => b.variable('i32', initial);
  return {
    next: i32(BYTES),
    byte: i32(),
    rex: i32(),
    prefixes: i32(),
    vex: i32(),
    opcode: i32(),
    node: i32(),
    numbers: i32(),
    variant: i32(),
    base: i32(ZERO),
    index: i32(ZERO),
    scale: i32(),
    disp: i32(),
    isRipRelative: i32(),
    imm: b.variable('i64', 0n),
    size: i32(2),
    segment: i32(ZERO),
    micro: i32(NO_HANDLER),
    address: b.variable('i64', 0n),
    isIllegal: i32(),
  };
}

/** Takes one byte. */
export function take(b: Builder, { next, byte }: Decoding): void {
  byte.set(b.load('i32.load8_u', next.get()));
  next.set(b.add(next.get(), 1));
}

/** Sets more bits of a variable. */
export const include = (b: Builder, variable: MutableValue, bits: Value): void => variable.set(b.or(variable.get(), bits));

/** Handler number of a pseudo operation. */
export const pseudoHandler = (b: Builder, name: (typeof PSEUDO_NAMES)[number]): Value =>
  b.load('i32.load16_u', b.i32(PSEUDO + 2 * PSEUDO_NAMES.indexOf(name)));
