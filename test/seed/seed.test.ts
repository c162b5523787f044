// `npm start`: the seed's own run, with its boot lines, its trace and its hello.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, runElfin } from '../support/run.ts';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };

test('the seed', async () => {
  const [layOut = '', command = ''] = scripts.start.split(' && ');
  execFileSync(process.execPath, layOut.split(' ').slice(1), { cwd: root });
  const { status, stdout, stderr } = await runElfin(command.split(' ').slice(1), { cwd: root });
  assert.equal(status, 0);
  assert.equal(stdout, 'Hello from C code\n');
  const [version = '', booted = '', cmdline = '', ...trace] = stderr.trim().split('\n');
  assert.match(version, /^elfin v\d+\.\d+\.\d+$/);
  assert.match(booted, /^Booted up in \d+\.\d\d ms$/);
  assert.equal(cmdline, 'Cmdline: /usr/lib/ld-linux-x86-64.so.2 /hello');
  for (const line of trace) assert.match(line, /^-> syscall: \d{3}$/);
  // brk comes first, write and exit_group last.
  assert.deepEqual(
    [trace[0], ...trace.slice(-2)],
    ['012', '001', '231'].map((number) => `-> syscall: ${number}`),
  );
});
