// mremap(2): mappings that shrink, grow in place, or move.

import { E } from '../../abi/errno.ts';
import { MREMAP_DONTUNMAP, MREMAP_FIXED, MREMAP_MAYMOVE } from '../../abi/mman.ts';
import { PAGE_SIZE, pageAlign, pageOf } from '../../memory/layout.ts';
import { AREA, type Area } from './area.ts';
import { LOWEST_ADDRESS, TASK_SIZE } from './layout.ts';
import type { MemoryMap } from './memory-map.ts';

export interface RemapRequest {
  readonly address: number;
  readonly oldLength: number;
  readonly newLength: number;
  readonly flags: number;
  /** With MREMAP_FIXED; a hint with MREMAP_DONTUNMAP. */
  readonly newAddress: number;
}

/** The new address. The order of checks is Linux's (mm/mremap.c). */
export function remap(mm: MemoryMap, request: RemapRequest): number {
  const { address, flags, newAddress } = request;
  if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) throw E.EINVAL;
  if (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)) throw E.EINVAL;
  if (flags & MREMAP_DONTUNMAP && (!(flags & MREMAP_MAYMOVE) || request.oldLength !== request.newLength)) throw E.EINVAL;
  if (address % PAGE_SIZE !== 0) throw E.EINVAL;
  const oldLength = pageAlign(request.oldLength),
    newLength = pageAlign(request.newLength);
  if (newLength === 0) throw E.EINVAL;
  const isFixed = (flags & MREMAP_FIXED) !== 0;
  if (isFixed || flags & MREMAP_DONTUNMAP) {
    if (newAddress % PAGE_SIZE !== 0 || newLength > TASK_SIZE || newAddress > TASK_SIZE - newLength) throw E.EINVAL;
    if (isFixed && newAddress < address + oldLength && address < newAddress + newLength) throw E.EINVAL;
  }
  const area = mm.areas.at(address);
  if (!area) throw E.EFAULT;
  if (area.is(AREA.special)) throw E.EINVAL;
  if (oldLength === 0 && !area.is(AREA.shared)) throw E.EINVAL;
  if (flags & MREMAP_DONTUNMAP && area.is(AREA.growsDown)) throw E.EINVAL;
  if (oldLength > area.end - address) throw E.EFAULT;

  if (isFixed) {
    if (newAddress < LOWEST_ADDRESS) throw E.EPERM;
    mm.remove(newAddress, newAddress + newLength);
    return move(mm, { address, oldLength, newLength, flags }, newAddress);
  }
  const zone = mm.window.zone({ length: newLength, isShared: area.object !== undefined, isFile: area.file !== undefined });
  if (flags & MREMAP_DONTUNMAP) return move(mm, { address, oldLength, newLength, flags }, mm.findGap(newLength, zone));
  if (oldLength >= newLength && oldLength !== 0) {
    if (oldLength > newLength) mm.remove(address + newLength, address + oldLength);
    return address;
  }
  const growth = newLength - oldLength;
  if (area.is(AREA.locked) && !mm.mayLock(growth)) throw E.EAGAIN;
  if (!mm.mayExpand(growth)) throw E.ENOMEM;
  if (oldLength !== 0 && area.end === address + oldLength && address + newLength <= TASK_SIZE) {
    if (mm.areas.isFree(area.end, address + newLength)) {
      const from = area.end;
      const extent = area.copy(from, address + newLength, area.offset + (from - area.start));
      mm.add(extent);
      if (area.is(AREA.locked)) mm.populate(from, address + newLength);
      return address;
    }
  }
  if (!(flags & MREMAP_MAYMOVE)) throw E.ENOMEM;
  return move(mm, { address, oldLength, newLength, flags }, mm.findGap(newLength, zone));
}

type Extent = Pick<RemapRequest, 'address' | 'oldLength' | 'newLength' | 'flags'>;

function move(mm: MemoryMap, { address, oldLength, newLength, flags }: Extent, to: number): number {
  const kept = Math.min(oldLength, newLength);
  if (oldLength > newLength) mm.remove(address + newLength, address + oldLength);
  const area = mm.areas.at(address)!; // the caller found it, and what was removed lies elsewhere
  const isFresh = !area.file && !area.object && !mm.frames.hasResident(pageOf(area.start), pageOf(area.end - 1) + 1);
  const offset = isFresh ? to : area.offset + (address - area.start);
  const moved = area.copy(to, to + newLength, offset);
  if (flags & MREMAP_DONTUNMAP) moved.flags &= ~AREA.locked;
  if (area.object) mm.frames.release(area, pageOf(address), pageOf(address + kept));
  else if (!mm.frames.move(pageOf(address), pageOf(to), kept / PAGE_SIZE)) throw E.ENOMEM;
  // The new area first: a shared object without areas would be forgotten.
  mm.add(moved);
  if (kept > 0 && !(flags & MREMAP_DONTUNMAP)) mm.remove(address, address + kept);
  protectMoved(mm, to);
  if (flags & MREMAP_DONTUNMAP) mm.window.changed(area);
  if (moved.is(AREA.locked)) mm.populate(to, to + newLength);
  return to;
}

function protectMoved(mm: MemoryMap, to: number): void {
  const area: Area | undefined = mm.areas.at(to);
  if (area) mm.frames.protect(area, pageOf(area.start), pageOf(area.end - 1) + 1);
}
