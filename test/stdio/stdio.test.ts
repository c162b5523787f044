// Standard input, output and error as a shell connects them: a pipeline with elfin in it behaves as the same one without.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { elfin, ENVIRONMENT, type Outcome, run } from '../support/run.ts';
import { assertSame } from '../support/same.ts';

const skip = whyNot('pie') ?? false;
const directory = mkdtempSync(join(tmpdir(), 'elfin-stdio-'));
after(() => rmSync(directory, { recursive: true, force: true }));
writeFileSync(join(directory, 'lines'), Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join(''));

/** Runs a script of bash in which `$RUN` starts a program: elfin, or nothing. */
const bash = (script: string, prefix: string, stdin = ''): Promise<Outcome> =>
  run('bash', ['-c', script], {
    cwd: directory,
    env: { ...ENVIRONMENT, RUN: prefix, WHERE: prefix === '' ? 'native' : 'guest' },
    stdin,
  });

async function same(script: string): Promise<Outcome> {
  const native = await bash(script, '');
  assertSame({ ...(await bash(script, elfin)) }, { ...native });
  return native;
}

suite('as without elfin', { skip, concurrency: 2 }, () => {
  const SCRIPTS: Readonly<Record<string, string>> = {
    'a file read to where the guest stopped': '($RUN /usr/bin/head -c2; cat) < lines',
    'a file read ahead and sought back': '($RUN /usr/bin/head -n3; cat) < lines',
    'a pipe read no further than the guest did':
      "printf 'one\\ntwo\\nthree\\n' | ($RUN /bin/dash -c 'read x; echo \"got $x\"'; cat)",
    'a pipe that is not read at all': 'echo kept | ($RUN /bin/true; cat)',
    'a file that is not read at all': '($RUN /bin/true; cat) < lines',
    'a reader that goes away': '$RUN /usr/bin/yes | head -1; echo ${PIPESTATUS[@]}',
    'closed input': '$RUN /bin/cat <&-; echo $?',
    'closed output': '$RUN /bin/echo hello >&-; echo $?',
    'closed output and error': '$RUN /bin/echo hello >&- 2>&-; echo $?',
    'closed error': '$RUN /bin/cat /no/such/file 2>&-; echo $?',
    '/dev/full': '$RUN /bin/echo hello >/dev/full; echo $?',
    '/dev/full, much': '$RUN /usr/bin/seq 100000 >/dev/full; echo $?',
    '/dev/null': '$RUN /bin/cat </dev/null >/dev/null; echo $?',
    'output to a file': '$RUN /bin/cat lines > "out-$WHERE"; echo $?; cat "out-$WHERE"',
    'output appended': 'echo first > "more-$WHERE"; $RUN /bin/echo second >> "more-$WHERE"; cat "more-$WHERE"',
    'output and error in one': '$RUN /bin/ls lines /no/such/file 2>&1',
    'output at an offset': '(echo before; $RUN /bin/echo during; echo after) > "at-$WHERE"; cat "at-$WHERE"',
    'much through pipes': 'head -c 3000000 /dev/zero | $RUN /bin/cat | sha256sum',
    'a slow reader': '$RUN /usr/bin/seq 60000 | (sleep 0.3; sha256sum)',
    'a slow writer': '(echo one; sleep 0.2; echo two) | $RUN /bin/cat',
    'names, arguments and variables that are not UTF-8':
      "D=$(mktemp -d); cd $D; echo in > $'\\xff'; $RUN /bin/ls | od -c; $RUN /bin/cat $'\\xff'; $RUN /bin/echo $'\\xfe\\x80' | od -c; A=$'\\xfd' $RUN /usr/bin/env | grep -a ^A= | od -c; rm -r $D",
    '#! scripts':
      "D=$(mktemp -d); cd $D; printf '#!/bin/echo one two\\n' > a; printf '#!./a three\\n' > b; printf '#! /bin/sh\\necho \"$0 $#\"\\n' > c; chmod +x *; $RUN ./a x; $RUN ./b y; $RUN ./c 1 2 3; PATH=.:$PATH $RUN a z; cd /; rm -r $D",
    'the dynamic linker as the program':
      '$RUN /lib64/ld-linux-x86-64.so.2 /bin/echo linked; $RUN /lib64/ld-linux-x86-64.so.2 --verify /bin/ls; echo $?; $RUN /lib64/ld-linux-x86-64.so.2 /no/such/file; echo $?',
    'libraries found by variables':
      'D=$(mktemp -d); cp /lib/x86_64-linux-gnu/libc.so.6 $D; LD_LIBRARY_PATH=$D $RUN /bin/echo found; LD_BIND_NOW=1 $RUN /bin/echo bound; rm -r $D',
    'a terminal':
      'script -qec "$RUN /usr/bin/test -t 0" /dev/null; echo $?; script -qec "$RUN /bin/stty -a" /dev/null | grep -c speed',
  };
  for (const [name, script] of Object.entries(SCRIPTS)) {
    test(name, async () => {
      await same(script);
    });
  }

  test('poll', async () => {
    const ready = await compile(join(import.meta.dirname, 'ready.c'), 'pie');
    await same(`(sleep 0.1; echo x; sleep 0.3; echo yy; sleep 0.1) | $RUN ${ready}`);
    await same(`$RUN ${ready} </dev/null`);
    await same(`head -n1 lines > short; $RUN ${ready} < short`);
  });
});

suite('waiting', { skip, concurrency: 2 }, () => {
  test('a program that does not read does not wait for its input', async () => {
    const start = performance.now();
    // The shell ends the group of processes, sleep with it, when elfin has ended.
    const child = spawn('bash', ['-c', 'sleep 60 | { "$RUN" /bin/true; echo "status $?"; kill 0; }'], {
      env: { ...ENVIRONMENT, RUN: elfin },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    await new Promise((resolve) => child.on('close', resolve));
    assert.equal(output, 'status 0\n');
    assert.ok(performance.now() - start < 20_000);
  });

  test('a slow writer blocks only the thread that reads', async () => {
    const program = await compile(join(import.meta.dirname, 'threads.c'), 'pie', ['-pthread']);
    const child = spawn(process.execPath, [elfin, program], { env: ENVIRONMENT, stdio: 'pipe' });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
      // The input comes only when the other thread has gone on.
      if (output === 'tick\ntick\ntick\n') child.stdin.end('words\n');
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    assert.deepEqual({ status, output }, { status: 0, output: 'tick\ntick\ntick\nread words\n' });
  });

  test('Ctrl-C in a terminal', { skip: spawnSync('script', ['--version']).status === 0 ? false : 'needs script' }, async () => {
    const spin = await compile(join(import.meta.dirname, '../vertical/spin.c'), 'static');
    const child = spawn('script', ['-qec', `${elfin} ${spin} ready`, '/dev/null'], {
      env: ENVIRONMENT,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.stdout.on('data', (text: Buffer) => text.includes('ready') && child.stdin.write('\x03'));
    const status = await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    assert.equal(status, 130);
  });
});
