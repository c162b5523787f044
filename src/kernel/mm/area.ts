// One entry of the memory map: a range of addresses with one protection and one backing (Linux's vm_area_struct).

import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../../abi/mman.ts';
import type { Interval } from '../../lib/interval-map.ts';
import type { OpenFile } from '../vfs/inode.ts';
import type { SharedObject } from './shared-object.ts';

/** The file behind an area; its identity is what Linux compares (vm_file) before it merges two areas. */
export type MappedFile = Pick<OpenFile, 'inode'> & { readonly path?: OpenFile['path'] };

/** Bits of Area.flags; two neighbours merge only when all are equal, as with vm_flags. */
export const AREA = {
  /** MAP_SHARED as /proc/PID/maps shows it. */
  shared: 1,
  /** mprotect may add PROT_WRITE: false for a shared mapping of a file opened for reading. */
  mayWrite: 2,
  growsDown: 4,
  locked: 8,
  noReserve: 0x10,
  /** Counted as private writable memory; stays when the area loses PROT_WRITE, so that RELRO pages do not merge. */
  account: 0x20,
  dontFork: 0x40,
  wipeOnFork: 0x80,
  dontDump: 0x100,
  hugePage: 0x200,
  noHugePage: 0x400,
  mergeable: 0x800,
  randomRead: 0x1000,
  sequentialRead: 0x2000,
  /** Kernel-made ([vdso]): never merged, never resized. */
  special: 0x4000,
} as const;

export class Area implements Interval {
  start: number;
  end: number;
  prot: number;
  flags: number;
  file: MappedFile | undefined;
  /** Pages that other areas, of this or another process, see as well. */
  object: SharedObject | undefined;
  /**
   * Position in the file or the shared object of the byte at `start`. Of private anonymous memory: the address it was
   * first mapped at, which mremap keeps and merging compares (vm_pgoff).
   */
  offset: number;
  /** Name of a special area. */
  name: string | undefined;

  constructor(start: number, end: number, prot: number, flags: number) {
    this.start = start;
    this.end = end;
    this.prot = prot;
    this.flags = flags;
    this.file = undefined;
    this.object = undefined;
    this.offset = start;
    this.name = undefined;
  }

  is(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  /** x86 page tables cannot refuse reads of a present page, so any access at all includes reading. */
  get isReadable(): boolean {
    return (this.prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) !== 0;
  }

  get isExecutable(): boolean {
    return (this.prot & PROT_EXEC) !== 0;
  }

  get isWritable(): boolean {
    return (this.prot & PROT_WRITE) !== 0;
  }

  /** The same mapping for another range, which must start inside or be a move of this one. */
  copy(start: number, end: number, offset: number): Area {
    const area = new Area(start, end, this.prot, this.flags);
    area.file = this.file;
    area.object = this.object;
    area.offset = offset;
    area.name = this.name;
    return area;
  }

  /** Cuts the part from `at` on off and returns it. */
  split(at: number): Area {
    const upper = this.copy(at, this.end, this.offset + (at - this.start));
    this.end = at;
    return upper;
  }

  /** May `upper`, which starts where this ends, become part of it? (Linux mm/vma.c, can_vma_merge_after) */
  mergesWith(upper: Area): boolean {
    return (
      this.end === upper.start &&
      this.prot === upper.prot &&
      this.flags === upper.flags &&
      !this.is(AREA.special) &&
      this.file === upper.file &&
      this.object === upper.object &&
      this.offset + (this.end - this.start) === upper.offset
    );
  }

  /** `r-xp` and the like. */
  get permissions(): string {
    return (
      (this.prot & PROT_READ ? 'r' : '-') +
      (this.prot & PROT_WRITE ? 'w' : '-') +
      (this.prot & PROT_EXEC ? 'x' : '-') +
      (this.is(AREA.shared) ? 's' : 'p')
    );
  }
}
