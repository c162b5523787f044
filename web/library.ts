// elfin for browsers: the public API bound to a page or a worker.

import type { CompilerMaker } from '../src/cpu.ts';
import { CodeCache } from '../src/exec/code-cache.ts';
import { type CreateOptions, Elfin as CoreElfin } from '../src/index.ts';
import { browserHost } from '../src/host/browser/host.ts';

export * from '../src/index.ts';

export interface BrowserOptions extends CreateOptions {
  /** URL of interpreter.wasm (interpreter-v3.wasm where `cpu` asks for AVX, AES or SHA); default: beside this module. */
  readonly interpreterUrl?: string | URL;
  /** URL of elfin-compiler.mjs, imported when a program has run for a while; default: beside this module. */
  readonly compilerUrl?: string | URL;
}

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** Fetched and compiled once for all machines. */
function interpreter(url: string | URL): Promise<WebAssembly.Module> {
  const known = modules.get(String(url));
  if (known) return known;
  const compiled = fetch(url)
    .then((response) => {
      if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
      return response.arrayBuffer();
    })
    .then((bytes) => WebAssembly.compile(bytes));
  modules.set(String(url), compiled);
  compiled.catch(() => modules.delete(String(url)));
  return compiled;
}

const codeCache = new CodeCache();
/** By URL; 'later' while it loads, undefined where it cannot be loaded: programs are interpreted then. */
const compilers = new Map<string, CompilerMaker | 'later' | undefined>();

function compiler(url: string | URL): CompilerMaker | 'later' | undefined {
  const name = String(url);
  if (!compilers.has(name)) {
    compilers.set(name, 'later');
    import(name).then(
      ({ makeCompiler }: { readonly makeCompiler: CompilerMaker }) => compilers.set(name, makeCompiler),
      (error) => {
        console.warn(`elfin: programs are interpreted only: ${error}`);
        compilers.set(name, undefined);
      },
    );
  }
  return compilers.get(name);
}

async function decompress(bytes: Uint8Array, format: 'gzip' | 'zstd'): Promise<Uint8Array> {
  if (format === 'zstd') throw new Error('zstd is not available in browsers');
  const unpacked = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

export type Elfin = CoreElfin;

export const Elfin = {
  /** Makes a machine; without `root` an empty one. */
  create: ({ interpreterUrl, compilerUrl, ...options }: BrowserOptions = {}): Promise<CoreElfin> =>
    CoreElfin.create(
      {
        host: browserHost,
        interpreter: (name) => interpreter(interpreterUrl ?? new URL(`${name}.wasm`, import.meta.url)),
        compiler: () => compiler(compilerUrl ?? new URL('elfin-compiler.mjs', import.meta.url)),
        codeCache,
        decompress,
      },
      options,
    ),
};
