// A pidfd: a process or one thread as a file, ready to read when that has ended (pidfd_open(2)).

import { O_EXCL, O_RDWR } from '../abi/fcntl.ts';
import type { Process } from './process.ts';
import type { Task } from './task.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { POLLHUP, POLLIN, POLLRDNORM } from './wait.ts';

/** PIDFD_THREAD (include/uapi/linux/pidfd.h). */
export const PIDFD_THREAD = O_EXCL;

export class ProcessFile extends BaseFile {
  readonly process: Process;
  /** With PIDFD_THREAD, whose signals go to this task alone. */
  readonly task: Task | undefined;
  readonly #unsubscribe: () => void;

  constructor({ process, flags, task }: { process: Process; flags: number; task?: Task | undefined }) {
    super(new AnonymousInode(0o600, process.kernel.vfs.anonymousIno(), 'anon_inode:[pidfd]'), O_RDWR | flags);
    this.process = process;
    this.task = flags & PIDFD_THREAD ? task : undefined;
    this.#unsubscribe = process.exitQueue.subscribe(() => this.queue.wake(this.poll()));
  }

  /** Of a thread that is not the first of its process. */
  get isOther(): boolean {
    return this.task !== undefined && this.task !== this.process.leader;
  }

  get hasEnded(): boolean {
    return this.isOther ? this.task?.state === 'dead' : this.process.exited !== undefined;
  }

  /** Nobody can wait for it any more. */
  get isGone(): boolean {
    const { process } = this;
    return this.hasEnded && (this.isOther || process.kernel.processes.get(process.pid) !== process);
  }

  override poll(): number {
    return (this.hasEnded ? POLLIN | POLLRDNORM : 0) | (this.isGone ? POLLHUP : 0);
  }

  override close(): void {
    this.#unsubscribe();
  }
}
