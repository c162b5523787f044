// Compares the decoder with objdump on whole files: `node test/decoder/compare.ts [--all] [FILE...]`.
//
// Counts instructions whose length and mnemonic agree, those that have no row, and those that differ; prints the kinds
// of the last two. With --operands the operands are compared as text too.

import { spawnSync } from 'node:child_process';
import { Decoder } from './decoder.ts';

const DEFAULT_FILES = ['/bin/ls', '/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'];
const MOST_SHOWN = 40;

/** Mnemonics by another name: objdump's to ours. */
const ALIASES: Readonly<Record<string, string>> = {
  movabs: 'mov', 'ret ': 'ret', cwtl: 'cwde', fwait: 'wait', sal: 'shl',
};
const PREFIXES = /^(?:(?:data16|rex(?:\.[WRXB]+)?|cs|ds|es|ss|bnd|notrack|lock|xacquire|xrelease|addr32) )+/;

export function normalise(text: string): string {
  const line = text.replace(/^xchg +ax,ax$/, 'nop').replace(/\s+[#<].*$/, '').replace(PREFIXES, '').replace(/^repz ret/, 'ret').replace(/^repz /, 'repe ').replace(/^repnz /, 'repne ').trim();
  const [name = '', ...rest] = line.split(/\s+/);
  const isRep = /^rep/.test(name);
  const mnemonic = isRep ? `${name} ${rest.shift()}` : name;
  // A displacement of 0, a shift by 1 written out and the accumulator of string instructions are not in the operation.
  const operands = rest.join(' ').replace(/\+0x0\]/, ']').replace(/,0x1$/, ',1').replace(/(?<=\[rdi\]),[re]?a[xl]$/, '');
  return [ALIASES[mnemonic] ?? mnemonic, ...(mnemonic === 'nop' ? [] : [operands])].join(' ').trim();
}

/** Comparisons with an immediate that objdump folds into the name. */
const cmpFold = (mnemonic: string): string => mnemonic.replace(/^cmp(eq|lt|le|unord|neq|nlt|nle|ord)(ps|pd|ss|sd)$/, 'cmp$2');

export interface Result {
  agree: number;
  readonly missing: Map<string, number>;
  readonly different: Map<string, number>;
}

export function compare(decoder: Decoder, file: string, withOperands = false): Result {
  const { stdout, status } = spawnSync('objdump', ['-d', '-M', 'intel', '--insn-width=16', file], { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`objdump ${file}: status ${status}`);
  const result: Result = { agree: 0, missing: new Map(), different: new Map() };
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  for (const line of stdout.split('\n')) {
    const match = /^ *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t(.*)$/.exec(line);
    if (!match) continue;
    const [, address = '', hexBytes = '', text = ''] = match;
    if (text.includes('(bad)') || text.startsWith('.byte')) continue;
    const code = hexBytes.trim().split(' ').map((byte) => Number.parseInt(byte, 16));
    // Rip-relative texts need the true address; the decoder's memory is small, so it is cut.
    const rip = Number.parseInt(address, 16) & 0x7fffff;
    const wanted = normalise(text);
    const mnemonic = cmpFold(wanted.split(' ').slice(0, /^rep/.test(wanted) ? 2 : 1).join(' '));
    const ours = decoder.decode(code, rip);
    const got = normalise(ours.text);
    const gotMnemonic = got.split(' ').slice(0, /^rep/.test(got) ? 2 : 1).join(' ');
    if (gotMnemonic === '.illegal') count(result.missing, mnemonic);
    else if (gotMnemonic !== mnemonic || ours.length !== code.length) count(result.different, `${mnemonic} (${code.length}) is ${gotMnemonic} (${ours.length}): ${hexBytes}`);
    else if (withOperands && rip === Number.parseInt(address, 16) && got !== wanted) count(result.different, `${wanted} is ${got}: ${hexBytes}`);
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
    const show = (map: Map<string, number>): string[] => [...map].sort((a, b) => b[1] - a[1]).slice(0, args.includes('--all') ? undefined : MOST_SHOWN).map(([key, n]) => `${n} ${key}`);
    for (const text of show(different)) console.log(`  ${text}`);
    console.log(`  no row: ${show(missing).join(', ')}`);
  }
}
