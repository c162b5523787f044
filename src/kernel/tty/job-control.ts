// Job control: the session a terminal belongs to, its foreground group, and who may read (credentials(7), tty_ioctl(4)).
//
// A machine knows its terminals by the session that controls them: a session has at most one, and a process asks about its own.

import { E } from '../../abi/errno.ts';
import { SI_KERNEL, SIG_IGN, SIGNAL } from '../../abi/signals.ts';
import { isOrphaned } from '../children.ts';
import { StreamInode } from '../fs/stream.ts';
import type { Terminal } from '../fs/terminal.ts';
import type { Kernel } from '../kernel.ts';
import type { Process } from '../process.ts';
import { sendSignal } from '../signals.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { WOULD_BLOCK, type WouldBlock } from '../wait.ts';

/** include/uapi/asm-generic/ioctls.h */
const TIOCSCTTY = 0x540e,
  TIOCGPGRP = 0x540f,
  TIOCSPGRP = 0x5410,
  TIOCNOTTY = 0x5422,
  TIOCGSID = 0x5429;

export function terminalOf(file: OpenFile): Terminal | undefined {
  const { inode } = file;
  return inode instanceof StreamInode ? inode.terminal : undefined;
}

/** The requests that are about processes; undefined: the terminal answers, or there is none. */
export function jobControl(task: Task, file: OpenFile, request: number, argument: number): number | undefined {
  if (request < TIOCSCTTY || request > TIOCGSID || !terminalOf(file)) return undefined;
  const { process, kernel, memory } = task;
  const { foreground } = kernel;
  const { sid } = process;
  switch (request) {
    case TIOCSCTTY:
      if (sid !== process.pid || foreground.has(sid)) throw E.EPERM;
      foreground.set(sid, process.pgid);
      return 0;
    case TIOCNOTTY:
      if (!foreground.has(sid)) throw E.ENOTTY;
      if (sid === process.pid) hangUp(process);
      return 0;
    case TIOCGPGRP:
      memory.setU32(argument, foregroundOf(process));
      return 0;
    case TIOCGSID:
      foregroundOf(process);
      memory.setU32(argument, sid);
      return 0;
    case TIOCSPGRP: {
      foregroundOf(process);
      const group = memory.getI32(argument);
      if (group < 0) throw E.EINVAL;
      const members = groupOf(kernel, group);
      if (members.length === 0) throw E.ESRCH;
      if (members.every((each) => each.sid !== sid)) throw E.EPERM;
      foreground.set(sid, group);
      return 0;
    }
    default:
      return undefined;
  }
}

/** The foreground group of a process's terminal; ENOTTY without one. */
function foregroundOf({ kernel, sid }: Process): number {
  const group = kernel.foreground.get(sid);
  if (group === undefined) throw E.ENOTTY;
  return group;
}

const groupOf = (kernel: Kernel, pgid: number): Process[] =>
  [...kernel.processes.values()].filter((each) => each.pgid === pgid && !each.exited);

function signalGroup(kernel: Kernel, pgid: number, signal: number): void {
  for (const each of groupOf(kernel, pgid)) sendSignal(each, { signal, code: SI_KERNEL, pid: 0, uid: 0 });
}

/** The leader of a session ends or gives its terminal up: the foreground group is told. */
export function hangUp({ kernel, pid, sid }: Process): void {
  const group = kernel.foreground.get(sid);
  if (pid !== sid || group === undefined) return;
  kernel.foreground.delete(sid);
  signalGroup(kernel, group, SIGNAL.SIGHUP);
  signalGroup(kernel, group, SIGNAL.SIGCONT);
}

/**
 * One try to read a terminal: a group in the background is stopped by SIGTTIN, or refused where that cannot stop it; control
 * characters of a guest that reads byte by byte become signals to the foreground group, as the host's terminal makes them of
 * the others.
 */
export function readTerminal(
  task: Task,
  terminal: Terminal,
  view: Uint8Array,
  read: () => number | WouldBlock,
): number | WouldBlock {
  const { process, kernel } = task;
  const group = kernel.foreground.get(process.sid);
  if (group !== undefined && group !== process.pgid) {
    const isDeaf = task.signals.blocked.has(SIGNAL.SIGTTIN) || process.signals.disposition(SIGNAL.SIGTTIN).handler === SIG_IGN;
    if (isDeaf || isOrphaned(process)) throw E.EIO;
    signalGroup(kernel, process.pgid, SIGNAL.SIGTTIN);
    return WOULD_BLOCK;
  }
  const count = read();
  if (count === WOULD_BLOCK || count === 0) return count;
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const byte = view[at]!;
    const signal = terminal.signalOf(byte);
    if (signal !== undefined) signalGroup(kernel, group ?? process.pgid, signal);
    else view[kept++] = byte;
  }
  return kept === 0 ? WOULD_BLOCK : kept;
}
