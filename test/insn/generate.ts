// Makes random cases from the rows: every encoding, operand size and choice of register or memory in turn.

import { type Encoding, encodingsOf, rmKind, sizesOf, type Variant, variantsOf } from '../../src/arch/x64/encoding.ts';
import type { Row } from '../../src/arch/x64/insn.ts';
import { type Case, CODE, CODE_START, DATA_SIZE, INITIAL_MXCSR, initialFx } from './cases.ts';
import { address, type Encoded, encode } from './encode.ts';
import { Random } from './random.ts';
import { setTies } from './ties.ts';

/** One thing to test. */
export interface Subject {
  readonly row: Row;
  readonly encoding: Encoding;
  readonly bits: number;
  readonly variant: Variant;
}

/** What differs from run to run, leaves the sandbox or has no result to compare. */
const SKIPPED = new Set([
  'syscall',
  'int',
  'int1',
  'rdtsc',
  'rdtscp',
  'cpuid',
  'xgetbv',
  'rdrand',
  'rdseed',
  'rdssp',
  'smsw',
  'sldt',
  'str',
  'sgdt',
  'sidt',
  // What they save and restore is as much as the host's XCR0 has.
  'xsave',
  'xsaveopt',
  'xsavec',
  'xrstor',
  'mov cr',
  'mov dr',
]);

/** Is there nothing to compare but whether it is an instruction? */
export const isSkipped = (name: string): boolean => SKIPPED.has(name);

export function subjects(rows: readonly Row[]): Subject[] {
  return rows.flatMap((row) =>
    isSkipped(row.name)
      ? []
      : encodingsOf(row).flatMap((encoding) =>
          encoding.operands[0]?.place === 'S'
            ? []
            : sizesOf(encoding).flatMap((bits) =>
                variantsOf(encoding)
                  .filter((variant) => variant !== 'indexed' && !(variant === 'mem' && rmKind(encoding) === undefined))
                  .map((variant) => ({ row, encoding, bits, variant })),
              ),
        ),
  );
}

export const nameOf = ({ row, encoding, bits, variant }: Subject): string => `${row.name} '${encoding.key}' ${bits} ${variant}`;

const RSP = 4,
  RCX = 1;
const CF_TO_OF = 0x8d5,
  AF = 0x10,
  DF = 0x400,
  ALWAYS = 0x202;
const FUSED = /^vfn?m/;
const STRING = /^(rep\w* )?(movs|stos|lods|cmps|scas)$/;

/** Operations on rax and rbx put before a case now and then, so that its flags come in every lazy form: bytes, undefined flags. */
const FLAG_SETTERS: readonly (readonly [bytes: readonly number[], undefinedFlags: number])[] = [
  ...[
    [0x48, 0x39, 0xd8],
    [0x39, 0xd8],
    [0x66, 0x39, 0xd8],
    [0x38, 0xd8],
    [0x48, 0x01, 0xd8],
    [0x01, 0xd8],
    [0x66, 0x01, 0xd8],
    [0x00, 0xd8],
  ],
  ...[
    [0x48, 0xff, 0xc3],
    [0xfe, 0xcb],
    [0x48, 0xf7, 0xdb],
    [0x11, 0xd8],
    [0x19, 0xc0],
    [0x48, 0x29, 0xd8],
    [0x2c, 0x7f],
    [0x83, 0xf8, 0xff],
  ],
  ...[
    [0x3c, 0x80],
    [0x3d, 0x00, 0x00, 0x00, 0x80],
    [0x66, 0x83, 0xf8, 0x01],
    [0x48, 0x83, 0xfb, 0x10],
  ],
].map((bytes) => [bytes, 0] as const);
const LOGIC_SETTERS = [
  [0x48, 0x85, 0xdb],
  [0x85, 0xc0],
  [0x84, 0xdb],
  [0xa8, 0x81],
  [0x66, 0x85, 0xd8],
  [0x21, 0xd8],
  [0x83, 0xe0, 0x80],
  [0x48, 0x31, 0xd8],
  [0xf6, 0xc4, 0x40],
].map((bytes) => [bytes, AF] as const);
const SETTERS = [...FLAG_SETTERS, ...LOGIC_SETTERS];
const READS_FLAGS = /^(j|set|cmov|loop)/;

