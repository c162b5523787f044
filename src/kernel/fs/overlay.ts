// The overlay: a read-only file system below, changes kept in memory above it.

import { E } from '../../abi/errno.ts';
import type { Inode, OpenFile, Time } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { Budget } from './content.ts';
import type { MemoryNode, NodeFs } from './memory-node.ts';
import { MemoryDirectory, nodeOver } from './memory-directory.ts';
import { statMemory } from './tmp.ts';

export interface OverlayOptions {
  lower: FileSystem;
  now: () => Time;
  budget?: Budget;
  openSpecial?: (node: Inode, flags: number) => OpenFile;
}

/** Inode numbers of new files start above those that disks and procfs use, so that they never meet a lower one. */
const FIRST_OWN_INO = 2 ** 44;

export class OverlayFs implements FileSystem, NodeFs {
  readonly type = 'overlay';
  readonly canSeal = false;
  readonly budget: Budget;
  readonly now: () => Time;
  readonly root: MemoryDirectory;
  readonly #lower: FileSystem;
  readonly #openSpecial: OverlayOptions['openSpecial'];
  /** One node an inode below, kept so that a change is not lost while nobody looks. */
  readonly #nodes = new Map<Inode, MemoryNode>();
  #lastIno = FIRST_OWN_INO;

  constructor({ lower, now, budget = new Budget(Infinity), openSpecial }: OverlayOptions) {
    this.#lower = lower;
    this.now = now;
    this.budget = budget;
    this.#openSpecial = openSpecial;
    this.root = new MemoryDirectory(this, lower.root);
    this.#nodes.set(lower.root, this.root);
  }

  /** New files live on the device of the root directory below, as one file system would have it. */
  get device(): number {
    return this.#lower.root.stat().dev;
  }

  newIno(): number {
    return ++this.#lastIno;
  }

  over(lower: Inode): MemoryNode {
    let node = this.#nodes.get(lower);
    if (!node) {
      node = nodeOver(this, lower);
      this.#nodes.set(lower, node);
    }
    return node;
  }

  openSpecial(node: MemoryNode, flags: number): OpenFile {
    if (!this.#openSpecial) throw E.ENXIO;
    return this.#openSpecial(node, flags);
  }

  statfs(): StatFs {
    return Number.isFinite(this.budget.limit) ? statMemory(this.budget) : this.#lower.statfs();
  }

  close(): void {
    this.#lower.close?.();
  }

  /** How many files and directories were made, changed or removed in memory only. */
  countChanges(): number {
    const seen = new Set<MemoryNode>();
    let count = 0;
    const visit = (directory: MemoryDirectory): void => {
      for (const node of directory.changes.values()) {
        if (node && seen.has(node)) continue;
        if (node) seen.add(node);
        count++;
        if (node instanceof MemoryDirectory) visit(node);
      }
    };
    for (const node of this.#nodes.values()) {
      if (node.isUnlinked) continue;
      if (node.isChanged && !seen.has(node)) {
        seen.add(node);
        count++;
      }
      if (node instanceof MemoryDirectory) visit(node);
    }
    return count;
  }
}
