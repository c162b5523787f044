// Two byte streams in memory as one terminal: what a program's stdin, stdout and stderr are when it is given a terminal.

import type { HostStream } from './host.ts';
import type { MemoryStream } from './memory-stream.ts';

/** The embedder is the terminal's other end: it shows what is written and echoes what is typed, if it wants that. */
export class TerminalStream implements HostStream {
  readonly kind = 'tty';
  readonly #input: MemoryStream;
  readonly #output: MemoryStream;
  #size: { columns: number; rows: number };

  constructor(input: MemoryStream, output: MemoryStream, size: { columns: number; rows: number }) {
    this.#input = input;
    this.#output = output;
    this.#size = size;
  }

  read(into: Uint8Array): number | undefined {
    return this.#input.read(into);
  }

  write(from: Uint8Array): number | undefined {
    return this.#output.write(from);
  }

  get readable(): boolean {
    return this.#input.readable;
  }

  get writable(): boolean {
    return this.#output.writable;
  }

  onReady(event: 'read' | 'write', callback: () => void): () => void {
    return (event === 'read' ? this.#input : this.#output).onReady(event, callback);
  }

  windowSize(): { columns: number; rows: number } {
    return this.#size;
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
  }

  close(): void {
    this.#input.close();
    this.#output.close();
  }
}