/** Contents of the data pages; a few for all cases, because making them takes longest. */
const contents = new Map<number, Uint8Array>();
export function dataOf(seed: number): Uint8Array {
  const number = seed & 31;
  const known = contents.get(number);
  if (known) return known;
  const random = new Random(number + 1);
  const data = new Uint8Array(DATA_SIZE);
  const view = new DataView(data.buffer);
  const few = number % 4 === 0 ? random.integer() : undefined;
  for (let at = 0; at < DATA_SIZE; at += 8) {
    const any = (): bigint =>
      random.chance(5) ? BigInt(CODE + random.below(4000)) : random.chance(50) ? random.float() : random.integer();
    view.setBigUint64(at, few !== undefined && random.chance(97) ? few : any(), true);
  }
  contents.set(number, data);
  return data;
}

/** A case but for its state, of which one code can have many. */
interface Code extends Pick<Case, 'code' | 'rip' | 'undefinedFlags'> {
  readonly encoded: Encoded;
}

/** `seed` gives a state; the code, too, unless that has a seed of its own. */
export function generate(subject: Subject, seed: number, codeSeed = seed): Case {
  const random = new Random(seed);
  return stateOf(subject, codeOf(subject, codeSeed === seed ? random : new Random(codeSeed)), random);
}

function codeOf({ row, encoding, bits, variant }: Subject, random: Random): Code {
  const encoded = encode(encoding, bits, variant, random);
  const setsFlags = variant === 'reg' && random.chance(READS_FLAGS.test(row.name) ? 80 : 20);
  const [setter, undefinedFlags] = setsFlags ? random.pick(SETTERS) : [[], 0];
  const code = Uint8Array.from([...setter, ...encoded.bytes]);
  return { code, rip: BigInt(CODE_START - setter.length), undefinedFlags, encoded };
}

function stateOf({ row }: Subject, { encoded, ...code }: Code, random: Random): Case {
  const flags = (random.u32() & CF_TO_OF) | ALWAYS | (random.chance(STRING.test(row.name) ? 30 : 5) ? DF : 0);
  const fx = randomFx(random),
    high = Uint8Array.from({ length: 256 }, () => random.below(256));
  if (FUSED.test(row.name) && random.chance(30)) setTies({ fx, high }, row.name.endsWith('s') ? 4 : 8, random);
  if (encoded.vectorIndex !== undefined) setVectorIndex(encoded.vectorIndex, { row, fx, high }, random);
  return { ...code, rflags: BigInt(flags), gpr: registersOf(row, encoded, random), fx, high, data: dataOf(random.u32()) };
}

function registersOf(row: Row, encoded: Encoded, random: Random): BigUint64Array {
  const gpr = BigUint64Array.from({ length: 16 }, () =>
    random.chance(20) ? address(random) : random.chance(3) ? BigInt(CODE + random.below(4000)) : random.integer(),
  );
  if (random.chance(95)) gpr[RSP] = address(random);
  if (STRING.test(row.name)) {
    gpr[6] = address(random);
    gpr[7] = random.chance(20) ? (gpr[6] as bigint) + BigInt(random.below(40) - 20) : address(random);
    gpr[RCX] = random.chance(60) ? BigInt(random.below(40)) : random.chance(80) ? BigInt(random.below(9000)) : random.integer();
  } else if (/^(leave|enter)/.test(row.name)) gpr[5] = address(random);
  else if (row.name === 'xlat') gpr[3] = address(random);
  // One that jumps to itself must come to an end.
  else if (/^loop/.test(row.name)) gpr[RCX] = BigInt(random.below(300));
  else if (/maskmov/.test(row.name)) gpr[7] = address(random);
  // Memory operands before the flag setter's registers: those change only what they compare.
  encoded.prepare(gpr, random);
  return gpr;
}

