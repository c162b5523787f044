// Directories and names: listing, making, removing, renaming, links, and where a process stands in the tree.

import { E } from '../../abi/errno.ts';
import { AT_EMPTY_PATH, AT_FDCWD, AT_REMOVEDIR, AT_SYMLINK_FOLLOW, PATH_MAX } from '../../abi/fcntl.ts';
import { encodeDirent, encodeDirent64 } from '../../abi/stat.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { isRoot } from '../look-up.ts';
import type { Task } from '../task.ts';
import * as change from '../vfs/change.ts';
import { DirectoryFile } from '../vfs/directory-file.ts';
import { type OpenFile, S_IFLNK } from '../vfs/inode.ts';
import { requireDirectory } from '../vfs/vfs.ts';
import { anyFd, dirFd, fd, mode, out, outStruct, path, size, uint } from './args.ts';
import { at, linkFlags, outPath, pathOf, placeAt, renameFlags, unlinkFlags } from './args-file.ts';
import { type SyscallRow, syscall } from './define.ts';

const FOLLOW = { follow: true, allowEmpty: false },
  NO_FOLLOW = { follow: false, allowEmpty: false };

function list(task: Task, file: OpenFile, to: number, count: number, encode: typeof encodeDirent64): number {
  if (!(file instanceof DirectoryFile)) throw E.ENOTDIR;
  if (file.path?.isDeleted) throw E.ENOENT;
  const into = task.memory.writable(to, task.memory.accessible(to, count, true));
  let done = 0;
  for (;;) {
    const entry = file.entry(file.position);
    if (!entry) return done;
    const length = encode(into, done, entry, file.position + 1);
    if (length === 0) {
      if (done === 0) throw into.length < count ? E.EFAULT : E.EINVAL;
      return done;
    }
    done += length;
    file.position++;
  }
}
const getdents64 = syscall('getdents64', { x64: 217, generic: 61 }, [fd, outStruct, uint], (task, file, to, count) =>
  list(task, file, to, count, encodeDirent64),
);
const getdents = syscall('getdents', { x64: 78 }, [fd, outStruct, uint], (task, file, to, count) =>
  list(task, file, to, count, encodeDirent),
);

const makeDirectory = (task: Task, dirfd: number, text: ByteString, permissions: number): number => {
  change.mkdir(task.process, at(task, dirfd, text), permissions);
  return 0;
};
const mkdir = syscall('mkdir', { x64: 83 }, [path, mode], (task, text, permissions) =>
  makeDirectory(task, AT_FDCWD, text, permissions),
);
const mkdirat = syscall('mkdirat', { x64: 258, generic: 34 }, [dirFd, path, mode], makeDirectory);

const makeNode = (task: Task, dirfd: number, text: ByteString, permissions: number, device: number): number => {
  change.mknod(task.process, at(task, dirfd, text), permissions, device);
  return 0;
};
const mknod = syscall('mknod', { x64: 133 }, [path, mode, uint], (task, text, permissions, device) =>
  makeNode(task, AT_FDCWD, text, permissions, device),
);
const mknodat = syscall('mknodat', { x64: 259, generic: 33 }, [dirFd, path, mode, uint], makeNode);

const removeDirectory = (task: Task, dirfd: number, text: ByteString): number => {
  change.rmdir(task.process, at(task, dirfd, text));
  return 0;
};
const removeFile = (task: Task, dirfd: number, text: ByteString): number => {
  change.unlink(task.process, at(task, dirfd, text));
  return 0;
};
const rmdir = syscall('rmdir', { x64: 84 }, [path], (task, text) => removeDirectory(task, AT_FDCWD, text));
const unlink = syscall('unlink', { x64: 87 }, [path], (task, text) => removeFile(task, AT_FDCWD, text));
const unlinkat = syscall('unlinkat', { x64: 263, generic: 35 }, [dirFd, path, unlinkFlags], (task, dirfd, text, how) =>
  (how & AT_REMOVEDIR) !== 0 ? removeDirectory(task, dirfd, text) : removeFile(task, dirfd, text),
);

const move = (task: Task, fromFd: number, from: ByteString, toFd: number, to: ByteString, how: number): number => {
  change.rename(task.process, at(task, fromFd, from), at(task, toFd, to), how);
  return 0;
};
const rename = syscall('rename', { x64: 82 }, [path, path], (task, from, to) => move(task, AT_FDCWD, from, AT_FDCWD, to, 0));
const renameat = syscall('renameat', { x64: 264 }, [dirFd, path, dirFd, path], (task, fromFd, from, toFd, to) =>
  move(task, fromFd, from, toFd, to, 0),
);
const renameat2 = syscall(
  'renameat2',
  { x64: 316, generic: 276 },
  [dirFd, path, dirFd, path, renameFlags],
  move,
  'RENAME_WHITEOUT: EINVAL; RENAME_EXCHANGE on files in memory and the overlay only',
);

