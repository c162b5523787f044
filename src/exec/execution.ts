// The interpreter tier as the kernel sees it: one instance of the generated module for one address space.

import type { Execution, ExecutionFactory, ExecutionHooks, ExitReason, Fault, MemoryCheck } from '../arch/arch.ts';
import { TMP0 } from '../ir/slots.ts';
import { CodeCache } from './code-cache.ts';
import { Compilations, type OnCompiled } from './compilations.ts';
import type { RegionCompiler } from './jit/compile.ts';
import {
  ARENA,
  ARENA_NEXT,
  EXIT_VECTOR,
  FAULT_ADDRESS,
  FAULT_ERROR,
  FEATURES,
  GENERATION,
  CPUID_COUNT,
  CPUID_ROWS,
  Header,
  INSTRUCTIONS,
  LOOKUP,
  LOOKUP_ENTRIES,
  LOOKUP_SHIFT,
  LOOKUP_USED,
  Op,
  NEVER,
  PAGE_TRACES,
  STATE_PAGES,
  THRESHOLD,
} from './layout.ts';
import type { Regions } from './regions.ts';

/**
 * Guest memory starts small and is grown by the memory map: more than 64 MB, state memory included, cost a garbage
 * collection, and creating 4 GiB costs 5 ms.
 */
const GUEST_PAGES = 0x220;
const MOST_GUEST_PAGES = 65536;

export interface ExecutionOptions {
  /** The generated module, or the start module of a split interpreter; asked for when a guest first runs. */
  readonly module: () => WebAssembly.Module;
  /** The rest module of a split interpreter; asked for when the first of its handlers runs. */
  readonly rest?: (() => WebAssembly.Module) | undefined;
  /** Handler number of the '.bail' operation. */
  readonly bail: () => number;
  /** Compiles hot code; undefined where nothing does, 'later' while it is loaded. Asked when code is first found hot. */
  readonly compiler?: (() => RegionCompiler | 'later' | undefined) | undefined;
  /** Entries after which code is compiled. */
  readonly threshold?: number | undefined;
  readonly onCompiled?: OnCompiled | undefined;
  /** Where compiled code is shared; by default the factory's own. */
  readonly cache?: CodeCache | undefined;
  readonly memoryCheck?: MemoryCheck | undefined;
  /** Is all compiled code interpreted as well? */
  readonly isVerified?: boolean | undefined;
  /** What CPUID says: rows of leaf, subleaf, eax, ebx, ecx, edx. */
  readonly cpuid: Uint32Array;
  /** Feature bits the decoder tests. */
  readonly features: number;
  /** Time stamp counter: nanoseconds from any moment on. */
  readonly ticks: () => number;
}

type CachedOptions = ExecutionOptions & { readonly cache: CodeCache };

interface InterpreterExports {
  readonly run: (budget: number) => number;
  readonly 'decode.one': (rip: number, op: number) => number;
  readonly 'region.back': () => bigint;
  readonly 'region.cold': () => bigint;
  readonly 'region.high': () => bigint;
  readonly regions: WebAssembly.Table;
}
/** Entries after which a trace is compiled: interpreting them took about as long as compiling it takes. */
const HOT = 20_000;
/**
 * Instructions, counted in whole slices, before anything is: loading the compiler and compiling what is warm take longer
 * than interpreting these. `python3 -c pass` and a compiler's start, 30 and 70 million, would take twice as long.
 */
const SETTLED = 50_000_000;

/**
 * Instructions executed for each one that is compiled. Compiling takes the time of ten thousand; programs with a small hot
 * part lose nothing by this rule (python3, perl), those without one, as compilers, save much of it.
 */
const COMPILING = 40_000;
/** Guest instructions that may be compiled whatever was executed: the hottest code is found first, and waits for nothing. */
const AT_ONCE = 4000;

const TICKS_A_MILLISECOND = 1e6;

const REASONS: readonly (ExitReason | undefined)[] = [undefined, 'budget', 'syscall', 'fault'];

export function createExecutionFactory(options: ExecutionOptions): ExecutionFactory {
  const { compiler, ticks, onCompiled } = options;
  const compilations = new Compilations(() => ticks() / TICKS_A_MILLISECOND, onCompiled);
  const all = { ...options, cache: options.cache ?? new CodeCache() };
  return {
    memoryCheck: options.memoryCheck,
    create: (hooks) => new Interpreter(all, hooks, compilations),
    compiled: compiler && (() => compilations.stats()),
  };
}

class Interpreter implements Execution {
  readonly state: WebAssembly.Memory;
  readonly guest: WebAssembly.Memory;
  readonly #words: Int32Array;
  readonly #view: DataView;
  readonly #options: CachedOptions;
  readonly #hooks: ExecutionHooks;
  readonly #compilations: Compilations;
  readonly #host: WebAssembly.ModuleImports;
  #instance: InterpreterExports | undefined;
  #regions: Regions | undefined;
  /** Is there no compiler? */
  #isHopeless = false;
  /** Everything decoded is to be forgotten before the next run. */
  #isStale = false;
  /** Pages that have traces, and some that had: a trace may reach into the page above. */
  readonly #pages = new Set<number>();

