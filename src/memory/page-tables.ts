// The access tables in the state memory: one u32 a page and kind of access, kept so that one look-up covers straddling accesses.
//
//   entry allowed(p)        page p and page p+1 allow the access
//   entry thisPageOnly(p)   only page p does: an access that straddles, or begins at its very end, takes the slow path
//   entry REFUSED           page p does not
//
// So a change of page p also changes the entry of page p-1.

import { allowed, PAGE_COUNT, READ_TABLE, REFUSED, thisPageOnly, WRITE_TABLE } from './layout.ts';

export class PageTables {
  readonly #state: WebAssembly.Memory;
  #read: Uint32Array;
  #write: Uint32Array;

  /** Over a fresh state memory, whose zeros refuse every page. */
  constructor(state: WebAssembly.Memory) {
    this.#state = state;
    this.#read = new Uint32Array(state.buffer, READ_TABLE, PAGE_COUNT);
    this.#write = new Uint32Array(state.buffer, WRITE_TABLE, PAGE_COUNT);
  }

  /** The table of one kind of access. A view dies when the state memory grows: its length is 0 then. */
  table(isWrite: boolean): Uint32Array {
    if (this.#read.length === 0) {
      this.#read = new Uint32Array(this.#state.buffer, READ_TABLE, PAGE_COUNT);
      this.#write = new Uint32Array(this.#state.buffer, WRITE_TABLE, PAGE_COUNT);
    }
    return isWrite ? this.#write : this.#read;
  }

  allows(page: number, isWrite: boolean): boolean {
    return this.table(isWrite)[page] !== REFUSED;
  }

  /** Grants pages [first, end). */
  allow(first: number, end: number, isWrite: boolean): void {
    if (first >= end) return;
    const table = this.table(isWrite);
    for (let page = first; page < end; page++) table[page] = allowed(page);
    if (end === PAGE_COUNT || table[end] === REFUSED) table[end - 1] = thisPageOnly(end - 1);
    if (first > 0 && table[first - 1] !== REFUSED) table[first - 1] = allowed(first - 1);
  }

  /** Takes pages [first, end) away. */
  refuse(first: number, end: number, isWrite: boolean): void {
    if (first >= end) return;
    const table = this.table(isWrite);
    table.fill(REFUSED, first, end);
    if (first > 0 && table[first - 1] !== REFUSED) table[first - 1] = thisPageOnly(first - 1);
  }
}
