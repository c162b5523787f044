// The host's descriptors 0, 1 and 2 as streams for a guest: which kind of stream a descriptor needs.

import * as fs from 'node:fs';
import { isatty } from 'node:tty';
import type { HostStream } from '../host.ts';
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

/** Opens a stream over an open descriptor; nothing is read before the guest asks. */
export function openStream(fd: number, access: 'read' | 'write'): NodeStream {
  const stat = fs.fstatSync(fd);
  if (isatty(fd)) return PollStream.open(fd, access, 'tty', stat) ?? new HandleStream(fd, 'tty', stat);
  if (stat.isFIFO()) return PollStream.open(fd, access, 'pipe', stat) ?? new HandleStream(fd, 'pipe', stat);
  if (stat.isSocket()) return new HandleStream(fd, 'socket', stat);
  return new FileStream(fd, stat);
}
