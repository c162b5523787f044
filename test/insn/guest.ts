// Runs cases on one of elfin's tiers, in one execution whose memory looks like that of native.c.

import { decodeFunctions } from '../../src/arch/x64/decode.ts';
import { FEATURES } from '../../src/arch/x64/features.ts';
import { x64Linux } from '../../src/arch/x64/linux.ts';
import { buildForms, type Form, type FormSet, pseudoForm } from '../../src/arch/x64/forms.ts';
import { hotForms } from '../../src/arch/x64/hot.ts';
import { functions, rows } from '../../src/arch/x64/insns/index.ts';
import { instantiate } from '../../src/arch/x64/instantiate.ts';
import { RSP } from '../../src/arch/x64/regs.ts';
import {
  FCW,
  FDP,
  FIP,
  FLAG_KIND,
  FLAG_X,
  FOP,
  FS_BASE,
  FSW,
  FTW,
  GPR,
  GS_BASE,
  MXCSR,
  MXCSR_MODE,
  RIP,
  SYSTEM_FLAGS,
  X87,
  YMM,
} from '../../src/arch/x64/regs.ts';
import type { Execution, Fault } from '../../src/arch/arch.ts';
import { packForms } from '../../src/arch/x64/form-table.ts';
import { meaningsOf } from '../../src/arch/x64/meanings.ts';
import { RegionCompiler } from '../../src/exec/jit/compile.ts';
import type { Without } from '../../src/exec/jit/passes.ts';
import { isStackAccess } from '../../src/arch/x64/stack-access.ts';
import { Decoder } from '../decoder/decoder.ts';
import { createExecutionFactory } from '../../src/exec/execution.ts';
import { Header, LOOKUP, LOOKUP_ENTRIES, LOOKUP_SHIFT } from '../../src/exec/layout.ts';
import { buildInterpreter } from '../../src/exec/interpreter/build.ts';
import { FLAGS_RAW } from '../../src/ir/slots.ts';
import { hasFusedMadd } from '../../src/exec/wasm/probe.ts';
import { PageTables } from '../../src/memory/page-tables.ts';
import type { Subject } from './generate.ts';
import { undefinedFor } from './undefined-flags.ts';
import {
  CODE,
  DATA,
  DATA_SIZE,
  FX_SIZE,
  CODE_START,
  GENERAL_PROTECTION,
  INITIAL_MXCSR,
  PAGE_FAULT,
  STACK_FAULT,
  WRITABLE_SIZE,
  codePage,
  type Case,
  type Result,
} from './cases.ts';

const STATUS = 0x8d5n;
/** Instructions a case may execute (repeated ones count each step). */
const BUDGET = 20000;
/** A jump, to where code is compiled, and a nop, so that a case's instruction is interpreted only if compiled code leaves it. */
const LEAD = [0xeb, 0, 0x90];
export const TIERS = ['interpreter', 'compiled'] as const;
export type Tier = (typeof TIERS)[number];
export const OUT_OF_BUDGET = -1,
  SYSCALL = -2;

export class Guest {
  readonly forms: FormSet;
  readonly #tier: Tier;
  readonly #execution: Execution;
  readonly #state: DataView;
  #decoder: Decoder | undefined;
  #byKey: Map<string, Form> | undefined;
  readonly #undefinedOfForm = new Map<Form, number>();
  readonly #undefined = new Map<Subject, number>();

  /** Did compiled code run the instruction of the last case to its end? It does not if that faults, or if something is rare. */
  wasCompiled = false;
  /** Its code stands in the code page, and may be compiled. */
  #last: Case | undefined;

