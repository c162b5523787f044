// Job control: the session a terminal belongs to, its foreground group, and who may read and write (credentials(7), tty_ioctl(4)).
//
// A session has at most one terminal: a pseudo-terminal of the machine (kernel.controlling), or the host's.

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_NOCTTY } from '../../abi/fcntl.ts';
import { SIG_IGN, SIGNAL } from '../../abi/signals.ts';
import { isOrphaned } from '../children.ts';
import { terminalBehind } from '../fs/stream.ts';
import type { Terminal } from '../fs/terminal.ts';
import type { Timer } from '../clock.ts';
import type { Process } from '../process.ts';
import type { SyscallResult } from '../syscalls/define.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { POLLIN, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { groupOf, hangUp, signalGroup } from './group.ts';
import { type Pty, PtyMaster, PtySlave } from './pty.ts';
import { TOSTOP } from './termios.ts';

/** include/uapi/asm-generic/ioctls.h */
const TCSETS = 0x5402,
  TCFLSH = 0x540b,
  TIOCSCTTY = 0x540e,
  TIOCGPGRP = 0x540f,
  TIOCSPGRP = 0x5410,
  TIOCNOTTY = 0x5422,
  TIOCGSID = 0x5429,
  TIOCGPTPEER = 0x5441;

/** Is the file the terminal of the process's session: its own pseudo-terminal, or the host's. */
function isControlling({ kernel, sid }: Process, pty: Pty | undefined): boolean {
  return kernel.foreground.has(sid) && kernel.controlling.get(sid) === pty;
}

/** The requests that are about processes; undefined: the terminal answers, or there is none. */
function jobControl(task: Task, file: OpenFile, request: number, argument: number): number | undefined {
  if (request === TIOCGPTPEER && file instanceof PtyMaster) return openPeer(task, file.pty, argument);
  if (request < TCSETS || request > TIOCGSID) return undefined;
  const pty = file instanceof PtySlave || file instanceof PtyMaster ? file.pty : undefined;
  if (!pty && !terminalBehind(file)) return undefined;
  const { process, kernel, memory } = task;
  const { sid } = process;
  if (file instanceof PtyMaster) return ofMaster(task, file.pty, request, argument);
  if (file instanceof PtySlave && file.isDead) throw request === TIOCSPGRP ? E.ENOTTY : E.EIO;
  switch (request) {
    case TIOCSCTTY:
      if (isControlling(process, pty) && sid === process.pid) return 0;
      if (sid !== process.pid || kernel.foreground.has(sid)) throw E.EPERM;
      if (pty && pty.session !== 0) {
        if (argument !== 1 || process.credentials.euid !== 0) throw E.EPERM;
        kernel.foreground.delete(pty.session);
        kernel.controlling.delete(pty.session);
      }
      take(process, pty);
      return 0;
    case TIOCNOTTY:
      if (!isControlling(process, pty)) throw E.ENOTTY;
      if (sid === process.pid) hangUp(process, false);
      return 0;
    case TIOCGPGRP:
      requireControlling(process, pty);
      memory.setU32(argument, foregroundOf(process));
      return 0;
    case TIOCGSID:
      requireControlling(process, pty);
      memory.setU32(argument, sid);
      return 0;
    case TIOCSPGRP: {
      requireControlling(process, pty);
      const group = memory.getI32(argument);
      if (group < 0) throw E.EINVAL;
      const members = groupOf(kernel, group);
      if (members.length === 0) throw E.ESRCH;
      if (members.every((each) => each.sid !== sid)) throw E.EPERM;
      kernel.foreground.set(sid, group);
      if (pty) pty.foreground = group;
      return 0;
    }
    default:
      return undefined;
  }
}

