// RLIMIT_NPROC: how many processes a user may have (getrlimit(2)).

import { RLIMIT } from './limits.ts';
import type { Process } from './process.ts';

/** Would `more` processes be too many for the process's user? Root has no limit. */
export function isCrowded({ kernel, credentials, limits }: Process, more: number): boolean {
  const { uid } = credentials;
  if (uid === 0) return false;
  let own = more;
  for (const each of kernel.processes.values()) if (each.credentials.uid === uid) own++;
  return own > limits.soft(RLIMIT.NPROC);
}
