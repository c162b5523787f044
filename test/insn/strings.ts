// Random byte strings, one instruction each, on the CPU and in elfin.
//
//   node test/insn/strings.ts [--seed N] [--count N] [--show N]
//
// Half of them begin like instructions: prefixes, an escape, an opcode; the rest is noise.

import { parseArgs } from 'node:util';
import { Guest } from './guest.ts';
import { isNative } from './native.ts';
import { Random } from './random.ts';
import { RawCases } from './raw.ts';
import { type Counts, report, runAll } from './raw-run.ts';

const LENGTH = 15;
const PREFIXES = [0x66, 0xf3, 0xf2, 0x67, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65];
const ESCAPES = [[], [], [0x0f], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];

export function byteString(random: Random): number[] {
  const bytes: number[] = [];
  if (random.chance(75)) {
    const prefixes = random.chance(50) ? 0 : random.chance(95) ? 1 + random.below(2) : random.below(16);
    for (let i = 0; i < prefixes; i++) bytes.push(random.pick(PREFIXES));
    if (random.chance(20)) {
      // VEX, its upper bits mostly as they are without extended registers.
      const inverted = random.chance(60) ? 0xe0 : random.below(8) << 5;
      if (random.chance(50)) bytes.push(0xc5, random.below(256));
      else bytes.push(0xc4, inverted | (random.chance(90) ? 1 + random.below(3) : random.below(32)), random.below(256));
    } else {
      if (random.chance(40)) bytes.push(0x40 | random.below(16));
      bytes.push(...random.pick(ESCAPES));
    }
  }
  while (bytes.length < LENGTH + 1) bytes.push(random.below(256));
  return bytes.slice(0, LENGTH + 1);
}

export function checkStrings(guest: Guest, seed: number, count: number): Counts {
  const random = new Random(seed);
  function* strings(): Generator<number[]> {
    for (let i = 0; i < count; i++) yield byteString(random);
  }
  return runAll(new RawCases(guest), strings(), random, false);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '1000000' },
      show: { type: 'string', default: '60' },
    },
  });
  const [seed, count, show] = [Number(values.seed), Number(values.count), Number(values.show)];
  if (isNative()) report(checkStrings(new Guest(), seed, count), `byte strings (seed ${seed})`, show);
  else console.log('0 byte strings: this machine has no x86-64 CPU or no gcc');
}
