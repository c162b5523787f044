// Directories of tmpfs and of the overlay: what differs by name from the directory below.

import { E } from '../../abi/errno.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { Owner } from '../vfs/base-inode.ts';
import { type DirectoryEntry, type Inode, type OpenFile, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '../vfs/inode.ts';
import { MemoryFile } from './memory-file.ts';
import { MemoryLink, MemoryNode, MemorySpecial, type NodeFs } from './memory-node.ts';

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
    if (target.isUnlinked && !(target instanceof MemoryFile && target.isLinkable)) throw E.ENOENT;
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

  override exchange(name: ByteString, toDirectory: Inode, toName: ByteString): void {
    if (!(toDirectory instanceof MemoryDirectory) || toDirectory.fs !== this.fs) throw E.EXDEV;
    const one = this.#existing(name),
      other = toDirectory.#existing(toName);
    this.#names.set(name, other);
    toDirectory.#names.set(toName, one);
    if (toDirectory !== this) {
      const moved = Number(other.type === S_IFDIR) - Number(one.type === S_IFDIR);
      this.countLink(moved);
      toDirectory.countLink(-moved);
    }
    this.modified();
    toDirectory.modified();
    one.isChanged = other.isChanged = true;
  }

  override openTemporary(mode: number, owner: Owner, flags: number, isLinkable: boolean): OpenFile {
    if (this.#isRemoved) throw E.ENOENT;
    const node = new MemoryFile(this.fs, { mode, owner });
    node.isLinkable = isLinkable;
    const file = node.open(flags);
    node.countLink(-1);
    return file;
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
