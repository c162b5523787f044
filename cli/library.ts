// elfin for Node: the public API bound to this process.

import { createRequire } from 'node:module';
import type { CompilerMaker } from '../src/cpu.ts';
import { CodeCache } from '../src/exec/code-cache.ts';
import { Elfin as CoreElfin, type CreateOptions, type InterpreterName } from '../src/index.ts';
import { nodeFiles } from '../src/host/node/files.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { interpreterModule } from './executions.ts';
import { decompress } from './mounts.ts';

export * from '../src/index.ts';

const require = createRequire(import.meta.url);
const codeCache = new CodeCache();
const compiled = new Map<InterpreterName, WebAssembly.Module>();

/** Compiled once for all machines. */
async function interpreter(name: InterpreterName): Promise<WebAssembly.Module> {
  const module = compiled.get(name) ?? interpreterModule(name);
  compiled.set(name, module);
  return module;
}

/** Loaded when a program has run for a while; the place is the same seen from cli/ and from dist/. */
const compiler = (): CompilerMaker => (require('../dist/elfin-compiler.cjs') as { makeCompiler: CompilerMaker }).makeCompiler;

export type Elfin = CoreElfin;

export const Elfin = {
  /** Makes a machine; without `root` an empty one: nothing of the host is visible. */
  create: (options: CreateOptions = {}): Promise<CoreElfin> =>
    CoreElfin.create({ host: nodeHost, files: nodeFiles, interpreter, compiler, codeCache, decompress }, options),
};
