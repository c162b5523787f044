// What everything hangs on, each from the guest's instruction to the host and back: page-checked access, exits that unwind to
// the dispatcher, pages with two names, and giving way to the host.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { runBoth } from '../support/both.ts';
import { createMachine } from '../support/platform.ts';
import { elfin, ENVIRONMENT, runElfin } from '../support/run.ts';
import { memory } from '../../src/image-roots.ts';

const here = (name: string): string => join(import.meta.dirname, name);

suite('natively compared', { skip: whyNot('pie') ?? false }, () => {
  test('page-checked access', async () => {
    const { stdout } = await runBoth(await compile(here('page-access.c'), 'nopie'));
    assert.match(stdout, /^null load1: signal 11 code 1 address \+0/);
  });

  test('pages with two names', async () => {
    await runBoth(await compile(here('shared-pages.c'), 'pie'));
  });

  test('every exit returns to the dispatcher with the registers in place', async () => {
    await runBoth(await compile(here('exits.c'), 'nopie'));
  });
});

suite('giving way to the host', { skip: whyNot('static') ?? false }, () => {
  test('while (1) ends by Ctrl-C', async () => {
    const spin = await compile(here('spin.c'), 'static');
    const child = spawn(process.execPath, [elfin, spin, 'ready'], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'ignore'] });
    const [status] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.stdout.once('data', () => child.kill('SIGINT'));
      child.on('exit', (...how) => resolve(how));
    });
    assert.equal(status, 130);
  });

  test('while (1) ends by --timeout', async () => {
    const start = performance.now();
    const { status } = await runElfin(['--timeout', '1', await compile(here('spin.c'), 'static')]);
    assert.equal(status, 124);
    assert.ok(performance.now() - start < 10_000);
  });

  test('while (1) ends by kill() while another machine answers', async () => {
    const spin = readFileSync(await compile(here('spin.c'), 'static'));
    const hello = readFileSync(await compile(here('../programs/hello.c'), 'static'));
    await using first = await createMachine({ root: memory({ spin }) });
    await using second = await createMachine({ root: memory({ hello }) });
    const process = await first.spawn('/spin');
    for (let i = 0; i < 3; i++) assert.deepEqual((await second.run('/hello')).stdout, 'Hello from C code\n');
    assert.ok(process.instructions > 0);
    process.kill('SIGTERM');
    assert.deepEqual(await process.exited, { signal: 'SIGTERM' });
    assert.equal((await second.run('/hello')).code, 7);
  });

  test('a signal handler interrupts a computing guest', async () => {
    const spin = readFileSync(await compile(here('spin.c'), 'static'));
    await using machine = await createMachine({ root: memory({ spin }) });
    const process = await machine.spawn('/spin', ['catch']);
    const reader = process.stdout.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), 'ready\n');
    process.kill('SIGUSR1');
    assert.deepEqual(await process.exited, { code: 10 });
  });
});
