// The files that code is mapped from, for code that is compiled once for all places where a file may be mapped.

import type { CodeImage } from '../../arch/arch.ts';
import { PAGE_SIZE } from '../../memory/layout.ts';
import type { Area } from './area.ts';
import type { MemoryMap } from './memory-map.ts';

/** Undefined for anonymous memory and for programs linked to fixed addresses. */
export function codeImage({ areas, layout }: MemoryMap, page: number): CodeImage | undefined {
  const address = page * PAGE_SIZE;
  const area = address < layout.fixedEnd ? undefined : areas.at(address);
  const id = area && idOf(area);
  return id === undefined ? undefined : { id, start: startOf(area as Area) };
}

export function codeImageStart({ areas, layout }: MemoryMap, id: string): number | undefined {
  for (const area of areas) if (area.isExecutable && area.start >= layout.fixedEnd && idOf(area) === id) return startOf(area);
  return undefined;
}

function idOf({ file, name }: Area): string | undefined {
  if (!file) return name;
  const { dev, ino } = file.inode.stat();
  return `${dev}:${ino}`;
}

const startOf = ({ file, start, offset }: Area): number => (file ? start - offset : start);
