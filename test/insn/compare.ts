// What differs between two results of one case, as lines of text; none when they agree.

import {
  type Case,
  FLOATING_POINT,
  GENERAL_PROTECTION,
  INITIAL_MXCSR,
  mxcsrOf,
  PAGE_FAULT,
  type Result,
  STACK_FAULT,
} from './cases.ts';
import { GPR_NAMES } from '../../src/arch/x64/regs.ts';

/** RF, which only the kernel sees in a frame. */
const NOT_COMPARED = 0x10000n;
/** MXCSR's exception flags are not tracked before a program loads it (docs/deviations.md). */
const UNTRACKED = 0x3f;
const MISALIGNED_SSE = 0x20000;

const isCanonical = (address: bigint): boolean => BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;
const hex = (value: bigint | number): string => `0x${value.toString(16)}`;
const isEqual = (x: Uint8Array, y: Uint8Array, at: number, length: number): boolean =>
  Buffer.compare(x.subarray(at, at + length), y.subarray(at, at + length)) === 0;
const bytes = (view: Uint8Array, at: number, length: number): string =>
  Array.from(view.subarray(at, at + length), (byte) => byte.toString(16).padStart(2, '0'))
    .reverse()
    .join('');

/** What a CPU loads or stores in pieces. */
const AREA = /^(fx(save|rstor)|fn?(save|stenv)|frstor|fldenv|fb?(stp|ld))$/;
/** Differences that are none: row name and line, with the reason. */
const TOLERATED: readonly (readonly [row: RegExp, line: RegExp])[] = [
  // AMD's MXCSR_MASK has the bit of misaligned SSE.
  [/^fxsave$/, /^memory \w+: 0002ffff\w+, not 0000ffff/],
  // Which byte of a large area a CPU names differs, and which fault goes first if the area is not aligned as well or reaches
  // across the end of the canonical addresses.
  [AREA, /^(address|vector: 0x[cde], not 0x[cde]|error code)/],
  // Which lane under a mask faults, and where it wraps around, is known to the CPU alone.
  [/maskmov/, /^(address|vector: 0x[cde], not 0x[cde])/],
  // Whether MMX state is entered before the fault.
  [/^maskmovq$/, /^(fsw|ftw|st\d) on a fault/],
  // Flags may be those of before when a repeated comparison faults (SDM volume 2, REP).
  [/^rep.* (cmps|scas)$/, /^rflags on a fault/],
  // An exception that is not masked ends all halves of a step on a CPU, the half at hand in elfin.
  [/^vdpps$/, /^mxcsr on #XM/],
  // Which of two operands that both fault is named.
  [/cmps$/, /^(address|vector: 0x[de], not 0x[de]|error code)/],
];

/** x87 instructions whose last bit, and with it C1, is the CPU's own. */
const TRANSCENDENTAL = /^(fsin|fcos|fsincos|fptan|fpatan|fyl2x|fyl2xp1|f2xm1)$/;
const C1 = 0x200;
/** The same value but for one unit in the last of 64 bits. */
function isClose(x: Uint8Array, y: Uint8Array, at: number): boolean {
  const number = (bytes: Uint8Array): bigint => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    return (BigInt(view.getUint16(8, true)) << 63n) | (view.getBigUint64(0, true) & ~(1n << 63n));
  };
  const distance = number(x) - number(y);
  return distance >= -1n && distance <= 1n;
}

/** Instructions whose results need only be near: a relative error of 1.5 * 2^-12 (SDM volume 2, RCPPS, RSQRTPS). */
const APPROXIMATE = /^v?r(cp|sqrt)[ps]s$/;
const NEAR = 1.5 * 2 ** -12,
  LEAST = 2 ** -126;
/** Four floats, each equal in bits or near. */
function isNear(x: Uint8Array, y: Uint8Array, at: number): boolean {
  const [one, other] = [x, y].map((bytes) => new DataView(bytes.buffer, bytes.byteOffset + at, 16)) as [DataView, DataView];
  return [0, 4, 8, 12].every((lane) => {
    const [a, b] = [one.getFloat32(lane, true), other.getFloat32(lane, true)];
    // Results below the normal numbers are zeroes, where they are known to be that small.
    const isTiny = Math.abs(a) <= LEAST && Math.abs(b) <= LEAST;
    return isTiny || one.getUint32(lane) === other.getUint32(lane) || Math.abs(a - b) <= Math.abs(b) * NEAR;
  });
}

