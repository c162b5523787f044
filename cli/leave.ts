// The end of the process with a status, without waiting for the engine's compilers.

import { existsSync } from 'node:fs';

const SHELL = '/bin/sh';

/**
 * Ends the process. `process.exit` joins V8's background threads, and one that optimises the interpreter's main loop
 * goes on for up to half a second; replacing the process image ends them at once. Whatever was changed on the host's
 * descriptors must have been put back before.
 */
export function leave(status: number): never {
  if (process.platform === 'linux' && process.execve && existsSync(SHELL)) {
    process.removeAllListeners('warning');
    process.execve(SHELL, ['sh', '-c', `exit ${status}`], {});
  }
  process.exit(status);
}
