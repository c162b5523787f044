// An open regular file: a position over an inode's bytes.

import { E } from '../../abi/errno.ts';
import { FIONREAD, O_APPEND, SEEK_CUR, SEEK_DATA, SEEK_END, SEEK_HOLE, SEEK_SET } from '../../abi/fcntl.ts';
import { BaseFile } from './base-file.ts';
import type { IoctlMemory } from './inode.ts';
import { IN, notify } from './notify.ts';

export class RegularFile extends BaseFile {
  override read(into: Uint8Array, at?: number): number {
    const start = at ?? this.position;
    this.inode.mapping?.flush(start, into.length);
    const moved = this.inode.read(into, start);
    if (at === undefined) this.position = start + moved;
    if (moved > 0 && this.path) notify(this.path, IN.IN_ACCESS);
    return moved;
  }

  /** With O_APPEND even pwrite appends (Linux's known deviation, pwrite(2) BUGS). */
  override write(from: Uint8Array, at?: number): number {
    const isAppend = (this.flags & O_APPEND) !== 0;
    const start = isAppend ? this.inode.stat().size : (at ?? this.position);
    const { mapping } = this.inode;
    mapping?.flush(start, from.length);
    const moved = this.inode.write(from, start);
    mapping?.changed(start, moved);
    if (at === undefined) this.position = start + moved;
    if (moved > 0 && this.path) notify(this.path, IN.IN_MODIFY);
    return moved;
  }

  override seek(offset: number, whence: number): number {
    const to = this.#target(offset, whence);
    if (!(to >= 0 && to < 2 ** 63)) throw E.EINVAL;
    this.position = to;
    return to;
  }

  /** Every file is all data up to its end, where the one hole begins: what lseek(2) allows a file system to say. */
  #target(offset: number, whence: number): number {
    if (whence === SEEK_SET) return offset;
    if (whence === SEEK_CUR) return this.position + offset;
    const { size } = this.inode.stat();
    if (whence === SEEK_END) return size + offset;
    if (whence !== SEEK_DATA && whence !== SEEK_HOLE) throw E.EINVAL;
    if (offset < 0 || offset >= size) throw E.ENXIO;
    return whence === SEEK_DATA ? offset : size;
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    if (request !== FIONREAD) throw E.ENOTTY;
    const left = Math.min(Math.max(0, this.inode.stat().size - this.position), 0x7fffffff);
    const out = memory.writable(argument, 4);
    for (let i = 0; i < 4; i++) out[i] = left >>> (8 * i);
    return 0;
  }

  override sync(): void {}
}
