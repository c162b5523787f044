// epoll as syscalls (epoll_ctl(2), epoll_wait(2)).

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_RDWR } from '../../abi/fcntl.ts';
import { EPOLLET, EPOLLEXCLUSIVE, EPOLLONESHOT, EPOLLWAKEUP, EpollFile } from '../epoll.ts';
import type { SignalSet } from '../signal-set.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI, POLLRDHUP, WOULD_BLOCK } from '../wait.ts';
import { choice, fd, flags, int, outStruct, pointer, rawFd, size, unsigned } from './args.ts';
import { type Argument, type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { HIGHEST_ADDRESS } from './io.ts';
import { address, flagNames } from './print.ts';
import { inSet, readSet } from './signal.ts';
import { readTimespec } from './timespec.ts';

const OPERATION = { EPOLL_CTL_ADD: 1, EPOLL_CTL_DEL: 2, EPOLL_CTL_MOD: 3 } as const;
const EVENT_NAMES = {
  EPOLLIN: POLLIN,
  EPOLLPRI: POLLPRI,
  EPOLLOUT: POLLOUT,
  EPOLLERR: POLLERR,
  EPOLLHUP: POLLHUP,
  EPOLLRDHUP: POLLRDHUP,
  EPOLLEXCLUSIVE,
  EPOLLWAKEUP,
  EPOLLONESHOT,
  EPOLLET,
};
/** struct epoll_event is packed on x86-64: events u32, data u64. */
const EVENT_SIZE = 12;
const MAX_EVENTS = Math.floor(0x7fffffff / EVENT_SIZE);

function create(task: Task, isCloexec: boolean): number {
  return task.process.fds.add(new EpollFile(task.kernel.vfs.anonymousIno(), O_RDWR), isCloexec);
}
const epollCreate = syscall('epoll_create', { x64: 213 }, [int], (task, count) => {
  if (count <= 0) throw E.EINVAL;
  return create(task, false);
});
const epollCreate1 = syscall(
  'epoll_create1',
  { x64: 291, generic: 20 },
  [flags({ EPOLL_CLOEXEC: O_CLOEXEC }, O_CLOEXEC)],
  (task, how) => create(task, (how & O_CLOEXEC) !== 0),
);

const epollEvent: Argument<number> = {
  label: 'epoll event',
  decode: (_task, low, high) => unsigned(low, high),
  print: (task, low, high) => {
    const at = unsigned(low, high);
    if (at === 0 || task.memory.accessible(at, EVENT_SIZE, false) < EVENT_SIZE) return address(at);
    return `{events=${flagNames(task.memory.getI32(at), EVENT_NAMES)}, data=0x${task.memory.getU64big(at + 4).toString(16)}}`;
  },
};

function instance(file: OpenFile): EpollFile {
  if (file instanceof EpollFile) return file;
  throw E.EINVAL;
}

const epollCtl = syscall(
  'epoll_ctl',
  { x64: 233, generic: 21 },
  [fd, choice(OPERATION), rawFd, epollEvent],
  (task, epoll, operation, number, event) => {
    const file = task.process.fds.file(number);
    const it = instance(epoll);
    if (operation === OPERATION.EPOLL_CTL_DEL) {
      it.remove(number, file);
      return 0;
    }
    if (operation !== OPERATION.EPOLL_CTL_ADD && operation !== OPERATION.EPOLL_CTL_MOD) throw E.EINVAL;
    const events = task.memory.getI32(event);
    const data = [task.memory.getI32(event + 4), task.memory.getI32(event + 8)] as const;
    if (operation === OPERATION.EPOLL_CTL_ADD) it.add(number, file, events, data);
    else it.modify(number, file, events, data);
    return 0;
  },
);

/** `timeout` in milliseconds, negative for none. */
function wait(task: Task, file: OpenFile, at: number, count: number, timeout: number, sigmask?: SignalSet): SyscallResult {
  if (count <= 0 || count > MAX_EVENTS) throw E.EINVAL;
  if (at > HIGHEST_ADDRESS) throw E.EFAULT;
  const epoll = instance(file);
  const attempt = (): number | typeof WOULD_BLOCK => {
    const events = epoll.collect(count);
    events.forEach((event, i) => {
      task.memory.setU32(at + EVENT_SIZE * i, event.events >>> 0);
      task.memory.setU32(at + EVENT_SIZE * i + 4, event.data[0] >>> 0);
      task.memory.setU32(at + EVENT_SIZE * i + 8, event.data[1] >>> 0);
    });
    return events.length > 0 ? events.length : WOULD_BLOCK;
  };
  return task.retry(epoll, POLLIN, attempt, {
    deadline: timeout < 0 ? undefined : task.kernel.clock.monotonic() + timeout,
    onTimeout: () => 0,
    onSignal: 'interrupt',
    sigmask,
  });
}

/** EINVAL unless the set is absent or of the kernel's size. */
function mask(task: Task, at: number, length: number): SignalSet | undefined {
  if (at === 0) return undefined;
  if (length !== 8) throw E.EINVAL;
  return readSet(task, at);
}
const epollWait = syscall('epoll_wait', { x64: 232 }, [fd, outStruct, int, int], (task, file, at, count, timeout) =>
  wait(task, file, at, count, timeout),
);
const epollPwait = syscall(
  'epoll_pwait',
  { x64: 281, generic: 22 },
  [fd, outStruct, int, int, inSet, size],
  (task, file, at, count, timeout, set, length) => wait(task, file, at, count, timeout, mask(task, set, length)),
);
const epollPwait2 = syscall(
  'epoll_pwait2',
  { x64: 441, generic: 441 },
  [fd, outStruct, int, pointer, inSet, size],
  (task, file, at, count, timeout, set, length) =>
    wait(task, file, at, count, timeout === 0 ? -1 : readTimespec(task, timeout), mask(task, set, length)),
);

export const epollRows: readonly SyscallRow[] = [epollCreate, epollCreate1, epollCtl, epollWait, epollPwait, epollPwait2];
