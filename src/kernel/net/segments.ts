// The bytes on their way to a stream socket, in the pieces they were sent in: what came with a piece stays with it.

import type { OpenFile } from '../vfs/inode.ts';
import { hold, letGo, type Outgoing, type Received, type Sender } from './socket.ts';

interface Segment {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
  files: readonly OpenFile[];
  readonly sender: Sender | undefined;
}

/** A small piece is given room for the ones behind it. */
const SMALLEST = 1024;

export class Segments {
  #segments: Segment[] = [];
  #first = 0;
  /** Bytes in all pieces. */
  length = 0;

  /** Copies bytes; files are held until they are received. */
  push(bytes: Uint8Array, more?: Outgoing): void {
    this.length += bytes.length;
    const files = more?.files ?? [];
    const sender = more?.sender;
    const last = this.#first < this.#segments.length ? this.#segments.at(-1) : undefined;
    if (last && files.length === 0 && last.files.length === 0 && last.sender === sender) {
      const room = last.bytes.length - last.end;
      if (room >= bytes.length) {
        last.bytes.set(bytes, last.end);
        last.end += bytes.length;
        return;
      }
    }
    const copy = new Uint8Array(Math.max(bytes.length, SMALLEST));
    copy.set(bytes);
    hold(files);
    this.#segments.push({ bytes: copy, start: 0, end: bytes.length, files, sender });
  }

  /**
   * Moves bytes into a buffer, or copies them with `isPeek`. It stops behind a piece that carried files, and before one of
   * another sender when that is asked for.
   */
  read(into: Uint8Array, isPeek: boolean, received?: Received, isBySender = false): number {
    let done = 0;
    for (let at = this.#first; done < into.length && at < this.#segments.length; at++) {
      const segment = this.#segments[at]!; // below the length
      if (received && isBySender && done > 0 && segment.sender !== received.sender) break;
      if (received && done === 0) received.sender = segment.sender;
      const part = Math.min(into.length - done, segment.end - segment.start);
      into.set(segment.bytes.subarray(segment.start, segment.start + part), done);
      done += part;
      const hadFiles = segment.files.length > 0;
      if (hadFiles) this.#giveFiles(segment, isPeek, received);
      if (!isPeek) {
        segment.start += part;
        if (segment.start === segment.end) this.#drop();
      }
      if (hadFiles) break;
    }
    if (!isPeek) this.length -= done;
    return done;
  }

  /** Takes up to so many bytes away unread. */
  skip(count: number): number {
    let done = 0;
    while (done < count && this.#first < this.#segments.length) {
      const segment = this.#segments[this.#first]!; // below the length
      const part = Math.min(count - done, segment.end - segment.start);
      segment.start += part;
      done += part;
      if (segment.start === segment.end) {
        letGo(segment.files);
        this.#drop();
      }
    }
    this.length -= done;
    return done;
  }

  /** Drops all, files as well. */
  clear(): void {
    for (const { files } of this.#segments.splice(0).slice(this.#first)) letGo(files);
    this.#first = 0;
    this.length = 0;
  }

  /** The receiver gets the files, as holder; without one they are closed. */
  #giveFiles(segment: Segment, isPeek: boolean, received: Received | undefined): void {
    if (received) {
      received.files = [...segment.files];
      if (isPeek) hold(segment.files);
    } else if (!isPeek) letGo(segment.files);
    if (!isPeek) segment.files = [];
  }

  #drop(): void {
    this.#first++;
    if (this.#first < this.#segments.length && (this.#first < 64 || this.#first * 2 < this.#segments.length)) return;
    this.#segments = this.#segments.slice(this.#first);
    this.#first = 0;
  }
}
