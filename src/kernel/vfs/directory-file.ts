// An open directory: a stable listing to read entries from, positions that telldir and seekdir can use.

import { E } from '../../abi/errno.ts';
import { SEEK_CUR, SEEK_SET } from '../../abi/fcntl.ts';
import { BaseFile } from './base-file.ts';
import { type DirectoryEntry, S_IFDIR } from './inode.ts';

export class DirectoryFile extends BaseFile {
  #listing: DirectoryEntry[] | undefined;

  /**
   * Entry number `position`, or undefined at the end. The listing is taken at the first read and again after a seek
   * to 0, so entries made or removed meanwhile neither repeat nor shift the others.
   */
  entry(position: number): DirectoryEntry | undefined {
    if (position === 0 || !this.#listing) {
      const parent = this.path?.up() ?? this.path;
      this.#listing = [
        { name: '.', ino: this.inode.stat().ino, type: S_IFDIR },
        { name: '..', ino: (parent?.inode ?? this.inode).stat().ino, type: S_IFDIR },
        ...this.inode.entries(),
      ];
      for (const { name, isPlaceholder, inode } of this.path?.mountedChildren() ?? []) {
        if (isPlaceholder && !this.#listing.some((entry) => entry.name === name))
          this.#listing.push({ name, ino: inode.stat().ino, type: S_IFDIR });
      }
    }
    return this.#listing[position];
  }

  override read(): number {
    throw E.EISDIR;
  }
  override write(): number {
    throw E.EBADF;
  }
  override seek(offset: number, whence: number): number {
    const to = whence === SEEK_SET ? offset : whence === SEEK_CUR ? this.position + offset : -1;
    if (to < 0) throw E.EINVAL;
    this.position = to;
    return to;
  }
  override sync(): void {}
}
