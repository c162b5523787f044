// Control data of messages: descriptors and credentials (cmsg(3), unix(7) "Ancillary messages").

import { E, Errno } from '../../abi/errno.ts';
import { AF, MSG } from '../../abi/socket.ts';
import { letGo, type Received, type Sender, type Socket } from '../net/socket.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';

const SOL_SOCKET = 1;
const SCM_RIGHTS = 1,
  SCM_CREDENTIALS = 2;
/** struct cmsghdr: length, level, type; then data, and all of it in steps of 8. */
const HEADER = 16,
  ALIGN = 8;
/** In struct msghdr. */
const CONTROL = 32,
  CONTROL_LENGTH = 40;
const SCM_MAX_FD = 253;
/** What a kernel takes at all (net.core.optmem_max). */
const LONGEST = 131_072;

/** Files and sender that the control data of a struct msghdr names. */
export function cmsgsOf(
  task: Task,
  header: number,
  own: Sender,
): { readonly files: readonly OpenFile[]; readonly sender: Sender } {
  const { memory, process } = task;
  const start = memory.getU64(header + CONTROL),
    length = memory.getU64(header + CONTROL_LENGTH);
  const files: OpenFile[] = [];
  let sender = own;
  if (length > LONGEST) throw E.ENOBUFS;
  for (let at = 0; length - at >= HEADER; ) {
    const size = memory.getU64(start + at);
    if (size < HEADER || size > length - at) throw E.EINVAL;
    const data = start + at + HEADER;
    const type = memory.getI32(start + at + 12);
    if (memory.getI32(start + at + 8) === SOL_SOCKET) {
      if (type === SCM_RIGHTS) {
        const count = Math.floor((size - HEADER) / 4);
        if (count + files.length > SCM_MAX_FD) throw E.EINVAL;
        for (let i = 0; i < count; i++) files.push(process.fds.get(memory.getI32(data + 4 * i)));
      } else if (type === SCM_CREDENTIALS) {
        if (size !== HEADER + 12) throw E.EINVAL;
        sender = { pid: memory.getI32(data), uid: memory.getI32(data + 4), gid: memory.getI32(data + 8) };
        requireOwn(task, sender);
      } else throw E.EINVAL;
    }
    at += Math.ceil(size / ALIGN) * ALIGN;
  }
  return { files, sender };
}

/** Only the superuser may speak as another (EPERM). */
function requireOwn({ process, kernel }: Task, { pid, uid, gid }: Sender): void {
  const { credentials: own } = process;
  if (own.euid === 0) {
    if (pid !== process.pid && !kernel.processes.has(pid)) throw E.ESRCH;
    return;
  }
  const isOwn = pid === process.pid && [own.uid, own.euid, own.suid].includes(uid) && [own.gid, own.egid, own.sgid].includes(gid);
  if (!isOwn) throw E.EPERM;
}

/** Stores what came with a message into a struct msghdr's control buffer; MSG_CTRUNC when not all had room. */
export function storeControl(task: Task, socket: Socket, header: number, flags: number, received: Received): number {
  const { memory } = task;
  const start = memory.getU64(header + CONTROL),
    room = memory.getU64(header + CONTROL_LENGTH);
  let at = 0;
  let cut = 0;
  const put = (type: number, words: readonly number[]): void => {
    const size = Math.min(HEADER + 4 * words.length, room - at);
    memory.setI64(start + at, size);
    memory.setU32(start + at + 8, SOL_SOCKET);
    memory.setU32(start + at + 12, type);
    words.slice(0, Math.floor((size - HEADER) / 4)).forEach((word, i) => memory.setU32(start + at + HEADER + 4 * i, word));
    at = Math.min(room, at + Math.ceil(size / ALIGN) * ALIGN);
  };
  if (socket.family === AF.AF_UNIX && socket.settings.passesCredentials) {
    const { pid, uid, gid } = received.sender ?? { pid: 0, uid: 65_534, gid: 65_534 };
    if (room - at < HEADER) cut = MSG.MSG_CTRUNC;
    else {
      if (room - at < HEADER + 12) cut = MSG.MSG_CTRUNC;
      put(SCM_CREDENTIALS, [pid, uid, gid]);
    }
  }
  const { files } = received;
  if (files.length > 0) {
    const fitting = Math.max(0, Math.floor((room - at - HEADER) / 4));
    const numbers = install(task, files.slice(0, fitting), (flags & MSG.MSG_CMSG_CLOEXEC) !== 0);
    if (numbers.length > 0) put(SCM_RIGHTS, numbers);
    if (numbers.length < files.length) cut = MSG.MSG_CTRUNC;
    letGo(files);
  }
  memory.setI64(header + CONTROL_LENGTH, at);
  return cut;
}

/** Gives files numbers until there are no more (RLIMIT_NOFILE). */
function install({ process }: Task, files: readonly OpenFile[], isCloexec: boolean): number[] {
  const numbers: number[] = [];
  try {
    for (const file of files) numbers.push(process.fds.add(file, isCloexec));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  return numbers;
}
