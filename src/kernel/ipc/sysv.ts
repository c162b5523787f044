// System V IPC: what shared memory, semaphore sets and message queues have in common (sysvipc(7)).

import { E } from '../../abi/errno.ts';
import { isRoot } from '../look-up.ts';
import type { Task } from '../task.ts';

export const IPC_CREAT = 0o1000,
  IPC_EXCL = 0o2000,
  IPC_NOWAIT = 0o4000;
export const IPC_RMID = 0,
  IPC_SET = 1,
  IPC_STAT = 2;
const IPC_PRIVATE = 0;
/** IPCMNI: an id is a place, and how often it was used before. */
const PLACES = 32_768;
/** struct ipc64_perm. */
export const PERM_SIZE = 48;
export const READ = 0o4,
  WRITE = 0o2;

/** One object: its key, owners and mode. */
export class IpcObject {
  readonly id: number;
  readonly key: number;
  readonly creator: { readonly uid: number; readonly gid: number };
  uid: number;
  gid: number;
  mode: number;
  /** Seconds of the last change. */
  changed: number;
  isRemoved = false;

  constructor(task: Task, id: number, key: number, mode: number) {
    const { euid, egid } = task.process.credentials;
    this.id = id;
    this.key = key;
    this.creator = { uid: euid, gid: egid };
    this.uid = euid;
    this.gid = egid;
    this.mode = mode & 0o777;
    this.changed = now(task);
  }

  /** EACCES unless the mode lets the caller do it. */
  requireAccess(task: Task, wanted: number): void {
    const { euid, egid, groups } = task.process.credentials;
    if (euid === 0) return;
    const isMember = (gid: number): boolean => egid === gid || groups.includes(gid);
    const bits =
      euid === this.uid || euid === this.creator.uid
        ? this.mode >> 6
        : isMember(this.gid) || isMember(this.creator.gid)
          ? this.mode >> 3
          : this.mode;
    if ((bits & wanted) !== wanted) throw E.EACCES;
  }

  /** EPERM unless the caller owns or made it. */
  requireOwner({ process }: Task): void {
    const { credentials } = process;
    if (!isRoot(credentials) && credentials.euid !== this.uid && credentials.euid !== this.creator.uid) throw E.EPERM;
  }

  /** IPC_STAT's first member. */
  storePerm({ memory }: Task, at: number): void {
    memory.writable(at, PERM_SIZE).fill(0);
    const words = [this.key, this.uid, this.gid, this.creator.uid, this.creator.gid, this.mode, Math.floor(this.id / PLACES)];
    words.forEach((word, i) => {
      memory.setU32(at + 4 * i, word >>> 0);
    });
  }

  /** IPC_SET: owner, group and mode. */
  setPerm(task: Task, at: number): void {
    const { memory } = task;
    this.uid = memory.getU32(at + 4);
    this.gid = memory.getU32(at + 8);
    this.mode = (this.mode & ~0o777) | (memory.getU32(at + 20) & 0o777);
    this.changed = now(task);
  }
}

export const now = (task: Task): number => task.kernel.clock.realtime().seconds;

/** All objects of one kind. */
export class IpcTable<T extends IpcObject> {
  readonly #objects = new Map<number, T>();
  readonly #uses: number[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The id of a key's object, made when asked: ENOENT, EEXIST, ENOSPC. `check` looks at one that exists. */
  get(task: Task, key: number, flags: number, make: (id: number) => T, check: (object: T) => void): number {
    if (key !== IPC_PRIVATE) {
      for (const object of this.#objects.values()) {
        if (object.key !== key || object.isRemoved) continue;
        if ((flags & (IPC_CREAT | IPC_EXCL)) === (IPC_CREAT | IPC_EXCL)) throw E.EEXIST;
        object.requireAccess(task, ((flags >> 6) | (flags >> 3) | flags) & 0o6);
        check(object);
        return object.id;
      }
      if ((flags & IPC_CREAT) === 0) throw E.ENOENT;
    }
    if (this.#objects.size >= this.#limit) throw E.ENOSPC;
    let place = 0;
    while (this.#objects.has(place)) place++;
    const uses = this.#uses[place] ?? 0;
    this.#uses[place] = uses + 1;
    const object = make(place + PLACES * uses);
    this.#objects.set(place, object);
    return object.id;
  }

  /** The object of an id; EINVAL. */
  find(id: number): T {
    const object = id < 0 ? undefined : this.#objects.get(id % PLACES);
    if (object?.id !== id) throw E.EINVAL;
    return object;
  }

  remove(object: T): void {
    object.isRemoved = true;
    this.#objects.delete(object.id % PLACES);
  }

  values(): Iterable<T> {
    return this.#objects.values();
  }
}
