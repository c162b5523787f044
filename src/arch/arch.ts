// The seam between the kernel and a guest architecture with the tier that executes it: types only.

import type { FunctionDefinition } from '../ir/function.ts';
import type { Statement } from '../ir/value.ts';

/** Why a slice of guest execution ended (values as in exec/layout.ts). */
export type ExitReason = 'budget' | 'syscall' | 'fault';

/** A fault as the CPU reports it: registers are those before the instruction. */
export interface Fault {
  /** Exception vector (Intel SDM volume 3, table 6-1): 0 #DE, 3 #BP, 6 #UD, 13 #GP, 14 #PF, 16 #MF, 19 #XM ... */
  readonly vector: number;
  /** Faulting address of #PF, a number below 2^64 as bigint because wild pointers are 64 bits wide. */
  readonly address: bigint;
  /** #PF error code: bit 0 page present, bit 1 write, bit 4 instruction fetch. */
  readonly errorCode: number;
}

/**
 * Guest execution for one address space. Owned by a process; all its threads run in it, one at a time.
 * The running thread's registers lie in `state` at address 0 (arch/x64/regs.ts); the kernel saves and restores
 * `abi.contextBytes` bytes when it switches threads.
 */
export interface Execution {
  /** Registers, run control, page tables, decoded code (exec/layout.ts). */
  readonly state: WebAssembly.Memory;
  /** Guest memory; a guest address is an offset in it. */
  readonly guest: WebAssembly.Memory;
  /** Runs the thread whose context is loaded until a syscall asks to leave, a fault, or about `budget` instructions. */
  run(budget: number): ExitReason;
  /** The fault that ended the last run. */
  fault(): Fault;
  /** Forgets translated code of pages first..last (inclusive); the memory calls it on writes, unmapping, protection changes. */
  invalidate(firstPage: number, lastPage: number): void;
  /** Forgets all translated code (execve). */
  reset(): void;
  /** Takes over the translated code of a parent whose pages it has got (fork), and forgets its own. */
  adopt(parent: Execution): void;
  /** Guest instructions executed so far. */
  instructions(): number;
}

/**
 * How compiled code checks reads: each by its page, or `window`: only against a range of addresses (memory/layout.ts, WINDOW_END).
 * Writes are always checked by page, and so are reads by the interpreter and the kernel.
 */
export type MemoryCheck = 'page' | 'window';

/** What the execution calls back; all synchronous, none may throw. */
export interface ExecutionHooks {
  /** A syscall instruction: registers are in the context, rip after it. True: go on; false: leave run() with 'syscall'. */
  syscall(): boolean;
  /**
   * A refused access of `size` bytes at `low` (address below 4 GiB, unsigned). Populates lazy pages, breaks
   * copy-on-write, forgets code about to be written. True: the access may proceed now; false: page fault.
   */
  access(low: number, size: number, isWrite: boolean): boolean;
  /** May code be fetched from this page? Populates it and marks it so that later writes reach `access` first. */
  fetch(page: number): boolean;
  /** The file that code at this page is mapped from; undefined for anonymous memory. */
  image?(page: number): CodeImage | undefined;
  /** Where such a file is mapped, by its identity. */
  imageStart?(id: string): number | undefined;
  /**
   * May code that checks reads by window run? True: all below WINDOW_END reads right from now on, until everything is
   * invalidated or reset.
   */
  hasWindow?(): boolean;
  /** Fills the whole of `bytes` with entropy. */
  random(bytes: Uint8Array): void;
}

/** A file that code is mapped from. */
export interface CodeImage {
  /** Of the file; the same in every process. */
  readonly id: string;
  /** Address of the file's first byte, were it all mapped; 0 for a program that is linked to its addresses. */
  readonly start: number;
}

/** How an instruction hands on control; `next`: to the one behind it. */
export type Flow = 'next' | 'branch' | 'jump' | 'call' | 'return' | 'syscall' | 'stop';

/** A register that compiled code may keep in a local: 8 bytes (i64) or 16 (v128) of the context. */
export interface RegisterUnit {
  readonly name: string;
  readonly address: number;
  readonly bytes: 8 | 16;
}

/** What the compiler asks of an architecture: the meaning of each decoded operation. */
export interface Meanings {
  /** By handler number, with register slots as fields of the operation. */
  statements(handler: number): readonly Statement[];
  flow(handler: number): Flow;
  /** Helper functions that meanings call. */
  helper(name: string): FunctionDefinition | undefined;
  readonly registers: readonly RegisterUnit[];
}

