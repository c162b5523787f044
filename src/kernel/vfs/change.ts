// Changes to the tree by path: mkdir, mknod, symlink, link, unlink, rmdir, rename, and the attributes of what is there.

import { E } from '../../abi/errno.ts';
import { RENAME_EXCHANGE, RENAME_NOREPLACE, R_OK, W_OK } from '../../abi/fcntl.ts';
import type { ByteString } from '../../lib/bytes.ts';
import {
  type Attributes,
  type Inode,
  S_IFCHR,
  S_IFBLK,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
  type Time,
} from './inode.ts';
import { IN, notify, notifyName, tell, unlinked } from './notify.ts';
import type { Path } from './path.ts';
import {
  type Caller,
  inherited,
  isMember,
  mayAccess,
  requireAccess,
  requireChange,
  requireRemovable,
  requireWritable,
  S_ISGID,
  S_ISUID,
} from './permission.ts';
import { type Walked, walk } from './walk.ts';

/** A path as a syscall gives it: text and the directory a relative one starts from. */
export interface At {
  readonly start: Path;
  readonly text: ByteString;
}

export function mkdir(caller: Caller, at: At, mode: number): void {
  const { directory, name } = newName(caller, at, true);
  const made = inherited(directory.inode, caller.credentials, mode & 0o1777 & ~caller.fs.umask, S_IFDIR);
  const inode = directory.inode.mkdir(name, made.mode, made.owner);
  directory.adopt(name, inode);
  notifyName(directory, name, inode, IN.IN_CREATE);
}

/** Makes a file, fifo, socket or device node; devices need root (mknod(2)). */
export function mknod(caller: Caller, at: At, mode: number, rdev: number): void {
  const type = (mode & S_IFMT) === 0 ? S_IFREG : mode & S_IFMT;
  if (type === S_IFDIR) throw E.EPERM;
  if (![S_IFREG, S_IFIFO, S_IFSOCK, S_IFCHR, S_IFBLK].includes(type)) throw E.EINVAL;
  if ((type === S_IFCHR || type === S_IFBLK) && caller.credentials.fsuid !== 0) throw E.EPERM;
  const { directory, name } = newName(caller, at, false);
  const made = inherited(directory.inode, caller.credentials, type | (mode & 0o7777 & ~caller.fs.umask), type);
  const inode = directory.inode.create(name, made.mode, made.owner, rdev);
  directory.adopt(name, inode);
  notifyName(directory, name, inode, IN.IN_CREATE);
}

export function symlink(caller: Caller, target: ByteString, at: At): void {
  if (target.length === 0) throw E.ENOENT;
  const { directory, name } = newName(caller, at, false);
  const made = inherited(directory.inode, caller.credentials, 0, S_IFLNK);
  const inode = directory.inode.symlink(name, target, made.owner);
  directory.adopt(name, inode);
  notifyName(directory, name, inode, IN.IN_CREATE);
}

export function link(caller: Caller, existing: Path, at: At): void {
  const { directory, name } = newName(caller, at, false);
  if (existing.mount !== directory.mount) throw E.EXDEV;
  if (existing.inode.type === S_IFDIR) throw E.EPERM;
  requireLinkable(caller, existing.inode);
  directory.inode.link(name, existing.inode);
  directory.adopt(name, existing.inode);
  tell(existing.inode, IN.IN_ATTRIB);
  notifyName(directory, name, existing.inode, IN.IN_CREATE);
}

/** What fs.protected_hardlinks=1 asks of who is not the owner (proc(5)): a regular file to read and write, without set-id bits. */
function requireLinkable(caller: Caller, inode: Inode): void {
  const { fsuid } = caller.credentials;
  const { uid, mode } = inode.stat();
  if (fsuid === 0 || fsuid === uid) return;
  const hasSetId = (mode & S_ISUID) !== 0 || (mode & (S_ISGID | 0o010)) === (S_ISGID | 0o010);
  if (inode.type !== S_IFREG || hasSetId || !mayAccess(inode, caller.credentials, R_OK | W_OK)) throw E.EPERM;
}

