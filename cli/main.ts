// The command `elfin`: reads the command line, runs the subcommand, and turns what comes of it into an exit status.

import { argumentBytes } from './arguments.ts';
import type { Ending } from './leave.ts';
import { toStderr, writeAll } from './output.ts';
import { type CommandLine, parse } from './parse.ts';
import type * as Rest from './rest.ts';
import { run } from './run.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import type { CompilerMaker } from '../src/cpu.ts';
import { VERSION } from './version.ts';

export { leave } from './leave.ts';

/** elfin's own error: a mistake in the command line or an image, or a bug. */
const FAILED = 125;

/** What an error of the command line ends with. */
const SHORT_USAGE = 'usage: elfin [run] [OPTIONS] PROGRAM [ARG...]; `elfin help` lists the options';

/** What cli/bin.cjs loads for the command. */
export interface Parts {
  /** When the first bundle began, by process.hrtime. */
  readonly startTime: readonly [seconds: number, nanoseconds: number];
  /** The start module of the interpreter, being compiled. */
  readonly started?: Promise<WebAssembly.Module>;
  /** The second bundle. */
  readonly rest: () => typeof Rest;
  /** The compiler's bundle. */
  readonly compiler: () => { readonly makeCompiler: CompilerMaker };
}

async function command(line: CommandLine, parts: Parts): Promise<number | Ending> {
  const { settings, operands } = line;
  if (settings.version) return print(`elfin ${VERSION}\n`);
  if (settings.help || line.command === 'help') return print(parts.rest().usage());
  switch (line.command) {
    case 'run':
      return run(settings, operands, parts);
    case 'ldd':
      return parts.rest().ldd(settings, operands);
    case 'manifest':
      return parts.rest().manifest(settings, operands);
    case 'pack':
      return parts.rest().pack(settings, operands);
    case 'syscalls':
      return print(parts.rest().syscalls());
  }
}

function print(text: string): number {
  writeAll(1, text);
  return 0;
}

/** Runs the command line of this process. */
export async function main(parts: Parts): Promise<Ending> {
  const ending = await guarded(parts);
  return typeof ending === 'number' ? { status: ending, instructions: 0 } : ending;
}

async function guarded(parts: Parts): Promise<number | Ending> {
  try {
    return await command(parse(argumentBytes()), parts);
  } catch (error) {
    if (error instanceof UsageError) {
      toStderr(`elfin: ${error.message}`);
      if (error.withUsage) toStderr(SHORT_USAGE);
    } else toStderr(`elfin: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return FAILED;
  }
}
