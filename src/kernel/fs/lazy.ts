// A file system that is made when a walk first enters it.

import type { Inode } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';

export class LazyFs implements FileSystem {
  readonly type: string;
  readonly #make: () => FileSystem;
  #made: FileSystem | undefined;

  /** `type` is that of what `make` makes. */
  constructor(type: string, make: () => FileSystem) {
    this.type = type;
    this.#make = make;
  }

  get root(): Inode {
    return this.#fileSystem.root;
  }

  statfs(): StatFs {
    return this.#fileSystem.statfs();
  }

  get #fileSystem(): FileSystem {
    this.#made ??= this.#make();
    return this.#made;
  }
}
