// The memory map of a process as data and as the lines of `--mmap`.

import { PROT_EXEC, PROT_READ, PROT_WRITE } from './abi/mman.ts';
import { AREA } from './kernel/mm/area.ts';
import type { Process } from './kernel/process.ts';
import { printable } from './lib/bytes.ts';

/** One range of addresses. */
export interface MemoryArea {
  readonly start: number;
  /** First address behind it. */
  readonly end: number;
  /** Of `rwx`, those that hold. */
  readonly perm: string;
  readonly isShared: boolean;
  /** Absolute guest path of a mapped file. */
  readonly path?: string;
  /** Offset in the file of the byte at `start`. */
  readonly offset: number;
}

/** Path of the vDSO in the map. */
const VDSO = '/libvdso.so';

export function memoryAreas(process: Process): MemoryArea[] {
  return [...process.mm.areas].map((area) => {
    const path = area.name === '[vdso]' ? VDSO : area.file?.path && printable(area.file.path.print(process.fs.root));
    return {
      start: area.start,
      end: area.end,
      perm: `${area.prot & PROT_READ ? 'r' : ''}${area.prot & PROT_WRITE ? 'w' : ''}${area.prot & PROT_EXEC ? 'x' : ''}`,
      isShared: area.is(AREA.shared),
      offset: area.offset,
      ...(path && { path }),
    };
  });
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;

/** One line an area, in the columns of `osv mmap`. */
export function mmapLine({ start, end, perm, isShared, path, offset }: MemoryArea): string {
  const flags = `${isShared ? 's' : ''}${path ? 'F' : ''}`;
  const file = path ? ` offset=${hex(offset, 8)} path=${path}` : '';
  return `${hex(start, 16)} ${hex(end, 16)} [${((end - start) / 1024).toFixed(1)} kB] flags=${flags || 'none'} perm=${perm || 'none'}${file}`;
}
