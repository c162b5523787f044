// The README's sandbox line: an image as root, an empty environment, limits; nothing of the host is visible.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { elfin, ENVIRONMENT, type Outcome, runElfin, type RunOptions } from '../support/run.ts';

const BUSYBOX = '/bin/busybox';
const skip = whyNot('static') ?? (existsSync(BUSYBOX) ? false : 'needs busybox-static');
const directory = mkdtempSync(join(tmpdir(), 'elfin-sandbox-host-secret-'));
const image = join(directory, 'image.tar');
after(() => rmSync(directory, { recursive: true, force: true }));

before(async () => {
  if (skip !== false) return;
  const tree = join(directory, 'tree');
  mkdirSync(join(tree, 'bin'), { recursive: true });
  mkdirSync(join(tree, 'etc'));
  copyFileSync(BUSYBOX, join(tree, 'bin/busybox'));
  copyFileSync(await compile(join(import.meta.dirname, 'grab.c'), 'static'), join(tree, 'bin/grab'));
  copyFileSync(await compile(join(import.meta.dirname, '../vertical/spin.c'), 'static'), join(tree, 'bin/spin'));
  writeFileSync(join(tree, 'etc/motd'), 'in the image\n');
  symlinkSync('/etc/passwd', join(tree, 'etc/outside'));
  symlinkSync('../../../../../../../../etc/passwd', join(tree, 'etc/above'));
  writeFileSync(join(directory, 'secret'), 'of the host\n');
  assert.equal(spawnSync('tar', ['-C', tree, '-cf', image, '.']).status, 0);
});

const LINE = [
  '--root',
  image,
  '--clear-env',
  '--net',
  'none',
  '--memory',
  '64M',
  '--timeout',
  '20',
  '--max-procs',
  '20',
  '--max-files',
  '64',
];
const sandbox = (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
  runElfin([...LINE, ...args], { env: { ...ENVIRONMENT, SECRET: 'host-secret' }, cwd: directory, ...options });
const busybox = (...args: string[]): Promise<Outcome> => sandbox(['/bin/busybox', ...args]);

suite('sandbox', { skip, concurrency: 2 }, () => {
  test('only the files of the image', async () => {
    const { stdout } = await busybox(
      'find',
      '/',
      '-path',
      '/proc',
      '-prune',
      '-o',
      '-path',
      '/dev',
      '-prune',
      '-o',
      '-path',
      '/sys',
      '-prune',
      '-o',
      '-print',
    );
    const files = stdout.trim().split('\n').sort();
    assert.deepEqual(files, [
      '/',
      '/bin',
      '/bin/busybox',
      '/bin/grab',
      '/bin/spin',
      '/etc',
      '/etc/above',
      '/etc/motd',
      '/etc/outside',
      '/tmp',
    ]);
    assert.equal((await busybox('cat', '/etc/motd')).stdout, 'in the image\n');
  });

  test('no way out by links, parents or the working directory', async () => {
    for (const path of [
      '/etc/outside',
      '/etc/above',
      `${directory}/secret`,
      '/../../../etc/passwd',
      '/proc/self/root/etc/passwd',
      '/proc/self/cwd/secret',
      '/proc/1/root/etc/passwd',
    ]) {
      const { status, stdout } = await busybox('cat', path);
      assert.deepEqual({ path, status, stdout }, { path, status: 1, stdout: '' });
    }
    assert.equal((await busybox('pwd')).stdout, '/\n');
  });

  test('no variables', async () => {
    assert.equal((await busybox('env')).stdout, '');
    assert.equal((await busybox('cat', '/proc/self/environ')).stdout, '');
  });

  test('no processes', async () => {
    const { stdout } = await busybox('ls', '/proc');
    assert.deepEqual(stdout.split('\n').filter((name) => /^\d+$/.test(name)).length, 1);
    assert.doesNotMatch((await busybox('ps')).stdout, /node|bash|elfin/);
  });

  test('no names of the host', async () => {
    const proc = [
      'mounts',
      'self/mountinfo',
      'self/maps',
      'self/status',
      'self/stat',
      'self/cmdline',
      'version',
      'cmdline',
      'net/dev',
      'sys/kernel/hostname',
      'partitions',
      'filesystems',
      'devices',
    ];
    const { stdout } = await busybox('cat', ...proc.map((name) => `/proc/${name}`));
    const secrets = [directory, 'host-secret', hostname(), '/home', '/work'].filter((name) => name !== '');
    for (const secret of secrets) assert.ok(!stdout.includes(secret), `${secret} in ${stdout}`);
    assert.ok(!(await busybox('uname', '-a')).stdout.includes(` ${hostname()} `));
    assert.ok(!(await busybox('ls', '-lR', '/dev')).stdout.includes('host-secret'));
  });

  test('standard streams give no paths away', async () => {
    const input = openSync(join(directory, 'secret'), 'r');
    const { stdout } = spawnSync(process.execPath, [elfin, ...LINE, '/bin/busybox', 'ls', '-l', '/proc/self/fd'], {
      stdio: [input, 'pipe', 'ignore'],
      encoding: 'latin1',
      env: ENVIRONMENT,
    });
    closeSync(input);
    assert.match(stdout, / 0 -> /);
    assert.doesNotMatch(stdout, /host-secret/);
  });

  test('writing leaves the image as it is', async () => {
    const sum = (): string => createHash('sha256').update(readFileSync(image)).digest('hex');
    const was = sum();
    assert.equal((await busybox('sh', '-c', 'echo changed > /etc/motd; read x < /etc/motd; echo $x')).stdout, 'changed\n');
    assert.equal((await busybox('rm', '/bin/busybox')).status, 0);
    assert.equal(sum(), was);
  });

  test('no network', async () => {
    let reached = false;
    const server = createServer((socket) => {
      reached = true;
      socket.end();
    });
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const { status } = await busybox('wget', '-T', '2', '-O', '-', `http://127.0.0.1:${port}/`);
    server.close();
    assert.notEqual(status, 0);
    assert.equal(reached, false);
  });

  test('limits', async () => {
    assert.equal((await sandbox(['/bin/grab', 'memory'])).status, 137);
    const { stdout, status } = await sandbox(['/bin/grab', 'files']);
    assert.deepEqual({ stdout, status }, { stdout: '61 files\n', status: 0 });
    assert.equal((await sandbox(['--timeout', '1', '/bin/spin'])).status, 124);
    assert.match((await sandbox(['/bin/grab', 'tmpfs'])).stdout, /^full after \d+ MiB: No space left on device\n$/);
  });
});
