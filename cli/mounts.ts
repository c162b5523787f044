// File systems as the command line names them: the root, volumes, file systems in memory.

import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { type ByteString, printable, utf8 } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import type { MountRequest } from '../src/machine.ts';
import { hostDir, type Root, tmpfs } from '../src/roots.ts';
import { isLinuxHost } from './environment.ts';
import type { imageRoot } from './image-root.ts';
import type { Settings } from './options.ts';

/** What `--root` names the bundled image by; a directory of that name is `./base`. */
export const BUNDLED = 'base';

/** What `--root` names, or the default: the host's files on Linux x86-64, else an image. `images` loads what makes those. */
export function rootOf({ root }: Settings, images: () => { imageRoot: typeof imageRoot }): Root {
  if (root === undefined && isLinuxHost) return hostDir('/');
  const path = root === undefined || root === BUNDLED ? undefined : absolute(root);
  return path !== undefined && isDirectory(path) ? hostDir({ bytes: path }) : images().imageRoot(root);
}

/** `-v` and `--tmpfs`, in the order of depth, so that one may lie in another. */
export function mountsOf({ volumes, tmpfs: memory }: Settings): MountRequest[] {
  const requests: MountRequest[] = [
    ...volumes.map(({ host, guest, isReadOnly }) => ({
      at: guest,
      root: hostDir({ bytes: absolute(host) }, isReadOnly ? { readOnly: true } : { writable: true }),
      isReadOnly,
    })),
    ...memory.map((at) => ({ at, root: tmpfs() })),
  ];
  const depth = ({ at }: MountRequest): number => at.split('/').filter((part) => part !== '').length;
  return requests.sort((a, b) => depth(a) - depth(b));
}

/** gzip and zstd by Node's zlib, loaded when first needed. */
export function decompress(bytes: Uint8Array, format: 'gzip' | 'zstd'): Uint8Array {
  const zlib = process.getBuiltinModule('node:zlib');
  return format === 'gzip' ? zlib.gunzipSync(bytes) : zlib.zstdDecompressSync(bytes);
}

/** A host path as bytes, from the current directory. */
export const absolute = (path: ByteString): ByteString => posix.resolve(path.startsWith('/') ? '/' : utf8(process.cwd()), path);

/** A file of the host that the command line names. Throws UsageError. */
export function read(path: ByteString): Uint8Array {
  try {
    return readFileSync(Buffer.from(path, 'latin1'));
  } catch (error) {
    throw new UsageError(`${printable(path)}: ${describe(error)}`);
  }
}

/** An error of node:fs without the call and path that Node adds. */
export const describe = (error: unknown): string =>
  (error as Error).message.replace(/^E[A-Z0-9]+: /, '').replace(/, \w+( '.*')?$/s, '');

function isDirectory(path: ByteString): boolean {
  return statSync(Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
