// Regular files of tmpfs and of the overlay: content in memory, or that of a lower file until it is changed.

import { E } from '../../abi/errno.ts';
import { FCNTL, O_ACCMODE, O_RDONLY, SEAL } from '../../abi/fcntl.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { RegularFile } from '../vfs/regular-file.ts';
import { Content } from './content.ts';
import { MemoryNode } from './memory-node.ts';

const SEALS = Object.values(SEAL).reduce((all, seal) => all | seal, 0);

export class MemoryFile extends MemoryNode {
  #content: Content | undefined;

  get size(): number {
    return this.#content?.size ?? this.lower?.stat().size ?? 0;
  }
  protected override get blocks(): number {
    return this.#content ? this.#content.allocated / 512 : this.lower ? this.lower.stat().blocks : 0;
  }

  override read(into: Uint8Array, position: number): number {
    return this.#content ? this.#content.read(into, position) : this.lower ? this.lower.read(into, position) : 0;
  }

  /** Only tmpfs knows seals. */
  get isSealable(): boolean {
    return this.fs.canSeal;
  }
  /** F_SEAL_*; 0 allows everything, sealing included (memfd_create(2)). */
  seals: number = SEAL.F_SEAL_SEAL;
  /** Made by O_TMPFILE: it may be given a name. */
  isLinkable = false;

  override write(from: Uint8Array, position: number): number {
    if (this.seals > SEAL.F_SEAL_SEAL)
      this.#requireUnsealed(position + from.length, SEAL.F_SEAL_WRITE | SEAL.F_SEAL_FUTURE_WRITE);
    const done = this.#writable(Infinity).write(from, position);
    this.modified();
    return done;
  }

  override truncate(size: number): void {
    if (this.seals > SEAL.F_SEAL_SEAL) this.#requireUnsealed(size, size < this.size ? SEAL.F_SEAL_SHRINK : 0);
    this.#writable(size).truncate(size);
    this.modified();
  }

  /** fallocate with FALLOC_FL_PUNCH_HOLE. */
  clear(position: number, length: number): void {
    if (this.seals > SEAL.F_SEAL_SEAL) this.#requireUnsealed(0, SEAL.F_SEAL_WRITE | SEAL.F_SEAL_FUTURE_WRITE);
    this.#writable(Infinity).clear(position, length);
    this.modified();
  }

  /** EPERM for a change that leaves the file `end` bytes long or more, and that the seals forbid. */
  #requireUnsealed(end: number, forbidding: number): void {
    if (this.seals & (forbidding | (end > this.size ? SEAL.F_SEAL_GROW : 0))) throw E.EPERM;
  }

  /** The lower file is opened too, so that what its host refuses is refused at open. */
  override open(flags: number): OpenFile {
    return new MemoryOpenFile(this, flags, this.#content ? undefined : this.lower?.open(O_RDONLY));
  }

  override countLink(change: number): void {
    super.countLink(change);
    this.forget();
  }

  openCount = 0;
  #isForgotten = false;
  /** Stops counting its memory when neither a name nor an open file is left; called by the open file too. */
  forget(): void {
    if (this.openCount > 0 || !this.isUnlinked || this.#isForgotten) return;
    this.#isForgotten = true;
    this.#content?.abandon();
  }

  /** The content in memory, copying up to `needed` bytes of the lower file the first time. */
  #writable(needed: number): Content {
    if (this.#content) return this.#content;
    const content = new Content(this.fs.budget);
    if (this.lower) {
      this.own();
      const size = Math.min(this.lower.stat().size, needed);
      const buffer = new Uint8Array(Math.min(size, 1 << 20));
      for (let at = 0; at < size; ) {
        const got = this.lower.read(buffer.subarray(0, Math.min(buffer.length, size - at)), at);
        if (got === 0) break;
        if (content.write(buffer.subarray(0, got), at) < got) {
          content.truncate(0);
          throw E.ENOSPC;
        }
        at += got;
      }
      this.lower = undefined;
    }
    this.isChanged = true;
    this.#content = content;
    return content;
  }
}

class MemoryOpenFile extends RegularFile {
  readonly #node: MemoryFile;
  readonly #below: OpenFile | undefined;

  constructor(node: MemoryFile, flags: number, below: OpenFile | undefined) {
    super(node, flags);
    this.#node = node;
    this.#below = below;
    node.openCount++;
  }
  /** F_ADD_SEALS and F_GET_SEALS (fcntl(2)). */
  fcntl(command: number, argument: number): number | undefined {
    const node = this.#node;
    if (command === FCNTL.F_GET_SEALS) return node.isSealable ? node.seals : undefined;
    if (command !== FCNTL.F_ADD_SEALS) return undefined;
    if ((this.flags & O_ACCMODE) === O_RDONLY) throw E.EPERM;
    if (argument & ~SEALS || !node.isSealable) throw E.EINVAL;
    if (node.seals & SEAL.F_SEAL_SEAL) throw E.EPERM;
    if (argument & SEAL.F_SEAL_WRITE && node.mapping?.isWritable) throw E.EBUSY;
    node.seals |= argument;
    return 0;
  }
  override close(): void {
    this.#below?.close();
    this.#node.openCount--;
    this.#node.forget();
  }
}
