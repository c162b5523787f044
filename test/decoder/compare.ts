// Compares the decoder with objdump on whole files: `node test/decoder/compare.ts [--all] [FILE...]`.
//
// Counts instructions whose length and mnemonic agree, those that have no row, and those that differ; prints the kinds
// of the last two. With --operands the operands are compared as text too.

import { spawnSync } from 'node:child_process';
import { Decoder } from './decoder.ts';

const DEFAULT_FILES = ['/bin/ls', '/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'];
const MOST_SHOWN = 40;
const EVEX = 0x62;

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
  [/(?<=\[rdi\]),[re]?a[xl]$/, ''],
  // Implicit.
  [/^(sha256rnds2|p?blendv\w+)( .*),xmm0$/, '$1$2'],
  // An absolute address is taken for one relative to rip.
  [/(ds:0x|\[rip\+0x)[0-9a-f]+\]?/, '[address]'],
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

export interface Result {
  agree: number;
  readonly missing: Map<string, number>;
  readonly different: Map<string, number>;
}

export function compare(decoder: Decoder, file: string, withOperands = false): Result {
  const { stdout, status } = spawnSync('objdump', ['-d', '-M', 'intel', '--insn-width=16', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`objdump ${file}: status ${status}`);
  const result: Result = { agree: 0, missing: new Map(), different: new Map() };
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  for (const line of stdout.split('\n')) {
    const match = /^ *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t(.*)$/.exec(line);
    if (!match) continue;
    const [, address = '', hexBytes = '', text = ''] = match;
    const code = hexBytes
      .trim()
      .split(' ')
      .map((byte) => Number.parseInt(byte, 16));
    // objdump joins wait with what follows.
    if (text.includes('(bad)') || text.startsWith('.byte') || (code[0] === 0x9b && code.length > 1)) continue;
    // Rip-relative texts need the true address; the decoder's memory is small, so it is cut.
    const rip = Number.parseInt(address, 16) & 0x7fffff;
    const wanted = normalise(text);
    const mnemonic = mnemonicOf(wanted);
    const ours = decoder.decode(code, rip);
    const got = normalise(ours.text);
    const gotMnemonic = mnemonicOf(got);
    if (ours.text.endsWith('(not available)') || ours.text === '(bad)') {
      count(
        ours.length === code.length || code[0] === EVEX ? result.missing : result.different,
        ours.text === '(bad)' ? `${mnemonic} has no name: ${hexBytes}` : mnemonic,
      );
    } else if (gotMnemonic !== mnemonic || ours.length !== code.length)
      count(result.different, `${mnemonic} (${code.length}) is ${gotMnemonic} (${ours.length}): ${hexBytes}`);
    else if (withOperands && rip === Number.parseInt(address, 16) && got !== wanted)
      count(result.different, `${wanted} is ${got}: ${hexBytes}`);
    else result.agree++;
  }
  return result;
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  const files = args.filter((arg) => !arg.startsWith('--'));
  const decoder = new Decoder();
  decoder.features = 0xffffffff;
  for (const file of files.length ? files : DEFAULT_FILES) {
    const { agree, missing, different } = compare(decoder, file, args.includes('--operands'));
    const total = (map: Map<string, number>): number => [...map.values()].reduce((sum, n) => sum + n, 0);
    console.log(`${file}: ${agree} agree, ${total(different)} differ, ${total(missing)} without a row (${missing.size} kinds)`);
    const show = (map: Map<string, number>): string[] =>
      [...map]
        .sort((a, b) => b[1] - a[1])
        .slice(0, args.includes('--all') ? undefined : MOST_SHOWN)
        .map(([key, n]) => `${n} ${key}`);
    for (const text of show(different)) console.log(`  ${text}`);
    console.log(`  no row: ${show(missing).join(', ')}`);
  }
}
