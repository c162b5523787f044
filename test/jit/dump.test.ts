// What --dump writes of compiled code.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CompilerStats } from '../../src/arch/arch.ts';
import { compile } from '../../tools/fixtures.ts';
import { runElfin } from '../support/run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'elfin-dump-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

test('a listing and a module for each region', async () => {
  const program = await compile(join(import.meta.dirname, 'rewritten.c'), 'static', ['-O2']);
  const directory = join(scratch, 'new');
  const options = ['--jit-threshold', '1', '--stats=json', '--dump', directory];
  const { status, stderr } = await runElfin([...options, program], { timeout: 100_000 });
  assert.equal(status, 0);
  const { compiler } = JSON.parse(stderr) as { compiler: CompilerStats };
  const names = readdirSync(directory).sort();
  const modules = names.filter((name) => name.endsWith('.wasm')).map((name) => readFileSync(join(directory, name)));
  const listings = names.filter((name) => name.endsWith('.txt')).map((name) => readFileSync(join(directory, name), 'utf8'));
  assert.deepEqual([modules.length, listings.length], [compiler.regions, compiler.regions]);
  assert.equal(
    modules.reduce((sum, { length }) => sum + length, 0),
    compiler.bytes,
  );
  assert.ok(modules.every((bytes) => WebAssembly.validate(bytes)));
  const instructions = listings.flatMap((listing) => [...listing.matchAll(/^;; [0-9a-f]+: ([0-9a-f]{2} )+/gm)]);
  assert.equal(instructions.length, compiler.instructions);

  // The function that is written anew, and what it means.
  const versions = listings.filter((listing) =>
    /^;; region [0-9a-f]+000,[\s\S]*^;; [0-9a-f]+000: 8d 47 0\d +lea {4}eax,/m.test(listing),
  );
  assert.equal(versions.length, 10);
  const seventh = versions.find((listing) => listing.includes(': 8d 47 07 ')) ?? '';
  // Both registers are used once, and stay in memory.
  assert.match(
    seventh,
    /: 8d 47 07 +lea {4}eax,\[rdi\+0x7\]\n(;; {5}.*\n)*;; {5}rax = .*\n(;; {5}.*\n)* +i32\.const 0\n +i32\.const 0\n +i64\.load \$state offset=72\n[\s\S]*: c3 +ret\n/,
  );
  assert.match(seventh, /^ +i64\.store \$state offset=16\n[\s\S]*: c3 /m);
});

test('a directory that cannot be made', async () => {
  const { status, stderr } = await runElfin(['--dump', '/dev/null/x', '/bin/true']);
  assert.equal(status, 125);
  assert.match(stderr, /^elfin: --dump \/dev\/null\/x: /);
});
