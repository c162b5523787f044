// Blocking without blocking: kernel objects try, report readiness, and wake whoever waits.
//
// An object owns one WaitQueue and never blocks. A syscall that cannot go on returns `task.retry(...)`: the thread is
// parked on the queues it names and its attempt runs again when one of them is woken, the deadline passes, or a signal
// arrives. Nothing of the guest is on the host's stack meanwhile: registers are in the thread's saved context.

/** Poll event bits (include/uapi/asm-generic/poll.h). */
export const POLLIN = 0x001,
  POLLPRI = 0x002,
  POLLOUT = 0x004,
  POLLERR = 0x008,
  POLLHUP = 0x010,
  POLLNVAL = 0x020,
  POLLRDNORM = 0x040,
  POLLRDBAND = 0x080,
  POLLWRNORM = 0x100,
  POLLWRBAND = 0x200,
  POLLRDHUP = 0x2000;

/** Returned by an attempt, or a syscall handler, that would block. */
export const WOULD_BLOCK: unique symbol = Symbol('would block');
export type WouldBlock = typeof WOULD_BLOCK;

export type Waiter = (events: number) => void;

/** The one queue of an object: waiters are called, not removed, when events happen; they remove themselves. */
export class WaitQueue {
  /** Most queues have one waiter at most (bench os, thread-switch); others are in the set, each once. */
  #first: Waiter | undefined;
  #others: Set<Waiter> | undefined;

  add(waiter: Waiter): void {
    if (this.isEmpty) this.#first = waiter;
    else if (this.#first !== waiter) (this.#others ??= new Set()).add(waiter);
  }

  remove(waiter: Waiter): void {
    if (this.#first === waiter) this.#first = undefined;
    else this.#others?.delete(waiter);
  }

  /** Adds a waiter and returns the function that removes it. */
  subscribe(waiter: Waiter): () => void {
    this.add(waiter);
    return () => this.remove(waiter);
  }

  wake(events: number): void {
    const others = this.#others?.size ? [...this.#others] : undefined;
    this.#first?.(events);
    if (others) for (const waiter of others) waiter(events);
  }

  get isEmpty(): boolean {
    return this.#first === undefined && !this.#others?.size;
  }
}

/** Something a thread can wait for. */
export interface Pollable {
  readonly queue: WaitQueue;
  /** The POLL* bits that hold now. */
  poll(): number;
}
