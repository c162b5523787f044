// A case with its expected result as JSON text: the format of the files in cases/. Only what is not 0 is written before,
// and only what changed after; memory is written in groups of eight bytes by offset in the data pages.

import { GPR_NAMES } from '../../src/arch/x64/regs.ts';
import { type Case, CODE_START, DATA_SIZE, initialFx, type Result } from './cases.ts';

interface Text {
  readonly [name: string]: string | number;
}
export interface CaseFile {
  /** The encoding it was made from, e.g. "shld '0F A4' 16 reg". */
  readonly name: string;
  readonly code: string;
  /** Status flags that mean nothing afterwards. */
  readonly undefinedFlags: number;
  readonly before: Text;
  readonly after: Text;
}

const hex = (value: bigint | number): string => `0x${value.toString(16)}`;
const bytesText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** All parts of a state that text names, in their order: name, current text, the text that a fresh state has. */
function parts(state: Result | Case): [name: string, text: string][] {
  const list: [string, string][] = [
    ['rip', hex(state.rip)],
    ['rflags', hex(state.rflags)],
  ];
  GPR_NAMES.forEach((name, i) => list.push([name, hex(state.gpr[i] as bigint)]));
  const { fx } = state;
  const view = new DataView(fx.buffer, fx.byteOffset);
  list.push(
    ['fcw', hex(view.getUint16(0, true))],
    ['fsw', hex(view.getUint16(2, true))],
    ['ftw', hex(view.getUint8(4))],
    ['mxcsr', hex(view.getUint32(24, true))],
  );
  for (let i = 0; i < 8; i++) list.push([`st${i}`, bytesText(fx.subarray(32 + 16 * i, 42 + 16 * i))]);
  for (let i = 0; i < 16; i++) list.push([`xmm${i}`, bytesText(fx.subarray(160 + 16 * i, 176 + 16 * i))]);
  for (let i = 0; i < 16; i++) list.push([`ymm${i}`, bytesText(state.high.subarray(16 * i, 16 * i + 16))]);
  for (let at = 0; at < DATA_SIZE; at += 8) list.push([`memory ${hex(at)}`, bytesText(state.data.subarray(at, at + 8))]);
  return list;
}

function blank(): Case {
  return {
    code: new Uint8Array(0),
    undefinedFlags: 0,
    rip: BigInt(CODE_START),
    rflags: 0x202n,
    gpr: new BigUint64Array(16),
    fx: initialFx(),
    high: new Uint8Array(256),
    data: new Uint8Array(DATA_SIZE),
  };
}

function changes(from: Result | Case, to: Result | Case): Record<string, string | number> {
  const old = new Map(parts(from));
  return Object.fromEntries(parts(to).filter(([name, text]) => old.get(name) !== text));
}

export function writeCase(name: string, one: Case, result: Result, undefinedFlags: number): CaseFile {
  const after = changes(one, result);
  const address = result.address ? { address: hex(result.address) } : {};
  return {
    name,
    code: bytesText(one.code),
    undefinedFlags,
    before: changes(blank(), one),
    after: { vector: result.vector, ...(result.error ? { error: result.error } : {}), ...address, ...after },
  };
}

/** A copy of the state with the parts that the text names replaced. */
function apply<T extends Result | Case>(state: T, text: Text): T {
  const gpr = state.gpr.slice(),
    fx = state.fx.slice(),
    high = state.high.slice(),
    data = state.data.slice();
  let { rip, rflags } = state;
  const view = new DataView(fx.buffer);
  for (const [name, value] of Object.entries(text)) {
    const [kind, at] = [name.replace(/\d+$/, ''), Number(/\d+$/.exec(name)?.[0])];
    const register = (GPR_NAMES as readonly string[]).indexOf(name);
    if (register >= 0) gpr[register] = BigInt(value);
    else if (name === 'rip') rip = BigInt(value);
    else if (name === 'rflags') rflags = BigInt(value);
    else if (name === 'fcw') view.setUint16(0, Number(value), true);
    else if (name === 'fsw') view.setUint16(2, Number(value), true);
    else if (name === 'ftw') view.setUint8(4, Number(value));
    else if (name === 'mxcsr') view.setUint32(24, Number(value), true);
    else if (kind === 'st') fx.set(bytesOf(String(value)), 32 + 16 * at);
    else if (kind === 'xmm') fx.set(bytesOf(String(value)), 160 + 16 * at);
    else if (kind === 'ymm') high.set(bytesOf(String(value)), 16 * at);
    else if (name.startsWith('memory ')) data.set(bytesOf(String(value)), Number(name.slice(7)));
  }
  return { ...state, rip, rflags, gpr, fx, high, data };
}

export function readCase(file: CaseFile): { readonly one: Case; readonly result: Result } {
  const one: Case = { ...apply(blank(), file.before), code: bytesOf(file.code), undefinedFlags: file.undefinedFlags };
  const { vector, error = 0, address = 0, ...rest } = file.after;
  const before: Result = { ...one, signal: 0, vector: Number(vector), error: Number(error), address: BigInt(address) };
  return { one, result: apply(before, rest) };
}
