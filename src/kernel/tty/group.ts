// Signals that a terminal sends to a process group.

import { SI_KERNEL } from '../../abi/signals.ts';
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
