// What an inode answers when it is not the kind of thing that was asked: a base for the inodes of every file system.

import { E, type Errno } from '../../abi/errno.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { DirectoryFile } from './directory-file.ts';
import {
  type Attributes,
  type DirectoryEntry,
  type FileMapping,
  type Inode,
  type InodeWatcher,
  type OpenFile,
  S_IFDIR,
  S_IFMT,
  S_IFREG,
  type Stat,
  type Time,
} from './inode.ts';
import { RegularFile } from './regular-file.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Everything is refused with the errno Linux gives for an inode of another kind or of a read-only file system. */
export abstract class BaseInode implements Inode {
  abstract readonly type: number;
  mapping: FileMapping | undefined = undefined;
  watchers: Set<InodeWatcher> | undefined = undefined;
  runners = 0;
  abstract stat(): Stat;

  setAttributes(_changes: Attributes): void {
    throw E.EROFS;
  }
  lookup(_name: ByteString): Inode | undefined {
    throw E.ENOTDIR;
  }
  entries(): DirectoryEntry[] {
    throw E.ENOTDIR;
  }
  create(_name: ByteString, mode: number, _owner: Owner, _rdev?: number): Inode {
    throw this.refusal(mode);
  }
  mkdir(_name: ByteString, _mode: number, _owner: Owner): Inode {
    throw this.refusal();
  }
  symlink(_name: ByteString, _target: ByteString, _owner: Owner): Inode {
    throw this.refusal();
  }
  link(_name: ByteString, _target: Inode): void {
    throw this.refusal();
  }
  unlink(_name: ByteString): void {
    throw this.refusal();
  }
  rmdir(_name: ByteString): void {
    throw this.refusal();
  }
  rename(_name: ByteString, _toDirectory: Inode, _toName: ByteString): void {
    throw this.refusal();
  }
  /** EINVAL: not every file system can (rename(2)). */
  exchange(_name: ByteString, _toDirectory: Inode, _toName: ByteString): void {
    throw E.EINVAL;
  }
  openTemporary(_mode: number, _owner: Owner, _flags: number, _isLinkable: boolean): OpenFile {
    throw E.EOPNOTSUPP;
  }
  readlink(): ByteString {
    throw E.EINVAL;
  }
  read(_into: Uint8Array, _position: number): number {
    throw this.type === S_IFDIR ? E.EISDIR : E.EINVAL;
  }
  write(_from: Uint8Array, _position: number): number {
    throw this.type === S_IFDIR ? E.EISDIR : this.type === S_IFREG ? E.EROFS : E.EINVAL;
  }
  truncate(_size: number): void {
    throw this.type === S_IFDIR ? E.EISDIR : this.type === S_IFREG ? E.EROFS : E.EINVAL;
  }
  open(flags: number): OpenFile {
    if (this.type === S_IFDIR) return new DirectoryFile(this, flags);
    if (this.type === S_IFREG) return new RegularFile(this, flags);
    throw E.ENXIO;
  }

  /** What changing the names of a directory gives; `mode` is that of a file to be made. */
  protected refusal(_mode?: number): Errno {
    return this.type === S_IFDIR ? E.EROFS : E.ENOTDIR;
  }
}

/** An inode that lies in no directory: a pipe, a socket, an eventfd (anon_inode), a memfd. */
export class AnonymousInode extends BaseInode {
  readonly type: number;
  readonly #mode: number;
  readonly #ino: number;
  #changes: Attributes | undefined;
  /** What /proc/PID/fd/N shows: `pipe:[12]`, `socket:[12]`, `anon_inode:[eventpoll]`. */
  readonly label: ByteString;

  constructor(mode: number, ino: number, label: ByteString) {
    super();
    this.type = mode & 0o170000;
    this.#mode = mode;
    this.#ino = ino;
    this.label = label;
  }

  override stat(): Stat {
    const shown = plainStat({ ino: this.#ino, mode: this.#mode, dev: 0xe, ...this.#changes });
    return this.#changes ? { ...shown, mode: this.type | (shown.mode & 0o7777) } : shown;
  }

  /** Pipes and sockets have attributes of their own; what all anon_inodes share stays (fs/anon_inodes.c). */
  override setAttributes(changes: Attributes): void {
    if (this.type === 0) throw E.EOPNOTSUPP;
    this.#changes = { ...this.#changes, ...changes };
  }
}

export const EPOCH: Time = { seconds: 0, nanoseconds: 0 };

/** A stat of zeros but for what is given. */
export function plainStat(given: Partial<Stat> & Pick<Stat, 'ino' | 'mode'>): Stat {
  const size = given.size ?? 0;
  return {
    dev: 0,
    nlink: 1,
    uid: 0,
    gid: 0,
    rdev: 0,
    size,
    blockSize: 4096,
    blocks: Math.ceil(size / 4096) * 8,
    atime: EPOCH,
    mtime: EPOCH,
    ctime: EPOCH,
    ...given,
  };
}

/** Linux's new_encode_dev: minor bits 0-7 and 20-31, major bits 8-19. */
export const deviceNumber = (major: number, minor: number): number =>
  ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;

/** The refusal of a directory that Linux would let change if its file system had the operation (fs/namei.c). */
export const noOperation = (mode = 0): Errno => ((mode & S_IFMT) === S_IFREG ? E.EACCES : E.EPERM);
