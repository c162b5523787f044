// tmpfs: a file system in memory, with a limit.

import { E } from '../../abi/errno.ts';
import type { Inode, OpenFile, Time } from '../vfs/inode.ts';
import { S_IFDIR } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { Budget } from './content.ts';
import type { MemoryNode, NodeFs } from './memory-node.ts';
import { MemoryDirectory } from './memory-directory.ts';

export interface TmpOptions {
  now: () => Time;
  /** st_dev of its files. */
  device: number;
  /** Bytes it may hold; half the budget of the machine is Linux's habit. Several file systems may share one. */
  budget?: Budget;
  /** Permissions of the root directory. */
  mode?: number;
  /** Opens fifos and device nodes; without it they answer ENXIO. */
  openSpecial?: (node: Inode, flags: number) => OpenFile;
}

export class TmpFs implements FileSystem, NodeFs {
  readonly type = 'tmpfs';
  readonly canSeal = true;
  readonly budget: Budget;
  readonly device: number;
  readonly now: () => Time;
  readonly root: MemoryDirectory;
  readonly #openSpecial: TmpOptions['openSpecial'];
  #lastIno = 0;

  constructor({ now, device, budget = new Budget(Infinity), mode = 0o1777, openSpecial }: TmpOptions) {
    this.now = now;
    this.device = device;
    this.budget = budget;
    this.#openSpecial = openSpecial;
    this.root = new MemoryDirectory(this, { mode: S_IFDIR | mode, owner: { uid: 0, gid: 0 } });
  }

  newIno(): number {
    return ++this.#lastIno;
  }
  over(): MemoryNode {
    throw new Error('tmpfs has no lower file system');
  }
  openSpecial(node: MemoryNode, flags: number): OpenFile {
    if (!this.#openSpecial) throw E.ENXIO;
    return this.#openSpecial(node, flags);
  }
  statfs(): StatFs {
    return statMemory(this.budget);
  }
}

export const TMPFS_MAGIC = 0x01021994;

/** statfs of a file system in memory; an unlimited one says 0 blocks, as tmpfs does with size=0. */
export function statMemory({ limit, used }: Budget): StatFs {
  const blocks = Number.isFinite(limit) ? Math.floor(limit / 4096) : 0;
  const free = Number.isFinite(limit) ? Math.max(0, Math.floor((limit - used) / 4096)) : 0;
  return { type: TMPFS_MAGIC, blockSize: 4096, blocks, free, files: 0, freeFiles: 0 };
}
