// Which pages of an address space hold content, and the access tables that follow from it.
//
//   not resident --- touch: zeros, file bytes, or another holder's copy ---> resident
//   resident --- fetch: code decoded from it ---> resident, writes refused --- write: code forgotten ---> resident
//
// A page that is not resident is zero in guest memory: releasing a page clears it.

import type { Execution } from '../../arch/arch.ts';
import { Errno } from '../../abi/errno.ts';
import { PAGE_COUNT, PAGE_SIZE, pageOf } from '../../memory/layout.ts';
import type { GuestMemory } from '../../memory/guest-memory.ts';
import type { Account } from '../limits.ts';
import { AREA, type Area } from './area.ts';
import { ADRERR, type FaultResult, OUT_OF_MEMORY } from './fault.ts';

/** Pages populated together around a touched one, as Linux's fault_around_bytes (64 KiB); a power of two. */
const AROUND = 16;

export class Frames {
  readonly memory: GuestMemory;
  readonly #execution: Pick<Execution, 'invalidate'>;
  readonly #account: Account;
  /** 1 = resident. */
  readonly #resident = new Uint8Array(PAGE_COUNT);
  /** 1 = code was decoded from it, so writes must be refused until that is forgotten. */
  readonly #code = new Uint8Array(PAGE_COUNT);
  /** Number of resident pages. */
  count = 0;

  constructor(memory: GuestMemory, execution: Pick<Execution, 'invalidate'>, account: Account) {
    this.memory = memory;
    this.#execution = execution;
    this.#account = account;
  }

  isResident(page: number): boolean {
    return this.#resident[page] === 1;
  }

  /** Is any page of [first, end) resident? */
  hasResident(first: number, end: number): boolean {
    return this.#resident.subarray(first, end).includes(1);
  }

  /** Makes `page` of `area` accessible; the caller has checked that the area allows it. */
  touch(area: Area, page: number, isWrite: boolean): FaultResult {
    if (area.object) return area.object.touch(this, area, page, isWrite);
    if (!this.isResident(page)) return this.#populate(area, page);
    if (isWrite && !this.memory.tables.allows(page, true)) {
      this.dropCode(page, page + 1);
      this.memory.tables.allow(page, page + 1, true);
    }
    return 'ok';
  }

  /** Notes that code was decoded from a resident page: writes reach touch() from now on. */
  markCode(page: number): void {
    this.#code[page] = 1;
    this.memory.tables.refuse(page, page + 1, true);
  }

  /** Takes account of and makes room for fresh pages [first, end); false at the limit. */
  acquire(first: number, end: number): boolean {
    if (!this.memory.commit(end * PAGE_SIZE)) return false;
    if (!this.#account.charge((end - first) * PAGE_SIZE)) return false;
    this.#resident.fill(1, first, end);
    this.count += end - first;
    return true;
  }

  /** Clears resident pages [first, end) and gives them back; the tables refuse them. */
  surrender(first: number, end: number): void {
    this.memory.u8.fill(0, first * PAGE_SIZE, end * PAGE_SIZE);
    this.#resident.fill(0, first, end);
    this.#account.release((end - first) * PAGE_SIZE);
    this.count -= end - first;
  }

  /** The address space is never used again: what it counted is given back, its bytes go with it. */
  abandon(): void {
    this.#account.release(this.count * PAGE_SIZE);
    this.count = 0;
  }

  /** Drops the content of [first, end) of an area: zeros, or the file's bytes, will be found there again. */
  release(area: Area, first: number, end: number): void {
    this.dropCode(first, end);
    const { tables } = this.memory;
    tables.refuse(first, end, false);
    tables.refuse(first, end, true);
    const { object } = area;
    forEachRun(this.#resident, first, end, (from, to) => {
      if (object) for (let page = from; page < to; page++) object.leave(this, area, page);
      else this.surrender(from, to);
    });
  }

  /** Brings the tables of [first, end) in line with the area's protection, which has changed. */
  protect(area: Area, first: number, end: number): void {
    this.dropCode(first, end);
    const { tables } = this.memory;
    tables.refuse(first, end, true);
    if (!area.isReadable) {
      tables.refuse(first, end, false);
      return;
    }
    forEachRun(this.#resident, first, end, (from, to) => this.grant(area, from, to));
  }

  /** Allows what the area allows on resident pages without code. Shared pages get write access one by one (touch). */
  grant(area: Area, first: number, end: number): void {
    if (area.isReadable) this.memory.tables.allow(first, end, false);
    if (area.isWritable && !area.object) this.memory.tables.allow(first, end, true);
  }

  /** Moves the content of private pages: `count` pages from `from` to `to`, which are not resident. */
  move(from: number, to: number, count: number): boolean {
    if (!this.memory.commit((to + count) * PAGE_SIZE)) return false;
    this.dropCode(from, from + count);
    const { tables } = this.memory;
    tables.refuse(from, from + count, false);
    tables.refuse(from, from + count, true);
    forEachRun(this.#resident, from, from + count, (first, end) => {
      const { u8 } = this.memory;
      const target = to + (first - from);
      u8.copyWithin(target * PAGE_SIZE, first * PAGE_SIZE, end * PAGE_SIZE);
      u8.fill(0, first * PAGE_SIZE, end * PAGE_SIZE);
      this.#resident.fill(0, first, end);
      this.#resident.fill(1, target, target + (end - first));
    });
    return true;
  }

