// Who may do what: mode bits against a caller's ids, root as with CAP_DAC_OVERRIDE and CAP_FOWNER.

import { E } from '../../abi/errno.ts';
import { R_OK, W_OK, X_OK } from '../../abi/fcntl.ts';
import { type Inode, S_IFDIR, S_IFREG } from './inode.ts';
import type { Path } from './path.ts';

export const S_ISUID = 0o4000,
  S_ISGID = 0o2000,
  S_ISVTX = 0o1000;

/** The ids that file access goes by; a Process has them as `credentials`. */
export interface Ids {
  readonly fsuid: number;
  readonly fsgid: number;
  readonly groups: readonly number[];
}

/** A process's place in the tree (its fs_struct): shared between threads, copied by fork. */
export interface FsState {
  root: Path;
  cwd: Path;
  umask: number;
}

/** Who walks: a Process fits. */
export interface Caller {
  readonly fs: FsState;
  readonly credentials: Ids;
}

export const isMember = (ids: Ids, gid: number): boolean => ids.fsgid === gid || ids.groups.includes(gid);

/** path_resolution(7), Permissions; mask of R_OK, W_OK, X_OK. */
export function mayAccess(inode: Inode, ids: Ids, mask: number): boolean {
  if (ids.fsuid === 0 && ((mask & X_OK) === 0 || inode.type !== S_IFREG)) return true;
  const { mode, uid, gid } = inode.permissions?.() ?? inode.stat();
  if (ids.fsuid === 0) return (mode & 0o111) !== 0;
  const bits = ids.fsuid === uid ? mode >> 6 : isMember(ids, gid) ? mode >> 3 : mode;
  return (bits & mask) === mask;
}

export function requireAccess(inode: Inode, ids: Ids, mask: number): void {
  if (!mayAccess(inode, ids, mask)) throw E.EACCES;
}

/** May names in `directory` be made or removed: EROFS, EACCES. */
export function requireChange(directory: Path, ids: Ids): void {
  requireAccess(directory.inode, ids, W_OK | X_OK);
  requireWritable(directory);
}

export function requireWritable(path: Path): void {
  if (path.mount?.isReadOnly) throw E.EROFS;
}

/** In a sticky directory only the owners of the file or the directory, and root, may remove or rename it. */
export function requireRemovable(directory: Inode, victim: Inode, ids: Ids): void {
  if (ids.fsuid === 0) return;
  const { mode, uid } = directory.stat();
  if ((mode & S_ISVTX) !== 0 && uid !== ids.fsuid && victim.stat().uid !== ids.fsuid) throw E.EPERM;
}

/** The owner and mode of something new in `directory`: a set-group-ID directory passes its group on, and the bit to directories. */
export function inherited(directory: Inode, ids: Ids, mode: number, type: number) {
  const from = directory.stat();
  const isSetGid = (from.mode & S_ISGID) !== 0;
  return {
    owner: { uid: ids.fsuid, gid: isSetGid ? from.gid : ids.fsgid },
    mode: isSetGid && type === S_IFDIR ? mode | S_ISGID : mode,
  };
}

/** The access mask an open mode asks for (0 read, 1 write, 2 both, 3 both: ioctl only). */
export const openMask = (accessMode: number): number => [R_OK, W_OK, R_OK | W_OK, R_OK | W_OK][accessMode & 3] ?? 0;
