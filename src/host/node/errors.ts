// Node's errors as HostError.

import { HostError } from '../host.ts';

/** The Linux name of an error of node:fs; EIO for what has none. */
export function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : 'EIO';
}

/** Runs a call of node:fs; what it throws becomes a HostError of the same code. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asHostError(error);
  }
}

export function asHostError(error: unknown): HostError {
  if (error instanceof HostError) return error;
  // Anything that does not come from the operating system is a mistake of ours and stays what it is.
  if (typeof (error as NodeJS.ErrnoException | null)?.code !== 'string') throw error;
  return new HostError(codeOf(error), (error as Error).message);
}
