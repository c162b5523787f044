// The memory map of a process: its areas, what mmap and its relatives do to them, and the answer to every page fault.

import type { FutexOwner } from '../futex.ts';
import { E } from '../../abi/errno.ts';
import { PROT_EXEC, PROT_GROWSDOWN, PROT_GROWSUP, PROT_NONE, PROT_READ, PROT_SEM, PROT_WRITE } from '../../abi/mman.ts';
import type { Execution, MemoryCheck } from '../../arch/arch.ts';
import { IntervalMap } from '../../lib/interval-map.ts';
import type { GuestMemory, Pager } from '../../memory/guest-memory.ts';
import { ADDRESS_LIMIT, PAGE_SIZE, pageAlign, pageOf, pageStart } from '../../memory/layout.ts';
import { type Account, RLIMIT } from '../limits.ts';
import { AREA, Area } from './area.ts';
import { ACCERR, type FaultResult, MAPERR, OUT_OF_MEMORY } from './fault.ts';
import { Frames } from './frames.ts';
import {
  type AddressLayout,
  chooseLayout,
  type Extent,
  HIGH_ZONE,
  LOWEST_ADDRESS,
  MAX_AREAS,
  type Randomize,
  STACK_GUARD_GAP,
  TASK_SIZE,
  TOP_ZONE,
  type Zone,
} from './layout.ts';
import { ReadWindow } from './read-window.ts';
import type { SharedPlace } from './shared-object.ts';

export interface MemoryMapParts {
  readonly memory: GuestMemory;
  readonly execution: Pick<Execution, 'invalidate'>;
  readonly account: Account;
  /** Soft value of a resource limit of the process (RLIMIT), Infinity for none. */
  readonly limit: (resource: number) => number;
  readonly memoryCheck?: MemoryCheck | undefined;
}

/** Bytes kept free below an area. */
export const margin = (area: Area): number => (area.is(AREA.growsDown) ? STACK_GUARD_GAP : 0);

export class MemoryMap implements Pager, FutexOwner {
  readonly memory: GuestMemory;
  readonly frames: Frames;
  readonly areas = new IntervalMap<Area>();
  readonly window: ReadWindow;
  futexes: FutexOwner['futexes'] = undefined;
  /** Soft value of a resource limit (RLIMIT). */
  readonly limit: (resource: number) => number;
  layout: AddressLayout;
  /** Heap: from startBrk to brk, which need not be page-aligned. */
  startBrk = 0;
  brk = 0;
  /** Stack pointer at the start of the program; the area that holds it is [stack]. */
  startStack = 0;
  /** Address of the vDSO's ELF header, 0 if there is none. */
  vdso = 0;
  /** Bytes mapped, as RLIMIT_AS counts them. */
  size = 0;
  /** mlockall(MCL_FUTURE): AREA.locked or 0. */
  defaultFlags = 0;
  /** The result of the last access that was refused, for who turns it into a signal. */
  lastFault: FaultResult = 'ok';
  /** Called when the kernel itself cannot touch guest memory for want of memory: the process is to be killed. */
  onOutOfMemory: (() => void) | undefined;

  constructor(parts: MemoryMapParts) {
    this.memory = parts.memory;
    this.limit = parts.limit;
    this.frames = new Frames(parts.memory, parts.execution, parts.account);
    this.window = new ReadWindow(this, parts);
    this.layout = chooseLayout(() => 0, 8 << 20);
    this.onOutOfMemory = undefined;
    this.memory.pager = this;
  }

  // --- faults -------------------------------------------------------------------------------------------------------

  /** Makes [address, address + size) accessible, or says which signal the access deserves. Idempotent. */
  fault(address: number, size: number, isWrite: boolean): FaultResult {
    if (!(address >= 0 && address + size <= ADDRESS_LIMIT)) return MAPERR;
    const last = pageOf(address + size - 1);
    for (let page = pageOf(address); page <= last; page++) {
      const result = this.#touch(page, isWrite ? PROT_WRITE : PROT_READ);
      if (result !== 'ok') return result;
    }
    return 'ok';
  }

  access(low: number, size: number, isWrite: boolean): boolean {
    this.lastFault = this.fault(low, size, isWrite);
    return this.lastFault === 'ok';
  }

