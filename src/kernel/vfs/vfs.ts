// The virtual file system of a machine: its mounts, and the operations that take paths.

import { E } from '../../abi/errno.ts';
import {
  AT_FDCWD,
  O_ACCMODE,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_LARGEFILE,
  O_NOATIME,
  O_NOCTTY,
  O_NOFOLLOW,
  O_PATH,
  O_RDONLY,
  O_TMPFILE_BIT,
  O_TRUNC,
  W_OK,
  X_OK,
} from '../../abi/fcntl.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { BaseInode, plainStat } from './base-inode.ts';
import { type Inode, type OpenFile, S_IFDIR, S_IFLNK, S_IFREG, type Stat } from './inode.ts';
import { Locks } from './locks.ts';
import { type FileSystem, Mount, type MountOptions } from './mount.ts';
import { IN, notify, notifyName } from './notify.ts';
import type { Path } from './path.ts';
import { PathFile } from './path-file.ts';
import { type Caller, inherited, openMask, requireAccess, requireChange, requireWritable } from './permission.ts';
import { type Walked, walk } from './walk.ts';

export type { Path } from './path.ts';

export class Vfs {
  readonly locks = new Locks();
  readonly #mounts: Mount[] = [];
  #nextMount = 1;
  #nextIno = 1;

  /** Mounts in the order they were made; the first is the root. */
  get mounts(): readonly Mount[] {
    return this.#mounts;
  }

  /** The root directory, for a first process's fs state. */
  get root(): Path {
    const first = this.#mounts[0];
    if (!first) throw new Error('no root file system is mounted');
    return first.root.top();
  }

  /** A number for an inode that no file system holds (pipes, sockets, eventfds). */
  anonymousIno(): number {
    return this.#nextIno++;
  }

