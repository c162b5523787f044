// Pages of the guest, and where the two access tables lie in the state memory (exec/layout.ts shows the whole of it).

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;
/** Pages below 4 GiB. */
export const PAGE_COUNT = 1 << 20;
/** Guest addresses lie below this. */
export const ADDRESS_LIMIT = 0x1_0000_0000;

/** One u32 a page: where may the guest read? */
export const READ_TABLE = 0x200000;
/** One u32 a page: where may the guest write? */
export const WRITE_TABLE = 0x600000;

// Entries of both tables: the address below which an access to the page may begin. An access of at most SPAN bytes goes on
// when its 64-bit address is lower than its page's entry, as an unsigned number: one load and one compare refuse every
// address above 4 GiB as well, and fresh, zeroed memory refuses all. A longer access adds what it is longer to its address
// in the comparison. Where the comparison fails, nothing is said yet: 'memory.refused' knows (exec/interpreter/memory.ts).
/** The page has no access. */
export const REFUSED = 0;
/** Bytes that an access may have which begins just below an entry. */
export const SPAN = 32;
/** The page has access and so has the one above it: an access may begin anywhere in it. */
export const allowed = (page: number): number => (page + 1) * PAGE_SIZE;
/** The page has access, its upper neighbour has none: an access may begin where SPAN bytes end in the page. */
export const thisPageOnly = (page: number): number => (page + 1) * PAGE_SIZE - SPAN;

/** Bytes that accesses with a common check may span. */
export const COVERED = PAGE_SIZE;
/**
 * Where reads are checked by window (--memory-check=window): what compiled code reads without asking the table ends above
 * WINDOW_START, so that it begins above the lowest 64 KiB, where nothing is mapped and null pointers lead, and at most at
 * WINDOW_END. Guest memory reaches up to there. The numbers are constants of the code: the check loads nothing, and of an address
 * that is a constant the engine leaves it out.
 */
export const WINDOW_START = 0x10000 + COVERED;
export const WINDOW_END = 0x7000_0000;

export const pageOf = (address: number): number => address >>> PAGE_SHIFT;
export const pageStart = (address: number): number => address - (address % PAGE_SIZE);
export const pageAlign = (address: number): number => Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
