// The pages that several mappings share: of a file mapped MAP_SHARED, or of a shared anonymous mapping.
//
// Every process has its own memory, so a shared page is copied to whoever maps it. One of two states holds, page by page:
//
//   readers   any number of copies, all equal, none writable
//   writer    exactly one copy, writable
//
// A refused access moves between them: a read copies from any holder and makes a writer a reader; a write makes the
// other holders let go. Two mappings in one memory and mappings of two processes are the same case, since only one
// process runs at a time. A file's read and write meet mapped stores through flush() and changed().

import type { FutexOwner } from '../futex.ts';
import { Errno } from '../../abi/errno.ts';
import { PAGE_SIZE } from '../../memory/layout.ts';
import type { FileMapping, Inode } from '../vfs/inode.ts';
import type { Area } from './area.ts';
import { ADRERR, type FaultResult, OUT_OF_MEMORY } from './fault.ts';
import type { Frames } from './frames.ts';

interface Holder {
  readonly frames: Frames;
  readonly page: number;
}

interface SharedPage {
  holders: Holder[];
  /** holders[0], the only one, may write. */
  hasWriter: boolean;
  /** Holders have what the file, or `stored`, does not have yet. */
  isDirty: boolean;
  /** Content of an anonymous page, while no holder has anything newer. */
  stored: Uint8Array | undefined;
}

export class SharedObject implements FileMapping, FutexOwner {
  /** Absent for anonymous memory. */
  readonly inode: Inode | undefined;
  futexes: FutexOwner['futexes'] = undefined;
  readonly #pages = new Map<number, SharedPage>();
  #areas = 0;
  #writable = 0;

  constructor(inode: Inode | undefined) {
    this.inode = inode;
  }

  /** The one object of a file. */
  static of(inode: Inode): SharedObject {
    const known = inode.mapping;
    return known instanceof SharedObject ? known : new SharedObject(inode);
  }

  /** An area of some process refers to it. */
  attach(mayWrite: boolean): void {
    this.#areas++;
    if (mayWrite) this.#writable++;
    if (this.inode) this.inode.mapping = this;
  }

  /** An area is gone; its pages have left before. */
  detach(mayWrite: boolean): void {
    if (mayWrite) this.#writable--;
    if (--this.#areas > 0) return;
    this.#pages.clear();
    if (this.inode) this.inode.mapping = undefined;
  }

  /** Mappings of it. */
  get areas(): number {
    return this.#areas;
  }
  get isWritable(): boolean {
    return this.#writable > 0;
  }

  /** Page number in the object of an area's page. */
  static index(area: Area, page: number): number {
    return (area.offset + (page * PAGE_SIZE - area.start)) / PAGE_SIZE;
  }

  touch(frames: Frames, area: Area, page: number, isWrite: boolean): FaultResult {
    const index = SharedObject.index(area, page);
    let shared = this.#pages.get(index);
    if (!frames.isResident(page)) {
      const content = shared?.holders[0];
      if (!content && this.#isPastEnd(index)) return ADRERR;
      if (!frames.acquire(page, page + 1)) return OUT_OF_MEMORY;
      if (!shared) this.#pages.set(index, (shared = { holders: [], hasWriter: false, isDirty: false, stored: undefined }));
      if (content) {
        if (shared.hasWriter) this.#makeReader(shared);
        copyPage(content, frames, page);
      } else if (!this.#load(shared, index, frames, page)) {
        frames.surrender(page, page + 1);
        return ADRERR;
      }
      shared.holders.push({ frames, page });
      frames.grant(area, page, page + 1);
    }
    if (isWrite) this.#makeWriter(shared!, frames, page); // resident pages are known
    return 'ok';
  }

  /** A holder unmaps a page or drops its copy: content that only it has goes to the file or the store. */
  leave(frames: Frames, area: Area, page: number): void {
    const index = SharedObject.index(area, page);
    const shared = this.#pages.get(index);
    if (shared) {
      if (shared.holders.length === 1 && shared.isDirty) this.#save(shared, index);
      shared.hasWriter = false;
      shared.holders = shared.holders.filter((holder) => holder.frames !== frames || holder.page !== page);
      if (shared.holders.length === 0 && !shared.stored) this.#pages.delete(index);
    }
    frames.surrender(page, page + 1);
  }

  /** Mapped stores to these bytes go to the file; the next store is noticed again. */
  flush(position: number, length: number): void {
    if (!this.inode) return;
    this.#inRange(position, length, (shared, index) => {
      if (!shared.isDirty) return;
      if (shared.hasWriter) this.#makeReader(shared);
      this.#save(shared, index);
    });
  }

