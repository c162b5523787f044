// How a program starts: its system calls and its memory map are those it has natively.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';

const here = (name: string): string => join(import.meta.dirname, name);
const hello = (build: 'pie' | 'nopie' | 'static' | 'musl'): Promise<string> => compile(here('../programs/hello.c'), build);
const hasStrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const skip = whyNot('pie') ?? whyNot('musl') ?? (hasStrace ? false : 'needs strace');

/** Differences that are meant, by what one side has more. */
const MEANT = {
  calls: {
    // None: the sequence is the same.
  } as Readonly<Record<string, string>>,
  maps: {
    '- [vvar': 'the data of the vDSO is not mapped beside it: its functions make system calls of their own',
    '- [vsyscall]': 'the legacy page at -10 MiB lies above 4 GiB, and no C library has used it since 2012',
  } as Readonly<Record<string, string>>,
};

suite('system calls', { skip }, () => {
  for (const build of ['pie', 'nopie', 'static', 'musl'] as const) {
    test(`hello, ${build}`, async () => {
      const program = await hello(build);
      const native = await run('strace', ['-n', program]);
      const guest = await runElfin(['--trace', 'syscalls', program]);
      const expected = [...native.stderr.matchAll(/^\[ *(\d+)\] \w+\(/gm)].map(([, number]) => Number(number));
      const seen = [...guest.stderr.matchAll(/^-> syscall: (\d{3})$/gm)].map(([, number]) => Number(number));
      assert.equal(expected[0], 59, 'strace begins with execve');
      assert.deepEqual(unexplained(differences(seen.map(String), expected.slice(1).map(String)), MEANT.calls), []);
      assert.equal(guest.stdout, native.stdout);
      assert.equal(
        guest.stderr
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('-> syscall: '))
          .join(),
        '',
      );
    });
  }
});

interface Segment {
  readonly path: string;
  readonly permissions: string;
  readonly offset: number;
  readonly size: number;
}

const shown = ({ path, permissions, offset, size }: Segment): string =>
  `${path} ${permissions} offset ${offset.toString(16)} size ${size.toString(16)}`;

/** The parts of a map whose size is the kernel's choice. */
const isKernels = ({ path }: Segment): boolean => /^\[(stack|vdso|heap)\]$/.test(path);

function segments(maps: string): Segment[] {
  return [...maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ *(.*)$/gm)].map(
    ([, start = '', end = '', permissions = '', offset = '', path = '']) => ({
      path,
      permissions,
      offset: Number.parseInt(offset, 16),
      size: Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)),
    }),
  );
}

suite('memory map', { skip }, () => {
  for (const build of ['pie', 'nopie', 'static', 'musl'] as const) {
    test(`/proc/self/maps, ${build}`, async () => {
      const program = await compile(here('maps.c'), build);
      const [native, guest] = [segments((await run(program, [])).stdout), segments((await runElfin([program])).stdout)];
      const comparable = (all: readonly Segment[]): string[] =>
        all.map((each) => (isKernels(each) ? each.path : shown(each))).sort();
      assert.ok(native.length > 5);
      assert.deepEqual(unexplained(differences(comparable(guest), comparable(native)), MEANT.maps), []);
    });
  }

  test('--mmap shows files as /proc/self/maps does natively', async () => {
    const program = await compile(here('maps.c'), 'pie');
    const native = segments((await run(program, [])).stdout).filter(({ path }) => path.startsWith('/'));
    const { stderr } = await runElfin(['--mmap', program]);
    const rows = [
      ...stderr.matchAll(
        /^0x([0-9a-f]{16}) 0x([0-9a-f]{16}) \[\S+ kB\] +flags=\S+ +perm=(\w*) +offset=0x([0-9a-f]+) path=(\/.*)$/gm,
      ),
    ];
    const guest = rows.map(([, start = '', end = '', permissions = '', offset = '', path = '']) => ({
      path,
      permissions: `${['r', 'w', 'x'].map((one) => (permissions.includes(one) ? one : '-')).join('')}p`,
      offset: Number.parseInt(offset, 16),
      size: Number.parseInt(end, 16) - Number.parseInt(start, 16),
    }));
    assert.deepEqual(
      guest
        .filter(({ path }) => path !== '/libvdso.so')
        .map(shown)
        .sort(),
      native.map(shown).sort(),
    );
    assert.ok(
      guest.some(({ path }) => path === '/libvdso.so'),
      'the vDSO has a name',
    );
  });
});

/** Lines that one side has and the other lacks, in order: `- native only`, `+ guest only` (by the longest common subsequence). */
function differences(guest: readonly string[], native: readonly string[]): string[] {
  const lengths = Array.from({ length: guest.length + 1 }, () => new Array<number>(native.length + 1).fill(0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = guest.length - 1; i >= 0; i--) {
    for (let j = native.length - 1; j >= 0; j--) {
      const row = lengths[i] as number[];
      row[j] = guest[i] === native[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: string[] = [];
  for (let i = 0, j = 0; i < guest.length || j < native.length; ) {
    if (i < guest.length && j < native.length && guest[i] === native[j]) i++, j++;
    else if (j < native.length && (i === guest.length || at(i, j + 1) >= at(i + 1, j))) found.push(`- ${native[j++]}`);
    else found.push(`+ ${guest[i++]}`);
  }
  return found;
}

const unexplained = (found: readonly string[], meant: Readonly<Record<string, string>>): string[] =>
  found.filter((line) => !Object.keys(meant).some((prefix) => line.startsWith(prefix)));