  /** May code be decoded from this page? If so, writes to it are refused until the code is forgotten. */
  fetch(page: number): boolean {
    this.lastFault = this.#touch(page, PROT_EXEC);
    if (this.lastFault !== 'ok') return false;
    this.frames.markCode(page);
    return true;
  }

  /** Why a fetch at `address` fails. */
  fetchFault(address: number): FaultResult {
    return address < ADDRESS_LIMIT ? this.#touch(pageOf(address), PROT_EXEC) : MAPERR;
  }

  refuse(error: 'EFAULT' | 'ENAMETOOLONG'): never {
    if (this.lastFault === OUT_OF_MEMORY) this.onOutOfMemory?.();
    throw E[error];
  }

  #touch(page: number, prot: number): FaultResult {
    const address = page * PAGE_SIZE;
    const area = this.areas.at(address) ?? this.#growStack(address);
    if (!area) return MAPERR;
    if (prot === PROT_READ ? !area.isReadable : (area.prot & prot) === 0) return ACCERR;
    return this.frames.touch(area, page, prot === PROT_WRITE);
  }

  /** An access below a MAP_GROWSDOWN area extends it, within RLIMIT_STACK and away from what lies below. */
  #growStack(address: number): Area | undefined {
    const area = this.areas.after(address);
    if (!area?.is(AREA.growsDown) || area.end - address > this.limit(RLIMIT.STACK)) return undefined;
    const below = this.areas.before(address);
    const start = pageStart(address);
    if (start < LOWEST_ADDRESS || (below && below.prot !== PROT_NONE && start - below.end < STACK_GUARD_GAP)) return undefined;
    const growth = area.start - start;
    if (!this.mayExpand(growth)) return undefined;
    area.start = start;
    area.offset -= growth;
    this.size += growth;
    return area;
  }

  // --- munmap, mprotect, brk (mmap: map.ts, mremap: remap.ts, the rest: advice.ts) -----------------------------------

  /** munmap(2). */
  unmap(address: number, length: number): void {
    if (address % PAGE_SIZE !== 0 || length === 0 || address > TASK_SIZE || length > TASK_SIZE - address) throw E.EINVAL;
    this.remove(address, address + pageAlign(length));
  }

  /** mprotect(2); areas before the first that refuses are changed. */
  protect(address: number, length: number, prot: number): void {
    const grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
    if (grows === (PROT_GROWSDOWN | PROT_GROWSUP) || address % PAGE_SIZE !== 0) throw E.EINVAL;
    if (length === 0) return;
    const end = address + pageAlign(length);
    if (end >= 2 ** 63) throw E.ENOMEM;
    if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | grows)) throw E.EINVAL;
    const first = this.areas.after(address);
    if (!first) throw E.ENOMEM;
    let start = address;
    if (prot & PROT_GROWSDOWN) {
      if (first.start >= end) throw E.ENOMEM;
      if (!first.is(AREA.growsDown)) throw E.EINVAL;
      start = first.start;
    } else if (first.start > start) throw E.ENOMEM;
    if (prot & PROT_GROWSUP) throw E.EINVAL; // no area grows upwards on x86
    const access = prot & (PROT_READ | PROT_WRITE | PROT_EXEC);
    let at = start;
    for (const area of this.areas.overlapping(start, end)) {
      if (area.start > at) break;
      if (access & PROT_WRITE && !area.is(AREA.mayWrite)) throw E.EACCES;
      at = Math.min(area.end, end);
      if (area.prot !== access) this.change(area, Math.max(area.start, start), at, (part) => this.#setProtection(part, access));
    }
    if (at < end) throw E.ENOMEM;
  }

  /** brk(2): the new break, or the old one when it cannot be had. */
  setBrk(address: number): number {
    if (address < this.startBrk || address > TASK_SIZE) return this.brk;
    const oldEnd = pageAlign(this.brk),
      end = pageAlign(address);
    if (end < oldEnd) this.remove(end, oldEnd);
    else if (end > oldEnd) {
      if (address - this.startBrk > this.limit(RLIMIT.DATA) || !this.mayExpand(end - oldEnd)) return this.brk;
      const above = this.areas.after(oldEnd);
      if (above && above.start - margin(above) < end) return this.brk;
      const area = new Area(oldEnd, end, PROT_READ | PROT_WRITE, AREA.mayWrite | AREA.account | this.defaultFlags);
      if (area.is(AREA.locked) && !this.mayLock(end - oldEnd)) return this.brk;
      this.add(area);
      if (area.is(AREA.locked)) this.populate(oldEnd, end);
    }
    this.brk = address;
    return address;
  }

  /** Starts an empty map for a new program. */
  reset(randomize: Randomize, program?: Extent): void {
    this.clear();
    this.layout = chooseLayout(randomize, this.limit(RLIMIT.STACK), program);
    this.startBrk = this.brk = this.startStack = this.vdso = this.defaultFlags = 0;
  }

  /** The end of the process: shared pages go back to their objects; the rest is given up as a whole. */
  end(): void {
    for (const area of this.areas) {
      if (!area.object) continue;
      this.frames.release(area, pageOf(area.start), pageOf(area.end - 1) + 1);
      area.object.detach(area.is(AREA.mayWrite));
    }
    this.frames.abandon();
    this.areas.clear();
    this.size = 0;
  }

  /** Unmaps everything, for a new program. */
  clear(): void {
    this.window.close();
    for (const area of this.areas) {
      this.frames.release(area, pageOf(area.start), pageOf(area.end - 1) + 1);
      area.object?.detach(area.is(AREA.mayWrite));
    }
    this.areas.clear();
    this.size = 0;
  }

  /**
   * Copies this map and its private pages into the empty map of a child (fork), whose execution has adopted the code.
   * ENOMEM at the memory limit.
   */
  forkTo(child: MemoryMap): void {
    child.layout = this.layout;
    child.startBrk = this.startBrk;
    child.brk = this.brk;
    child.startStack = this.startStack;
    child.vdso = this.vdso;
    for (const area of this.areas) {
      const isCopied = !area.object && !area.is(AREA.dontFork | AREA.wipeOnFork);
      if (!isCopied) this.frames.withholdCode(child.frames, area);
      if (area.is(AREA.dontFork)) continue;
      const copy = area.copy(area.start, area.end, area.offset);
      copy.flags &= ~AREA.locked;
      child.add(copy);
      if (isCopied && !this.frames.copyTo(child.frames, copy)) {
        child.clear();
        throw E.ENOMEM;
      }
    }
  }

  /** The object and offset of a word in shared memory; undefined for private memory. */
  sharedPlace(address: number): SharedPlace | undefined {
    const area = this.areas.at(address);
    return area?.object && { object: area.object, offset: area.offset + (address - area.start) };
  }

  // --- for this folder: the rest of the calls and the program loader ------------------------------------------------

  /** A free range for a mapping that says nothing of its place, or ENOMEM. */
  findGap(length: number, zone: Zone = 'low', is32Bit = false): number {
    const low = () => this.areas.highestGap(LOWEST_ADDRESS, this.layout.mmapBase, length, margin);
    const middle = () => this.areas.highestGap(this.layout.middleStart, this.layout.middleEnd, length, margin);
    const from = (start: number) => () => this.areas.lowestGap(start, is32Bit ? 0x8000_0000 : TASK_SIZE, length, margin);
    const high = from(HIGH_ZONE);
    const zones = { low: [low, middle, high], high: [high, middle, low], top: [from(TOP_ZONE), high, middle, low] }[zone];
    let address: number | undefined;
    for (const gap of zones) address ??= gap();
    if (address === undefined) throw E.ENOMEM;
    return address;
  }

  /** Inserts an area into a free range and merges it with its neighbours. */
  add(area: Area): void {
    this.#commit(area);
    this.areas.insert(area);
    area.object?.attach(area.is(AREA.mayWrite));
    this.size += area.end - area.start;
    this.window.changed(area);
    this.#merge(area.start, area.end);
  }

  /** Unmaps what lies in [start, end). ENOMEM where a hole would make one area too many. */
  remove(start: number, end: number): void {
    const first = this.areas.at(start);
    if (first && first.start < start && first.end > end && this.areas.size >= MAX_AREAS) throw E.ENOMEM;
    for (const area of this.areas.overlapping(start, end)) {
      if (area.start < start) this.#split(area, start);
    }
    for (const area of this.areas.overlapping(start, end)) {
      if (area.end > end) this.#split(area, end);
      this.frames.release(area, pageOf(area.start), pageOf(area.end - 1) + 1);
      this.detach(area);
    }
  }

  /** Takes an area out whose pages have left already. */
  detach(area: Area): void {
    this.areas.remove(area);
    area.object?.detach(area.is(AREA.mayWrite));
    this.size -= area.end - area.start;
  }

  /** Applies a change to the part [start, end) of an area, which becomes an area of its own unless it merges again. */
  change(area: Area, start: number, end: number, apply: (part: Area) => void): void {
    const isCut = area.start < start || area.end > end;
    if (isCut && this.areas.size >= MAX_AREAS) throw E.ENOMEM;
    const part = area.start < start ? this.#split(area, start) : area;
    if (part.end > end) this.#split(part, end);
    apply(part);
    this.#merge(start, end);
  }

  /** Touches every page that allows it; a refusal ends it silently, as MAP_POPULATE wants. */
  populate(start: number, end: number): FaultResult {
    for (const area of this.areas.overlapping(start, end)) {
      if (!area.isReadable) continue;
      const last = pageOf(Math.min(area.end, end) - 1);
      for (let page = pageOf(Math.max(area.start, start)); page <= last; page++) {
        if (this.frames.isResident(page)) continue;
        const result = this.frames.touch(area, page, area.isWritable);
        if (result !== 'ok') return result;
      }
    }
    return 'ok';
  }

  /** Is [start, end) mapped without a hole? */
  isMapped(start: number, end: number): boolean {
    let at = start;
    for (const area of this.areas.overlapping(start, end)) {
      if (area.start > at) return false;
      at = area.end;
    }
    return at >= end;
  }

  /** May `bytes` more be locked (RLIMIT_MEMLOCK)? */
  mayLock(bytes: number): boolean {
    const limit = this.limit(RLIMIT.MEMLOCK);
    if (limit === Infinity) return true;
    if (limit === 0) throw E.EPERM; // who has no right to lock at all (mm/mlock.c, can_do_mlock)
    let locked = bytes;
    for (const area of this.areas) if (area.is(AREA.locked)) locked += area.end - area.start;
    return locked <= limit;
  }

  /** RLIMIT_AS allows `bytes` more. */
  mayExpand(bytes: number): boolean {
    return this.size + bytes <= this.limit(RLIMIT.AS);
  }

  #setProtection(area: Area, prot: number): void {
    const wasReadable = area.isReadable;
    area.prot = prot;
    this.#commit(area);
    const first = pageOf(area.start),
      end = pageOf(area.end - 1) + 1;
    if (prot & PROT_WRITE) {
      if (!area.is(AREA.shared | AREA.noReserve)) area.flags |= AREA.account;
    } else if (area.is(AREA.account) && !area.file && !this.frames.hasResident(first, end)) area.flags &= ~AREA.account;
    this.frames.protect(area, first, end);
    if (!wasReadable) this.window.changed(area);
  }

  /**
   * Grows the memory when an area gets accessible, not when it is touched: a touch may come from a syscall that holds
   * views of guest memory, which growth detaches. Where the host has no room, the touch will find that out.
   */
  #commit(area: Area): void {
    if (area.isReadable) this.memory.commit(area.end);
  }

  #split(area: Area, at: number): Area {
    const upper = area.split(at);
    this.areas.insert(upper);
    upper.object?.attach(upper.is(AREA.mayWrite));
    return upper;
  }

  #merge(start: number, end: number): void {
    let lower: Area | undefined;
    for (const area of this.areas.overlapping(Math.max(0, start - 1), end + 1)) {
      if (lower?.mergesWith(area)) {
        this.areas.remove(area);
        area.object?.detach(area.is(AREA.mayWrite));
        lower.end = area.end;
      } else lower = area;
    }
  }

  /** What RLIMIT_DATA counts: private writable memory but the stack. */
  dataSize(): number {
    let bytes = 0;
    for (const area of this.areas) if (area.is(AREA.account) && !area.is(AREA.growsDown)) bytes += area.end - area.start;
    return bytes;
  }
}
