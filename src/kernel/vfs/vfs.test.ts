import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../../abi/errno.ts';
import {
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_PATH,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  SEEK_CUR,
  SEEK_DATA,
  SEEK_END,
  SEEK_HOLE,
  X_OK,
} from '../../abi/fcntl.ts';
import { fromBytes, toBytes } from '../../lib/bytes.ts';
import { Budget } from '../fs/content.ts';
import { TmpFs } from '../fs/tmp.ts';
import * as change from './change.ts';
import { FileTable } from './file-table.ts';
import { type OpenFile, S_IFDIR } from './inode.ts';
import { type Caller, mayAccess } from './permission.ts';
import { Vfs } from './vfs.ts';

const now = () => ({ seconds: 1_000_000, nanoseconds: 5 });

function machine(budget = new Budget(Infinity)) {
  const vfs = new Vfs();
  vfs.mount('/', new TmpFs({ now, device: 1, budget, mode: 0o755 }));
  const as = (uid: number): Caller => ({
    fs: { root: vfs.root, cwd: vfs.root, umask: 0o022 },
    credentials: { fsuid: uid, fsgid: uid, groups: [] },
  });
  const root = as(0);
  const at = (text: string, caller = root) => ({ start: caller.fs.cwd, text });
  const put = (path: string, text = '') => {
    const file = vfs.open(root, path, O_RDWR | O_CREAT | O_TRUNC, 0o644);
    file.write(toBytes(text));
    file.close();
  };
  const get = (path: string) => text(vfs.open(root, path, 0));
  const mkdir = (path: string, mode = 0o755) => change.mkdir(root, at(path), mode);
  const link = (target: string, path: string) => change.symlink(root, target, at(path));
  return { vfs, root, as, at, put, get, mkdir, link };
}

function text(file: OpenFile): string {
  const buffer = new Uint8Array(65536);
  return fromBytes(buffer.subarray(0, file.read(buffer, 0) as number));
}

test('a walk crosses links, dots, slashes and bytes that are no UTF-8', () => {
  const { vfs, root, put, get, mkdir, link } = machine();
  mkdir('/a');
  mkdir('/a/b');
  put('/a/b/\xff', 'bytes');
  link('../b', '/a/b/up');
  link('/a/b/\xff', '/abs');
  link('a/', '/dir');
  assert.equal(get('/a/./b//../b/up/up/\xff'), 'bytes');
  assert.equal(get('/abs'), 'bytes');
  assert.equal(get('/../../dir/b/\xff'), 'bytes');
  assert.equal(vfs.resolve(root, '/dir/b/up').print(), '/a/b');
  assert.equal(vfs.resolve(root, '/dir/', { follow: false }).print(), '/a');
  assert.equal(vfs.resolve(root, '/dir', { follow: false }).print(), '/dir');
  assert.throws(() => vfs.resolve(root, '/abs/'), E.ENOTDIR);
  assert.throws(() => vfs.resolve(root, '/abs/x'), E.ENOTDIR);
  assert.throws(() => vfs.resolve(root, '/none/x'), E.ENOENT);
  assert.throws(() => vfs.resolve(root, ''), E.ENOENT);
  assert.throws(() => vfs.resolve(root, `/${'n'.repeat(256)}`), E.ENAMETOOLONG);
});

test('40 links are followed, 41 are ELOOP', () => {
  const { vfs, root, put, link } = machine();
  put('/end', 'x');
  for (let i = 0; i < 41; i++) link(i === 0 ? 'end' : `l${i - 1}`, `/l${i}`);
  assert.equal(vfs.resolve(root, '/l39').print(), '/end');
  assert.throws(() => vfs.resolve(root, '/l40'), E.ELOOP);
  link('self', '/self');
  assert.throws(() => vfs.resolve(root, '/self'), E.ELOOP);
});

test('open: flags and what they refuse', () => {
  const { vfs, root, put, get, mkdir, link } = machine();
  const open = (path: string, flags: number, mode = 0o666) => vfs.open(root, path, flags, mode);
  mkdir('/d');
  put('/f', 'one');
  link('f', '/lf');
  link('new', '/dangling');
  assert.throws(() => open('/lf', O_NOFOLLOW), E.ELOOP);
  assert.throws(() => open('/f', O_CREAT | O_EXCL), E.EEXIST);
  assert.throws(() => open('/dangling', O_CREAT | O_EXCL), E.EEXIST);
  assert.throws(() => open('/f', O_DIRECTORY), E.ENOTDIR);
  assert.throws(() => open('/f/', 0), E.ENOTDIR);
  assert.throws(() => open('/d', O_WRONLY), E.EISDIR);
  assert.throws(() => open('/d', O_CREAT), E.EISDIR);
  assert.throws(() => open('/x/', O_CREAT), E.EISDIR);
  assert.equal(open('/d', 0o20000000 | O_DIRECTORY | O_RDWR).inode.stat().nlink, 0);
  open('/dangling', O_CREAT | O_WRONLY).write(toBytes('made'));
  assert.equal(get('/new'), 'made');
  assert.equal(vfs.resolve(root, '/new').inode.stat().mode & 0o7777, 0o644);
  const place = open('/lf', O_PATH | O_NOFOLLOW);
  assert.throws(() => place.read(new Uint8Array(1)), E.EBADF);
  assert.equal(place.inode.readlink(), 'f');
  assert.throws(() => open('/d', 0).read(new Uint8Array(1)), E.EISDIR);
});

