// The interpreter modules of dist/, compiled.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionFactory } from '../src/arch/arch.ts';
import { type CompilerMaker, cpu, type InterpreterName, interpreterName } from '../src/cpu.ts';
import { CodeCache, type CodeStore } from '../src/exec/code-cache.ts';
import { nodeHost } from '../src/host/node/host.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import type { Parts } from './main.ts';
import type { Settings } from './options.ts';
import { toStderr } from './output.ts';

/** The module as tools/build.ts left it; the place is the same seen from cli/ and from dist/. */
export function interpreterModule(name: InterpreterName | 'interpreter-rest' = 'interpreter'): WebAssembly.Module {
  const path = join(import.meta.dirname, `../dist/${name}.wasm`);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new UsageError(`${path} is missing: run \`npm run build\``);
  }
  return new WebAssembly.Module(bytes);
}

/** A CPU whose interpreter may still be being compiled: no program can run before it is ready. */
export interface Executions {
  readonly factory: ExecutionFactory;
  readonly ready: Promise<void>;
}

/** The CPU, as `--cpu` wants it. `parts`: the start module, which cli/bin.cjs had the engine compile meanwhile. */
export function executions(
  {
    cpu: level,
    hasJit,
    jitThreshold: threshold,
    dump: directory,
    isVerified,
    without: leftOut,
    memoryCheck,
    codeCache,
    codeCacheLimit: limit,
  }: Settings,
  { started, rest: loadRest, compiler }: Partial<Parts> = {},
): Executions {
  if (isVerified && memoryCheck === 'window')
    throw new UsageError('--jit-verify compares with an interpreter that reads by page: leave out --memory-check=window');
  const dump = directory === undefined ? undefined : loadRest?.().dumpTo(directory);
  const store = codeCache === undefined ? undefined : openStore(codeCache, limit, loadRest);
  const cache = new CodeCache(store);
  // What a call without the table does would not be seen.
  const without = isVerified ? new Set([...leftOut, 'self-calls' as const]) : leftOut;
  const compiling =
    hasJit && compiler ? { maker: () => makerOf(compiler), threshold, dump, isVerified, without, memoryCheck, cache } : undefined;
  const name = interpreterName(level);
  if (name !== 'interpreter' || !started) {
    return { factory: cpu(interpreterModule(name), nodeHost.clock, level, compiling), ready: Promise.resolve() };
  }
  let start: WebAssembly.Module | undefined;
  let rest: WebAssembly.Module | undefined;
  const factory = cpu(
    {
      start: () => {
        if (!start) throw new Error('the interpreter is not ready');
        return start;
      },
      rest: () => {
        if (rest) return rest;
        // That changes the engine's flags, under which the code cache of the second bundle is refused: it comes first.
        loadRest?.();
        rest = restModule();
        return rest;
      },
      whole: () => interpreterModule(),
    },
    nodeHost.clock,
    level,
    compiling,
  );
  return { factory, ready: compiled(started).then((module) => void (start = module)) };
}

function openStore(directory: string, limit: number | undefined, loadRest: Partial<Parts>['rest']): CodeStore | undefined {
  const rest = loadRest?.();
  return rest && new rest.FileStore(directory, { limit, diagnostic: toStderr });
}

/** The compiler is a bundle of its own: short programs never need it. Its code cache belongs to the flags set here. */
function makerOf(compiler: Parts['compiler']): CompilerMaker {
  const v8 = process.getBuiltinModule('node:v8');
  v8.setFlagsFromString(`--wasm-tiering-budget=4000000`);
  v8.setFlagsFromString('--experimental-wasm-branch-hinting');
  v8.setFlagsFromString('--wasm-lazy-compilation');
  v8.setFlagsFromString('--wasm-num-compilation-tasks=128');
  return compiler().makeCompiler;
}

/** Of the start module every function was wanted; of this one few are. */
function restModule(): WebAssembly.Module {
  if (!process.env.ELFIN_WRITE_CODE_CACHE) process.getBuiltinModule('node:v8').setFlagsFromString('--wasm-lazy-compilation');
  return interpreterModule('interpreter-rest');
}

/** Waits for the engine's compilers, which alone do not keep Node alive. */
async function compiled(started: Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
  const timer = setInterval(() => {}, 1000);
  try {
    return await started;
  } finally {
    clearInterval(timer);
  }
}
