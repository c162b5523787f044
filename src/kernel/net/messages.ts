// Messages on their way to a socket that keeps their boundaries: datagrams and sequenced packets.

import { MSG } from '../../abi/socket.ts';
import { hold, letGo, type Outgoing, type Received, type Sender } from './socket.ts';
import type { OpenFile } from '../vfs/inode.ts';

interface Message {
  readonly bytes: Uint8Array;
  /** Its address is looked at when the message is received, as unix(7) sockets may be bound in between. */
  readonly from: Addressed | undefined;
  readonly files: readonly OpenFile[];
  readonly sender: Sender | undefined;
}

/** Who has a struct sockaddr; one of two bytes is none. */
export interface Addressed {
  readonly address: Uint8Array;
}

export class Messages {
  readonly #messages: Message[] = [];
  /** Bytes in all of them. */
  bytes = 0;

  get count(): number {
    return this.#messages.length;
  }
  /** Length of the first. */
  get nextLength(): number {
    return this.#messages[0]?.bytes.length ?? 0;
  }

  push(bytes: Uint8Array, from: Addressed | undefined, more?: Outgoing): void {
    const files = more?.files ?? [];
    hold(files);
    this.#messages.push({ bytes: bytes.slice(), from, files, sender: more?.sender });
    this.bytes += bytes.length;
  }

  /** The first message, cut to the buffer; with MSG_TRUNC its whole length is the answer. There must be one. */
  read(into: Uint8Array, flags: number, received?: Received): number {
    const message = this.#messages[0]!; // the caller looked at count
    const { bytes, files } = message;
    const part = Math.min(into.length, bytes.length);
    into.set(bytes.subarray(0, part));
    const isPeek = (flags & MSG.MSG_PEEK) !== 0;
    if (!isPeek) {
      this.#messages.shift();
      this.bytes -= bytes.length;
    }
    if (received) {
      const address = message.from?.address;
      received.from = address && address.length > 2 ? address : undefined;
      received.sender = message.sender;
      received.length = bytes.length;
      received.files = [...files];
      if (isPeek) hold(files);
      received.flags |= part < bytes.length ? MSG.MSG_TRUNC : 0;
    } else if (!isPeek) letGo(files);
    return flags & MSG.MSG_TRUNC ? bytes.length : part;
  }

  clear(): void {
    for (const { files } of this.#messages.splice(0)) letGo(files);
    this.bytes = 0;
  }
}