  /**
   * Mounts `fs` on the directory `at` (absolute, without links); the first mount is `/`. Nothing is read: a directory
   * that does not exist there appears as long as the mount does.
   */
  mount(at: ByteString, fs: FileSystem, options: MountOptions = {}): Mount {
    let point: Path | undefined;
    if (this.#mounts.length > 0) {
      point = this.root;
      for (const name of at.split('/'))
        if (name) point = point.top().mountPoint(name, () => new Placeholder(this.anonymousIno()));
      point = point.top();
    }
    const mount = new Mount(this.#nextMount++, fs, point, options);
    if (point) point.covered = mount;
    this.#mounts.push(mount);
    return mount;
  }

  /** What `text` names, from `start`; ENOENT if nothing. `follow`: also a link at the end. */
  resolve(
    caller: Caller,
    text: ByteString,
    { follow = true, start = caller.fs.cwd, how = 0 }: { follow?: boolean; start?: Path; how?: number } = {},
  ): Path {
    const { path, hasSlash } = walk(caller, start, text, follow, how);
    if (!path) throw E.ENOENT;
    if (hasSlash && path.inode.type !== S_IFDIR) throw E.ENOTDIR;
    return path;
  }

  /** Opens (and with O_CREAT makes) a file as openat(2) does; the umask is applied to `mode` here. */
  open(caller: Caller, text: ByteString, flags: number, mode = 0, start: Path = caller.fs.cwd, resolve = 0): OpenFile {
    if ((flags & O_TMPFILE_BIT) !== 0) {
      if ((flags & O_DIRECTORY) === 0 || (flags & O_ACCMODE) === O_RDONLY) throw E.EINVAL;
      return this.#openTemporary(caller, this.resolve(caller, text, { start, how: resolve }), flags, mode);
    }
    if ((flags & O_PATH) !== 0) {
      const path = this.resolve(caller, text, { follow: (flags & O_NOFOLLOW) === 0, start, how: resolve });
      if ((flags & O_DIRECTORY) !== 0 && path.inode.type !== S_IFDIR) throw E.ENOTDIR;
      return at(new PathFile(path.inode, flags & (O_PATH | O_DIRECTORY | O_NOFOLLOW)), path);
    }
    if ((flags & O_CREAT) !== 0 && (flags & O_DIRECTORY) !== 0) throw E.EINVAL;
    const isExclusive = (flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0;
    const found = walk(caller, start, text, (flags & O_NOFOLLOW) === 0 && !isExclusive, resolve);
    if ((flags & O_CREAT) === 0 && !found.path) throw E.ENOENT;
    if ((flags & O_CREAT) !== 0 && found.hasSlash && found.last === 'name') throw E.EISDIR;
    if (!found.path) return this.#create(caller, found, flags, mode);
    if (isExclusive) throw E.EEXIST;
    return this.openPath(caller, found.path, found.hasSlash ? flags | O_DIRECTORY : flags);
  }

  /** Opens what a path leads to; the same checks as open, without O_CREAT's making. */
  openPath(caller: Caller, path: Path, flags: number): OpenFile {
    const { inode } = path;
    const ids = caller.credentials;
    if (inode.type === S_IFLNK) throw E.ELOOP;
    if ((flags & O_DIRECTORY) !== 0 && inode.type !== S_IFDIR) throw E.ENOTDIR;
    const isWrite = (flags & O_ACCMODE) !== O_RDONLY || (flags & O_TRUNC) !== 0;
    if (inode.type === S_IFDIR && (isWrite || (flags & O_CREAT) !== 0)) throw E.EISDIR;
    requireAccess(inode, ids, openMask(flags) | ((flags & O_TRUNC) !== 0 ? W_OK : 0));
    if (isWrite && inode.type === S_IFREG) requireWritable(path);
    if (isWrite && inode.runners) throw E.ETXTBSY;
    if ((flags & O_NOATIME) !== 0 && ids.fsuid !== 0 && inode.stat().uid !== ids.fsuid) throw E.EPERM;
    const file = inode.open((flags & KEPT_FLAGS) | O_LARGEFILE);
    if ((flags & O_TRUNC) !== 0 && inode.type === S_IFREG) {
      inode.truncate(0);
      inode.mapping?.truncated(0);
      notify(path, IN.IN_MODIFY);
    }
    return opened(file, path);
  }

  #create(caller: Caller, { directory, name }: Walked, flags: number, mode: number): OpenFile {
    if (directory.isDeleted) throw E.ENOENT;
    requireChange(directory, caller.credentials);
    const made = inherited(directory.inode, caller.credentials, S_IFREG | (mode & 0o7777 & ~caller.fs.umask), S_IFREG);
    const inode = directory.inode.create(name, made.mode, made.owner);
    const path = directory.adopt(name, inode);
    notifyName(directory, name, inode, IN.IN_CREATE);
    return opened(inode.open((flags & KEPT_FLAGS) | O_LARGEFILE), path);
  }

  /** O_TMPFILE: a file without a name, which linkat may give it one unless O_EXCL forbids it. */
  #openTemporary(caller: Caller, directory: Path, flags: number, mode: number): OpenFile {
    if (directory.inode.type !== S_IFDIR) throw E.ENOTDIR;
    if (!directory.inode.openTemporary) throw E.EOPNOTSUPP;
    requireChange(directory, caller.credentials);
    const made = inherited(directory.inode, caller.credentials, S_IFREG | (mode & 0o7777 & ~caller.fs.umask), S_IFREG);
    const kept = (flags & KEPT_FLAGS & ~O_TMPFILE_BIT) | O_LARGEFILE;
    const file = directory.inode.openTemporary(made.mode, made.owner, kept, (flags & O_EXCL) === 0);
    return at(file, directory.nameless(`#${file.inode.stat().ino}`, file.inode));
  }
}

/** Flags that concern the opening alone do not show in F_GETFL. */
const KEPT_FLAGS = ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);

function opened(file: OpenFile, path: Path): OpenFile {
  notify(path, IN.IN_OPEN);
  return at(file, path);
}

function at(file: OpenFile, path: Path): OpenFile {
  file.path = path;
  return file;
}

/** The directory that a relative path starts from: AT_FDCWD or an open directory. */
export function startOf(caller: Caller & { readonly fds: { get(fd: number): OpenFile } }, dirfd: number): Path {
  if (dirfd === AT_FDCWD) return caller.fs.cwd;
  const file = caller.fds.get(dirfd);
  if (!file.path || file.inode.type !== S_IFDIR) throw E.ENOTDIR;
  return file.path;
}

/** Checks that chdir and chroot may enter a directory. */
export function requireDirectory(caller: Caller, path: Path): Path {
  if (path.inode.type !== S_IFDIR) throw E.ENOTDIR;
  requireAccess(path.inode, caller.credentials, X_OK);
  return path;
}

/** An empty directory in front of a mount point that the file system below lacks. */
class Placeholder extends BaseInode {
  readonly type = S_IFDIR;
  readonly #ino: number;
  constructor(ino: number) {
    super();
    this.#ino = ino;
  }
  override stat(): Stat {
    return plainStat({ ino: this.#ino, mode: S_IFDIR | 0o755, nlink: 2, dev: 0xd });
  }
  override lookup(): Inode | undefined {
    return undefined;
  }
  override entries() {
    return [];
  }
}
