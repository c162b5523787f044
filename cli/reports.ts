// What the command says besides the program's own output: boot times, the memory map, counters, what was not kept.

import { closedDescriptors } from './arguments.ts';
import type { CompilerStats } from '../src/arch/arch.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { isTerminal } from '../src/host/node/stream.ts';
import { OverlayFs } from '../src/kernel/fs/overlay.ts';
import type { Process } from '../src/kernel/process.ts';
import type { Tracer } from '../src/kernel/tracer.ts';
import { utf8 } from '../src/lib/bytes.ts';
import type { Machine } from '../src/machine.ts';
import { memoryAreas, mmapLine } from '../src/memory-areas.ts';

/** Times of the stages of the start. */
export class BootChart {
  readonly #start: number;
  readonly #stages: { readonly name: string; readonly at: number }[] = [];

  constructor([seconds, nanoseconds]: readonly [number, number]) {
    this.#start = seconds * 1000 + nanoseconds / 1e6;
    this.mark('scripts');
  }

  /** The end of a stage. */
  mark(name: string): void {
    this.#stages.push({ name, at: nodeHost.clock.monotonic() - this.#start });
  }

  /** Milliseconds from the first statement to the last mark. */
  total(): number {
    return this.#stages.at(-1)?.at ?? 0;
  }

  /** OSv's form: `\t<stage>: <ms>ms, (+<ms>ms)`. */
  lines(): string[] {
    return this.#stages.map(
      ({ name, at }, i) => `\t${name}: ${at.toFixed(2)}ms, (+${(at - (this.#stages[i - 1]?.at ?? 0)).toFixed(2)}ms)`,
    );
  }
}

/** Takes the map of one process when it ends. */
export class MapAtExit implements Tracer {
  process: Process | undefined;
  lines: string[] = [];

  enter(): void {}
  leave(): void {}
  restarting(): void {}
  signal(): void {}
  exited(process: Process): void {
    if (process === this.process) this.lines = memoryAreas(process).map(mmapLine).map(utf8);
  }
}

/** Counters as lines of text or as one line of JSON. */
export function statsLines(machine: Machine, form: 'text' | 'json'): string[] {
  const stats = machine.stats();
  if (form === 'json') return [JSON.stringify(stats)];
  const { instructions, syscalls, memory, compiler } = stats;
  return [
    `instructions ${instructions}`,
    `syscalls ${syscalls}`,
    `memory ${(memory.peak / 1024).toFixed(0)} kB at most`,
    ...(compiler ? compilerLines(compiler) : []),
  ];
}

function compilerLines(compiler: CompilerStats): string[] {
  const { regions, instructions, bytes, shared, dropped, evicted, refused, left } = compiler;
  const { translateMilliseconds, engineMilliseconds } = compiler;
  return [
    `regions ${regions}, of ${instructions} instructions, ${bytes} bytes; ${refused} refused, ${shared} shared, ${dropped} dropped, ${evicted} evicted`,
    `compiling ${translateMilliseconds.toFixed(1)} ms, and ${engineMilliseconds.toFixed(1)} ms in the engine`,
    `compiled code left ${left.cold} for cold code, ${left.interpret} to interpret, ${left.budget} by budget, ${left.exit} to exit`,
  ];
}

/** For people only: that files were changed which nobody will see, and how to keep them. */
export function keptInMemory(machine: Machine): string | undefined {
  if (!isOpenTerminal()) return undefined;
  const root = machine.fileSystems[0];
  const count = root instanceof OverlayFs ? root.countChanges() : 0;
  if (count === 0) return undefined;
  return `elfin: ${count} changed ${count === 1 ? 'file was' : 'files were'} in memory only; -v ${utf8(process.cwd())}:${utf8(process.cwd())} keeps those below this directory`;
}

function isOpenTerminal(): boolean {
  return !closedDescriptors().includes(2) && isTerminal(2);
}