test('a regular file: append, seek, holes', () => {
  const { vfs, root } = machine();
  const file = vfs.open(root, '/f', O_RDWR | O_CREAT, 0o600);
  file.write(toBytes('abc'));
  assert.equal(file.seek(100_000, SEEK_CUR), 100_003);
  file.write(toBytes('z'));
  assert.equal(file.inode.stat().size, 100_004);
  assert.ok(file.inode.stat().blocks * 512 < 100_004);
  assert.equal(file.seek(5, SEEK_DATA), 5);
  assert.equal(file.seek(5, SEEK_HOLE), 100_004);
  assert.throws(() => file.seek(100_004, SEEK_DATA), E.ENXIO);
  assert.throws(() => file.seek(-1, 0), E.EINVAL);
  assert.equal(file.seek(-1, SEEK_END), 100_003);
  file.inode.truncate(2);
  file.inode.truncate(4);
  assert.equal(text(file), 'ab\0\0');
  const appender = vfs.open(root, '/f', O_WRONLY | O_APPEND);
  appender.write(toBytes('!'), 0);
  assert.equal(text(file), 'ab\0\0!');
});

test('permissions: modes, sticky directories, root', () => {
  const { vfs, as, at, put, mkdir } = machine();
  const user = as(1000),
    other = as(2000);
  mkdir('/tmp');
  change.chmod(as(0), vfs.resolve(as(0), '/tmp'), 0o1777);
  mkdir('/secret', 0o700);
  put('/secret/f', 'x');
  assert.throws(() => vfs.open(user, '/secret/f', 0), E.EACCES);
  assert.throws(() => vfs.open(user, '/new', O_CREAT | O_WRONLY, 0o644), E.EACCES);
  vfs.open(user, '/tmp/mine', O_CREAT | O_WRONLY, 0o600);
  assert.throws(() => vfs.open(other, '/tmp/mine', 0), E.EACCES);
  assert.throws(() => change.unlink(other, at('/tmp/mine')), E.EPERM);
  assert.throws(() => change.chmod(other, vfs.resolve(other, '/tmp/mine'), 0o777), E.EPERM);
  assert.throws(() => change.chown(user, vfs.resolve(user, '/tmp/mine'), 0, -1), E.EPERM);
  change.unlink(user, at('/tmp/mine'));
  const { inode } = vfs.resolve(as(0), '/secret/f');
  assert.equal(mayAccess(inode, as(0).credentials, X_OK), false);
});

test('names: mkdir, rmdir, unlink, link, rename and their errors', () => {
  const { vfs, root, at, put, get, mkdir } = machine();
  mkdir('/d');
  mkdir('/d/e/');
  put('/d/f', 'f');
  assert.throws(() => mkdir('/d'), E.EEXIST);
  assert.throws(() => mkdir('/'), E.EEXIST);
  assert.throws(() => change.rmdir(root, at('/d')), E.ENOTEMPTY);
  assert.throws(() => change.rmdir(root, at('/d/f')), E.ENOTDIR);
  assert.throws(() => change.rmdir(root, at('/d/e/.')), E.EINVAL);
  assert.throws(() => change.unlink(root, at('/d/e')), E.EISDIR);
  assert.throws(() => change.rename(root, at('/d'), at('/d/e/x'), 0), E.EINVAL);
  assert.throws(() => change.rename(root, at('/d/e'), at('/d'), 0), E.ENOTEMPTY);
  assert.throws(() => change.rename(root, at('/d/f'), at('/d/e'), 0), E.EISDIR);
  change.link(root, vfs.resolve(root, '/d/f'), at('/g'));
  assert.equal(vfs.resolve(root, '/g').inode.stat().nlink, 2);
  assert.throws(() => change.link(root, vfs.resolve(root, '/d'), at('/h')), E.EPERM);
  assert.throws(() => change.rename(root, at('/g'), at('/d/f'), 1), E.EEXIST);
  const open = vfs.open(root, '/d/e', 0);
  change.rename(root, at('/d'), at('/moved'), 0);
  assert.equal(open.path?.print(), '/moved/e');
  assert.equal(get('/moved/f'), 'f');
  change.rmdir(root, at('/moved/e'));
  assert.equal(open.path?.print(), '/moved/e (deleted)');
  assert.throws(() => open.path?.cwd(vfs.root), E.ENOENT);
  const file = vfs.open(root, '/g', 0);
  change.unlink(root, at('/g'));
  change.unlink(root, at('/moved/f'));
  assert.equal(text(file), 'f');
  assert.equal(file.inode.stat().nlink, 0);
});

