// POSIX message queues: messages by priority, and files that send and receive them (mq_overview(7)).

import { E } from '../../abi/errno.ts';
import type { Kernel } from '../kernel.ts';
import type { Process } from '../process.ts';
import { BaseFile } from '../vfs/base-file.ts';
import type { FileTable } from '../vfs/file-table.ts';
import { AnonymousInode } from '../vfs/base-inode.ts';
import { S_IFREG } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM, WaitQueue } from '../wait.ts';

export interface PosixMessage {
  readonly priority: number;
  readonly bytes: Uint8Array;
}

/** Who is told of a message that comes to an empty queue (mq_notify(3)). */
export interface Notification {
  readonly process: Process;
  readonly notify: () => void;
  /** It is given up without a message. */
  readonly remove: () => void;
}

export class PosixQueue {
  readonly maxMessages: number;
  readonly messageSize: number;
  readonly mode: number;
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly queue = new WaitQueue();
  readonly messages: PosixMessage[] = [];
  /** Receivers that wait: a message that one of them gets is not told of. */
  receivers = 0;
  #notification: Notification | undefined;

  constructor(given: { maxMessages: number; messageSize: number; mode: number; owner: { uid: number; gid: number } }) {
    this.maxMessages = given.maxMessages;
    this.messageSize = given.messageSize;
    this.mode = given.mode;
    this.owner = given.owner;
  }

  get isFull(): boolean {
    return this.messages.length >= this.maxMessages;
  }

  /** Behind those of the same priority. */
  push(message: PosixMessage): void {
    const wasEmpty = this.messages.length === 0;
    const index = this.messages.findIndex((each) => each.priority < message.priority);
    this.messages.splice(index < 0 ? this.messages.length : index, 0, message);
    if (wasEmpty && this.receivers === 0) {
      this.#notification?.notify();
      this.#notification = undefined;
    }
    this.queue.wake(POLLIN | POLLRDNORM);
  }

  /** EBUSY: there is one. */
  register(notification: Notification): void {
    if (this.#notification) throw E.EBUSY;
    this.#notification = notification;
  }

  /** Gives up the notification of a process, if that has it. */
  unregister(isOwner: (process: Process) => boolean): void {
    if (!this.#notification || !isOwner(this.#notification.process)) return;
    this.#notification.remove();
    this.#notification = undefined;
  }

  shift(): PosixMessage | undefined {
    const message = this.messages.shift();
    if (message) this.queue.wake(POLLOUT | POLLWRNORM);
    return message;
  }
}

export class PosixQueueFile extends BaseFile {
  readonly mq: PosixQueue;
  readonly #unsubscribe: () => void;

  constructor(kernel: Kernel, mq: PosixQueue, name: string, flags: number) {
    super(new AnonymousInode(S_IFREG | mq.mode, kernel.vfs.anonymousIno(), `/${name}`), flags);
    this.mq = mq;
    this.#unsubscribe = mq.queue.subscribe((events) => this.queue.wake(events));
  }

  override read(): number {
    throw E.EINVAL;
  }
  override poll(): number {
    const { messages, isFull } = this.mq;
    return (messages.length > 0 ? POLLIN | POLLRDNORM : 0) | (isFull ? 0 : POLLOUT | POLLWRNORM);
  }
  /** Any close by the process that is told ends that (mq_close(3)). */
  descriptorClosed(table: FileTable): void {
    this.mq.unregister(({ fds }) => fds === table);
  }
  override close(): void {
    this.#unsubscribe();
  }
}
