// A place in the tree of mounts: one Path object a name, so that a rename moves what every process sees.
//
//   mount A  root ── usr ── bin ── sh          Path.parent links go up inside a mount;
//                     └── src ═ mount B root   a mount's root knows the Path it covers (mount.point).

import { NAME_MAX } from '../../abi/fcntl.ts';
import { E } from '../../abi/errno.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { Inode } from './inode.ts';
import type { Mount } from './mount.ts';

export class Path {
  readonly mount: Mount | undefined;
  #inode: Inode | undefined;
  #parent: Path | undefined;
  #name: ByteString;
  #isDeleted = false;
  #children: Map<ByteString, Path> | undefined;
  /** The file system mounted here, which covers this directory. */
  covered: Mount | undefined = undefined;
  /** The file system does not know it: a directory on the way to a mount point, which exists as long as the mount does. */
  readonly isPlaceholder: boolean;

  /** Without an inode it is the root of `mount`, of which nothing is asked before a walk enters it. */
  constructor(
    mount: Mount | undefined,
    inode: Inode | undefined,
    parent: Path | undefined,
    name: ByteString,
    isPlaceholder = false,
  ) {
    this.mount = mount;
    this.isPlaceholder = isPlaceholder;
    this.#inode = inode;
    this.#parent = parent;
    this.#name = name;
  }

  /** The place of something that no directory holds; it prints as its label (`pipe:[5]`). */
  static anonymous(inode: Inode, label: ByteString): Path {
    return new Path(undefined, inode, undefined, label);
  }

  get inode(): Inode {
    this.#inode ??= this.mount!.fs.root; // as the constructor says
    return this.#inode;
  }
  get name(): ByteString {
    return this.#name;
  }
  get isDeleted(): boolean {
    return this.#isDeleted;
  }

  /** The directory that holds it, across the root of its mount; undefined at the top. */
  up(): Path | undefined {
    let at: Path = this;
    while (!at.#parent) {
      const point = at.mount?.point;
      if (!point) return undefined;
      at = point;
    }
    return at.#parent;
  }

  /** What `name` in this directory is (mounts on it included), or undefined; the file system is asked every time. */
  child(name: ByteString): Path | undefined {
    if (name.length > NAME_MAX) throw E.ENAMETOOLONG;
    const known = this.#children?.get(name);
    if (known?.covered) return known.top();
    const inode = this.inode.lookup(name);
    if (!inode) {
      if (known?.isPlaceholder) return known;
      if (known) this.drop(name);
      return undefined;
    }
    if (known?.isPlaceholder) known.#inode = inode;
    return known?.inode === inode ? known : this.adopt(name, inode);
  }

  /** Registers a child that was just made or looked up. */
  adopt(name: ByteString, inode: Inode): Path {
    if (this.#children?.has(name)) this.drop(name);
    const path = new Path(this.mount, inode, this, name);
    this.#children ??= new Map();
    this.#children.set(name, path);
    return path;
  }

  /** A place in this directory that no name leads to (O_TMPFILE). */
  nameless(label: ByteString, inode: Inode): Path {
    const path = new Path(this.mount, inode, this, label);
    path.#isDeleted = true;
    return path;
  }

  /** Swaps two children after an exchange in the file system. */
  exchange(name: ByteString, to: Path, toName: ByteString): void {
    const one = this.#children?.get(name),
      other = to.#children?.get(toName);
    this.#children?.delete(name);
    to.#children?.delete(toName);
    if (one) one.#place(to, toName);
    if (other) other.#place(this, name);
  }
  #place(parent: Path, name: ByteString): void {
    this.#parent = parent;
    this.#name = name;
    parent.#children ??= new Map();
    parent.#children.set(name, this);
  }

  /** The child to mount on, made as a placeholder without asking the file system: mounting reads nothing. */
  mountPoint(name: ByteString, placeholder: () => Inode): Path {
    const known = this.#children?.get(name);
    if (known) return known;
    const path = new Path(this.mount, placeholder(), this, name, true);
    this.#children ??= new Map();
    this.#children.set(name, path);
    return path;
  }

  /** Children that exist because of mounts, for directory listings. */
  mountedChildren(): Path[] {
    const found: Path[] = [];
    for (const child of this.#children?.values() ?? []) if (child.covered || child.isPlaceholder) found.push(child);
    return found;
  }

  /** Forgets a child that was removed: who still holds it sees " (deleted)". */
  drop(name: ByteString): void {
    const child = this.#children?.get(name);
    if (!child) return;
    child.#isDeleted = true;
    this.#children?.delete(name);
  }

  /** Moves a child after a rename in the file system. */
  move(name: ByteString, to: Path, toName: ByteString): void {
    const child = this.#children?.get(name);
    this.#children?.delete(name);
    to.drop(toName);
    if (child) child.#place(to, toName);
  }

  /** The root of what is mounted here, or itself. */
  top(): Path {
    let at: Path = this;
    while (at.covered) at = at.covered.root;
    return at;
  }

  /** Is anything mounted on it or does a mount start here. */
  get isMountPoint(): boolean {
    return this.covered !== undefined || (this.mount?.point !== undefined && this.mount.root === this);
  }

  /** As /proc shows it: absolute from the top, or from `root`, with " (deleted)" for what was removed. */
  print(root?: Path): ByteString {
    if (!this.mount) return this.#name;
    const { text, isDeleted } = this.#walkUp(root);
    return isDeleted ? `${text} (deleted)` : text;
  }

  /** As getcwd sees it: ENOENT for a removed directory, "(unreachable)" in front of one outside `root`. */
  cwd(root: Path): ByteString {
    const { text, isDeleted, isReachable } = this.#walkUp(root);
    if (isDeleted) throw E.ENOENT;
    return isReachable ? text : `(unreachable)${text}`;
  }

  /** Is it `directory` or below it, across mounts. */
  isWithin(directory: Path): boolean {
    for (let at: Path | undefined = this; at; at = at.up()) if (at === directory) return true;
    return false;
  }

  toString(): ByteString {
    return this.print();
  }

  #walkUp(root: Path | undefined) {
    let text = '';
    let isDeleted = false;
    let at: Path = this;
    while (at !== root) {
      isDeleted ||= at.#isDeleted;
      if (at.#parent) {
        text = `/${at.#name}${text}`;
        at = at.#parent;
      } else if (at.mount?.point) at = at.mount.point;
      else break;
    }
    return { text: text || '/', isDeleted, isReachable: root === undefined || at === root };
  }
}
