// madvise, msync, mlock and mincore: calls that go over a range of the map without changing what is mapped.

import { E } from '../../abi/errno.ts';
import { MADV, MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT, MS_ASYNC, MS_INVALIDATE, MS_SYNC } from '../../abi/mman.ts';
import { PAGE_SIZE, pageAlign, pageOf } from '../../memory/layout.ts';
import { AREA, type Area } from './area.ts';
import { TASK_SIZE } from './layout.ts';
import type { MemoryMap } from './memory-map.ts';

/** Advice that sets some flags of an area and clears others. */
const FLAG_ADVICE: Readonly<Record<number, readonly [set: number, clear: number]>> = {
  [MADV.MADV_NORMAL]: [0, AREA.randomRead | AREA.sequentialRead],
  [MADV.MADV_RANDOM]: [AREA.randomRead, AREA.sequentialRead],
  [MADV.MADV_SEQUENTIAL]: [AREA.sequentialRead, AREA.randomRead],
  [MADV.MADV_DONTFORK]: [AREA.dontFork, 0],
  [MADV.MADV_DOFORK]: [0, AREA.dontFork],
  [MADV.MADV_MERGEABLE]: [AREA.mergeable, 0],
  [MADV.MADV_UNMERGEABLE]: [0, AREA.mergeable],
  [MADV.MADV_HUGEPAGE]: [AREA.hugePage, AREA.noHugePage],
  [MADV.MADV_NOHUGEPAGE]: [AREA.noHugePage, AREA.hugePage],
  [MADV.MADV_DONTDUMP]: [AREA.dontDump, 0],
  [MADV.MADV_DODUMP]: [0, AREA.dontDump],
  [MADV.MADV_WIPEONFORK]: [AREA.wipeOnFork, 0],
  [MADV.MADV_KEEPONFORK]: [0, AREA.wipeOnFork],
};

const isPrivateAnonymous = (area: Area): boolean => !area.file && !area.object && !area.is(AREA.special);

/** What other advice does to one area's part [start, end). */
const ACTIONS: Readonly<Record<number, (mm: MemoryMap, area: Area, start: number, end: number) => void>> = {
  [MADV.MADV_WILLNEED]: () => {},
  [MADV.MADV_COLD]: refuseLocked,
  [MADV.MADV_PAGEOUT]: refuseLocked,
  [MADV.MADV_COLLAPSE]: () => {},
  [MADV.MADV_DONTNEED]: (mm, area, start, end) => {
    refuseLocked(mm, area);
    drop(mm, area, start, end);
  },
  [MADV.MADV_DONTNEED_LOCKED]: drop,
  // the kernel may free at any time, so it does at once
  [MADV.MADV_FREE]: (mm, area, start, end) => {
    if (!isPrivateAnonymous(area) || area.is(AREA.locked)) throw E.EINVAL;
    drop(mm, area, start, end);
  },
  [MADV.MADV_REMOVE]: (_mm, area) => {
    if (area.is(AREA.locked) || (!area.file && !area.object)) throw E.EINVAL;
    if (!area.is(AREA.shared) || !area.is(AREA.mayWrite)) throw E.EACCES;
    throw E.EOPNOTSUPP;
  },
  [MADV.MADV_POPULATE_READ]: (mm, area, start, end) => populate(mm, area, start, end, false),
  [MADV.MADV_POPULATE_WRITE]: (mm, area, start, end) => populate(mm, area, start, end, true),
};

/** madvise(2). Holes give ENOMEM after the rest of the range was advised. */
export function advise(mm: MemoryMap, address: number, length: number, advice: number): void {
  const flags = FLAG_ADVICE[advice],
    action = ACTIONS[advice];
  if (advice === MADV.MADV_HWPOISON || advice === MADV.MADV_SOFT_OFFLINE) throw E.EPERM;
  if (!flags && !action) throw E.EINVAL;
  if (address % PAGE_SIZE !== 0) throw E.EINVAL;
  const end = address + pageAlign(length);
  if (end >= 2 ** 63) throw E.EINVAL;
  if (end === address) return;
  let at = address,
    hasHole = false;
  for (const area of mm.areas.overlapping(address, end)) {
    const from = Math.max(area.start, address),
      to = Math.min(area.end, end);
    if (from > at) hasHole = true;
    at = to;
    if (action) action(mm, area, from, to);
    else if (flags) {
      const [set, clear] = flags;
      if (advice === MADV.MADV_WIPEONFORK && !isPrivateAnonymous(area)) throw E.EINVAL;
      if (((area.flags | set) & ~clear) !== area.flags) {
        mm.change(area, from, to, (part) => {
          part.flags = (part.flags | set) & ~clear;
        });
      }
    }
  }
  if (hasHole || at < end) throw E.ENOMEM;
}

