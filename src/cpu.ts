// The CPU of a machine: the generated interpreter with what CPUID is to say.

import type { ExecutionFactory, LinuxAbi, MemoryCheck } from './arch/arch.ts';
import { cpuOf } from './arch/x64/cpuid.ts';
import type { CodeCache } from './exec/code-cache.ts';
import type { Translated } from './exec/compilations.ts';
import { createExecutionFactory } from './exec/execution.ts';
import type { RegionCompiler } from './exec/jit/compile.ts';
import type { Without } from './exec/jit/passes.ts';
import type { Clock } from './host/host.ts';
import { hex } from './lib/hex.ts';

/** Custom section of the interpreter module that holds the number of the '.bail' handler, two bytes. */
export const INFO_SECTION = 'elfin';

/** Custom section with the forms behind handler numbers, JSON of PackedForms (arch/x64/form-table.ts). */
export const FORMS_SECTION = 'elfin.forms';

/** The time stamp counter ticks in nanoseconds. */
const TICKS_A_MILLISECOND = 1e6;

/** The interpreter modules of dist/: the second one also has AVX, AES and SHA, and takes longer to start. */
export type InterpreterName = 'interpreter' | 'interpreter-v3';

/** The smallest module that has what `level` offers; throws UsageError. */
export const interpreterName = (level?: string): InterpreterName => (cpuOf(level).isExtended ? 'interpreter-v3' : 'interpreter');

/** An interpreter in two modules; each is asked for when it is needed. */
export interface SplitInterpreter {
  readonly start: () => WebAssembly.Module;
  readonly rest: () => WebAssembly.Module;
  /** The same in one module, for its texts. */
  readonly whole: () => WebAssembly.Module;
}

/** Makes a compiler for the forms of an interpreter (src/compiler.ts). */
export type CompilerMaker = (forms: string, isExtended: boolean, without?: Without) => RegionCompiler;

export interface Dump {
  readonly write: (name: string, content: string | Uint8Array) => void;
  /** As src/disassembler.ts. */
  readonly disassembler: (module: () => WebAssembly.Module, features: number) => LinuxAbi['disassemble'];
}

export interface CompilerOptions {
  /** Asked when code is first found hot; undefined where there is no compiler, 'later' while it is being loaded. */
  readonly maker: () => CompilerMaker | 'later' | undefined;
  /** Entries after which code is compiled. */
  readonly threshold?: number | undefined;
  readonly isVerified?: boolean | undefined;
  /** What the compiler leaves out. */
  readonly without?: Without | undefined;
  readonly memoryCheck?: MemoryCheck | undefined;
  /** Shared with other machines; by default the machine's own. */
  readonly cache?: CodeCache | undefined;
  /** Given a listing and the module of each region, as files. */
  readonly dump?: Dump | undefined;
}

/** `level` as `--cpu` takes it; throws UsageError. */
export function cpu(
  interpreter: WebAssembly.Module | SplitInterpreter,
  clock: Clock,
  level?: string,
  compiling?: CompilerOptions,
): ExecutionFactory {
  const { bits, rows, features, isExtended } = cpuOf(level);
  const modules =
    interpreter instanceof WebAssembly.Module ? { start: () => interpreter, whole: () => interpreter } : interpreter;
  let bail: number | undefined;
  let compiler: RegionCompiler | undefined;
  const makeCompiler = (): RegionCompiler | 'later' | undefined => {
    const maker = compiler ? undefined : compiling?.maker();
    if (maker === 'later') return maker;
    compiler ??= maker?.(formsOf('rest' in modules ? modules.rest() : modules.start()), isExtended, compiling?.without);
    return compiler;
  };
  const dump = compiling?.dump;
  const disassemble = dump?.disassembler(modules.whole, bits);
  let listings = 0;
  const onCompiled = ({ region, guest, ...module }: Translated): void => {
    const name = `${hex(++listings, 4)}-${hex(region.root)}`;
    if (disassemble) dump?.write(`${name}.txt`, compiler?.listing(region, module, { disassemble, guest }) ?? '');
    dump?.write(`${name}.wasm`, module.bytes);
  };
  const factory = createExecutionFactory({
    module: modules.start,
    rest: 'rest' in modules ? modules.rest : undefined,
    bail: () => {
      bail ??= bailOf(modules.start());
      return bail;
    },
    compiler: compiling && makeCompiler,
    threshold: compiling?.threshold,
    memoryCheck: compiling?.memoryCheck,
    isVerified: compiling?.isVerified,
    cache: compiling?.cache,
    onCompiled: dump && onCompiled,
    cpuid: rows,
    features: bits,
    ticks: () => Math.floor(clock.monotonic() * TICKS_A_MILLISECOND),
  });
  return { ...factory, features: [...features], texts: { module: modules.whole, features: bits } };
}

function formsOf(module: WebAssembly.Module): string {
  const [section] = WebAssembly.Module.customSections(module, FORMS_SECTION);
  if (!section) throw new Error('not an interpreter module: its forms are missing');
  return new TextDecoder().decode(new Uint8Array(section));
}

function bailOf(module: WebAssembly.Module): number {
  const [section] = WebAssembly.Module.customSections(module, INFO_SECTION);
  if (!section) throw new Error('not an interpreter module: its info section is missing');
  const [low = 0, high = 0] = new Uint8Array(section);
  return low | (high << 8);
}
