// The IPC objects of one machine, made when the first of them is asked for.

import type { Process } from '../process.ts';
import type { MessageQueue } from './message-queue.ts';
import type { PosixQueue } from './posix-queue.ts';
import type { SemaphoreSet } from './semaphore-set.ts';
import type { SharedSegment } from './shared-segment.ts';
import { IpcTable } from './sysv.ts';

/** SHMMNI, SEMMNI, MSGMNI. */
const MOST_SEGMENTS = 4096,
  MOST_SETS = 32_000,
  MOST_QUEUES = 32_000;

export class Ipc {
  readonly segments = new IpcTable<SharedSegment>(MOST_SEGMENTS);
  readonly semaphores = new IpcTable<SemaphoreSet>(MOST_SETS);
  readonly queues = new IpcTable<MessageQueue>(MOST_QUEUES);
  /** POSIX message queues by name. */
  readonly posixQueues = new Map<string, PosixQueue>();

  /** The adjustments of a process that ends are made (SEM_UNDO). */
  ended(process: Process): void {
    for (const set of this.semaphores.values()) set.undo(process);
  }
}
