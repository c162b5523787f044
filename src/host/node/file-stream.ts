// A regular file or plain device of the host as a guest's stdin or stdout, sharing the host's file offset.

import { type Stats, fstatSync, readFileSync, readSync, writeSync } from 'node:fs';
import { HostError, type HostStat } from '../host.ts';
import { guarded } from './errors.ts';
import { hostStat } from './files.ts';
import type { NodeStream } from './stream.ts';

/**
 * Node has no lseek. A write goes to the descriptor's own offset. Reads are positional, and `release` reads on from
 * the old offset up to where the guest stopped, so that a guest may also step back over what it did not use (as stdio
 * does at exit). Where the offset cannot be asked for (no /proc), reads use the descriptor's own and seeking is ESPIPE.
 */
export class FileStream implements NodeStream {
  readonly kind: 'file' | 'null';
  readonly readable = true;
  readonly writable = true;
  readonly #fd: number;
  readonly #isSeekable: boolean;
  /** The guest's offset, where it differs from the host's. */
  #position: number | undefined;

  constructor(fd: number, stat: Stats) {
    this.#fd = fd;
    this.#isSeekable = stat.isFile() && hostOffset(fd) !== undefined;
    this.kind = stat.isFile() || stat.isDirectory() || stat.isBlockDevice() ? 'file' : 'null';
  }

  read(into: Uint8Array): number {
    if (!this.#isSeekable) return guarded(() => readSync(this.#fd, into, 0, into.length, null));
    const position = this.#position ?? hostOffset(this.#fd) ?? 0;
    const count = guarded(() => readSync(this.#fd, into, 0, into.length, position));
    this.#position = position + count;
    return count;
  }

  write(from: Uint8Array): number {
    const position = this.#position ?? null;
    const count = guarded(() => writeSync(this.#fd, from, 0, from.length, position));
    if (position !== null) this.#position = position + count;
    return count;
  }

  onReady(_event: 'read' | 'write', callback: () => void): () => void {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  }

  seek(offset: number, whence: 0 | 1 | 2): number {
    if (!this.#isSeekable) throw new HostError('ESPIPE', 'not a regular file');
    const current = this.#position ?? hostOffset(this.#fd) ?? 0;
    const target = offset + (whence === 0 ? 0 : whence === 1 ? current : this.stat().size);
    if (target < 0) throw new HostError('EINVAL', 'before the start of the file');
    if (target !== current) this.#position = target;
    return target;
  }

  stat(): HostStat {
    return guarded(() => hostStat(fstatSync(this.#fd, { bigint: true })));
  }

  /** Moves the host's offset forward to the guest's; backwards is impossible without lseek. */
  release(): void {
    if (this.#position === undefined) return;
    let left = this.#position - (hostOffset(this.#fd) ?? this.#position);
    this.#position = undefined;
    const scratch = new Uint8Array(Math.max(0, Math.min(left, 1 << 20)));
    try {
      while (left > 0) {
        const count = readSync(this.#fd, scratch, 0, Math.min(left, scratch.length), null);
        if (count === 0) return;
        left -= count;
      }
    } catch {
      // Write-only: the offset stays where the last plain write left it.
    }
  }
}

/** The offset of a descriptor as /proc tells it, undefined where there is no /proc. */
function hostOffset(fd: number): number | undefined {
  try {
    const match = /^pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
    return match ? Number(match[1]) : undefined;
  } catch {
    return undefined;
  }
}
