import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ByteString, toBytes } from '../lib/bytes.ts';
import { readTar } from '../lib/tar.ts';
import { type PackNode, packTree } from './tar.ts';

const file = (text: ByteString, mode = 0o644): PackNode => ({
  type: 0o100000,
  stat: () => ({ mode: 0o100000 | mode, size: text.length, rdev: 0 }),
  entries: () => [],
  lookup: () => undefined,
  readlink: () => '',
  read: (into, position) => {
    const part = toBytes(text).subarray(position, position + into.length);
    into.set(part);
    return part.length;
  },
});
const directory = (children: Readonly<Record<ByteString, PackNode>>): PackNode => ({
  ...file('', 0o755),
  type: 0o040000,
  entries: () => Object.keys(children).map((name) => ({ name })),
  lookup: (name) => children[name],
});
const link = (target: ByteString): PackNode => ({ ...file('', 0o777), type: 0o120000, readlink: () => target });

test('what is packed is read back, by GNU tar too', () => {
  const long = 'n'.repeat(120);
  const tree = directory({
    z: file('last'),
    a: directory({ [long]: file('deep', 0o755), '\xff': file('raw') }),
    l: link('t'.repeat(130)),
  });
  const bytes = packTree(tree);
  assert.deepEqual(bytes, packTree(tree));
  assert.equal(bytes.length % 512, 0);
  const entries = readTar(bytes, 'packed').map(({ path, type, size, mode }) => [path, type, size, mode]);
  assert.deepEqual(entries, [
    ['a', 'directory', 0, 0o755],
    [`a/${long}`, 'file', 4, 0o755],
    ['a/\xff', 'file', 3, 0o644],
    ['l', 'symlink', 0, 0o777],
    ['z', 'file', 4, 0o644],
  ]);
  const to = fs.mkdtempSync(join(tmpdir(), 'elfin-pack-'));
  try {
    execFileSync('tar', ['-x', '-C', to], { input: bytes });
    assert.equal(fs.readFileSync(join(to, 'a', long), 'utf8'), 'deep');
    assert.equal(fs.readlinkSync(join(to, 'l')), 't'.repeat(130));
    assert.equal(fs.statSync(join(to, 'z')).mtimeMs, 0);
  } finally {
    fs.rmSync(to, { recursive: true });
  }
});
