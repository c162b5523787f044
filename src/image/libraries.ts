// Which files a dynamic program needs on a host, found as glibc's ld.so finds them (ld.so(8)), and their manifest.

import type { ElfSource } from '../elf/image.ts';
import { type ByteString, fromBytes, printable } from '../lib/bytes.ts';
import { UsageError } from '../lib/usage-error.ts';
import { type DynamicInfo, readDynamic } from './dynamic.ts';

/** The files of the host, or of an image; undefined for what cannot be read. Links are followed. */
export interface LibraryFiles {
  open(path: ByteString): ElfSource | undefined;
}

export interface Library {
  /** As it is needed: a DT_NEEDED name, or the program's or interpreter's path. */
  readonly name: ByteString;
  /** Undefined: not found. */
  readonly path: ByteString | undefined;
}

const CACHE = '/etc/ld.so.cache';
/** Debian's ld.so, then the directories other systems use. */
const DEFAULT_DIRECTORIES = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib', '/lib64', '/usr/lib64'];

/** The program, its interpreter and all libraries, each once, breadth first as ld.so loads them. Throws UsageError if it is no ELF. */
export function librariesOf(program: ByteString, files: LibraryFiles, libraryPath: readonly ByteString[] = []): Library[] {
  const source = files.open(program);
  const main = source && readDynamic(source);
  if (!main) throw new UsageError(`${printable(program)}: ${source ? 'not a 64-bit ELF program' : 'no such file, or it cannot be read'}`);
  const found: Library[] = [{ name: program, path: program }];
  if (main.interpreter !== undefined) found.push({ name: main.interpreter, path: files.open(main.interpreter) ? main.interpreter : undefined });
  const seen = new Set<ByteString>(main.interpreter === undefined ? [] : [main.interpreter.slice(main.interpreter.lastIndexOf('/') + 1)]);
  const queue: Loaded[] = [{ path: program, info: main, loader: undefined }];
  let cache: ReadonlyMap<ByteString, ByteString> | undefined;
  for (let next = queue.shift(); next; next = queue.shift()) {
    for (const name of next.info.needed) {
      if (seen.has(name)) continue;
      seen.add(name);
      cache ??= readCache(files);
      const path = locate(name, next, { files, cache, libraryPath });
      found.push({ name, path });
      const info = path === undefined ? undefined : read(files, path);
      if (path !== undefined && info) queue.push({ path, info, loader: next });
    }
  }
  return found;
}

/** A manifest of what a program needs: `path: path` lines. A library that is not found is a UsageError. */
export function manifestOf(program: ByteString, files: LibraryFiles): ByteString {
  const lines = librariesOf(program, files).map(({ name, path }) => {
    if (path === undefined) throw new UsageError(`${printable(program)}: needs ${printable(name)}, which was not found`);
    const text = path.replace(/%/g, '%%');
    return `${text}: ${text}\n`;
  });
  return `[manifest]\n${lines.join('')}`;
}

interface Loaded {
  readonly path: ByteString;
  readonly info: DynamicInfo;
  readonly loader: Loaded | undefined;
}

interface Search {
  readonly files: LibraryFiles;
  readonly cache: ReadonlyMap<ByteString, ByteString>;
  readonly libraryPath: readonly ByteString[];
}

/** DT_RPATH of the object and its loaders unless it has a DT_RUNPATH, LD_LIBRARY_PATH, DT_RUNPATH, the cache, the defaults. */
function locate(name: ByteString, object: Loaded, { files, cache, libraryPath }: Search): ByteString | undefined {
  if (name.includes('/')) return read(files, name) ? name : undefined;
  const directories: ByteString[] = [];
  if (object.info.runpath === undefined) {
    for (let at: Loaded | undefined = object; at; at = at.loader) {
      if (at.info.runpath === undefined) directories.push(...searchPath(at.info.rpath, at.path));
    }
  }
  directories.push(...libraryPath, ...searchPath(object.info.runpath, object.path));
  const inDirectories = first(directories, name, files);
  if (inDirectories !== undefined) return inDirectories;
  const cached = cache.get(name);
  if (cached !== undefined && read(files, cached)) return cached;
  return first(DEFAULT_DIRECTORIES, name, files);
}

const first = (directories: readonly ByteString[], name: ByteString, files: LibraryFiles): ByteString | undefined =>
  directories.map((directory) => `${directory}/${name}`).find((path) => read(files, path));

/** A search path with $ORIGIN, the directory of the object, put in; $LIB and $PLATFORM as Debian's x86-64 has them. */
function searchPath(text: ByteString | undefined, object: ByteString): ByteString[] {
  if (!text) return [];
  const origin = object.slice(0, object.lastIndexOf('/'));
  const values: Readonly<Record<string, ByteString>> = { ORIGIN: origin, LIB: 'lib/x86_64-linux-gnu', PLATFORM: 'x86_64' };
  return text
    .split(':')
    .filter((part) => part !== '')
    .map((part) => part.replace(/\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)(?![A-Za-z0-9_]))/g, (_all, braced, plain) => values[braced ?? plain] ?? ''));
}

function read(files: LibraryFiles, path: ByteString): DynamicInfo | undefined {
  const source = files.open(path);
  return source && readDynamic(source);
}

const MAGIC = 'glibc-ld.so.cache1.1';
const HEADER = 48, ENTRY = 24;
/** FLAG_ELF_LIBC6 and FLAG_X8664_LIB64 (glibc, sysdeps/generic/ldconfig.h). */
const X86_64_LIBC6 = 0x0303;

/** Names and paths of ld.so's cache; the first of a name wins. Empty when there is none. */
function readCache(files: LibraryFiles): ReadonlyMap<ByteString, ByteString> {
  const names = new Map<ByteString, ByteString>();
  const source = files.open(CACHE);
  if (!source) return names;
  const bytes = source.read(0, source.size);
  if (fromBytes(bytes.subarray(0, MAGIC.length)) !== MAGIC || bytes.length < HEADER) return names;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): ByteString => {
    const end = bytes.indexOf(0, at);
    return fromBytes(bytes.subarray(at, end < 0 ? bytes.length : end));
  };
  const count = Math.min(view.getUint32(20, true), Math.floor((bytes.length - HEADER) / ENTRY));
  for (let i = 0; i < count; i++) {
    const at = HEADER + i * ENTRY;
    if (view.getInt32(at, true) !== X86_64_LIBC6) continue;
    // Entries for CPU levels (hwcap) come first; the plain one is what the shown CPU loads.
    if (view.getUint32(at + 16, true) !== 0 || view.getUint32(at + 20, true) !== 0) continue;
    const name = text(view.getUint32(at + 4, true));
    if (!names.has(name)) names.set(name, text(view.getUint32(at + 8, true)));
  }
  return names;
}
