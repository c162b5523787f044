// Any bytes as one instruction, natively and in elfin: what a case looks like, and what counts as agreement.

import { unimplemented } from '../../src/arch/x64/insns/unimplemented.ts';
import { rows } from '../../src/arch/x64/insns/index.ts';
import { Decoder } from '../decoder/decoder.ts';
import { type Case, CODE, CODE_START, DIED, type Result, SIGALRM, SIGSYS } from './cases.ts';
import { differences } from './compare.ts';
import { address } from './encode.ts';
import { dataOf, isSkipped, randomFx } from './generate.ts';
import { type Guest, OUT_OF_BUDGET, SYSCALL } from './guest.ts';
import type { Random } from './random.ts';

const UD = 6,
  GP = 13;

const rowNames: ReadonlySet<string> = new Set(rows.map(({ name }) => name));
/** Instructions of features that CPUID does not show, and what elfin leaves out (docs/deviations.md). */
const absentNames: ReadonlySet<string> = new Set(
  [...unimplemented.map(({ name }) => name), 'AVX-512', 'XOP'].filter((name) => !rowNames.has(name)),
);

/** Features not shown that widen instructions which are: VAES, VPCLMULQDQ. */
const WIDER = /^v(aes(enc|dec)(last)?|pclmulqdq)$/;
/**
 * Where CPUs differ among themselves: bytes, tabulator and text of the instruction, and why.
 */
const EXCEPTIONS: readonly (readonly [RegExp, string])[] = [
  // 66 makes near branches 16 bits wide on AMD's CPUs; Intel's, and elfin, ignore it.
  [/^(26 |2e |36 |3e |4\S |6[457] |f[023] )*66 .*\t(j|call|ret|loop)/, 'both are right'],
  // Repeat prefixes choose between loope and loopne on AMD's CPUs; the SDM has them reserved.
  [/(^| )f[23] .*\tloopn?e/, 'reserved'],
  // AMD's CPUs run them with VEX.W = 0 (SDM volume 2, VPERMQ: W1).
  [/\tvperm(q|pd) \(not available\)/, '#UD by the SDM'],
  // An unknown opcode of which so many prefixes stand that its operands may make it too long: #UD or #GP.
  [/^(\S\S ){9,}\S\S\t.*\((bad|not available)\)/, 'too long or unknown'],
  // AMD's CPUs let LOCK pass before verw and verr.
  [/(^| )f0 (\S\S )*0f 00 .*\t\(bad\)/, '#UD by the SDM'],
  // AMD's way to cr8, a feature that is not shown.
  [/(^| )f0 (\S\S )*0f 2[02] .*\t\(bad\)/, 'AltMovCr8'],
];

export type Verdict =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'skipped' }
  /** The CPU has it, elfin does not show it. */
  | { readonly kind: 'absent'; readonly name: string }
  | { readonly kind: 'differs'; readonly text: string; readonly lines: readonly string[] };

export class RawCases {
  readonly #guest: Guest;
  readonly #decoder = new Decoder();

  constructor(guest: Guest) {
    this.#guest = guest;
    this.#decoder.features = 0xffffffff;
  }

  /** The first instruction of `bytes`, as the decoder takes it to be, with registers that often point to the data pages. */
  make(bytes: readonly number[], random: Random): Case {
    const { length } = this.#decoder.decode(bytes);
    const gpr = BigUint64Array.from({ length: 16 }, () =>
      random.chance(60) ? address(random) : random.chance(3) ? BigInt(CODE + random.below(4000)) : random.integer(),
    );
    // Repeated string instructions come to an end.
    if (random.chance(80)) gpr[1] = BigInt(random.below(300));
    return {
      code: Uint8Array.from(bytes.slice(0, Math.max(1, length))),
      rip: BigInt(CODE_START),
      rflags: BigInt((random.u32() & 0x8d5) | 0x202 | (random.chance(5) ? 0x400 : 0)),
      gpr,
      fx: randomFx(random),
      high: Uint8Array.from({ length: 256 }, () => random.below(256)),
      data: dataOf(random.u32()),
      undefinedFlags: 0,
    };
  }

  /** `onlyLegality`: it is enough that both raise #UD or both do not. */
  judge(one: Case, native: Result, onlyLegality = false): Verdict {
    if (native.signal === DIED || native.signal === SIGALRM) return { kind: 'skipped' };
    const { text, keys } = this.#decoder.decode(one.code);
    const line = `${Array.from(one.code, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}\t${text}`;
    const isExcepted = EXCEPTIONS.some(([pattern]) => pattern.test(line));
    let actual: Result;
    try {
      actual = this.#guest.run(one);
    } catch (error) {
      return { kind: 'differs', text, lines: [`elfin throws: ${error}`] };
    }
    if (isExcepted) return { kind: 'skipped' };
    if (actual.vector === OUT_OF_BUDGET) return { kind: 'skipped' };
    if (native.signal === SIGSYS) {
      // syscall; int 0x80 and sysenter, which belong to 32-bit programs, are faults in elfin.
      if ([SYSCALL, GP, UD].includes(actual.vector)) return { kind: 'agrees' };
      return { kind: 'differs', text, lines: ['a system call natively'] };
    }
    if (actual.vector === UD && native.vector !== UD) {
      const name = text.replace(/ .*/, '');
      const isAbsent =
        text.endsWith('(not available)') && (absentNames.has(text.replace(' (not available)', '')) || WIDER.test(name));
      return isAbsent ? { kind: 'absent', name } : { kind: 'differs', text, lines: ['#UD in elfin alone'] };
    }
    if (native.vector === UD && actual.vector !== UD) return { kind: 'differs', text, lines: ['#UD natively alone'] };
    const form = this.#guest.formOf(keys.at(-1) ?? '');
    if (onlyLegality || !form || isSkipped(form.row.name)) return { kind: 'agrees' };
    const lines = differences(form.row.name, one, native, actual, this.#guest.undefinedOf(form));
    return lines.length ? { kind: 'differs', text, lines } : { kind: 'agrees' };
  }
}
