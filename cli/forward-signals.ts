// Signals that the host sends to elfin go to the guest, and what stops the guest stops elfin.

import { SIGNAL } from '../src/abi/signals.ts';
import type { Machine } from '../src/machine.ts';
import type { Process } from '../src/kernel/process.ts';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP', 'SIGWINCH'] as const;
/** A terminal sends these to the whole foreground group, of which the guest's programs are a part. */
const FROM_TERMINAL: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTSTP', 'SIGWINCH']);

export interface Forwarding {
  stop(): void;
  /** SIGINT came from the host, where elfin runs at a terminal. */
  readonly wasInterrupted: boolean;
}

/**
 * Forwards to `first`, what a terminal sends to the foreground group, and when it has ended to all that are left. Installing
 * handlers takes time, so it waits until the guest first gives way to the host.
 */
export function forwardSignals(machine: Machine, first: Process): Forwarding {
  const { kernel } = machine;
  let wasInterrupted = false;
  const forward = (name: NodeJS.Signals): void => {
    wasInterrupted ||= name === 'SIGINT' && [0, 1, 2].some(process.getBuiltinModule('node:tty').isatty);
    const number = SIGNAL[name as (typeof FORWARDED)[number]];
    if (!first.exited && !FROM_TERMINAL.has(name)) return void kernel.kill(first.pid, number);
    const foreground = kernel.foreground.get(first.sid) ?? first.pgid;
    for (const process of [...kernel.processes.values()]) {
      if (first.exited || process.pgid === foreground) kernel.kill(process.pid, number);
    }
  };
  const install = setImmediate(() => {
    for (const name of FORWARDED) process.on(name, forward);
  });
  // Others of its group may have a signal of the terminal still to come.
  kernel.onStop = (stopped) => {
    if (stopped === first) setImmediate(() => suspend(first, forward));
  };
  const stop = (): void => {
    clearImmediate(install);
    for (const name of FORWARDED) process.off(name, forward);
  };
  return {
    stop,
    get wasInterrupted() {
      return wasInterrupted;
    },
  };
}

/**
 * The guest's first group has stopped, which no shell in the guest looks after: elfin stops like any job, and the group goes on
 * with it. The host may refuse (where its own shell has no job control), as it would have refused the guest.
 */
function suspend(first: Process, forward: NodeJS.SignalsListener): void {
  const { kernel, pgid } = first;
  const group = [...kernel.processes.values()].filter((each) => each.pgid === pgid && !each.exited);
  if (first.exited || !group.every(({ isStopped }) => isStopped)) return;
  process.off('SIGTSTP', forward);
  process.kill(process.pid, first.unreported === SIGNAL.SIGSTOP ? 'SIGSTOP' : 'SIGTSTP');
  process.on('SIGTSTP', forward);
  for (const { pid } of group) kernel.kill(pid, SIGNAL.SIGCONT);
}
