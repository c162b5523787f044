// Waiting for several descriptors: poll, ppoll, select, pselect6.

import { E } from '../../abi/errno.ts';
import { RLIMIT } from '../limits.ts';
import type { SignalSet } from '../signal-set.ts';
import type { RetryOptions, Task } from '../task.ts';
import {
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLNVAL,
  POLLOUT,
  POLLPRI,
  POLLRDBAND,
  POLLRDNORM,
  POLLWRBAND,
  POLLWRNORM,
  WOULD_BLOCK,
  type WouldBlock,
} from '../wait.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { int, pointer, size, struct, uint } from './args.ts';
import { type Argument, type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { flagNames } from './print.ts';
import { readSet } from './signal.ts';
import { readTimespec, readTimeval, writeTimespec, writeTimeval } from './timespec.ts';

const EVENTS = {
  POLLIN,
  POLLPRI,
  POLLOUT,
  POLLERR,
  POLLHUP,
  POLLNVAL,
  POLLRDNORM,
  POLLRDBAND,
  POLLWRNORM,
  POLLWRBAND,
  POLLMSG: 0x400,
  POLLRDHUP: 0x2000,
};
const ALWAYS = POLLERR | POLLHUP | POLLNVAL;
const POLLFD_SIZE = 8;

/** The list of struct pollfd: its count is the next argument. */
const pollfds: Argument<number> = {
  ...pointer,
  label: 'pollfd list',
  print: (task, low, high) => {
    const { printing } = task;
    const count = printing ? (printing.halves[(printing.index + 1) * 2] ?? 0) : 0;
    if (high !== 0 || task.memory.accessible(low >>> 0, count * POLLFD_SIZE, false) < count * POLLFD_SIZE)
      return pointer.print(task, low, high, 0);
    const shown: string[] = [];
    for (let i = 0; i < count; i++) {
      const at = (low >>> 0) + i * POLLFD_SIZE;
      shown.push(`{fd=${task.memory.getI32(at)}, events=${flagNames(task.memory.getU16(at + 4), EVENTS)}}`);
    }
    return `[${shown.join(', ')}]`;
  },
};

interface WaitOptions extends Pick<RetryOptions, 'sigmask'> {
  /** Stores the time that is left where the timeout was, as Linux does for all but poll. */
  readonly left?: (milliseconds: number) => void;
}

/** Waits until `ready` counts more than nothing, the time is over (then 0), or a signal comes (always EINTR). */
function wait(
  task: Task,
  files: readonly OpenFile[],
  timeout: number | undefined,
  ready: () => number,
  none: () => void,
  options: WaitOptions,
): SyscallResult {
  const { clock } = task.kernel;
  const deadline = timeout === undefined ? undefined : clock.monotonic() + timeout;
  const attempt = (): number | WouldBlock => {
    const found = ready();
    if (found === 0) return WOULD_BLOCK;
    if (deadline !== undefined) options.left?.(Math.max(0, deadline - clock.monotonic()));
    return found;
  };
  const onTimeout = (): number => {
    none();
    options.left?.(0);
    return 0;
  };
  return task.retry(files, 0xffff, attempt, { sigmask: options.sigmask, deadline, onTimeout, onSignal: 'interrupt' });
}

function pollFiles(task: Task, list: number, count: number, timeout: number | undefined, options: WaitOptions): SyscallResult {
  const { process, memory } = task;
  if (count > process.limits.soft(RLIMIT.NOFILE)) throw E.EINVAL;
  if (count > 0) memory.writable(list, count * POLLFD_SIZE);
  const files: OpenFile[] = [];
  for (let i = 0; i < count; i++) {
    const fd = memory.getI32(list + i * POLLFD_SIZE);
    if (fd >= 0 && process.fds.has(fd)) files.push(process.fds.get(fd));
  }
  const ready = (): number => {
    let found = 0;
    for (let i = 0; i < count; i++) {
      const at = list + i * POLLFD_SIZE;
      const fd = memory.getI32(at);
      const wanted = memory.getU16(at + 4) | ALWAYS;
      const events = fd < 0 ? 0 : process.fds.has(fd) ? process.fds.get(fd).poll() & wanted : POLLNVAL;
      memory.setU16(at + 6, events);
      if (events !== 0) found++;
    }
    return found;
  };
  return wait(task, files, timeout, ready, () => {}, options);
}

const poll = syscall('poll', { x64: 7 }, [pollfds, uint, int], (task, list, count, timeout) =>
  pollFiles(task, list, count, timeout < 0 ? undefined : timeout, {}),
);

/** The mask that ppoll and pselect6 install for the wait; EINVAL for another size. */
function maskAt(task: Task, at: number, length: number): { sigmask?: SignalSet } {
  if (at === 0) return {};
  if (length !== 8) throw E.EINVAL;
  return { sigmask: readSet(task, at) };
}

const ppoll = syscall(
  'ppoll',
  { x64: 271, generic: 73 },
  [pollfds, uint, struct, struct, size],
  (task, list, count, time, mask, maskSize) => {
    const timeout = time === 0 ? undefined : readTimespec(task, time);
    return pollFiles(task, list, count, timeout, {
      ...maskAt(task, mask, maskSize),
      left: (left) => writeTimespec(task, time, left),
    });
  },
);

const READABLE = POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR | POLLNVAL;
const WRITABLE = POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR | POLLNVAL;
/** Which events put a descriptor into the first, second and third set (fs/select.c). */
const SET_EVENTS = [READABLE, WRITABLE, POLLPRI];

function selectFiles(
  task: Task,
  count: number,
  sets: readonly number[],
  timeout: number | undefined,
  options: WaitOptions,
): SyscallResult {
  const { process, memory } = task;
  if (count < 0) throw E.EINVAL;
  // Descriptors past the table's end cannot be open; Linux looks no further.
  const limit = Math.min(count, process.fds.capacity);
  const bytes = Math.ceil(limit / 64) * 8;
  const wanted = sets.map((at) => (at === 0 ? undefined : memory.bytes(at, bytes).slice()));
  const watched: { fd: number; file: OpenFile; wants: number }[] = [];
  for (let fd = 0; fd < limit; fd++) {
    let wants = 0;
    wanted.forEach((set, i) => {
      if (((set?.[fd >> 3] ?? 0) >> (fd & 7)) & 1) wants |= 1 << i;
    });
    if (wants !== 0) watched.push({ fd, file: process.fds.get(fd), wants });
  }
  const ready = (): number => {
    const results = sets.map((at) => (at === 0 ? undefined : new Uint8Array(bytes)));
    let found = 0;
    for (const { fd, file, wants } of watched) {
      const events = file.poll();
      results.forEach((set, i) => {
        if (!set || ((wants >> i) & 1) === 0 || (events & (SET_EVENTS[i] ?? 0)) === 0) return;
        set[fd >> 3] = (set[fd >> 3] ?? 0) | (1 << (fd & 7));
        found++;
      });
    }
    if (found > 0) store(results);
    return found;
  };
  const store = (results: readonly (Uint8Array | undefined)[]): void =>
    results.forEach((set, i) => {
      if (set) memory.writable(sets[i] ?? 0, bytes).set(set);
    });
  const none = (): void => store(sets.map((at) => (at === 0 ? undefined : new Uint8Array(bytes))));
  return wait(
    task,
    watched.map(({ file }) => file),
    timeout,
    ready,
    none,
    options,
  );
}

const select = syscall(
  'select',
  { x64: 23 },
  [int, pointer, pointer, pointer, struct],
  (task, count, read, write, except, time) => {
    const timeout = time === 0 ? undefined : readTimeval(task, time);
    return selectFiles(task, count, [read, write, except], timeout, { left: (left) => writeTimeval(task, time, left) });
  },
);
const pselect6 = syscall(
  'pselect6',
  { x64: 270, generic: 72 },
  [int, pointer, pointer, pointer, struct, struct],
  (task, count, read, write, except, time, masked) => {
    const timeout = time === 0 ? undefined : readTimespec(task, time);
    // The sixth argument points to the mask's address and size (pselect(2), C library/kernel differences).
    const mask = masked === 0 ? {} : maskAt(task, task.memory.getU64(masked), task.memory.getU64(masked + 8));
    return selectFiles(task, count, [read, write, except], timeout, { ...mask, left: (left) => writeTimespec(task, time, left) });
  },
);

export const pollRows: readonly SyscallRow[] = [poll, ppoll, select, pselect6];
