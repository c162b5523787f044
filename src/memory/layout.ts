// Pages of the guest, and where the two access tables lie in the state memory (exec/layout.ts shows the whole of it).

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;
/** Pages below 4 GiB. */
export const PAGE_COUNT = 1 << 20;
/** Guest addresses lie below this. */
export const ADDRESS_LIMIT = 0x1_0000_0000;

/** One byte a page: may the guest read it? */
export const READ_TABLE = 0x100000;
/** One byte a page: may the guest write it? */
export const WRITE_TABLE = 0x200000;

/** Entry of a page without access. */
export const REFUSED = 0x80;
/** Entry of a page with access whose upper neighbour has none. */
export const THIS_PAGE_ONLY = 0xff;

export const pageOf = (address: number): number => address >>> PAGE_SHIFT;
export const pageStart = (address: number): number => address - (address % PAGE_SIZE);
export const pageAlign = (address: number): number => Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
