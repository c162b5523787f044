// All syscalls by x86-64 number: the rows of every family in one sparse array.

import { adviceRows } from './advice.ts';
import { cloneRows } from './clone.ts';
import { credentialRows } from './credentials.ts';
import type { SyscallRow } from './define.ts';
import { descriptorRows } from './descriptor.ts';
import { directoryRows } from './dir.ts';
import { epollRows } from './epoll.ts';
import { futexRows } from './futex.ts';
import { inotifyRows } from './inotify.ts';
import { messageRows } from './message.ts';
import { memfdRows } from './memfd.ts';
import { pipeRows } from './pipe.ts';
import { pollRows } from './poll.ts';
import { posixQueueRows } from './posix-queue.ts';
import { posixTimerRows } from './posix-timer.ts';
import { processMemoryRows } from './process-memory.ts';
import { schedRows } from './sched.ts';
import { signalRows } from './signal.ts';
import { socketOptionRows } from './socket-option.ts';
import { socketRows } from './socket.ts';
import { spliceRows } from './splice.ts';
import { byNumber, startRows } from './start.ts';
import { sysvRows } from './sysv.ts';
import { timeRows } from './time.ts';
import { waitRows } from './wait.ts';
import { xattrRows } from './xattr.ts';
import { processRows } from './process.ts';
import { systemRows } from './system.ts';
import { attributeRows } from './attributes.ts';
import { usageRows } from './usage.ts';
import { storageRows } from './storage.ts';
import { transferRows } from './transfer.ts';

/** Every row once, for docs and `elfin syscalls`. */
export const allRows: readonly SyscallRow[] = [
  ...startRows,
  ...processRows,
  ...systemRows,
  ...attributeRows,
  ...usageRows,
  ...storageRows,
  ...transferRows,
  ...adviceRows,
  ...directoryRows,
  ...cloneRows,
  ...waitRows,
  ...credentialRows,
  ...schedRows,
  ...signalRows,
  ...timeRows,
  ...posixTimerRows,
  ...futexRows,
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
export const rows: readonly (SyscallRow | undefined)[] = byNumber(allRows);
