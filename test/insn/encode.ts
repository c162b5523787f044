// Turns an encoding of a row into bytes with random operands, and says what registers must hold for its memory operand.

import { type Encoding, FIRST_VEX_MAP, hasModRM, type OperandCode, type Variant } from '../../src/arch/x64/encoding.ts';
import { CODE_START, DATA, DATA_SIZE } from './cases.ts';
import type { Random } from './random.ts';

export interface Encoded {
  readonly bytes: number[];
  /** Adjusts registers so that the memory operand lies somewhere in the data pages, or where it should not. */
  readonly prepare: (gpr: BigUint64Array, random: Random) => void;
  /** Number of the vector register that is an index. */
  readonly vectorIndex: number | undefined;
}

/** An address near what can go wrong: page ends, the read-only page, the end of memory, nothing at all. */
export function address(random: Random): bigint {
  const kind = random.below(100);
  if (kind < 2) return BigInt.asUintN(64, random.u64());
  if (kind < 3) return BigInt(random.below(64));
  // The end of the canonical half.
  if (kind < 4) return (1n << 47n) - BigInt(random.below(40));
  const edge = kind < 12 ? 4096 : kind < 18 ? 8192 : kind < 22 ? DATA_SIZE : kind < 26 ? 0 : undefined;
  const aligned = random.chance(60) ? ~15 : -1;
  if (edge === undefined) return BigInt(DATA + ((256 + random.below(7000)) & aligned));
  return BigInt(DATA + ((edge - 24 + random.below(48)) & aligned));
}

interface Memory {
  readonly modrm: number;
  readonly sib?: number;
  readonly disp: readonly number[];
  readonly x: number;
  readonly b: number;
  readonly prepare: Encoded['prepare'];
  /** rip-relative: the target, from which the displacement follows once the length is known. */
  readonly target?: bigint;
}