/** Of a case of the named row, `undefinedFlags`: status flags whose value means nothing. */
export function differences(row: string, one: Case, expected: Result, actual: Result, undefinedFlags: number): string[] {
  return allDifferences(row, one, expected, actual, undefinedFlags).filter(
    (line) => !TOLERATED.some(([name, text]) => name.test(row) && text.test(line)),
  );
}

function allDifferences(row: string, one: Case, expected: Result, actual: Result, undefinedFlags: number): string[] {
  // A jump to an address that is not canonical fails in the jump on a CPU, at its target in elfin.
  if (expected.vector === GENERAL_PROTECTION && actual.rip !== expected.rip && !isCanonical(actual.rip)) return [];
  // AMD's bit of misaligned SSE in MXCSR, which is reserved elsewhere.
  if (mxcsrOf(expected.fx) & MISALIGNED_SSE) return [];
  const lines: string[] = [];
  const when = [PAGE_FAULT, GENERAL_PROTECTION, STACK_FAULT].includes(expected.vector) ? ' on a fault' : '';
  const check = (name: string, x: bigint | number, y: bigint | number): void => {
    if (x !== y) lines.push(`${name}: ${hex(x)}, not ${hex(y)}`);
  };
  check('vector', expected.vector, actual.vector);
  if (expected.vector === actual.vector) {
    check('error code', expected.error, actual.error);
    check('address', expected.address, actual.address);
  }
  check('rip', expected.rip, actual.rip);
  GPR_NAMES.forEach((name, i) => check(name, expected.gpr[i] as bigint, actual.gpr[i] as bigint));
  const mask = ~(NOT_COMPARED | BigInt(undefinedFlags));
  check(`rflags${when}`, expected.rflags & mask, actual.rflags & mask);
  const x = new DataView(expected.fx.buffer, expected.fx.byteOffset),
    y = new DataView(actual.fx.buffer, actual.fx.byteOffset);
  check(`fcw${when}`, x.getUint16(0, true), y.getUint16(0, true));
  const isTranscendental = TRANSCENDENTAL.test(row);
  const status = isTranscendental ? ~C1 : -1;
  check(`fsw${when}`, x.getUint16(2, true) & status, y.getUint16(2, true) & status);
  check(`ftw${when}`, x.getUint8(4), y.getUint8(4));
  const tracked = mxcsrOf(one.fx) === INITIAL_MXCSR ? ~UNTRACKED : -1;
  check(
    expected.vector === FLOATING_POINT ? 'mxcsr on #XM' : 'mxcsr',
    mxcsrOf(expected.fx) & tracked,
    mxcsrOf(actual.fx) & tracked,
  );
  const area = (name: string, from: [Uint8Array, Uint8Array], at: number, length: number): void => {
    if (isEqual(from[0], from[1], at, length)) return;
    if (APPROXIMATE.test(row) && length === 16 && isNear(from[0], from[1], at)) return;
    if (isTranscendental && length === 10 && isClose(from[0], from[1], at)) return;
    lines.push(`${name}: ${bytes(from[0], at, length)}, not ${bytes(from[1], at, length)}`);
  };
  for (let i = 0; i < 8; i++) area(`st${i}${when}`, [expected.fx, actual.fx], 32 + 16 * i, 10);
  if (!isEqual(expected.fx, actual.fx, 160, 256)) {
    for (let i = 0; i < 16; i++) area(`xmm${i}`, [expected.fx, actual.fx], 160 + 16 * i, 16);
  }
  if (!isEqual(expected.high, actual.high, 0, 256)) {
    for (let i = 0; i < 16; i++) area(`ymm${i} high`, [expected.high, actual.high], 16 * i, 16);
  }
  if (isEqual(expected.data, actual.data, 0, expected.data.length)) return lines;
  for (let at = 0; at < expected.data.length && lines.length < 40; at += 8) {
    area(`memory ${hex(at)}`, [expected.data, actual.data], at, 8);
  }
  return lines;
}
