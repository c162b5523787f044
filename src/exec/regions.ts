// The compiled code of one address space: regions by guest address, their places in the table, what invalidates them.
//
//   heat used up -> hot(): take from the cache, or discover and compile; instantiate -> table[place], header.region = place
//   page changed, or no room for so much -> table[place] = cold, header.region = 0
//
// A place belongs to a guest address for good, so that code which calls it need not know whether it is compiled: the cold
// function interprets what is not ('region.cold', interpreter/trace.ts).

import type { CodeImage, ExecutionHooks, MemoryCheck } from '../arch/arch.ts';
import type { CodeCache, RegionUser, SharedRegion } from './code-cache.ts';
import type { Compilations, Translated } from './compilations.ts';
import { discover, sizeOf } from './jit/discover.ts';
import { type ImageAt, PLACES } from './jit/addresses.ts';
import type { RegionCompiler } from './jit/compile.ts';
import { REGION } from './jit/region-function.ts';
import type { RegionFunction, Verifier } from './jit/verify.ts';
import { inlineCalls } from './jit/inline.ts';
import {
  FETCH_LIMIT,
  Header,
  LOOKUP,
  LOOKUP_ENTRIES,
  LOOKUP_SHIFT,
  NEVER,
  PAGE_COUNT,
  Place,
  REGION_BUDGET,
  SCRATCH,
  TARGETS,
  TARGETS_ENTRIES,
  THRESHOLD,
  WARM,
} from './layout.ts';
import { regionKey, shortKey } from './region-key.ts';
import { addressOf, match, pagesOf, templateOf } from './templates.ts';

/** What regions need of the interpreter's instance. */
export interface RegionHost {
  readonly state: WebAssembly.Memory;
  readonly guest: WebAssembly.Memory;
  readonly host: WebAssembly.ModuleImports;
  readonly table: WebAssembly.Table;
  readonly cold: () => bigint;
  readonly high: () => bigint;
  readonly decode: (rip: number, op: number) => number;
  readonly fetch: ExecutionHooks['fetch'];
  readonly image: NonNullable<ExecutionHooks['image']>;
  readonly imageStart: NonNullable<ExecutionHooks['imageStart']>;
  readonly cache: CodeCache;
  /** Begins the keys of regions: what their code depends on besides guest code. */
  readonly configuration: string;
  /** How code that is about to run may check what it reads; not any more: everything compiled so is forgotten first. */
  readonly memoryCheck: () => MemoryCheck;
  /** Guest instructions that may have been compiled by now. */
  readonly allowance: () => number;
  readonly compilations: Compilations;
  readonly verifier: Verifier | undefined;
}

interface Compiled {
  readonly shared: SharedRegion;
  /** Where its images begin here. */
  readonly starts: readonly number[];
  readonly root: number;
  /** Guest addresses at which it can be entered, the root among them. */
  readonly entries: readonly number[];
  readonly pages: ReadonlySet<number>;
  /** Guest instructions. */
  readonly size: number;
}

/** Below this threshold counts say nothing. */
const COUNTING = 256;
/** What is jumped to 2^-COLD_SHIFT times as often as code is to be hot stays out of regions. */
const COLD_SHIFT = 4;
/** Entries after which code that is compiled already is taken. */
const TAKEN = 200;
/** A page that is written this often waits twice as long each time for its code to be compiled, up to 2^MOST_PATIENCE times. */
const FEW = 4,
  MOST_PATIENCE = 6;
/** Guest instructions of compiled code that is rather compiled once more as a part of another region than jumped to. */
const OWN = 150;

/** Where a region is to begin, and where its file does. */
interface Root {
  readonly rip: number;
  readonly start: number;
  readonly key: string;
  /** Is its code in a file? */
  readonly isLasting: boolean;
}

export class Regions implements RegionUser {
  readonly #compiler: RegionCompiler;
  readonly #host: RegionHost;
  readonly #words: Int32Array;
  #guestView: DataView | undefined;
  readonly #view: DataView;
  readonly #places = new Map<number, number>();
  /** By entry. */
  readonly #live = new Map<number, Compiled>();
  /** Compiled by the parent, not instantiated here yet. */
  readonly #inherited = new Map<number, Compiled>();
  readonly #byPage = new Map<number, Set<Compiled>>();
  /** Functions too long to be copied to their callers, as they were found. */
  readonly #long = new Set<number>();
  /** How often compiled code was dropped because a page changed. */
  readonly #drops = new Map<number, number>();
  /** Of all regions here. */
  #memoryCheck: MemoryCheck = 'page';
  /** Guest instructions, dropped ones included. */
  #compiled = 0;

