// Character devices by number: null, zero, full, random, urandom, tty; and what opens fifos.

import { E } from '../../abi/errno.ts';
import { BaseFile } from '../vfs/base-file.ts';
import { deviceNumber } from '../vfs/base-inode.ts';
import { type Inode, type OpenFile, S_IFCHR, S_IFIFO } from '../vfs/inode.ts';

export interface DeviceOptions {
  /** Fills bytes with entropy. */
  random: (bytes: Uint8Array) => void;
  /** Opens the controlling terminal; throws ENXIO if there is none. */
  openTty?: (flags: number) => OpenFile;
  /** Opens a new pseudo-terminal's master. */
  openPtmx?: (inode: Inode, flags: number) => OpenFile;
  /** Opens a fifo. */
  openFifo?: (inode: Inode, flags: number) => OpenFile;
}

/** Names in /dev with their numbers and permissions (Linux Documentation/admin-guide/devices.txt). */
export const CHARACTER_DEVICES: readonly (readonly [name: string, major: number, minor: number])[] = [
  ['null', 1, 3],
  ['zero', 1, 5],
  ['full', 1, 7],
  ['random', 1, 8],
  ['urandom', 1, 9],
  ['tty', 5, 0],
  ['ptmx', 5, 2],
];

export class Devices {
  readonly #random: (bytes: Uint8Array) => void;
  readonly #openTty: DeviceOptions['openTty'];
  readonly #openFifo: DeviceOptions['openFifo'];
  readonly #openPtmx: DeviceOptions['openPtmx'];

  constructor({ random, openTty, openFifo, openPtmx }: DeviceOptions) {
    this.#openPtmx = openPtmx;
    this.#random = random;
    this.#openTty = openTty;
    this.#openFifo = openFifo;
  }

  /** Opens a device node or fifo of any file system; ENXIO for a number without a driver (open(2)). */
  readonly open = (inode: Inode, flags: number): OpenFile => {
    if (inode.type === S_IFIFO && this.#openFifo) return this.#openFifo(inode, flags);
    if (inode.type !== S_IFCHR) throw E.ENXIO;
    switch (inode.stat().rdev) {
      case deviceNumber(1, 3):
        return new NullFile(inode, flags);
      case deviceNumber(1, 5):
        return new ZeroFile(inode, flags);
      case deviceNumber(1, 7):
        return new FullFile(inode, flags);
      case deviceNumber(1, 8):
      case deviceNumber(1, 9):
        return new RandomFile(inode, flags, this.#random);
      case deviceNumber(5, 0):
        if (this.#openTty) return this.#openTty(flags);
        throw E.ENXIO;
      case deviceNumber(5, 2):
        if (this.#openPtmx) return this.#openPtmx(inode, flags);
        throw E.ENXIO;
      default:
        throw E.ENXIO;
    }
  };
}

/** null, zero and full cannot be waited for. */
export const isAlwaysReady = (file: OpenFile): boolean => file instanceof NullFile && !(file instanceof RandomFile);

/** Reading ends at once, writing succeeds; seeking stays at 0 (drivers/char/mem.c). */
export class NullFile extends BaseFile {
  override read(_into: Uint8Array): number {
    return 0;
  }
  override write(from: Uint8Array): number {
    return from.length;
  }
  override seek(): number {
    return 0;
  }
}

export class ZeroFile extends NullFile {
  override read(into: Uint8Array): number {
    into.fill(0);
    return into.length;
  }
}

class FullFile extends ZeroFile {
  override write(): number {
    throw E.ENOSPC;
  }
}

export class RandomFile extends NullFile {
  readonly #random: (bytes: Uint8Array) => void;
  constructor(inode: Inode, flags: number, random: (bytes: Uint8Array) => void) {
    super(inode, flags);
    this.#random = random;
  }
  override read(into: Uint8Array): number {
    this.#random(into);
    return into.length;
  }
}
