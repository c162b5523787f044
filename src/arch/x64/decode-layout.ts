// The tables of the decoder as they lie in the state memory: addresses, node and leaf layout.
//
//   DECODER_TABLES + 0x000  the bytes of the instruction at hand, then what was consumed of them
//                  + 0x080  handler numbers of the pseudo operations, prefix slots
//                  + 0x100  prefix classes, u16 by byte
//                  + 0x300  opcode maps: u16 by map, opcode and prefix slot, the node's place
//                  + 0x3b00 nodes
// The place of a node is its distance from DECODER_TABLES in units of 4 bytes. A node begins with its kind. A leaf (kind 0)
// is one encoding; every other node chooses among places, by ModRM, REX, VEX or a CPU feature.

import { DECODER_TABLES } from '../../exec/layout.ts';

export const BYTES = DECODER_TABLES;
/** Longest instruction (SDM volume 2, 2.3.11). */
export const MAX_LENGTH = 15;
/** Bytes of BYTES filled before decoding. */
export const WINDOW = 16;
export const CONSUMED = DECODER_TABLES + 0x60;
/**
 * An entry of RECENT (exec/layout.ts), 2 ** RECENT_BITS of them: an instruction that was decoded to one operation, the same
 * at every address. `mask` covers its bytes, `key` is those bytes with one bit changed, so that an empty entry fits none.
 */
export const Recent = { mask: 0, key: 8, operation: 16, bytes: 64 } as const;
export const RECENT_BITS = 10;
/** Handlers of the operations that have no encoding, u16 each. */
export const PSEUDO = DECODER_TABLES + 0x80;
export const PSEUDO_NAMES = ['.illegal', '.fetch', '.lea', '.lea32', '.const', '.overlong'] as const;
/** Place of the leaf of an encoding that does not exist, u16. */
export const BAD_PLACE = DECODER_TABLES + 0x8c;
/** Prefix slot by the low three prefix bits. */
export const SLOT_OF = DECODER_TABLES + 0x90;
/** By byte: 0 no prefix, REX, else bits to set (low byte) after clearing those of the high byte. */
export const PREFIXES = DECODER_TABLES + 0x100;
export const MAP_TABLES = DECODER_TABLES + 0x300;
export const MAP_BYTES = 256 * 4 * 2;
export const NODES = MAP_TABLES + 7 * MAP_BYTES;

export const REX_CLASS = 0xffff;
/** Prefixes seen. */
export const Pf = { opsize: 1, rep: 2, repne: 4, fs: 8, gs: 16, addrsize: 32, lock: 64, other: 128 } as const;

/** Node kinds. Choosers: u16 places follow at +2, by the value they choose on. */
export const Kind = {
  leaf: 0,
  /** By ModRM.reg, then the same again for register operands (mod = 3). */
  reg: 1,
  /** By the low three bits of ModRM. */
  rm: 2,
  rexB: 3,
  w: 4,
  l: 5,
  /** Feature number at +1: place when it is absent, place when it is offered. */
  feature: 6,
  vex3: 7,
  vex2: 8,
  /** By the address size prefix. */
  addrsize: 9,
  /** EVEX and XOP, whose instructions have no rows: places of leaves by what follows ModRM: nothing, 8 bits, 32 bits. */
  evex: 10,
  xop: 11,
  /** By the low five bits of the next byte: below 8, or a map of XOP. */
  xopMap: 12,
} as const;

/** A leaf: u32 of flags, three field words for the register variant, three for memory, handlers, 52 bytes in all. */
export const Leaf = {
  fields: 4, // u32 each, see FieldWord
  memoryFields: 16,
  handlers: 28, // u16 by operand size (16, 32, 64) and variant (register, memory, indexed memory)
  bytes: 48,
} as const;
export const NO_HANDLER = 0xffff;

/** Flags of a leaf; the low byte is the kind. */
export const Flag = {
  modrm: 0x100,
  lockable: 0x200,
  relative: 0x400,
  string: 0x800,
  /** lea: only the offset, segments do not matter. */
  noSegment: 0x1000,
  /** pop: an address that a micro-operation computes is relative to rsp after the increment. */
  pops: 0x2000,
  /** Offset in the instruction instead of ModRM. */
  moffs: 0x4000,
  /** A VEX encoding without an operand in VEX.vvvv, which must then be 1111b. */
  noVvvv: 0x8000,
  immediateShift: 16, // 4 bits, Immediate
  size66Shift: 20, // 2 bits: operand size with 66, and without (0: 16, 1: 32, 2: 64 bits)
  sizeShift: 22,
  /** The index is a vector register. */
  vsib: 0x1000000,
} as const;

/** Kinds of immediate. Bytes and words are zero-extended; the rest is sign-extended and cut to the operand size. */
export const Immediate = { none: 0, b: 1, bs: 2, w: 3, z: 4, v: 5, one: 6, jb: 7, jz: 8, o: 9, wb: 10, register: 11 } as const;

/**
 * A register field: slot = base + (register << stride). The register's number stands in four bits of the word of
 * numbers, at `shift`; `mask` drops REX bits (0: a fixed register). Byte registers 4 to 7 are ah .. bh without REX.
 */
export const FieldWord = { shift: 0, mask: 5, stride: 9, isByte: 1 << 12, base: 16 } as const;
/** Where in the word of numbers. */
export const NUMBER_SHIFT = { reg: 0, rm: 4, opcode: 8, vvvv: 12, immediate: 16 } as const;
