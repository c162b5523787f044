// An instruction case: machine state before and after a few bytes of code, as objects and as the records of native.c.

/** One code page, the code at CODE_START and traps all around it; two writable data pages, then a read-only one. */
export const CODE = 0x10000000;
export const CODE_START = CODE + 0x800;
export const DATA = 0x20000000;
export const DATA_SIZE = 3 * 4096;
export const WRITABLE_SIZE = 2 * 4096;
const TRAP = 0xcc;

/** Registers and memory. The FXSAVE image holds x87, MXCSR and XMM registers, `high` the upper halves of YMM. */
export interface State {
  readonly rip: bigint;
  readonly rflags: bigint;
  readonly gpr: BigUint64Array;
  readonly fx: Uint8Array;
  readonly high: Uint8Array;
  readonly data: Uint8Array;
}

export interface Case extends State {
  readonly code: Uint8Array;
  /** Status flags that the code leaves undefined (SDM). */
  readonly undefinedFlags: number;
}

/** Signals as native.c saw them; in elfin's results only whether there was one. */
export interface Result extends State {
  /** Linux's signal number; DIED if the process did not survive, 0 for elfin. */
  readonly signal: number;
  readonly vector: number;
  /** Page-fault error code; bit 0 (present) is the kernel's business and cleared. */
  readonly error: number;
  /** Faulting address of a page fault, 0 otherwise. */
  readonly address: bigint;
}
export const DIED = 0xffff;
export const SIGALRM = 14,
  SIGSYS = 31;
/** Exception vectors. */
export const BREAKPOINT = 3,
  PAGE_FAULT = 14,
  STACK_FAULT = 12,
  GENERAL_PROTECTION = 13,
  FLOATING_POINT = 19;

export const FX_SIZE = 512;
const HIGH_SIZE = 256,
  CODE_SIZE = 32;
const AT = { length: 0, signal: 4, vector: 8, error: 12, address: 16, rip: 24, rflags: 32, gpr: 40, fx: 168 } as const;
const AT_HIGH = AT.fx + FX_SIZE,
  AT_CODE = AT_HIGH + HIGH_SIZE,
  AT_DATA = AT_CODE + CODE_SIZE;
export const RECORD_SIZE = AT_DATA + DATA_SIZE;

export function writeRecord(bytes: Uint8Array, at: number, one: Case): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_SIZE);
  view.setUint32(AT.length, one.code.length, true);
  view.setBigUint64(AT.rip, one.rip, true);
  view.setBigUint64(AT.rflags, one.rflags, true);
  one.gpr.forEach((value, i) => view.setBigUint64(AT.gpr + 8 * i, value, true));
  bytes.set(one.fx, at + AT.fx);
  bytes.set(one.high, at + AT_HIGH);
  bytes.set(one.code, at + AT_CODE);
  bytes.set(one.data, at + AT_DATA);
}

export function readRecord(bytes: Uint8Array, at: number): Result {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, RECORD_SIZE);
  const vector = view.getUint32(AT.vector, true);
  const isPageFault = vector === PAGE_FAULT;
  return {
    signal: view.getUint32(AT.signal, true),
    vector,
    error: isPageFault ? view.getUint32(AT.error, true) & ~1 : 0,
    address: isPageFault ? view.getBigUint64(AT.address, true) : 0n,
    rip: view.getBigUint64(AT.rip, true),
    rflags: view.getBigUint64(AT.rflags, true),
    gpr: BigUint64Array.from({ length: 16 }, (_, i) => view.getBigUint64(AT.gpr + 8 * i, true)),
    fx: bytes.slice(at + AT.fx, at + AT.fx + FX_SIZE),
    high: bytes.slice(at + AT_HIGH, at + AT_CODE),
    data: bytes.slice(at + AT_DATA, at + AT_DATA + DATA_SIZE),
  };
}

/** The code page of a case. */
export function codePage(one: Case): Uint8Array {
  const page = new Uint8Array(4096).fill(TRAP);
  page.set(one.code, Number(one.rip) - CODE);
  return page;
}

/** Under which elfin does not track MXCSR's exception flags; any other value of a case is one that was loaded. */
export const INITIAL_MXCSR = 0x1f80;
export const mxcsrOf = (fx: Uint8Array): number => new DataView(fx.buffer, fx.byteOffset).getUint32(24, true);

/** FCW 0x37f, all x87 registers empty, MXCSR 0x1f80, everything else 0. */
export function initialFx(): Uint8Array {
  const fx = new Uint8Array(FX_SIZE);
  const view = new DataView(fx.buffer);
  view.setUint16(0, 0x37f, true);
  view.setUint32(24, INITIAL_MXCSR, true);
  return fx;
}
