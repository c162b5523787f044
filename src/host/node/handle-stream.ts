// A socket (or a pipe that cannot be opened again) of the host through Node's stream handle, which reads on demand only.

import { type Stats, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { HostError, type HostStat, type TerminalModes } from '../host.ts';
import { asHostError, codeOf } from './errors.ts';
import { hostStat } from './files.ts';
import { net, tty } from './lazy.ts';
import type { NodeStream } from './stream.ts';
import { Terminal } from './terminal.ts';

/** Milliseconds between attempts to write into something full. */
const RETRY = 2;

/** Where a stream handle reads into, which no public call changes once it exists. */
interface Internals {
  readonly _handle?: { useUserBuffer(buffer: Uint8Array): void; setBlocking?(isBlocking: boolean): void } | null;
}

/**
 * The handle reads once for each request, and no more than the guest asked for the last time: what is read and not
 * used would be lost to the next program on the same socket. Without a request it is stopped, so that it neither reads
 * nor keeps Node alive.
 */
export class HandleStream implements NodeStream {
  readonly kind: 'pipe' | 'socket' | 'tty';
  readonly #fd: number;
  readonly #stat: HostStat;
  readonly #terminal: Terminal | undefined;
  #handle: Socket | undefined;
  #arrived: Uint8Array = new Uint8Array(0);
  /** Bytes the last read asked for. */
  #wanted = 1;
  #buffer = new Uint8Array(1);
  #isAtEnd = false;
  #failure: HostError | undefined;
  readonly #waiting = new Set<() => void>();
  #isFull = false;

  constructor(fd: number, kind: 'pipe' | 'socket' | 'tty', stat: Stats) {
    this.#fd = fd;
    this.#stat = hostStat(stat);
    this.kind = kind;
    this.#terminal = kind === 'tty' ? new Terminal(fd) : undefined;
  }

  read(into: Uint8Array): number | undefined {
    if (this.#arrived.length > 0) {
      const count = Math.min(into.length, this.#arrived.length);
      into.set(this.#arrived.subarray(0, count));
      this.#arrived = this.#arrived.subarray(count);
      return count;
    }
    if (this.#failure) throw this.#failure;
    if (this.#isAtEnd || into.length === 0) return 0;
    this.#wanted = Math.min(into.length, 1 << 16);
    return undefined;
  }

  write(from: Uint8Array): number | undefined {
    try {
      const count = writeSync(this.#fd, from, 0, from.length, null);
      this.#isFull = false;
      return count;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw asHostError(error);
      this.#isFull = true;
      return undefined;
    }
  }

  get readable(): boolean {
    const isReady = this.#arrived.length > 0 || this.#isAtEnd || this.#failure !== undefined;
    // Asking starts a read, so that the answer is right once the host's events were served.
    if (!isReady) this.#request();
    return isReady;
  }

  get writable(): boolean {
    return !this.#isFull;
  }

  onReady(event: 'read' | 'write', callback: () => void): () => void {
    if (event === 'write') {
      const timer = setTimeout(callback, RETRY);
      return () => clearTimeout(timer);
    }
    this.#waiting.add(callback);
    this.#request();
    this.#handle?.ref();
    return () => {
      this.#waiting.delete(callback);
      if (this.#waiting.size === 0) this.#handle?.unref();
    };
  }

  stat(): HostStat {
    return this.#stat;
  }

  windowSize(): { columns: number; rows: number } {
    return this.#terminal?.size() ?? { columns: 0, rows: 0 };
  }

  setModes(modes: TerminalModes): void {
    this.#terminal?.setModes(modes);
  }

  release(): void {
    this.#terminal?.restore();
    if (!this.#handle) return;
    this.#handle.pause();
    this.#handle.unref();
    // O_NONBLOCK belongs to the open file, which other programs have too.
    (this.#handle as Socket & Internals)._handle?.setBlocking?.(true);
  }

  #request(): void {
    if (this.#arrived.length > 0 || this.#isAtEnd || this.#failure) return queueMicrotask(() => this.#notify());
    this.#handle ??= this.#open();
    // The public option asks for the next buffer right after a read, before the next size is known.
    this.#buffer = new Uint8Array(this.#wanted);
    (this.#handle as Socket & Internals)._handle?.useUserBuffer(this.#buffer);
    this.#handle.resume();
  }

  #open(): Socket {
    const onread = {
      buffer: this.#buffer,
      callback: (count: number): boolean => {
        this.#arrived = this.#buffer.subarray(0, count);
        this.#notify();
        return false;
      },
    };
    const options = { onread, readable: true, writable: false };
    const handle: Socket =
      this.kind === 'tty' ? new (tty().ReadStream)(this.#fd, options) : new (net().Socket)({ fd: this.#fd, ...options });
    handle.unref();
    handle.on('error', (error) => {
      this.#failure = new HostError(codeOf(error), error.message);
      this.#notify();
    });
    handle.on('end', () => {
      this.#isAtEnd = true;
      this.#notify();
    });
    return handle;
  }

  #notify(): void {
    const callbacks = [...this.#waiting];
    this.#waiting.clear();
    if (callbacks.length > 0) this.#handle?.unref();
    for (const each of callbacks) each();
  }
}
