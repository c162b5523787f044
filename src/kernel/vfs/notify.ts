// Tells who watches an inode, or the directory that holds it, what happens (inotify(7)).

import type { ByteString } from '../../lib/bytes.ts';
import { type Inode, type OpenFile, S_IFDIR } from './inode.ts';
import type { Path } from './path.ts';

/** include/uapi/linux/inotify.h */
export const IN = {
  IN_ACCESS: 1,
  IN_MODIFY: 2,
  IN_ATTRIB: 4,
  IN_CLOSE_WRITE: 8,
  IN_CLOSE_NOWRITE: 0x10,
  IN_OPEN: 0x20,
  IN_MOVED_FROM: 0x40,
  IN_MOVED_TO: 0x80,
  IN_CREATE: 0x100,
  IN_DELETE: 0x200,
  IN_DELETE_SELF: 0x400,
  IN_MOVE_SELF: 0x800,
  IN_UNMOUNT: 0x2000,
  IN_Q_OVERFLOW: 0x4000,
  IN_IGNORED: 0x8000,
  IN_ONLYDIR: 0x0100_0000,
  IN_DONT_FOLLOW: 0x0200_0000,
  IN_EXCL_UNLINK: 0x0400_0000,
  IN_MASK_CREATE: 0x1000_0000,
  IN_MASK_ADD: 0x2000_0000,
  IN_ISDIR: 0x4000_0000,
  IN_ONESHOT: 0x8000_0000 | 0,
} as const;

/** An event of the thing itself: its directory's watchers hear its name. */
export function notify(path: Path, mask: number): void {
  const { inode } = path;
  const event = inode.type === S_IFDIR ? mask | IN.IN_ISDIR : mask;
  if (!path.isDeleted) path.up()?.inode.watchers?.forEach((watcher) => watcher(event, path.name, 0));
  tell(inode, event);
}

/** An event of a name in a directory. */
export function notifyName(directory: Path, name: ByteString, inode: Inode, mask: number, cookie = 0): void {
  const event = inode.type === S_IFDIR ? mask | IN.IN_ISDIR : mask;
  directory.inode.watchers?.forEach((watcher) => watcher(event, name, cookie));
}

/** An event of an inode whatever its names. */
export function tell(inode: Inode, mask: number): void {
  inode.watchers?.forEach((watcher) => watcher(mask, undefined, 0));
}

/** A name of an inode was removed: the last one takes the inode with it, once nobody has it open. */
export function unlinked(inode: Inode): void {
  if (!inode.watchers?.size) return;
  if (inode.type !== S_IFDIR) {
    tell(inode, IN.IN_ATTRIB);
    if (inode.stat().nlink > 0) return;
  }
  if ((inode.openCount ?? 0) === 0) tell(inode, IN.IN_DELETE_SELF);
}

/** Before the last descriptor of an open file goes; after it `gone` is called. */
export function notifyClose(file: OpenFile, isWritten: boolean): void {
  if (file.path) notify(file.path, isWritten ? IN.IN_CLOSE_WRITE : IN.IN_CLOSE_NOWRITE);
}
export function gone({ inode, path }: OpenFile): void {
  if (path?.isDeleted && inode.watchers?.size && (inode.openCount ?? 0) === 0 && inode.stat().nlink === 0)
    tell(inode, IN.IN_DELETE_SELF);
}
