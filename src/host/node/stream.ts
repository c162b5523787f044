// The host's descriptors 0, 1 and 2 as streams for a guest: which kind of stream a descriptor needs.

import { fstatSync, type Stats } from 'node:fs';
import type { HostStream } from '../host.ts';
import { FileStream } from './file-stream.ts';
import { HandleStream } from './handle-stream.ts';
import { tty } from './lazy.ts';
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
  const stat = fstatSync(fd);
  if (isTerminal(fd, stat)) return PollStream.open(fd, access, 'tty', stat) ?? new HandleStream(fd, 'tty', stat);
  if (stat.isFIFO()) return PollStream.open(fd, access, 'pipe', stat) ?? new HandleStream(fd, 'pipe', stat);
  if (stat.isSocket()) return new HandleStream(fd, 'socket', stat);
  return new FileStream(fd, stat);
}

/** Major number of /dev/null and its like (Linux Documentation/admin-guide/devices.txt). */
const MEMORY_DEVICES = 1;

/** isatty, without loading node:tty for what is no terminal. */
export function isTerminal(fd: number, stat: Stats = fstatSync(fd)): boolean {
  return stat.isCharacterDevice() && stat.rdev >>> 8 !== MEMORY_DEVICES && tty().isatty(fd);
}
