// Signals that the host sends to elfin go to the guest.

import type { Process } from '../src/kernel/process.ts';
import { SIGNAL } from '../src/abi/signals.ts';
import type { Machine } from '../src/machine.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
// Ctrl-Z is not among them: it stops elfin, and with it the guest, until the shell continues it.
/** A terminal sends these to the whole foreground group, of which the guest's programs are a part. */
const FROM_TERMINAL: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGWINCH']);

/**
 * Forwards to `first`, what a terminal sends to the foreground group, and when it has ended to all that are left. Installing
 * handlers takes time, so it waits until the guest first gives way to the host. Returns what stops it.
 */
export function forwardSignals(machine: Machine, first: Process): () => void {
  const { kernel } = machine;
  const forward = (name: (typeof FORWARDED)[number]): void => {
    const number = SIGNAL[name];
    if (!first.exited && !FROM_TERMINAL.has(name)) return void kernel.kill(first.pid, number);
    const foreground = kernel.foreground.get(first.sid) ?? first.pgid;
    for (const process of [...kernel.processes.values()]) {
      if (first.exited || process.pgid === foreground) kernel.kill(process.pid, number);
    }
  };
  const install = setImmediate(() => {
    for (const name of FORWARDED) process.on(name, forward);
  });
  return () => {
    clearImmediate(install);
    for (const name of FORWARDED) process.off(name, forward);
  };
}
