// The sandbox line of the README, as it stands there: the bundled image, and limits that hold.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { readTar } from '../../src/lib/tar.ts';
import { type Outcome, root, runElfin } from '../support/run.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, line = ''] = /<!-- sandbox:[^\n]*-->\n```\nnpx elfin (.*) PROGRAM\n```/.exec(readme) ?? [];
const options = line.split(' ');

const inSandbox = (...command: string[]): Promise<Outcome> =>
  runElfin([...options, ...command], { env: { PATH: '/usr/bin:/bin', SECRET: 'of-the-host' } });

test('the README has the line', () => {
  for (const option of ['--root', '--clear-env', '--net', '--memory', '--timeout', '--max-procs'])
    assert.ok(options.includes(option), option);
});

test('files are those of the image', async () => {
  const archive = zstdDecompressSync(readFileSync(join(root, 'image/base.tar.zst')));
  const expected = readTar(archive, 'base').map(({ path }) => `/${path}`);
  const { stdout } = await inSandbox('find', '/', '-xdev');
  assert.deepEqual(stdout.trim().split('\n').sort(), ['/', ...expected].sort());
});

test('no variable and no process of the host', async () => {
  assert.equal((await inSandbox('env')).stdout, '');
  assert.equal((await inSandbox('sh', '-c', 'echo /proc/[0-9]*; kill -0 2 || echo nobody')).stdout, '/proc/1\nnobody\n');
});

test('processes end at the limit', async () => {
  const { stderr } = await inSandbox('sh', '-c', 'i=0; while [ $i -lt 40 ]; do sleep 3 & i=$((i + 1)); done; wait');
  assert.match(stderr, /can't fork/);
});