  constructor(compiler: RegionCompiler, host: RegionHost) {
    this.#compiler = compiler;
    this.#host = host;
    this.#words = new Int32Array(host.state.buffer);
    this.#view = new DataView(host.state.buffer);
    this.#reserve(Place.first);
    host.table.set(Place.cold, host.cold);
    host.table.set(Place.high, host.high);
  }

  /** The trace at `op` has used up its heat: leaves it with compiled code or with heat. */
  hot(op: number): void {
    const words = this.#words;
    const memoryCheck = this.#host.memoryCheck();
    if (memoryCheck !== this.#memoryCheck) {
      this.invalidate(0, PAGE_COUNT - 1);
      this.#memoryCheck = memoryCheck;
    }
    const header = (op - Header.bytes) >> 2;
    const heat = header + (Header.heat >> 2);
    const rip = (words[header + (Header.rip >> 2)] as number) >>> 0;
    if (!this.#live.has(rip)) {
      const left = this.#compileOrWait(rip, header + (Header.seen >> 2));
      if (left > 0) {
        words[heat] = left;
        return;
      }
    }
    words[heat] = 0;
    words[header + (Header.region >> 2)] = this.#placeOf(rip);
  }
  /** The heat to go on with, 0 if there is code now. `seen`: a word of the trace's header. */
  #compileOrWait(rip: number, seen: number): number {
    const words = this.#words;
    const threshold = words[THRESHOLD >> 2] as number;
    let compiled = this.#inherited.get(rip);
    if (!compiled || compiled.shared.isEvicted) {
      const known = this.#knownRoot(rip);
      const wanted = (known ? Math.min(threshold, TAKEN) : threshold) * this.#patience(rip >>> 12);
      if (words[seen] === 0 && wanted > WARM) {
        words[seen] = 1;
        return wanted - WARM;
      }
      compiled = known && this.#take(known);
      if (!compiled && this.#compiled > this.#host.allowance()) return threshold;
      compiled ??= this.#compile(known ?? this.#rootAt(rip));
    }
    return compiled && this.#install(compiled) ? 0 : NEVER;
  }