function ofMaster({ memory }: Task, pty: Pty, request: number, argument: number): number | undefined {
  switch (request) {
    case TIOCGPGRP:
      memory.setU32(argument, pty.foreground);
      return 0;
    case TIOCGSID:
      if (pty.session === 0) throw E.ENOTTY;
      memory.setU32(argument, pty.session);
      return 0;
    case TIOCSCTTY:
    case TIOCNOTTY:
    case TIOCSPGRP:
      throw E.ENOTTY;
    default:
      return undefined;
  }
}

/** Opens the slave of a master whatever /dev/pts looks like in the caller's root. */
function openPeer({ process, kernel }: Task, pty: Pty, flags: number): number {
  const root = { fs: { root: kernel.vfs.root, cwd: kernel.vfs.root, umask: 0 }, credentials: process.credentials };
  const file = kernel.vfs.open(root, `/dev/pts/${pty.number}`, flags);
  takeOpened(process, file, flags);
  return process.fds.add(file, (flags & O_CLOEXEC) !== 0);
}

function requireControlling(process: Process, pty: Pty | undefined): void {
  if (!isControlling(process, pty)) throw E.ENOTTY;
}

/** The foreground group of a process's terminal. */
const foregroundOf = ({ kernel, sid }: Process): number => kernel.foreground.get(sid) ?? 0;

/** A session leader without a terminal gets one. */
function take(process: Process, pty: Pty | undefined): void {
  const { kernel, sid } = process;
  kernel.foreground.set(sid, process.pgid);
  if (!pty) return;
  kernel.controlling.set(sid, pty);
  pty.session = sid;
  pty.foreground = process.pgid;
}

/** Opening a terminal gives it to a session leader that has none (open(2), O_NOCTTY). */
export function takeOpened(process: Process, file: OpenFile, flags: number): void {
  if (!(file instanceof PtySlave) || (flags & O_NOCTTY) !== 0 || file.isDead) return;
  const { kernel, sid, pid } = process;
  if (sid === pid && !kernel.foreground.has(sid) && file.pty.session === 0) take(process, file.pty);
}

/** What /dev/tty is for a process: ENXIO without a terminal, undefined for the host's. */
export function ownTerminal({ kernel, sid }: Process): Pty | undefined {
  if (!kernel.foreground.has(sid)) throw E.ENXIO;
  return kernel.controlling.get(sid);
}

const isDeaf = (task: Task, signal: number): boolean =>
  task.signals.blocked.has(signal) || task.process.signals.disposition(signal).handler === SIG_IGN;

/** Is the process of a background group of the terminal. */
function isBackground(process: Process, pty: Pty | undefined): boolean {
  const group = process.kernel.foreground.get(process.sid);
  return group !== undefined && group !== process.pgid && process.kernel.controlling.get(process.sid) === pty;
}

/**
 * A background group wants to change or write the terminal: SIGTTOU stops it, and the call starts again; who is deaf to the
 * signal may go on, and an orphaned group is refused (tty_check_change).
 */
function isHeldBack(task: Task, pty: Pty | undefined): boolean {
  const { process } = task;
  if (!isBackground(process, pty) || isDeaf(task, SIGNAL.SIGTTOU)) return false;
  if (isOrphaned(process)) throw E.EIO;
  signalGroup(process.kernel, process.pgid, SIGNAL.SIGTTOU);
  return true;
}

/** Waits where a background process may not do what it wants to do with the terminal now; undefined: it may. */
export function heldBack(task: Task, file: OpenFile, again: () => SyscallResult): SyscallResult | undefined {
  if (!(file instanceof PtySlave) || !isHeldBack(task, file.pty)) return undefined;
  let isFirst = true;
  // The signal is taken before the call is tried again: it stops the process, or its handler ends the call.
  return task.retry(file, 0, () => {
    if (isFirst) {
      isFirst = false;
      return WOULD_BLOCK;
    }
    const result = again();
    return typeof result === 'number' ? result : WOULD_BLOCK;
  });
}

/** Requests that change a terminal's settings. */
const changesTerminal = (request: number): boolean => (request >= TCSETS && request <= TCFLSH) || request === TIOCSPGRP;

