// The host's descriptors 0, 1 and 2 as streams for a guest: which kind of stream a descriptor needs.

import * as fs from 'node:fs';
import { isatty } from 'node:tty';
import { HostError, type HostStream } from '../host.ts';
import { FileStream } from './file-stream.ts';
import { HandleStream } from './handle-stream.ts';
import { PollStream } from './poll-stream.ts';

/**
 * The stream of a descriptor of this process. Nothing is read before the guest asks. `release()` of every stream must
 * run before the process ends: it gives terminals their mode back and files their offset.
 */
export interface NodeStream extends HostStream {
  release(): void;
}

/** Opens a stream over `fd`; a descriptor that was closed when the process started gives one that answers EBADF. */
export function openStream(fd: number, access: 'read' | 'write'): NodeStream {
  let stat: fs.Stats;
  try {
    stat = fs.fstatSync(fd);
  } catch {
    return closedStream;
  }
  if (isatty(fd)) return PollStream.open(fd, access, 'tty', stat) ?? new HandleStream(fd, 'tty', stat);
  if (stat.isFIFO()) return PollStream.open(fd, access, 'pipe', stat) ?? new HandleStream(fd, 'pipe', stat);
  if (stat.isSocket()) return new HandleStream(fd, 'socket', stat);
  return new FileStream(fd, stat);
}

function refuse(): never {
  throw new HostError('EBADF', 'the descriptor was closed when elfin started');
}

/** What stands for a descriptor that the host did not give: every use is EBADF. */
export const closedStream: NodeStream = {
  kind: 'null',
  read: refuse,
  write: refuse,
  readable: true,
  writable: true,
  onReady: (_event, callback) => {
    queueMicrotask(callback);
    return () => {};
  },
  stat: refuse,
  release() {},
};
