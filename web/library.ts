// elfin for browsers: the public API bound to a page or a worker.

import { type CreateOptions, Elfin as CoreElfin } from '../src/index.ts';
import { browserHost } from '../src/host/browser/host.ts';

export * from '../src/index.ts';

export interface BrowserOptions extends CreateOptions {
  /** URL of interpreter.wasm; default: beside this module. */
  readonly interpreterUrl?: string | URL;
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Fetched and compiled once for all machines. */
function interpreter(url: string | URL): Promise<WebAssembly.Module> {
  compiled ??= fetch(url)
    .then((response) => {
      if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
      return response.arrayBuffer();
    })
    .then((bytes) => WebAssembly.compile(bytes));
  compiled.catch(() => {
    compiled = undefined;
  });
  return compiled;
}

async function decompress(bytes: Uint8Array, format: 'gzip' | 'zstd'): Promise<Uint8Array> {
  if (format === 'zstd') throw new Error('zstd is not available in browsers');
  const unpacked = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

export type Elfin = CoreElfin;

export const Elfin = {
  /** Makes a machine; without `root` an empty one. */
  create: ({
    interpreterUrl = new URL('interpreter.wasm', import.meta.url),
    ...options
  }: BrowserOptions = {}): Promise<CoreElfin> =>
    CoreElfin.create({ host: browserHost, interpreter: () => interpreter(interpreterUrl), decompress }, options),
};
