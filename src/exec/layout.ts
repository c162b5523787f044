// The state memory of a process (Wasm memory 0 of the interpreter): registers, run control, page tables, decoded code.
//
//   0x000000  context of the running thread (arch/x64/regs.ts), then run control
//   0x001000  tables of the decoder, written by data segments
//   0x100000  LOOKUP       hash table, linear probing: guest rip (u32), first operation of its trace (u32, 0 = none now)
//   0x1a0000  TARGETS      where indirect jumps of compiled code went: guest address (u32), place in the table of regions (u32)
//   0x1c0000  RECENT       instructions decoded last and the operations they became, for the decoder (arch/x64/decode-layout.ts)
//   0x200000  READ_TABLE   one u32 a 4096-byte guest page: where may the guest read? (memory/layout.ts)
//   0x600000  WRITE_TABLE  the same for writes
//   0xa00000  PAGE_TRACES  one u32 a guest page: list of the traces that were decoded from its bytes
//   0xe00000  ARENA        decoded traces, grows upwards; when it is full everything decoded is forgotten

export const EXIT_REASON = 0x380;
/** Exception vector of a FAULT exit (Intel SDM volume 3, table 6-1). */
export const EXIT_VECTOR = 0x384;
/** Linear address of a page fault, i64; for #UD the address of the instruction stands in RIP. */
export const FAULT_ADDRESS = 0x388;
/** Page-fault error code: bit 0 present, bit 1 write, bit 4 fetch. */
export const FAULT_ERROR = 0x390;
/** Guest instructions left; run control of one slice. */
export const BUDGET = 0x394;
export const ARENA_NEXT = 0x398;
/** Counts how often everything decoded was forgotten. */
export const GENERATION = 0x39c;
/** Entries used in LOOKUP. */
export const LOOKUP_USED = 0x3b8;
/** Guest instructions executed by this process, i64, brought up to date at each exit. */
export const INSTRUCTIONS = 0x3a0;
/** Bytes of guest code the decoder may read for the trace it works on: address of the first byte it may not. */
export const FETCH_LIMIT = 0x3a8;
/** Guest instructions left while compiled code runs. */
export const REGION_BUDGET = 0x3c0;
/** A return that leaves the stack pointer above this ends a nested run of the interpreter (region.cold); i64. */
export const NESTED_STACK = 0x3c8;
/** u32 each: how often compiled code gave control back to the interpreter, by why (CompilerStats.left in arch/arch.ts). */
export const Left = { cold: 0x3d0, interpret: 0x3d4, budget: 0x3d8, exit: 0x3dc } as const;
/** By how many operations the longest trace is shorter than MOST_OPERATIONS (interpreter/trace.ts). */
export const SHORTENED = 0x3c4;
export const MOST_OPERATIONS = 64;
/** Entries after which a trace is hot. */
export const THRESHOLD = 0x3bc;
/** CPUID leaves offered to the guest: address and count of rows (leaf, subleaf, eax, ebx, ecx, edx), 6 x u32 each. */
export const CPUID_ROWS = 0x3ac;
export const CPUID_COUNT = 0x3b0;
/** Features offered, as bits the decoder tests (arch/x64/cpuid.ts). */
export const FEATURES = 0x3b4;

export const DECODER_TABLES = 0x001000;
export { allowed, PAGE_COUNT, READ_TABLE, REFUSED, SPAN, WINDOW_END, WINDOW_START, WRITE_TABLE } from '../memory/layout.ts';
export const LOOKUP = 0x100000;
export const LOOKUP_ENTRIES = 1 << 16;
/** The home of a rip in LOOKUP is (rip ^ rip >>> LOOKUP_SHIFT) modulo the number of entries. */
export const LOOKUP_SHIFT = 15;
/** A cache with one place an address: (rip ^ rip >>> TARGETS_SHIFT) modulo the number of entries. */
export const TARGETS = 0x1a0000;
export const TARGETS_ENTRIES = 1 << 12;
export const TARGETS_SHIFT = 9;
/** Places in the table of regions that are no region's: of an address without compiled code, of one above 4 GiB. */
export const Place = { cold: 0, high: 1, first: 2 } as const;
/** One u32 a handler: how often it ran, in an interpreter built to count. */
export const FORM_COUNTS = 0x180000;
export const RECENT = 0x1c0000;
export const PAGE_TRACES = 0xa00000;
export const ARENA = 0xe00000;
/** 64-KiB pages of the state memory; fixed, so that views of it never detach. */
export const STATE_PAGES = 416;

/** The heat of a trace that may turn out to be compiled already. */
export const WARM = 16;
/** The heat of a trace that is not worth telling of: more than any threshold. */
export const NEVER = 0x7fffffff;
/** At the end of the arena: room for the operations of one instruction, decoded for the compiler. */
export const SCRATCH = STATE_PAGES * 65536 - 256;

/** What compiled code returns: a guest address below 4 GiB to go on at, or one of these with the state in memory. */
export const Leave = {
  /** RIP is to be interpreted, at least its first instruction. */
  interpret: 1n << 32n,
  /** The run is over, EXIT_REASON says why. */
  exit: 2n << 32n,
} as const;
/** Bytes of host stack that compiled code, and runs of the interpreter nested in it, may use for nested calls. */
export const REGION_STACK = 400_000;
/** Host stack of a nested run. */
export const NESTED_FRAME = 2000;

/** Why a run ended; values of EXIT_REASON. */
export const Exit = { none: 0, budget: 1, syscall: 2, fault: 3 } as const;

/** One decoded operation: 32 bytes in the arena. */
export const Op = {
  handler: 0, // u16
  r0: 2, // u16, addresses of register slots
  r1: 4, // u16
  base: 6, // u16, slot of the base register (ZERO if none)
  index: 8, // u16, slot of the index register; third register of forms without memory
  scale: 10, // u8, shift of the index; or a value of Distance
  length: 11, // u8, bytes of the instruction
  disp: 12, // i32
  imm: 16, // i64; for direct branches the target in the low half
  count: 20, // u32, instructions from the start of the trace to here, of operations that end or leave a trace
  rip: 24, // u32, address of the instruction
  link: 28, // u32, decoded trace at the target, 0 = not yet known
  bytes: 32,
} as const;

/** In place of a scale: `disp` is an address that the instruction has relative to itself, or `imm` is. */
export const Distance = { disp: 8, imm: 16 } as const;

/** What stands before the operations of a trace: its address, where they end, and the page lists it is in. */
export const Header = {
  rip: 0,
  end: 4,
  next: 8,
  nextOfSecond: 12,
  /** 1: found warm before. */
  seen: 20,
  /** Entries left until the host is told that the trace is hot; 0 from then on. */
  heat: 24,
  /** Place in the table of regions of the compiled code that begins here, 0 = none. */
  region: 28,
  bytes: 32,
} as const;
