// The decoder's first half: prefixes, opcode, and the way down to the leaf of an encoding.

import { FEATURES } from '../../exec/layout.ts';
import type { Builder } from '../../ir/builder.ts';
import { defineFunction } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import { BAD_PLACE, BYTES, Kind, MAP_BYTES, MAP_TABLES, MAX_LENGTH, Pf, PREFIXES, REX_CLASS, SLOT_OF } from './decode-layout.ts';
import { type Decoding, take } from './decode-state.ts';

/** Address of the node at a place. */
const nodeAt = (b: Builder, place: Value): Value => b.add(b.shl(place, 2), BYTES);

/** Legacy prefixes in any order; REX counts only directly before the opcode (SDM volume 2, 2.1.1, 2.2.1). */
export function takePrefixes(b: Builder, d: Decoding): void {
  const { byte, rex, prefixes, next } = d;
  b.loop((loop) => {
    take(b, d);
    const found = b.load('i32.load16_u', b.shl(byte.get(), 1), PREFIXES);
    b.if(b.eqz(found), () => loop.break());
    b.if(
      b.eq(found, REX_CLASS),
      () => rex.set(byte.get()),
      () => {
        rex.set(0);
        prefixes.set(b.or(b.and(prefixes.get(), b.xor(b.shrU(found, 8), -1)), b.and(found, 0xff)));
      },
    );
    b.if(b.gtU(next.get(), BYTES + MAX_LENGTH), () => loop.break());
  });
}

/** The byte taken is the opcode's first: takes the rest and walks to the leaf. */
export function takeOpcode(b: Builder, d: Decoding): void {
  const { byte, prefixes, opcode, node } = d;
  const map = b.variable('i32', MAP_TABLES);
  b.if(b.eq(byte.get(), 0x0f), () => {
    map.set(MAP_TABLES + MAP_BYTES);
    take(b, d);
    // 0F 38 and 0F 3A
    b.if(b.eq(b.and(byte.get(), 0xfd), 0x38), () => {
      map.set(b.add(b.mul(b.and(b.shrU(byte.get(), 1), 1), MAP_BYTES), MAP_TABLES + 2 * MAP_BYTES));
      take(b, d);
    });
  });
  const slot = b.load('i32.load8_u', b.and(prefixes.get(), Pf.opsize | Pf.rep | Pf.repne), SLOT_OF);
  const entry = b.add(map.get(), b.shl(b.add(b.shl(byte.get(), 2), slot), 1));
  opcode.set(byte.get());
  node.set(nodeAt(b, b.load('i32.load16_u', entry)));
  choose(b, d);
}

/** Walks the choosers down to a leaf. */
function choose(b: Builder, { node, next, rex, prefixes, vex, opcode }: Decoding): void {
  const go = (choice: Value): void => node.set(nodeAt(b, b.load('i32.load16_u', b.add(node.get(), b.shl(choice, 1)), 2)));
  const modrm = (): Value => b.load('i32.load8_u', next.get());
  const readVex = (bytes: 2 | 3): void => {
    const [payload] = b.call(
      'decode.vex',
      [next.get(), b.or(rex.get(), b.and(prefixes.get(), Pf.opsize | Pf.rep | Pf.repne | Pf.lock)), b.i32(bytes)],
      ['i32'],
    ) as [Value];
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
    cases[Kind.xopMap] = () => go(b.geU(b.and(modrm(), 31), 8));
    cases[Kind.addrsize] = () => go(b.and(b.shrU(prefixes.get(), Math.log2(Pf.addrsize)), 1));
    /** After 62 or 8F: `bytes` more with the opcode, the first of them RXB inverted and the map; then ModRM. */
    const skip = (bytes: number, immediate: (map: Value) => Value): void => {
      const first = b.load('i32.load8_u', next.get());
      next.set(b.add(next.get(), bytes));
      rex.set(b.and(b.shrU(b.xor(first, 0xff), 5), 7));
      opcode.set(b.load('i32.load8_u', b.sub(next.get(), 1)));
      go(immediate(b.and(first, 31)));
    };
    // Map 0F 3A has an immediate, and so have shuffles, shifts and the like of map 0F.
    cases[Kind.evex] = () =>
      skip(4, (map) => {
        const at = opcode.get();
        const isShort = b.or(b.eq(b.and(at, 0xfc), 0x70), b.or(b.eq(at, 0xc2), b.ltU(b.sub(at, 0xc4), 3)));
        return b.or(b.eq(b.and(map, 7), 3), b.and(b.eq(b.and(map, 7), 1), isShort));
      });
    // AMD manual volume 4, 1.1.5: map 8 with 8 bits, 9 with none, 10 with 32.
    cases[Kind.xop] = () => skip(3, (map) => b.select(b.eq(map, 8), 1, b.select(b.eq(map, 10), 2, 0)));
    cases[Kind.vex3] = () => readVex(3);
    cases[Kind.vex2] = () => readVex(2);
    b.switch(kind, cases);
  });
}

/**
 * decode.vex(next, conflict, bytes) -> VEX byte in the low byte (bit 7 set), REX bits at 8, place of the node at 16.
 * `next` points after C4 or C5 (SDM volume 2, 2.3.5); legacy prefixes or REX before it (`conflict`) are #UD.
 */
export const vexPrefix = defineFunction('decode.vex', ['i32', 'i32', 'i32'], ['i32'], (b, next, conflict, bytes) => {
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
