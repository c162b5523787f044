// Descriptors: close, dup, fcntl, ioctl, locks.

import { E } from '../../abi/errno.ts';
import {
  F_RDLCK,
  F_UNLCK,
  F_WRLCK,
  FCNTL,
  FD_CLOEXEC,
  FICLONE,
  FIOASYNC,
  FIOCLEX,
  FIONBIO,
  FIONCLEX,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_APPEND,
  O_ASYNC,
  O_CLOEXEC,
  O_DIRECT,
  O_NOATIME,
  O_NONBLOCK,
  O_PATH,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from '../../abi/fcntl.ts';
import type { Task } from '../task.ts';
import { terminalBehind } from '../fs/stream.ts';
import { type OpenFile, S_IFDIR } from '../vfs/inode.ts';
import type { RecordLock } from '../vfs/locks.ts';
import { anyFd, flags, hex, rawFd, uint } from './args.ts';
import { fcntlCommand, flockOperation, ioctlRequest, isReadable, isWritable } from './args-file.ts';
import { type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { WOULD_BLOCK, type WouldBlock } from '../wait.ts';

const close = syscall('close', { x64: 3, generic: 57 }, [rawFd], (task, number) => {
  task.process.fds.close(number);
  return 0;
});

const CLOSE_RANGE_UNSHARE = 2,
  CLOSE_RANGE_CLOEXEC = 4;
const closeRange = syscall(
  'close_range',
  { x64: 436, generic: 436 },
  [uint, uint, flags({ CLOSE_RANGE_UNSHARE, CLOSE_RANGE_CLOEXEC }, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)],
  (task, first, last, how) => {
    if (first > last) throw E.EINVAL;
    if ((how & CLOSE_RANGE_UNSHARE) !== 0) task.process.ownFiles();
    const { fds } = task.process;
    for (const [number] of [...fds.entries()]) {
      if (number < first || number > last) continue;
      if ((how & CLOSE_RANGE_CLOEXEC) !== 0) fds.setCloexec(number, true);
      else fds.close(number);
    }
    return 0;
  },
);

const dup = syscall('dup', { x64: 32, generic: 23 }, [anyFd], (task, file) => task.process.fds.add(file));
const dup2 = syscall('dup2', { x64: 33 }, [rawFd, rawFd], (task, from, to) => {
  const { fds } = task.process;
  const file = fds.get(from);
  if (from !== to) fds.set(to, file);
  return to;
});
const dup3 = syscall(
  'dup3',
  { x64: 292, generic: 24 },
  [rawFd, rawFd, flags({ O_CLOEXEC }, O_CLOEXEC)],
  (task, from, to, how) => {
    const { fds } = task.process;
    if (from === to) throw E.EINVAL;
    fds.set(to, fds.get(from), (how & O_CLOEXEC) !== 0);
    return to;
  },
);

/** Status flags that F_SETFL may change. */
const SETTABLE = O_APPEND | O_ASYNC | O_DIRECT | O_NOATIME | O_NONBLOCK;
const {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_SETFD,
  F_GETFL,
  F_SETFL,
  F_GETLK,
  F_SETLK,
  F_SETLKW,
  F_SETOWN,
  F_GETOWN,
  F_SETOWN_EX,
  F_GETOWN_EX,
} = FCNTL;
/** Kinds of struct f_owner_ex. */
const F_OWNER_PID = 1,
  F_OWNER_PGRP = 2;
const { F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW } = FCNTL;
/** What an O_PATH descriptor allows (open(2)). */
const PATH_COMMANDS: ReadonlySet<number> = new Set([F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL]);

const fcntl = syscall(
  'fcntl',
  { x64: 72, generic: 25 },
  [rawFd, fcntlCommand, hex],
  (task, number, command, argument) => {
    const { fds } = task.process;
    const file = fds.get(number);
    if ((file.flags & O_PATH) !== 0 && !PATH_COMMANDS.has(command)) throw E.EBADF;
    switch (command) {
      case F_DUPFD:
      case F_DUPFD_CLOEXEC:
        if (argument >= fds.limit()) throw E.EINVAL;
        return fds.add(file, command === F_DUPFD_CLOEXEC, argument);
      case F_GETFD:
        return fds.isCloexec(number) ? FD_CLOEXEC : 0;
      case F_SETFD:
        fds.setCloexec(number, (argument & FD_CLOEXEC) !== 0);
        return 0;
      case F_GETFL:
        return file.flags;
      case F_SETFL:
        if (argument & ~file.flags & O_NOATIME && !isOwner(task, file)) throw E.EPERM;
        file.flags = (file.flags & ~SETTABLE) | (argument & SETTABLE);
        return 0;
      case F_GETLK:
      case F_OFD_GETLK:
        return getLock(task, file, argument, command === F_GETLK ? fds : file);
      case F_SETLK:
      case F_SETLKW:
        return setLock(task, file, argument, fds, command === F_SETLKW);
      case F_OFD_SETLK:
      case F_OFD_SETLKW:
        return setLock(task, file, argument, file, command === F_OFD_SETLKW);
      case F_SETOWN:
        return setOwner(task, file, argument | 0);
      case F_GETOWN:
        return ownerOf(task, file);
      case F_SETOWN_EX: {
        const kind = task.memory.getU32(argument),
          id = task.memory.getI32(argument + 4);
        if (kind > F_OWNER_PGRP) throw E.EINVAL;
        return setOwner(task, file, kind === F_OWNER_PGRP ? -id : id);
      }
      case F_GETOWN_EX: {
        const owner = ownerOf(task, file);
        task.memory.setU32(argument, owner < 0 ? F_OWNER_PGRP : F_OWNER_PID);
        task.memory.setU32(argument + 4, Math.abs(owner));
        return 0;
      }
      default: {
        const answer = file.fcntl?.(command, argument);
        if (answer !== undefined) return answer;
        if (command === FCNTL.F_NOTIFY && file.inode.type !== S_IFDIR) throw E.ENOTDIR;
        if (command === FCNTL.F_ADD_SEALS && !isWritable(file)) throw E.EPERM;
        throw command === FCNTL.F_GETPIPE_SZ || command === FCNTL.F_SETPIPE_SZ ? E.EBADF : E.EINVAL;
      }
    }
  },
  'no leases, notification, signals other than SIGIO; SIGIO itself is not sent',
);

const isOwner = ({ process: { credentials } }: Task, { inode }: OpenFile): boolean =>
  credentials.fsuid === 0 || inode.stat().uid === credentials.fsuid;

const isThere = ({ kernel }: Task, owner: number): boolean =>
  owner > 0 ? kernel.processes.has(owner) : [...kernel.processes.values()].some(({ pgid }) => pgid === -owner);
const ownerOf = (task: Task, { owner = 0 }: OpenFile): number => (isThere(task, owner) ? owner : 0);
/** ESRCH for a process or, with a minus, a group that does not exist. */
function setOwner(task: Task, file: OpenFile, owner: number): number {
  if (owner !== 0 && !isThere(task, owner)) throw E.ESRCH;
  file.owner = owner;
  return 0;
}

/** struct flock: l_type 0, l_whence 2, l_start 8, l_len 16, l_pid 24. */
function readLock(task: Task, file: OpenFile, address: number, owner: object) {
  const { memory } = task;
  const type = memory.getU32(address) & 0xffff;
  const whence = memory.getU32(address) >>> 16;
  if (whence > SEEK_END) throw E.EINVAL;
  const base = whence === SEEK_SET ? 0 : whence === SEEK_CUR ? file.position : file.inode.stat().size;
  const from = base + memory.getI64(address + 8),
    length = memory.getI64(address + 16);
  const start = length < 0 ? from + length : from;
  const end = length === 0 ? Infinity : length < 0 ? from : from + length;
  if (start < 0) throw E.EINVAL;
  if (type !== F_RDLCK && type !== F_WRLCK && type !== F_UNLCK) throw E.EINVAL;
  const isOwnedByFile = owner === file;
  if (isOwnedByFile && memory.getI32(address + 24) !== 0) throw E.EINVAL;
  const lock: RecordLock = { owner, pid: isOwnedByFile ? -1 : task.process.pid, isExclusive: type === F_WRLCK, start, end };
  return { type, lock };
}

function getLock(task: Task, file: OpenFile, address: number, owner: object): number {
  const { memory, kernel } = task;
  const { type, lock } = readLock(task, file, address, owner);
  if (type === F_UNLCK) throw E.EINVAL;
  const held = kernel.vfs.locks.conflict(file.inode, lock);
  const view = memory.writable(address, 32);
  if (!held) {
    view[0] = F_UNLCK;
    view[1] = 0;
    return 0;
  }
  memory.setU32(address, held.isExclusive ? F_WRLCK : F_RDLCK);
  memory.setI64(address + 8, held.start);
  memory.setI64(address + 16, held.end === Infinity ? 0 : held.end - held.start);
  memory.setU32(address + 24, held.pid);
  return 0;
}

function setLock(task: Task, file: OpenFile, address: number, owner: object, isWait: boolean): SyscallResult {
  const { locks } = task.kernel.vfs;
  const { type, lock } = readLock(task, file, address, owner);
  if (type === F_UNLCK) {
    locks.unlockRecord(file.inode, lock);
    return 0;
  }
  if (type === F_RDLCK ? !isReadable(file) : !isWritable(file)) throw E.EBADF;
  if (owner === file) file.onRelease ??= () => locks.releaseFile(file.inode, file);
  const attempt = (): 0 | WouldBlock => locks.lockRecord(file.inode, lock);
  if (!isWait) return task.retry(locks.waitOn(file.inode), ~0, attempt, { nonBlocking: true });
  // Locks of open files are not looked through for circles (fs/locks.c, posix_locks_deadlock).
  const cleanup = owner === file ? undefined : locks.await(file.inode, lock);
  const result = task.retry(locks.waitOn(file.inode), ~0, attempt, { cleanup });
  if (result !== WOULD_BLOCK) cleanup?.();
  return result;
}

const flock = syscall('flock', { x64: 73, generic: 32 }, [rawFd, flockOperation], (task, number, operation) => {
  const { locks } = task.kernel.vfs;
  const kind = operation & ~LOCK_NB;
  if (kind !== LOCK_SH && kind !== LOCK_EX && kind !== LOCK_UN) throw E.EINVAL;
  const file = task.process.fds.file(number);
  if (kind === LOCK_UN) {
    locks.unlockFile(file.inode, file);
    return 0;
  }
  file.onRelease ??= () => locks.releaseFile(file.inode, file);
  const attempt = () => locks.lockFile(file.inode, file, kind === LOCK_EX);
  return task.retry(locks.waitOn(file.inode), ~0, attempt, { nonBlocking: (operation & LOCK_NB) !== 0 });
});

/** include/uapi/asm-generic/ioctls.h */
const TCGETS = 0x5401;

const ioctl = syscall(
  'ioctl',
  { x64: 16, generic: 29 },
  [rawFd, ioctlRequest, hex],
  (task, number, request, argument) => {
    const { fds } = task.process;
    const file = fds.file(number);
    switch (request) {
      case FIOCLEX:
      case FIONCLEX:
        fds.setCloexec(number, request === FIOCLEX);
        return 0;
      case FIONBIO:
        file.flags = task.memory.getU32(argument) !== 0 ? file.flags | O_NONBLOCK : file.flags & ~O_NONBLOCK;
        return 0;
      case FIOASYNC:
        file.flags = task.memory.getU32(argument) !== 0 ? file.flags | O_ASYNC : file.flags & ~O_ASYNC;
        return 0;
      case FICLONE:
        throw E.EOPNOTSUPP;
      default:
        // isatty(3) is no reason to load what terminals do besides.
        return request !== TCGETS && (file.pty || terminalBehind(file))
          ? task.kernel.rest.terminalIoctl(task, file, request, argument)
          : file.ioctl(request, argument, task.memory);
    }
  },
  'requests that the kind of file does not know: ENOTTY',
);

export const fdRows: readonly SyscallRow[] = [close, closeRange, dup, dup2, dup3, fcntl, flock, ioctl];
