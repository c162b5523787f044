// A directory (or one file) of the host as a file system, read-only or written through.
//
// Links are resolved by the guest's own walk; host calls never follow the last component. What leads to a file is a
// chain of directories known by device and inode number, each looked at again before a call, so that a directory which
// was exchanged for a link meanwhile leads nowhere instead of out of the mounted tree.

import { E, ERRNO, type ErrnoName } from '../../abi/errno.ts';
import { HostError, type HostFile, type HostFiles, type HostStat } from '../../host/host.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { HostNode } from './host-node.ts';

export interface HostFsOptions {
  files: HostFiles;
  /** The directory or file, absolute, without links (hostRealPath). */
  path: ByteString;
  isWritable?: boolean;
}

/** Host descriptors kept open for files that no guest descriptor holds (mapped files, program text). */
const MAX_HANDLES = 64;

export class HostFs implements FileSystem {
  readonly type = 'hostfs';
  readonly files: HostFiles;
  readonly isWritable: boolean;
  readonly root: HostNode;
  /** Counts renames, after which the paths of nodes must be put together again. */
  generation = 0;
  /** Nothing lies outside `/`, so nothing needs to be looked at again. */
  readonly isWhole: boolean;
  readonly #nodes = new Map<string, HostNode>();
  readonly #handles = new Map<HostNode, HostFile>();

  constructor({ files, path, isWritable = false }: HostFsOptions) {
    this.files = files;
    this.isWritable = isWritable;
    const top = path.replace(/\/+$/, '');
    this.isWhole = top === '' && !isWritable;
    this.root = new HostNode(this, undefined, top, undefined);
  }

  statfs(): StatFs {
    return { type: 0x61756673, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 };
  }

  /** The node of what was seen at `name` in `parent`; the same object for the same inode. */
  node(parent: HostNode, name: ByteString, seen: HostStat): HostNode {
    const key = `${seen.dev}:${seen.ino}`;
    const known = this.#nodes.get(key);
    if (known?.isSame(seen)) {
      known.found(parent, name, seen);
      return known;
    }
    const node = new HostNode(this, parent, name, seen);
    this.#nodes.set(key, node);
    return node;
  }

  /** Forgets the identity of something that was removed: the host may use its inode number again. */
  forget(seen: HostStat): void {
    this.#nodes.delete(`${seen.dev}:${seen.ino}`);
  }

  /** A handle to read from, kept for the next read. */
  handle(node: HostNode, open: () => HostFile): HostFile {
    const known = this.#handles.get(node);
    if (known) return known;
    const handle = open();
    this.#handles.set(node, handle);
    if (this.#handles.size > MAX_HANDLES) {
      for (const oldest of this.#handles.keys()) {
        this.dropHandle(oldest);
        break;
      }
    }
    return handle;
  }

  dropHandle(node: HostNode): void {
    this.#handles.get(node)?.close();
    this.#handles.delete(node);
  }

  /** Closes what is kept open; the file system is not used afterwards. */
  close(): void {
    for (const node of [...this.#handles.keys()]) this.dropHandle(node);
  }
}

/** Runs a host call; its HostError becomes the guest's Errno. */
export function hostCall<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostError) throw error.code in ERRNO ? E[error.code as ErrnoName] : E.EIO;
    throw error;
  }
}

/** `path` with its links resolved on the host (as realpath does), or undefined if nothing is there. */
export function hostRealPath(files: HostFiles, path: ByteString): ByteString | undefined {
  let done = '';
  let rest = path.split('/').filter((part) => part !== '' && part !== '.');
  for (let links = 0; rest.length > 0; ) {
    const [name = '', ...after] = rest;
    rest = after;
    if (name === '..') {
      done = done.slice(0, done.lastIndexOf('/'));
      continue;
    }
    const at = `${done}/${name}`;
    const stat = files.lstat(at);
    if (!stat) return undefined;
    if ((stat.mode & 0o170000) !== 0o120000) {
      done = at;
      continue;
    }
    if (++links > 40) return undefined;
    const target = files.readlink(at);
    if (target.startsWith('/')) done = '';
    rest = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...rest];
  }
  return done || '/';
}