/** Elements of a vector index, near 0 so that they lie in the data pages. */
function setVectorIndex(
  number: number,
  { row, fx, high }: { readonly row: Row; readonly fx: Uint8Array; readonly high: Uint8Array },
  random: Random,
): void {
  const isWide = /q[dqp]/.test(row.name);
  for (const [bytes, at] of [
    [fx, 160],
    [high, 0],
  ] as const) {
    const lanes = new DataView(bytes.buffer, at + 16 * number, 16);
    for (let lane = 0; lane < 16; lane += isWide ? 8 : 4) {
      const index = random.chance(4) ? random.u64() : BigInt(random.below(512) - 256);
      if (isWide) lanes.setBigUint64(lane, BigInt.asUintN(64, index), true);
      else lanes.setInt32(lane, Number(BigInt.asIntN(32, index)), true);
    }
  }
}

/** The initial value half of the time; otherwise any rounding, sometimes DAZ, FTZ, unmasked exceptions, and flags. */
function mxcsr(random: Random): number {
  if (random.chance(50)) return INITIAL_MXCSR;
  const flags = random.chance(50) ? 0 : random.below(64);
  const masks = random.chance(75) ? 0x1f80 : random.below(64) << 7;
  return flags | masks | (random.below(4) << 13) | (random.chance(25) ? 0x40 : 0) | (random.chance(25) ? 0x8000 : 0);
}

export function randomFx(random: Random): Uint8Array {
  const fx = initialFx();
  const view = new DataView(fx.buffer);
  if (random.chance(20))
    view.setUint16(0, 0x7f | random.pick([0x000, 0x200, 0x300]) | random.pick([0, 0x400, 0x800, 0xc00]), true);
  const top = random.below(8);
  view.setUint16(2, (top << 11) | (random.chance(30) ? random.pick([0x100, 0x200, 0x400, 0x4000]) : 0), true);
  view.setUint8(4, random.chance(70) ? 0xff : random.below(256));
  view.setUint32(24, mxcsr(random), true);
  const number = random.chance(15) ? tied : extended;
  for (let i = 0; i < 8; i++) {
    const [mantissa, exponent] = number(random);
    view.setBigUint64(32 + 16 * i, mantissa, true);
    view.setUint16(40 + 16 * i, exponent, true);
  }
  for (let i = 0; i < 32; i++) view.setBigUint64(160 + 8 * i, random.chance(60) ? random.float() : random.integer(), true);
  return fx;
}

/** An 80-bit number: mostly valid, of moderate size, sometimes special. */
function extended(random: Random): [bigint, number] {
  const sign = random.chance(50) ? 0x8000 : 0;
  const integer = 1n << 63n;
  switch (random.below(12)) {
    case 0:
      return [0n, sign];
    case 1:
      return [integer, sign | 0x7fff];
    case 2:
      return [integer | (1n << 62n) | (random.u64() >> 2n), sign | 0x7fff];
    case 3:
      return [random.u64() >> BigInt(1 + random.below(60)), sign];
    case 4:
      return [random.chance(50) ? random.u64() : integer | random.u64(), random.below(0x10000)];
    case 5:
    case 6:
      return [(BigInt(1 + random.below(1000)) << 54n) | integer, sign | (0x3fff + random.below(12))];
    default:
      return [
        integer | (random.chance(50) ? random.u64() : (random.u64() >> 40n) << 40n),
        sign | (0x3fff - 40 + random.below(110)),
      ];
  }
}

/** Two of these often have a product or a sum half way between two numbers of 64 bits. */
function tied(random: Random): [bigint, number] {
  const sign = random.chance(50) ? 0x8000 : 0;
  return [(1n << 63n) | (1n << BigInt(63 - random.pick([0, 32, 32, 63]))), sign | (0x3fff + random.pick([0, 0, 64]))];
}
