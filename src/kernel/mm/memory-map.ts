// The memory map of a process: its areas, what mmap and its relatives do to them, and the answer to every page fault.

import { E } from '../../abi/errno.ts';
import {
  LEGACY_MAP_MASK, MAP_32BIT, MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_GROWSDOWN, MAP_HUGETLB, MAP_LOCKED, MAP_NORESERVE,
  MAP_POPULATE, MAP_PRIVATE, MAP_SHARED, MAP_SHARED_VALIDATE, MAP_TYPE, PROT_EXEC, PROT_GROWSDOWN, PROT_GROWSUP, PROT_NONE, PROT_READ,
  PROT_SEM, PROT_WRITE,
} from '../../abi/mman.ts';
import { O_ACCMODE, O_PATH, O_RDONLY, O_WRONLY } from '../../abi/fcntl.ts';
import type { Execution } from '../../arch/arch.ts';
import { IntervalMap } from '../../lib/interval-map.ts';
import type { GuestMemory, Pager } from '../../memory/guest-memory.ts';
import { ADDRESS_LIMIT, PAGE_SIZE, pageAlign, pageOf, pageStart } from '../../memory/layout.ts';
import { type Account, RLIMIT } from '../limits.ts';
import { type OpenFile, S_IFCHR, S_IFREG } from '../vfs/inode.ts';
import { AREA, Area, type MappedFile } from './area.ts';
import { ACCERR, type FaultResult, MAPERR } from './fault.ts';
import { Frames } from './frames.ts';
import {
  type AddressLayout, chooseLayout, HIGH_ZONE, LARGE_RESERVATION, LOWEST_ADDRESS, type Randomize, STACK_GUARD_GAP, TASK_SIZE,
} from './layout.ts';
import { SharedObject, type SharedPlace } from './shared-object.ts';

export interface MemoryMapParts {
  readonly memory: GuestMemory;
  readonly execution: Pick<Execution, 'invalidate'>;
  readonly account: Account;
  /** Soft value of a resource limit of the process (RLIMIT), Infinity for none. */
  readonly limit: (resource: number) => number;
}

/** mmap's arguments; addresses and lengths are numbers below 2^64 (exact below 2^53). */
export interface MapRequest {
  readonly address: number;
  readonly length: number;
  readonly prot: number;
  readonly flags: number;
  readonly file?: OpenFile | undefined;
  readonly offset?: number;
}

/** vm.max_map_count. */
const MAX_AREAS = 65530;
/** Device number of /dev/zero: mapping it is mapping anonymous memory. */
const DEV_ZERO = 0x105;

const margin = (area: Area): number => (area.is(AREA.growsDown) ? STACK_GUARD_GAP : 0);

export class MemoryMap implements Pager {
  readonly memory: GuestMemory;
  readonly frames: Frames;
  readonly areas = new IntervalMap<Area>();
  readonly #account: Account;
  readonly #limit: (resource: number) => number;
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
  #sharedIds = 0;

