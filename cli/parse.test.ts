// The grammar of the command line.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPTIONS } from './options.ts';
import { parse } from './parse.ts';
import { usage } from './usage.ts';
import { UsageError } from '../src/lib/usage-error.ts';

const words = (line: string) => parse(line.split(' ').filter((word) => word !== ''));
const fails = (line: string, message: RegExp) =>
  assert.throws(
    () => words(line),
    (error) => error instanceof UsageError && message.test(error.message),
  );

test('options stop at the first other word', () => {
  const { command, settings, operands } = words('--verbose -e A=1 /bin/ls --verbose -l');
  assert.deepEqual([command, settings.isVerbose, settings.env, operands], ['run', true, ['A=1'], ['/bin/ls', '--verbose', '-l']]);
});

test('-- ends the options and hides a subcommand', () => {
  assert.deepEqual(pick(words('--mmap -- ldd x')), ['run', ['ldd', 'x']]);
  assert.deepEqual(pick(words('-- --odd')), ['run', ['--odd']]);
});

test('a subcommand wins over a program, run takes it back', () => {
  assert.deepEqual(pick(words('ldd /bin/ls')), ['ldd', ['/bin/ls']]);
  assert.deepEqual(pick(words('run ldd /bin/ls')), ['run', ['ldd', '/bin/ls']]);
  assert.equal(words('run --verbose ldd').settings.isVerbose, true);
  assert.deepEqual(
    [words('pack a.manifest -o b.tar').operands, words('pack a.manifest -o b.tar').settings.output],
    [['a.manifest'], 'b.tar'],
  );
});

test('values come after a space, after = or stuck to a letter', () => {
  for (const line of ['-v /a:/b:ro x', '-v/a:/b:ro x', '--volume=/a:/b:ro x', '--volume /a:/b:ro x'])
    assert.deepEqual(words(line).settings.volumes, [{ host: '/a', guest: '/b', isReadOnly: true }]);
  assert.deepEqual(words('--strace ls').settings.strace, []);
  assert.deepEqual(words('--strace=open*,read ls').settings.strace, ['open*', 'read']);
  assert.equal(words('--memory 1.5GiB x').settings.memory, 1.5 * 2 ** 30);
  assert.equal(words('--memory=64k x').settings.memory, 65536);
  assert.equal(words('x').settings.memoryCheck, 'page');
  assert.equal(words('--memory-check=window x').settings.memoryCheck, 'window');
});

test('what is not built is refused by name', () => {
  fails('--net host x', /--net host/);
  fails('-p 80:80 x', /-p: publishing/);
  fails('-g 1234 x', /-g: the gdb/);
  fails('--interp builtin x', /--interp builtin/);
  fails('--root oci:dir x', /oci/);
});

test('mistakes are named', () => {
  fails('--bogus x', /unknown option --bogus/);
  fails('-xyz', /unknown option -xyz/);
  fails('--root', /--root needs a value/);
  fails('--verbose=1 x', /takes no value/);
  fails('--memory lots x', /--memory lots/);
  fails('--memory-check=window,page x', /--memory-check window,page: expected page or window/);
  fails('--timeout 0 x', /--timeout 0/);
  fails('-v /a x', /--volume \/a/);
});

test('help names every option', () => {
  const text = usage();
  for (const { names } of OPTIONS) for (const name of names) assert.ok(text.includes(name), name);
});

const pick = ({ command, operands }: ReturnType<typeof parse>) => [command, operands];
