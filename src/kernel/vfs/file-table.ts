// A process's descriptors: numbers that refer to open files, shared by threads, copied by fork.

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_PATH, O_RDONLY } from '../../abi/fcntl.ts';
import type { OpenFile } from './inode.ts';
import type { Locks } from './locks.ts';
import { gone, notifyClose } from './notify.ts';

export class FileTable {
  readonly #files: (OpenFile | undefined)[] = [];
  readonly #cloexec: boolean[] = [];
  readonly #locks: Locks;
  /** One past the highest number to give out (RLIMIT_NOFILE's soft limit); read at each allocation. */
  limit: () => number;
  /** No number below it is free. */
  #firstFree = 0;
  /** Processes that use it (CLONE_FILES); threads count as one. */
  users = 1;

  constructor(locks: Locks, limit: () => number) {
    this.#locks = locks;
    this.limit = limit;
  }

  /** The open file of a descriptor; EBADF. O_PATH descriptors only with `allowPath` (open(2)). */
  get(fd: number): OpenFile {
    const file = this.#files[fd];
    if (!file) throw E.EBADF;
    return file;
  }

  /** As get, but EBADF for an O_PATH descriptor: for calls that need a file to act on. */
  file(fd: number): OpenFile {
    const file = this.get(fd);
    if ((file.flags & O_PATH) !== 0) throw E.EBADF;
    return file;
  }

  has(fd: number): boolean {
    return this.#files[fd] !== undefined;
  }

  /** EMFILE when there is no number to give: asked before something is made that would have to be undone. */
  requireFree(): void {
    let fd = this.#firstFree;
    while (this.#files[fd]) fd++;
    this.#firstFree = fd;
    if (fd >= this.limit()) throw E.EMFILE;
  }

  /** Gives the lowest free number (at least `from`) to a file; EMFILE. */
  add(file: OpenFile, isCloexec = false, from = 0): number {
    let fd = Math.max(from, this.#firstFree);
    while (this.#files[fd]) fd++;
    if (fd >= this.limit()) throw E.EMFILE;
    if (from <= this.#firstFree) this.#firstFree = fd + 1;
    this.#put(fd, file, isCloexec);
    return fd;
  }

  /** Makes `fd` refer to a file, closing what it referred to (dup2); EBADF past the limit. */
  set(fd: number, file: OpenFile, isCloexec = false): void {
    if (fd < 0 || fd >= this.limit()) throw E.EBADF;
    const old = this.#files[fd];
    this.#put(fd, file, isCloexec);
    if (old) this.#release(old);
  }

  close(fd: number): void {
    const file = this.get(fd);
    this.#files[fd] = undefined;
    if (fd < this.#firstFree) this.#firstFree = fd;
    this.#release(file);
  }

  isCloexec(fd: number): boolean {
    this.get(fd);
    return this.#cloexec[fd] === true;
  }

  setCloexec(fd: number, isCloexec: boolean): void {
    this.get(fd);
    this.#cloexec[fd] = isCloexec;
  }

  /** Numbers the table has room for (fs/file.c, alloc_fdtable): what select looks at and /proc shows as FDSize. */
  get capacity(): number {
    let capacity = 64;
    if (this.#files.length > capacity) for (capacity = 128; capacity < this.#files.length; ) capacity *= 2;
    return capacity;
  }

  /** Open descriptors in order. */
  *entries(): IterableIterator<readonly [number, OpenFile]> {
    for (let fd = 0; fd < this.#files.length; fd++) {
      const file = this.#files[fd];
      if (file) yield [fd, file];
    }
  }

  /** One more process uses it. */
  share(): this {
    this.users++;
    return this;
  }

  /** A process has no use for it any more; the last one closes everything. */
  leave(): void {
    if (--this.users === 0) this.closeAll();
  }

  /** fork's copy: the same open files under the same numbers. */
  clone(limit: () => number = this.limit): FileTable {
    const copy = new FileTable(this.#locks, limit);
    for (const [fd, file] of this.entries()) copy.#put(fd, file, this.#cloexec[fd] === true);
    copy.#firstFree = this.#firstFree;
    return copy;
  }

  /** execve's part: closes what is marked close-on-exec. */
  closeOnExec(): void {
    for (const [fd] of this.entries()) if (this.#cloexec[fd]) this.close(fd);
  }

  closeAll(): void {
    for (const [fd] of this.entries()) this.close(fd);
  }

  #put(fd: number, file: OpenFile, isCloexec: boolean): void {
    retain(file);
    while (this.#files.length < fd) this.#files.push(undefined);
    this.#files[fd] = file;
    this.#cloexec[fd] = isCloexec;
  }

  /** Any close of a file drops the process's record locks on it (fcntl(2)). */
  #release(file: OpenFile): void {
    file.descriptorClosed?.(this);
    this.#locks.releaseRecords(file.inode, this);
    release(file);
  }
}

/** Counts one more holder of an open file: a descriptor, or a message that carries one. */
export function retain(file: OpenFile): void {
  file.references = (file.references ?? 0) + 1;
}

/** Drops a holder; the last one closes the file. */
export function release(file: OpenFile): void {
  file.references = (file.references ?? 1) - 1;
  if (file.references > 0) return;
  file.onRelease?.();
  if (file.path && !(file.flags & O_PATH)) notifyClose(file, (file.flags & O_ACCMODE) !== O_RDONLY);
  file.close();
  gone(file);
}
