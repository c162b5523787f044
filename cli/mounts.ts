// File systems as the command line names them: the root, volumes, file systems in memory.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { type ByteString, fromBytes, printable, utf8 } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import type { MountRequest } from '../src/machine.ts';
import { hostDir, manifest, type Root, tar, tmpfs } from '../src/roots.ts';
import { isLinuxHost } from './environment.ts';
import type { Settings } from './options.ts';

/** What `--root` names the bundled image by; a directory of that name is `./base`. */
const BUNDLED = 'base';

/** What `--root` names, or the default: the host's files on Linux x86-64, else the bundled image. */
export function rootOf({ root }: Settings): Root {
  if (root === undefined) return isLinuxHost ? hostDir('/') : bundledImage();
  if (root === BUNDLED) return bundledImage();
  const path = absolute(root);
  if (isDirectory(path)) return hostDir({ bytes: path });
  if (root.endsWith('.manifest')) {
    return manifest(fromBytes(read(path)), { base: { bytes: dirname(path) }, name: printable(root) });
  }
  if (/\.(tar|tar\.gz|tgz|tar\.zst)$/.test(root)) return tar(read(path), printable(root));
  throw new UsageError(`--root ${printable(root)}: expected ${BUNDLED}, a directory, a .tar, .tar.gz, .tar.zst or .manifest`);
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

function bundledImage(): Root {
  const path = join(import.meta.dirname, '../dist/base-image.tar.zst');
  if (!existsSync(path)) throw new UsageError(`${path} is missing: \`npm run build\` puts the base image there`);
  return tar(readFileSync(path), 'base-image.tar.zst');
}
