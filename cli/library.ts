// elfin for Node: the public API bound to this process.

import { Elfin as CoreElfin, type CreateOptions, type InterpreterName } from '../src/index.ts';
import { nodeFiles } from '../src/host/node/files.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { interpreterModule } from './executions.ts';
import { decompress } from './mounts.ts';

export * from '../src/index.ts';

const compiled = new Map<InterpreterName, WebAssembly.Module>();

/** Compiled once for all machines. */
async function interpreter(name: InterpreterName): Promise<WebAssembly.Module> {
  const module = compiled.get(name) ?? interpreterModule(name);
  compiled.set(name, module);
  return module;
}

export type Elfin = CoreElfin;

export const Elfin = {
  /** Makes a machine; without `root` an empty one: nothing of the host is visible. */
  create: (options: CreateOptions = {}): Promise<CoreElfin> =>
    CoreElfin.create({ host: nodeHost, files: nodeFiles, interpreter, decompress }, options),
};
