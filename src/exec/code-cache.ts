// Compiled regions, shared by all processes that have the same code, whatever machine of this host process they are in.
//
// A region is found by a hash of how its code begins and where in its file that is, and taken only if every byte of its guest
// code is the same there. What else translating it depended on (how often code ran, tables read) decides how good it is, never
// what it does. So a guest learns nothing of others from it but that something was compiled before, by how fast it starts.

import type { Moving, Relative } from './jit/addresses.ts';
import { moved } from './jit/addresses.ts';
import { shortKeyOf } from './region-key.ts';

/** Guest bytes that a region was made of. */
export interface Span extends Relative {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A region as it is wherever its images are mapped. */
export interface RegionTemplate {
  readonly root: Relative;
  /** Where it can be entered, the root first. */
  readonly entries: readonly Relative[];
  /** What it calls or jumps to through the table, in the order of its imports. */
  readonly targets: readonly Relative[];
  /** Identities of the files its code is mapped from, the root's first. */
  readonly images: readonly string[];
  readonly spans: readonly Span[];
  /** Guest instructions. */
  readonly size: number;
  /** The module for some starts of the images, and its constants that move with them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly moving: readonly Moving[];
}

/** Somebody who has instances of regions. */
export interface RegionUser {
  /** A region is not kept any longer: what was made of it is to be given up. */
  evicted(made: object): void;
}

/** Keeps regions beyond this host process. */
export interface CodeStore {
  /** Is there anything? */
  hasCode(): boolean;
  has(key: string): boolean;
  /** Undefined for what is missing, damaged or of no use. */
  load(key: string): RegionTemplate | undefined;
  save(key: string, region: RegionTemplate): void;
}

export interface CacheLimits {
  /** Modules, of which engines have room for so many (Firefox for 16,349). */
  readonly modules: number;
  /** WebAssembly in them; the engine's code for it takes several times as much. */
  readonly bytes: number;
}
const LIMITS: CacheLimits = { modules: 8000, bytes: 128 << 20 };
/** What stays of them when something has to go: evicting one by one would evict what is hot again at once. */
const KEPT = 0.75;
/** Regions with the same beginning, as when code that begins alike is generated. */
const MOST_ALIKE = 4;

interface PlacedModule {
  readonly starts: readonly number[];
  readonly module: WebAssembly.Module;
}

export class SharedRegion {
  readonly key: string;
  readonly template: RegionTemplate;
  /** With what each of them made of it. */
  readonly users = new Map<RegionUser, object>();
  /** By where images are; the last one first. */
  modules: PlacedModule[] = [];
  isEvicted = false;

  constructor(key: string, template: RegionTemplate) {
    this.key = key;
    this.template = template;
  }
}

/** Modules of a region at different places that are kept while processes come and go. */
const MOST_PLACES = 2;

export class CodeCache {
  readonly #limits: CacheLimits;
  readonly #store: CodeStore | undefined;
  readonly #byKey = new Map<string, SharedRegion[]>();
  /** Halves of all keys there ever were (region-key.ts). */
  readonly #short = new Set<number>();
  /** The one that was taken longest ago first. */
  readonly #all = new Set<SharedRegion>();
  #modules = 0;
  #bytes = 0;
  evictions = 0;

  constructor(store?: CodeStore, limits = LIMITS) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Is there any code that a process could take? */
  get hasCode(): boolean {
    return this.#all.size > 0 || (this.#store?.hasCode() ?? false);
  }
  /** False: there is no key that ends so. */
  mayHave(shortKey: number): boolean {
    return this.#store !== undefined || this.#short.has(shortKey);
  }
  has(key: string): boolean {
    return this.#byKey.has(key) || (this.#store?.has(key) ?? false);
  }

  /** Regions that may be the one that begins at a place with this key. */
  find(key: string): readonly SharedRegion[] {
    const known = this.#byKey.get(key);
    if (known) return known;
    const template = this.#store?.load(key);
    return template ? [this.#add(key, template)] : [];
  }

  /** `isLasting`: it may be of use to later host processes. */
  add(key: string, template: RegionTemplate, isLasting: boolean): SharedRegion {
    if (isLasting) this.#store?.save(key, template);
    return this.#add(key, template);
  }
  #add(key: string, template: RegionTemplate): SharedRegion {
    this.#makeRoom(template.bytes.length);
    const region = new SharedRegion(key, template);
    const alike = this.#byKey.get(key) ?? [];
    if (alike.length >= MOST_ALIKE) this.#evict(alike[0] as SharedRegion);
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), region]);
    this.#short.add(shortKeyOf(key));
    this.#all.add(region);
    this.#bytes += template.bytes.length;
    return region;
  }

  /** The module of a region for where its images are in a process; the engine may throw. */
  moduleAt(region: SharedRegion, starts: readonly number[]): WebAssembly.Module {
    this.#all.delete(region);
    this.#all.add(region);
    const { bytes, moving } = region.template;
    const known = region.modules.find((placed) => placed.starts.every((start, i) => start === starts[i]));
    if (known) return known.module;
    this.#makeRoom(bytes.length, region);
    const module = new WebAssembly.Module(moved(bytes, moving, starts));
    this.#modules++;
    this.#bytes += bytes.length;
    region.modules.unshift({ starts, module });
    if (region.modules.length > MOST_PLACES) this.#drop(region, 1);
    return module;
  }
  /** Gives up the modules at the end of a region's list. */
  #drop({ modules, template }: SharedRegion, count: number): void {
    modules.length -= count;
    this.#modules -= count;
    this.#bytes -= count * template.bytes.length;
  }

  /** Within the limits, with one more module: what nobody uses goes first, then what was taken longest ago. */
  #makeRoom(bytes: number, wanted?: SharedRegion): void {
    if (this.#modules < this.#limits.modules && this.#bytes + bytes <= this.#limits.bytes) return;
    const isEnough = (): boolean =>
      this.#modules < KEPT * this.#limits.modules && this.#bytes + bytes <= KEPT * this.#limits.bytes;
    for (const mayBeUsed of [false, true])
      for (const region of this.#all) {
        if (isEnough()) return;
        if (region !== wanted && (mayBeUsed || region.users.size === 0)) this.#evict(region);
      }
  }
  /** Everything goes, as when the engine makes no more modules. */
  flush(): void {
    for (const region of this.#all) this.#evict(region);
  }
  #evict(region: SharedRegion): void {
    this.evictions++;
    this.#all.delete(region);
    const alike = (this.#byKey.get(region.key) ?? []).filter((other) => other !== region);
    if (alike.length > 0) this.#byKey.set(region.key, alike);
    else this.#byKey.delete(region.key);
    this.#drop(region, region.modules.length);
    this.#bytes -= region.template.bytes.length;
    region.isEvicted = true;
    for (const [user, made] of region.users) user.evicted(made);
    region.users.clear();
  }
}
