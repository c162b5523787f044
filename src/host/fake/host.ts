// The fake host for tests: a virtual clock that jumps to the next deadline, and entropy from a seed.

import type { Host, HostSleep } from '../host.ts';

export interface FakeOptions {
  /** Seed of the entropy. */
  readonly seed?: number;
  /** Seconds since the epoch at which the clock starts. */
  readonly startSeconds?: number;
  /** Milliseconds that pass at each look at the clock, so that a guest that computes comes to the end of its slice. */
  readonly tick?: number;
  readonly totalMemory?: number;
  /** Gives the rest of the program a turn; by default other promises only. */
  readonly yield?: () => Promise<void>;
}

/** A host whose time passes only when someone sleeps: the same program gives the same run each time. */
export function fakeHost(options: FakeOptions = {}): Host {
  const start = options.startSeconds ?? 1_700_000_000;
  const tick = options.tick ?? 0.001;
  const giveTurn = options.yield ?? (() => Promise.resolve());
  let now = 0;
  let state = (options.seed ?? 1) >>> 0;

  const sleep = (milliseconds: number): HostSleep => {
    let wake!: () => void;
    let isAwake = false;
    const done = new Promise<void>((resolve) => {
      wake = () => {
        isAwake = true;
        resolve();
      };
    });
    const pass = async (): Promise<void> => {
      // Two turns, so that a wake-up on its way comes before time passes.
      await giveTurn();
      await giveTurn();
      if (isAwake || milliseconds === Infinity) return;
      now += Math.max(0, milliseconds);
      wake();
    };
    void pass();
    return { done, wake };
  };

  return {
    clock: {
      realtime() {
        now += tick;
        const whole = Math.floor(now / 1000);
        return { seconds: start + whole, nanoseconds: Math.min(999_999_999, Math.floor((now - whole * 1000) * 1e6)) };
      },
      monotonic() {
        now += tick;
        return now;
      },
    },
    random(bytes) {
      // xorshift32: any fixed sequence will do.
      for (let i = 0; i < bytes.length; i++) {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        bytes[i] = state >>> 11;
      }
    },
    sleep,
    totalMemory: options.totalMemory ?? 4 * 2 ** 30,
  };
}
