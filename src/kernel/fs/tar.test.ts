import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromBytes } from '../../lib/bytes.ts';
import { UsageError } from '../../lib/usage-error.ts';
import type { Inode } from '../vfs/inode.ts';
import { TarFs } from './tar.ts';

/** A tar of one tree as GNU tar writes it in a format. */
function archive(format: string): Uint8Array {
  const directory = fs.mkdtempSync(join(tmpdir(), 'elfin-tar-'));
  try {
    const long = join(directory, 'd'.repeat(90), 'e'.repeat(60));
    fs.mkdirSync(long, { recursive: true });
    fs.writeFileSync(join(long, 'long'), 'deep');
    fs.writeFileSync(join(directory, 'file'), 'content', { mode: 0o640 });
    fs.linkSync(join(directory, 'file'), join(directory, 'hard'));
    fs.symlinkSync(format === 'ustar' ? 'file' : 't'.repeat(150), join(directory, 'soft'));
    fs.writeFileSync(Buffer.from(`${directory}/\xff`, 'latin1'), 'raw');
    fs.utimesSync(join(directory, 'file'), 1000, 1234.5);
    return execFileSync('tar', ['-c', '--sort=name', `--format=${format}`, '-C', directory, '.'], { maxBuffer: 1 << 24 });
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

const open = (bytes: Uint8Array) => new TarFs({ bytes, name: 'x.tar', device: 7 });

function find(fsys: TarFs, path: string): Inode {
  let at: Inode = fsys.root;
  for (const part of path.split('/')) {
    const next = at.lookup(part);
    assert.ok(next, `${part} of ${path}`);
    at = next;
  }
  return at;
}
const text = (inode: Inode) => {
  const buffer = new Uint8Array(100);
  return fromBytes(buffer.subarray(0, inode.read(buffer, 0)));
};

for (const format of ['ustar', 'gnu', 'pax']) {
  test(`${format}: names, links, attributes`, () => {
    const tree = open(archive(format));
    assert.equal(text(find(tree, `${'d'.repeat(90)}/${'e'.repeat(60)}/long`)), 'deep');
    assert.equal(text(find(tree, '\xff')), 'raw');
    const { mode, size, nlink, mtime } = find(tree, 'file').stat();
    assert.deepEqual([mode, size, nlink, mtime.seconds], [0o100640, 7, 2, 1234]);
    assert.equal(mtime.nanoseconds, format === 'pax' ? 500_000_000 : 0);
    assert.equal(find(tree, 'hard'), find(tree, 'file'));
    assert.equal(find(tree, 'soft').readlink(), format === 'ustar' ? 'file' : 't'.repeat(150));
  });
}

const damaged = (what: RegExp, change: (bytes: Uint8Array) => Uint8Array | void) => {
  const bytes = Uint8Array.from(archive('gnu'));
  assert.throws(
    () => open(change(bytes) ?? bytes),
    (error: unknown) => error instanceof UsageError && what.test(error.message),
  );
};

test('damage is named with its offset', () => {
  damaged(/x\.tar: damaged tar: wrong header checksum at offset 0$/, (bytes) => {
    bytes[0] = 65;
  });
  damaged(/x\.tar: damaged tar: header cut off at offset 512$/, (bytes) => bytes.subarray(0, 700));
  const last = Buffer.from(archive('gnu')).indexOf('content');
  damaged(/7 bytes of data cut off at offset \d+$/, (bytes) => bytes.subarray(0, last + 3));
  assert.throws(() => open(new Uint8Array(0)), /damaged tar: no entries at offset 0$/);
  assert.throws(() => open(new TextEncoder().encode('hello'.repeat(200))), /wrong header checksum at offset 0$/);
});
