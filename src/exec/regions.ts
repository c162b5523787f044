// The compiled code of one address space: regions by guest address, their places in the table, what invalidates them.
//
//   heat used up -> hot(): discover, compile, instantiate -> table[place], header.region = place
//   page changed -> invalidate(): table[place] = cold, header.region = 0
//
// A place belongs to a guest address for good, so that code which calls it need not know whether it is compiled: the cold
// function gives the address back, and the caller returns to the interpreter.

import type { ExecutionHooks } from '../arch/arch.ts';
import type { Compilations, Translated } from './compilations.ts';
import { discover, sizeOf } from './jit/discover.ts';
import { type Addresses, PLACES } from './jit/addresses.ts';
import { REGION, type RegionCompiler } from './jit/compile.ts';
import type { RegionFunction, Verifier } from './jit/verify.ts';
import { inlineCalls } from './jit/inline.ts';
import {
  FETCH_LIMIT,
  Header,
  LOOKUP,
  LOOKUP_ENTRIES,
  LOOKUP_SHIFT,
  NEVER,
  Place,
  REGION_BUDGET,
  SCRATCH,
  TARGETS,
  TARGETS_ENTRIES,
  THRESHOLD,
  WARM,
} from './layout.ts';

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
  /** Guest instructions that may have been compiled by now. */
  readonly allowance: () => number;
  readonly compilations: Compilations;
  readonly verifier: Verifier | undefined;
}

interface Compiled {
  readonly root: number;
  /** Guest addresses at which it can be entered, the root among them. */
  readonly entries: readonly number[];
  readonly pages: ReadonlySet<number>;
  /** Guest instructions. */
  readonly size: number;
  readonly module: WebAssembly.Module;
  readonly addresses: Addresses;
}

/** Below this threshold counts say nothing. */
const COUNTING = 256;
/** What is jumped to 2^-COLD_SHIFT times as often as code is to be hot stays out of regions. */
const COLD_SHIFT = 4;
/** Guest instructions of compiled code that is rather compiled once more as a part of another region than jumped to. */
const OWN = 150;

export class Regions {
  readonly #compiler: RegionCompiler;
  readonly #host: RegionHost;
  readonly #words: Int32Array;
  readonly #view: DataView;
  readonly #places = new Map<number, number>();
  /** By entry. */
  readonly #live = new Map<number, Compiled>();
  /** Compiled by the parent, not instantiated here yet. */
  readonly #inherited = new Map<number, Compiled>();
  readonly #byPage = new Map<number, Set<Compiled>>();
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
    const header = (op - Header.bytes) >> 2;
    const heat = header + (Header.heat >> 2),
      seen = header + (Header.seen >> 2);
    const rip = (words[header + (Header.rip >> 2)] as number) >>> 0;
    if (!this.#live.has(rip)) {
      const threshold = words[THRESHOLD >> 2] as number;
      const inherited = this.#inherited.get(rip);
      if (!inherited && words[seen] === 0 && threshold > WARM) {
        words[seen] = 1;
        words[heat] = threshold - WARM;
        return;
      }
      if (!inherited && this.#compiled > this.#host.allowance()) {
        words[heat] = threshold;
        return;
      }
      const compiled = inherited ?? this.#compile(rip);
      if (!compiled) {
        words[heat] = NEVER;
        return;
      }
      this.#install(compiled);
    }
    words[heat] = 0;
    words[header + (Header.region >> 2)] = this.#placeOf(rip);
  }

  #compile(root: number): Compiled | undefined {
    const { compilations } = this.#host;
    const translated = compilations.translating(() => this.#translate(root));
    if (!translated) return undefined;
    const { region, bytes, code, addresses, size } = translated;
    const module = compilations.inEngine(() => new WebAssembly.Module(bytes));
    return { root, entries: code.entries, pages: region.pages, size, module, addresses };
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
    const guest = new DataView(this.#host.guest.buffer);
    const read = (address: number, bytes: 4 | 8): bigint | undefined => {
      if (address < 0 || address + bytes > guest.byteLength) return undefined;
      return bytes === 8 ? guest.getBigUint64(address, true) : BigInt(guest.getInt32(address, true));
    };
    const threshold = this.#words[THRESHOLD >> 2] as number;
    const count = (rip: number): number => this.#countOf(rip);
    const isWarm = (rip: number): boolean => threshold < COUNTING || count(rip) >= threshold >> COLD_SHIFT;
    const isElsewhere = (rip: number): boolean => (this.#live.get(rip)?.size ?? 0) > OWN;
    const source = this.#compiler.source(decode, { read, view: this.#view, count, isWarm, isElsewhere });
    const found = discover(root, source);
    if (!found) return undefined;
    const region = inlineCalls(found, source);
    // Where it cannot, the interpreter goes on.
    const compiled = this.#compiler.compile(region, (rip) => this.#host.image(rip >>> 12));
    if (!compiled) return undefined;
    const size = sizeOf(region);
    this.#compiled += size;
    return { ...compiled, region, size, guest: new Uint8Array(guest.buffer) };
  }

  #install(compiled: Compiled): void {
    const { state, guest, table, verifier } = this.#host;
    const { images, targets } = compiled.addresses;
    const places = targets.map(({ image, offset }) => this.#placeOf(offset + (images[image]?.start ?? 0)));
    const imports = {
      memory: { state, guest },
      host: verifier?.host ?? this.#host.host,
      cpu: { regions: table },
      [PLACES]: Object.fromEntries(places.entries()),
    };
    const instance = this.#host.compilations.inEngine(() => new WebAssembly.Instance(compiled.module, imports));
    const own = instance.exports[REGION] as RegionFunction;
    const code = verifier?.wrap(own) ?? own;
    for (const entry of compiled.entries) {
      this.#inherited.delete(entry);
      if (entry !== compiled.root && this.#live.has(entry)) continue;
      table.set(this.#placeOf(entry), code);
      this.#live.set(entry, compiled);
    }
    this.#register(compiled);
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
    const { table, cold, compilations } = this.#host;
    for (const compiled of all) {
      let isKnown = false;
      for (const entry of compiled.entries) {
        isKnown ||= this.#inherited.get(entry) === compiled || this.#live.get(entry) === compiled;
        if (this.#inherited.get(entry) === compiled) this.#inherited.delete(entry);
        if (this.#live.get(entry) !== compiled) continue;
        this.#live.delete(entry);
        table.set(this.#placeOf(entry), cold);
        this.#cool(entry, this.#words[THRESHOLD >> 2] as number);
      }
      if (isKnown) compilations.dropped++;
    }
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

  /** Everything is forgotten, the traces too. */
  reset(): void {
    this.#host.verifier?.reset();
    const { table, cold } = this.#host;
    for (const root of this.#live.keys()) table.set(this.#placeOf(root), cold);
    this.#live.clear();
    this.#inherited.clear();
    this.#byPage.clear();
  }

  /** The state memory has the parent's traces: so does this have its code, from the first time it is needed. */
  adopt(parent: Regions): void {
    this.reset();
    this.#places.clear();
    this.#compiled = parent.#compiled;
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
