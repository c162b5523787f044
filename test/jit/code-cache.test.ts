// --code-cache: a second run takes what the first one compiled, and what is wrong in the directory does no harm.

import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CompilerStats } from '../../src/arch/arch.ts';
import { FileStore } from '../../cli/code-store.ts';
import type { RegionTemplate } from '../../src/exec/code-cache.ts';
import { compile } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';

const scratch = mkdtempSync(join(tmpdir(), 'elfin-code-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
/** Not what the tests as a whole are run with. */
const otherCheck = process.env.ELFIN_TEST_OPTIONS?.includes('window') ? 'page' : 'window';
const program = await compile(join(import.meta.dirname, 'again.c'), 'pie', ['-O2']);
const native = await run(program, ['0', '30']);

async function stats(directory: string, ...options: string[]): Promise<CompilerStats> {
  const all = ['--jit-threshold', '200', '--stats=json', '--code-cache', directory, ...options];
  const { status, stdout, stderr } = await runElfin([...all, program, '0', '30'], { timeout: 60_000 });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: native.stdout }, stderr);
  return (JSON.parse(stderr) as { compiler: CompilerStats }).compiler;
}

/** A region or two may be entered from another that came first, or be hot in one run and not in another. */
const assertNear = (count: number, expected: number): void =>
  assert.ok(Math.abs(count - expected) <= 2, `${count}, not ${expected}`);

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());

test('the second run takes what the first compiled, where addresses are others as well', async () => {
  const directory = join(scratch, 'new', 'deeper');
  const first = await stats(directory);
  assert.ok(first.regions > 5 && first.shared === 0, JSON.stringify(first));
  // The function that the program has written itself is in memory that was a file's.
  assert.equal(filesIn(directory).length, first.regions);
  const second = await stats(directory);
  assertNear(second.regions, 0);
  assertNear(second.shared, first.regions);
  assert.ok(second.translateMilliseconds < first.translateMilliseconds / 2, JSON.stringify(second));
  // Of another CPU nothing is taken, and nothing that checks reads otherwise.
  for (const options of [['--cpu', '-popcnt'], [`--memory-check=${otherCheck}`]]) {
    const other = await stats(directory, ...options);
    assert.equal(other.shared, 0);
    assertNear(other.regions, first.regions);
  }
});

test('damaged files are compiled anew, and written anew', async () => {
  const directory = join(scratch, 'damaged');
  const { regions } = await stats(directory);
  const files = filesIn(directory);
  const [cut = '', flipped = '', empty = '', exchanged = '', ...others] = files;
  const whole = files.map((file) => readFileSync(file));
  writeFileSync(cut, readFileSync(cut).subarray(0, 100));
  const bytes = readFileSync(flipped);
  bytes[bytes.length - 20] = (bytes.at(-20) as number) ^ 1;
  writeFileSync(flipped, bytes);
  writeFileSync(empty, '');
  writeFileSync(exchanged, readFileSync(others[0] ?? ''));
  writeFileSync(join(directory, '0.code'), 'no code');
  mkdirSync(join(directory, '0', 'directory.code'), { recursive: true });
  const again = await stats(directory);
  // Others may be entered from these.
  assert.ok(again.regions >= 2 && again.shared >= 2 && again.shared <= regions - 2, JSON.stringify(again));
  const isMended = [cut, flipped, empty, exchanged].map((file, i) => readFileSync(file).length === whole[i]?.length);
  assert.ok(isMended.filter(Boolean).length > 2, isMended.join());
  const last = await stats(directory);
  assertNear(last.regions, 0);
  assertNear(last.shared, regions);
});

test('several at once', async () => {
  const directory = join(scratch, 'several');
  const all = await Promise.all([stats(directory), stats(directory), stats(directory)]);
  const regions = Math.max(...all.map((each) => each.regions + each.shared));
  const last = await stats(directory);
  assertNear(last.regions, 0);
  assertNear(last.shared, regions);
  assert.deepEqual(
    filesIn(directory).filter((file) => !file.endsWith('.code')),
    [],
  );
});

test('no more than the limit stays', async () => {
  const directory = join(scratch, 'small');
  await stats(directory, '--code-cache-limit', '100K');
  const size = (): number => filesIn(directory).reduce((sum, file) => sum + statSync(file).size, 0);
  assert.ok(size() <= 100 * 1024, `${size()} bytes`);
});

test('directories that are not used', async () => {
  const refused = async (directory: string): Promise<string> => {
    const { status, stderr } = await runElfin(['--code-cache', directory, '/bin/true']);
    assert.equal(status, 125);
    return stderr;
  };
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  assert.match(await refused(file), /^elfin: --code-cache .*\/file: EEXIST/);
  assert.match(await refused(join(file, 'below')), /^elfin: --code-cache .*\/file\/below: ENOTDIR/);
  const open = join(scratch, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  assert.match(await refused(open), /^elfin: --code-cache .*\/open: everybody may write to it\n$/);
});

const root = { image: -1, offset: 0x401000 };
const template: RegionTemplate = {
  ...{ root, entries: [root], targets: [{ image: 0, offset: 16 }], images: ['8:1'], size: 3 },
  spans: [{ image: 0, offset: 16, bytes: Uint8Array.of(1, 2, 3) }],
  bytes: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 6, 1, 0x6e, 0, 0, 0, 0),
  moving: [{ at: 9, image: 0, offset: 7 }],
};
const KEY = 'core/1/0123456789abcdef';

test('another build has files of its own, and what cannot be written is named once', () => {
  const directory = join(scratch, 'builds');
  const lines: string[] = [];
  const open = (build: string) => new FileStore(directory, { build, diagnostic: (line) => void lines.push(line) });
  const first = open('one');
  assert.ok(!first.hasCode());
  first.save(KEY, template);
  assert.deepEqual(open('one').load(KEY), template);
  assert.ok(open('one').hasCode() && !open('two').has(KEY));
  const [file = ''] = filesIn(directory);
  // A file of the other build under this one's name.
  writeFileSync(file.replace('one-', 'two-'), readFileSync(file));
  assert.ok(open('two').has(KEY));
  assert.equal(open('two').load(KEY), undefined);
  // In the way of where the next one belongs.
  writeFileSync(join(directory, 'f'), '');
  first.save('core/1/f123456789abcdef', template);
  first.save('core/1/f123456789abcdee', template);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /^elfin: --code-cache .*\/builds: EEXIST.*; nothing more is kept there$/);
  assert.ok(existsSync(file));
});
