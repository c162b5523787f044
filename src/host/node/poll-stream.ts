// A pipe or terminal of the host through a descriptor of our own that never blocks.

import { type Stats, closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { HostStat, TerminalModes } from '../host.ts';
import { asHostError, codeOf, guarded } from './errors.ts';
import { hostStat } from './files.ts';
import { net, tty } from './lazy.ts';
import type { NodeStream } from './stream.ts';
import { Terminal } from './terminal.ts';

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK, O_NOCTTY } = constants;
/** Milliseconds between attempts to write into something full, doubled from the first to the last. */
const FIRST_RETRY = 1;
const LAST_RETRY = 16;

/**
 * Opening /proc/self/fd/N again makes a new open file description of the same pipe or terminal, so that O_NONBLOCK
 * stays ours and programs that share the original see no EAGAIN. Reads take exactly what the guest asked for, when it
 * asks. Waiting for input is a stream handle with an empty buffer: libuv then reports ENOBUFS when there is something
 * to read, and reads nothing.
 */
export class PollStream implements NodeStream {
  readonly kind: 'pipe' | 'tty';
  readonly #path: string;
  readonly #own: number;
  readonly #stat: HostStat;
  readonly #terminal: Terminal | undefined;
  /** A byte taken by `readable`, which has no other way to know. */
  #peeked: number | undefined;
  /** The last write found no room. */
  #isFull = false;
  #retryDelay = FIRST_RETRY;

  /** Undefined where descriptors cannot be opened again: no /proc, or a pipe of another user. */
  static open(fd: number, access: 'read' | 'write', kind: 'pipe' | 'tty', stat: Stats): PollStream | undefined {
    const path = `/proc/self/fd/${fd}`;
    try {
      // A terminal is open for both as a rule: programs write to their standard input (tmux) and read their output (less).
      const how = kind === 'tty' ? O_RDWR : access === 'read' ? O_RDONLY : O_WRONLY;
      const own = openSync(path, how | O_NONBLOCK | O_NOCTTY);
      return new PollStream(fd, own, kind, stat);
    } catch {
      return undefined;
    }
  }

  private constructor(fd: number, own: number, kind: 'pipe' | 'tty', stat: Stats) {
    this.#path = `/proc/self/fd/${fd}`;
    this.#own = own;
    this.#stat = hostStat(stat);
    this.kind = kind;
    this.#terminal = kind === 'tty' ? new Terminal(fd) : undefined;
  }

  read(into: Uint8Array): number | undefined {
    if (into.length === 0) return 0;
    if (this.#peeked === undefined) return this.#readNow(into, 0);
    into[0] = this.#peeked;
    this.#peeked = undefined;
    if (into.length === 1) return 1;
    try {
      return 1 + (this.#readNow(into, 1) ?? 0);
    } catch {
      return 1;
    }
  }

  write(from: Uint8Array): number | undefined {
    try {
      const count = writeSync(this.#own, from, 0, from.length, null);
      this.#isFull = false;
      this.#retryDelay = FIRST_RETRY;
      return count;
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw asHostError(error);
      this.#isFull = true;
      return undefined;
    }
  }

  get readable(): boolean {
    if (this.#peeked !== undefined) return true;
    const byte = new Uint8Array(1);
    try {
      const count = this.#readNow(byte, 0);
      if (count === 1) this.#peeked = byte[0];
      return count !== undefined;
    } catch {
      return true; // the read that follows meets the error
    }
  }

  get writable(): boolean {
    return !this.#isFull;
  }

  onReady(event: 'read' | 'write', callback: () => void): () => void {
    return event === 'read' ? this.#onReadable(callback) : this.#onWritable(callback);
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
  }

  #readNow(into: Uint8Array, at: number): number | undefined {
    try {
      return readSync(this.#own, into, at, into.length - at, null);
    } catch (error) {
      if (codeOf(error) === 'EAGAIN') return undefined;
      throw asHostError(error);
    }
  }

  #onReadable(callback: () => void): () => void {
    const fd = guarded(() => openSync(this.#path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    const onread = { buffer: new Uint8Array(0), callback: () => false };
    const options = { onread, readable: true, writable: false };
    const handle: Socket = this.kind === 'tty' ? new (tty().ReadStream)(fd, options) : new (net().Socket)({ fd, ...options });
    // libuv opens a pseudo-terminal once more and leaves `fd` to us.
    if (descriptorOf(handle) !== fd) closeSync(fd);
    let isDone = false;
    const finish = (): void => {
      if (isDone) return;
      isDone = true;
      handle.destroy();
      callback();
    };
    handle.on('error', finish).on('end', finish).on('close', finish);
    handle.resume();
    return () => {
      isDone = true;
      handle.destroy();
    };
  }

  /**
   * No event tells of room in a pipe without writing, so that it is tried again and again, ever more slowly. Who polls is told
   * that there is room, as only another write finds out.
   */
  #onWritable(callback: () => void): () => void {
    const timer = setTimeout(() => {
      this.#isFull = false;
      callback();
    }, this.#retryDelay);
    this.#retryDelay = Math.min(this.#retryDelay * 2, LAST_RETRY);
    return () => clearTimeout(timer);
  }
}

/** The descriptor a stream handle reads from. */
function descriptorOf(socket: Socket): number | undefined {
  return (socket as Socket & { _handle?: { fd?: number } })._handle?.fd;
}
