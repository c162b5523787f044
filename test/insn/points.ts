// Every point of the opcode maps, whether a row has it or not: is it an instruction, natively and in elfin?
//
//   node test/insn/points.ts [--seed N] [--share PERCENT] [--show N]
//
// A point is map, opcode, mandatory prefix, W, L, VEX.vvvv used or not, ModRM.reg, and memory or register; with all of
// ModRM where that is part of the opcode. --share takes that many percent of them at random.

import { parseArgs } from 'node:util';
import { Guest } from './guest.ts';
import { isNative } from './native.ts';
import { Random } from './random.ts';
import { RawCases } from './raw.ts';
import { type Counts, report, runAll } from './raw-run.ts';

const MANDATORY = [[], [0x66], [0xf3], [0xf2]] as const;
const ESCAPES = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]] as const;
const TAIL = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x08];
/** Prefixes, REX and the bytes that lead elsewhere are no opcodes of map 0. */
const isPrefix = (byte: number): boolean =>
  (byte >= 0x40 && byte < 0x50) ||
  [0x0f, 0x26, 0x2e, 0x36, 0x3e, 0x62, 0x64, 0x65, 0x66, 0x67, 0xc4, 0xc5, 0xf0, 0xf2, 0xf3].includes(byte);
/** Opcodes whose whole ModRM byte counts, by map. */
const isWhole = (map: number, opcode: number): boolean =>
  (map === 0 && opcode >= 0xd8 && opcode < 0xe0) ||
  (map === 0 && (opcode === 0xc6 || opcode === 0xc7)) ||
  (map === 1 && [0x01, 0xae, 0xc7, 0x1e].includes(opcode));

/** ModRM bytes of an opcode: each reg with [rax] and with a register, or all. */
const modrms = (map: number, opcode: number): number[] =>
  Array.from({ length: 8 }, (_, reg) => reg << 3).flatMap((reg) =>
    isWhole(map, opcode) ? [reg, ...Array.from({ length: 8 }, (_, rm) => 0xc0 | reg | rm)] : [reg, 0xc0 | reg | 3],
  );

export function* points(): Generator<number[]> {
  for (let map = 0; map < 4; map++) {
    const escape = ESCAPES[map] as readonly number[];
    for (let opcode = 0; opcode < 256; opcode++) {
      if (map === 0 && isPrefix(opcode)) continue;
      if (map === 1 && (opcode === 0x38 || opcode === 0x3a)) continue;
      for (const prefix of MANDATORY)
        for (const rex of [[], [0x48]])
          for (const modrm of modrms(map, opcode)) yield [...prefix, ...rex, ...escape, opcode, modrm, ...TAIL];
    }
  }
  for (let map = 1; map < 4; map++) {
    for (let opcode = 0; opcode < 256; opcode++)
      for (let pp = 0; pp < 4; pp++)
        for (const w of [0, 0x80])
          for (const l of [0, 4])
            for (const vvvv of [0x78, 0x30])
              for (const modrm of modrms(-1, opcode)) yield [0xc4, 0xe0 | map, w | vvvv | l | pp, opcode, modrm, ...TAIL];
  }
}

/** Checks a share of the points. */
export function checkPoints(guest: Guest, seed: number, percent: number): Counts {
  const cases = new RawCases(guest);
  const random = new Random(seed);
  const chosen = [...points()].filter(() => percent >= 100 || random.chance(percent));
  return runAll(cases, chosen.values(), random, true);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      share: { type: 'string', default: '100' },
      show: { type: 'string', default: '60' },
    },
  });
  if (isNative())
    report(
      checkPoints(new Guest(), Number(values.seed), Number(values.share)),
      `points (seed ${values.seed})`,
      Number(values.show),
    );
  else console.log('0 points: this machine has no x86-64 CPU or no gcc');
}
