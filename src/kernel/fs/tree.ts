// A read-only directory tree put together from files and directories of other file systems: what a manifest describes.

import { E } from '../../abi/errno.ts';
import type { HostFiles } from '../../host/host.ts';
import { type ByteString, printable } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/usage-error.ts';
import { BaseInode, plainStat } from '../vfs/base-inode.ts';
import { type DirectoryEntry, type Inode, S_IFDIR, S_IFLNK, type Stat } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { HostFs, hostRealPath } from './host.ts';

/** One thing in the tree; `where` (file:line) is for messages. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly guest: ByteString; readonly host: ByteString; readonly where: string }
  /** All that is below a host directory. */
  | { readonly kind: 'tree'; readonly guest: ByteString; readonly host: ByteString; readonly where: string }
  | { readonly kind: 'link'; readonly guest: ByteString; readonly target: ByteString; readonly where: string };

export interface TreeOptions {
  entries: readonly TreeEntry[];
  files: HostFiles;
  /** st_dev of the directories and links made here. */
  device: number;
}

export class TreeFs implements FileSystem {
  readonly type = 'tree';
  readonly root: TreeDirectory;
  readonly device: number;
  readonly #files: HostFiles;
  readonly #hosts: HostFs[] = [];
  #lastIno = 0;

  /** Host files are looked up here, once; one that is missing is a UsageError with its file and line. */
  constructor({ entries, files, device }: TreeOptions) {
    this.#files = files;
    this.device = device;
    this.root = new TreeDirectory(this, undefined, '');
    for (const entry of entries) this.#place(entry);
  }

  newIno(): number {
    return ++this.#lastIno;
  }

  statfs(): StatFs {
    return { type: 0x73717368, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 };
  }

  close(): void {
    for (const host of this.#hosts) host.close();
  }

  #place(entry: TreeEntry): void {
    const parts = entry.guest.split('/').filter((part) => part !== '');
    if (entry.kind === 'tree') {
      const { root } = this.#host(entry.host, entry.where);
      if (root.type !== S_IFDIR) throw new UsageError(`${entry.where}: ${printable(entry.host)} is not a directory`);
      this.#directory(parts).roots.push(root);
      return;
    }
    const name = parts.pop();
    if (name === undefined) throw new UsageError(`${entry.where}: / cannot be a file`);
    const directory = this.#directory(parts);
    if (entry.kind === 'link') {
      directory.children.set(name, new TreeLink(this, entry.target));
      return;
    }
    const { root } = this.#host(entry.host, entry.where);
    if (root.type === S_IFDIR) this.#directory([...parts, name]);
    else directory.children.set(name, root);
  }

  #directory(parts: readonly ByteString[]): TreeDirectory {
    let at = this.root;
    for (const part of parts) {
      const known = at.children.get(part);
      const next = known instanceof TreeDirectory ? known : new TreeDirectory(this, at, part);
      at.children.set(part, next);
      at = next;
    }
    return at;
  }

  #host(path: ByteString, where: string): HostFs {
    const real = hostRealPath(this.#files, path);
    if (real === undefined) throw new UsageError(`${where}: ${printable(path)}: no such file on the host`);
    const fs = new HostFs({ files: this.#files, path: real });
    this.#hosts.push(fs);
    return fs;
  }
}

class TreeDirectory extends BaseInode {
  readonly type = S_IFDIR;
  readonly #fs: TreeFs;
  readonly #ino: number;
  readonly #parent: TreeDirectory | undefined;
  readonly #name: ByteString;
  readonly children = new Map<ByteString, Inode>();
  /** Host directories whose content shows here, later ones first. */
  readonly roots: Inode[] = [];

  constructor(fs: TreeFs, parent: TreeDirectory | undefined, name: ByteString) {
    super();
    this.#fs = fs;
    this.#ino = fs.newIno();
    this.#parent = parent;
    this.#name = name;
  }

  /** The host directories below this one: its own, and what its parent's have under this name. */
  below(): Inode[] {
    const inherited = this.#parent ? this.#parent.below().flatMap((directory) => directory.lookup(this.#name) ?? []) : [];
    return [...this.roots, ...inherited].filter(({ type }) => type === S_IFDIR);
  }

  override stat(): Stat {
    return plainStat({ ino: this.#ino, dev: this.#fs.device, mode: S_IFDIR | 0o755, nlink: 2, size: 4096 });
  }
  override lookup(name: ByteString): Inode | undefined {
    const own = this.children.get(name);
    if (own) return own;
    for (const directory of this.below()) {
      const found = directory.lookup(name);
      if (found) return found;
    }
    return undefined;
  }
  override entries(): DirectoryEntry[] {
    const listed = new Map<ByteString, DirectoryEntry>();
    for (const directory of this.below())
      for (const entry of directory.entries()) if (!listed.has(entry.name)) listed.set(entry.name, entry);
    for (const [name, node] of this.children) listed.set(name, { name, ino: node.stat().ino, type: node.type });
    return [...listed.values()];
  }
}

class TreeLink extends BaseInode {
  readonly type = S_IFLNK;
  readonly #fs: TreeFs;
  readonly #ino: number;
  readonly #target: ByteString;

  constructor(fs: TreeFs, target: ByteString) {
    super();
    this.#fs = fs;
    this.#ino = fs.newIno();
    this.#target = target;
  }
  override stat(): Stat {
    return plainStat({ ino: this.#ino, dev: this.#fs.device, mode: S_IFLNK | 0o777, size: this.#target.length });
  }
  override readlink(): ByteString {
    if (this.#target === '') throw E.EINVAL;
    return this.#target;
  }
}
