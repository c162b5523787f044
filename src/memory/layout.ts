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

// Entries of both tables. An access goes on when its entry, sign-extended, is greater than the upper half of the 64-bit
// address: one load and one compare refuse every address above 4 GiB as well, and fresh, zeroed memory refuses all.
/** The page has no access. */
export const REFUSED = 0;
/** The page has access and so has the one above it. */
export const ALLOWED = 1;
/** The page has access, its upper neighbour has none. */
export const THIS_PAGE_ONLY = 0xff;

export const pageOf = (address: number): number => address >>> PAGE_SHIFT;
export const pageStart = (address: number): number => address - (address % PAGE_SIZE);
export const pageAlign = (address: number): number => Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
