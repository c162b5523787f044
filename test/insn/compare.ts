// What differs between two results of one case, as lines of text; none when they agree.

import type { Result } from './cases.ts';
import { GPR_NAMES } from '../../src/arch/x64/regs.ts';

/** RF and the bits that only the kernel sees in a frame. */
const NOT_COMPARED = 0x10000n;
/** MXCSR's exception flags are not tracked before a program loads it (deviation, exec). */
const MXCSR_FLAGS = 0x3f;

/** Page-fault error code: the access was a write. */
const WRITE = 2;

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;
const bytes = (view: Uint8Array, at: number, length: number): string =>
  Array.from(view.subarray(at, at + length), (byte) => byte.toString(16).padStart(2, '0')).reverse().join('');

/** `undefinedFlags`: status flags whose value means nothing. */
export function differences(expected: Result, actual: Result, undefinedFlags: number): string[] {
  const lines: string[] = [];
  const check = (name: string, x: bigint | number, y: bigint | number): void => {
    if (x !== y) lines.push(`${name}: ${hex(x)}, not ${hex(y)}`);
  };
  check('vector', expected.vector, actual.vector);
  if (expected.vector === actual.vector) {
    // Reading before writing one operand, elfin faults on the read where a CPU asks for the page to write.
    if (expected.error !== (actual.error | WRITE)) check('error code', expected.error, actual.error);
    check('address', expected.address, actual.address);
  }
  check('rip', expected.rip, actual.rip);
  GPR_NAMES.forEach((name, i) => check(name, expected.gpr[i] as bigint, actual.gpr[i] as bigint));
  const mask = ~(NOT_COMPARED | BigInt(undefinedFlags));
  check('rflags', expected.rflags & mask, actual.rflags & mask);
  const x = new DataView(expected.fx.buffer, expected.fx.byteOffset), y = new DataView(actual.fx.buffer, actual.fx.byteOffset);
  check('fcw', x.getUint16(0, true), y.getUint16(0, true));
  check('fsw', x.getUint16(2, true), y.getUint16(2, true));
  check('ftw', x.getUint8(4), y.getUint8(4));
  check('mxcsr', x.getUint32(24, true) & ~MXCSR_FLAGS, y.getUint32(24, true) & ~MXCSR_FLAGS);
  const area = (name: string, from: [Uint8Array, Uint8Array], at: number, length: number): void => {
    const one = bytes(from[0], at, length), other = bytes(from[1], at, length);
    if (one !== other) lines.push(`${name}: ${one}, not ${other}`);
  };
  for (let i = 0; i < 8; i++) area(`st${i}`, [expected.fx, actual.fx], 32 + 16 * i, 10);
  for (let i = 0; i < 16; i++) area(`xmm${i}`, [expected.fx, actual.fx], 160 + 16 * i, 16);
  for (let i = 0; i < 16; i++) area(`ymm${i} high`, [expected.high, actual.high], 16 * i, 16);
  for (let at = 0; at < expected.data.length && lines.length < 40; at += 8) {
    area(`memory ${hex(at)}`, [expected.data, actual.data], at, 8);
  }
  return lines;
}
