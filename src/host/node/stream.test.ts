// Streams over the host's descriptors, each in a child process with the descriptors it is about.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'elfin-stream-'));
after(() => rmSync(directory, { recursive: true }));
const program = join(directory, 'program.ts');
// Verbs, one an argument: rN reads N bytes (waiting for input), sN seeks to N, p polls, t tells the
// writer behind the fifo `told` to begin, q just ends.
writeFileSync(
  program,
  `import { openStream } from ${JSON.stringify(join(import.meta.dirname, 'stream.ts'))};
import { writeFileSync, writeSync } from 'node:fs';
const input = openStream(0, 'read');
const say = (text) => writeSync(2, text + ';');
for (const verb of process.argv.slice(2)) {
  const n = Number(verb.slice(1));
  if (verb[0] === 's') say('s' + input.seek(n, 0));
  if (verb[0] === 'p') say(input.readable ? 'ready' : 'not ready');
  if (verb[0] === 't') writeFileSync('told', 'now\\n');
  if (verb[0] !== 'r') continue;
  const into = new Uint8Array(n);
  let count = input.read(into);
  while (count === undefined) {
    await new Promise((resolve) => input.onReady('read', resolve));
    count = input.read(into);
  }
  say(new TextDecoder().decode(into.subarray(0, count)));
}
input.release();
`,
);

function shell(script: string): { out: string; err: string; milliseconds: number } {
  const begin = performance.now();
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], {
    encoding: 'utf8',
    cwd: directory,
    env: { ...process.env, P: `${process.execPath} ${program}` },
  });
  return { out: stdout, err: stderr, milliseconds: performance.now() - begin };
}

test('a regular file is left where the reader stopped', () => {
  writeFileSync(join(directory, 'file'), 'abcdef');
  assert.deepEqual(pick(shell('($P r2; cat) < file')), { out: 'cdef', err: 'ab;' });
});

test('a reader that steps back leaves the file there', () => {
  writeFileSync(join(directory, 'file'), 'abcdef');
  assert.deepEqual(pick(shell('($P r5 s3; cat) < file')), { out: 'def', err: 'abcde;s3;' });
});

test('a pipe is read by the bytes asked for, and its other readers never see it non-blocking', () => {
  assert.deepEqual(pick(shell('(sleep 0.3; printf abcdef; sleep 0.3; printf g) | ($P r2 r2; cat)')), {
    out: 'efg',
    err: 'ab;cd;',
  });
});

test('polling tells whether a pipe has data and loses none', () => {
  assert.deepEqual(pick(shell('mkfifo told; (read now < told; printf ab) | $P p t r1 p r5 r1')), {
    out: '',
    err: 'not ready;a;ready;b;;',
  });
});

test('a program that does not read ends at once', () => {
  const { out } = shell(
    'mkfifo held; sleep 5 > held & a=$(date +%s%N); $P q < held; b=$(date +%s%N); kill $!; echo $(((b - a) / 1000000))',
  );
  assert.ok(Number(out) < 2000, `${out} ms`);
});

test('a socket is read on demand', () => {
  // spawnSync gives `input` through a socket pair.
  const { stderr } = spawnSync(process.execPath, [program, 'r2', 'r9', 'r9'], { input: 'hello', encoding: 'utf8' });
  assert.equal(stderr, 'he;llo;;');
});

function pick({ out, err }: { out: string; err: string }): { out: string; err: string } {
  return { out, err };
}

test('a socket blocks again for the programs that come after', () => {
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', '$P r2 r1; cat'], {
    input: 'hello',
    encoding: 'utf8',
    env: { ...process.env, P: `${process.execPath} ${program}` },
  });
  assert.deepEqual([stdout, stderr], ['lo', 'he;l;']);
});
