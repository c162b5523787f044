// Compares the decoder with objdump on whole files: `node test/decoder/compare.ts [--all] [FILE...]`.
//
// Counts instructions whose length, mnemonic and operands agree, those that have no row, and those that differ; prints the
// kinds of the last two.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Decoder } from './decoder.ts';

const modules = join(import.meta.dirname, '../../node_modules');
/** C and C++, hand-written assembly, a compiler, a program in Go and one in Rust. */
const DEFAULT_FILES = [
  '/bin/ls',
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/x86_64-linux-gnu/libc.so.6',
  '/lib/x86_64-linux-gnu/libm.so.6',
  '/lib/x86_64-linux-gnu/libstdc++.so.6',
  '/lib/x86_64-linux-gnu/libcrypto.so.3',
  '/usr/bin/python3',
  '/usr/lib/gcc/x86_64-linux-gnu/12/cc1',
  join(modules, '@esbuild/linux-x64/bin/esbuild'),
  join(modules, '@biomejs/cli-linux-x64/biome'),
];
const MOST_SHOWN = 40;

/** Mnemonics by another name: objdump's to ours. */
const ALIASES: Readonly<Record<string, string>> = { movabs: 'mov', fwait: 'wait' };
const PREFIXES = /^(?:(?:data16|rex(?:\.[WRXB]+)?|cs|ds|es|ss|bnd|notrack|lock|xacquire|xrelease|addr32) )+/;
/** Predicates that objdump folds into the name of a comparison (SDM volume 2, CMPPD, table 3-1). */
const PREDICATES = (
  'eq lt le unord neq nlt nle ord eq_uq nge ngt false neq_oq ge gt true ' +
  'eq_os lt_oq le_oq unord_s neq_us nlt_uq nle_uq ord_s eq_us nge_uq ngt_uq false_os neq_os ge_oq gt_oq true_us'
).split(' ');
/** Differences in text that the operation does not know: written pattern and what is compared instead. */
const UNKNOWN: readonly (readonly [RegExp, string])[] = [
  [/^xchg +ax,ax$/, 'nop'],
  [/^nop .*/, 'nop'],
  [/^repz ret/, 'ret'],
  [/^repz /, 'repe '],
  [/^repnz /, 'repne '],
  [/^fnstsw ax/, 'fnstsw'],
  [/\+0x0\]/, ']'],
  [/,0x1$/, ',1'],
  [/st\(0\)/, 'st'],
  // The target of a branch in a file without symbols.
  [/^(j\w+|call|loop\w*) +0x([0-9a-f]+)$/, '$1 $2'],
  // Only the size is known.
  [/^enter .*/, 'enter'],
  [/(?<=\[rdi\]),[re]?a[xl]$/, ''],
  // What a prefix would mean elsewhere.
  [/^[fg]s /, ''],
  [/^repn?[ez]? (?!(?:movs|stos|lods|cmps|scas) )/, ''],
  [/^rep (?=ins|outs)/, ''],
  // No index.
  [/\+[er]iz\*[1248]/, ''],
  [/^bnd\w+ .*/, 'nop'],
  [/^(v?lddqu .*)[XY]MMWORD PTR /, '$1'],
  [/^(prefetch\w*|xlat) .*/, '$1'],
  [/^((?:rep )?lods) [re]?a[lx],/, '$1 '],
  [/\(8?287 only\)|\(8087 only\)/, ''],
  // Implicit.
  [/^(sha256rnds2|p?blendv\w+)( .*),xmm0$/, '$1$2'],
  // An absolute address is taken for one relative to rip.
  [/(?:(?:BYTE|WORD|DWORD|QWORD) PTR )?(?:ds:0x|\[rip\+0x)[0-9a-f]+\]?/, '[address]'],
];

