// Watching files (inotify_init(2), inotify_add_watch(2)).

import { E } from '../../abi/errno.ts';
import { AT_FDCWD, O_CLOEXEC, O_NONBLOCK, R_OK } from '../../abi/fcntl.ts';
import { InotifyFile } from '../inotify.ts';
import type { Task } from '../task.ts';
import { type OpenFile, S_IFDIR } from '../vfs/inode.ts';
import { IN } from '../vfs/notify.ts';
import { requireAccess } from '../vfs/permission.ts';
import { fd, flags, int, path } from './args.ts';
import { placeAt } from './args-file.ts';
import { type SyscallRow, syscall } from './define.ts';

const KNOWN = Object.values(IN).reduce((all, bit) => all | bit, 0);
const EVENTS = 0xfff;

const init = (task: Task, how: number): number =>
  task.process.fds.add(new InotifyFile(task.kernel, how & O_NONBLOCK), (how & O_CLOEXEC) !== 0);
const inotifyInit = syscall('inotify_init', { x64: 253 }, [], (task) => init(task, 0));
const inotifyInit1 = syscall(
  'inotify_init1',
  { x64: 294, generic: 26 },
  [flags({ IN_NONBLOCK: O_NONBLOCK, IN_CLOEXEC: O_CLOEXEC }, O_NONBLOCK | O_CLOEXEC)],
  init,
);

function instance(file: OpenFile): InotifyFile {
  if (!(file instanceof InotifyFile)) throw E.EINVAL;
  return file;
}

const inotifyAddWatch = syscall(
  'inotify_add_watch',
  { x64: 254, generic: 27 },
  [fd, path, flags(IN)],
  (task, file, text, mask) => {
    if ((mask & KNOWN) === 0) throw E.EINVAL;
    if (mask & IN.IN_MASK_ADD && mask & IN.IN_MASK_CREATE) throw E.EINVAL;
    const it = instance(file);
    const place = placeAt(task, AT_FDCWD, text, { follow: (mask & IN.IN_DONT_FOLLOW) === 0, allowEmpty: false });
    if (mask & IN.IN_ONLYDIR && place.inode.type !== S_IFDIR) throw E.ENOTDIR;
    requireAccess(place.inode, task.process.credentials, R_OK);
    if ((mask & EVENTS) === 0 && (mask & ~EVENTS & ~IN.IN_ONLYDIR & ~IN.IN_DONT_FOLLOW) === 0) throw E.EINVAL;
    return it.add(place.inode, mask);
  },
  'changes that others make to host files are not noticed',
);
const inotifyRmWatch = syscall('inotify_rm_watch', { x64: 255, generic: 28 }, [fd, int], (_task, file, wd) => {
  instance(file).remove(wd);
  return 0;
});

export const inotifyRows: readonly SyscallRow[] = [inotifyInit, inotifyInit1, inotifyAddWatch, inotifyRmWatch];
