// Registers that compiled code keeps in locals: units of the state memory, and parts of them read and written.

import type { RegisterUnit } from '../../arch/arch.ts';
import { type LoadName, loads, type StoreName, stores } from '../../ir/ops.ts';
import type { Emitter } from '../wasm/emit.ts';

/** Which unit holds a byte of the context. */
export class Units {
  readonly list: readonly RegisterUnit[];
  readonly #byByte: Int8Array;

  constructor(list: readonly RegisterUnit[]) {
    this.list = list;
    this.#byByte = new Int8Array(Math.max(...list.map(({ address, bytes }) => address + bytes))).fill(-1);
    list.forEach(({ address, bytes }, i) => {
      this.#byByte.fill(i, address, address + bytes);
    });
  }
  /** The unit that this address belongs to, -1 if none. */
  at(address: number): number {
    return this.#byByte[address] ?? -1;
  }
  /** Does any unit lie in these bytes? */
  touches(address: number, bytes: number): boolean {
    const end = Math.min(address + bytes, this.#byByte.length);
    for (let at = Math.max(0, address); at < end; at++) if (this.#byByte[at] !== -1) return true;
    return false;
  }
  address(unit: number): number {
    return (this.list[unit] as RegisterUnit).address;
  }
  isVector(unit: number): boolean {
    return (this.list[unit] as RegisterUnit).bytes === 16;
  }
}

/** A part of a register that the lowering cannot pick out of its local. */
export class UnknownPart extends Error {}

const WRAP = 0xa7,
  I32_AND = 0x71,
  I64_AND = 0x83,
  I64_OR = 0x84,
  I64_SHL = 0x86,
  I64_SHR_U = 0x88,
  EXTEND_U = 0xad,
  EXTEND_S = 0xac;

/** What a narrow load does to the word that holds its bits: a mask, or the opcode of a sign extension. */
const NARROW: Partial<Record<LoadName, { readonly mask: bigint } | { readonly extend: number }>> = {
  'i32.load8_u': { mask: 0xffn },
  'i32.load16_u': { mask: 0xffffn },
  'i32.load8_s': { extend: 0xc0 },
  'i32.load16_s': { extend: 0xc1 },
  'i64.load8_u': { mask: 0xffn },
  'i64.load16_u': { mask: 0xffffn },
  'i64.load32_u': { mask: 0xffffffffn },
  'i64.load8_s': { extend: 0xc2 },
  'i64.load16_s': { extend: 0xc3 },
  'i64.load32_s': { extend: 0xc4 },
};

/** Pushes what `op` loads from `offset` of an i64 local. */
export function readWord(e: Emitter, local: number, op: LoadName, offset: number): void {
  const [, type, bytes] = loads[op];
  if (offset + bytes > 8 || type === 'v128') throw new UnknownPart(`${op} at ${offset} of a word`);
  e.get(local);
  if (offset) {
    e.i64(BigInt(8 * offset));
    e.op(I64_SHR_U);
  }
  if (op === 'f64.load') return e.op(0xbf);
  if (type !== 'i64') e.op(WRAP);
  if (op === 'f32.load') return e.op(0xbe);
  const narrow = NARROW[op];
  if (!narrow) return;
  if ('extend' in narrow) return e.op(narrow.extend);
  if (type === 'i64') {
    e.i64(narrow.mask);
    e.op(I64_AND);
  } else {
    e.i32(Number(narrow.mask));
    e.op(I32_AND);
  }
}

/** Sets part of an i64 local; `push` pushes the value that `op` stores. */
export function writeWord(e: Emitter, local: number, op: StoreName, offset: number, push: () => void): void {
  const [, type, bytes] = stores[op];
  if (offset + bytes > 8 || type === 'v128') throw new UnknownPart(`${op} at ${offset} of a word`);
  const toWord = (): void => {
    push();
    if (type === 'f64') e.op(0xbd);
    if (type === 'f32') e.op(0xbc);
    if (type === 'i32' || type === 'f32') e.op(EXTEND_U);
  };
  if (bytes < 8) {
    const mask = (1n << BigInt(8 * bytes)) - 1n;
    e.get(local);
    e.i64(BigInt.asIntN(64, ~(mask << BigInt(8 * offset))));
    e.op(I64_AND);
    toWord();
    e.i64(mask);
    e.op(I64_AND);
    if (offset) {
      e.i64(BigInt(8 * offset));
      e.op(I64_SHL);
    }
    e.op(I64_OR);
  } else toWord();
  e.set(local);
}

/** Lane operations by access size: opcode to extract and to replace, and whether the lane is extracted as an i32. */
const LANES: Partial<Record<LoadName | StoreName, number>> = {
  'i32.load8_s': 0xfd15,
  'i32.load8_u': 0xfd16,
  'i64.load8_s': 0xfd15,
  'i64.load8_u': 0xfd16,
  'i32.store8': 0xfd17,
  'i32.load16_s': 0xfd18,
  'i32.load16_u': 0xfd19,
  'i64.load16_s': 0xfd18,
  'i64.load16_u': 0xfd19,
  'i32.store16': 0xfd1a,
  'i32.load': 0xfd1b,
  'i64.load32_s': 0xfd1b,
  'i64.load32_u': 0xfd1b,
  'v128.load32_zero': 0xfd1b,
  'i32.store': 0xfd1c,
  'i64.load': 0xfd1d,
  'v128.load64_zero': 0xfd1d,
  'i64.store': 0xfd1e,
  'f32.load': 0xfd1f,
  'f32.store': 0xfd20,
  'f64.load': 0xfd21,
  'f64.store': 0xfd22,
};

/** Pushes what `op` loads from `offset` of a v128 local. */
export function readVector(e: Emitter, local: number, op: LoadName, offset: number): void {
  const [, type, bytes] = loads[op];
  if (op === 'v128.load' && offset === 0) return e.get(local);
  const opcode = LANES[op];
  if (opcode === undefined || offset % bytes || offset + bytes > 16) throw new UnknownPart(`${op} at ${offset} of a vector`);
  if (type === 'v128') pushZero(e);
  e.get(local);
  e.op(opcode);
  e.code.u8(offset / bytes);
  if (type === 'v128') {
    e.op(bytes === 4 ? 0xfd1c : 0xfd1e);
    e.code.u8(0);
  } else if (type === 'i64' && bytes < 8) e.op(op.endsWith('_s') ? EXTEND_S : EXTEND_U);
}

/** Sets part of a v128 local; `push` pushes the value that `op` stores. */
export function writeVector(e: Emitter, local: number, op: StoreName, offset: number, push: () => void): void {
  const [, , bytes] = stores[op];
  if (op === 'v128.store' && offset === 0) push();
  else {
    const opcode = LANES[op];
    if (opcode === undefined || offset % bytes || offset + bytes > 16) throw new UnknownPart(`${op} at ${offset} of a vector`);
    e.get(local);
    push();
    e.op(opcode);
    e.code.u8(offset / bytes);
  }
  e.set(local);
}

function pushZero(e: Emitter): void {
  e.op(0xfd0c);
  e.code.raw(new Uint8Array(16));
}
