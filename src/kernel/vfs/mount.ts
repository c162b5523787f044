// A file system and where it is mounted.

import type { ByteString } from '../../lib/bytes.ts';
import type { Inode } from './inode.ts';
import { Path } from './path.ts';

/** What statfs shows; sizes are in blocks of `blockSize` bytes. */
export interface StatFs {
  /** Magic number (include/uapi/linux/magic.h). */
  readonly type: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly free: number;
  readonly files: number;
  readonly freeFiles: number;
}

/** One file system; nothing is asked of it before a walk first enters it. */
export interface FileSystem {
  /** Name in /proc/filesystems. */
  readonly type: string;
  readonly root: Inode;
  statfs(): StatFs;
  /** Closes what it keeps open of the host; it is not used afterwards. */
  close?(): void;
}

export interface MountOptions {
  /** First column of /proc/mounts; the type by default. */
  source?: ByteString;
  isReadOnly?: boolean;
}

export class Mount {
  readonly id: number;
  readonly fs: FileSystem;
  #root: Path | undefined;
  /** The directory it covers; undefined for the first mount, `/`. */
  readonly point: Path | undefined;
  readonly source: ByteString;
  readonly isReadOnly: boolean;
  /** Cookie of the last rename that was told of (inotify(7)). */
  lastCookie = 0;

  constructor(id: number, fs: FileSystem, point: Path | undefined, options: MountOptions) {
    this.id = id;
    this.fs = fs;
    this.point = point;
    this.source = options.source ?? fs.type;
    this.isReadOnly = options.isReadOnly ?? false;
  }

  get root(): Path {
    this.#root ??= new Path(this, undefined, undefined, '');
    return this.#root;
  }
}
