// mmap(2): which arguments are refused, where a mapping goes, what it is backed by.

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_PATH, O_RDONLY, O_WRONLY, SEAL } from '../../abi/fcntl.ts';
import {
  LEGACY_MAP_MASK,
  MAP_32BIT,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from '../../abi/mman.ts';
import { PAGE_SIZE, pageAlign } from '../../memory/layout.ts';
import { RLIMIT } from '../limits.ts';
import { type OpenFile, S_IFCHR, S_IFREG } from '../vfs/inode.ts';
import { AREA, Area } from './area.ts';
import { LARGE_RESERVATION, LOWEST_ADDRESS, MAX_AREAS, TASK_SIZE } from './layout.ts';
import { type MemoryMap, margin } from './memory-map.ts';
import { SharedObject } from './shared-object.ts';

/** mmap's arguments; addresses and lengths are numbers below 2^64 (exact below 2^53). */
export interface MapRequest {
  readonly address: number;
  readonly length: number;
  readonly prot: number;
  readonly flags: number;
  readonly file?: OpenFile | undefined;
  readonly offset?: number;
  /** What an anonymous shared mapping shows, instead of pages of its own. */
  readonly object?: SharedObject;
}

const WRITE_SEALS = SEAL.F_SEAL_WRITE | SEAL.F_SEAL_FUTURE_WRITE;
/** Device number of /dev/zero: mapping it is mapping anonymous memory. */
const DEV_ZERO = 0x105;

/** The address chosen. The order of checks is Linux's (mm/mmap.c, do_mmap). */
export function map(mm: MemoryMap, request: MapRequest): number {
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
  if (mm.areas.size > MAX_AREAS) throw E.ENOMEM;
  const address = isFixed ? fixedAddress(request.address, length) : place(mm, request, length);
  if (flags & MAP_FIXED_NOREPLACE && !mm.areas.isFree(address, address + length)) throw E.EEXIST;
  if (flags & MAP_ANONYMOUS && flags & MAP_HUGETLB) throw E.ENOMEM;

  const area = new Area(address, address + length, request.prot & (PROT_READ | PROT_WRITE | PROT_EXEC), mm.defaultFlags);
  if (flags & MAP_ANONYMOUS || isZeroDevice(file)) backAnonymous(area, flags, request.object);
  else backFile(area, flags, file!, offset); // checked above
  if (flags & MAP_NORESERVE) area.flags |= AREA.noReserve;
  if (flags & MAP_LOCKED) area.flags |= AREA.locked;
  if (area.is(AREA.locked) && !mm.mayLock(length)) throw E.EAGAIN;
  if (!area.is(AREA.shared | AREA.noReserve) && area.isWritable) area.flags |= AREA.account;
  if (!mm.mayExpand(length - mappedBytes(mm, address, address + length))) throw E.ENOMEM;
  const dataLimit = mm.limit(RLIMIT.DATA);
  if (area.is(AREA.account) && dataLimit !== Infinity && mm.dataSize() + length > dataLimit) throw E.ENOMEM;

  mm.remove(address, address + length);
  mm.add(area);
  if (flags & MAP_POPULATE || area.is(AREA.locked)) mm.populate(address, address + length);
  return address;
}

function fixedAddress(address: number, length: number): number {
  if (address > TASK_SIZE - length) throw E.ENOMEM;
  if (address % PAGE_SIZE !== 0) throw E.EINVAL;
  if (address < LOWEST_ADDRESS) throw E.EPERM;
  return address;
}

function place(mm: MemoryMap, { address, prot, flags, file }: MapRequest, length: number): number {
  if (address !== 0) {
    const hint = Math.max(LOWEST_ADDRESS, pageAlign(address));
    const above = mm.areas.after(hint);
    const isFree = !above || above.start - margin(above) >= hint + length;
    if (hint <= TASK_SIZE - length && isFree && (!(flags & MAP_32BIT) || hint + length <= 0x8000_0000)) return hint;
  }
  const isReservation = prot === PROT_NONE || (flags & MAP_NORESERVE) !== 0;
  const isShared = (flags & MAP_TYPE) !== MAP_PRIVATE,
    isFile = (flags & MAP_ANONYMOUS) === 0 && file !== undefined;
  const usual = isReservation && length >= LARGE_RESERVATION ? 'high' : 'low';
  const zone = mm.window.zone({ length, isShared, isFile }) ?? usual;
  return mm.findGap(length, zone, (flags & MAP_32BIT) !== 0);
}

function backAnonymous(area: Area, flags: number, object = new SharedObject(undefined)): void {
  const type = flags & MAP_TYPE;
  if (type === MAP_SHARED) {
    if (flags & MAP_GROWSDOWN) throw E.EINVAL;
    area.flags |= AREA.shared | AREA.mayWrite;
    area.object = object;
    area.offset = 0;
  } else if (type === MAP_PRIVATE) {
    area.flags |= AREA.mayWrite;
    if (flags & MAP_GROWSDOWN) area.flags |= AREA.growsDown;
  } else throw E.EINVAL;
}

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
  if (area.is(AREA.shared) && (file.inode.seals ?? 0) & WRITE_SEALS) {
    if (area.isWritable) throw E.EPERM;
    area.flags &= ~AREA.mayWrite;
  }
  area.file = file;
  area.offset = offset;
  if (area.is(AREA.shared)) area.object = SharedObject.of(file.inode);
}

const isZeroDevice = (file: OpenFile | undefined): boolean =>
  file !== undefined && file.inode.type === S_IFCHR && file.inode.stat().rdev === DEV_ZERO;

function mappedBytes(mm: MemoryMap, start: number, end: number): number {
  let bytes = 0;
  for (const area of mm.areas.overlapping(start, end)) bytes += Math.min(end, area.end) - Math.max(start, area.start);
  return bytes;
}
