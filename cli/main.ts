// The command `elfin`: reads the command line, runs the subcommand, and turns what comes of it into an exit status.

import { startTime } from './start-time.ts';
import { argumentBytes } from './arguments.ts';
import { ldd } from './ldd.ts';
import type { Ending } from './leave.ts';
import { manifest } from './manifest.ts';
import { toStderr, writeAll } from './output.ts';
import { pack } from './pack.ts';
import { type CommandLine, parse } from './parse.ts';
import { run } from './run.ts';
import { syscalls } from './syscalls.ts';
import { shortUsage, usage } from './usage.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { VERSION } from './version.ts';

export { leave } from './leave.ts';

/** elfin's own error: a mistake in the command line or an image, or a bug. */
const FAILED = 125;

async function command(line: CommandLine, started?: Promise<WebAssembly.Module>): Promise<number | Ending> {
  const { settings, operands } = line;
  if (settings.version) return print(`elfin ${VERSION}\n`);
  if (settings.help || line.command === 'help') return print(usage());
  switch (line.command) {
    case 'run':
      return run(settings, operands, startTime, started);
    case 'ldd':
      return ldd(settings, operands);
    case 'manifest':
      return manifest(settings, operands);
    case 'pack':
      return pack(settings, operands);
    case 'syscalls':
      return print(syscalls());
  }
}

function print(text: string): number {
  writeAll(1, text);
  return 0;
}

/** Runs the command line of this process. `started`: the start module of the interpreter, being compiled. */
export async function main(started?: Promise<WebAssembly.Module>): Promise<Ending> {
  const ending = await guarded(started);
  return typeof ending === 'number' ? { status: ending, instructions: 0 } : ending;
}

async function guarded(started?: Promise<WebAssembly.Module>): Promise<number | Ending> {
  try {
    return await command(parse(argumentBytes()), started);
  } catch (error) {
    if (error instanceof UsageError) {
      toStderr(`elfin: ${error.message}`);
      if (error.withUsage) toStderr(shortUsage);
    } else toStderr(`elfin: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return FAILED;
  }
}
