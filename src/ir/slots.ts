// The slots of a thread's context that the IR itself knows: program counter and lazy status flags.

/** Always 0: the base, index or segment of an address that has none. */
export const ZERO = 0x000;
/** Program counter, i64. */
export const RIP = 0x008;
/**
 * The six status flags, lazily: two i64 and a kind (i32).
 *   kind < 64         flags of x - y; the kind is 64 minus the width, x and y are sign-extended from that width
 *   64 <= kind < 128  flags of x + y, likewise (kind - 64)
 *   FLAGS_RESULT      ZF, SF, PF of x (sign-extended); CF, AF, OF stand in y at their RFLAGS places
 *   FLAGS_RAW         x is the six flags in RFLAGS layout
 * Sign extension keeps unsigned order, so that after cmp every condition is one 64-bit comparison.
 */
export const FLAG_X = 0x0a0;
export const FLAG_Y = 0x0a8;
export const FLAG_KIND = 0x0b0;
/** Temporary of micro-operations, i64; rdtsc leaves its time stamp here. */
export const TMP0 = 0x0c0;
export const FLAGS_ADD = 64;
export const FLAGS_RESULT = 128;
export const FLAGS_RAW = 192;
