// Argument types and helpers of the file calls: flags with their names, the place a path or descriptor means.

import { E } from '../../abi/errno.ts';
import {
  AT_EACCESS,
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_NO_AUTOMOUNT,
  AT_REMOVEDIR,
  AT_STATX_DONT_SYNC,
  AT_STATX_FORCE_SYNC,
  AT_SYMLINK_FOLLOW,
  AT_SYMLINK_NOFOLLOW,
  FCNTL,
  LOCK_EX,
  LOCK_NB,
  LOCK_SH,
  LOCK_UN,
  O_ACCMODE,
  O_RDONLY,
  O_WRONLY,
  R_OK,
  W_OK,
  X_OK,
} from '../../abi/fcntl.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { Task } from '../task.ts';
import type { At } from '../vfs/change.ts';
import type { OpenFile } from '../vfs/inode.ts';
import { Path } from '../vfs/path.ts';
import { startOf } from '../vfs/vfs.ts';
import { choice, flags, int, out, unsigned } from './args.ts';
import type { Argument } from './define.ts';

export const whence = choice({ SEEK_SET: 0, SEEK_CUR: 1, SEEK_END: 2, SEEK_DATA: 3, SEEK_HOLE: 4 });
export const fcntlCommand = choice(FCNTL);
export const flockOperation = flags({ LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN });

export const statFlags = flags(
  { AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH },
  AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH,
);
export const statxFlags = flags(
  { AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT, AT_EMPTY_PATH, AT_STATX_FORCE_SYNC, AT_STATX_DONT_SYNC },
  AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_FORCE_SYNC | AT_STATX_DONT_SYNC,
);
export const accessFlags = flags(
  { AT_EACCESS, AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH },
  AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH,
);
export const followFlags = flags({ AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH }, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);
export const linkFlags = flags({ AT_SYMLINK_FOLLOW, AT_EMPTY_PATH }, AT_SYMLINK_FOLLOW | AT_EMPTY_PATH);
export const unlinkFlags = flags({ AT_REMOVEDIR }, AT_REMOVEDIR);
export const renameFlags = flags({ RENAME_NOREPLACE: 1, RENAME_EXCHANGE: 2, RENAME_WHITEOUT: 4 });

/** R_OK|W_OK|X_OK, or F_OK; EINVAL for other bits. */
const accessBits = flags(
  [
    ['F_OK', 0],
    ['R_OK', R_OK],
    ['W_OK', W_OK],
    ['X_OK', X_OK],
  ],
  R_OK | W_OK | X_OK,
);
export const accessMode: Argument<number> = { ...accessBits, label: 'access mode' };

/** uid_t or gid_t; -1 means "leave it". */
export const id: Argument<number> = { ...int, label: 'id' };

/** Buffer that the call fills with a path and its NUL. */
export const outPath: Argument<number> = {
  ...out,
  print: (task, low, high, result) => out.print(task, low, high, Math.max(result - 1, Math.min(result, 0))),
};

/** The request of ioctl, unsigned. */
export const ioctlRequest: Argument<number> = {
  label: 'request',
  decode: (_task, low) => low >>> 0,
  print: (_task, low) => IOCTL_NAMES[low >>> 0] ?? `0x${(low >>> 0).toString(16)}`,
};

const IOCTL_NAMES: Readonly<Record<number, string>> = {
  0x5401: 'TCGETS',
  0x5402: 'TCSETS',
  0x5403: 'TCSETSW',
  0x5404: 'TCSETSF',
  0x5409: 'TCSBRK',
  0x540a: 'TCXONC',
  0x540b: 'TCFLSH',
  0x540e: 'TIOCSCTTY',
  0x540f: 'TIOCGPGRP',
  0x5410: 'TIOCSPGRP',
  0x5411: 'TIOCOUTQ',
  0x5413: 'TIOCGWINSZ',
  0x5414: 'TIOCSWINSZ',
  0x541b: 'FIONREAD',
  0x5421: 'FIONBIO',
  0x5422: 'TIOCNOTTY',
  0x5429: 'TIOCGSID',
  0x5430: 'TIOCGPTN',
  0x5450: 'FIONCLEX',
  0x5451: 'FIOCLEX',
  0x5452: 'FIOASYNC',
  0x5460: 'FIOQSIZE',
  0x40049409: 'FICLONE',
  0x80086601: 'FS_IOC_GETFLAGS',
};

/** A path with the directory it starts from. */
export function at(task: Task, dirfd: number, text: ByteString): At {
  if (text === '') throw E.ENOENT;
  return { text, start: text.startsWith('/') ? task.process.fs.cwd : startOf(task.process, dirfd) };
}

/** What `text` names from `dirfd`, or with AT_EMPTY_PATH and '' what the descriptor refers to. */
export function placeAt(
  task: Task,
  dirfd: number,
  text: ByteString,
  { follow, allowEmpty }: { follow: boolean; allowEmpty: boolean },
): Path {
  const { process, kernel } = task;
  if (text === '' && allowEmpty) return dirfd === AT_FDCWD ? process.fs.cwd : pathOf(process.fds.get(dirfd));
  return kernel.vfs.resolve(process, text, { follow, start: at(task, dirfd, text).start });
}

/** The place of an open file; one without a place (a pipe) gets an anonymous one. */
export const pathOf = (file: OpenFile): Path => file.path ?? Path.anonymous(file.inode, '');

export const isReadable = (file: OpenFile): boolean => (file.flags & O_ACCMODE) !== O_WRONLY;
export const isWritable = (file: OpenFile): boolean => (file.flags & O_ACCMODE) !== O_RDONLY;

export function requireReadable(file: OpenFile): void {
  if (!isReadable(file)) throw E.EBADF;
}
export function requireWritable(file: OpenFile): void {
  if (!isWritable(file)) throw E.EBADF;
}

/** Positions of preadv and the like come as two registers on 32-bit machines; on x86-64 the first has it all. */
export const ignored: Argument<undefined> = {
  label: 'unused',
  decode: () => undefined,
  print: (_task, low, high) => String(unsigned(low, high)),
};
