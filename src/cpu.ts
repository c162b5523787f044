// The CPU of a machine: the generated interpreter with what CPUID is to say.

import type { ExecutionFactory } from './arch/arch.ts';
import { cpuOf } from './arch/x64/cpuid.ts';
import { createExecutionFactory } from './exec/execution.ts';
import { disassembler } from './disassembler.ts';
import type { Clock } from './host/host.ts';

/** Custom section of the interpreter module that holds the number of the '.bail' handler, two bytes. */
export const INFO_SECTION = 'elfin';

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

/** `level` as `--cpu` takes it; throws UsageError. */
export function cpu(interpreter: WebAssembly.Module | SplitInterpreter, clock: Clock, level?: string): ExecutionFactory {
  const { bits, rows, features } = cpuOf(level);
  const modules =
    interpreter instanceof WebAssembly.Module ? { start: () => interpreter, whole: () => interpreter } : interpreter;
  let bail: number | undefined;
  const factory = createExecutionFactory({
    module: modules.start,
    rest: 'rest' in modules ? modules.rest : undefined,
    bail: () => {
      bail ??= bailOf(modules.start());
      return bail;
    },
    cpuid: rows,
    features: bits,
    ticks: () => Math.floor(clock.monotonic() * TICKS_A_MILLISECOND),
  });
  return { ...factory, features: [...features], disassemble: disassembler(modules.whole, bits) };
}

function bailOf(module: WebAssembly.Module): number {
  const [section] = WebAssembly.Module.customSections(module, INFO_SECTION);
  if (!section) throw new Error('not an interpreter module: its info section is missing');
  const [low = 0, high = 0] = new Uint8Array(section);
  return low | (high << 8);
}