export function unlink(caller: Caller, at: At): void {
  const found = walk(caller, at.start, at.text, false);
  if (found.last !== 'name') throw E.EISDIR;
  const { directory, name, path } = found;
  requireWritable(directory);
  if (!path) throw E.ENOENT;
  requireChange(directory, caller.credentials);
  requireRemovable(directory.inode, path.inode, caller.credentials);
  if (path.inode.type === S_IFDIR) throw E.EISDIR;
  if (found.hasSlash) throw E.ENOTDIR;
  if (path.isMountPoint) throw E.EBUSY;
  directory.inode.unlink(name);
  directory.drop(name);
  unlinked(path.inode);
  notifyName(directory, name, path.inode, IN.IN_DELETE);
}

export function rmdir(caller: Caller, at: At): void {
  const { directory, name, path, last } = walk(caller, at.start, at.text, false);
  if (last === 'dot') throw E.EINVAL;
  if (last === 'dotdot') throw E.ENOTEMPTY;
  if (last !== 'name') throw E.EBUSY;
  requireWritable(directory);
  if (!path) throw E.ENOENT;
  requireChange(directory, caller.credentials);
  requireRemovable(directory.inode, path.inode, caller.credentials);
  if (path.inode.type !== S_IFDIR) throw E.ENOTDIR;
  if (path.isMountPoint || path.mountedChildren().length > 0) throw E.EBUSY;
  directory.inode.rmdir(name);
  directory.drop(name);
  unlinked(path.inode);
  notifyName(directory, name, path.inode, IN.IN_DELETE);
}

export function rename(caller: Caller, from: At, to: At, flags: number): void {
  if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) !== 0 || flags === (RENAME_NOREPLACE | RENAME_EXCHANGE)) throw E.EINVAL;
  const source = walk(caller, from.start, from.text, false);
  const target = walk(caller, to.start, to.text, false);
  if (source.directory.mount !== target.directory.mount) throw E.EXDEV;
  if (source.last !== 'name' || target.last !== 'name') throw E.EBUSY;
  requireWritable(source.directory);
  if (!source.path) throw E.ENOENT;
  const ids = caller.credentials;
  requireChange(source.directory, ids);
  requireChange(target.directory, ids);
  requireRemovable(source.directory.inode, source.path.inode, ids);
  if (target.path && (flags & RENAME_NOREPLACE) !== 0) throw E.EEXIST;
  if (flags & RENAME_EXCHANGE) return exchange(caller, source, target);
  const isDirectory = source.path.inode.type === S_IFDIR;
  if (!isDirectory && (source.hasSlash || target.hasSlash)) throw E.ENOTDIR;
  if (isDirectory && target.directory.isWithin(source.path)) throw E.EINVAL;
  if (target.path) {
    if (target.path.inode === source.path.inode) return;
    requireRemovable(target.directory.inode, target.path.inode, ids);
    if (source.directory.isWithin(target.path)) throw E.ENOTEMPTY;
    if (isDirectory && target.path.inode.type !== S_IFDIR) throw E.ENOTDIR;
    if (!isDirectory && target.path.inode.type === S_IFDIR) throw E.EISDIR;
  }
  if (source.path.isMountPoint || target.path?.isMountPoint) throw E.EBUSY;
  // A directory that moves gets a new `..`, which needs write permission on itself (rename(2), EACCES).
  if (isDirectory && source.directory !== target.directory) requireAccess(source.path.inode, ids, W_OK);
  const replaced = target.path?.inode;
  source.directory.inode.rename(source.name, target.directory.inode, target.name);
  source.directory.move(source.name, target.directory, target.name);
  notifyMove(source, target);
  if (replaced) unlinked(replaced);
}

/** RENAME_EXCHANGE: both names exist before and after. */
function exchange({ credentials }: Caller, source: Walked, target: Walked): void {
  if (!target.path || !source.path) throw E.ENOENT;
  if (source.path.inode === target.path.inode) return;
  requireRemovable(target.directory.inode, target.path.inode, credentials);
  if (target.directory.isWithin(source.path) || source.directory.isWithin(target.path)) throw E.EINVAL;
  if (source.path.isMountPoint || target.path.isMountPoint) throw E.EBUSY;
  if (!source.directory.inode.exchange) throw E.EINVAL;
  source.directory.inode.exchange(source.name, target.directory.inode, target.name);
  source.directory.exchange(source.name, target.directory, target.name);
  notifyMove(source, target);
  notifyMove({ ...target, path: target.path }, source);
}

