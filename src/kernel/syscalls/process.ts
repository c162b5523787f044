// Processes and threads as syscalls: identity, groups and sessions, executing.

import { E } from '../../abi/errno.ts';
import { AT_EMPTY_PATH, AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '../../abi/fcntl.ts';
import { SIGNAL } from '../../abi/signals.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { ExecError, type ExecuteOptions, execute } from '../exec.ts';
import { processOf } from '../look-up.ts';
import { isCrowded } from '../process-limit.ts';
import { NO_ALT_STACK } from '../signal-set.ts';
import type { Task } from '../task.ts';
import { S_IFLNK } from '../vfs/inode.ts';
import { dirFd, path, pid, struct, uint } from './args.ts';
import { followFlags, placeAt } from './args-file.ts';
import { NO_RESULT, type SyscallResult, type SyscallRow, syscall } from './define.ts';

/** MAX_ARG_STRLEN and the smallest total that execve allows (execve(2)). */
const MAX_ARGUMENT = 131_072,
  MAX_ARGUMENTS_TOTAL = 2 << 20;

const getpid = syscall('getpid', { x64: 39, generic: 172 }, [], (task) => task.process.pid);
const getppid = syscall('getppid', { x64: 110, generic: 173 }, [], (task) => task.process.ppid);
const gettid = syscall('gettid', { x64: 186, generic: 178 }, [], (task) => task.tid);

const getpgrp = syscall('getpgrp', { x64: 111 }, [], (task) => task.process.pgid);
const getpgid = syscall('getpgid', { x64: 121, generic: 155 }, [pid], (task, of) => processOf(task, of).pgid);
const getsid = syscall('getsid', { x64: 124, generic: 156 }, [pid], (task, of) => processOf(task, of).sid);
const setpgid = syscall('setpgid', { x64: 109, generic: 154 }, [pid, pid], (task, of, group) => {
  if (group < 0) throw E.EINVAL;
  const target = processOf(task, of);
  const isChild = target.parent === task.process;
  if (target !== task.process && !isChild) throw E.ESRCH;
  if (isChild && target.sid !== task.process.sid) throw E.EPERM;
  if (isChild && target.hasExecuted) throw E.EACCES;
  if (target.sid === target.pid) throw E.EPERM;
  const pgid = group || target.pid;
  const isKnown =
    pgid === target.pid ||
    [...task.kernel.processes.values()].some((each) => each.pgid === pgid && each.sid === task.process.sid);
  if (!isKnown) throw E.EPERM;
  target.pgid = pgid;
  return 0;
});
const setsid = syscall('setsid', { x64: 112, generic: 157 }, [], (task) => {
  const { process, kernel } = task;
  if ([...kernel.processes.values()].some((each) => each.pgid === process.pid)) throw E.EPERM;
  process.sid = process.pgid = process.pid;
  return process.pid;
});

/** Reads a NULL-terminated array of strings; NULL itself is an empty one, as Linux takes it. */
function strings(task: Task, at: number): ByteString[] {
  const found: ByteString[] = [];
  if (at === 0) return found;
  let total = 0;
  for (let i = 0; ; i++) {
    const pointerTo = task.memory.getU64(at + 8 * i);
    if (pointerTo === 0) return found;
    let text: ByteString;
    try {
      text = task.memory.cstring(pointerTo, MAX_ARGUMENT);
    } catch (error) {
      throw error === E.ENAMETOOLONG ? E.E2BIG : error;
    }
    total += text.length + 9;
    if (total > MAX_ARGUMENTS_TOTAL) throw E.E2BIG;
    found.push(text);
  }
}

const execve = syscall('execve', { x64: 59, generic: 221 }, [path, struct, struct], (task, program, argv, envp) =>
  run(task, program, argv, envp),
);

/** As execve, of what `text` names from a directory, or of an open file; a script cannot have one that closes on exec. */
const execveat = syscall(
  'execveat',
  { x64: 322, generic: 281 },
  [dirFd, path, struct, struct, followFlags],
  (task, dirfd, text, argv, envp, how) => {
    const isEmpty = text === '' && (how & AT_EMPTY_PATH) !== 0;
    const follow = (how & AT_SYMLINK_NOFOLLOW) === 0;
    const found = placeAt(task, dirfd, text, { follow, allowEmpty: isEmpty });
    if (!follow && found.inode.type === S_IFLNK) throw E.ELOOP;
    if (dirfd === AT_FDCWD || text.startsWith('/')) return run(task, text, argv, envp, { found });
    const name = isEmpty ? `/dev/fd/${dirfd}` : `/dev/fd/${dirfd}/${text}`;
    return run(task, name, argv, envp, { found, isHidden: task.process.fds.isCloexec(dirfd) });
  },
);

function run(task: Task, program: ByteString, argv: number, envp: number, options: ExecuteOptions = {}): SyscallResult {
  const { process } = task;
  if (process.hasCrowdedUser && isCrowded(process, 0)) throw E.EAGAIN;
  process.hasCrowdedUser = false;
  const names = strings(task, argv);
  const environ = strings(task, envp);
  try {
    execute(task, program, names.length > 0 ? names : [''], environ, options);
  } catch (error) {
    if (!(error instanceof ExecError)) throw error;
    if (!error.isTooLate) throw error.errno;
    // The old program is gone: past this point execve ends the process (execve(2), notes).
    process.exit({ signal: SIGNAL.SIGKILL });
    return NO_RESULT;
  }
  afterExecve(task);
  return NO_RESULT;
}

/** What a new program does not inherit (execve(2)). */
function afterExecve(task: Task): void {
  const { process } = task;
  process.ownFiles();
  process.fds.closeOnExec();
  process.signals.exec();
  process.cancelTimers();
  process.hasExecuted = true;
  process.exitSignal = SIGNAL.SIGCHLD;
  process.parentDeathSignal = 0;
  task.signals.altStack = NO_ALT_STACK;
  task.clearChildTid = 0;
  task.robustList = 0;
  process.endVfork();
}

const personality = syscall(
  'personality',
  { x64: 135, generic: 92 },
  [uint],
  (task, persona) => {
    const { process } = task;
    const before = process.personality;
    if (persona !== 0xffffffff) process.personality = persona;
    return before;
  },
  'kept and reported; only ADDR_NO_RANDOMIZE has an effect, at the next execve',
);

export const processRows: readonly SyscallRow[] = [
  getpid,
  getppid,
  gettid,
  getpgrp,
  getpgid,
  getsid,
  setpgid,
  setsid,
  execve,
  execveat,
  personality,
];