/** What compiling hot code has come to so far, in all executions of a factory. */
export interface CompilerStats {
  /** Compiled, the guest instructions in them, and the bytes of their modules. */
  readonly regions: number;
  readonly instructions: number;
  readonly bytes: number;
  /** Forgotten because their pages changed, a process each. */
  readonly dropped: number;
  /** Asked for and left to the interpreter. */
  readonly refused: number;
  /** Compiled before, by any process of this host process or, with --code-cache, an earlier one: taken from there. */
  readonly shared: number;
  /** Given up to keep within limits, a process each. */
  readonly evicted: number;
  /** Finding and translating regions; making modules and instances of them. What the engine optimises meanwhile does not count. */
  readonly translateMilliseconds: number;
  readonly engineMilliseconds: number;
  /** How often the interpreter got control back, and why. */
  readonly left: {
    /** At code that is not compiled. */
    readonly cold: number;
    /** For one instruction: a refused access, an exception, an address above 4 GiB, the end of the budget of a loop. */
    readonly interpret: number;
    /** The budget was used up. */
    readonly budget: number;
    /** The run is over: a system call that waits. */
    readonly exit: number;
  };
}

export interface ExecutionFactory {
  /** CPU features beyond the baseline, by the names `--cpu` takes; for /proc/cpuinfo. */
  readonly features?: readonly string[];
  create(hooks: ExecutionHooks): Execution;
  /** What texts of instructions are made of: the interpreter's module, and bits of what CPUID offers. */
  readonly texts?: { readonly module: () => WebAssembly.Module; readonly features: number };
  /** By default 'page'. */
  readonly memoryCheck?: MemoryCheck | undefined;
  /** undefined where nothing compiles. */
  readonly compiled?: (() => CompilerStats) | undefined;
}

/** How Linux looks on this architecture; numbers ending in Index are indexes into an Int32Array over `state`. */
export interface LinuxAbi {
  readonly name: 'x64';
  /** e_machine. */
  readonly machine: number;
  readonly platform: string;
  readonly hwcap: number;
  readonly hwcap2: number;
  readonly minSigStackSize: number;
  readonly contextBytes: number;
  readonly numberIndex: number;
  readonly argumentIndexes: readonly [number, number, number, number, number, number];
  readonly resultIndex: number;
  readonly pcIndex: number;
  readonly spIndex: number;
  /** Registers at the start of a program: all zero but rip and rsp (System V ABI 3.4.1), FCW 0x37f, MXCSR 0x1f80. */
  startContext(state: Uint8Array, entry: number, stackPointer: number): void;
  /** One register by name (rax .. r15, rip, rflags, fs_base, gs_base). */
  register(state: Uint8Array, name: string): bigint;
  setRegister(state: Uint8Array, name: string, value: bigint): void;
  /** objdump-like text of the instruction at the start of `bytes`, for fault messages and dumps. */
  disassemble(bytes: Uint8Array, address: number): { readonly text: string; readonly length: number };
  /**
   * Does an access to `address`, which no page can have, by the instruction of that text go through the stack segment? The
   * exception then is another (#SS on x86).
   */
  isStackAccess?(state: Uint8Array, text: string, address: bigint): boolean;
  /** Signal handlers; an architecture without them ends a process that catches a signal. */
  readonly signals?: SignalAbi | undefined;
}

/** Guest memory as a signal frame is written to and read from it; throws EFAULT. */
export interface FrameMemory {
  bytes(address: number, length: number): Uint8Array;
  writable(address: number, length: number): Uint8Array;
}

/** What a handler is called with. */
export interface SignalFrame {
  readonly signal: number;
  readonly handler: number;
  readonly restorer: number;
  /** siginfo_t, 128 bytes. */
  readonly info: Uint8Array;
  /** Mask to restore, as two words. */
  readonly mask: readonly [low: number, high: number];
  /** End of the alternate stack when the handler runs on it; else the frame goes below the stack pointer. */
  readonly stackTop: number | undefined;
  /** stack_t as sigaltstack set it, for the frame. */
  readonly altStack: { readonly address: number; readonly size: number; readonly flags: number };
  /** Of a fault: vector, error code, address. */
  readonly vector: number;
  readonly errorCode: number;
  readonly address: bigint;
}

/** The signal frame of an architecture (Linux's rt_sigframe). */
export interface SignalAbi {
  /** Saves the context on the guest's stack and aims it at the handler; throws EFAULT when the stack is not writable. */
  push(abi: LinuxAbi, state: Uint8Array, memory: FrameMemory, frame: SignalFrame): void;
  /** rt_sigreturn: restores the context that the frame holds, edits included. */
  pop(abi: LinuxAbi, state: Uint8Array, memory: FrameMemory): Pick<SignalFrame, 'mask' | 'altStack'>;
  /** Aims the context at the syscall instruction just executed, with its number, so that it runs again. */
  restart(state: Uint8Array, number: number): void;
  /** Unmasked exception bits (IE DE ZE OE UE PE) behind a floating-point fault: #MF of the x87, #XM of SSE. */
  floatingPointStatus(state: Uint8Array, vector: number): number;
}