  constructor(parts: MemoryMapParts) {
    this.memory = parts.memory;
    this.#account = parts.account;
    this.#limit = parts.limit;
    this.frames = new Frames(parts.memory, parts.execution, parts.account);
    this.layout = chooseLayout(() => 0, 8 << 20);
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
    if (!area?.is(AREA.growsDown) || area.end - address > this.#limit(RLIMIT.STACK)) return undefined;
    const below = this.areas.before(address);
    const start = pageStart(address);
    if (start < LOWEST_ADDRESS || (below && below.prot !== PROT_NONE && start - below.end < STACK_GUARD_GAP)) return undefined;
    const growth = area.start - start;
    if (this.size + growth > this.#limit(RLIMIT.AS)) return undefined;
    area.start = start;
    this.size += growth;
    return area;
  }

  // --- mmap, munmap, mprotect, brk ----------------------------------------------------------------------------------

  /** mmap(2): the address chosen. The order of checks is Linux's (mm/mmap.c, do_mmap). */
  map(request: MapRequest): number {
    const { flags, file } = request;
    const offset = request.offset ?? 0;
    if (offset % PAGE_SIZE !== 0) throw E.EINVAL;
    if (!(flags & MAP_ANONYMOUS)) {
      if (!file || file.flags & O_PATH) throw E.EBADF;
      if (flags & MAP_HUGETLB) throw E.EINVAL;
    }
    if (request.length === 0) throw E.EINVAL;
    const isFixed = (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) !== 0;
    const length = pageAlign(request.length);
    if (length > TASK_SIZE) throw E.ENOMEM;
    if (offset + length >= 2 ** 63) throw E.EOVERFLOW;
    if (this.areas.size > MAX_AREAS) throw E.ENOMEM;
    const address = isFixed ? fixedAddress(request.address, length) : this.#place(request, length);
    if (flags & MAP_FIXED_NOREPLACE && !this.areas.isFree(address, address + length)) throw E.EEXIST;
    if (flags & MAP_ANONYMOUS && flags & MAP_HUGETLB) throw E.ENOMEM;

    const area = new Area(address, address + length, request.prot & (PROT_READ | PROT_WRITE | PROT_EXEC), this.defaultFlags);
    if (flags & MAP_ANONYMOUS || isZeroDevice(file)) this.#backAnonymous(area, flags);
    else backFile(area, flags, file!, offset); // checked above
    if (flags & MAP_NORESERVE) area.flags |= AREA.noReserve;
    if (flags & MAP_LOCKED) area.flags |= AREA.locked;
    if (area.is(AREA.locked) && !this.mayLock(length)) throw E.EAGAIN;
    if (!area.is(AREA.shared | AREA.noReserve) && area.isWritable) area.flags |= AREA.account;
    const replaced = this.#mappedBytes(address, address + length);
    if (this.size + length - replaced > this.#limit(RLIMIT.AS)) throw E.ENOMEM;
    if (area.is(AREA.account) && this.#dataSize() + length > this.#limit(RLIMIT.DATA)) throw E.ENOMEM;

    this.remove(address, address + length);
    this.add(area);
    if (flags & MAP_POPULATE || area.is(AREA.locked)) this.populate(address, address + length);
    return address;
  }

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
    const oldEnd = pageAlign(this.brk), end = pageAlign(address);
    if (end < oldEnd) this.remove(end, oldEnd);
    else if (end > oldEnd) {
      if (address - this.startBrk > this.#limit(RLIMIT.DATA) || this.size + end - oldEnd > this.#limit(RLIMIT.AS)) return this.brk;
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
  reset(randomize: Randomize): void {
    this.clear();
    this.layout = chooseLayout(randomize, this.#limit(RLIMIT.STACK));
    this.startBrk = this.brk = this.startStack = this.vdso = this.defaultFlags = 0;
  }

  /** Unmaps everything: execve and the end of the process. */
  clear(): void {
    for (const area of this.areas) {
      this.frames.release(area, pageOf(area.start), pageOf(area.end - 1) + 1);
      area.object?.detach();
    }
    this.areas.clear();
    this.size = 0;
  }

  /** Copies this map and its private pages into the empty map of a child (fork). ENOMEM at the memory limit. */
  forkTo(child: MemoryMap): void {
    child.layout = this.layout;
    child.startBrk = this.startBrk;
    child.brk = this.brk;
    child.startStack = this.startStack;
    child.vdso = this.vdso;
    for (const area of this.areas) {
      if (area.is(AREA.dontFork)) continue;
      const copy = area.copy(area.start, area.end, area.offset);
      copy.flags &= ~AREA.locked;
      child.add(copy);
      if (!area.object && !area.is(AREA.wipeOnFork) && !this.frames.copyTo(child.frames, copy)) {
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
  findGap(length: number, prefersHigh = false, is32Bit = false): number {
    const low = () => this.areas.highestGap(LOWEST_ADDRESS, this.layout.mmapBase, length, margin);
    const high = () => this.areas.lowestGap(HIGH_ZONE, is32Bit ? 0x8000_0000 : TASK_SIZE, length, margin);
    const address = prefersHigh ? (high() ?? low()) : (low() ?? high());
    if (address === undefined) throw E.ENOMEM;
    return address;
  }

  /** Inserts an area into a free range and merges it with its neighbours. */
  add(area: Area): void {
    this.areas.insert(area);
    area.object?.attach();
    this.size += area.end - area.start;
    this.#merge(area.start, area.end);
  }

  /** Unmaps what lies in [start, end). */
  remove(start: number, end: number): void {
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
    area.object?.detach();
    this.size -= area.end - area.start;
  }

  /** Applies a change to the part [start, end) of an area, which becomes an area of its own unless it merges again. */
  change(area: Area, start: number, end: number, apply: (part: Area) => void): void {
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
    const limit = this.#limit(RLIMIT.MEMLOCK);
    if (limit === Infinity) return true;
    let locked = bytes;
    for (const area of this.areas) if (area.is(AREA.locked)) locked += area.end - area.start;
    return locked <= limit;
  }

  /** RLIMIT_AS allows `bytes` more. */
  mayExpand(bytes: number): boolean {
    return this.size + bytes <= this.#limit(RLIMIT.AS);
  }

  #place(request: MapRequest, length: number): number {
    const { address, prot, flags } = request;
    if (address !== 0) {
      const hint = Math.max(LOWEST_ADDRESS, pageAlign(address));
      const above = this.areas.after(hint);
      const isFree = !above || above.start - margin(above) >= hint + length;
      if (hint <= TASK_SIZE - length && isFree && (!(flags & MAP_32BIT) || hint + length <= 0x8000_0000)) return hint;
    }
    const isReservation = prot === PROT_NONE || (flags & MAP_NORESERVE) !== 0;
    return this.findGap(length, isReservation && length >= LARGE_RESERVATION, (flags & MAP_32BIT) !== 0);
  }

  #backAnonymous(area: Area, flags: number): void {
    const type = flags & MAP_TYPE;
    if (type === MAP_SHARED) {
      if (flags & MAP_GROWSDOWN) throw E.EINVAL;
      area.flags |= AREA.shared | AREA.mayWrite;
      area.object = new SharedObject(undefined, ++this.#sharedIds);
    } else if (type === MAP_PRIVATE) {
      area.flags |= AREA.mayWrite;
      if (flags & MAP_GROWSDOWN) area.flags |= AREA.growsDown;
    } else throw E.EINVAL;
  }

  #setProtection(area: Area, prot: number): void {
    area.prot = prot;
    const first = pageOf(area.start), end = pageOf(area.end - 1) + 1;
    if (prot & PROT_WRITE) {
      if (!area.is(AREA.shared | AREA.noReserve)) area.flags |= AREA.account;
    } else if (area.is(AREA.account) && !area.file && !this.frames.hasResident(first, end)) area.flags &= ~AREA.account;
    this.frames.protect(area, first, end);
  }

  #split(area: Area, at: number): Area {
    const upper = area.split(at);
    this.areas.insert(upper);
    upper.object?.attach();
    return upper;
  }

  #merge(start: number, end: number): void {
    let lower: Area | undefined;
    for (const area of this.areas.overlapping(Math.max(0, start - 1), end + 1)) {
      if (lower?.mergesWith(area)) {
        this.areas.remove(area);
        area.object?.detach();
        lower.end = area.end;
      } else lower = area;
    }
  }

  #mappedBytes(start: number, end: number): number {
    let bytes = 0;
    for (const area of this.areas.overlapping(start, end)) bytes += Math.min(end, area.end) - Math.max(start, area.start);
    return bytes;
  }

  /** What RLIMIT_DATA counts: private writable memory but the stack. Summed only where there is such a limit. */
  #dataSize(): number {
    if (this.#limit(RLIMIT.DATA) === Infinity) return 0;
    let bytes = 0;
    for (const area of this.areas) if (area.is(AREA.account) && !area.is(AREA.growsDown)) bytes += area.end - area.start;
    return bytes;
  }

  /** Bytes of this machine's memory in use, all processes together. */
  get accounted(): number {
    return this.#account.used;
  }
}

function fixedAddress(address: number, length: number): number {
  if (address > TASK_SIZE - length) throw E.ENOMEM;
  if (address % PAGE_SIZE !== 0) throw E.EINVAL;
  if (address < LOWEST_ADDRESS) throw E.EPERM;
  return address;
}

const isZeroDevice = (file: OpenFile | undefined): boolean =>
  file !== undefined && file.inode.type === S_IFCHR && file.inode.stat().rdev === DEV_ZERO;

function backFile(area: Area, flags: number, file: OpenFile, offset: number): void {
  const mode = file.flags & O_ACCMODE;
  const type = flags & MAP_TYPE;
  if (type === MAP_SHARED || type === MAP_SHARED_VALIDATE) {
    if (type === MAP_SHARED_VALIDATE && flags & ~LEGACY_MAP_MASK) throw E.EOPNOTSUPP;
    if (area.isWritable && mode === O_RDONLY) throw E.EACCES;
    area.flags |= AREA.shared | (mode === O_RDONLY ? 0 : AREA.mayWrite);
  } else if (type === MAP_PRIVATE) area.flags |= AREA.mayWrite;
  else throw E.EINVAL;
  if (mode === O_WRONLY) throw E.EACCES;
  if (file.inode.type !== S_IFREG) throw E.ENODEV;
  if (flags & MAP_GROWSDOWN) throw E.EINVAL;
  area.file = file satisfies MappedFile;
  area.offset = offset;
  if (area.is(AREA.shared)) area.object = SharedObject.of(file.inode);
}
