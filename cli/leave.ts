// The end of the process with a status, without waiting for the engine's compilers.

import { existsSync } from 'node:fs';

const SHELL = '/bin/sh';

/** What came of a command. */
export interface Ending {
  readonly status: number;
  /** Guest instructions that were executed. */
  readonly instructions: number;
  /** The host's SIGINT ended the guest, and is to end elfin: a shell that runs a list of commands goes by that (bash(1), SIGNALS). */
  readonly isInterrupted?: boolean;
}

/** So many instructions do not use up the tiering budget that cli/bin.cjs gives the engine: nothing is being optimised. */
const COLD = 150_000;

/**
 * Ends the process. `process.exit` joins V8's background threads, and one that optimises the interpreter's main loop
 * goes on for up to half a second; replacing the process image ends them at once (but costs 10 ms of loading modules).
 * Whatever was changed on the host's descriptors must have been put back before.
 */
export function leave({ status, instructions, isInterrupted = false }: Ending): never {
  if (isInterrupted) process.kill(process.pid, 'SIGINT');
  if (instructions > COLD && process.platform === 'linux' && process.execve && existsSync(SHELL)) {
    process.removeAllListeners('warning');
    process.execve(SHELL, ['sh', '-c', `exit ${status}`], {});
  }
  process.exit(status);
}
