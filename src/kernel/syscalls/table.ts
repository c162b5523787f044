// All syscalls by x86-64 number: the rows of every family in one sparse array.

import { cloneRows } from './clone.ts';
import { credentialRows } from './credentials.ts';
import type { SyscallRow } from './define.ts';
import { descriptorRows } from './descriptor.ts';
import { directoryRows } from './dir.ts';
import { epollRows } from './epoll.ts';
import { fdRows } from './fd.ts';
import { fileRows } from './file.ts';
import { futexRows } from './futex.ts';
import { inotifyRows } from './inotify.ts';
import { ioRows } from './io.ts';
import { limitRows } from './limits.ts';
import { messageRows } from './message.ts';
import { mmapRows } from './mmap.ts';
import { memfdRows } from './memfd.ts';
import { pipeRows } from './pipe.ts';
import { pollRows } from './poll.ts';
import { posixQueueRows } from './posix-queue.ts';
import { posixTimerRows } from './posix-timer.ts';
import { processMemoryRows } from './process-memory.ts';
import { processRows } from './process.ts';
import { schedRows } from './sched.ts';
import { signalRows } from './signal.ts';
import { socketOptionRows } from './socket-option.ts';
import { socketRows } from './socket.ts';
import { spliceRows } from './splice.ts';
import { systemRows } from './system.ts';
import { sysvRows } from './sysv.ts';
import { timeRows } from './time.ts';
import { waitRows } from './wait.ts';
import { xattrRows } from './xattr.ts';

/** Every row once, for docs and `elfin syscalls`. */
export const allRows: readonly SyscallRow[] = [
  ...ioRows,
  ...fileRows,
  ...directoryRows,
  ...fdRows,
  ...mmapRows,
  ...processRows,
  ...cloneRows,
  ...waitRows,
  ...credentialRows,
  ...limitRows,
  ...schedRows,
  ...signalRows,
  ...timeRows,
  ...posixTimerRows,
  ...futexRows,
  ...systemRows,
  ...memfdRows,
  ...pipeRows,
  ...pollRows,
  ...epollRows,
  ...socketRows,
  ...messageRows,
  ...socketOptionRows,
  ...descriptorRows,
  ...spliceRows,
  ...sysvRows,
  ...posixQueueRows,
  ...xattrRows,
  ...inotifyRows,
  ...processMemoryRows,
];

/** The row of each x86-64 number. */
export const rows: readonly (SyscallRow | undefined)[] = index(allRows);

function index(all: readonly SyscallRow[]): (SyscallRow | undefined)[] {
  const last = Math.max(...all.map((row) => row.x64 ?? 0));
  const byNumber = new Array<SyscallRow | undefined>(last + 1).fill(undefined);
  for (const row of all) if (row.x64 !== undefined) byNumber[row.x64] = row;
  return byNumber;
}
