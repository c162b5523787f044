// The browser host: time, entropy and sleep of a page or a worker.

import type { Host, HostSleep } from '../host.ts';

/** getRandomValues refuses more at once (Web Cryptography API, section 10.1.1). */
const RANDOM_CHUNK = 65536;
/** What a tab may be expected to have, in GiB, where navigator does not tell. */
const USUAL_MEMORY = 4;

// Timers are clamped at 4 ms; a message to ourselves is a macrotask of its own and comes after waiting input.
const channel = new MessageChannel();
const turns: (() => void)[] = [];
channel.port1.onmessage = () => turns.shift()?.();

function sleep(milliseconds: number): HostSleep {
  let wake!: () => void;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = new Promise<void>((resolve) => {
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  if (milliseconds <= 0) {
    turns.push(wake);
    channel.port2.postMessage(0);
  } else if (milliseconds !== Infinity) timer = setTimeout(wake, Math.min(milliseconds, 2 ** 31 - 1));
  return { done, wake };
}

/** Time, entropy and sleep of this page or worker. */
export const browserHost: Host = {
  clock: {
    realtime() {
      const milliseconds = performance.timeOrigin + performance.now();
      const seconds = Math.floor(milliseconds / 1000);
      return { seconds, nanoseconds: Math.min(999_999_999, Math.floor((milliseconds - seconds * 1000) * 1e6)) };
    },
    monotonic: () => performance.now(),
  },
  random(bytes) {
    // A view of a Wasm memory is not accepted by every browser, so that the values come through a copy.
    for (let at = 0; at < bytes.length; at += RANDOM_CHUNK) {
      bytes.set(crypto.getRandomValues(new Uint8Array(Math.min(RANDOM_CHUNK, bytes.length - at))), at);
    }
  },
  sleep,
  totalMemory: ((navigator as Navigator & { deviceMemory?: number }).deviceMemory ?? USUAL_MEMORY) * 2 ** 30,
};
