// Resource limits: those of a process (getrlimit(2)) and what the whole machine may use of memory.

import { E } from '../abi/errno.ts';

/** include/uapi/asm-generic/resource.h */
export const RLIMIT = {
  CPU: 0,
  FSIZE: 1,
  DATA: 2,
  STACK: 3,
  CORE: 4,
  RSS: 5,
  NPROC: 6,
  NOFILE: 7,
  MEMLOCK: 8,
  AS: 9,
  LOCKS: 10,
  SIGPENDING: 11,
  MSGQUEUE: 12,
  NICE: 13,
  RTPRIO: 14,
  RTTIME: 15,
} as const;
export const RLIMIT_COUNT = 16;

/** Soft and hard value; Infinity is RLIM_INFINITY. */
export type Limit = readonly [soft: number, hard: number];

/** The limits Linux gives to its first process, with those the machine was told. */
export function defaultLimits(
  processes: number,
  files: { readonly soft: number; readonly hard: number },
): ReadonlyMap<number, Limit> {
  const limits = new Map<number, Limit>();
  for (let resource = 0; resource < RLIMIT_COUNT; resource++) limits.set(resource, [Infinity, Infinity]);
  limits.set(RLIMIT.STACK, [8 << 20, Infinity]);
  limits.set(RLIMIT.CORE, [0, Infinity]);
  limits.set(RLIMIT.NPROC, [processes, processes]);
  limits.set(RLIMIT.NOFILE, [files.soft, files.hard]);
  limits.set(RLIMIT.MEMLOCK, [8 << 20, 8 << 20]);
  limits.set(RLIMIT.SIGPENDING, [processes, processes]);
  limits.set(RLIMIT.MSGQUEUE, [819200, 819200]);
  limits.set(RLIMIT.NICE, [0, 0]);
  limits.set(RLIMIT.RTPRIO, [0, 0]);
  return limits;
}

/** The limits of one process. */
export class Limits {
  readonly #values: Map<number, Limit>;

  constructor(from: Iterable<readonly [number, Limit]>) {
    this.#values = new Map(from);
  }

  /** EINVAL for an unknown resource. */
  get(resource: number): Limit {
    const limit = this.#values.get(resource);
    if (!limit) throw E.EINVAL;
    return limit;
  }

  soft(resource: number): number {
    return this.get(resource)[0];
  }

  set(resource: number, limit: Limit): void {
    this.get(resource);
    this.#values.set(resource, limit);
  }

  [Symbol.iterator](): Iterator<readonly [number, Limit]> {
    return this.#values.entries();
  }
}

/** Half of what the smallest host has on which the engine itself starts. */
const LEAST = 32 << 20;

/** Memory the machine's guests use: touched pages, tmpfs and overlay data, pipe and socket buffers, in bytes. */
export class Account {
  #limit: number | (() => number);
  /** Up to here the limit need not be looked at. */
  #free: number;
  used = 0;
  peak = 0;

  /** A limit that takes time to find out is found out when more than LEAST is used. */
  constructor(limit: number | (() => number)) {
    this.#limit = limit;
    this.#free = typeof limit === 'number' ? limit : LEAST;
  }

  get limit(): number {
    if (typeof this.#limit !== 'number') this.#free = this.#limit = this.#limit();
    return this.#limit;
  }

  /** Takes `bytes`; false, and nothing taken, when the limit would be passed. */
  charge(bytes: number): boolean {
    if (this.used + bytes > this.#free && this.used + bytes > this.limit) return false;
    this.used += bytes;
    if (this.used > this.peak) this.peak = this.used;
    return true;
  }

  release(bytes: number): void {
    this.used -= bytes;
  }
}
