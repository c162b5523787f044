// What compiling hot code has come to, in all address spaces of a machine: counters, and who is told of each region.

import type { CompilerStats } from '../arch/arch.ts';
import type { CompiledModule } from './jit/compile.ts';
import type { Region } from './jit/discover.ts';
import { Left } from './layout.ts';

/** A region with the module that was made of it, and the guest's memory. */
export interface Translated extends CompiledModule {
  readonly region: Region;
  /** Guest instructions. */
  readonly size: number;
  readonly guest: Uint8Array;
}
export type OnCompiled = (translated: Translated) => void;

/** Their words follow each other in the order of Left. */
const KINDS = Object.keys(Left) as (keyof typeof Left)[];
const LEFT = Math.min(...Object.values(Left));

export class Compilations {
  regions = 0;
  instructions = 0;
  bytes = 0;
  dropped = 0;
  refused = 0;
  shared = 0;
  evicted = 0;
  translateMilliseconds = 0;
  engineMilliseconds = 0;
  /** As CompilerStats.left, in the order of KINDS. */
  readonly #left = new Float64Array(KINDS.length);
  readonly #milliseconds: () => number;
  readonly #onCompiled: OnCompiled | undefined;

  constructor(milliseconds: () => number, onCompiled?: OnCompiled) {
    this.#milliseconds = milliseconds;
    this.#onCompiled = onCompiled;
  }

  /** What `translate` returns; its time counts, and what it found, if anything. */
  translating(translate: () => Translated | undefined): Translated | undefined {
    const start = this.#milliseconds();
    const translated = translate();
    this.translateMilliseconds += this.#milliseconds() - start;
    if (!translated) {
      this.refused++;
      return undefined;
    }
    this.regions++;
    this.instructions += translated.size;
    this.bytes += translated.bytes.length;
    this.#onCompiled?.(translated);
    return translated;
  }

  /** What the engine makes; its time counts. */
  inEngine<T>(make: () => T): T {
    const start = this.#milliseconds();
    const made = make();
    this.engineMilliseconds += this.#milliseconds() - start;
    return made;
  }

  stats(): CompilerStats {
    return { ...this, left: Object.fromEntries(KINDS.map((kind, i) => [kind, this.#left[i]])) as CompilerStats['left'] };
  }

  /** Adds what generated code has counted in a state memory, and begins anew there. */
  collect(words: Int32Array): void {
    // Once a slice: no names are looked up (bench os, thread-switch).
    for (let kind = 0; kind < this.#left.length; kind++) {
      const at = (LEFT >> 2) + kind;
      this.#left[kind] = (this.#left[kind] as number) + ((words[at] as number) >>> 0);
      words[at] = 0;
    }
  }
}
