// A System V shared memory segment (shmget(2)).

import { SharedObject } from '../mm/shared-object.ts';
import type { Task } from '../task.ts';
import { IpcObject } from './sysv.ts';

export class SharedSegment extends IpcObject {
  readonly size: number;
  /** Its pages; the segment itself counts as one mapping, so that they outlive the others. */
  readonly object = new SharedObject(undefined);
  attached = 0;
  detached = 0;
  readonly maker: number;
  lastUser = 0;

  constructor(task: Task, id: number, key: number, mode: number, size: number) {
    super(task, id, key, mode);
    this.size = size;
    this.maker = task.process.pid;
    this.object.attach(false);
  }

  get attachments(): number {
    return this.object.areas - 1;
  }
}
