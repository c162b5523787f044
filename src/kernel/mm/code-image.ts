// The files that code is mapped from, for code that is compiled once for all places where a file may be mapped.

import type { CodeImage } from '../../arch/arch.ts';
import { PAGE_SIZE } from '../../memory/layout.ts';
import type { Area } from './area.ts';
import type { MemoryMap } from './memory-map.ts';

/** Undefined for anonymous memory; of programs that are linked to their addresses the start is 0. */
export function codeImage({ areas, layout }: MemoryMap, page: number): CodeImage | undefined {
  const address = page * PAGE_SIZE;
  const area = areas.at(address);
  if (!area || (!area.file && !area.name)) return undefined;
  return new MappedImage(area, address < layout.fixedEnd ? 0 : startOf(area));
}

/** An object literal with a getter would get a shape of its own each time. */
class MappedImage implements CodeImage {
  readonly #area: Area;
  readonly start: number;

  constructor(area: Area, start: number) {
    this.#area = area;
    this.start = start;
  }
  get id(): string {
    return idOf(this.#area);
  }
}

export function codeImageStart({ areas, layout }: MemoryMap, id: string): number | undefined {
  for (const area of areas)
    if (area.isExecutable && (area.file || area.name) && idOf(area) === id)
      return area.start < layout.fixedEnd ? 0 : startOf(area);
  return undefined;
}

function idOf({ file, name = '' }: Area): string {
  if (!file) return name;
  const { dev, ino } = file.inode.stat();
  return `${dev}:${ino}`;
}

const startOf = ({ file, start, offset }: Area): number => (file ? start - offset : start);
