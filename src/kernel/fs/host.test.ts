import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { E } from '../../abi/errno.ts';
import { O_CREAT, O_RDWR, O_WRONLY } from '../../abi/fcntl.ts';
import { nodeFiles } from '../../host/node/files.ts';
import { fromBytes, toBytes } from '../../lib/bytes.ts';
import * as change from '../vfs/change.ts';
import type { Caller } from '../vfs/permission.ts';
import { Vfs } from '../vfs/vfs.ts';
import { HostFs, hostRealPath } from './host.ts';
import { OverlayFs } from './overlay.ts';

const now = () => ({ seconds: 1_000_000, nanoseconds: 0 });

/** A host directory `share` with a secret beside it, mounted as the root. */
function machine(t: TestContext, kind: 'overlay' | 'writable' | 'read-only') {
  const outside = fs.mkdtempSync(join(tmpdir(), 'elfin-host-'));
  const share = join(outside, 'share');
  fs.mkdirSync(join(share, 'dir'), { recursive: true });
  fs.writeFileSync(join(share, 'dir/file'), 'lower');
  fs.writeFileSync(join(outside, 'secret'), 'secret');
  const host = new HostFs({ files: nodeFiles, path: share, isWritable: kind === 'writable' });
  const overlay = kind === 'overlay' ? new OverlayFs({ lower: host, now }) : undefined;
  t.after(() => {
    host.close();
    fs.rmSync(outside, { recursive: true });
  });
  const vfs = new Vfs();
  vfs.mount('/', overlay ?? host);
  const root: Caller = { fs: { root: vfs.root, cwd: vfs.root, umask: 0o022 }, credentials: { fsuid: 0, fsgid: 0, groups: [] } };
  const at = (text: string) => ({ start: vfs.root, text });
  const get = (path: string) => {
    const file = vfs.open(root, path, 0);
    const buffer = new Uint8Array(100);
    const text = fromBytes(buffer.subarray(0, file.read(buffer) as number));
    file.close();
    return text;
  };
  const put = (path: string, text: string, flags = O_WRONLY | O_CREAT) => {
    const file = vfs.open(root, path, flags, 0o644);
    file.write(toBytes(text));
    file.close();
  };
  return { vfs, root, at, get, put, outside, share, overlay };
}

test('the overlay leaves the host as it was', (t) => {
  const { vfs, root, at, get, put, share, overlay } = machine(t, 'overlay');
  const before = vfs.resolve(root, '/dir/file').inode.stat();
  assert.equal(overlay?.countChanges(), 0);
  put('/dir/file', 'UP');
  assert.equal(get('/dir/file'), 'UPwer');
  assert.equal(vfs.resolve(root, '/dir/file').inode.stat().ino, before.ino);
  put('/dir/new', 'new');
  change.rename(root, at('/dir'), at('/moved'), 0);
  assert.equal(get('/moved/file'), 'UPwer');
  assert.equal(get('/moved/new'), 'new');
  assert.throws(() => get('/dir/file'), E.ENOENT);
  change.mkdir(root, at('/dir'), 0o755);
  assert.deepEqual(vfs.resolve(root, '/dir').inode.entries(), []);
  change.unlink(root, at('/moved/file'));
  assert.deepEqual(
    vfs
      .resolve(root, '/moved')
      .inode.entries()
      .map(({ name }) => name),
    ['new'],
  );
  change.unlink(root, at('/moved/new'));
  change.rmdir(root, at('/moved'));
  assert.equal(overlay?.countChanges(), 1);
  assert.equal(fs.readFileSync(join(share, 'dir/file'), 'latin1'), 'lower');
});

test('copy-up of attributes keeps the content below', (t) => {
  const { vfs, root, get, overlay } = machine(t, 'overlay');
  const path = vfs.resolve(root, '/dir/file');
  change.chmod(root, path, 0o4711);
  change.chown(root, path, 12, 34);
  const { mode, uid, gid, size } = path.inode.stat();
  assert.deepEqual([mode & 0o7777, uid, gid, size], [0o711, 12, 34, 5]);
  assert.equal(get('/dir/file'), 'lower');
  assert.equal(overlay?.countChanges(), 1);
});

