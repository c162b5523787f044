// Inodes kept in memory, each optionally in front of a read-only inode of another file system: tmpfs and the overlay are made of them.
//
// A node with a `lower` shows it until it is changed: attributes are copied up at the first change of attributes, bytes
// at the first write, and a directory notes per name what differs (a node, or null: a whiteout). So renaming a directory
// of the lower file system moves one node, and its content below stays where it is.

import { E } from '../../abi/errno.ts';
import { O_RDONLY } from '../../abi/fcntl.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { BaseInode, type Owner } from '../vfs/base-inode.ts';
import {
  type Attributes,
  type DirectoryEntry,
  type Inode,
  type OpenFile,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  type Stat,
  type Time,
} from '../vfs/inode.ts';
import { RegularFile } from '../vfs/regular-file.ts';
import { type Budget, Content } from './content.ts';

/** What the nodes of one file system share. */
export interface NodeFs {
  readonly budget: Budget;
  readonly device: number;
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

  protected modified(): void {
    const own = this.own();
    own.mtime = own.ctime = this.fs.now();
  }
}

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

  override write(from: Uint8Array, position: number): number {
    const done = this.#writable(Infinity).write(from, position);
    this.modified();
    return done;
  }

  override truncate(size: number): void {
    this.#writable(size).truncate(size);
    this.modified();
  }

  /** fallocate with FALLOC_FL_PUNCH_HOLE. */
  clear(position: number, length: number): void {
    this.#writable(Infinity).clear(position, length);
    this.modified();
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
  override close(): void {
    this.#below?.close();
    this.#node.openCount--;
    this.#node.forget();
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

export class MemoryDirectory extends MemoryNode {
  /** What differs from the lower directory: a node, or null for a name that was removed. */
  readonly #names = new Map<ByteString, MemoryNode | null>();
  #isRemoved = false;

  get size(): number {
    return 4096;
  }

  /** Names that were added or removed, for counting changes. */
  get changes(): ReadonlyMap<ByteString, MemoryNode | null> {
    return this.#names;
  }

  override lookup(name: ByteString): MemoryNode | undefined {
    const own = this.#names.get(name);
    if (own !== undefined) return own ?? undefined;
    const lower = this.lower?.lookup(name);
    return lower && this.fs.over(lower);
  }

  override entries(): DirectoryEntry[] {
    const listed: DirectoryEntry[] = [];
    for (const entry of this.lower?.entries() ?? []) if (!this.#names.has(entry.name)) listed.push(entry);
    for (const [name, node] of this.#names) if (node) listed.push({ name, ino: node.stat().ino, type: node.type });
    return listed;
  }

  override create(name: ByteString, mode: number, owner: Owner, rdev = 0): Inode {
    const from = { mode, owner, rdev };
    return this.#add(name, (mode & S_IFMT) === S_IFREG ? new MemoryFile(this.fs, from) : new MemorySpecial(this.fs, from));
  }
  override mkdir(name: ByteString, mode: number, owner: Owner): Inode {
    const made = this.#add(name, new MemoryDirectory(this.fs, { mode: S_IFDIR | (mode & 0o7777), owner }));
    this.countLink(1);
    return made;
  }
  override symlink(name: ByteString, target: ByteString, owner: Owner): Inode {
    return this.#add(name, new MemoryLink(this.fs, { target, owner }));
  }
  override link(name: ByteString, target: Inode): void {
    if (!(target instanceof MemoryNode)) throw E.EXDEV;
    if (target.isUnlinked) throw E.ENOENT;
    this.#add(name, target);
    target.countLink(1);
    target.isChanged = true;
  }

  override unlink(name: ByteString): void {
    const node = this.#existing(name);
    if (node.type === S_IFDIR) throw E.EISDIR;
    this.#remove(name);
    node.countLink(-1);
  }

  override rmdir(name: ByteString): void {
    const node = this.#existing(name);
    if (!(node instanceof MemoryDirectory)) throw E.ENOTDIR;
    node.#bury();
    this.#remove(name);
    this.countLink(-1);
  }

  override rename(name: ByteString, toDirectory: Inode, toName: ByteString): void {
    if (!(toDirectory instanceof MemoryDirectory) || toDirectory.fs !== this.fs) throw E.EXDEV;
    const node = this.#existing(name);
    const replaced = toDirectory.lookup(toName);
    if (replaced instanceof MemoryDirectory) {
      replaced.#bury();
      toDirectory.countLink(-1);
    } else replaced?.countLink(-1);
    this.#remove(name);
    toDirectory.#names.set(toName, node);
    toDirectory.modified();
    node.isChanged = true;
    if (node instanceof MemoryDirectory && toDirectory !== this) {
      this.countLink(-1);
      toDirectory.countLink(1);
    }
  }

  #add<T extends MemoryNode>(name: ByteString, node: T): T {
    if (this.#isRemoved) throw E.ENOENT;
    if (this.lookup(name)) throw E.EEXIST;
    this.#names.set(name, node);
    this.modified();
    return node;
  }

  #existing(name: ByteString): MemoryNode {
    const node = this.lookup(name);
    if (!node) throw E.ENOENT;
    return node;
  }

  #remove(name: ByteString): void {
    if (this.lower?.lookup(name)) this.#names.set(name, null);
    else this.#names.delete(name);
    this.modified();
  }

  #bury(): void {
    if (this.entries().length > 0) throw E.ENOTEMPTY;
    this.#isRemoved = true;
    this.countLink(-2);
  }
}

/** The node of the right class in front of an inode of the lower file system. */
export function nodeOver(fs: NodeFs, lower: Inode): MemoryNode {
  if (lower.type === S_IFDIR) return new MemoryDirectory(fs, lower);
  if (lower.type === S_IFREG) return new MemoryFile(fs, lower);
  if (lower.type === S_IFLNK) return new MemoryLink(fs, lower);
  return new MemorySpecial(fs, lower);
}
