// An inode of the host's file system, known by device and inode number and by the name it was last seen under.

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_RDONLY, O_WRONLY } from '../../abi/fcntl.ts';
import type { HostFile, HostStat } from '../../host/host.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { BaseInode, type Owner } from '../vfs/base-inode.ts';
import {
  type Attributes,
  type DirectoryEntry,
  type Inode,
  type OpenFile,
  S_IFDIR,
  S_IFMT,
  S_IFREG,
  type Stat,
} from '../vfs/inode.ts';
import { RegularFile } from '../vfs/regular-file.ts';
import { type HostFs, hostCall } from './host.ts';

export class HostNode extends BaseInode {
  readonly #fs: HostFs;
  #parent: HostNode | undefined;
  #name: ByteString;
  #seen: HostStat | undefined;
  #path = '';
  #pathGeneration = -1;
  /** Guest descriptors that hold it; their handles stay open even when the file is unlinked. */
  #openCount = 0;
  #writer: HostFile | undefined;
  #reader: HostFile | undefined;

  constructor(fs: HostFs, parent: HostNode | undefined, name: ByteString, seen: HostStat | undefined) {
    super();
    this.#fs = fs;
    this.#parent = parent;
    this.#name = name;
    this.#seen = seen;
  }

  /** Notes where and as what a look-up found it. */
  found(parent: HostNode, name: ByteString, seen: HostStat): void {
    if (this.#parent !== parent || this.#name !== name) {
      this.#parent = parent;
      this.#name = name;
      this.#pathGeneration = -1;
      if (this.type === S_IFDIR) this.#fs.generation++;
    }
    this.#seen = seen;
  }