test('links lead nowhere outside, relative or absolute', (t) => {
  for (const kind of ['overlay', 'writable', 'read-only'] as const) {
    const { get, share, outside } = machine(t, kind);
    fs.symlinkSync('../secret', join(share, 'relative'));
    fs.symlinkSync(join(outside, 'secret'), join(share, 'absolute'));
    fs.symlinkSync('../..', join(share, 'dir/up'));
    fs.symlinkSync('/', join(share, 'top'));
    for (const path of ['/relative', '/absolute', '/dir/up/secret', `/top${outside}/secret`, '/../secret'])
      assert.throws(() => get(path), E.ENOENT, path);
    assert.equal(get('/top/dir/file'), 'lower');
  }
});

test('a directory that becomes a link while it is held leads nowhere', (t) => {
  const { vfs, root, at, share, outside } = machine(t, 'writable');
  fs.mkdirSync(join(outside, 'target'));
  fs.writeFileSync(join(outside, 'target/file'), 'secret');
  const held = vfs.resolve(root, '/dir');
  change.rename(root, at('/dir'), at('/gone'), 0);
  change.symlink(root, join(outside, 'target'), at('/dir'));
  assert.equal(vfs.resolve(root, 'file', { start: held }).print(), '/gone/file');
  // The host does the same behind our back.
  fs.renameSync(join(share, 'gone'), join(share, 'away'));
  fs.symlinkSync(join(outside, 'target'), join(share, 'gone'));
  assert.throws(() => vfs.resolve(root, 'file', { start: held }), E.ENOENT);
  assert.throws(() => vfs.open(root, 'evil', O_CREAT | O_WRONLY, 0o600, held), E.ENOENT);
  assert.equal(fs.existsSync(join(outside, 'target/evil')), false);
});

test('volumes are written through, names as bytes', (t) => {
  const { vfs, root, at, get, put, share } = machine(t, 'writable');
  put('/dir/\xff\xe9', 'bytes');
  assert.equal(fs.readFileSync(Buffer.from(`${share}/dir/\xff\xe9`, 'latin1'), 'latin1'), 'bytes');
  assert.deepEqual(
    vfs
      .resolve(root, '/dir')
      .inode.entries()
      .map(({ name }) => name)
      .sort(),
    ['file', '\xff\xe9'],
  );
  change.rename(root, at('/dir'), at('/d2'), 0);
  assert.equal(get('/d2/file'), 'lower');
  const file = vfs.open(root, '/d2/file', O_RDWR);
  change.unlink(root, at('/d2/file'));
  file.write(toBytes('after'), 5);
  const buffer = new Uint8Array(20);
  assert.equal(fromBytes(buffer.subarray(0, file.read(buffer, 0) as number)), 'lowerafter');
  assert.equal(file.inode.stat().size, 10);
  assert.equal(file.inode.stat().nlink, 0);
  file.close();
  change.mkdir(root, at('/m'), 0o777);
  assert.equal(fs.statSync(join(share, 'm')).mode & 0o777, 0o755);
  assert.throws(() => change.rmdir(root, at('/d2')), E.ENOTEMPTY);
  change.symlink(root, 'd2', at('/link'));
  assert.equal(fs.readlinkSync(join(share, 'link')), 'd2');
});

test('read-only host directories refuse every change', (t) => {
  const { vfs, root, at, put, get } = machine(t, 'read-only');
  assert.equal(get('/dir/file'), 'lower');
  assert.throws(() => put('/x', ''), E.EROFS);
  assert.throws(() => put('/dir/file', 'x', O_WRONLY), E.EROFS);
  assert.throws(() => change.unlink(root, at('/dir/file')), E.EROFS);
  assert.throws(() => change.chmod(root, vfs.resolve(root, '/dir'), 0o700), E.EROFS);
});

test('the real path of a mount is found without the host following links', (t) => {
  const { share, outside } = machine(t, 'read-only');
  fs.symlinkSync('share/dir', join(outside, 'link'));
  assert.equal(hostRealPath(nodeFiles, `${outside}/link/../dir/./file`), join(share, 'dir/file'));
  assert.equal(hostRealPath(nodeFiles, join(outside, 'none')), undefined);
});
