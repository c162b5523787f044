// Keeps guest memory such that compiled code may read all below WINDOW_END without a look at its pages (--memory-check=window).
//
//   closed --- compiled code is about to run ---> open --- an area that must be read page by page ---> lost, until the next exec
//
// While it is open, guest memory below WINDOW_END has what the guest is to read: anonymous pages that are not resident are zero
// there (frames.ts), and private file mappings are read as a whole when they are mapped. What is not mapped, or not to be read,
// is read as well: zeros, or what was there. Shared pages move between processes: they are put above, and where a program
// wants them below the window is lost: everything that was compiled is forgotten, and compiled anew with checks by page.

import type { MemoryCheck } from '../../arch/arch.ts';
import { PAGE_COUNT, WINDOW_END } from '../../memory/layout.ts';
import type { Area } from './area.ts';
import { OUT_OF_MEMORY } from './fault.ts';
import type { Zone } from './layout.ts';
import type { MemoryMap, MemoryMapParts } from './memory-map.ts';

/** Bytes of a file mapping that is read as a whole: programs and libraries are smaller. */
const MOST_READ = 256 << 20;

/** What matters of a mapping that has no place yet. */
interface Unplaced {
  readonly isShared: boolean;
  readonly isFile: boolean;
  readonly length: number;
}

export class ReadWindow {
  readonly #mm: Pick<MemoryMap, 'areas' | 'populate' | 'memory'>;
  readonly #execution: MemoryMapParts['execution'];
  readonly #memoryCheck: MemoryCheck;
  #state: 'closed' | 'open' | 'lost' = 'closed';

  constructor(mm: Pick<MemoryMap, 'areas' | 'populate' | 'memory'>, { execution, memoryCheck = 'page' }: MemoryMapParts) {
    this.#mm = mm;
    this.#execution = execution;
    this.#memoryCheck = memoryCheck;
  }

  /** Where such a mapping must be put if the window is to be kept. */
  zone({ isShared, isFile, length }: Unplaced): Zone | undefined {
    return this.#memoryCheck === 'window' && (isShared || (isFile && length > MOST_READ)) ? 'top' : undefined;
  }

  /** Compiled code is about to run: may it read by window? */
  open(): boolean {
    if (this.#state === 'closed') {
      const { areas, memory } = this.#mm;
      this.#state = memory.commit(WINDOW_END) && [...areas].every((area) => this.#isReadable(area)) ? 'open' : 'lost';
    }
    return this.#state === 'open';
  }

  /** Another program is to run, whose code is not compiled yet. */
  close(): void {
    this.#state = 'closed';
  }

  /** An area is new, may be read from now on, or has lost pages. */
  changed(area: Area): void {
    if (this.#state !== 'open' || this.#isReadable(area)) return;
    this.#state = 'lost';
    this.#execution.invalidate(0, PAGE_COUNT - 1);
  }

  /** Is all of it in memory, if it is in the window, and stays there? Behind the end of its file there is nothing. */
  #isReadable(area: Area): boolean {
    const { start, end, object, file, isReadable } = area;
    if (start >= WINDOW_END) return true;
    if (object) return false;
    if (!file || !isReadable) return true;
    return end - start <= MOST_READ && this.#mm.populate(start, Math.min(end, WINDOW_END)) !== OUT_OF_MEMORY;
  }
}
