// System V IPC as syscalls: shared memory, semaphores, messages (shmget(2), semget(2), msgget(2)).

import { E } from '../../abi/errno.ts';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE } from '../../abi/mman.ts';
import { PAGE_SIZE, pageAlign } from '../../memory/layout.ts';
import { MessageQueue } from '../ipc/message-queue.ts';
import { type SemaphoreOperation, SemaphoreSet } from '../ipc/semaphore-set.ts';
import { SharedSegment } from '../ipc/shared-segment.ts';
import { IPC_NOWAIT, IPC_RMID, IPC_SET, IPC_STAT, now, PERM_SIZE, READ, WRITE } from '../ipc/sysv.ts';
import { isRoot } from '../look-up.ts';
import { map } from '../mm/map.ts';
import type { Task } from '../task.ts';
import { POLLIN, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { flags, hex, int, long, pointer, size, struct } from './args.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { readTimespec } from './timespec.ts';

const IPC = { IPC_CREAT: 0o1000, IPC_EXCL: 0o2000, IPC_NOWAIT };
const ipcFlags = flags(IPC);
/** IPC_64, which libraries for old kernels add to a command. */
const IPC_64 = 0x100;
const storeWords = (task: Task, at: number, words: readonly number[]): void =>
  words.forEach((word, i) => task.memory.setI64(at + 8 * i, word));

// --- shared memory ----------------------------------------------------------------------------------------------------

const SHM_RDONLY = 0o10000,
  SHM_RND = 0o20000,
  SHM_REMAP = 0o40000,
  SHM_EXEC = 0o100000;
const SHM_DEST = 0o1000;

/** There are no huge pages to have. */
const SHM_HUGETLB = 0o4000;
const shmget = syscall('shmget', { x64: 29, generic: 194 }, [int, size, ipcFlags], (task, key, length, how) =>
  task.kernel.ipc.segments.get(
    task,
    key,
    how,
    (id) => {
      if (length < 1) throw E.EINVAL;
      if (how & SHM_HUGETLB) throw isRoot(task.process.credentials) ? E.ENOMEM : E.EPERM;
      if (length > task.kernel.memory.limit) throw E.ENOMEM;
      return new SharedSegment(task, id, key, how, length);
    },
    (segment) => {
      if (length > segment.size) throw E.EINVAL;
    },
  ),
);

/** A segment; one that was removed goes with its last mapping. */
function segmentOf(task: Task, id: number): SharedSegment {
  const { segments } = task.kernel.ipc;
  const segment = segments.find(id);
  if (segment.isRemoved && segment.attachments === 0) {
    segments.remove(segment);
    throw E.EINVAL;
  }
  return segment;
}

const shmat = syscall('shmat', { x64: 30, generic: 196 }, [int, pointer, int], (task, id, address, how) => {
  const segment = segmentOf(task, id);
  const isReadOnly = (how & SHM_RDONLY) !== 0;
  segment.requireAccess(task, isReadOnly ? READ : READ | WRITE);
  if (address % PAGE_SIZE !== 0 && !(how & SHM_RND)) throw E.EINVAL;
  if (address === 0 && how & SHM_REMAP) throw E.EINVAL;
  const at = address - (address % PAGE_SIZE);
  const { mm } = task.process;
  const fixed = at === 0 ? 0 : how & SHM_REMAP ? MAP_FIXED : MAP_FIXED_NOREPLACE;
  try {
    const start = map(mm, {
      address: at,
      length: pageAlign(segment.size),
      prot: PROT_READ | (isReadOnly ? 0 : PROT_WRITE) | (how & SHM_EXEC ? PROT_EXEC : 0),
      flags: MAP_SHARED | MAP_ANONYMOUS | fixed,
      object: segment.object,
    });
    segment.attached = now(task);
    segment.lastUser = task.process.pid;
    return start;
  } catch (error) {
    throw error === E.EEXIST ? E.EINVAL : error;
  }
});

const shmdt = syscall('shmdt', { x64: 67, generic: 197 }, [pointer], (task, address) => {
  const { mm } = task.process;
  const first = mm.areas.at(address);
  const segment = [...task.kernel.ipc.segments.values()].find(({ object }) => object === first?.object);
  if (!segment || !first || first.start !== address || first.offset !== 0) throw E.EINVAL;
  mm.unmap(address, pageAlign(segment.size));
  segment.detached = now(task);
  segment.lastUser = task.process.pid;
  if (segment.isRemoved && segment.attachments === 0) task.kernel.ipc.segments.remove(segment);
  return 0;
});

const SHM_LOCK = 11,
  SHM_UNLOCK = 12;
const shmctl = syscall(
  'shmctl',
  { x64: 31, generic: 195 },
  [int, int, pointer],
  (task, id, command, at) => {
    const segment = segmentOf(task, id);
    switch (command & ~IPC_64) {
      case IPC_STAT:
        segment.requireAccess(task, READ);
        segment.storePerm(task, at);
        if (segment.isRemoved) task.memory.setU32(at + 20, segment.mode | SHM_DEST);
        storeWords(task, at + PERM_SIZE, [segment.size, segment.attached, segment.detached, segment.changed]);
        task.memory.setU32(at + 80, segment.maker);
        task.memory.setU32(at + 84, segment.lastUser);
        storeWords(task, at + 88, [segment.attachments, 0, 0]);
        return 0;
      case IPC_SET:
        segment.requireOwner(task);
        segment.setPerm(task, at);
        return 0;
      case IPC_RMID:
        segment.requireOwner(task);
        if (segment.attachments > 0) segment.isRemoved = true;
        else {
          task.kernel.ipc.segments.remove(segment);
          segment.object.detach(false);
        }
        return 0;
      case SHM_LOCK:
      case SHM_UNLOCK:
        segment.requireOwner(task);
        if (command === SHM_LOCK && !task.process.mm.mayLock(pageAlign(segment.size))) throw E.ENOMEM;
        return 0;
      default:
        throw E.EINVAL;
    }
  },
  'IPC_STAT, IPC_SET, IPC_RMID; SHM_LOCK has no effect',
);

// --- semaphores -------------------------------------------------------------------------------------------------------

const SEMMSL = 32_000,
  SEMOPM = 500;
const [GETPID, GETVAL, GETALL, GETNCNT, GETZCNT, SETVAL, SETALL] = [11, 12, 13, 14, 15, 16, 17];

const semget = syscall('semget', { x64: 64, generic: 190 }, [int, int, ipcFlags], (task, key, count, how) => {
  if (count < 0 || count > SEMMSL) throw E.EINVAL;
  return task.kernel.ipc.semaphores.get(
    task,
    key,
    how,
    (id) => {
      if (count === 0) throw E.EINVAL;
      return new SemaphoreSet(task, id, key, how, count);
    },
    (set) => {
      if (count > set.values.length) throw E.EINVAL;
    },
  );
});

/** struct sembuf: number, change, flags. */
function operate(task: Task, id: number, at: number, count: number, timeout: number | undefined): SyscallResult {
  if (count < 1 || id < 0) throw E.EINVAL;
  if (count > SEMOPM) throw E.E2BIG;
  const view = task.memory.bytes(at, 6 * count);
  const words = new DataView(view.buffer, view.byteOffset, view.byteLength);
  const operations: SemaphoreOperation[] = [];
  for (let i = 0; i < count; i++) {
    const change = words.getInt16(6 * i + 2, true);
    operations.push({ number: words.getUint16(6 * i, true), change, flags: words.getInt16(6 * i + 4, true) });
  }
  const set = task.kernel.ipc.semaphores.find(id);
  if (operations.some(({ number }) => number >= set.values.length)) throw E.EFBIG;
  set.requireAccess(task, operations.some(({ change }) => change !== 0) ? WRITE : READ);
  return task.retry(set, POLLIN, () => set.operate(task, operations), {
    deadline: timeout === undefined ? undefined : task.kernel.clock.monotonic() + timeout,
    onTimeout: () => {
      throw E.EAGAIN;
    },
    onSignal: 'interrupt',
    cleanup: () => set.forget(operations),
  });
}
const semop = syscall('semop', { x64: 65, generic: 193 }, [int, struct, size], (task, id, at, count) =>
  operate(task, id, at, count, undefined),
);
const semtimedop = syscall(
  'semtimedop',
  { x64: 220, generic: 192 },
  [int, struct, size, struct],
  (task, id, at, count, timeout) => operate(task, id, at, count, timeout === 0 ? undefined : readTimespec(task, timeout)),
);

const semctl = syscall(
  'semctl',
  { x64: 66, generic: 191 },
  [int, int, int, hex],
  (task, id, number, command, argument) => {
    const { memory, kernel } = task;
    const set = kernel.ipc.semaphores.find(id);
    const value = (): number => {
      set.requireAccess(task, READ);
      if (number < 0 || number >= set.values.length) throw E.EINVAL;
      return number;
    };
    switch (command & ~IPC_64) {
      case IPC_STAT:
        set.requireAccess(task, READ);
        set.storePerm(task, argument);
        storeWords(task, argument + PERM_SIZE, [set.operated, 0, set.changed, 0, set.values.length, 0, 0]);
        return 0;
      case IPC_SET:
        set.requireOwner(task);
        set.setPerm(task, argument);
        return 0;
      case IPC_RMID:
        set.requireOwner(task);
        kernel.ipc.semaphores.remove(set);
        set.queue.wake(POLLIN);
        return 0;
      case GETVAL:
        return set.values[value()] ?? 0;
      case GETPID:
        return set.pids[value()] ?? 0;
      case GETNCNT:
      case GETZCNT:
        return set.waiters(value(), (command & ~IPC_64) === GETZCNT);
      case GETALL:
        set.requireAccess(task, READ);
        set.values.forEach((each, i) => {
          memory.setU16(argument + 2 * i, each);
        });
        return 0;
      case SETVAL:
        if (number < 0 || number >= set.values.length) throw E.EINVAL;
        set.requireAccess(task, WRITE);
        set.set(task, number, argument | 0);
        return 0;
      case SETALL: {
        set.requireAccess(task, WRITE);
        const values = set.values.map((_, i) => memory.getU16(argument + 2 * i));
        values.forEach((each, i) => {
          set.set(task, i, each);
        });
        return 0;
      }
      default:
        throw E.EINVAL;
    }
  },
  'no IPC_INFO, SEM_INFO, SEM_STAT',
);

// --- messages ---------------------------------------------------------------------------------------------------------

const MSGMAX = 8192;

const msgget = syscall('msgget', { x64: 68, generic: 186 }, [int, ipcFlags], (task, key, how) =>
  task.kernel.ipc.queues.get(
    task,
    key,
    how,
    (id) => new MessageQueue(task, id, key, how),
    () => {},
  ),
);

const msgsnd = syscall('msgsnd', { x64: 69, generic: 189 }, [int, struct, size, int], (task, id, at, length, how) => {
  const type = task.memory.getI64(at);
  if (length > MSGMAX || id < 0 || type < 1) throw E.EINVAL;
  const bytes = task.memory.bytes(at + 8, length).slice();
  const queue = task.kernel.ipc.queues.find(id);
  queue.requireAccess(task, WRITE);
  return task.retry(queue, POLLIN, () => queue.send(task, { type, bytes }), {
    nonBlocking: (how & IPC_NOWAIT) !== 0,
    onSignal: 'interrupt',
  });
});

const msgrcv = syscall(
  'msgrcv',
  { x64: 70, generic: 188 },
  [int, struct, size, long, int],
  (task, id, at, length, type, how) => {
    if (id < 0 || length > 2 ** 31) throw E.EINVAL;
    const queue = task.kernel.ipc.queues.find(id);
    queue.requireAccess(task, READ);
    const attempt = (): number | WouldBlock => {
      const message = queue.receive(task, type, length, how);
      if (message === WOULD_BLOCK) {
        if (how & IPC_NOWAIT) throw E.ENOMSG;
        return WOULD_BLOCK;
      }
      const part = message.bytes.subarray(0, length);
      task.memory.setI64(at, message.type);
      task.memory.writable(at + 8, part.length).set(part);
      return part.length;
    };
    return task.retry(queue, POLLIN, attempt, { onSignal: 'interrupt' });
  },
  'MSG_COPY has no effect',
);

const msgctl = syscall(
  'msgctl',
  { x64: 71, generic: 187 },
  [int, int, pointer],
  (task, id, command, at) => {
    const { memory, kernel } = task;
    const queue = kernel.ipc.queues.find(id);
    switch (command & ~IPC_64) {
      case IPC_STAT:
        queue.requireAccess(task, READ);
        queue.storePerm(task, at);
        storeWords(task, at + PERM_SIZE, [
          queue.sent.time,
          queue.received.time,
          queue.changed,
          queue.bytes,
          queue.messages.length,
          queue.limit,
        ]);
        memory.setU32(at + 96, queue.sent.pid);
        memory.setU32(at + 100, queue.received.pid);
        storeWords(task, at + 104, [0, 0]);
        return 0;
      case IPC_SET:
        queue.requireOwner(task);
        queue.setPerm(task, at);
        queue.limit = memory.getU64(at + 88);
        queue.queue.wake(POLLIN);
        return 0;
      case IPC_RMID:
        queue.requireOwner(task);
        kernel.ipc.queues.remove(queue);
        queue.queue.wake(POLLIN);
        return 0;
      default:
        throw E.EINVAL;
    }
  },
  'IPC_STAT, IPC_SET, IPC_RMID',
);

export const sysvRows: readonly SyscallRow[] = [
  shmget,
  shmat,
  shmdt,
  shmctl,
  semget,
  semop,
  semtimedop,
  semctl,
  msgget,
  msgsnd,
  msgrcv,
  msgctl,
];
