// What can be a machine's `/` or be mounted elsewhere: a host directory, a tar, a manifest, files in memory.

import { Errno } from './abi/errno.ts';
import { ERRNO_TEXT } from './abi/errno-text.ts';
import type { HostFiles } from './host/host.ts';
import { parseManifest } from './image/manifest.ts';
import type { Budget } from './kernel/fs/content.ts';
import { HostFs, hostRealPath } from './kernel/fs/host.ts';
import { OverlayFs } from './kernel/fs/overlay.ts';
import { TarFs } from './kernel/fs/tar.ts';
import { TmpFs, type TmpOptions } from './kernel/fs/tmp.ts';
import { TreeFs } from './kernel/fs/tree.ts';
import { S_IFREG, type Time } from './kernel/vfs/inode.ts';
import type { FileSystem } from './kernel/vfs/mount.ts';
import { type ByteString, printable, utf8 } from './lib/bytes.ts';
import { UsageError } from './lib/usage-error.ts';

/** What a machine gives to the file systems it is made of. */
export interface RootEnvironment {
  readonly now: () => Time;
  /** Bytes that files in memory may take together. */
  readonly budget: Budget;
  /** A device number of its own for each file system. */
  readonly device: () => number;
  readonly openSpecial?: TmpOptions['openSpecial'];
  readonly files?: HostFiles | undefined;
  readonly decompress?: ((bytes: Uint8Array, format: 'gzip' | 'zstd') => Uint8Array | Promise<Uint8Array>) | undefined;
}

/** A file system to be. */
export interface Root {
  /** What it is and of what, for messages and /proc/mounts. */
  readonly source: ByteString;
  make(environment: RootEnvironment): FileSystem | Promise<FileSystem>;
}

/** Files in memory by path: bytes or text, and directories as objects. */
export interface Files {
  readonly [path: string]: Uint8Array | string | Files;
}

/** The host path as bytes: text is taken as UTF-8, byte strings of the command line come as `{ bytes }`. */
export type HostPath = string | { readonly bytes: ByteString };

const bytesOf = (path: HostPath): ByteString => (typeof path === 'string' ? utf8(path) : path.bytes);

/**
 * A directory (or one file) of the host. What the guest writes is kept in memory and dropped with the machine, or goes to
 * the host with `writable`; with `readOnly` it is refused.
 */
export function hostDir(
  path: HostPath,
  { writable = false, readOnly = false }: { readonly writable?: boolean; readonly readOnly?: boolean } = {},
): Root {
  const source = bytesOf(path);
  return {
    source,
    make: (environment) => {
      const { files } = environment;
      if (!files) throw new UsageError(`${printable(source)}: this environment has no host files`);
      const real = locate(files, source);
      const fs = new HostFs({ files, path: real, isWritable: writable });
      return writable || readOnly ? fs : over(fs, environment);
    },
  };
}

/** A tar archive, also packed by gzip or (in Node) zstd: its bytes, or a URL to fetch. Changes stay in memory. */
export function tar(archive: Uint8Array | string, name = typeof archive === 'string' ? archive : 'tar'): Root {
  return {
    source: utf8(name),
    make: async (environment) => {
      const bytes = typeof archive === 'string' ? await fetchBytes(archive) : archive;
      return over(new TarFs({ bytes: await unpack(bytes, name, environment), name, device: environment.device() }), environment);
    },
  };
}

/** Files of the host as a manifest lists them (`/guest: host`); relative host paths start from `base`. Changes stay in memory. */
export function manifest(
  text: string,
  { base = '/', name = 'manifest' }: { readonly base?: HostPath; readonly name?: string } = {},
): Root {
  return {
    source: utf8(name),
    make: (environment) => {
      const { files } = environment;
      if (!files) throw new UsageError(`${name}: this environment has no host files`);
      const entries = parseManifest(utf8(text), { name, base: bytesOf(base) });
      return over(new TreeFs({ entries, files, device: environment.device() }), environment);
    },
  };
}

/** Files given here, writable in memory: `{ 'etc/motd': 'hi', bin: { tool: bytes } }`. All are executable, as tests want them. */
export function memory(files: Files = {}): Root {
  return {
    source: 'memory',
    make: ({ now, budget, device, openSpecial }) => {
      const fs = new TmpFs({ now, budget, device: device(), mode: 0o755, ...(openSpecial && { openSpecial }) });
      plant(fs, files, '');
      return fs;
    },
  };
}

/** An empty file system in memory that everyone may write to. */
export const tmpfs = (): Root => ({
  source: 'tmpfs',
  make: ({ now, budget, device, openSpecial }) =>
    new TmpFs({ now, budget, device: device(), ...(openSpecial && { openSpecial }) }),
});

const OWNER = { uid: 0, gid: 0 };

function plant(fs: TmpFs, files: Files, directory: string): void {
  for (const [path, content] of Object.entries(files)) {
    const parts = `${directory}/${path}`.split('/').filter((part) => part !== '');
    const isFile = typeof content === 'string' || content instanceof Uint8Array;
    const name = isFile ? parts.pop() : undefined;
    let at: TmpFs['root'] | ReturnType<TmpFs['root']['mkdir']> = fs.root;
    for (const part of parts) at = at.lookup(utf8(part)) ?? at.mkdir(utf8(part), 0o755, OWNER);
    if (!isFile) plant(fs, content, parts.join('/'));
    else if (name !== undefined) {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      at.create(utf8(name), S_IFREG | 0o755, OWNER).write(bytes, 0);
    }
  }
}

const over = (lower: FileSystem, { now, budget, openSpecial }: RootEnvironment): FileSystem =>
  new OverlayFs({ lower, now, budget, ...(openSpecial && { openSpecial }) });

function locate(files: HostFiles, path: ByteString): ByteString {
  let real: ByteString | undefined;
  try {
    real = hostRealPath(files, path);
  } catch (error) {
    const text = error instanceof Errno ? ERRNO_TEXT[error.name] : (error as Error).message;
    throw new UsageError(`${printable(path)}: ${text}`);
  }
  if (real === undefined) throw new UsageError(`${printable(path)}: no such file or directory on the host`);
  return real;
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new UsageError(`${url}: the server answered ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);

/** The archive without its compression, which its first bytes tell (RFC 1952, RFC 8878). */
async function unpack(bytes: Uint8Array, name: string, { decompress }: RootEnvironment): Promise<Uint8Array> {
  const format = startsWith(bytes, GZIP) ? 'gzip' : startsWith(bytes, ZSTD) ? 'zstd' : undefined;
  if (!format) return bytes;
  try {
    if (!decompress) throw new Error('nothing here unpacks it');
    return await decompress(bytes, format);
  } catch (error) {
    throw new UsageError(`${name}: damaged ${format}: ${(error as Error).message}`);
  }
}