  /**
   * Copies the resident pages of a private area to the same place in a child; false at the memory limit. The child has
   * the translated code as well. Of a file's code that was never writable it gets those pages only that were translated:
   * the others are found in the file again.
   */
  copyTo(child: Frames, area: Area): boolean {
    let isComplete = true;
    const marks = this.#code.subarray(pageOf(area.start), pageOf(area.end - 1) + 1);
    const hasCode = area.isExecutable && marks.includes(1);
    if (hasCode) child.#code.set(marks, pageOf(area.start));
    const pages = area.isExecutable && area.file && !area.is(AREA.account) ? this.#code : this.#resident;
    forEachRun(pages, pageOf(area.start), pageOf(area.end - 1) + 1, (first, end) => {
      if (!isComplete || !child.acquire(first, end)) {
        isComplete = false;
        return;
      }
      child.memory.u8.set(this.memory.u8.subarray(first * PAGE_SIZE, end * PAGE_SIZE), first * PAGE_SIZE);
      child.grant(area, first, end);
      if (hasCode && area.isWritable)
        for (let page = first; page < end; page++) if (child.#code[page]) child.memory.tables.refuse(page, page + 1, true);
    });
    return isComplete;
  }

  /** Code decoded from an area that a child does not get, or not as it is here: the child forgets it. */
  withholdCode(child: Frames, area: Area): void {
    const first = pageOf(area.start),
      end = pageOf(area.end - 1) + 1;
    if (this.#code.subarray(first, end).includes(1)) child.#execution.invalidate(first, end - 1);
  }

  /** Forgets code decoded from [first, end). Writes stay refused: the caller decides. */
  dropCode(first: number, end: number): void {
    const code = this.#code;
    if (end - first === 1) {
      if (code[first] === 0) return;
      code[first] = 0;
      this.#execution.invalidate(first, first);
      return;
    }
    const marks = code.subarray(first, end);
    const from = marks.indexOf(1);
    if (from < 0) return;
    const to = marks.lastIndexOf(1);
    marks.fill(0, from, to + 1);
    this.#execution.invalidate(first + from, first + to);
  }

  /** Zero pages, or bytes of a private file mapping, for the pages around `page` that have none yet. */
  #populate(area: Area, page: number): FaultResult {
    const resident = this.#resident;
    const lowest = Math.max(pageOf(area.start), page & -AROUND);
    const highest = Math.min(pageOf(area.end - 1) + 1, (page | (AROUND - 1)) + 1);
    let first = page,
      end = page + 1;
    while (first > lowest && resident[first - 1] === 0) first--;
    while (end < highest && resident[end] === 0) end++;
    if (!this.acquire(first, end)) {
      first = page;
      end = page + 1;
      if (!this.acquire(first, end)) return OUT_OF_MEMORY;
    }
    if (area.file) {
      const filled = first + Math.ceil(this.#readFile(area, first, end) / PAGE_SIZE);
      if (filled < end) this.surrender(filled, end);
      if (filled <= page) {
        // pages read on the way stay resident: they lie before the end of the file
        this.grant(area, first, filled);
        return ADRERR;
      }
      end = filled;
    }
    this.grant(area, first, end);
    return 'ok';
  }

  /** Bytes read into pages [first, end); 0 when the file system fails, which ends in SIGBUS as on Linux. */
  #readFile(area: Area, first: number, end: number): number {
    const { inode } = area.file!; // asked for file areas only
    const position = area.offset + (first * PAGE_SIZE - area.start);
    const into = this.memory.u8.subarray(first * PAGE_SIZE, end * PAGE_SIZE);
    try {
      inode.mapping?.flush(position, into.length);
      return inode.read(into, position);
    } catch (error) {
      if (error instanceof Errno) return 0;
      throw error;
    }
  }
}

/** Visits the runs of pages in [first, end) that are marked 1. */
function forEachRun(pages: Uint8Array, first: number, end: number, visit: (from: number, to: number) => void): void {
  const marks = pages.subarray(first, end);
  for (let at = 0; ; ) {
    const from = marks.indexOf(1, at);
    if (from < 0) return;
    const stop = marks.indexOf(0, from);
    const to = stop < 0 ? marks.length : stop;
    visit(first + from, first + to);
    at = to;
  }
}