  constructor(options: CachedOptions, hooks: ExecutionHooks, compilations: Compilations, guest?: WebAssembly.Memory) {
    this.#options = options;
    this.#hooks = hooks;
    this.#compilations = compilations;
    this.state = new WebAssembly.Memory({ initial: STATE_PAGES, maximum: STATE_PAGES });
    this.guest = guest ?? new WebAssembly.Memory({ initial: GUEST_PAGES, maximum: MOST_GUEST_PAGES });
    this.#words = new Int32Array(this.state.buffer);
    this.#view = new DataView(this.state.buffer);
    this.#host = this.#imports();
    const { cpuid, features } = options;
    const words = this.#words;
    words[ARENA_NEXT >> 2] = ARENA;
    words[FEATURES >> 2] = features;
    words[THRESHOLD >> 2] = this.#options.compiler ? (this.#options.threshold ?? HOT) : NEVER;
    words[CPUID_ROWS >> 2] = CPUID_AT;
    words[CPUID_COUNT >> 2] = cpuid.length / 6;
    new Uint32Array(this.state.buffer).set(cpuid, CPUID_AT >> 2);
  }

  get #exports(): InterpreterExports {
    this.#instance ??= this.#instantiate();
    return this.#instance;
  }

  #instantiate(): InterpreterExports {
    const { state, guest } = this;
    const instance = new WebAssembly.Instance(this.#options.module(), { memory: { state, guest }, host: this.#host });
    return instance.exports as unknown as InterpreterExports;
  }

  /** What generated code calls. */
  #imports(): WebAssembly.ModuleImports {
    const { rest, ticks } = this.#options;
    const hooks = this.#hooks;
    const words = this.#words;
    const memory = { state: this.state, guest: this.guest };
    return {
      syscall: () => (hooks.syscall() ? 1 : 0),
      access: (low: number, size: number, isWrite: number) => (hooks.access(low >>> 0, size, isWrite !== 0) ? 1 : 0),
      fetch: (page: number) => {
        if (!hooks.fetch(page)) return 0;
        this.#pages.add(page);
        return 1;
      },
      rdtsc: () => {
        const now = ticks();
        words[TMP0_INDEX] = now | 0;
        words[TMP0_INDEX + 1] = (now / 4294967296) | 0;
      },
      random: () => hooks.random(new Uint8Array(this.state.buffer, TMP0_INDEX * 4, 8)),
      hot: (op: number) => {
        if (!this.#regions) {
          const { threshold } = this.#options;
          const heat = (op - Header.bytes + Header.heat) >> 2;
          this.#regions = this.#createRegions();
          if (!this.#regions || this.#isStale) {
            // What is counted from now on decides.
            words[heat] = this.#isHopeless ? NEVER : (threshold ?? HOT);
            words[(op - Header.bytes + Header.seen) >> 2] = 1;
            return;
          }
        }
        this.#regions.hot(op);
      },
      rest: () => {
        if (!rest) throw new Error('half an interpreter');
        new WebAssembly.Instance(rest(), { memory, host: this.#host, start: this.#exports as never });
      },
    };
  }

  /** Undefined while it does not pay, or cannot be. */
  #createRegions(): Regions | undefined {
    const { threshold, cache } = this.#options;
    const isEarly = threshold === undefined && this.instructions() < SETTLED;
    if (isEarly && !cache.hasCode) return undefined;
    const compiler = this.#options.compiler?.();
    this.#isHopeless = !compiler;
    if (!compiler || compiler === 'later') return undefined;
    if (threshold === undefined && !isEarly) this.#isStale = true;
    const { state, guest } = this;
    const { regions: table, 'region.back': back, 'region.cold': cold, 'region.high': high, 'decode.one': decode } = this.#exports;
    const { fetch, image = () => undefined, imageStart = () => undefined, hasWindow = () => false } = this.#hooks;
    const { isVerified, features, memoryCheck } = this.#options;
    const verifier = isVerified ? compiler.verifier({ state, guest }, this.#host, fetch, this.#makeShadow) : undefined;
    return compiler.regions({
      state,
      guest,
      host: this.#host,
      table,
      // What is interpreted in between would not be seen.
      cold: isVerified ? back : cold,
      high,
      decode,
      fetch,
      image,
      imageStart,
      cache,
      configuration: `${compiler.identity}/${features.toString(36)}`,
      compilations: this.#compilations,
      verifier,
      memoryCheck: () => (memoryCheck === 'window' && hasWindow() ? memoryCheck : 'page'),
      allowance: () => this.#allowance(),
    });
  }

  /** Guest instructions that may have been compiled by now: compiling is to take a part of the time only. */
  #allowance(): number {
    if (this.#options.threshold !== undefined) return Number.POSITIVE_INFINITY;
    const executed = this.instructions();
    return executed < SETTLED ? 0 : AT_ONCE + executed / COMPILING;
  }
  /** An interpreter only, in the same guest memory. */
  readonly #makeShadow = (hooks: ExecutionHooks, ticks: () => number): Execution =>
    new Interpreter({ ...this.#options, compiler: undefined, ticks }, hooks, this.#compilations, this.guest);

  run(budget: number): ExitReason {
    if (this.#isStale) {
      this.#isStale = false;
      this.#flush();
    }
    const reason = REASONS[this.#exports.run(budget)];
    if (this.#regions) this.#compilations.collect(this.#words);
    if (!reason) throw new Error('the interpreter left without a reason');
    return reason;
  }

  fault(): Fault {
    return {
      vector: this.#words[EXIT_VECTOR >> 2] as number,
      address: this.#view.getBigUint64(FAULT_ADDRESS, true),
      errorCode: this.#words[FAULT_ERROR >> 2] as number,
    };
  }

  invalidate(firstPage: number, lastPage: number): void {
    if (this.#isStale) return;
    this.#regions?.invalidate(firstPage, lastPage);
    const words = this.#words;
    for (let page = firstPage; page <= lastPage; page++) {
      const head = (PAGE_TRACES >> 2) + page;
      let link = words[head] as number;
      if (!link) continue;
      words[head] = 0;
      while (link) {
        const isSecond = (link & 1) !== 0;
        const header = (link & ~1) >> 2;
        this.#forget(header);
        link = words[header + ((isSecond ? Header.nextOfSecond : Header.next) >> 2)] as number;
      }
    }
  }

  /** Makes every operation of a trace look itself up again, and the table not find the trace. */
  #forget(header: number): void {
    const words = this.#words;
    const rip = words[header + (Header.rip >> 2)] as number;
    const first = header * 4 + Header.bytes;
    const end = words[header + (Header.end >> 2)] as number;
    words[header + (Header.heat >> 2)] = NEVER;
    words[header + (Header.region >> 2)] = 0;
    const bail = this.#options.bail();
    for (let op = first; op < end; op += Op.bytes) this.#view.setUint16(op + Op.handler, bail, true);
    let at = (rip ^ (rip >>> LOOKUP_SHIFT)) & (LOOKUP_ENTRIES - 1);
    for (;;) {
      const entry = (LOOKUP >> 2) + 2 * at;
      const key = words[entry] as number;
      if (key === rip) {
        if (words[entry + 1] === first) words[entry + 1] = 0;
        return;
      }
      if (key === 0) return;
      at = (at + 1) & (LOOKUP_ENTRIES - 1);
    }
  }

  /** Takes effect at the next run: most processes that are reset at their end are never followed by another. */
  reset(): void {
    this.#regions?.release();
    // Clearing the tables of a fresh state memory would only touch its pages.
    if (this.#words[ARENA_NEXT >> 2] !== ARENA) this.#isStale = true;
  }

  /** As 'trace.flush', which does not know where there are traces. */
  #flush(): void {
    const words = this.#words;
    this.#regions?.reset();
    words.fill(0, LOOKUP >> 2, (LOOKUP >> 2) + 2 * LOOKUP_ENTRIES);
    this.#clearPages();
    words[ARENA_NEXT >> 2] = ARENA;
    words[LOOKUP_USED >> 2] = 0;
    (words[GENERATION >> 2] as number)++;
  }

  #clearPages(): void {
    for (const page of this.#pages) this.#words.fill(0, (PAGE_TRACES >> 2) + page, (PAGE_TRACES >> 2) + page + 2);
    this.#pages.clear();
  }

  adopt(from: Execution): void {
    if (!(from instanceof Interpreter) || from.#isStale) return this.reset();
    const words = this.#words,
      source = from.#words;
    const copy = (start: number, end: number): void => words.set(source.subarray(start >> 2, end >> 2), start >> 2);
    this.#isStale = false;
    this.#clearPages();
    for (const page of from.#pages) {
      this.#pages.add(page);
      copy(PAGE_TRACES + 4 * page, PAGE_TRACES + 4 * page + 8);
    }
    copy(LOOKUP, LOOKUP + 8 * LOOKUP_ENTRIES);
    copy(ARENA, source[ARENA_NEXT >> 2] as number);
    words[ARENA_NEXT >> 2] = source[ARENA_NEXT >> 2] as number;
    words[LOOKUP_USED >> 2] = source[LOOKUP_USED >> 2] as number;
    if (from.#regions) {
      void this.#exports;
      this.#regions ??= this.#createRegions();
      this.#regions?.adopt(from.#regions);
    } else this.#regions?.reset();
  }

  instructions(): number {
    const low = this.#words[INSTRUCTIONS >> 2] as number;
    const high = this.#words[(INSTRUCTIONS >> 2) + 1] as number;
    return high * 4294967296 + (low >>> 0);
  }
}

/** Where a time stamp is left. */
const TMP0_INDEX = TMP0 >> 2;
/** CPUID rows live in the first page, behind run control. */
const CPUID_AT = 0x400;
