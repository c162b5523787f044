// A pidfd: a process as a file, ready to read when it has ended (pidfd_open(2)).

import { O_RDWR } from '../abi/fcntl.ts';
import type { Process } from './process.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { POLLIN, POLLRDNORM } from './wait.ts';

export class ProcessFile extends BaseFile {
  readonly process: Process;
  readonly #unsubscribe: () => void;

  constructor(process: Process, flags: number) {
    super(new AnonymousInode(0o600, process.kernel.vfs.anonymousIno(), 'anon_inode:[pidfd]'), O_RDWR | flags);
    this.process = process;
    this.#unsubscribe = process.exitQueue.subscribe(() => this.queue.wake(POLLIN | POLLRDNORM));
  }

  override poll(): number {
    return this.process.exited ? POLLIN | POLLRDNORM : 0;
  }

  override close(): void {
    this.#unsubscribe();
  }
}
