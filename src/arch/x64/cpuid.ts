// What CPUID says: levels and features by name, the rows of the CPUID table, and the bits the decoder tests.
//
// Every feature here has all its instructions in rows. The vendor's name decides which leaves programs
// read: AMD's describe caches in two fixed leaves. Bits: Intel SDM volume 2, CPUID; AMD manual volume 3, appendix E.

import { UsageError } from '../../lib/usage-error.ts';
import { FEATURES, type Feature } from './features.ts';

/** Leaf 1 EDX of every x86-64 CPU: FPU to SSE2 without SEP's sysenter, ACPI and HTT; Linux shows it as AT_HWCAP. */
export const BASELINE_EDX = 0x078bfbff;

/** What a machine offers that was not asked: code that wants more is chosen by programs at run time. */
const DEFAULT: readonly Feature[] = ['cmpxchg16b', 'lahf', 'popcnt', 'rdtscp'];

/** Features whose rows only the extended interpreter has; it is larger, so that programs start slower. */
export const EXTENDED: readonly Feature[] = ['aes', 'sha', 'avx', 'avx2', 'fma', 'f16c', 'xsave'];
/** What others rest on: YMM state is offered by XSAVE (SDM volume 1, 14.3). */
const BASES: Partial<Record<Feature, Feature>> = { avx: 'xsave', avx2: 'avx', fma: 'avx', f16c: 'avx' };

