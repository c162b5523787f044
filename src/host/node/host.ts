// The Node host: time, entropy and a sleep that other events of the process can interrupt.

import { closeSync, openSync, readSync } from 'node:fs';
import type { Clock, Host, HostSleep } from '../host.ts';
import { crypto, os } from './lazy.ts';

/** A timer cannot be longer (Node takes a signed 32-bit number of milliseconds). */
const LONGEST_TIMER = 2 ** 31 - 1;
/** Milliseconds that the two clocks may drift apart before the wall clock is taken for stepped. */
const STEP = 5;

/** Reads after which a clock uses performance.now(), which is faster but whose first use loads ten modules of Node. */
const SHORT_RUN = 2000;

function hrtime(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

class NodeClock implements Clock {
  /** Wall clock minus monotonic clock, in milliseconds. */
  #origin = Date.now() - hrtime();
  #reads = 0;
  /** hrtime minus performance.now(). */
  #shift = 0;

  realtime(): { seconds: number; nanoseconds: number } {
    // Date.now() follows steps of the wall clock but has whole milliseconds; the monotonic clock has the fraction.
    const wall = Date.now();
    const now = this.monotonic();
    if (Math.abs(wall - (this.#origin + now)) > STEP) this.#origin = wall - now;
    const milliseconds = this.#origin + now;
    const seconds = Math.floor(milliseconds / 1000);
    return { seconds, nanoseconds: Math.min(999_999_999, Math.floor((milliseconds - seconds * 1000) * 1e6)) };
  }

  monotonic(): number {
    if (this.#reads > SHORT_RUN) return performance.now() + this.#shift;
    const now = hrtime();
    if (++this.#reads > SHORT_RUN) this.#shift = now - performance.now();
    return now;
  }
}

class NodeSleep implements HostSleep {
  readonly done: Promise<void>;
  #wake!: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.done = new Promise((resolve) => {
      this.#wake = resolve;
    });
    // An immediate runs after pending input, signals and timers were served: the yield under a computing guest.
    if (milliseconds <= 0) setImmediate(this.#wake);
    // The timer keeps Node alive: a machine that waits for a signal is not at its end.
    else this.#timer = setTimeout(this.#wake, Math.min(milliseconds, LONGEST_TIMER));
  }

  wake(): void {
    clearTimeout(this.#timer);
    this.#wake();
  }
}

/**
 * Fills `bytes` with entropy. Node's crypto takes 5 ms to load, which is as long as the rest of the start, so that the
 * kernel's device is asked first.
 */
function random(bytes: Uint8Array): void {
  let device: number;
  try {
    device = openSync('/dev/urandom', 'r');
  } catch {
    crypto().randomFillSync(bytes);
    return;
  }
  try {
    for (let at = 0; at < bytes.length; ) at += readSync(device, bytes, at, bytes.length - at, null);
  } finally {
    closeSync(device);
  }
}

/** Time, entropy and sleep of this Node process. */
export const nodeHost: Host = {
  clock: new NodeClock(),
  random,
  sleep: (milliseconds) => new NodeSleep(milliseconds),
  get totalMemory() {
    return os().totalmem();
  },
};
