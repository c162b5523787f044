// What can be a machine's `/` or be mounted elsewhere: a host directory, an empty file system; others are in image-roots.ts.

import { Errno } from './abi/errno.ts';
import { ERRNO_TEXT } from './abi/errno-text.ts';
import type { HostFiles } from './host/host.ts';
import type { Budget } from './kernel/fs/content.ts';
import { HostFs, hostRealPath } from './kernel/fs/host.ts';
import { OverlayFs } from './kernel/fs/overlay.ts';
import { TmpFs, type TmpOptions } from './kernel/fs/tmp.ts';
import type { Time } from './kernel/vfs/inode.ts';
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

/** The host path as bytes: text is taken as UTF-8, byte strings of the command line come as `{ bytes }`. */
export type HostPath = string | { readonly bytes: ByteString };

export const bytesOf = (path: HostPath): ByteString => (typeof path === 'string' ? utf8(path) : path.bytes);

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

/** An empty file system in memory that everyone may write to. */
export const tmpfs = (): Root => ({
  source: 'tmpfs',
  make: ({ now, budget, device, openSpecial }) =>
    new TmpFs({ now, budget, device: device(), ...(openSpecial && { openSpecial }) }),
});

/** Changes to `lower` are kept in memory. */
export const over = (lower: FileSystem, { now, budget, openSpecial }: RootEnvironment): FileSystem =>
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
