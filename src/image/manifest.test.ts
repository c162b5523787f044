import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../lib/usage-error.ts';
import { parseManifest } from './manifest.ts';

const parse = (text: string, variables = {}) =>
  parseManifest(text, { name: 'm', base: '/base', variables }).map((entry) => [
    entry.kind,
    entry.guest,
    entry.kind === 'link' ? entry.target : entry.host,
  ]);

test('every form of line', () => {
  const text = `
    # comment
    [manifest]
    /hello: %(build)s/hello
    /etc/**: ../static/etc/**
    /**: **
    /&/etc/hosts: ../static/&
    /usr/&/lib/x: /opt/&
    /bin/sh: ->/bin/busybox
    /\xff: 100%%\xe9
  `;
  assert.deepEqual(parse(text, { build: '/out' }), [
    ['file', '/hello', '/out/hello'],
    ['tree', '/etc', '/base/../static/etc/'],
    ['tree', '/', '/base/'],
    ['file', '/etc/hosts', '/base/../static/etc/hosts'],
    ['file', '/usr/lib/x', '/opt/lib/x'],
    ['link', '/bin/sh', '/bin/busybox'],
    ['file', '/\xff', '/base/100%\xe9'],
  ]);
});

test('mistakes are named with file and line', () => {
  const fails = (line: string, message: RegExp) =>
    assert.throws(
      () => parse(`[manifest]\n\n${line}\n`),
      (error: unknown) => error instanceof UsageError && error.message.startsWith('m:3: ') && message.test(error.message),
    );
  fails('/only', /expected GUEST: HOST, found \/only/);
  fails('hello: /x', /must start with \//);
  fails('/a/../b: /x', /must not contain \.\./);
  fails('/a:', /has no host path/);
  fails('/a: ->', /has no target/);
  fails('/a/**: /x', /both paths or neither/);
  fails('/a: /x/**', /both paths or neither/);
  fails('/&/a: /x', /needs \/& at the end/);
  fails('/a: /x/&', /needs \/&\//);
  fails('/a: %(no)s', /unknown variable %\(no\)s/);
  fails('/a: 5%', /must be followed/);
  fails('[files]', /unknown section \[files\]/);
});
