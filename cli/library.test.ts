// The public API on the host's own programs.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Elfin, fakeHost, HostError, hostDir, memory, type MemoryCheck, ProgramError } from './library.ts';

const directory = mkdtempSync(join(tmpdir(), 'elfin-api-'));
after(() => rmSync(directory, { recursive: true }));

const LOOP = ['-c', 'while :; do :; done'];

describe('a machine over the host', { skip: !existsSync('/bin/cat') && 'no /bin/cat' }, () => {
  let vm: Elfin;
  before(async () => {
    vm = await Elfin.create({
      root: hostDir('/'),
      mounts: { '/src': memory({ 'a.c': 'int x;', deep: { er: 'e' } }), '/kept': hostDir(directory, { writable: true }) },
    });
  });
  after(() => vm.dispose());

  test('run collects output, status and what files in memory hold', async () => {
    const { code, stdout, stderr } = await vm.run('/bin/cat', ['/src/a.c', '/src/deep/er', '/src/none']);
    assert.deepEqual([code, stdout], [1, 'int x;e']);
    assert.match(stderr, /none: No such file/);
  });

  test('spawn streams in and out', async () => {
    const guest = await vm.spawn('cat', [], { env: { PATH: '/usr/bin:/bin' } });
    const writer = guest.stdin.getWriter();
    const big = new Uint8Array(200_000).fill(65);
    void writer.write(big).then(() => writer.close());
    let length = 0;
    for await (const chunk of guest.stdout) length += chunk.length;
    assert.equal(length, big.length);
    assert.deepEqual(await guest.exited, { code: 0 });
  });

  test('cancelled output is SIGPIPE for the program', async () => {
    const guest = await vm.spawn('/usr/bin/yes');
    await guest.stdout.cancel();
    assert.deepEqual(await guest.exited, { signal: 'SIGPIPE' });
  });

  test('a computing program ends by kill and by AbortSignal while another machine answers', async () => {
    const other = await Elfin.create({ root: hostDir('/') });
    const loop = await vm.spawn('/bin/sh', LOOP);
    assert.equal((await other.run('/bin/echo', ['hi'])).stdout, 'hi\n');
    assert.ok(vm.maps(loop.pid).some(({ path, perm }) => path === '/libvdso.so' && perm === 'rx'));
    assert.equal(loop.kill('SIGTERM'), true);
    assert.deepEqual(await loop.exited, { signal: 'SIGTERM' });
    assert.equal(loop.kill(), false);
    const abort = new AbortController();
    const second = await vm.spawn('/bin/sh', LOOP, { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);
    assert.deepEqual(await second.exited, { signal: 'SIGKILL' });
    await other.dispose();
  });

  test('a terminal of a size', async () => {
    const guest = await vm.spawn('/bin/sh', ['-c', 'test -t 0 && test -t 2 && exec stty size'], { tty: { cols: 100, rows: 30 } });
    const text = await new Response(guest.stdout as ReadableStream).text();
    assert.match(text, /30 100/);
  });

  test('fs makes, reads, lists and removes; errors carry the errno', async () => {
    await vm.fs.mkdir('/src/x/y', { recursive: true });
    await vm.fs.writeFile('/src/x/y/z', 'text');
    assert.equal(new TextDecoder().decode(await vm.fs.readFile('/src/x/y/z')), 'text');
    assert.deepEqual(await vm.fs.readdir('/src'), ['a.c', 'deep', 'x']);
    assert.deepEqual(
      { ...(await vm.fs.stat('/src/x/y/z')), mtime: 0 },
      { type: 'file', mode: 0o644, size: 4, uid: 0, gid: 0, mtime: 0 },
    );
    await assert.rejects(vm.fs.rm('/src/x'), (error) => error instanceof HostError && error.code === 'EISDIR');
    await vm.fs.rm('/src/x', { recursive: true });
    await assert.rejects(vm.fs.readFile('/src/x'), (error) => error instanceof HostError && error.code === 'ENOENT');
    assert.ok((await vm.fs.readFile('/proc/cpuinfo')).length > 100);
  });

  test('writes stay in memory except below a writable mount', async () => {
    const lost = join(directory, 'lost');
    await vm.fs.writeFile(lost, 'x');
    await vm.fs.writeFile('/kept/file', 'y');
    assert.equal(existsSync(lost), false);
    assert.equal(readFileSync(join(directory, 'file'), 'utf8'), 'y');
  });

  test('trace yields the calls asked for', async () => {
    const calls = vm.trace({ syscalls: ['write'] });
    const run = vm.run('/bin/echo', ['traced']);
    for await (const { name, result, text } of calls) {
      if (!name) continue;
      assert.deepEqual([name, result], ['write', 7]);
      assert.match(text, /^write\(1, "traced\\n", 7\) += 7$/);
      break;
    }
    await run;
    assert.ok(vm.stats().instructions > 10_000 && vm.stats().syscalls > 10);
  });
});

test('a machine without a root shows nothing of the host', async () => {
  writeFileSync(join(directory, 'secret'), 'secret');
  const vm = await Elfin.create();
  await assert.rejects(vm.fs.readFile(join(directory, 'secret')), HostError);
  assert.equal((await vm.fs.readdir('/')).includes('etc'), false);
  await assert.rejects(vm.spawn('/bin/true'), (error) => error instanceof ProgramError && error.status === 127);
  await vm.dispose();
});

test("a clock and entropy of one's own make runs equal", { skip: !existsSync('/bin/date') && 'no /bin/date' }, async () => {
  const outputs = await Promise.all(
    [1, 2].map(async () => {
      const { clock, random } = fakeHost({ seed: 5, startSeconds: 1_000_000_000 });
      const vm = await Elfin.create({ root: hostDir('/'), clock, random });
      const { stdout } = await vm.run('/bin/sh', ['-c', 'exec date -u +%s'], { env: { PATH: '/usr/bin:/bin' } });
      const random8 = await vm.run('/usr/bin/od', ['-An', '-N8', '-tx1', '/dev/urandom']);
      await vm.dispose();
      return stdout + random8.stdout;
    }),
  );
  assert.equal(outputs[0], outputs[1]);
  assert.match(outputs[0] ?? '', /^1000000000\n/);
});

describe('compiled code', { skip: !existsSync('/usr/bin/seq') && 'no /usr/bin/seq' }, () => {
  const count = async (jit?: boolean | { readonly threshold?: number }, memoryCheck?: MemoryCheck) => {
    const vm = await Elfin.create({ root: hostDir('/'), ...(jit !== undefined && { jit }), ...(memoryCheck && { memoryCheck }) });
    const { stdout } = await vm.run('/bin/sh', ['-c', 'for i in $(seq 2000); do : $((sum += i * i)); done; echo $sum']);
    assert.equal(stdout, '2668667000\n');
    const { compiler } = vm.stats();
    await vm.dispose();
    return compiler;
  };

  test('runs from a threshold on, and all machines share it', async () => {
    const first = await count({ threshold: 500 });
    assert.ok(first && first.regions > 5 && first.left.cold > 0, JSON.stringify(first));
    const second = await count({ threshold: 500 });
    assert.ok(second && second.regions < first.regions && second.shared > 5, JSON.stringify(second));
  });

  test('reads by window where that is asked for, which is other code', async () => {
    const first = await count({ threshold: 500 }, 'window');
    assert.ok(first && first.regions > 5, JSON.stringify(first));
    const second = await count({ threshold: 500 }, 'window');
    assert.ok(second && second.regions < first.regions && second.shared > 5, JSON.stringify(second));
    await assert.rejects(count(true, 'wall' as MemoryCheck), new RangeError('memoryCheck: wall is no way to check'));
  });

  test('or only when a program has run for a while, or never', async () => {
    assert.equal((await count(true))?.regions, 0);
    assert.equal(await count(false), undefined);
    for (const threshold of [0, 1.5, -1, 2 ** 31])
      await assert.rejects(count({ threshold }), new RangeError(`jit.threshold: ${threshold} is no positive integer`));
  });
});
