// What comes of touching a page: allowed, or the signal Linux sends for it.

import { BUS_ADRERR, SEGV_ACCERR, SEGV_MAPERR, SIGNAL } from '../../abi/signals.ts';

export interface MemoryFault {
  readonly signal: number;
  /** si_code. */
  readonly code: number;
}

export type FaultResult = 'ok' | MemoryFault;

/** Nothing is mapped there. */
export const MAPERR: MemoryFault = { signal: SIGNAL.SIGSEGV, code: SEGV_MAPERR };
/** The mapping does not allow it. */
export const ACCERR: MemoryFault = { signal: SIGNAL.SIGSEGV, code: SEGV_ACCERR };
/** A page past the end of a mapped file, or one the file system could not read. */
export const ADRERR: MemoryFault = { signal: SIGNAL.SIGBUS, code: BUS_ADRERR };
/** The machine's memory limit: as the OOM killer. */
export const OUT_OF_MEMORY: MemoryFault = { signal: SIGNAL.SIGKILL, code: 0 };
