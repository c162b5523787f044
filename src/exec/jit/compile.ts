// Makes a WebAssembly module of a region, with the helper functions that their code calls.

import type { MemoryCheck, Meanings } from '../../arch/arch.ts';
import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import { RIP } from '../../ir/slots.ts';
import type { MemoryName } from '../../ir/value.ts';
import { compiledFlagFunctions } from '../interpreter/flags.ts';
import {
  Header,
  LOOKUP,
  LOOKUP_ENTRIES,
  LOOKUP_SHIFT,
  Op,
  Place,
  STATE_PAGES,
  TARGETS,
  TARGETS_ENTRIES,
  TARGETS_SHIFT,
} from '../layout.ts';
import { Emitter, Locals, type Lowering, type MemoryIndexes } from '../wasm/emit.ts';
import { type RegionHost, Regions } from '../regions.ts';
import { Bytes, ModuleWriter, type Signature, Wasm } from '../wasm/encode.ts';
import { Addresses, type ImageAt, imagesFor, type Moving } from './addresses.ts';
import type { Region, Source } from './discover.ts';
import { boundAfter, constantsOf, type JumpContext, jumpTargets } from './jump-table.ts';
import { listing, type ListingContext } from './listing.ts';
import { type Instruction, type Operation, readOperation } from './operation.ts';
import type { Without } from './passes.ts';
import { emitRegion } from './region-code.ts';
import { plan } from './plan.ts';
import { REGION, REGION_TYPE, type RegionCode } from './region-function.ts';
import { type Helper, Summaries } from './summary.ts';
import { UnknownPart, Units } from './units.ts';
import { Verifier } from './verify.ts';

export interface CompiledModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly code: RegionCode;
  readonly memories: MemoryIndexes;
  /** By number. */
  readonly functionNames: ReadonlyMap<number, string>;
  readonly addresses: Addresses;
  /** By place in the module. */
  readonly moving: readonly Moving[];
}

/** Place in the table of regions of the code at a guest address, which TARGETS did not have. */
const find = defineFunction('region.find', ['i64'], ['i32'], (b, target) => {
  b.if(b.ne(b.shrU(target, 32), 0n), () => {
    b.store('i64.store', 0, target, RIP);
    b.return(b.i32(Place.high));
  });
  const rip = b.wrap(target);
  const at = b.variable('i32', b.shl(b.and(b.xor(rip, b.shrU(rip, LOOKUP_SHIFT)), LOOKUP_ENTRIES - 1), 3));
  b.loop((loop) => {
    const key = b.load('i32.load', at.get(), LOOKUP);
    b.if(b.eq(key, rip), () => {
      const first = b.load('i32.load', at.get(), LOOKUP + 4);
      b.if(b.eqz(first), () => b.return(b.i32(Place.cold)));
      const place = b.load('i32.load', b.sub(first, Header.bytes - Header.region));
      b.if(place, () => {
        const cached = b.shl(b.and(b.xor(rip, b.shrU(rip, TARGETS_SHIFT)), TARGETS_ENTRIES - 1), 3);
        b.store('i32.store', cached, rip, TARGETS);
        b.store('i32.store', cached, place, TARGETS + 4);
      });
      b.return(place);
    });
    b.if(b.eqz(key), () => b.return(b.i32(Place.cold)));
    at.set(b.and(b.add(at.get(), 8), LOOKUP_ENTRIES * 8 - 8));
    loop.continue();
  });
  b.return(b.i32(Place.cold));
});

const OWN: readonly FunctionDefinition[] = [find, ...compiledFlagFunctions];
const ALWAYS = ['region.find', 'flags.of', 'flags.holds'];
const HOST: Readonly<Record<string, Signature>> = {
  'host.syscall': { params: [], results: ['i32'] },
  'host.rdtsc': { params: [], results: [] },
  'host.random': { params: [], results: [] },
};

