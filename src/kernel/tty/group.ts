// Signals that a terminal sends to a process group, and what becomes of the group when the terminal goes.

import { SI_KERNEL, SIGNAL } from '../../abi/signals.ts';
import type { Kernel } from '../kernel.ts';
import type { Process } from '../process.ts';
import { sendSignal } from '../signals.ts';

export const groupOf = (kernel: Kernel, pgid: number): Process[] =>
  [...kernel.processes.values()].filter((each) => each.pgid === pgid && !each.exited);

export function signalGroup(
  kernel: Kernel,
  pgid: number,
  signal: number,
  isMeant: (each: Process) => boolean = () => true,
): void {
  for (const each of groupOf(kernel, pgid)) if (isMeant(each)) sendSignal(each, { signal, code: SI_KERNEL, pid: 0, uid: 0 });
}

/** The leader of a session ends or gives its terminal up: the foreground group is told. */
export function hangUp(process: Process, isEnd = true): void {
  const { kernel, pid, sid } = process;
  const group = kernel.foreground.get(sid);
  if (pid !== sid || group === undefined) return;
  const pty = kernel.controlling.get(sid);
  kernel.foreground.delete(sid);
  kernel.controlling.delete(sid);
  if (pty) pty.session = pty.foreground = 0;
  signalGroup(kernel, group, SIGNAL.SIGHUP);
  // As disassociate_ctty has it: the end of a leader continues nobody on a pseudo-terminal.
  if (!pty || !isEnd) signalGroup(kernel, group, SIGNAL.SIGCONT);
}