const little = (value: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

function memory(random: Random): Memory {
  const target = address(random);
  const isLow = target < 0x70000000n;
  if (isLow && random.chance(10)) return { modrm: 5, disp: [0, 0, 0, 0], x: 0, b: 0, prepare: () => {}, target };
  const size = random.pick([0, 1, 4]);
  const disp = size === 0 ? 0n : size === 1 ? BigInt.asIntN(8, random.u64()) : BigInt.asIntN(random.pick([12, 32]), random.u64());
  const mod = size === 0 ? 0 : size === 1 ? 0x40 : 0x80;
  const base = random.below(16),
    index = random.below(16),
    scale = random.below(4);
  const bytes = little(disp, size);
  if (isLow && random.chance(5)) return { modrm: 4, sib: 0x25, disp: little(target, 4), x: 0, b: 0, prepare: () => {} };
  const needsDisp = size === 0 && (base & 7) === 5;
  if (random.chance(40) && index !== 4 && index !== base && !needsDisp) {
    return {
      modrm: mod | 4,
      sib: (scale << 6) | ((index & 7) << 3) | (base & 7),
      disp: bytes,
      x: index >> 3,
      b: base >> 3,
      prepare: (gpr, random) => {
        if (random.chance(80)) gpr[index] = BigInt.asUintN(64, BigInt(random.below(512) - 256));
        gpr[base] = BigInt.asUintN(64, address(random) - disp - ((gpr[index] as bigint) << BigInt(scale)));
      },
    };
  }
  const prepare: Encoded['prepare'] = (gpr, random) => {
    gpr[base] = BigInt.asUintN(64, address(random) - disp);
  };
  const [finalMod, finalBytes] = needsDisp ? [0x40, [0]] : [mod, bytes];
  if (needsDisp || (base & 7) !== 4) return { modrm: finalMod | (base & 7), disp: finalBytes, x: 0, b: base >> 3, prepare };
  return { modrm: mod | 4, sib: 0x20 | (base & 7), disp: bytes, x: 0, b: base >> 3, prepare };
}

/** base + disp + vector index; the index is around 0, so that its elements are near the target. */
function vectorMemory(random: Random): Memory {
  const disp = random.chance(50) ? BigInt.asIntN(8, random.u64()) : 0n;
  const base = random.below(16),
    index = random.below(16),
    scale = random.below(4);
  return {
    modrm: 0x44,
    sib: (scale << 6) | ((index & 7) << 3) | (base & 7),
    disp: little(disp, 1),
    x: index >> 3,
    b: base >> 3,
    prepare: (gpr, random) => {
      gpr[base] = BigInt.asUintN(64, address(random) - disp);
    },
  };
}

/** Segment overrides that mean nothing in 64-bit mode. */
const IGNORED_PREFIXES = [0x26, 0x2e, 0x36, 0x3e] as const;
const PREFIX_OF_SLOT = [undefined, 0x66, 0xf3, 0xf2] as const;

export function encode(encoding: Encoding, bits: number, variant: Variant, random: Random): Encoded {
  const { operands, row, map, opcode } = encoding;
  const find = (places: string): OperandCode | undefined =>
    operands.find(({ place }) => place.length === 1 && places.includes(place));
  const isVex = map >= FIRST_VEX_MAP;
  // NFx: 66 is the operand size.
  const slot = encoding.slots && encoding.slots[0] !== 0 ? random.pick(encoding.slots) : 0;
  const number = random.below(16);
  let rex = bits === 64 && !row.options.default64 ? 8 : 0;
  if (encoding.w !== undefined) rex = encoding.w << 3;
  let modrm: number[] = [],
    tail: number[] = [],
    low = 0;
  let memoryOperand: Memory | undefined;
  const hasShortAddress = !row.options.vsib && !row.options.addressSize && random.chance(4) && (variant === 'mem' || !!find('O'));
  if (encoding.isPlusRegister) {
    low = number & 7;
    rex |= number >> 3;
  } else if (encoding.modrm !== undefined) modrm = [encoding.isPlusStack ? encoding.modrm | random.below(8) : encoding.modrm];
  else if (hasModRM(encoding)) {
    const segment = find('S'),
      mmx = find('P');
    const reg = encoding.reg ?? (segment ? random.below(6) : mmx ? random.below(8) : number);
    if (encoding.reg === undefined) rex |= (reg >> 3) << 2;
    if (variant === 'reg') {
      const rm = find('QN') ? random.below(8) : random.below(16);
      modrm = [0xc0 | ((reg & 7) << 3) | (rm & 7)];
      rex |= rm >> 3;
    } else {
      memoryOperand = row.options.vsib ? vectorMemory(random) : memory(random);
      rex |= (memoryOperand.x << 1) | memoryOperand.b;
      modrm = [memoryOperand.modrm | ((reg & 7) << 3), ...(memoryOperand.sib === undefined ? [] : [memoryOperand.sib])];
      tail = [...memoryOperand.disp];
    }
  }
  for (const { place, size } of operands) {
    const value = random.integer();
    if (place === 'I')
      tail.push(
        ...little(
          value,
          size === 'b' || size === 'bs' ? 1 : size === 'w' || bits === 16 ? 2 : size === 'v' && bits === 64 ? 8 : 4,
        ),
      );
    else if (place === 'L') tail.push(random.below(16) << 4);
    else if (place === 'J') {
      // Not into the code itself: what stands there might never end, or run half of an instruction.
      const distance = size === 'b' ? random.below(240) - 128 : random.below(0xe00) - 0x700;
      tail.push(...little(BigInt(distance < -16 ? distance : distance + 16), size === 'b' ? 1 : 4));
    } else if (place === 'O') tail.push(...little(address(random), hasShortAddress ? 4 : 8));
  }
  const prefixes: number[] = [];
  if (row.options.lockable && memoryOperand && 'EM'.includes(operands[0]?.place as string) && random.chance(20))
    prefixes.push(0xf0);
  if (!isVex && random.chance(3)) prefixes.push(random.pick(IGNORED_PREFIXES));
  if (row.options.addressSize || hasShortAddress) prefixes.push(0x67);
  if (bits === 16 && !isVex) prefixes.push(0x66);
  const mandatory = isVex ? undefined : PREFIX_OF_SLOT[slot];
  if (mandatory !== undefined) prefixes.push(mandatory);
  let head: number[];
  if (isVex) {
    const vvvv = find('BH') ? random.below(16) : 0;
    const l = encoding.l ?? random.below(2);
    const pp = slot;
    const rest = ((~vvvv & 15) << 3) | (l << 2) | pp;
    const isShort = map === FIRST_VEX_MAP && (rex & 11) === 0 && random.chance(50);
    head = isShort
      ? [...prefixes, 0xc5, ((~rex & 4) << 5) | rest, opcode]
      : [...prefixes, 0xc4, ((~rex & 7) << 5) | (map - 3), ((rex & 8) << 4) | rest, opcode];
  } else {
    const escape = map === 0 ? [] : map === 1 ? [0x0f] : map === 2 ? [0x0f, 0x38] : [0x0f, 0x3a];
    // A REX without bits only changes what byte registers 4 to 7 mean.
    const hasRex = rex !== 0 || random.chance(20);
    head = [...prefixes, ...(hasRex && opcode !== 0x90 ? [0x40 | rex] : rex ? [0x40 | rex] : []), ...escape, opcode | low];
  }
  const bytes = [...head, ...modrm, ...tail];
  if (memoryOperand?.target !== undefined) {
    const at = head.length + modrm.length;
    little(memoryOperand.target - BigInt(CODE_START + bytes.length), 4).forEach((byte, i) => {
      bytes[at + i] = byte;
    });
  }
  const vectorIndex = row.options.vsib ? (((memoryOperand?.sib ?? 0) >> 3) & 7) | ((memoryOperand?.x ?? 0) << 3) : undefined;
  return { bytes, prepare: memoryOperand?.prepare ?? (() => {}), vectorIndex };
}