export class RegionCompiler {
  readonly meanings: Meanings;
  /** What its code depends on besides guest code: rows and the engine. */
  readonly identity: string;
  readonly without: Without;
  readonly #units: Units;
  readonly #summaries: Summaries;
  readonly #helpers = new Map<string, HelperCode>();

  constructor(meanings: Meanings, identity = '', without: Without = new Set()) {
    this.meanings = meanings;
    this.identity = [identity, ...without].join('-');
    this.without = without;
    this.#units = new Units(meanings.registers);
    const own = new Map(OWN.map((each) => [each.name, each]));
    this.#summaries = new Summaries(
      { ...bound(meanings), helper: (name) => own.get(name) ?? meanings.helper(name) },
      this.#units,
      without,
    );
  }

  /** What it compiles for one address space. */
  regions(host: RegionHost): Regions {
    return new Regions(this, host);
  }

  /** The instruction whose operations were decoded at [start, end) of the state memory. */
  instruction(view: DataView, start: number, end: number): Instruction | undefined {
    const last = end - Op.bytes;
    const rip = view.getUint32(last + Op.rip, true);
    const length = view.getUint8(last + Op.length);
    if (length === 0) return undefined;
    const next = rip + length;
    const operations: Operation[] = [];
    for (let at = start; at < end; at += Op.bytes) operations.push(readOperation(view, at, next));
    const { handler, imm } = operations.at(-1) as Operation;
    const target = this.#summaries.of(handler).isDirect ? Number(BigInt.asUintN(32, imm)) : undefined;
    const flow = this.meanings.flow(handler);
    const isSynced = operations.some((operation) => this.#summaries.of(operation.handler).isSynced);
    return { rip, next, operations, flow: isSynced && flow === 'next' ? 'synced' : flow, target };
  }

  /** For discover(): jump tables as far as registers and memory of the moment tell. */
  source(
    decode: Source['decode'],
    state: Pick<JumpContext, 'read' | 'count' | 'isWarm'> & Pick<Source, 'isElsewhere' | 'long'> & { readonly view: DataView },
  ): Source {
    const constants = new Map<number, bigint>();
    // What they set registers to is asked for only where there is an indirect jump.
    const noted: Instruction[] = [];
    const now = (unit: number): bigint =>
      this.#units.isVector(unit) ? 0n : state.view.getBigInt64(this.#units.address(unit), true);
    const context: JumpContext = {
      meanings: this.meanings,
      units: this.#units,
      read: state.read,
      count: state.count,
      isWarm: state.isWarm,
      register: (unit) => {
        for (const instruction of noted.splice(0))
          for (const [of, value] of constantsOf(instruction, context)) if (value > 0xffffn) constants.set(of, value);
        return constants.get(unit) ?? now(unit);
      },
    };
    return {
      decode,
      note: (instruction) => void noted.push(instruction),
      targets: (run, bound) => (this.without.has('jump-tables') ? [] : jumpTargets(run, bound, context)),
      bound: (run) => boundAfter(run, this.meanings),
      count: state.count,
      isWarm: state.isWarm,
      isElsewhere: state.isElsewhere,
      long: state.long,
    };
  }

  /**
   * A module that exports the region's function; undefined where a register is used in a way that compiled code has no form
   * for.
   */
  compile(region: Region, imageAt: ImageAt, memoryCheck: MemoryCheck): CompiledModule | undefined {
    try {
      return this.#compile(region, imageAt, memoryCheck);
    } catch (error) {
      if (error instanceof UnknownPart) return undefined;
      throw error;
    }
  }

  verifier(...parts: ConstructorParameters<typeof Verifier>): Verifier {
    return new Verifier(...parts);
  }

  /** Text of a region that compile() has made. */
  listing(region: Region, module: CompiledModule, surroundings: Omit<ListingContext, 'meanings'>): string {
    return listing(region, module, { ...surroundings, meanings: this.meanings });
  }

  #compile(region: Region, imageAt: ImageAt, memoryCheck: MemoryCheck): CompiledModule {
    const module = new ModuleWriter();
    const helpers = this.#helpersOf(region);
    const planned = plan(region, this.#summaries, this.#units);
    const { memories } = planned;
    const pages = { guest: 1, state: STATE_PAGES };
    const names = (Object.keys(pages) as MemoryName[]).sort((a, b) => memories[a] - memories[b]);
    for (const name of names) module.importMemory('memory', name, pages[name]);
    module.importTable('cpu', 'regions', 1);
    for (const [name, signature] of Object.entries(HOST)) {
      const [, short = ''] = name.split('.');
      module.importFunction('host', short, signature);
    }
    for (const { name, params, results } of helpers) module.declare(name, { params, results });
    module.declare(REGION, REGION_TYPE);
    for (const helper of helpers) this.#defineHelper(module, helper, memories);
    const addresses = new Addresses(module, imagesFor(region, imageAt));
    const code = emitRegion(region, planned, {
      meanings: this.meanings,
      summaries: this.#summaries,
      units: this.#units,
      functionIndex: (name) => module.functionIndex(name),
      regionType: module.type(REGION_TYPE),
      addresses,
      memoryCheck,
    });
    module.define(REGION, code.locals, code.body, code.unlikely);
    module.export(REGION);
    const bytes = module.take();
    const start = module.bodyAt(REGION);
    const moving = code.moving.map((each) => ({ ...each, at: start + each.at }));
    return { bytes, code, memories, functionNames: module.functionNames, addresses, moving };
  }

  /** Most modules have the same helpers, which then have the same code. */
  #defineHelper(module: ModuleWriter, helper: Helper, memories: MemoryIndexes): void {
    const key = `${helper.name} ${memories.state} ${[...helper.callees].map((callee) => module.functionIndex(callee))}`;
    let code = this.#helpers.get(key);
    if (!code) this.#helpers.set(key, (code = emitHelper(module, helper, memories)));
    module.define(helper.name, code.locals, code.body);
  }
  /** What the region calls, and what that calls. */
  #helpersOf({ blocks }: Region): readonly Helper[] {
    const found = new Map<string, Helper>();
    const visit = (name: string): void => {
      if (found.has(name) || name in HOST) return;
      const helper = this.#summaries.helper(name);
      if (!helper) throw new Error(`no function ${name}`);
      found.set(name, helper);
      for (const callee of helper.callees) visit(callee);
    };
    for (const name of ALWAYS) visit(name);
    const handlers = new Set<number>();
    for (const { instructions } of blocks)
      for (const { operations } of instructions) for (const { handler } of operations) handlers.add(handler);
    for (const handler of handlers) for (const callee of this.#summaries.of(handler).callees) visit(callee);
    return [...found.values()];
  }
}

/** The methods of an object as functions of their own. */
const bound = (meanings: Meanings): Meanings => ({
  statements: (handler) => meanings.statements(handler),
  flow: (handler) => meanings.flow(handler),
  helper: (name) => meanings.helper(name),
  registers: meanings.registers,
});

const noLowering = new Proxy({} as Lowering, {
  get: (_, name) => {
    throw new Error(`a helper function cannot use ${String(name)}`);
  },
});

interface HelperCode {
  readonly locals: Locals['types'];
  readonly body: Uint8Array;
}

function emitHelper(
  module: ModuleWriter,
  { params, variables, statements, results }: Helper,
  memories: MemoryIndexes,
): HelperCode {
  const code = new Bytes();
  const locals = new Locals(params.length);
  const places = new Map(variables.map((variable, i) => [variable, i]));
  const e = new Emitter(code, locals, noLowering, (callee) => module.functionIndex(callee), places, memories);
  e.body(statements);
  if (results.length) code.u8(Wasm.unreachable);
  code.u8(Wasm.end);
  return { locals: locals.types, body: code.take() };
}
