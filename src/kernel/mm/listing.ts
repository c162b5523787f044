// The memory map as /proc/PID/maps and `--mmap` show it.

import type { ByteString } from '../../lib/bytes.ts';
import type { Path } from '../vfs/path.ts';
import type { Area } from './area.ts';
import type { MemoryMap } from './memory-map.ts';

export interface AreaInfo {
  readonly start: number;
  readonly end: number;
  /** `r-xp` and the like. */
  readonly permissions: string;
  readonly offset: number;
  /** Linux-encoded device number of the file. */
  readonly dev: number;
  readonly ino: number;
  /** A path, [heap], [stack], [vdso], or ''. */
  readonly name: ByteString;
}

/** Device number of the kernel's own tmpfs, to which shared anonymous memory belongs; its inode number means nothing. */
const SHMEM = { dev: 1, ino: 1 };

/** The areas in ascending order; paths are printed from `root`. */
export function listAreas(mm: MemoryMap, root?: Path): AreaInfo[] {
  return [...mm.areas].map((area) => {
    const backing = backingOf(area);
    return {
      start: area.start,
      end: area.end,
      permissions: area.permissions,
      offset: area.file || area.object ? area.offset : 0,
      dev: backing.dev,
      ino: backing.ino,
      name: area.file?.path?.print(root) ?? (area.object ? '/dev/zero (deleted)' : nameOf(mm, area)),
    };
  });
}

function backingOf(area: Area): { dev: number; ino: number } {
  if (area.file) return area.file.inode.stat();
  return area.object ? SHMEM : { dev: 0, ino: 0 };
}

/** Linux fs/proc/task_mmu.c: the heap and the stack are whatever anonymous area holds them. */
function nameOf(mm: MemoryMap, area: Area): string {
  if (area.name) return area.name;
  if (area.start < mm.brk && area.end > mm.startBrk) return '[heap]';
  if (area.start <= mm.startStack && area.end > mm.startStack) return '[stack]';
  return '';
}