  isSame(seen: HostStat): boolean {
    return (
      this.#seen !== undefined &&
      this.#seen.ino === seen.ino &&
      this.#seen.dev === seen.dev &&
      ((this.#seen.mode ^ seen.mode) & S_IFMT) === 0
    );
  }

  get type(): number {
    return this.#last().mode & S_IFMT;
  }

  override stat(): Stat {
    const now = hostCall(() => this.#fs.files.lstat(this.#safePath() || '/'));
    // Unlinked, or replaced by another file: what an open descriptor holds is known as it was last.
    if (now && (this.#seen === undefined || this.isSame(now))) this.#seen = now;
    else if (this.#seen && this.#seen.nlink > 0) this.#seen = { ...this.#seen, nlink: this.#seen.nlink - 1 };
    return { ...this.#last(), blockSize: 4096 };
  }

  permissions() {
    return this.#last();
  }

  override lookup(name: ByteString): Inode | undefined {
    if (this.type !== S_IFDIR) throw E.ENOTDIR;
    const seen = hostCall(() => this.#fs.files.lstat(this.#child(name)));
    return seen && this.#fs.node(this, name, seen);
  }

  override entries(): DirectoryEntry[] {
    const directory = this.#safePath();
    const { files } = this.#fs;
    return hostCall(() => {
      const listed: DirectoryEntry[] = [];
      for (const name of files.readdir(directory || '/')) {
        const seen = files.lstat(`${directory}/${name}`);
        if (seen) listed.push({ name, ino: seen.ino, type: seen.mode & S_IFMT });
      }
      return listed;
    });
  }

  override readlink(): ByteString {
    return hostCall(() => this.#fs.files.readlink(this.#safePath()));
  }

  override read(into: Uint8Array, position: number): number {
    if (this.type !== S_IFREG) return super.read(into, position);
    const handle = this.#reader ?? this.#fs.handle(this, () => this.#open(false));
    return hostCall(() => handle.read(into, position));
  }

  override write(from: Uint8Array, position: number): number {
    if (this.type !== S_IFREG || !this.#fs.isWritable) return super.write(from, position);
    const done = hostCall(() => this.#withWriter((handle) => handle.write(from, position)));
    const seen = this.#last();
    if (position + done > seen.size) this.#seen = { ...seen, size: position + done };
    return done;
  }

  override truncate(size: number): void {
    if (this.type !== S_IFREG || !this.#fs.isWritable) return super.truncate(size);
    hostCall(() => this.#withWriter((handle) => handle.truncate(size)));
    this.#seen = { ...this.#last(), size };
  }

  sync(): void {
    hostCall(() => this.#writer?.sync());
  }

  /** The host is asked at once, so that what it refuses is refused at open. */
  override open(flags: number): OpenFile {
    if (this.type !== S_IFREG) return super.open(flags);
    const isWrite = (flags & O_ACCMODE) !== O_RDONLY;
    if (isWrite && !this.#fs.isWritable) throw E.EROFS;
    if (isWrite) this.#writer ??= hostCall(() => this.#open(true));
    if ((flags & O_ACCMODE) !== O_WRONLY) this.#reader ??= hostCall(() => this.#open(false));
    this.#openCount++;
    return new HostOpenFile(this, flags);
  }

  closed(): void {
    if (--this.#openCount > 0) return;
    this.#writer?.close();
    this.#writer = undefined;
    // A mapping may go on reading, so the reader moves to the handles that are kept for a while.
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader && this.#fs.handle(this, () => reader) !== reader) reader.close();
  }

  override create(name: ByteString, mode: number, _owner: Owner): Inode {
    if ((mode & S_IFMT) !== S_IFREG) throw E.EPERM;
    const permissions = mode & 0o7777;
    this.#change(() => {
      const flags = { read: true, write: true, create: true, exclusive: true, truncate: false, mode: permissions };
      this.#fs.files.open(this.#child(name), flags).close();
    });
    return this.#made(name, permissions);
  }
  override mkdir(name: ByteString, mode: number, _owner: Owner): Inode {
    this.#change(() => this.#fs.files.mkdir(this.#child(name), mode & 0o7777));
    return this.#made(name, mode & 0o7777);
  }
  override symlink(name: ByteString, target: ByteString, _owner: Owner): Inode {
    this.#change(() => this.#fs.files.symlink(target, this.#child(name)));
    return this.#existing(name);
  }
  override link(name: ByteString, target: Inode): void {
    if (!(target instanceof HostNode) || target.#fs !== this.#fs) throw E.EXDEV;
    this.#change(() => this.#fs.files.link(target.#safePath(), this.#child(name)));
  }
  override unlink(name: ByteString): void {
    const seen = this.#existing(name).#last();
    this.#change(() => this.#fs.files.unlink(this.#child(name)));
    if (seen.nlink <= 1) this.#fs.forget(seen);
  }
  override rmdir(name: ByteString): void {
    const seen = this.#existing(name).#last();
    this.#change(() => this.#fs.files.rmdir(this.#child(name)));
    this.#fs.forget(seen);
  }
  override rename(name: ByteString, toDirectory: Inode, toName: ByteString): void {
    if (!(toDirectory instanceof HostNode) || toDirectory.#fs !== this.#fs) throw E.EXDEV;
    const node = this.#existing(name);
    this.#change(() => this.#fs.files.rename(this.#child(name), toDirectory.#child(toName)));
    node.#parent = toDirectory;
    node.#name = toName;
    this.#fs.generation++;
  }

  /** Owners stay the host user's: a change to another id is EPERM, as for anyone but root. */
  override setAttributes({ mode, uid, gid, atime, mtime }: Attributes): void {
    const { files, isWritable } = this.#fs;
    if (!isWritable) throw E.EROFS;
    const { uid: owner, gid: group, atime: oldAtime, mtime: oldMtime } = this.#last();
    if ((uid !== undefined && uid !== owner) || (gid !== undefined && gid !== group)) throw E.EPERM;
    hostCall(() => {
      const path = this.#safePath();
      if (mode !== undefined) files.chmod(path, mode & 0o7777);
      if (atime || mtime) files.utimes(path, atime ?? oldAtime, mtime ?? oldMtime);
    });
    this.stat();
  }

  #last(): HostStat {
    if (!this.#seen) {
      const seen = hostCall(() => this.#fs.files.lstat(this.#plainPath() || '/'));
      if (!seen) throw E.ENOENT;
      this.#seen = seen;
    }
    return this.#seen;
  }

  #open(isWrite: boolean): HostFile {
    const flags = { read: !isWrite, write: isWrite, create: false, exclusive: false, truncate: false, mode: 0 };
    return this.#fs.files.open(this.#safePath(), flags);
  }

  #withWriter<T>(use: (handle: HostFile) => T): T {
    if (this.#writer) return use(this.#writer);
    const handle = this.#open(true);
    try {
      return use(handle);
    } finally {
      handle.close();
    }
  }

  #existing(name: ByteString): HostNode {
    const node = this.lookup(name);
    if (!(node instanceof HostNode)) throw E.ENOENT;
    return node;
  }

  /** The new file or directory; the host's own umask must not take bits that the guest's left. */
  #made(name: ByteString, permissions: number): HostNode {
    const node = this.#existing(name);
    if ((node.#last().mode & 0o7777) !== permissions) node.setAttributes({ mode: permissions });
    return node;
  }

  #change(call: () => void): void {
    if (!this.#fs.isWritable) throw E.EROFS;
    hostCall(call);
  }

  #child(name: ByteString): ByteString {
    this.#verify(this);
    return `${this.#plainPath()}/${name}`;
  }

  /** Its path on the host, after a look at every directory on the way: ENOENT if one is not what it was. */
  #safePath(): ByteString {
    this.#verify(this.#parent);
    return this.#plainPath();
  }

  #verify(from: HostNode | undefined): void {
    if (this.#fs.isWhole) return;
    for (let at = from; at; at = at.#parent) {
      at.#last();
      const seen = this.#fs.files.lstat(at.#plainPath() || '/');
      if (!seen || !at.isSame(seen)) throw E.ENOENT;
    }
  }

  #plainPath(): ByteString {
    if (this.#pathGeneration !== this.#fs.generation) {
      this.#path = this.#parent ? `${this.#parent.#plainPath()}/${this.#name}` : this.#name;
      this.#pathGeneration = this.#fs.generation;
    }
    return this.#path;
  }
}

class HostOpenFile extends RegularFile {
  readonly #node: HostNode;
  constructor(node: HostNode, flags: number) {
    super(node, flags);
    this.#node = node;
  }
  override sync(): void {
    this.#node.sync();
  }
  override close(): void {
    this.#node.closed();
  }
}
