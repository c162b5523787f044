// The start module has what starts a dynamic program, under whatever name and in whatever locale (src/arch/x64/hot.ts).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { root } from '../support/run.ts';
import { cpu } from '../../src/cpu.ts';
import { nodeFiles } from '../../src/host/node/files.ts';
import { nodeHost } from '../../src/host/node/host.ts';
import { openStream } from '../../src/host/node/stream.ts';
import * as rest from '../../src/rest.ts';
import { Machine } from '../../src/machine.ts';
import { hostDir } from '../../src/roots.ts';

const module = (name: string): WebAssembly.Module => new WebAssembly.Module(readFileSync(join(root, `dist/${name}.wasm`)));

const directory = mkdtempSync(join(tmpdir(), 'elfin-start-module-'));
after(() => rmSync(directory, { recursive: true }));

test('a dynamic hello does without the rest module', { skip: whyNot('pie') ?? false }, async () => {
  const program = await compile(join(import.meta.dirname, 'hello.c'), 'pie', ['-O2']);
  const start = module('interpreter-start');
  const sink = openSync('/dev/null', 'r+');
  let restLoads = 0;
  for (let length = 1; length <= 200; length += length < 80 ? 3 : 17) {
    const executions = cpu(
      {
        start: () => start,
        rest: () => {
          restLoads++;
          return module('interpreter-rest');
        },
        whole: () => module('interpreter'),
      },
      nodeHost.clock,
    );
    const machine = await Machine.create({
      rest: () => rest,
      host: nodeHost,
      executions,
      root: hostDir('/'),
      environment: { files: nodeFiles, decompress: (bytes) => bytes },
      diagnostic: () => {},
    });
    const files = [0, 1, 2].map((fd) => machine.open(openStream(sink, fd === 0 ? 'read' : 'write'), fd === 0 ? 'read' : 'write'));
    const environ = ['PATH=/usr/bin:/bin', `LC_ALL=${length % 2 === 0 ? 'C' : 'C.UTF-8'}`];
    const name = join(directory, 'x'.repeat(length));
    symlinkSync(program, name);
    const guest = machine.spawn({ program: name, args: [], environ, cwd: '/', files });
    await machine.run();
    assert.deepEqual(guest.exited, { code: 7 });
    assert.equal(restLoads, 0, `a name of ${length} characters`);
  }
});

test('a dynamic hello is not optimised in vain', { skip: whyNot('pie') ?? false }, async () => {
  const program = await compile(join(import.meta.dirname, 'hello.c'), 'pie', ['-O2']);
  const command = join(root, 'cli/bin.cjs');
  const flags = [...readFileSync(command, 'utf8').matchAll(/ f="?'?([^"']*)/g)].flatMap(([, text = '']) =>
    text.replace('$f', '').trim().split(' '),
  );
  assert.ok(flags.some((flag) => flag.startsWith('--wasm-tiering-budget=')));
  const env = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`VARIABLE_${i}`, `a value of some length: ${i}`]));
  const args = [...flags, '--trace-wasm-compilation-times', command, program];
  const { stdout, status } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  assert.equal(status, 7);
  assert.match(stdout, /using Liftoff/);
  assert.doesNotMatch(stdout, /using TurboFan/);
});