/** msync(2). */
export function synchronize(mm: MemoryMap, address: number, length: number, flags: number): void {
  if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || address % PAGE_SIZE !== 0) throw E.EINVAL;
  if (flags & MS_ASYNC && flags & MS_SYNC) throw E.EINVAL;
  const end = address + pageAlign(length);
  if (end >= 2 ** 63) throw E.ENOMEM;
  for (const area of mm.areas.overlapping(address, end)) {
    if (flags & MS_INVALIDATE && area.is(AREA.locked)) throw E.EBUSY;
    const from = Math.max(area.start, address),
      to = Math.min(area.end, end);
    if (flags & MS_SYNC) area.object?.flush(area.offset + (from - area.start), to - from);
  }
  if (!mm.isMapped(address, end)) throw E.ENOMEM;
}

/** mlock(2), mlock2(2) with `isOnFault`, munlock(2) without `isLocked`. */
export function lock(
  mm: MemoryMap,
  address: number,
  length: number,
  { isLocked, isOnFault }: { isLocked: boolean; isOnFault: boolean },
): void {
  const start = address - (address % PAGE_SIZE);
  const end = pageAlign(address + length);
  if (start === end) return;
  if (isLocked && !mm.mayLock(end - start)) throw E.ENOMEM;
  if (end >= 2 ** 64) throw E.EINVAL;
  if (!mm.areas.at(start)) throw E.ENOMEM;
  let at = start;
  for (const area of mm.areas.overlapping(start, end)) {
    if (area.start > at) break;
    at = Math.min(area.end, end);
    if (!area.is(AREA.special) && area.is(AREA.locked) !== isLocked) {
      mm.change(area, Math.max(area.start, start), at, (part) => {
        part.flags = isLocked ? part.flags | AREA.locked : part.flags & ~AREA.locked;
      });
    }
  }
  if (at < end) throw E.ENOMEM;
  if (isLocked && !isOnFault) mm.populate(start, end);
}

/** mlockall(2). */
export function lockAll(mm: MemoryMap, flags: number): void {
  if (flags === 0 || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags === MCL_ONFAULT) throw E.EINVAL;
  if (flags & MCL_CURRENT && !mm.mayLock(mm.size)) throw E.ENOMEM;
  mm.defaultFlags = flags & MCL_FUTURE ? AREA.locked : 0;
  if (!(flags & MCL_CURRENT)) return;
  setAllLocked(mm, true);
  if (!(flags & MCL_ONFAULT)) for (const area of [...mm.areas]) mm.populate(area.start, area.end);
}

/** munlockall(2). */
export function unlockAll(mm: MemoryMap): void {
  mm.defaultFlags = 0;
  setAllLocked(mm, false);
}

/** mincore(2): one byte a page, bit 0 = resident. A file's pages count as in the page cache. */
export function residency(mm: MemoryMap, address: number, length: number): Uint8Array {
  if (address % PAGE_SIZE !== 0) throw E.EINVAL;
  const end = address + pageAlign(length);
  if (end > TASK_SIZE || !mm.isMapped(address, end)) throw E.ENOMEM;
  const result = new Uint8Array((end - address) / PAGE_SIZE);
  for (const area of mm.areas.overlapping(address, end)) {
    const from = pageOf(Math.max(area.start, address)),
      to = pageOf(Math.min(area.end, end));
    for (let page = from; page < to; page++) {
      result[page - pageOf(address)] = area.file !== undefined || mm.frames.isResident(page) ? 1 : 0;
    }
  }
  return result;
}

function refuseLocked(_mm: MemoryMap, area: Area): void {
  if (area.is(AREA.locked)) throw E.EINVAL;
}

function drop(mm: MemoryMap, area: Area, start: number, end: number): void {
  if (area.is(AREA.special)) return;
  mm.frames.release(area, pageOf(start), pageOf(end));
  mm.window.changed(area);
}

function populate(mm: MemoryMap, area: Area, start: number, end: number, isWrite: boolean): void {
  if (isWrite ? !area.isWritable : !area.isReadable) throw E.EINVAL;
  for (let page = pageOf(start); page < pageOf(end); page++) if (mm.fault(page * PAGE_SIZE, 1, isWrite) !== 'ok') throw E.EFAULT;
}

function setAllLocked(mm: MemoryMap, isLocked: boolean): void {
  for (const area of [...mm.areas]) {
    if (area.is(AREA.special) || area.is(AREA.locked) === isLocked) continue;
    mm.change(area, area.start, area.end, (part) => {
      part.flags = isLocked ? part.flags | AREA.locked : part.flags & ~AREA.locked;
    });
  }
}