/** x86-64 psABI, micro-architecture levels. */
const V2: readonly Feature[] = ['cmpxchg16b', 'lahf', 'popcnt', 'sse3', 'ssse3', 'sse4.1', 'sse4.2'];
const LEVELS: Readonly<Record<string, readonly Feature[]>> = {
  'x86-64': [],
  'x86-64-v2': V2,
  'x86-64-v3': [...V2, 'avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'lzcnt', 'movbe', 'xsave'],
};

export interface Cpu {
  readonly features: ReadonlySet<Feature>;
  /** Bits by index in FEATURES, for the decoder. */
  readonly bits: number;
  /** Does it take the extended interpreter? */
  readonly isExtended: boolean;
  /** Rows of leaf, subleaf (-1: any), eax, ebx, ecx, edx. */
  readonly rows: Uint32Array;
}

/** Reads `x86-64[-v2|-v3]`, `+name`, `-name`, separated by commas; throws UsageError for what is unknown. */
export function cpuOf(text = ''): Cpu {
  const features = new Set<Feature>(DEFAULT);
  for (const word of text.split(',').filter(Boolean)) {
    const level = LEVELS[word];
    const name = word.slice(1) as Feature;
    if (level) {
      features.clear();
      for (const feature of level) features.add(feature);
    } else if (!FEATURES.includes(name) || !'+-'.includes(word[0] as string))
      throw new UsageError(`--cpu: no level or feature '${word}'`);
    else if (word[0] === '+') features.add(name);
    else remove(features, name);
  }
  for (const feature of Object.keys(BASES).reverse() as Feature[]) {
    const base = BASES[feature];
    if (base && features.has(feature)) features.add(base);
  }
  return {
    features,
    isExtended: EXTENDED.some((feature) => features.has(feature)),
    bits: FEATURES.reduce((bits, feature, i) => bits | (features.has(feature) ? 1 << i : 0), 0),
    rows: rowsOf(features),
  };
}

/** Takes a feature away, and what rests on it. */
function remove(features: Set<Feature>, name: Feature): void {
  features.delete(name);
  for (const other of Object.keys(BASES) as Feature[]) if (BASES[other] === name) remove(features, other);
}

const ANY = 0xffffffff;
const VENDOR = 'AuthenticAMD';
const BRAND = 'elfin virtual x86-64 processor';
/** Family 23, model 1, stepping 2. */
const SIGNATURE = 0x00800f12;
/** One logical processor, 64-byte lines for CLFLUSH. */
const LEAF1_EBX = 0x00010800;
/** Where features show: leaf, register (0 eax .. 3 edx), bit. */
const PLACES: Readonly<Record<Feature, readonly [leaf: number, register: number, bit: number]>> = {
  sse3: [1, 2, 0],
  pclmulqdq: [1, 2, 1],
  ssse3: [1, 2, 9],
  fma: [1, 2, 12],
  cmpxchg16b: [1, 2, 13],
  'sse4.1': [1, 2, 19],
  'sse4.2': [1, 2, 20],
  movbe: [1, 2, 22],
  popcnt: [1, 2, 23],
  aes: [1, 2, 25],
  xsave: [1, 2, 26],
  avx: [1, 2, 28],
  f16c: [1, 2, 29],
  rdrand: [1, 2, 30],
  fsgsbase: [7, 1, 0],
  bmi1: [7, 1, 3],
  avx2: [7, 1, 5],
  bmi2: [7, 1, 8],
  rdseed: [7, 1, 18],
  adx: [7, 1, 19],
  clflushopt: [7, 1, 23],
  sha: [7, 1, 29],
  lahf: [0x80000001, 2, 0],
  lzcnt: [0x80000001, 2, 5],
  rdtscp: [0x80000001, 3, 27],
};
/** Leaf 1 ECX: the operating system has switched XSAVE on. */
const OSXSAVE = 1 << 27;
/** x87, SSE and AVX state: 832 bytes; XSAVEOPT, XSAVEC and XGETBV with ECX = 1; AVX state has 256 bytes at 576. */
const XSAVE_LEAVES = [
  [0xd, 0, 7, 832, 832, 0],
  [0xd, 1, 7, 832, 0, 0],
  [0xd, 2, 256, 576, 0, 0],
] as const;
/** Enhanced REP MOVSB and STOSB: they are the fastest copy there is. */
const ERMS = 1 << 9;
/** SYSCALL, NX, long mode, and AMD's copy of leaf 1. */
const EXTENDED_EDX = 0x20100800 | (BASELINE_EDX & 0x0183f3ff);
const PREFETCHW = 1 << 8;

function rowsOf(features: ReadonlySet<Feature>): Uint32Array {
  const text = (source: string, at: number): number =>
    [0, 1, 2, 3].reduce((word, i) => (word | ((source.charCodeAt(at + i) || 0) << (8 * i))) >>> 0, 0);
  const [ebx, edx, ecx] = [0, 4, 8].map((at) => text(VENDOR, at)) as [number, number, number];
  const brand = (part: number): number[] => [0, 4, 8, 12].map((at) => text(BRAND, 16 * part + at));
  const hasXsave = features.has('xsave');
  const leaves: readonly (readonly number[])[] = [
    [0, ANY, hasXsave ? 0xd : 7, ebx, ecx, edx],
    [1, ANY, SIGNATURE, LEAF1_EBX, hasXsave ? OSXSAVE : 0, BASELINE_EDX],
    [7, 0, 0, ERMS, 0, 0],
    ...(hasXsave ? XSAVE_LEAVES : []),
    [0x80000000, ANY, 0x80000008, ebx, ecx, edx],
    [0x80000001, ANY, SIGNATURE, 0, PREFETCHW, EXTENDED_EDX],
    [0x80000002, ANY, ...brand(0)],
    [0x80000003, ANY, ...brand(1)],
    [0x80000004, ANY, ...brand(2)],
    // L1: 32 KB data and instructions, 8 ways, lines of 64 bytes.
    [0x80000005, ANY, 0xff40ff40, 0xff40ff40, 0x20080140, 0x20080140],
    // L2: 1 MB, 8 ways; L3: 8 MB, 16 ways.
    [0x80000006, ANY, 0, 0, 0x04006140, 0x00408140],
    // The time stamp counter ticks at one rate.
    [0x80000007, ANY, 0, 0, 0, 0x100],
    // 40 physical and 48 virtual address bits, one core.
    [0x80000008, ANY, 0x3028, 0, 0, 0],
  ];
  return Uint32Array.from(
    leaves.flatMap((row) => {
      const words = [...row];
      for (const feature of features) {
        const [leaf, register, bit] = PLACES[feature];
        if (leaf === row[0]) words[2 + register] = ((words[2 + register] as number) | (1 << bit)) >>> 0;
      }
      return words;
    }),
  );
}
