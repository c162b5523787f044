// Where each register of the running thread lies in the state memory (byte addresses, Wasm memory 0).
//
//   0x000 zero      always 0: the base or index of an address that has none
//   0x008 rip
//   0x010 rax rcx rdx rbx rsp rbp rsi rdi r8 .. r15        16 x i64, so ah ch dh bh are byte 1 of the first four
//   0x090 fs base, gs base                                  i64
//   0x0a0 lazy flags (ir/slots.ts), system flags
//   0x0c0 temporaries of micro-operations
//   0x0d0 mxcsr, x87 control, status, tag, opcode, last instruction and operand pointer; 0x0f8 mxcsr mode, float flags
//   0x100 ymm0 .. ymm15                                     16 x 32 bytes, xmm in the low half
//   0x300 x87 registers, physical order R0 .. R7            8 x 16 bytes: mantissa i64, then sign and exponent u16
//   0x380 end of what a context switch copies; run control follows (exec/layout.ts)

export { FLAG_KIND, FLAG_X, FLAG_Y, RIP, TMP0, ZERO } from '../../ir/slots.ts';
export const GPR = 0x010;
export const FS_BASE = 0x090;
export const GS_BASE = 0x098;
/** DF, TF, NT, AC, ID and the constant bits of RFLAGS; the six status flags live in the lazy slots. */
export const SYSTEM_FLAGS = 0x0b4;
export const MXCSR = 0x0d0;
export const FCW = 0x0d4;
/** x87 status word, TOP included (bits 11..13). */
export const FSW = 0x0d8;
/** x87 tags, abridged as in FXSAVE: bit n is 1 when physical register Rn is not empty. */
export const FTW = 0x0dc;
export const FOP = 0x0e0;
export const FIP = 0x0e8;
export const FDP = 0x0f0;
/**
 * 0 while SSE arithmetic need not look at MXCSR: it rounds to nearest, keeps denormals, masks all exceptions and its
 * exception flags are not tracked (they stay 0). 1 from the first LDMXCSR on, or an FXRSTOR, XRSTOR or signal return that
 * changes the value.
 */
export const MXCSR_MODE = 0x0f8;
/** Exceptions of the running instruction (float.ts), before they go to MXCSR; 0 between instructions. */
export const FLOAT_FLAGS = 0x0fc;
export const YMM = 0x100;
export const X87 = 0x300;
export const CONTEXT_END = 0x380;

export const GPR_NAMES = [
  'rax',
  'rcx',
  'rdx',
  'rbx',
  'rsp',
  'rbp',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;
export type GprName = (typeof GPR_NAMES)[number];

/** The address of a general register's slot. */
export const gpr = (name: GprName): number => GPR + 8 * GPR_NAMES.indexOf(name);
export const RAX = GPR,
  RCX = GPR + 8,
  RDX = GPR + 16,
  RBX = GPR + 24,
  RSP = GPR + 32,
  RBP = GPR + 40,
  RSI = GPR + 48,
  RDI = GPR + 56;
export const R8 = GPR + 64,
  R9 = GPR + 72,
  R10 = GPR + 80,
  R11 = GPR + 88;
