// The path walk (path_resolution(7)): components, symbolic links, `..` over mounts and chroot, trailing slashes.

import { E } from '../../abi/errno.ts';
import { NAME_MAX, RESOLVE, X_OK } from '../../abi/fcntl.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { S_IFDIR, S_IFLNK } from './inode.ts';
import type { Path } from './path.ts';
import { type Caller, requireAccess } from './permission.ts';

/** As Linux's MAXSYMLINKS. */
const MAX_LINKS = 40;

/** Where a walk ended. */
export interface Walked {
  /** The directory that holds, or would hold, the last component. */
  readonly directory: Path;
  /** The last component; '' when the path ended in `.`, `..`, `/` or a link that leads to an object. */
  readonly name: ByteString;
  /** What is there; undefined if nothing is. */
  readonly path: Path | undefined;
  /** The path ended in a slash, so only a directory will do. */
  readonly hasSlash: boolean;
  /** What ended the path when `name` is ''. */
  readonly last: 'name' | 'dot' | 'dotdot' | 'root' | 'magic';
}

/**
 * Walks `text` from `start` (the caller's cwd or a dirfd's directory). A link at the end is followed when `follow` is
 * set or a slash comes after it. A missing last component is not an error; a missing one before it is ENOENT.
 */
export function walk(caller: Caller, start: Path, text: ByteString, follow: boolean, resolve = 0): Walked {
  if (text.length === 0) throw E.ENOENT;
  const isBeneath = (resolve & RESOLVE.RESOLVE_BENEATH) !== 0;
  const isScoped = isBeneath || (resolve & RESOLVE.RESOLVE_IN_ROOT) !== 0;
  const root = isScoped ? start : caller.fs.root;
  const ids = caller.credentials;
  if (isBeneath && text.charCodeAt(0) === SLASH) throw E.EXDEV;
  let at = text.charCodeAt(0) === SLASH ? root : start;
  let rest = text;
  let position = 0;
  let links = 0;
  for (;;) {
    while (rest.charCodeAt(position) === SLASH) position++;
    if (position >= rest.length) return { directory: at, name: '', path: at, hasSlash: true, last: 'root' };
    let end = rest.indexOf('/', position);
    if (end < 0) end = rest.length;
    const name = rest.slice(position, end);
    position = end;
    while (rest.charCodeAt(position) === SLASH) position++;
    const isLast = position >= rest.length;
    const hasSlash = end < rest.length;

    if (at.inode.type !== S_IFDIR) throw E.ENOTDIR;
    requireAccess(at.inode, ids, X_OK);
    if (name === '.' || name === '..') {
      if (name === '..' && at === root && isBeneath) throw E.EXDEV;
      const from = at;
      if (name === '..' && at !== root) at = at.up() ?? at;
      at = at.top();
      if (resolve & RESOLVE.RESOLVE_NO_XDEV && at.mount !== from.mount) throw E.EXDEV;
      if (isLast) return { directory: at, name: '', path: at, hasSlash, last: name === '.' ? 'dot' : 'dotdot' };
      continue;
    }
    if (name.length > NAME_MAX) throw E.ENAMETOOLONG;
    const next = at.child(name);
    if (!next) {
      if (!isLast) throw E.ENOENT;
      return { directory: at, name, path: undefined, hasSlash, last: 'name' };
    }
    if (resolve & RESOLVE.RESOLVE_NO_XDEV && next.mount !== at.mount) throw E.EXDEV;
    if (next.inode.type === S_IFLNK && (!isLast || follow || hasSlash)) {
      if (++links > MAX_LINKS || resolve & RESOLVE.RESOLVE_NO_SYMLINKS) throw E.ELOOP;
      if (next.inode.follow) {
        if (resolve & RESOLVE.RESOLVE_NO_MAGICLINKS) throw E.ELOOP;
        if (isScoped) throw E.EXDEV;
        const to = next.inode.follow();
        if (!to) throw E.ENOENT;
        at = to;
        if (isLast) return { directory: at, name: '', path: at, hasSlash, last: 'magic' };
        continue;
      }
      const target = next.inode.readlink();
      if (target.length === 0) throw E.ENOENT;
      if (target.charCodeAt(0) === SLASH) {
        if (isBeneath) throw E.EXDEV;
        if (resolve & RESOLVE.RESOLVE_NO_XDEV && root.mount !== at.mount) throw E.EXDEV;
        at = root;
      }
      rest = target + rest.slice(end);
      position = 0;
      continue;
    }
    if (isLast) return { directory: at, name, path: next, hasSlash, last: 'name' };
    at = next;
  }
}

const SLASH = 47;