  /** `tier`: which of elfin's runs the cases; `compiled` compiles each code before it first runs. */
  constructor(tier: Tier = 'interpreter', without: Without = new Set()) {
    this.#tier = tier;
    this.forms = buildForms(rows, hotForms);
    const bytes = buildInterpreter({
      handlers: this.forms.forms.map((form) => ({
        key: form.key,
        statements: instantiate(form).statements,
        isReturn: form.row.name === 'ret',
      })),
      hot: this.forms.hotCount,
      tables: this.forms.tables,
      functions: [...decodeFunctions, ...functions],
      goto: pseudoForm(this.forms.forms, '.goto').id,
      fetch: pseudoForm(this.forms.forms, '.fetch').id,
      stackPointer: RSP,
    });
    const module = new WebAssembly.Module(bytes);
    const bail = pseudoForm(this.forms.forms, '.bail').id;
    const engine = { hasFusedMadd: hasFusedMadd() };
    const compiler = new RegionCompiler(meaningsOf(packForms(this.forms.forms, rows), { rows, functions, engine }), '', without);
    const factory = createExecutionFactory({
      module: () => module,
      bail: () => bail,
      ...(tier === 'compiled' && { compiler: () => compiler, threshold: 1 }),
      cpuid: new Uint32Array(0),
      features: 2 ** FEATURES.length - 1,
      ticks: () => 1,
    });
    this.#execution = factory.create({
      syscall: () => false,
      access: () => false,
      fetch: (page) => page === CODE >>> 12,
      image: () => ({ id: 'code', start: CODE - 0x3000 }),
      random: () => {},
    });
    const { state, guest } = this.#execution;
    const end = DATA + DATA_SIZE + 4096;
    guest.grow(Math.ceil(end / 65536) - guest.buffer.byteLength / 65536);
    const tables = new PageTables(state);
    tables.allow(CODE >>> 12, (CODE >>> 12) + 1, false);
    tables.allow(DATA >>> 12, (DATA + DATA_SIZE) >>> 12, false);
    tables.allow(DATA >>> 12, (DATA + WRITABLE_SIZE) >>> 12, true);
    this.#state = new DataView(state.buffer);
  }

  formOf(key: string): Form | undefined {
    this.#byKey ??= new Map(this.forms.forms.map((form) => [form.key, form]));
    return this.#byKey.get(key);
  }
  /** Status flags that a form leaves undefined. */
  undefinedOf(form: Form): number {
    let flags = this.#undefinedOfForm.get(form);
    if (flags === undefined) this.#undefinedOfForm.set(form, (flags = instantiate(form).undefinedFlags));
    return flags;
  }

  /** Status flags whose value means nothing after the case. */
  undefinedFlags(subject: Subject, one: Case): number {
    let flags = this.#undefined.get(subject);
    if (flags === undefined) {
      flags = this.forms.forms
        .filter(({ row, bits }) => row === subject.row && (bits === subject.bits || (subject.bits === 0 && bits === 8)))
        .reduce((sum, form) => sum | instantiate(form).undefinedFlags, 0);
      this.#undefined.set(subject, flags);
    }
    return one.undefinedFlags | undefinedFor(flags, subject, one);
  }

  run(one: Case): Result {
    const { guest } = this.#execution;
    const memory = new Uint8Array(guest.buffer);
    const isCompiled = this.#tier === 'compiled';
    if (!isCompiled || !hasCodeOf(one, this.#last)) {
      memory.set(codePage(one), CODE);
      if (isCompiled) memory.set(LEAD, Number(one.rip) - LEAD.length);
      this.#execution.invalidate(CODE >>> 12, CODE >>> 12);
    }
    this.#last = one;
    memory.set(one.data, DATA);
    this.#enter(one);
    if (isCompiled) this.#state.setBigUint64(RIP, one.rip - BigInt(LEAD.length), true);
    const reason = this.#execution.run(BUDGET);
    if (isCompiled) this.#noteTier(Number(one.rip));
    const fault = this.#execution.fault();
    const isPageFault = fault.vector === PAGE_FAULT;
    const isStackFault = reason === 'fault' && fault.vector === GENERAL_PROTECTION && this.#isStackAccess(fault);
    return {
      ...this.#leave(),
      signal: 0,
      vector: isStackFault ? STACK_FAULT : reason === 'fault' ? fault.vector : reason === 'syscall' ? SYSCALL : OUT_OF_BUDGET,
      error: reason === 'fault' && isPageFault ? fault.errorCode & ~1 : 0,
      address: reason === 'fault' && isPageFault ? fault.address : 0n,
      data: memory.slice(DATA, DATA + DATA_SIZE),
    };
  }

  /** Forgets all code, as where a process executes another program. */
  reset(): void {
    this.#execution.reset();
    this.#last = undefined;
  }

  /** Compiled code leaves an instruction to the interpreter by looking up its trace, of which there is none before. */
  #noteTier(rip: number): void {
    const root = this.#traceAt(rip - 1);
    const isLeft = this.#traceAt(CODE_START) !== undefined;
    if (isLeft) this.#state.setUint32(this.#entryOf(CODE_START) + 4, 0, true);
    this.wasCompiled = !isLeft && root !== undefined && this.#state.getUint32(root - Header.bytes + Header.region, true) !== 0;
  }
  /** The first operation of the trace that was decoded at an address. */
  #traceAt(rip: number): number | undefined {
    const entry = this.#entryOf(rip);
    return entry < 0 ? undefined : this.#state.getUint32(entry + 4, true) || undefined;
  }
  #entryOf(rip: number): number {
    for (let i = rip ^ (rip >>> LOOKUP_SHIFT); ; i++) {
      const entry = LOOKUP + 8 * (i & (LOOKUP_ENTRIES - 1));
      const key = this.#state.getUint32(entry, true);
      if (key === rip) return entry;
      if (key === 0) return -1;
    }
  }

  /** As the kernel finds it out. */
  #isStackAccess({ errorCode, address }: Fault): boolean {
    if (errorCode === 0) return false;
    this.#decoder ??= new Decoder();
    this.#decoder.features = 0xffffffff;
    const rip = Number(this.#state.getBigUint64(RIP, true));
    const { text } = this.#decoder.decode(new Uint8Array(this.#execution.guest.buffer).subarray(rip, rip + 15));
    return isStackAccess(new Uint8Array(this.#state.buffer), text, address);
  }

  #enter({ rip, rflags, gpr, fx, high }: Case): void {
    const s = this.#state;
    s.setBigUint64(RIP, rip, true);
    for (const base of [FS_BASE, GS_BASE]) s.setBigUint64(base, 0n, true);
    gpr.forEach((value, i) => s.setBigUint64(GPR + 8 * i, value, true));
    s.setBigUint64(FLAG_X, rflags & STATUS, true);
    s.setInt32(FLAG_KIND, FLAGS_RAW, true);
    s.setInt32(SYSTEM_FLAGS, Number(rflags & ~STATUS), true);
    const image = new DataView(fx.buffer, fx.byteOffset);
    const status = image.getUint16(2, true),
      top = (status >> 11) & 7;
    s.setUint32(FCW, image.getUint16(0, true), true);
    s.setUint32(FSW, status, true);
    s.setUint32(FOP, 0, true);
    s.setBigUint64(FIP, 0n, true);
    s.setBigUint64(FDP, 0n, true);
    s.setUint32(FTW, image.getUint8(4), true);
    const mxcsr = image.getUint32(24, true);
    s.setUint32(MXCSR, mxcsr, true);
    s.setUint32(MXCSR_MODE, mxcsr === INITIAL_MXCSR ? 0 : 1, true);
    for (let i = 0; i < 8; i++) {
      const slot = X87 + 16 * ((top + i) & 7);
      s.setBigUint64(slot, image.getBigUint64(32 + 16 * i, true), true);
      s.setBigUint64(slot + 8, BigInt(image.getUint16(40 + 16 * i, true)), true);
    }
    const bytes = new Uint8Array(s.buffer);
    for (let i = 0; i < 16; i++) {
      bytes.set(fx.subarray(160 + 16 * i, 176 + 16 * i), YMM + 32 * i);
      bytes.set(high.subarray(16 * i, 16 * i + 16), YMM + 32 * i + 16);
    }
  }

  #leave(): Omit<Result, 'signal' | 'vector' | 'error' | 'address' | 'data'> {
    const s = this.#state;
    const fx = new Uint8Array(FX_SIZE),
      high = new Uint8Array(256);
    const image = new DataView(fx.buffer);
    const status = s.getUint32(FSW, true),
      top = (status >> 11) & 7;
    image.setUint16(0, s.getUint32(FCW, true), true);
    image.setUint16(2, status, true);
    image.setUint8(4, s.getUint32(FTW, true));
    image.setUint32(24, s.getUint32(MXCSR, true), true);
    for (let i = 0; i < 8; i++) {
      const slot = X87 + 16 * ((top + i) & 7);
      image.setBigUint64(32 + 16 * i, s.getBigUint64(slot, true), true);
      image.setUint16(40 + 16 * i, s.getUint16(slot + 8, true), true);
    }
    const bytes = new Uint8Array(s.buffer);
    for (let i = 0; i < 16; i++) {
      fx.set(bytes.subarray(YMM + 32 * i, YMM + 32 * i + 16), 160 + 16 * i);
      high.set(bytes.subarray(YMM + 32 * i + 16, YMM + 32 * i + 32), 16 * i);
    }
    return {
      rip: s.getBigUint64(RIP, true),
      rflags: x64Linux.register(new Uint8Array(s.buffer), 'rflags'),
      gpr: BigUint64Array.from({ length: 16 }, (_, i) => s.getBigUint64(GPR + 8 * i, true)),
      fx,
      high,
    };
  }
}

const hasCodeOf = (one: Case, other: Case | undefined): boolean =>
  other !== undefined && one.rip === other.rip && Buffer.compare(one.code, other.code) === 0;