/** An ioctl of a terminal. */
export function terminalIoctl(task: Task, file: OpenFile, request: number, argument: number): SyscallResult {
  const answer = (): number => jobControl(task, file, request, argument) ?? file.ioctl(request, argument, task.memory);
  return (changesTerminal(request) ? heldBack(task, file, answer) : undefined) ?? answer();
}

/** The file, if it is the end of a pseudo-terminal that programs have. */
export const slaveOf = (file: OpenFile): PtySlave | undefined => (file instanceof PtySlave ? file : undefined);

/** Does a write to the terminal have to be looked at (TOSTOP). */
export const stopsWriters = (file: OpenFile): boolean => file instanceof PtySlave && file.pty.line.termios.local(TOSTOP);

/**
 * One try to read a terminal: a group in the background is stopped by SIGTTIN, or refused where that cannot stop it.
 */
function mayRead(task: Task, pty: Pty | undefined): boolean {
  const { process, kernel } = task;
  if (!isBackground(process, pty)) return true;
  if (isDeaf(task, SIGNAL.SIGTTIN) || isOrphaned(process)) throw E.EIO;
  signalGroup(kernel, process.pgid, SIGNAL.SIGTTIN);
  return false;
}

/**
 * Reads the host's terminal: control characters of a guest that reads byte by byte become signals to the foreground group, as
 * the host's terminal makes them of the others.
 */
export function readTerminal(
  task: Task,
  terminal: Terminal,
  view: Uint8Array,
  read: () => number | WouldBlock,
): number | WouldBlock {
  const { process, kernel } = task;
  if (!mayRead(task, undefined)) return WOULD_BLOCK;
  const count = read();
  if (count === WOULD_BLOCK || count === 0) return count;
  let kept = 0;
  for (let at = 0; at < count; at++) {
    const byte = view[at]!;
    const signal = terminal.signalOf(byte);
    if (signal !== undefined) signalGroup(kernel, kernel.foreground.get(process.sid) ?? process.pgid, signal);
    else view[kept++] = terminal.typed(byte);
  }
  return kept === 0 ? WOULD_BLOCK : kept;
}

/** Reads a pseudo-terminal as VMIN and VTIME say (termios(3), "Canonical and noncanonical mode"). */
export function readSlave(
  task: Task,
  file: PtySlave,
  viewFrom: (done: number) => Uint8Array,
  nonBlocking: boolean,
): SyscallResult {
  const { clock } = task.kernel;
  let done = 0;
  let length = Infinity;
  let isLate = false;
  let timer: Timer | undefined;
  const { least = 1, time = 0 } = file.patience ?? {};
  /** VTIME counts from the start with VMIN 0, else from each byte on. */
  const startTimer = (): void => {
    timer?.cancel();
    const ring = (): void => {
      isLate = true;
      task.wake();
    };
    if (time > 0 && (least === 0 || done > 0)) timer = clock.at(clock.monotonic() + time * 100, ring);
  };
  const attempt = (): number | WouldBlock => {
    if (!mayRead(task, file.pty)) return WOULD_BLOCK;
    const view = viewFrom(done);
    length = done + view.length;
    const moved = file.read(view);
    if (moved !== WOULD_BLOCK) {
      done += moved;
      if (!file.patience || moved === 0 || done >= Math.min(Math.max(1, least), length)) return done;
    }
    if (isLate || (least === 0 && time === 0)) return done;
    if (nonBlocking) return done > 0 ? done : WOULD_BLOCK;
    if (moved !== WOULD_BLOCK || !timer) startTimer();
    return WOULD_BLOCK;
  };
  return task.retry(file, POLLIN, attempt, {
    nonBlocking,
    cleanup: () => timer?.cancel(),
    get onSignal() {
      return done > 0 ? () => done : ('restart' as const);
    },
  });
}