  /** These bytes of the file were written: copies of them are dropped and read again when touched. */
  changed(position: number, length: number): void {
    this.#inRange(position, length, (shared, index) => {
      for (const holder of shared.holders) evict(holder);
      this.#pages.delete(index);
    });
  }

  /** The file ends at `size` now: pages past it are gone, and so are stores to them. */
  truncated(size: number): void {
    this.flush(0, size);
    this.changed(size, Number.MAX_SAFE_INTEGER - size);
  }

  #inRange(position: number, length: number, visit: (shared: SharedPage, index: number) => void): void {
    if (length <= 0) return;
    const first = Math.floor(position / PAGE_SIZE),
      last = Math.floor((position + length - 1) / PAGE_SIZE);
    if (last - first < this.#pages.size) {
      for (let index = first; index <= last; index++) {
        const shared = this.#pages.get(index);
        if (shared) visit(shared, index);
      }
      return;
    }
    for (const [index, shared] of this.#pages) if (index >= first && index <= last) visit(shared, index);
  }

  #isPastEnd(index: number): boolean {
    return this.inode !== undefined && index * PAGE_SIZE >= this.inode.stat().size;
  }

  #load(shared: SharedPage, index: number, frames: Frames, page: number): boolean {
    const into = frames.memory.u8.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
    const { inode } = this;
    if (inode) return attempt(() => inode.read(into, index * PAGE_SIZE));
    if (shared.stored) into.set(shared.stored);
    return true;
  }

  /** The file's bytes, or the store, become what holders[0] has. Bytes past the file's end are nobody's. */
  #save(shared: SharedPage, index: number): void {
    const holder = shared.holders[0];
    if (!holder) return;
    const bytes = holder.frames.memory.u8.subarray(holder.page * PAGE_SIZE, (holder.page + 1) * PAGE_SIZE);
    shared.isDirty = false;
    const { inode } = this;
    if (!inode) {
      shared.stored = bytes.slice();
      return;
    }
    const position = index * PAGE_SIZE;
    // a failed write-back is lost, as on Linux, where only a later fsync could tell
    attempt(() => {
      const length = Math.min(PAGE_SIZE, inode.stat().size - position);
      if (length > 0) inode.write(bytes.subarray(0, length), position);
    });
  }

  #makeReader(shared: SharedPage): void {
    const holder = shared.holders[0];
    if (holder) holder.frames.memory.tables.refuse(holder.page, holder.page + 1, true);
    shared.hasWriter = false;
  }

  #makeWriter(shared: SharedPage, frames: Frames, page: number): void {
    for (const holder of shared.holders) if (holder.frames !== frames || holder.page !== page) evict(holder);
    shared.holders = [{ frames, page }];
    shared.hasWriter = true;
    shared.isDirty = true;
    shared.stored = undefined;
    frames.dropCode(page, page + 1);
    frames.memory.tables.allow(page, page + 1, true);
  }
}

/** Where a shared word lies, whoever maps it: the key of a shared futex. */
export interface SharedPlace {
  readonly object: SharedObject;
  readonly offset: number;
}

/** False when the file system refused: a fault has nobody to throw to. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

function copyPage(from: Holder, frames: Frames, page: number): void {
  const source = from.frames.memory.u8.subarray(from.page * PAGE_SIZE, (from.page + 1) * PAGE_SIZE);
  frames.memory.u8.set(source, page * PAGE_SIZE);
}

function evict({ frames, page }: Holder): void {
  frames.dropCode(page, page + 1);
  frames.memory.tables.refuse(page, page + 1, false);
  frames.memory.tables.refuse(page, page + 1, true);
  frames.surrender(page, page + 1);
}
