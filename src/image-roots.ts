// Roots that are made of more than a directory of the host: a tar, a manifest, files in memory.

import { parseManifest } from './image/manifest.ts';
import { TarFs } from './kernel/fs/tar.ts';
import { TmpFs } from './kernel/fs/tmp.ts';
import { TreeFs } from './kernel/fs/tree.ts';
import { S_IFREG } from './kernel/vfs/inode.ts';
import { utf8 } from './lib/bytes.ts';
import { UsageError } from './lib/usage-error.ts';

import { bytesOf, type HostPath, over, type Root, type RootEnvironment } from './roots.ts';

/** Files in memory by path: bytes or text, and directories as objects. */
export interface Files {
  readonly [path: string]: Uint8Array | string | Files;
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
