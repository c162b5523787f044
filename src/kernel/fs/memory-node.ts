// Inodes kept in memory, each optionally in front of a read-only inode of another file system: tmpfs and the overlay are made of them.
//
// A node with a `lower` shows it until it is changed: attributes are copied up at the first change of attributes, bytes
// at the first write, and a directory notes per name what differs (a node, or null: a whiteout). So renaming a directory
// of the lower file system moves one node, and its content below stays where it is.

import type { ByteString } from '../../lib/bytes.ts';
import { BaseInode, type Owner } from '../vfs/base-inode.ts';
import { type Attributes, type Inode, type OpenFile, S_IFDIR, S_IFLNK, S_IFMT, type Stat, type Time } from '../vfs/inode.ts';
import type { Budget } from './content.ts';

/** What the nodes of one file system share. */
export interface NodeFs {
  readonly budget: Budget;
  readonly device: number;
  readonly canSeal: boolean;
  now(): Time;
  newIno(): number;
  /** The node that stands for an inode of the lower file system: the same one each time. */
  over(lower: Inode): MemoryNode;
  /** Opens a fifo or device node. */
  openSpecial(node: MemoryNode, flags: number): OpenFile;
}

interface OwnAttributes {
  ino: number;
  dev: number;
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  rdev: number;
  atime: Time;
  mtime: Time;
  ctime: Time;
  btime: Time;
}

export abstract class MemoryNode extends BaseInode {
  readonly type: number;
  protected readonly fs: NodeFs;
  protected lower: Inode | undefined;
  #own: OwnAttributes | undefined;
  /** Content or attributes differ from the lower inode's, or there is none. */
  isChanged = false;

  constructor(fs: NodeFs, from: Inode | { mode: number; owner: Owner; rdev?: number }) {
    super();
    this.fs = fs;
    if ('owner' in from) {
      this.type = from.mode & S_IFMT;
      const now = fs.now();
      this.#own = {
        ino: fs.newIno(),
        dev: fs.device,
        mode: from.mode,
        ...from.owner,
        nlink: this.type === S_IFDIR ? 2 : 1,
        rdev: from.rdev ?? 0,
        atime: now,
        mtime: now,
        ctime: now,
        btime: now,
      };
      this.isChanged = true;
    } else {
      this.type = from.type;
      this.lower = from;
    }
  }

  /** Its attributes, copied from the lower inode when they are to change. */
  protected own(): OwnAttributes {
    if (!this.#own) {
      const { ino, dev, mode, uid, gid, nlink, rdev, atime, mtime, ctime, btime } = this.#below().stat();
      this.#own = { ino, dev, mode, uid, gid, nlink, rdev, atime, mtime, ctime, btime: btime ?? ctime };
    }
    return this.#own;
  }

  #below(): Inode {
    if (!this.lower) throw new Error('a node without attributes has a lower inode');
    return this.lower;
  }

  #extended: Map<ByteString, Uint8Array> | undefined;
  /** Extended attributes by name. */
  get extended(): Map<ByteString, Uint8Array> {
    this.#extended ??= new Map();
    return this.#extended;
  }

  abstract get size(): number;
  protected get blocks(): number {
    return Math.ceil(this.size / 4096) * 8;
  }

  override stat(): Stat {
    if (!this.#own) return this.#below().stat();
    return { ...this.#own, size: this.size, blockSize: 4096, blocks: this.blocks };
  }

  permissions() {
    return this.#own ?? this.lower?.permissions?.() ?? this.#below().stat();
  }

  override setAttributes({ mode, uid, gid, atime, mtime }: Attributes): void {
    const own = this.own();
    if (mode !== undefined) own.mode = this.type | (mode & 0o7777);
    if (uid !== undefined) own.uid = uid;
    if (gid !== undefined) own.gid = gid;
    if (atime) own.atime = atime;
    if (mtime) own.mtime = mtime;
    own.ctime = this.fs.now();
    this.isChanged = true;
  }

  /** No name leads to it any more. */
  get isUnlinked(): boolean {
    return this.#own !== undefined && this.#own.nlink <= 0;
  }
  /** Counts a name that was made (1) or removed (-1). */
  countLink(change: number): void {
    const own = this.own();
    own.nlink += change;
    own.ctime = this.fs.now();
  }

  modified(): void {
    const own = this.own();
    own.mtime = own.ctime = this.fs.now();
  }
}

export class MemoryLink extends MemoryNode {
  readonly #target: ByteString | undefined;

  constructor(fs: NodeFs, from: Inode | { target: ByteString; owner: Owner }) {
    super(fs, 'target' in from ? { mode: S_IFLNK | 0o777, owner: from.owner } : from);
    if ('target' in from) this.#target = from.target;
  }
  get size(): number {
    return this.readlink().length;
  }
  override readlink(): ByteString {
    return this.#target ?? this.lower?.readlink() ?? '';
  }
}

/** A fifo, socket or device node. */
export class MemorySpecial extends MemoryNode {
  get size(): number {
    return 0;
  }
  override open(flags: number): OpenFile {
    return this.fs.openSpecial(this, flags);
  }
}
