// The clocks of a machine, all derived from the host's two, and the timers that the scheduler fires.

import type { Clock } from '../host/host.ts';

/** A callback that is due at a monotonic time. */
export interface Timer {
  readonly deadline: number;
  cancel(): void;
}

interface Entry extends Timer {
  readonly callback: () => void;
}

export class KernelClock {
  readonly #clock: Clock;
  /** Sorted by deadline, earliest last, so that firing pops. */
  readonly #timers: Entry[] = [];
  /** Monotonic milliseconds when the machine started. */
  readonly startTime: number;
  /** Called when a timer becomes the earliest, so that an idle sleep is cut short. */
  onEarlier: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.startTime = clock.monotonic();
  }

  /** Milliseconds, with fraction, on a clock that never steps. */
  monotonic(): number {
    return this.#clock.monotonic();
  }

  realtime(): { seconds: number; nanoseconds: number } {
    return this.#clock.realtime();
  }

  /** Calls back at `deadline` (monotonic milliseconds) or soon after. */
  at(deadline: number, callback: () => void): Timer {
    const timers = this.#timers;
    const entry: Entry = {
      deadline,
      callback,
      cancel: () => {
        const index = timers.indexOf(entry);
        if (index >= 0) timers.splice(index, 1);
      },
    };
    let low = 0,
      high = timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((timers[middle] as Entry).deadline > deadline) low = middle + 1;
      else high = middle;
    }
    timers.splice(low, 0, entry);
    if (low === timers.length - 1) this.onEarlier?.();
    return entry;
  }

  /** The earliest deadline. */
  nextDeadline(): number | undefined {
    return this.#timers.at(-1)?.deadline;
  }

  /** Calls back everything due by `now`. */
  fire(now: number): void {
    for (let last = this.#timers.at(-1); last && last.deadline <= now; last = this.#timers.at(-1)) {
      this.#timers.pop();
      last.callback();
    }
  }
}
