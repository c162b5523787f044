// A tar archive as a read-only file system, straight over the archive's bytes.

import { E } from '../../abi/errno.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { readTar, type TarEntry, type TarType } from '../../lib/tar.ts';
import { UsageError } from '../../lib/usage-error.ts';
import { BaseInode, deviceNumber } from '../vfs/base-inode.ts';
import {
  type DirectoryEntry,
  type Inode,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFREG,
  type Stat,
  type Time,
} from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';

const MODES: Readonly<Record<Exclude<TarType, 'hardlink'>, number>> = {
  file: S_IFREG,
  directory: S_IFDIR,
  symlink: S_IFLNK,
  character: S_IFCHR,
  block: S_IFBLK,
  fifo: S_IFIFO,
};

export class TarFs implements FileSystem {
  readonly type = 'tarfs';
  readonly root: TarNode;
  readonly device: number;
  readonly bytes: Uint8Array;
  #inodes = 0;

  /** `name` stands for the archive in messages. Throws UsageError for a damaged one. */
  constructor({ bytes, name, device }: { bytes: Uint8Array; name: string; device: number }) {
    this.bytes = bytes;
    this.device = device;
    this.root = this.#node(undefined);
    for (const entry of readTar(bytes, name)) this.#place(entry, name);
  }

  statfs(): StatFs {
    return {
      type: 0x73717368,
      blockSize: 4096,
      blocks: Math.ceil(this.bytes.length / 4096),
      free: 0,
      files: this.#inodes,
      freeFiles: 0,
    };
  }

  #node(entry: TarEntry | undefined): TarNode {
    return new TarNode(this, ++this.#inodes, entry);
  }

  /** Puts an entry where it belongs; a later one replaces an earlier one of the same name, as tar extracts them. */
  #place(entry: TarEntry, archive: string): void {
    const parts = entry.path.split('/');
    if (parts.includes('..'))
      throw new UsageError(`${archive}: entry ${entry.path} at offset ${entry.offset - 512} leaves the archive's tree`);
    const name = parts.pop() ?? '';
    if (name === '') {
      this.root.entry = entry;
      return;
    }
    let directory = this.root;
    for (const part of parts) directory = directory.directory(part, () => this.#node(undefined));
    const known = directory.children?.get(name);
    if (entry.type === 'hardlink') {
      const target = this.#find(entry.link);
      if (!target)
        throw new UsageError(
          `${archive}: hard link ${entry.path} at offset ${entry.offset - 512} to ${entry.link}, which is not before it`,
        );
      target.links++;
      directory.put(name, target);
    } else if (entry.type === 'directory' && known?.children) known.entry = entry;
    else directory.put(name, this.#node(entry));
  }

  #find(path: ByteString): TarNode | undefined {
    let at: TarNode | undefined = this.root;
    for (const part of path.split('/')) if (part !== '' && part !== '.') at = at?.children?.get(part);
    return at;
  }
}

class TarNode extends BaseInode {
  readonly #fs: TarFs;
  readonly #ino: number;
  /** Undefined for a directory that only its content's paths mention. */
  entry: TarEntry | undefined;
  links = 1;
  readonly children: Map<ByteString, TarNode> | undefined;
  readonly type: number;

  constructor(fs: TarFs, ino: number, entry: TarEntry | undefined) {
    super();
    this.#fs = fs;
    this.#ino = ino;
    this.entry = entry;
    this.type = !entry || entry.type === 'hardlink' ? S_IFDIR : MODES[entry.type];
    this.children = this.type === S_IFDIR ? new Map() : undefined;
  }

  put(name: ByteString, node: TarNode): void {
    this.children?.set(name, node);
  }

  directory(name: ByteString, make: () => TarNode): TarNode {
    const known = this.children?.get(name);
    if (known?.children) return known;
    const made = make();
    this.put(name, made);
    return made;
  }

  override stat(): Stat {
    const { entry } = this;
    const time = toTime(entry?.mtime ?? 0);
    const size = this.type === S_IFLNK ? (entry?.link.length ?? 0) : this.type === S_IFDIR ? 4096 : (entry?.size ?? 0);
    let nlink = this.links;
    if (this.children) {
      nlink = 2;
      for (const child of this.children.values()) if (child.children) nlink++;
    }
    return {
      dev: this.#fs.device,
      ino: this.#ino,
      mode: this.type | (entry?.mode ?? 0o755),
      nlink,
      uid: entry?.uid ?? 0,
      gid: entry?.gid ?? 0,
      rdev: entry ? deviceNumber(entry.major, entry.minor) : 0,
      size,
      blockSize: 4096,
      blocks: Math.ceil(size / 512),
      atime: time,
      mtime: time,
      ctime: time,
    };
  }

  override lookup(name: ByteString): Inode | undefined {
    if (!this.children) throw E.ENOTDIR;
    return this.children.get(name);
  }

  override entries(): DirectoryEntry[] {
    if (!this.children) throw E.ENOTDIR;
    return [...this.children].map(([name, node]) => ({ name, ino: node.#ino, type: node.type }));
  }

  override readlink(): ByteString {
    if (this.type !== S_IFLNK || !this.entry) throw E.EINVAL;
    return this.entry.link;
  }

  override read(into: Uint8Array, position: number): number {
    if (this.type !== S_IFREG || !this.entry) return super.read(into, position);
    const { offset, size } = this.entry;
    const length = Math.max(0, Math.min(into.length, size - position));
    into.set(this.#fs.bytes.subarray(offset + position, offset + position + length));
    return length;
  }
}

function toTime(seconds: number): Time {
  const whole = Math.floor(seconds);
  return { seconds: whole, nanoseconds: Math.round((seconds - whole) * 1e9) };
}
