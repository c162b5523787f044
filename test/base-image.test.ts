// The bundled root file system: what is committed, and that programs run from it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { readTar } from '../src/lib/tar.ts';
import { root, runElfin } from './support/run.ts';

interface About {
  readonly packages: readonly { readonly name: string }[];
  readonly tar: { readonly sha256: string };
  readonly zstd: { readonly bytes: number; readonly sha256: string };
}

const packed = readFileSync(join(root, 'image/base.tar.zst'));
const archive = zstdDecompressSync(packed);
const about = JSON.parse(readFileSync(join(root, 'image/base.json'), 'utf8')) as About;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('the committed image is the one its description tells', () => {
  assert.equal(sha256(packed), about.zstd.sha256);
  assert.equal(sha256(archive), about.tar.sha256);
  assert.ok(packed.length <= 3_000_000, `${packed.length} bytes`);
});

test('the licences of all packages are in the image', () => {
  const paths = new Set(readTar(archive, 'base').map(({ path }) => path));
  for (const { name } of about.packages) {
    const path = `usr/share/doc/${name}`;
    assert.ok(paths.has(path) || paths.has(`${path}/copyright`), path);
  }
  for (const name of ['GPL-2', 'GPL-3', 'LGPL-2.1']) assert.ok(paths.has(`usr/share/common-licenses/${name}`), name);
});

const inImage = async (...command: string[]): Promise<string> => {
  const { status, stdout, stderr } = await runElfin(['--root', 'base', '--clear-env', ...command]);
  assert.equal(`${stderr}${status}`, '0');
  return stdout;
};

test('a directory is listed by busybox', async () => {
  assert.equal(
    await inImage('ls', '/'),
    'bin dev etc hello home lib lib64 mnt proc root run sbin sys tmp usr var '.replaceAll(' ', '\n'),
  );
});

test('the shell runs its own commands', async () => {
  assert.equal(
    await inImage('sh', '-c', 'i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo "line $i"; done'),
    'line 1\nline 2\nline 3\n',
  );
});

test('a dynamic program finds its loader and library', async () => {
  assert.equal(await inImage('/hello'), 'Hello from C code\n');
  assert.equal(await inImage('-e', 'LD_LIBRARY_PATH=/lib64', '/usr/lib/ld-linux-x86-64.so.2', '/hello'), 'Hello from C code\n');
});

test('users are looked up in the image', async () => {
  assert.equal(await inImage('--user', '65534', 'id'), 'uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n');
});

test('nothing of the host is visible', async () => {
  const { stdout } = await runElfin(['--root', 'base', '--clear-env', 'sh', '-c', 'set; ls /home'], {
    env: { PATH: '/usr/bin', SECRET: 'of-the-host' },
  });
  assert.doesNotMatch(stdout, /of-the-host/);
});
