// The memory of one guest address space as the kernel reads and writes it: every access is checked like the guest's own.

import type { ByteString } from '../lib/bytes.ts';
import { ADDRESS_LIMIT, PAGE_SIZE, REFUSED } from './layout.ts';
import { PageTables } from './page-tables.ts';

/** Decides what the tables refuse; the kernel's memory map. */
export interface Pager {
  /** Populates lazy pages, forgets code about to be written. True: the access may proceed. */
  access(low: number, size: number, isWrite: boolean): boolean;
  /** Throws the error of this name. */
  refuse(error: 'EFAULT' | 'ENAMETOOLONG'): never;
}

const WASM_PAGE = 0x10000;
/** Sizes the memory grows to, in Wasm pages: to 1 GiB a step costs 0.1 ms and a garbage collection, past 2 GiB 4 to 5 ms. */
const STEPS = [0x400, 0x1000, 0x4000, 0x8000, 0x10000];

const NO_PAGER: Pager = {
  access: () => false,
  refuse: (error) => {
    throw new Error(`guest memory without a memory map: ${error}`);
  },
};

export class GuestMemory {
  readonly tables: PageTables;
  pager: Pager = NO_PAGER;
  /** The whole guest memory; replaced when it grows, so read it from here each time. */
  u8: Uint8Array;
  readonly #guest: WebAssembly.Memory;
  #view: DataView;

  constructor(state: WebAssembly.Memory, guest: WebAssembly.Memory) {
    this.tables = new PageTables(state);
    this.#guest = guest;
    this.u8 = new Uint8Array(guest.buffer);
    this.#view = new DataView(guest.buffer);
  }

  /** Makes the memory reach `end` (a byte address); false when the host gives no more. Views of it die. */
  commit(end: number): boolean {
    if (end <= this.u8.length) return true;
    const step = STEPS.find((pages) => pages * WASM_PAGE >= end);
    if (step === undefined) return false;
    try {
      this.#guest.grow(step - this.u8.length / WASM_PAGE);
    } catch {
      // RangeError is the one way in which grow() reports that the host has no room
      return false;
    }
    this.u8 = new Uint8Array(this.#guest.buffer);
    this.#view = new DataView(this.#guest.buffer);
    return true;
  }

  /** A readable view of guest bytes, valid until the next growth. Throws EFAULT. */
  bytes(address: number, length: number): Uint8Array {
    this.#check(address, length, false);
    return this.u8.subarray(address, address + length);
  }

  /** A writable view of guest bytes, valid until the next growth; translated code in it is forgotten. Throws EFAULT. */
  writable(address: number, length: number): Uint8Array {
    this.#check(address, length, true);
    return this.u8.subarray(address, address + length);
  }

  /** How many of `length` bytes at `address` are accessible in one piece, from the first on. */
  accessible(address: number, length: number, isWrite: boolean): number {
    const end = Math.min(address + length, ADDRESS_LIMIT);
    let at = address;
    while (at < end) {
      if (!this.#allows(at, isWrite)) break;
      at = Math.min(end, at - (at % PAGE_SIZE) + PAGE_SIZE);
    }
    return Math.max(0, at - address);
  }

  /** The bytes up to a NUL. Throws EFAULT, or ENAMETOOLONG when there is none in `limit` bytes. */
  cstring(address: number, limit = 4096): ByteString {
    let text = '';
    for (let at = address; ; ) {
      if (at >= ADDRESS_LIMIT || at < 0 || !this.#allows(at, false)) this.pager.refuse('EFAULT');
      const end = Math.min(at - (at % PAGE_SIZE) + PAGE_SIZE, address + limit);
      const { u8 } = this;
      let nul = at;
      while (nul < end && u8[nul] !== 0) nul++;
      if (nul > at) text += String.fromCharCode(...u8.subarray(at, nul));
      if (nul < end) return text;
      if (end === address + limit) this.pager.refuse('ENAMETOOLONG');
      at = end;
    }
  }

  getU8(address: number): number {
    this.#check(address, 1, false);
    return this.#view.getUint8(address);
  }
  getU16(address: number): number {
    this.#check(address, 2, false);
    return this.#view.getUint16(address, true);
  }
  getU32(address: number): number {
    this.#check(address, 4, false);
    return this.#view.getUint32(address, true);
  }
  getI32(address: number): number {
    this.#check(address, 4, false);
    return this.#view.getInt32(address, true);
  }
  /** A signed 64-bit value as a double: exact within +-2^53. */
  getI64(address: number): number {
    this.#check(address, 8, false);
    return this.#view.getInt32(address + 4, true) * 0x1_0000_0000 + this.#view.getUint32(address, true);
  }
  /** An unsigned 64-bit value as a double: exact below 2^53. */
  getU64(address: number): number {
    this.#check(address, 8, false);
    return this.#view.getUint32(address + 4, true) * 0x1_0000_0000 + this.#view.getUint32(address, true);
  }
  getU64big(address: number): bigint {
    this.#check(address, 8, false);
    return this.#view.getBigUint64(address, true);
  }

  setU8(address: number, value: number): void {
    this.#check(address, 1, true);
    this.#view.setUint8(address, value);
  }
  setU16(address: number, value: number): void {
    this.#check(address, 2, true);
    this.#view.setUint16(address, value, true);
  }
  setU32(address: number, value: number): void {
    this.#check(address, 4, true);
    this.#view.setUint32(address, value, true);
  }
  /** Stores an integer of +-2^53 as 64 bits. */
  setI64(address: number, value: number): void {
    this.#check(address, 8, true);
    this.#view.setUint32(address, value, true);
    this.#view.setInt32(address + 4, Math.floor(value / 0x1_0000_0000), true);
  }
  setU64big(address: number, value: bigint): void {
    this.#check(address, 8, true);
    this.#view.setBigUint64(address, value, true);
  }

  #check(address: number, length: number, isWrite: boolean): void {
    if (length === 0) return;
    const end = address + length;
    if (!(address >= 0 && end <= ADDRESS_LIMIT)) this.pager.refuse('EFAULT');
    for (let at = address; at < end; at = at - (at % PAGE_SIZE) + PAGE_SIZE) {
      if (!this.#allows(at, isWrite)) this.pager.refuse('EFAULT');
    }
  }

  #allows(address: number, isWrite: boolean): boolean {
    return this.tables.table(isWrite)[address >>> 12] !== REFUSED || this.pager.access(address, 1, isWrite);
  }
}
