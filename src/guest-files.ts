// The files of a machine, as the public API shows them: root's view, with the guest's own paths.

import { E, Errno } from './abi/errno.ts';
import { ERRNO_TEXT } from './abi/errno-text.ts';
import { O_CREAT, O_DIRECTORY, O_RDONLY, O_TRUNC, O_WRONLY } from './abi/fcntl.ts';
import { HostError } from './host/host.ts';
import { type ByteString, printable, utf8 } from './lib/bytes.ts';
import type { Machine } from './machine.ts';
import { type At, mkdir, rmdir, unlink } from './kernel/vfs/change.ts';
import { release, retain } from './kernel/vfs/file-table.ts';
import { type OpenFile, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from './kernel/vfs/inode.ts';

/** What stat shows. */
export interface FileInfo {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since the epoch. */
  readonly mtime: number;
}

/** Methods reject with HostError, whose `code` is the errno's name ('ENOENT'). */
export class GuestFiles {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#with(path, O_RDONLY, (file) => {
      // Files of /proc say size 0, so that the end is where a read says so.
      const parts: Uint8Array[] = [];
      let length = 0;
      for (let size = Math.max(file.inode.stat().size + 1, 4096); ; size = 65536) {
        const part = new Uint8Array(size);
        const count = file.read(part);
        if (typeof count !== 'number') throw new HostError('EAGAIN', `${path}: nothing to read now`);
        if (count === 0) break;
        parts.push(part.subarray(0, count));
        length += count;
      }
      const bytes = new Uint8Array(length);
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    });
  }

  /** Makes or replaces a file; `mode` counts when it is made. */
  async writeFile(path: string, data: Uint8Array | string, { mode = 0o644 }: { readonly mode?: number } = {}): Promise<void> {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    this.#with(
      path,
      O_WRONLY | O_CREAT | O_TRUNC,
      (file) => {
        for (let at = 0; at < bytes.length; ) {
          const count = file.write(bytes.subarray(at));
          if (typeof count !== 'number') throw new HostError('EAGAIN', `${path}: no room now`);
          at += count;
        }
      },
      mode,
    );
  }

  /** Follows links. */
  async stat(path: string): Promise<FileInfo> {
    return this.#try(path, () => {
      const { vfs, superuser } = this.#machine;
      const { mode, size, uid, gid, mtime } = vfs.resolve(superuser, utf8(path)).inode.stat();
      const kind = mode & S_IFMT;
      const type = kind === S_IFREG ? 'file' : kind === S_IFDIR ? 'directory' : kind === S_IFLNK ? 'link' : 'other';
      return { type, mode: mode & 0o7777, size, uid, gid, mtime: mtime.seconds * 1000 + mtime.nanoseconds / 1e6 };
    });
  }

  /** Names in a directory, without `.` and `..`, sorted. */
  async readdir(path: string): Promise<string[]> {
    return this.#with(path, O_RDONLY | O_DIRECTORY, (file) => {
      const names = file.inode.entries().map(({ name }) => name);
      for (const { name } of file.path?.mountedChildren() ?? []) if (!names.includes(name)) names.push(name);
      return names
        .filter((name) => name !== '.' && name !== '..')
        .sort()
        .map(printable);
    });
  }

  /** Makes a directory; with `recursive` its parents as well, and it may exist already. */
  async mkdir(
    path: string,
    { recursive = false, mode = 0o755 }: { readonly recursive?: boolean; readonly mode?: number } = {},
  ): Promise<void> {
    this.#try(path, () => {
      const name = utf8(path);
      if (recursive) this.#makeParents(name);
      if (recursive && this.#isDirectory(name)) return;
      mkdir(this.#machine.superuser, this.#at(name), mode);
    });
  }

  /** Removes a file or, with `recursive`, a directory and all in it. */
  async rm(path: string, { recursive = false }: { readonly recursive?: boolean } = {}): Promise<void> {
    this.#try(path, () => this.#remove(utf8(path), recursive));
  }

  #at(text: ByteString): At {
    return { start: this.#machine.vfs.root, text };
  }

  #makeParents(path: ByteString): void {
    for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      const parent = path.slice(0, end);
      if (!this.#isDirectory(parent)) mkdir(this.#machine.superuser, this.#at(parent), 0o755);
    }
  }

  #isDirectory(path: ByteString): boolean {
    try {
      return this.#machine.vfs.resolve(this.#machine.superuser, path).inode.type === S_IFDIR;
    } catch (error) {
      if (error === E.ENOENT) return false;
      throw error;
    }
  }

  #remove(path: ByteString, isRecursive: boolean): void {
    const { superuser, vfs } = this.#machine;
    const { inode } = vfs.resolve(superuser, path, { follow: false });
    if (inode.type !== S_IFDIR) return unlink(superuser, this.#at(path));
    if (!isRecursive) throw E.EISDIR;
    for (const { name } of inode.entries()) if (name !== '.' && name !== '..') this.#remove(`${path}/${name}`, true);
    rmdir(superuser, this.#at(path));
  }

  #with<T>(path: string, flags: number, use: (file: OpenFile) => T, mode = 0): T {
    return this.#try(path, () => {
      const file = this.#machine.vfs.open(this.#machine.superuser, utf8(path), flags, mode);
      retain(file);
      try {
        return use(file);
      } finally {
        release(file);
      }
    });
  }

  #try<T>(path: string, call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof Errno) throw new HostError(error.name, `${path}: ${ERRNO_TEXT[error.name]}`);
      throw error;
    }
  }
}