  /** Of guest memory, which grows. */
  get #guest(): DataView {
    const { buffer } = this.#host.guest;
    if (this.#guestView?.buffer !== buffer) this.#guestView = new DataView(buffer);
    return this.#guestView;
  }
  /** How many times longer the code of a page waits. */
  #patience(page: number): number {
    const drops = this.#drops.get(page) ?? 0;
    if (drops <= FEW || (this.#words[THRESHOLD >> 2] as number) < COUNTING) return 1;
    return 2 ** Math.min(MOST_PATIENCE, drops - FEW);
  }
  /** If code that begins here may have been compiled. This is asked of every trace that gets warm, and is to cost little. */
  #knownRoot(rip: number): Root | undefined {
    const { cache, image } = this.#host;
    const start = image(rip >>> 12)?.start ?? 0;
    if (!cache.mayHave(shortKey(this.#guest, rip, rip - start))) return undefined;
    const root = this.#rootAt(rip);
    return cache.has(root.key) ? root : undefined;
  }
  #rootAt(rip: number): Root {
    const image = this.#host.image(rip >>> 12);
    const start = image?.start ?? 0;
    const key = regionKey(this.#guest, rip, rip - start);
    const configuration = this.#host.configuration + (this.#memoryCheck === 'page' ? '' : `-${this.#memoryCheck}`);
    return { rip, start, key: `${configuration}/${key}`, isLasting: image !== undefined };
  }
  /** What another process, or this one before it was dropped, has compiled of the same code. */
  #take(root: Root): Compiled | undefined {
    const { cache, compilations } = this.#host;
    for (const shared of cache.find(root.key)) {
      const starts = match(shared.template, root, new Uint8Array(this.#host.guest.buffer), this.#host);
      if (!starts) continue;
      compilations.shared++;
      this.#compiled += shared.template.size;
      return placed(shared, starts);
    }
    return undefined;
  }
  #compile({ rip, start, key, isLasting }: Root): Compiled | undefined {
    const { compilations, cache } = this.#host;
    const translated = compilations.translating(() => this.#translate(rip));
    if (!translated) return undefined;
    const template = templateOf(translated);
    // At other addresses, as in a later run, it would be of no use.
    const isBound = start > 0 && template.root.image < 0;
    const shared = cache.add(key, template, isLasting && !isBound);
    return placed(
      shared,
      translated.addresses.images.map(({ start }) => start),
    );
  }
  #translate(root: number): Translated | undefined {
    const fetched = new Map<number, boolean>();
    const canFetch = (page: number): boolean => {
      let answer = fetched.get(page);
      if (answer === undefined) fetched.set(page, (answer = this.#host.fetch(page)));
      return answer;
    };
    const decode = (rip: number) => {
      const page = rip >>> 12;
      if (!canFetch(page)) return undefined;
      this.#words[FETCH_LIMIT >> 2] = (page + 1) << 12;
      const end = this.#host.decode(rip, SCRATCH);
      return this.#compiler.instruction(this.#view, SCRATCH, end);
    };
    const guest = this.#guest;
    const read = (address: number, bytes: 4 | 8): bigint | undefined => {
      if (address < 0 || address + bytes > guest.byteLength) return undefined;
      return bytes === 8 ? guest.getBigUint64(address, true) : BigInt(guest.getInt32(address, true));
    };
    const threshold = this.#words[THRESHOLD >> 2] as number;
    const count = (rip: number): number => (threshold < COUNTING ? 0 : this.#countOf(rip));
    const isWarm = (rip: number): boolean => threshold < COUNTING || count(rip) >= threshold >> COLD_SHIFT;
    const isElsewhere = (rip: number): boolean => (this.#live.get(rip)?.size ?? 0) > OWN;
    const source = this.#compiler.source(decode, { read, view: this.#view, count, isWarm, isElsewhere, long: this.#long });
    const found = discover(root, source);
    if (!found) return undefined;
    const region = this.#compiler.without.has('inlining') ? found : inlineCalls(found, source);
    // Where it cannot, the interpreter goes on.
    const compiled = this.#compiler.compile(region, this.#imageAt(), this.#memoryCheck);
    if (!compiled) return undefined;
    const size = sizeOf(region);
    this.#compiled += size;
    return { ...compiled, region, size, guest: new Uint8Array(guest.buffer) };
  }

  #imageAt(): ImageAt {
    const known = new Map<number, CodeImage | undefined>();
    return (rip) => {
      const page = rip >>> 12;
      if (!known.has(page)) known.set(page, this.#host.image(page));
      return known.get(page);
    };
  }

  /** False where the engine cannot: it has no room for so many modules. */
  #install(compiled: Compiled): boolean {
    const { verifier, cache, compilations, table } = this.#host;
    const { shared, starts } = compiled;
    if (shared.isEvicted) return false;
    let own: RegionFunction;
    try {
      own = compilations.inEngine(() => this.#instantiate(cache.moduleAt(shared, starts), compiled));
    } catch {
      cache.flush();
      return false;
    }
    const code = verifier?.wrap(own) ?? own;
    for (const entry of compiled.entries) {
      this.#inherited.delete(entry);
      if (entry !== compiled.root && this.#live.has(entry)) continue;
      table.set(this.#placeOf(entry), code);
      this.#live.set(entry, compiled);
    }
    shared.users.set(this, compiled);
    this.#register(compiled);
    return true;
  }
  #instantiate(module: WebAssembly.Module, { shared, starts }: Compiled): RegionFunction {
    const { state, guest, table, verifier, host } = this.#host;
    const places = shared.template.targets.map((target) => this.#placeOf(addressOf(target, starts)));
    const imports = {
      memory: { state, guest },
      host: verifier?.host ?? host,
      cpu: { regions: table },
      [PLACES]: Object.fromEntries(places.entries()),
    };
    return new WebAssembly.Instance(module, imports).exports[REGION] as RegionFunction;
  }
  #register(compiled: Compiled): void {
    for (const page of compiled.pages) {
      const all = this.#byPage.get(page);
      if (all) all.add(compiled);
      else this.#byPage.set(page, new Set([compiled]));
    }
  }

  #placeOf(rip: number): number {
    let place = this.#places.get(rip);
    if (place === undefined) {
      place = Place.first + this.#places.size;
      this.#places.set(rip, place);
      this.#reserve(place);
    }
    return place;
  }
  #reserve(place: number): void {
    const { table, cold } = this.#host;
    if (place >= table.length) table.grow(Math.max(64, table.length), cold);
  }

  /** Pages first..last have changed: forgets what was compiled from them. */
  invalidate(first: number, last: number): void {
    this.#host.verifier?.invalidate(first, last);
    if (this.#byPage.size === 0) return;
    if (last - first < this.#byPage.size) {
      for (let page = first; page <= last; page++) this.#drop(page);
    } else for (const page of [...this.#byPage.keys()]) if (page >= first && page <= last) this.#drop(page);
  }
  #drop(page: number): void {
    const all = this.#byPage.get(page);
    if (!all) return;
    this.#byPage.delete(page);
    this.#drops.set(page, (this.#drops.get(page) ?? 0) + 1);
    for (const compiled of all) {
      if (!this.#forget(compiled)) continue;
      compiled.shared.users.delete(this);
      this.#host.compilations.dropped++;
    }
    this.#unwind();
  }
  /** False if it was forgotten before. */
  #forget(compiled: Compiled): boolean {
    const { table, cold } = this.#host;
    let isKnown = false;
    for (const entry of compiled.entries) {
      isKnown ||= this.#inherited.get(entry) === compiled || this.#live.get(entry) === compiled;
      if (this.#inherited.get(entry) === compiled) this.#inherited.delete(entry);
      if (this.#live.get(entry) !== compiled) continue;
      this.#live.delete(entry);
      table.set(this.#placeOf(entry), cold);
      this.#cool(entry, this.#words[THRESHOLD >> 2] as number);
    }
    for (const page of compiled.pages) {
      const all = this.#byPage.get(page);
      all?.delete(compiled);
      if (all?.size === 0) this.#byPage.delete(page);
    }
    return isKnown;
  }
  evicted(compiled: Compiled): void {
    this.#forget(compiled);
    this.#host.compilations.evicted++;
    this.#unwind();
  }
  /** Frames of dropped code may be on the host's stack: their budget is used up, so that they return. */
  #unwind(): void {
    this.#words[REGION_BUDGET >> 2] = -1;
  }

  /** The trace at `root`, if there is one, is interpreted from now on. */
  #cool(root: number, heat: number): void {
    const header = this.#headerOf(root);
    if (header === undefined) return;
    this.#words[header + (Header.heat >> 2)] = heat;
    this.#words[header + (Header.region >> 2)] = 0;
  }
  /** How often the interpreter came to an address by a jump, as far as its heat tells. */
  #countOf(rip: number): number {
    const words = this.#words;
    const header = this.#headerOf(rip);
    if (header === undefined) return 0;
    const heat = words[header + (Header.heat >> 2)] as number;
    const threshold = words[THRESHOLD >> 2] as number;
    if (heat > threshold) return 0;
    return (words[header + (Header.seen >> 2)] === 0 ? WARM : threshold) - heat;
  }
  /** Where the trace at an address has its header, in words; undefined if there is none. */
  #headerOf(root: number): number | undefined {
    const words = this.#words;
    let at = (root ^ (root >>> LOOKUP_SHIFT)) & (LOOKUP_ENTRIES - 1);
    for (;;) {
      const entry = (LOOKUP >> 2) + 2 * at;
      const key = (words[entry] as number) >>> 0;
      if (key === 0) return undefined;
      if (key === root) {
        const first = words[entry + 1] as number;
        return first ? (first - Header.bytes) >> 2 : undefined;
      }
      at = (at + 1) & (LOOKUP_ENTRIES - 1);
    }
  }

  /** This process is over, or will be reset before it goes on. */
  release(): void {
    for (const { shared } of this.#live.values()) shared.users.delete(this);
  }
  /** Everything is forgotten, the traces too. */
  reset(): void {
    this.#host.verifier?.reset();
    this.release();
    const { table, cold } = this.#host;
    for (const root of this.#live.keys()) table.set(this.#placeOf(root), cold);
    this.#live.clear();
    this.#inherited.clear();
    this.#byPage.clear();
    this.#drops.clear();
    this.#long.clear();
  }

  /** The state memory has the parent's traces: so does this have its code, from the first time it is needed. */
  adopt(parent: Regions): void {
    this.reset();
    this.#places.clear();
    this.#compiled = parent.#compiled;
    this.#memoryCheck = parent.#memoryCheck;
    this.#words.fill(0, TARGETS >> 2, (TARGETS >> 2) + 2 * TARGETS_ENTRIES);
    for (const [rip, place] of parent.#places) {
      this.#places.set(rip, place);
      this.#reserve(place);
    }
    for (const [entry, compiled] of [...parent.#inherited, ...parent.#live]) {
      this.#inherited.set(entry, compiled);
      this.#register(compiled);
      this.#cool(entry, 1);
    }
  }
}

const placed = (shared: SharedRegion, starts: readonly number[]): Compiled => {
  const { root, entries, size } = shared.template;
  return {
    shared,
    starts,
    root: addressOf(root, starts),
    entries: entries.map((entry) => addressOf(entry, starts)),
    pages: pagesOf(shared.template, starts),
    size,
  };
};
