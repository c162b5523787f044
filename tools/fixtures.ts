// Builds the C and C++ programs that tests run, with pinned flags, into .cache/fixtures.

import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const cache = join(import.meta.dirname, '../.cache/fixtures');

/** Ways to build a program: the command and its flags. */
const BUILDS = {
  pie: ['gcc', '-pie', '-fPIE'],
  nopie: ['gcc', '-no-pie', '-fno-pie'],
  static: ['gcc', '-static', '-fno-pie', '-no-pie'],
  'static-pie': ['gcc', '-static-pie', '-fPIE'],
  musl: ['musl-gcc', '-static'],
  'musl-dynamic': ['musl-gcc'],
  'c++': ['g++', '-pie', '-fPIE'],
  'c++-static': ['g++', '-static'],
  shared: ['gcc', '-shared', '-fPIC'],
} as const;

export type Build = keyof typeof BUILDS;
export const isBuild = (name: string): name is Build => name in BUILDS;

const COMMON = [
  '-O1',
  '-g0',
  '-Wall',
  '-Wno-unused-result',
  '-fno-stack-protector',
  '-Wl,--build-id=none',
  '-Wl,--hash-style=gnu',
];
/** Compilers at a time. */
const JOBS = 2;

const versions = new Map<string, string | undefined>();

/** What a compiler says of itself; undefined = not installed. */
function version(compiler: string): string | undefined {
  if (!versions.has(compiler)) {
    try {
      versions.set(compiler, execFileSync(compiler, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    } catch {
      versions.set(compiler, undefined);
    }
  }
  return versions.get(compiler);
}

/** Why a program cannot be built here. */
export function whyNot(build: Build): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'needs Linux on x86-64';
  const [compiler] = BUILDS[build];
  return version(compiler) === undefined ? `needs ${compiler}` : undefined;
}

const pending = new Map<string, Promise<string>>();
let running = 0;
const waiting: (() => void)[] = [];

/** Compiles a source file, unless an equal one was; resolves to the path of the program. */
export function compile(source: string, build: Build, flags: readonly string[] = []): Promise<string> {
  const [compiler, ...own] = BUILDS[build];
  const all = [...COMMON, ...own, '-o', '', source, ...flags];
  const hash = createHash('sha256');
  hash.update(JSON.stringify([version(compiler), all.slice(0, -2 - flags.length), flags]));
  for (const file of [source, ...includes(source)]) hash.update(readFileSync(file)).update('\0');
  const name = `${basename(source).replace(/\.\w+$/, '')}-${build}-${hash.digest('hex').slice(0, 16)}`;
  const path = join(cache, name);
  let result = pending.get(path);
  if (!result) {
    result = existsSync(path) ? Promise.resolve(path) : limited(() => link(compiler, all, path));
    pending.set(path, result);
  }
  return result;
}

async function link(compiler: string, args: readonly string[], path: string): Promise<string> {
  mkdirSync(cache, { recursive: true });
  // Test files run in processes of their own: each writes its own file, and the name appears when it is whole.
  const partial = `${path}.${process.pid}`;
  try {
    await promisify(execFile)(
      compiler,
      args.map((arg) => (arg === '' ? partial : arg)),
    );
  } catch (error) {
    throw new Error(`${compiler} ${basename(path)}: ${(error as { stderr?: string }).stderr ?? String(error)}`);
  }
  renameSync(partial, path);
  return path;
}

async function limited<T>(job: () => Promise<T>): Promise<T> {
  if (running >= JOBS) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await job();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

/** The files beside the source that it includes. */
function includes(source: string): string[] {
  const text = readFileSync(source, 'utf8');
  return [...text.matchAll(/^#include "([^"]+)"/gm)].map(([, name = '']) => join(dirname(source), name));
}
