// What the shell's part of the command sees, bytes of arguments and environment, and statuses of elfin's own.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const directory = mkdtempSync(join(tmpdir(), 'elfin-bin-'));
after(() => rmSync(directory, { recursive: true }));
const elfin = join(import.meta.dirname, 'bin.cjs');
const skip = !existsSync('/bin/sh') && 'no /bin/sh';

function shell(script: string): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', script], {
    cwd: directory,
    encoding: 'latin1',
    env: { ...process.env, elfin },
  });
  return { out: stdout, err: stderr, status };
}

test('descriptors that are closed are closed for the guest', { skip }, () => {
  for (const [redirection, fd] of [
    ['<&-', 0],
    ['>&-', 1],
    ['2>&-', 2],
  ] as const) {
    const { status } = shell(`"$elfin" /bin/sh -c 'exec 9>&${fd}' ${redirection}`);
    assert.notEqual(status, 0, redirection);
  }
  assert.equal(shell(`"$elfin" /bin/sh -c 'exec 7<&0 8>&1 9>&2' < /dev/null > /dev/null`).status, 0);
});

test('arguments, environment and names are bytes', { skip }, () => {
  const { out, err } = shell(
    `x=$(printf 'a\\377b'); export V="$x"; : > "$x"; "$elfin" -e W="$x" /bin/sh -c 'printf "%s %s %s " "$1" "$V" "$W"; printf "%s" a*' sh "$x"`,
  );
  assert.deepEqual([out, err], ['a\xffb a\xffb a\xffb a\xffb', '']);
});

test("elfin's own variables stay its own", { skip }, () => {
  assert.equal(shell(`"$elfin" /usr/bin/env <&- | grep -c ELFIN`).out, '0\n');
});

test('mistakes are 125 with a line, without a stack', () => {
  for (const words of ['', '--bogus x', '--root /none /bin/true', '--trace bogus /bin/true', 'pack', '-w /none /bin/true']) {
    const { status, err } = shell(`"$elfin" ${words}`);
    assert.equal(status, 125, words);
    assert.match(err, /^elfin: .+\n/, words);
    assert.doesNotMatch(err, /\n {4}at /, words);
  }
});

test('a manifest packs to a tar that runs', { skip }, () => {
  writeFileSync(join(directory, 'a.txt'), 'packed');
  const { out, err, status } = shell(
    `"$elfin" manifest /bin/cat > m.manifest && echo "/data/a: a.txt" >> m.manifest && "$elfin" pack m.manifest -o m.tar && gzip -k m.tar &&
     "$elfin" --root m.tar /bin/cat /data/a && "$elfin" --root m.tar.gz /bin/cat /data/a && "$elfin" --root m.manifest /bin/cat /data/a`,
  );
  assert.deepEqual([out, err, status], ['packedpackedpacked', '', 0]);
});
