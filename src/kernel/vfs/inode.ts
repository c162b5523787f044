// The two seams of the VFS: an Inode is a thing in a file system, an OpenFile is what a descriptor refers to.

import type { Stat, Time } from '../../abi/stat.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { Pollable, WouldBlock } from '../wait.ts';
import type { Pty } from '../tty/pty.ts';
import type { FileTable } from './file-table.ts';
import type { Path } from './path.ts';

/** File type bits of st_mode (include/uapi/linux/stat.h). */
export const S_IFMT = 0o170000,
  S_IFSOCK = 0o140000,
  S_IFLNK = 0o120000,
  S_IFREG = 0o100000,
  S_IFBLK = 0o060000,
  S_IFDIR = 0o040000,
  S_IFCHR = 0o020000,
  S_IFIFO = 0o010000;

export type { Stat, Time };

export interface DirectoryEntry {
  readonly name: ByteString;
  readonly ino: number;
  /** S_IF* bits of the entry. */
  readonly type: number;
}

/** Told what happens to an inode, or to a name in a directory: a mask of IN_*. */
export type InodeWatcher = (mask: number, name: ByteString | undefined, cookie: number) => void;

/** Changes asked of an inode by chmod, chown, utimensat; a member left out stays. */
export interface Attributes {
  mode?: number;
  uid?: number;
  gid?: number;
  atime?: Time;
  mtime?: Time;
}

/** The pages of a file that processes have mapped shared (mm/shared-object.ts), as its read and write must know them. */
export interface FileMapping {
  /** Is a mapping among them that stores, or could be made to. */
  readonly isWritable: boolean;
  /** Before the bytes are read or written: what was stored through mappings goes to the file. */
  flush(position: number, length: number): void;
  /** After the bytes were written. */
  changed(position: number, length: number): void;
  /** After the file got this size. */
  truncated(size: number): void;
}

/**
 * A file, directory, link or device of some file system. Two look-ups of the same thing give the same object.
 * All methods are synchronous and throw Errno (abi/errno.ts); permission checks happen in the walk, not here.
 */
export interface Inode {
  stat(): Stat;
  /** S_IFMT bits; cheaper than stat(). */
  readonly type: number;
  /** What the walk's permission check needs, where that is cheaper than stat(). */
  permissions?(): Pick<Stat, 'mode' | 'uid' | 'gid'>;
  setAttributes(changes: Attributes): void;
  /** Present while the file is mapped shared. */
  mapping?: FileMapping | undefined;

  // directories
  lookup(name: ByteString): Inode | undefined;
  entries(): DirectoryEntry[];
  create(name: ByteString, mode: number, owner: { uid: number; gid: number }, rdev?: number): Inode;
  mkdir(name: ByteString, mode: number, owner: { uid: number; gid: number }): Inode;
  symlink(name: ByteString, target: ByteString, owner: { uid: number; gid: number }): Inode;
  link(name: ByteString, target: Inode): void;
  unlink(name: ByteString): void;
  rmdir(name: ByteString): void;
  rename(name: ByteString, toDirectory: Inode, toName: ByteString): void;

  /** Swaps two names (RENAME_EXCHANGE), where the file system can. */
  exchange?(name: ByteString, toDirectory: Inode, toName: ByteString): void;
  /** Opens a new file without a name (O_TMPFILE), where the file system can. */
  openTemporary?(mode: number, owner: { uid: number; gid: number }, flags: number, isLinkable: boolean): OpenFile;

  /** Extended attributes by name, where the file system keeps any (xattr(7)). */
  readonly extended?: Map<ByteString, Uint8Array>;
  /** Seals of a file in memory. */
  readonly seals?: number;
  /** Open files of it, where the file system counts them. */
  readonly openCount?: number;
  /** Processes that run it: it may not be written to (ETXTBSY). */
  runners?: number;
  /** Who is told of events (inotify(7)). */
  watchers?: Set<InodeWatcher> | undefined;

  // links
  readlink(): ByteString;
  /** A link that leads to an object rather than a path (/proc/self/exe, /proc/self/fd/N). */
  follow?(): Path | undefined;

  // regular files
  /** Bytes read at `position` into the whole of `into`, fewer at the end of the file. */
  read(into: Uint8Array, position: number): number;
  write(from: Uint8Array, position: number): number;
  truncate(size: number): void;
  /** Makes a range read as zeros without storage (fallocate with FALLOC_FL_PUNCH_HOLE), where that is offered. */
  clear?(position: number, length: number): void;

  /** Opens the inode; devices and pipes return their own kind of OpenFile. */
  open(flags: number): OpenFile;
}

/** What a descriptor refers to: shared by dup and fork, closed when the last descriptor goes. */
export interface OpenFile extends Pollable {
  readonly inode: Inode;
  /** Where it was opened; pipes, sockets and the like have none. Set by Vfs.open. */
  path?: Path | undefined;
  /** Descriptors (of all processes) that refer to it; kept by retain and release of file-table.ts. */
  references?: number;
  /** Called by release before close: drops flock's lock. */
  onRelease?: (() => void) | undefined;
  /** Any descriptor of it in a table was closed. */
  descriptorClosed?(table: FileTable): void;
  /** O_* status flags; F_SETFL changes O_APPEND, O_NONBLOCK and the like. */
  flags: number;
  /** File position, as lseek sees it. */
  position: number;
  /** Bytes moved, or WOULD_BLOCK. Without `at` the file's own position is used and advanced. */
  read(into: Uint8Array, at?: number): number | WouldBlock;
  write(from: Uint8Array, at?: number): number | WouldBlock;
  seek(offset: number, whence: number): number;
  /** Answers an ioctl or throws ENOTTY; `argument` is the guest's third argument, memory access goes through `task`. */
  ioctl(request: number, argument: number, memory: IoctlMemory): number;
  /** Answers what fcntl leaves to the kind of file (F_GETPIPE_SZ, F_ADD_SEALS); undefined: EINVAL or EBADF. */
  fcntl?(command: number, argument: number): number | undefined;
  /** Milliseconds that a read and a write wait at most (SO_RCVTIMEO, SO_SNDTIMEO). */
  readonly timeouts?: { readonly receiveTimeout: number; readonly sendTimeout: number } | undefined;
  /** Who gets SIGIO (F_SETOWN): a process, or with a minus a group. */
  owner?: number;
  /** The pseudo-terminal that it is an end of. */
  readonly pty?: Pty | undefined;
  /** What its opening waits for: a fifo's other side (fifo(7)). */
  readonly awaited?: Pollable | undefined;
  sync(): void;
  /** Called once, when the last reference is gone. */
  close(): void;
}

/** Guest memory as ioctl handlers use it. */
export interface IoctlMemory {
  bytes(address: number, length: number): Uint8Array;
  writable(address: number, length: number): Uint8Array;
}
