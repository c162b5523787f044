// POSIX message queues as syscalls (mq_open(3), mq_send(3), mq_receive(3), mq_notify(3)).

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_CREAT, O_EXCL, O_NONBLOCK, O_WRONLY, R_OK, W_OK } from '../../abi/fcntl.ts';
import { SI_MESGQ, SIGNAL_COUNT } from '../../abi/signals.ts';
import { CLOCK } from '../../abi/time.ts';
import { type Notification, PosixQueue, PosixQueueFile } from '../ipc/posix-queue.ts';
import { isRoot } from '../look-up.ts';
import { NetlinkSocket } from '../net/netlink.ts';
import { sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { POLLIN, POLLOUT, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { fd, openFlags, openMode, path, pointer, rawFd, size, struct, uint } from './args.ts';
import { isReadable, isWritable } from './args-file.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { requireSocket } from './socket.ts';
import { monotonicDeadline } from './time.ts';
import { readTimespec } from './timespec.ts';

/** Limits of /proc/sys/fs/mqueue: defaults, what a user may ask for, what root may. */
const DEFAULT_COUNT = 10,
  DEFAULT_SIZE = 8192,
  HARD_COUNT = 65_536,
  HARD_SIZE = 16 * 1024 * 1024;
const NAME_MAX = 255;
const PRIORITIES = 32_768;
const SIGEV_SIGNAL = 0,
  SIGEV_NONE = 1,
  SIGEV_THREAD = 2;
/** include/linux/mqueue.h: what a thread is told, the last byte says why. */
const NOTIFY_COOKIE_LEN = 32,
  NOTIFY_WOKENUP = 1,
  NOTIFY_REMOVED = 2;

function attributesOf(task: Task, at: number): { maxMessages: number; messageSize: number } {
  if (at === 0) return { maxMessages: DEFAULT_COUNT, messageSize: DEFAULT_SIZE };
  const maxMessages = task.memory.getI64(at + 8),
    messageSize = task.memory.getI64(at + 16);
  const root = isRoot(task.process.credentials);
  if (maxMessages <= 0 || messageSize <= 0) throw E.EINVAL;
  if (maxMessages > (root ? HARD_COUNT : DEFAULT_COUNT) || messageSize > (root ? HARD_SIZE : DEFAULT_SIZE)) throw E.EINVAL;
  return { maxMessages, messageSize };
}

/** The name without its slash, as the library passes it. */
function requireName(name: string): string {
  if (name === '') throw E.ENOENT;
  if (name.includes('/')) throw E.EACCES;
  if (name.length > NAME_MAX) throw E.ENAMETOOLONG;
  return name;
}

/** /proc/sys/fs/mqueue/queues_max. */
const MOST_QUEUES = 256;
const mqOpen = syscall(
  'mq_open',
  { x64: 240, generic: 180 },
  [path, openFlags, openMode, struct],
  (task, text, how, mode, at) => {
    const { kernel, process } = task;
    const { posixQueues } = kernel.ipc;
    const name = requireName(text);
    let mq = posixQueues.get(name);
    if (mq) {
      if ((how & (O_CREAT | O_EXCL)) === (O_CREAT | O_EXCL)) throw E.EEXIST;
      requireAccess(task, mq, how);
    } else {
      if (!(how & O_CREAT)) throw E.ENOENT;
      if (posixQueues.size >= MOST_QUEUES && !isRoot(process.credentials)) throw E.ENOSPC;
      const { fsuid: uid, fsgid: gid } = process.credentials;
      mq = new PosixQueue({ ...attributesOf(task, at), mode: mode & 0o777 & ~process.fs.umask, owner: { uid, gid } });
      posixQueues.set(name, mq);
    }
    return process.fds.add(new PosixQueueFile(kernel, mq, name, how & (O_ACCMODE | O_NONBLOCK)), true);
  },
);

function requireAccess({ process }: Task, { mode, owner }: PosixQueue, how: number): void {
  const { fsuid, fsgid, groups } = process.credentials;
  if (fsuid === 0) return;
  const access = how & O_ACCMODE;
  const wanted = access === O_WRONLY ? W_OK : access === 0 ? R_OK : R_OK | W_OK;
  const bits = fsuid === owner.uid ? mode >> 6 : fsgid === owner.gid || groups.includes(owner.gid) ? mode >> 3 : mode;
  if ((bits & wanted) !== wanted) throw E.EACCES;
}

const mqUnlink = syscall('mq_unlink', { x64: 241, generic: 181 }, [path], (task, text) => {
  const { posixQueues } = task.kernel.ipc;
  const mq = posixQueues.get(requireName(text));
  if (!mq) throw E.ENOENT;
  const { credentials } = task.process;
  if (!isRoot(credentials) && credentials.fsuid !== mq.owner.uid) throw E.EACCES;
  posixQueues.delete(text);
  return 0;
});

function queueOf(file: OpenFile): PosixQueue {
  if (!(file instanceof PosixQueueFile)) throw E.EBADF;
  return file.mq;
}

function waitOptions(task: Task, file: OpenFile, timeoutAt: number) {
  const deadline = timeoutAt === 0 ? undefined : monotonicDeadline(task, CLOCK.CLOCK_REALTIME, readTimespec(task, timeoutAt));
  return { nonBlocking: (file.flags & O_NONBLOCK) !== 0, deadline };
}

const mqTimedsend = syscall(
  'mq_timedsend',
  { x64: 242, generic: 182 },
  [fd, pointer, size, uint, struct],
  (task, file, from, length, priority, timeoutAt): SyscallResult => {
    if (priority >= PRIORITIES) throw E.EINVAL;
    const options = waitOptions(task, file, timeoutAt);
    const mq = queueOf(file);
    if (!isWritable(file)) throw E.EBADF;
    if (length > mq.messageSize) throw E.EMSGSIZE;
    const bytes = task.memory.bytes(from, length).slice();
    const attempt = (): number | WouldBlock => {
      if (mq.isFull) return WOULD_BLOCK;
      mq.push({ priority, bytes });
      return 0;
    };
    return task.retry(file, POLLOUT, attempt, options);
  },
);

const mqTimedreceive = syscall(
  'mq_timedreceive',
  { x64: 243, generic: 183 },
  [fd, pointer, size, pointer, struct],
  (task, file, to, length, priorityAt, timeoutAt): SyscallResult => {
    const options = waitOptions(task, file, timeoutAt);
    const mq = queueOf(file);
    if (!isReadable(file)) throw E.EBADF;
    if (length < mq.messageSize) throw E.EMSGSIZE;
    const attempt = (): number | WouldBlock => {
      const message = mq.shift();
      if (!message) return WOULD_BLOCK;
      if (priorityAt !== 0) task.memory.setU32(priorityAt, message.priority);
      task.memory.writable(to, message.bytes.length).set(message.bytes);
      return message.bytes.length;
    };
    let isCounted = false;
    const cleanup = (): void => {
      if (isCounted) mq.receivers--;
    };
    const result = task.retry(file, POLLIN, attempt, { ...options, cleanup });
    if (result === WOULD_BLOCK) {
      isCounted = true;
      mq.receivers++;
    }
    return result;
  },
);

/** struct sigevent: value, signal, kind. */
const mqNotify = syscall('mq_notify', { x64: 244, generic: 184 }, [rawFd, struct], (task, number, at) => {
  const { process } = task;
  const how = at === 0 ? undefined : notification(task, at);
  const mq = queueOf(process.fds.get(number));
  if (how) mq.register({ process, ...how });
  else mq.unregister((owner) => owner === process);
  return 0;
});

function notification({ memory, process }: Task, at: number): Pick<Notification, 'notify' | 'remove'> {
  const value = [memory.getI32(at), memory.getI32(at + 4)] as const,
    signal = memory.getI32(at + 8);
  const nothing = (): void => {};
  switch (memory.getI32(at + 12)) {
    case SIGEV_NONE:
      return { notify: nothing, remove: nothing };
    case SIGEV_SIGNAL: {
      if (signal < 1 || signal > SIGNAL_COUNT) throw E.EINVAL;
      const { pid, credentials } = process;
      const info = { signal, code: SI_MESGQ, pid, uid: credentials.uid, value };
      return { notify: () => sendSignal(process, info), remove: nothing };
    }
    case SIGEV_THREAD: {
      const cookie = memory.bytes(memory.getU64(at), NOTIFY_COOKIE_LEN).slice();
      const socket = requireSocket(process.fds.get(signal));
      if (!(socket instanceof NetlinkSocket)) throw E.EINVAL;
      const tell = (why: number) => (): void => socket.deliver(cookie.with(NOTIFY_COOKIE_LEN - 1, why));
      return { notify: tell(NOTIFY_WOKENUP), remove: tell(NOTIFY_REMOVED) };
    }
    default:
      throw E.EINVAL;
  }
}

const mqGetsetattr = syscall('mq_getsetattr', { x64: 245, generic: 185 }, [fd, struct, struct], (task, file, given, old) => {
  const mq = queueOf(file);
  const wanted = given === 0 ? undefined : task.memory.getI64(given);
  if (wanted !== undefined && wanted !== 0 && wanted !== O_NONBLOCK) throw E.EINVAL;
  if (old !== 0) {
    const words = [file.flags & O_NONBLOCK, mq.maxMessages, mq.messageSize, mq.messages.length];
    words.forEach((word, i) => {
      task.memory.setI64(old + 8 * i, word);
    });
  }
  if (wanted !== undefined) file.flags = (file.flags & ~O_NONBLOCK) | wanted;
  return 0;
});

export const posixQueueRows: readonly SyscallRow[] = [mqOpen, mqUnlink, mqTimedsend, mqTimedreceive, mqNotify, mqGetsetattr];
