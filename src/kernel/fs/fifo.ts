// Named pipes: a fifo node has one pipe as long as someone has it open, and opening waits for the other side (fifo(7)).

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from '../../abi/fcntl.ts';
import type { Account } from '../limits.ts';
import { Pipe, PipeEnd } from '../pipe.ts';
import type { Inode, OpenFile } from '../vfs/inode.ts';
import { POLLIN, type Pollable, WaitQueue } from '../wait.ts';

export class Fifos {
  readonly #account: Account;
  readonly #fifos = new WeakMap<Inode, Fifo>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Opens one side; the caller waits while someone is awaited. ENXIO: a writer that does not wait finds no reader. */
  readonly open = (inode: Inode, flags: number): OpenFile => {
    let fifo = this.#fifos.get(inode);
    if (!fifo) {
      fifo = new Fifo(this.#account);
      this.#fifos.set(inode, fifo);
    }
    const access = flags & O_ACCMODE;
    if (access === O_WRONLY && (flags & O_NONBLOCK) !== 0 && fifo.pipe.readers.size === 0) throw E.ENXIO;
    return new FifoEnd(inode, fifo, flags);
  };
}

/** Woken whenever a side is opened; it counts openings, so that a short-lived partner is not missed. */
class Fifo implements Pollable {
  readonly pipe: Pipe;
  readonly queue = new WaitQueue();
  opened = { readers: 0, writers: 0 };

  constructor(account: Account) {
    this.pipe = new Pipe(account);
  }
  poll(): number {
    return POLLIN;
  }
}

export class FifoEnd extends PipeEnd {
  readonly #fifo: Fifo;
  readonly #isReady: () => boolean;

  constructor(inode: Inode, fifo: Fifo, flags: number) {
    super(inode, fifo.pipe, flags);
    this.#fifo = fifo;
    const access = flags & O_ACCMODE;
    const { opened, pipe } = fifo;
    const { readers, writers } = opened;
    if (access !== O_WRONLY) opened.readers++;
    if (access !== O_RDONLY) opened.writers++;
    const doesWait = access !== O_RDWR && (flags & O_NONBLOCK) === 0;
    this.#isReady = (): boolean => {
      if (!doesWait) return true;
      return access === O_RDONLY
        ? pipe.writers.size > 0 || opened.writers > writers
        : pipe.readers.size > 0 || opened.readers > readers;
    };
    fifo.queue.wake(POLLIN);
  }

  /** What an opening waits on as long as no partner has come. */
  get awaited(): Pollable | undefined {
    return this.#isReady() ? undefined : this.#fifo;
  }
}