export function normalise(text: string): string {
  let line = text
    .replace(/\s+[#<].*$/, '')
    .replace(PREFIXES, '')
    .trim();
  for (const [pattern, replacement] of UNKNOWN) line = line.replace(pattern, replacement);
  const [, compare = '', predicate = '', type = '', operands] = /^(v?cmp)(\w+)([ps][sd])\s+(.*)$/.exec(line) ?? [];
  if (PREDICATES.includes(predicate)) {
    line = `${compare}${type} ${operands},0x${PREDICATES.indexOf(predicate).toString(16)}`.replace(/,0x1$/, ',1');
  }
  // The quadwords that imm8 names.
  const product = /^(v?pclmul)([lh])q([lh])qdq\s+(.*)$/.exec(line);
  if (product) {
    const imm = (product[3] === 'h' ? '0x1' : '0x') + (product[2] === 'h' ? 1 : 0);
    line = `${product[1]}qdq ${product[4]},${imm === '0x1' ? 1 : imm}`;
  }
  const [name = '', ...rest] = line.split(/\s+/);
  return [ALIASES[name] ?? name, ...rest].join(' ');
}

const mnemonicOf = (line: string): string =>
  line
    .split(' ')
    .slice(0, /^rep/.test(line) ? 2 : 1)
    .join(' ');

/**
 * What objdump calls (bad), by bytes, and what it is: second encodings, which the SDM leaves empty (volume 2, appendix A.5) and
 * CPUs execute, as the points of test/insn show.
 */
const OBJDUMP_ERRORS: readonly (readonly [bytes: RegExp, what: RegExp])[] = [
  // D9 D8+i as D9 fstp, which keeps the register of an empty stack; DD C8+i and DF C8+i as D9 C8+i.
  [/d9 d[89a-f] $/, /^fstp/],
  [/(dd|df) c[89a-f] $/, /^fxch/],
  // DC D0+i, DC D8+i and DE D0+i as D8 D0+i and D8 D8+i; DF D0+i and DF D8+i as DD D8+i.
  [/dc d[0-7] $/, /^fcom/],
  [/(dc d[89a-f]|de d[0-7]) $/, /^fcomp/],
  [/df d[0-9a-f] $/, /^fstp/],
  // MPX, whose bndstx has no use for an index: nop where MPX is not shown (volume 1, 17.4).
  [/0f 1b .*$/, /^nop/],
];

export interface Result {
  agree: number;
  /** Both call it (bad), or objdump does in error. */
  bad: number;
  objdumpErrors: number;
  /** What objdump splits or joins: wait and what follows, a REX that means nothing; and data. */
  split: number;
  /** Differences outside of all functions that a file with symbols names: tables between them. */
  outside: number;
  readonly missing: Map<string, number>;
  readonly different: Map<string, number>;
}

const LINE = /^ *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t(.*)$/;
/** Where the decoder's memory begins again. */
const WINDOW = 0x7fffff;

/** Reads objdump's lines for a file as they come; the first `limit` instructions of it, or all, from a place that `skip` gives. */
export async function compare(
  decoder: Decoder,
  file: string,
  limit = Number.POSITIVE_INFINITY,
  range: readonly string[] = [],
): Promise<Result> {
  const child = spawn('objdump', ['-d', '-M', 'intel', '--insn-width=16', ...range, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const result: Result = {
    ...{ agree: 0, bad: 0, objdumpErrors: 0, split: 0, outside: 0 },
    missing: new Map(),
    different: new Map(),
  };
  const isCode = functionsOf(file);
  const bad = new BadLines(decoder, result);
  let rest = '';
  let count = 0;
  for await (const chunk of child.stdout) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const match = LINE.exec(line);
      if (!match) continue;
      count++;
      const parts = match as unknown as readonly [string, string, string, string];
      bad.add(parts);
      judge(decoder, result, isCode, parts);
    }
    if (count >= limit) break;
  }
  child.kill();
  bad.finish();
  return result;
}

const bytesOf = (hex: string): number[] =>
  hex
    .trim()
    .split(' ')
    .map((byte) => Number.parseInt(byte, 16));

const LONGEST = 15;
/** What objdump calls (bad), decoded when the bytes that follow are known. */
class BadLines {
  readonly #decoder: Decoder;
  readonly #result: Result;
  #waiting: { readonly hexBytes: string; readonly code: number[] }[] = [];

  constructor(decoder: Decoder, result: Result) {
    this.#decoder = decoder;
    this.#result = result;
  }
  add([, , hexBytes, text]: readonly [string, string, string, string]): void {
    if (this.#waiting.length) {
      const code = bytesOf(hexBytes);
      for (const each of this.#waiting) each.code.push(...code);
      this.#waiting = this.#waiting.filter((each) => each.code.length < LONGEST || this.#judge(each));
    }
    if (text.includes('(bad)')) this.#waiting.push({ hexBytes, code: bytesOf(hexBytes) });
  }
  finish(): void {
    for (const each of this.#waiting) this.#judge(each);
    this.#waiting = [];
  }
  #judge({ hexBytes, code }: { readonly hexBytes: string; readonly code: readonly number[] }): false {
    const { text } = this.#decoder.decode(code.slice(0, LONGEST));
    if (/\(bad\)|\(not available\)$/.test(text)) this.#result.bad++;
    else if (OBJDUMP_ERRORS.some(([bytes, what]) => bytes.test(hexBytes) && what.test(text))) this.#result.objdumpErrors++;
    else {
      const key = `(bad) is ${text}: ${hexBytes}`;
      this.#result.different.set(key, (this.#result.different.get(key) ?? 0) + 1);
    }
    return false;
  }
}

/** Does a function of the file's symbols hold the address? Without symbols all is code. */
function functionsOf(file: string): (address: number) => boolean {
  const { stdout } = spawnSync('readelf', ['-sW', file], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const functions = [...stdout.matchAll(/^ *\d+: ([0-9a-f]{16}) +(\d+) FUNC/gm)]
    .map(([, value = '', size]): [number, number] => [Number.parseInt(value, 16), Number(size)])
    .filter(([value, size]) => value && size)
    .sort(([x], [y]) => x - y);
  if (functions.length < 100) return () => true;
  return (address) => functions.some(([value, size]) => address >= value && address < value + size);
}

function judge(
  decoder: Decoder,
  result: Result,
  isCode: (address: number) => boolean,
  [, address, hexBytes, text]: readonly [string, string, string, string],
): void {
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  const code = bytesOf(hexBytes);
  if (text.includes('(bad)')) return;
  if (text.startsWith('.byte') || text.startsWith('rex') || (code[0] === 0x9b && code.length > 1)) {
    result.split++;
    return;
  }
  const at = Number.parseInt(address, 16);
  const ours = decoder.decode(code, at & WINDOW, at);
  const wanted = normalise(text),
    got = normalise(ours.text);
  if (got === wanted && ours.length === code.length) {
    result.agree++;
    return;
  }
  const mnemonic = mnemonicOf(wanted);
  if (ours.text.endsWith('(not available)') && ours.length === code.length) count(result.missing, mnemonic);
  else if (!isCode(at)) result.outside++;
  else count(result.different, `${wanted} (${code.length}) is ${got} (${ours.length}): ${hexBytes}`);
}

export const total = (map: Map<string, number>): number => [...map.values()].reduce((sum, n) => sum + n, 0);

if (import.meta.main) {
  const args = process.argv.slice(2);
  const files = args.filter((arg) => !arg.startsWith('--'));
  const decoder = new Decoder();
  decoder.features = 0xffffffff;
  const sums = { agree: 0, different: 0, missing: 0, bad: 0, objdumpErrors: 0, split: 0, outside: 0 };
  for (const file of files.length ? files : DEFAULT_FILES.filter(existsSync)) {
    const { agree, bad, objdumpErrors, split, outside, missing, different } = await compare(decoder, file);
    sums.agree += agree;
    sums.different += total(different);
    sums.missing += total(missing);
    sums.bad += bad;
    sums.objdumpErrors += objdumpErrors;
    sums.split += split;
    sums.outside += outside;
    console.log(
      `${file}: ${agree} agree, ${total(different)} differ, ${total(missing)} without a row (${missing.size} kinds), ${bad} (bad) in both, ${objdumpErrors} in objdump alone, ${split} split otherwise, ${outside} differ outside of functions`,
    );
    const show = (map: Map<string, number>): string[] =>
      [...map]
        .sort((a, b) => b[1] - a[1])
        .slice(0, args.includes('--all') ? undefined : MOST_SHOWN)
        .map(([key, n]) => `${n} ${key}`);
    for (const text of show(different)) console.log(`  ${text}`);
    console.log(`  no row: ${show(missing).join(', ')}`);
  }
  console.log(
    `${sums.agree} agree, ${sums.different} differ, ${sums.missing} without a row, ${sums.bad} (bad) in both, ${sums.objdumpErrors} in objdump alone, ${sums.split} split otherwise, ${sums.outside} differ outside of functions`,
  );
  process.exitCode = sums.different ? 1 : 0;
}
