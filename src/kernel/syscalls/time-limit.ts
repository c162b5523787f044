// Waits that a socket's time-outs bound (socket(7), SO_RCVTIMEO).

import { E } from '../../abi/errno.ts';
import type { Task } from '../task.ts';

/** Options of a wait that SO_RCVTIMEO or SO_SNDTIMEO bounds; such a wait is not restarted (signal(7)). */
export function timeLimit(task: Task, milliseconds = Infinity, error = E.EAGAIN) {
  if (milliseconds === Infinity) return {};
  return {
    deadline: task.kernel.clock.monotonic() + milliseconds,
    onTimeout: (): never => {
      throw error;
    },
    onSignal: 'interrupt' as const,
  };
}
