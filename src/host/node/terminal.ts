// A terminal of the host: its modes and window size.

import type { ReadStream, WriteStream } from 'node:tty';
import type { TerminalModes } from '../host.ts';
import { childProcess, tty } from './lazy.ts';

/** As elfin finds it, and as Node's raw mode leaves it, which returns at line feeds. */
const LINES: TerminalModes = { isRaw: false, echoes: true, returns: true };
const RAW: TerminalModes = { isRaw: true, echoes: false, returns: true };

export class Terminal {
  readonly #fd: number;
  #input: ReadStream | undefined;
  #output: WriteStream | undefined;
  #modes = LINES;

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

  /** In raw mode nothing that is typed is echoed here. */
  setModes({ isRaw, echoes, returns }: TerminalModes): void {
    if (isRaw !== this.#modes.isRaw) {
      // Node keeps what it finds before raw mode, and returns to it.
      if (isRaw) this.#set(LINES);
      this.#input ??= new (tty().ReadStream)(this.#fd);
      this.#input.setRawMode(isRaw);
      this.#modes = isRaw ? RAW : LINES;
    }
    this.#set({ isRaw, echoes: echoes && !isRaw, returns });
  }

  restore(): void {
    this.setModes(LINES);
  }

  /** What Node has no call for is left to stty(1); where there is none, the terminal stays as it is. */
  #set(wanted: TerminalModes): void {
    const changes = [
      ...(wanted.echoes === this.#modes.echoes ? [] : [wanted.echoes ? 'echo' : '-echo']),
      ...(wanted.returns === this.#modes.returns ? [] : [wanted.returns ? 'onlcr' : '-onlcr']),
    ];
    if (changes.length > 0) childProcess().spawnSync('stty', changes, { stdio: [this.#fd, 'ignore', 'ignore'] });
    this.#modes = wanted;
  }
}
