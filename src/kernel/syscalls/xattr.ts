// Extended attributes (xattr(7)): files in memory keep them, others answer EOPNOTSUPP.

import { E } from '../../abi/errno.ts';
import { AT_FDCWD, R_OK, W_OK } from '../../abi/fcntl.ts';
import { type ByteString, toBytes } from '../../lib/bytes.ts';
import { isRoot } from '../look-up.ts';
import type { Task } from '../task.ts';
import { AnonymousInode } from '../vfs/base-inode.ts';
import { S_IFDIR, S_IFREG, S_IFSOCK } from '../vfs/inode.ts';
import { IN, notify } from '../vfs/notify.ts';
import type { Path } from '../vfs/path.ts';
import { requireAccess, requireWritable } from '../vfs/permission.ts';
import { fd, flags, outStruct, path, size, struct } from './args.ts';
import { pathOf, placeAt } from './args-file.ts';
import { type SyscallRow, syscall } from './define.ts';

const XATTR = { XATTR_CREATE: 1, XATTR_REPLACE: 2 } as const;
const createFlags = flags(XATTR);
const NAME_MAX = 255,
  SIZE_MAX = 65_536;

const followed = (task: Task, text: ByteString): Path => placeAt(task, AT_FDCWD, text, { follow: true, allowEmpty: false });
const notFollowed = (task: Task, text: ByteString): Path => placeAt(task, AT_FDCWD, text, { follow: false, allowEmpty: false });

/** What a socket has (net/socket.c): the name of its protocol, which is not told here. */
const SOCKET_PROTOCOL = 'system.sockprotoname';

/** A name in guest memory: ERANGE when empty or too long. */
function readName(task: Task, at: number): ByteString {
  let text: ByteString;
  try {
    text = task.memory.cstring(at, NAME_MAX + 1);
  } catch (error) {
    throw error === E.ENAMETOOLONG ? E.ERANGE : error;
  }
  if (text === '') throw E.ERANGE;
  return text;
}

/** The attributes of a file, as far as a name space and the caller's rights go; `refusal` is what the rights give. */
function attributesOf(task: Task, place: Path, name: ByteString, isWrite: boolean): Map<ByteString, Uint8Array> {
  const { inode } = place;
  const { credentials } = task.process;
  const refusal = isWrite ? E.EPERM : E.ENODATA;
  if (name.startsWith('user.')) {
    if (inode.type !== S_IFREG && inode.type !== S_IFDIR) throw refusal;
    requireAccess(inode, credentials, isWrite ? W_OK : R_OK);
  } else if (name.startsWith('trusted.')) {
    if (!isRoot(credentials)) throw refusal;
  } else if (name.startsWith('security.')) {
    if (isWrite && !isRoot(credentials)) throw E.EPERM;
  } else throw E.EOPNOTSUPP;
  if (isWrite) requireWritable(place);
  if (!inode.extended) throw isWrite ? E.EOPNOTSUPP : E.ENODATA;
  return inode.extended;
}

function set(task: Task, place: Path, nameAt: number, from: number, length: number, how: number): number {
  if (how & ~(XATTR.XATTR_CREATE | XATTR.XATTR_REPLACE)) throw E.EINVAL;
  const name = readName(task, nameAt);
  if (length > SIZE_MAX) throw E.E2BIG;
  const value = task.memory.bytes(from, length).slice();
  const attributes = attributesOf(task, place, name, true);
  if (how & XATTR.XATTR_CREATE && attributes.has(name)) throw E.EEXIST;
  if (how & XATTR.XATTR_REPLACE && !attributes.has(name)) throw E.ENODATA;
  attributes.set(name, value);
  touched(place);
  return 0;
}

function get(task: Task, place: Path, nameAt: number, to: number, length: number): number {
  const name = readName(task, nameAt);
  const value = attributesOf(task, place, name, false).get(name);
  if (!value) throw E.ENODATA;
  return store(task, value, to, length);
}

function list(task: Task, { inode }: Path, to: number, length: number): number {
  const names =
    inode.type === S_IFSOCK && inode instanceof AnonymousInode ? [SOCKET_PROTOCOL] : [...(inode.extended?.keys() ?? [])];
  const shown = isRoot(task.process.credentials) ? names : names.filter((name) => !name.startsWith('trusted.'));
  return store(task, toBytes(shown.map((name) => `${name}\0`).join('')), to, length);
}

function remove(task: Task, place: Path, nameAt: number): number {
  const name = readName(task, nameAt);
  if (!attributesOf(task, place, name, true).delete(name)) throw E.ENODATA;
  touched(place);
  return 0;
}

/** With a size of 0 only the length is asked. */
function store(task: Task, bytes: Uint8Array, to: number, length: number): number {
  if (length === 0) return bytes.length;
  if (length < bytes.length) throw E.ERANGE;
  task.memory.writable(to, bytes.length).set(bytes);
  return bytes.length;
}

function touched(place: Path): void {
  place.inode.setAttributes({});
  notify(place, IN.IN_ATTRIB);
}

const NOTE = 'files in memory and those of the overlay only; no access control lists (EOPNOTSUPP)';
export const xattrRows: readonly SyscallRow[] = [
  syscall(
    'setxattr',
    { x64: 188, generic: 5 },
    [path, struct, struct, size, createFlags],
    (task, text, ...rest) => set(task, followed(task, text), ...rest),
    NOTE,
  ),
  syscall(
    'lsetxattr',
    { x64: 189, generic: 6 },
    [path, struct, struct, size, createFlags],
    (task, text, ...rest) => set(task, notFollowed(task, text), ...rest),
    NOTE,
  ),
  syscall(
    'fsetxattr',
    { x64: 190, generic: 7 },
    [fd, struct, struct, size, createFlags],
    (task, file, ...rest) => set(task, pathOf(file), ...rest),
    NOTE,
  ),
  syscall(
    'getxattr',
    { x64: 191, generic: 8 },
    [path, struct, outStruct, size],
    (task, text, ...rest) => get(task, followed(task, text), ...rest),
    NOTE,
  ),
  syscall(
    'lgetxattr',
    { x64: 192, generic: 9 },
    [path, struct, outStruct, size],
    (task, text, ...rest) => get(task, notFollowed(task, text), ...rest),
    NOTE,
  ),
  syscall(
    'fgetxattr',
    { x64: 193, generic: 10 },
    [fd, struct, outStruct, size],
    (task, file, ...rest) => get(task, pathOf(file), ...rest),
    NOTE,
  ),
  syscall(
    'listxattr',
    { x64: 194, generic: 11 },
    [path, outStruct, size],
    (task, text, ...rest) => list(task, followed(task, text), ...rest),
    NOTE,
  ),
  syscall(
    'llistxattr',
    { x64: 195, generic: 12 },
    [path, outStruct, size],
    (task, text, ...rest) => list(task, notFollowed(task, text), ...rest),
    NOTE,
  ),
  syscall(
    'flistxattr',
    { x64: 196, generic: 13 },
    [fd, outStruct, size],
    (task, file, ...rest) => list(task, pathOf(file), ...rest),
    NOTE,
  ),
  syscall(
    'removexattr',
    { x64: 197, generic: 14 },
    [path, struct],
    (task, text, name) => remove(task, followed(task, text), name),
    NOTE,
  ),
  syscall(
    'lremovexattr',
    { x64: 198, generic: 15 },
    [path, struct],
    (task, text, name) => remove(task, notFollowed(task, text), name),
    NOTE,
  ),
  syscall('fremovexattr', { x64: 199, generic: 16 }, [fd, struct], (task, file, name) => remove(task, pathOf(file), name), NOTE),
];
