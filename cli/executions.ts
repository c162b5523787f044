// The interpreter modules of dist/, compiled.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionFactory } from '../src/arch/arch.ts';
import { cpu, type InterpreterName, interpreterName } from '../src/cpu.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { UsageError } from '../src/lib/usage-error.ts';

/** The module as tools/build.ts left it; the place is the same seen from cli/ and from dist/. */
export function interpreterModule(name: InterpreterName = 'interpreter'): WebAssembly.Module {
  const path = join(import.meta.dirname, `../dist/${name}.wasm`);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new UsageError(`${path} is missing: run \`npm run build\``);
  }
  return new WebAssembly.Module(bytes);
}

/** The CPU, as `--cpu` wants it. */
export const executions = (level: string | undefined): ExecutionFactory =>
  cpu(interpreterModule(interpreterName(level)), nodeHost.clock, level);