test('mounts: dots across them, missing mount points, busy, read-only', () => {
  const { vfs, root, at, mkdir } = machine();
  mkdir('/mnt');
  vfs.mount('/mnt', new TmpFs({ now, device: 2 }));
  vfs.mount('/no/where', new TmpFs({ now, device: 3 }), { isReadOnly: true });
  mkdir('/mnt/sub');
  assert.equal(vfs.resolve(root, '/mnt/sub/../../mnt').inode.stat().dev, 2);
  assert.equal(vfs.resolve(root, '/mnt/..').inode.stat().dev, 1);
  assert.equal(vfs.resolve(root, '/no/where').print(), '/no/where');
  assert.throws(() => vfs.open(root, '/no/where/x', O_CREAT | O_WRONLY), E.EROFS);
  assert.throws(() => mkdir('/no/x'), E.EROFS);
  assert.throws(() => change.rmdir(root, at('/mnt')), E.EBUSY);
  assert.throws(() => change.rename(root, at('/mnt/sub'), at('/sub'), 0), E.EXDEV);
  const listing = vfs.open(root, '/', 0) as OpenFile & { entry(i: number): { name: string; type: number } | undefined };
  const names: string[] = [];
  for (let i = 0, entry = listing.entry(0); entry; entry = listing.entry(++i)) names.push(entry.name);
  assert.deepEqual(names.sort(), ['.', '..', 'mnt', 'no']);
  const jail: Caller = { ...root, fs: { ...root.fs, root: vfs.resolve(root, '/mnt'), cwd: vfs.resolve(root, '/mnt/sub') } };
  assert.equal(vfs.resolve(jail, '../../../sub').print(jail.fs.root), '/sub');
  assert.equal(vfs.resolve(root, '/').cwd(jail.fs.root), '(unreachable)/');
});

test('a full file system says ENOSPC and gets room back', () => {
  const budget = new Budget(8192);
  const { vfs, root, at } = machine(budget);
  const file = vfs.open(root, '/f', O_RDWR | O_CREAT, 0o600);
  assert.equal(file.write(new Uint8Array(8192)), 8192);
  assert.throws(() => file.write(new Uint8Array(1)), E.ENOSPC);
  change.unlink(root, at('/f'));
  assert.equal(budget.used, 8192);
  file.close();
  assert.equal(budget.used, 0);
});

test('descriptors: lowest number, dup, close-on-exec, limits', () => {
  const { vfs, root, put } = machine();
  put('/f', 'x');
  let closed = 0;
  const open = () => {
    const file = vfs.open(root, '/f', 0);
    file.close = () => closed++;
    return file;
  };
  const table = new FileTable(vfs.locks, () => 4);
  const file = open();
  assert.deepEqual([table.add(file), table.add(open()), table.add(file, true)], [0, 1, 2]);
  table.close(1);
  assert.equal(closed, 1);
  assert.equal(table.add(open()), 1);
  assert.equal(table.add(file, false, 3), 3);
  assert.throws(() => table.add(file), E.EMFILE);
  assert.throws(() => table.set(4, file), E.EBADF);
  assert.throws(() => table.get(9), E.EBADF);
  const child = table.clone();
  child.closeOnExec();
  assert.equal(child.has(2), false);
  child.closeAll();
  assert.equal(closed, 1);
  table.closeAll();
  assert.equal(closed, 3);
});

test('record locks split and conflict; a close drops them', () => {
  const { vfs, root, put } = machine();
  put('/f', 'x');
  const { inode } = vfs.open(root, '/f', 0);
  const { locks } = vfs;
  const a = {},
    b = {};
  const range = (owner: object, start: number, end: number, isExclusive = true) => ({ owner, pid: 1, isExclusive, start, end });
  assert.equal(locks.lockRecord(inode, range(a, 0, 100)), 0);
  locks.unlockRecord(inode, range(a, 40, 60));
  assert.equal(locks.lockRecord(inode, range(b, 40, 60)), 0);
  assert.notEqual(locks.lockRecord(inode, range(b, 60, 61)), 0);
  assert.equal(locks.conflict(inode, range(b, 0, Infinity))?.end, 40);
  locks.releaseRecords(inode, a);
  assert.equal(locks.conflict(inode, range(b, 0, Infinity)), undefined);
  assert.equal(vfs.resolve(root, '/').inode.type, S_IFDIR);
});
