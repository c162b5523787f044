// A terminal of the host: raw mode and window size.

import type { ReadStream, WriteStream } from 'node:tty';
import { tty } from './lazy.ts';

export class Terminal {
  readonly #fd: number;
  #input: ReadStream | undefined;
  #output: WriteStream | undefined;
  #isRaw = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Columns and rows; zero when the terminal does not know. */
  size(): { columns: number; rows: number } {
    this.#output ??= new (tty().WriteStream)(this.#fd);
    try {
      const [columns, rows] = this.#output.getWindowSize();
      return { columns, rows };
    } catch {
      return { columns: 0, rows: 0 };
    }
  }

  /** In raw mode each byte arrives as it is typed and Ctrl-C is a byte; the guest's own terminal does the rest. */
  setRaw(isRaw: boolean): void {
    if (isRaw === this.#isRaw) return;
    this.#input ??= new (tty().ReadStream)(this.#fd);
    this.#input.setRawMode(isRaw);
    this.#isRaw = isRaw;
  }
}
