// A System V message queue (msgop(2)).

import { E } from '../../abi/errno.ts';
import type { Task } from '../task.ts';
import { POLLIN, WaitQueue, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { IpcObject, now } from './sysv.ts';

/** MSGMNB */
const DEFAULT_BYTES = 16_384;
export const MSG_NOERROR = 0o10000,
  MSG_EXCEPT = 0o20000;

export interface QueuedMessage {
  readonly type: number;
  readonly bytes: Uint8Array;
}

export class MessageQueue extends IpcObject {
  readonly messages: QueuedMessage[] = [];
  readonly queue = new WaitQueue();
  bytes = 0;
  limit = DEFAULT_BYTES;
  sent = { time: 0, pid: 0 };
  received = { time: 0, pid: 0 };

  poll(): number {
    return POLLIN;
  }

  send(task: Task, message: QueuedMessage): number | WouldBlock {
    if (this.isRemoved) throw E.EIDRM;
    if (this.bytes + message.bytes.length > this.limit || this.messages.length >= this.limit) return WOULD_BLOCK;
    this.messages.push(message);
    this.bytes += message.bytes.length;
    this.sent = { time: now(task), pid: task.process.pid };
    this.queue.wake(POLLIN);
    return 0;
  }

  /** The first message of a type: any for 0, the lowest up to -type for a negative one. */
  receive(task: Task, type: number, size: number, flags: number): QueuedMessage | WouldBlock {
    if (this.isRemoved) throw E.EIDRM;
    const index = this.#find(type, flags);
    const found = this.messages[index];
    if (!found) return WOULD_BLOCK;
    if (found.bytes.length > size && !(flags & MSG_NOERROR)) throw E.E2BIG;
    this.messages.splice(index, 1);
    this.bytes -= found.bytes.length;
    this.received = { time: now(task), pid: task.process.pid };
    this.queue.wake(POLLIN);
    return found;
  }

  #find(type: number, flags: number): number {
    if (type === 0) return 0;
    if (type > 0) return this.messages.findIndex((each) => (each.type === type) !== ((flags & MSG_EXCEPT) !== 0));
    let best = -1;
    this.messages.forEach((each, i) => {
      if (each.type <= -type && (best < 0 || each.type < (this.messages[best]?.type ?? 0))) best = i;
    });
    return best;
  }
}