function notifyMove(source: Walked, target: Walked): void {
  const { directory, name, path } = source;
  if (!path || !directory.mount) return;
  const isHeard = directory.inode.watchers || target.directory.inode.watchers || path.inode.watchers;
  if (!isHeard) return;
  const cookie = ++directory.mount.lastCookie;
  notifyName(directory, name, path.inode, IN.IN_MOVED_FROM, cookie);
  notifyName(target.directory, target.name, path.inode, IN.IN_MOVED_TO, cookie);
  tell(path.inode, IN.IN_MOVE_SELF);
}

export function chmod(caller: Caller, path: Path, mode: number): void {
  requireWritable(path);
  const { inode } = path;
  if (inode.type === S_IFLNK) throw E.EOPNOTSUPP;
  const { uid, gid } = inode.stat();
  const { fsuid } = caller.credentials;
  if (fsuid !== 0 && fsuid !== uid) throw E.EPERM;
  const isForeignGroup = fsuid !== 0 && !isMember(caller.credentials, gid);
  inode.setAttributes({ mode: mode & 0o7777 & (isForeignGroup ? ~S_ISGID : ~0) });
  notify(path, IN.IN_ATTRIB);
}

/** An id of -1 stays. A change by anyone drops set-id bits of what can be executed (chown(2)). */
export function chown(caller: Caller, path: Path, uid: number, gid: number): void {
  requireWritable(path);
  const { inode } = path;
  const { uid: owner, gid: group, mode } = inode.stat();
  const { fsuid } = caller.credentials;
  if (fsuid !== 0) {
    if (owner !== fsuid || (uid !== -1 && uid !== owner)) throw E.EPERM;
    if (gid !== -1 && gid !== group && !isMember(caller.credentials, gid)) throw E.EPERM;
  }
  const changes: Attributes = {};
  if (uid !== -1) changes.uid = uid;
  if (gid !== -1) changes.gid = gid;
  const dropped = S_ISUID | ((mode & 0o010) !== 0 ? S_ISGID : 0);
  if (inode.type === S_IFREG && (mode & dropped) !== 0) changes.mode = mode & 0o7777 & ~dropped;
  inode.setAttributes(changes);
  notify(path, IN.IN_ATTRIB);
}

/** Sets times; `isNow` when both are the present, which write permission is enough for (utimensat(2)). */
export function setTimes(caller: Caller, path: Path, times: { atime?: Time; mtime?: Time }, isNow: boolean): void {
  requireWritable(path);
  const { fsuid } = caller.credentials;
  if (fsuid !== 0 && path.inode.stat().uid !== fsuid) {
    if (!isNow) throw E.EPERM;
    requireAccess(path.inode, caller.credentials, W_OK);
  }
  path.inode.setAttributes(times);
  notify(path, IN.IN_ATTRIB);
}

export function truncate(caller: Caller, path: Path, size: number): void {
  const inode: Inode = path.inode;
  if (inode.type === S_IFDIR) throw E.EISDIR;
  if (inode.type !== S_IFREG) throw E.EINVAL;
  requireAccess(inode, caller.credentials, W_OK);
  requireWritable(path);
  if (inode.runners) throw E.ETXTBSY;
  inode.truncate(size);
  inode.mapping?.truncated(size);
  notify(path, IN.IN_MODIFY);
}

/** A name that is to be made: EEXIST if it is there, ENOENT for a file's name with a slash behind it. */
function newName(caller: Caller, at: At, allowSlash: boolean): Walked {
  const found = walk(caller, at.start, at.text, false);
  if (found.path) throw E.EEXIST;
  if (found.hasSlash && !allowSlash) throw E.ENOENT;
  if (found.directory.isDeleted) throw E.ENOENT;
  requireChange(found.directory, caller.credentials);
  return found;
}