const makeLink = (task: Task, fromFd: number, from: ByteString, toFd: number, to: ByteString, how: number): number => {
  const existing = placeAt(task, fromFd, from, {
    follow: (how & AT_SYMLINK_FOLLOW) !== 0,
    allowEmpty: (how & AT_EMPTY_PATH) !== 0,
  });
  change.link(task.process, existing, at(task, toFd, to));
  return 0;
};
const link = syscall('link', { x64: 86 }, [path, path], (task, from, to) => makeLink(task, AT_FDCWD, from, AT_FDCWD, to, 0));
const linkat = syscall('linkat', { x64: 265, generic: 37 }, [dirFd, path, dirFd, path, linkFlags], makeLink);

const makeSymlink = (task: Task, target: ByteString, dirfd: number, text: ByteString): number => {
  change.symlink(task.process, target, at(task, dirfd, text));
  return 0;
};
const symlink = syscall('symlink', { x64: 88 }, [path, path], (task, target, text) => makeSymlink(task, target, AT_FDCWD, text));
const symlinkat = syscall('symlinkat', { x64: 266, generic: 36 }, [path, dirFd, path], makeSymlink);

function readLink(task: Task, dirfd: number, text: ByteString, to: number, count: number): number {
  if (count <= 0) throw E.EINVAL;
  const { inode } = placeAt(task, dirfd, text, { ...NO_FOLLOW, allowEmpty: dirfd !== AT_FDCWD });
  // An empty path stands for the descriptor itself, which must then be a link opened with O_PATH (readlinkat(2)).
  if (inode.type !== S_IFLNK) throw text === '' ? E.ENOENT : E.EINVAL;
  const target = inode.readlink();
  const length = Math.min(target.length, count);
  const into = task.memory.writable(to, length);
  for (let i = 0; i < length; i++) into[i] = target.charCodeAt(i);
  return length;
}
const readlink = syscall('readlink', { x64: 89 }, [path, out, size], (task, text, to, count) =>
  readLink(task, AT_FDCWD, text, to, count),
);
const readlinkat = syscall('readlinkat', { x64: 267, generic: 78 }, [dirFd, path, out, size], readLink);

const chdir = syscall('chdir', { x64: 80, generic: 49 }, [path], (task, text) => {
  task.process.fs.cwd = requireDirectory(task.process, placeAt(task, AT_FDCWD, text, FOLLOW));
  return 0;
});
const fchdir = syscall('fchdir', { x64: 81, generic: 50 }, [anyFd], (task, file) => {
  task.process.fs.cwd = requireDirectory(task.process, pathOf(file));
  return 0;
});
const chroot = syscall('chroot', { x64: 161, generic: 51 }, [path], (task, text) => {
  const place = requireDirectory(task.process, placeAt(task, AT_FDCWD, text, FOLLOW));
  if (!isRoot(task.process.credentials)) throw E.EPERM;
  task.process.fs.root = place;
  return 0;
});
const getcwd = syscall('getcwd', { x64: 79, generic: 17 }, [outPath, size], (task, to, count) => {
  const { fs } = task.process;
  const text = fs.cwd.cwd(fs.root);
  const length = text.length + 1;
  if (length > PATH_MAX) throw E.ENAMETOOLONG;
  if (length > count) throw E.ERANGE;
  const into = task.memory.writable(to, length);
  for (let i = 0; i < text.length; i++) into[i] = text.charCodeAt(i);
  into[text.length] = 0;
  return length;
});
const umask = syscall('umask', { x64: 95, generic: 166 }, [mode], (task, mask) => {
  const { fs } = task.process;
  const before = fs.umask;
  fs.umask = mask & 0o777;
  return before;
});

export const directoryRows: readonly SyscallRow[] = [
  getdents64,
  getdents,
  mkdir,
  mkdirat,
  mknod,
  mknodat,
  rmdir,
  unlink,
  unlinkat,
  rename,
  renameat,
  renameat2,
  link,
  linkat,
  symlink,
  symlinkat,
  readlink,
  readlinkat,
  chdir,
  fchdir,
  chroot,
  getcwd,
  umask,
];
