// Trace channels by name: each is off until asked for, and off costs one boolean test.

/** Channels a machine knows; `--trace NAME,...` turns them on. */
export const CHANNELS = ['syscalls', 'signals', 'mm', 'sched', 'exec', 'vfs', 'decode', 'ir', 'wasm'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The traces of one machine: `if (trace.signals) trace.write('signals', text)`. */
export class Trace {
  syscalls = false;
  signals = false;
  mm = false;
  sched = false;
  exec = false;
  vfs = false;
  decode = false;
  ir = false;
  wasm = false;
  readonly #sink: (line: string) => void;

  /** `sink` takes one line without its newline. */
  constructor(sink: (line: string) => void) {
    this.#sink = sink;
  }

  enable(channel: Channel): void {
    this[channel] = true;
  }

  /** A line of a channel: `channel: text`. */
  write(channel: Channel, text: string): void {
    if (this[channel]) this.#sink(`${channel}: ${text}`);
  }

  /** A line that has its own form (strace, the seed's syscall lines). */
  line(text: string): void {
    this.#sink(text);
  }
}
