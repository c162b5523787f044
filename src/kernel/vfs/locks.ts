// Advisory locks: POSIX record locks (fcntl, owned by a process's descriptor table) and flock's (owned by an open file).

import { E } from '../../abi/errno.ts';
import { WOULD_BLOCK, type WouldBlock, WaitQueue, type Pollable } from '../wait.ts';
import type { Inode } from './inode.ts';

/** Bytes start .. end (exclusive; Infinity to the end of the file). */
export interface RecordLock {
  readonly owner: object;
  readonly pid: number;
  readonly isExclusive: boolean;
  readonly start: number;
  readonly end: number;
}

/** How long a chain of waiting owners is followed (fs/locks.c, MAX_DEADLK_ITERATIONS). */
const MAX_DEADLOCK = 10;

class InodeLocks implements Pollable {
  readonly queue = new WaitQueue();
  records: RecordLock[] = [];
  readonly flocks = new Map<object, boolean>();
  poll(): number {
    return 0;
  }
}

/** A record lock that somebody waits for. */
interface LockWait {
  readonly inode: Inode;
  readonly wanted: RecordLock;
}

export class Locks {
  readonly #byInode = new WeakMap<Inode, InodeLocks>();
  readonly #waits = new Set<LockWait>();

  /** What a waiter for a lock on this inode waits on. */
  waitOn(inode: Inode): Pollable {
    return this.#of(inode);
  }

  /** A lock of another owner that stands in the way (F_GETLK). */
  conflict(inode: Inode, wanted: RecordLock): RecordLock | undefined {
    return this.#byInode
      .get(inode)
      ?.records.find((held) => held.owner !== wanted.owner && overlaps(held, wanted) && (held.isExclusive || wanted.isExclusive));
  }

  /** Takes a record lock, replacing what the owner holds there, unless another owner is in the way. */
  lockRecord(inode: Inode, wanted: RecordLock): 0 | WouldBlock {
    if (this.conflict(inode, wanted)) return WOULD_BLOCK;
    this.#cut(inode, wanted).records.push(wanted);
    return 0;
  }

  /** Notes that a lock is waited for, and returns what ends that. EDEADLK: who holds it waits, in the end, for the same owner. */
  await(inode: Inode, wanted: RecordLock): () => void {
    const holder = this.conflict(inode, wanted)?.owner;
    if (holder && this.#waitsFor(holder, wanted.owner, MAX_DEADLOCK)) throw E.EDEADLK;
    const wait = { inode, wanted };
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  #waitsFor(waiter: object, owner: object, depth: number): boolean {
    for (const { inode, wanted } of this.#waits) {
      if (wanted.owner !== waiter) continue;
      const holder = this.conflict(inode, wanted)?.owner;
      if (holder && (holder === owner || (depth > 0 && this.#waitsFor(holder, owner, depth - 1)))) return true;
    }
    return false;
  }

  unlockRecord(inode: Inode, range: RecordLock): void {
    if (this.#byInode.has(inode)) this.#cut(inode, range).queue.wake(~0);
  }

  /** Drops all record locks of an owner on an inode: a descriptor of it was closed. */
  releaseRecords(inode: Inode, owner: object): void {
    const locks = this.#byInode.get(inode);
    if (!locks?.records.some((held) => held.owner === owner)) return;
    locks.records = locks.records.filter((held) => held.owner !== owner);
    locks.queue.wake(~0);
  }

  /** flock(2): converts or takes the lock of an open file. */
  lockFile(inode: Inode, owner: object, isExclusive: boolean): 0 | WouldBlock {
    const locks = this.#of(inode);
    for (const [holder, holdsExclusively] of locks.flocks) {
      if (holder !== owner && (isExclusive || holdsExclusively)) return WOULD_BLOCK;
    }
    const wasExclusive = locks.flocks.get(owner) === true;
    locks.flocks.set(owner, isExclusive);
    if (wasExclusive && !isExclusive) locks.queue.wake(~0);
    return 0;
  }

  unlockFile(inode: Inode, owner: object): void {
    const locks = this.#byInode.get(inode);
    if (locks?.flocks.delete(owner)) locks.queue.wake(~0);
  }

  /** Drops what an open file owns: its last descriptor was closed. */
  releaseFile(inode: Inode, file: object): void {
    this.unlockFile(inode, file);
    this.releaseRecords(inode, file);
  }

  #of(inode: Inode): InodeLocks {
    let locks = this.#byInode.get(inode);
    if (!locks) {
      locks = new InodeLocks();
      this.#byInode.set(inode, locks);
    }
    return locks;
  }

  /** Removes the owner's locks in a range, splitting those that reach over its edges. */
  #cut(inode: Inode, { owner, start, end }: RecordLock): InodeLocks {
    const locks = this.#of(inode);
    locks.records = locks.records.flatMap((held) => {
      if (held.owner !== owner || held.end <= start || held.start >= end) return [held];
      const left: RecordLock[] = [];
      if (held.start < start) left.push({ ...held, end: start });
      if (held.end > end) left.push({ ...held, start: end });
      return left;
    });
    return locks;
  }
}

const overlaps = (a: RecordLock, b: RecordLock): boolean => a.start < b.end && b.start < a.end;
