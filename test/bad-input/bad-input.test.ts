// Files and options that cannot be run: the exit status, and one line that names the file and the cause.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { compile, whyNot } from '../../tools/fixtures.ts';
import { runElfin } from '../support/run.ts';
import { Elf, PT_INTERP, PT_LOAD } from './elf.ts';

const directory = mkdtempSync(join(tmpdir(), 'elfin-bad-'));
after(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

/** Writes a file and gives its path. */
function file(content: Uint8Array | string, { mode = 0o755, extension = '' } = {}): string {
  const path = join(directory, `file${files++}${extension}`);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

interface Bad {
  readonly args: readonly string[];
  readonly status: number;
  /** What the message must say besides the name of the last file made. */
  readonly says: RegExp;
  /** Default: the last argument. */
  readonly names?: string;
}

async function check({ args, status, says, names = args.at(-1) ?? '' }: Bad): Promise<void> {
  const outcome = await runElfin(args, { timeout: 20_000 });
  const shown = JSON.stringify(outcome);
  assert.equal(outcome.status, status, shown);
  assert.ok(outcome.stderr.includes(names), `${names} is not named: ${shown}`);
  assert.match(outcome.stderr, says);
  assert.doesNotMatch(outcome.stderr, /\n\s+at |Error:/, 'a stack trace');
  assert.equal(outcome.stdout, '');
  assert.ok(outcome.stderr.trimEnd().split('\n').length <= 2, shown);
}

/** What is done to a program, dynamic and position-independent unless `base` says static, and what elfin says of it. */
const DAMAGES: Readonly<
  Record<
    string,
    { readonly damage: (elf: Elf) => Uint8Array; readonly says: RegExp; readonly status?: number; readonly base?: 'nopie' }
  >
> = {
  'header cut short': { damage: (elf) => elf.bytes.slice(0, 40), says: /truncated ELF header: 40 of 64 bytes/ },
  'only the magic number': { damage: (elf) => elf.bytes.slice(0, 4), says: /truncated ELF header/ },
  'program headers cut short': { damage: (elf) => elf.bytes.slice(0, 100), says: /truncated ELF: .*program headers/ },
  'segments cut short': { damage: (elf) => elf.bytes.slice(0, 6000), says: /segment|truncated/ },
  'program headers behind the end': { damage: (elf) => elf.set('e_phoff', 1n << 40n).bytes, says: /program headers/ },
  'program headers at 2^64 - 1': { damage: (elf) => elf.set('e_phoff', (1n << 64n) - 1n).bytes, says: /program headers/ },
  '32-bit': { damage: (elf) => elf.byte(4, 1).bytes, says: /32-bit ELF/ },
  'no class': { damage: (elf) => elf.byte(4, 9).bytes, says: /class 9/ },
  AArch64: { damage: (elf) => elf.set('e_machine', 183).bytes, says: /AArch64/i },
  'RISC-V': { damage: (elf) => elf.set('e_machine', 243).bytes, says: /RISC-V/i },
  i386: { damage: (elf) => elf.byte(4, 1).set('e_machine', 3).bytes, says: /i?386/i },
  'machine 4321': { damage: (elf) => elf.set('e_machine', 4321).bytes, says: /4321/ },
  'big-endian': { damage: (elf) => elf.byte(5, 2).bytes, says: /big-endian/ },
  'no data encoding': { damage: (elf) => elf.byte(5, 0).bytes, says: /data encoding/ },
  relocatable: { damage: (elf) => elf.set('e_type', 1).bytes, says: /relocatable/ },
  core: { damage: (elf) => elf.set('e_type', 4).bytes, says: /core file/ },
  'type 77': { damage: (elf) => elf.set('e_type', 77).bytes, says: /type 77/ },
  'program headers of 32 bytes': { damage: (elf) => elf.set('e_phentsize', 32).bytes, says: /program header/ },
  'no program headers': { damage: (elf) => elf.set('e_phnum', 0).bytes, says: /program header|PT_LOAD/ },
  '65535 program headers': { damage: (elf) => elf.set('e_phnum', 65535).bytes, says: /program headers/ },
  'nothing to load': {
    damage: (elf) => {
      for (let n = 0; n < 4; n++) elf.segment(PT_LOAD, 0, { p_type: 0 });
      return elf.bytes;
    },
    says: /PT_LOAD/,
  },
  'p_filesz > p_memsz': { damage: (elf) => elf.segment(PT_LOAD, 0, { p_memsz: 16 }).bytes, says: /p_filesz|larger/ },
  'p_memsz of 2^60': { damage: (elf) => elf.segment(PT_LOAD, 3, { p_memsz: 1n << 60n }).bytes, says: /segment 3|segment|memory/ },
  'p_filesz of 2^60': {
    damage: (elf) => elf.segment(PT_LOAD, 1, { p_filesz: 1n << 60n, p_memsz: 1n << 60n }).bytes,
    says: /segment/,
  },
  'an address that wraps': {
    damage: (elf) => elf.segment(PT_LOAD, 3, { p_vaddr: (1n << 64n) - 4096n + (elf.field(PT_LOAD, 3, 'p_vaddr') % 4096n) }).bytes,
    says: /segment/,
  },
  'a segment at 2^47': {
    damage: (elf) => elf.segment(PT_LOAD, 3, { p_vaddr: (1n << 47n) + (elf.field(PT_LOAD, 3, 'p_vaddr') % 4096n) }).bytes,
    says: /segment/,
  },
  'a fixed address above 4 GiB': {
    base: 'nopie',
    damage: (elf) => elf.segment(PT_LOAD, 3, { p_vaddr: (1n << 40n) + elf.field(PT_LOAD, 3, 'p_vaddr') }).bytes,
    says: /segment/,
  },
  'segments that overlap': {
    damage: (elf) =>
      elf.segment(PT_LOAD, 1, {
        p_vaddr: elf.field(PT_LOAD, 2, 'p_vaddr') + (elf.field(PT_LOAD, 1, 'p_vaddr') % 4096n) + 0x10000n,
      }).bytes,
    says: /segment/,
  },
  'offset and address that differ in a page': {
    damage: (elf) => elf.segment(PT_LOAD, 1, { p_offset: elf.field(PT_LOAD, 1, 'p_offset') + 1n }).bytes,
    says: /segment/,
  },
  'a segment behind the end': { damage: (elf) => elf.segment(PT_LOAD, 1, { p_offset: 1n << 33n }).bytes, says: /segment/ },
  'an interpreter that is missing': {
    damage: (elf) => elf.text('/lib64/ld-linux-x86-64.so.2', '/lib64/ld-missing-x86-64.so').bytes,
    says: /\/lib64\/ld-missing-x86-64\.so.*--root/,
    status: 127,
  },
  'an interpreter path behind the end': {
    damage: (elf) => elf.segment(PT_INTERP, 0, { p_offset: 1n << 40n }).bytes,
    says: /PT_INTERP|interpreter/,
  },
  'an interpreter path of 1 byte': {
    damage: (elf) => elf.segment(PT_INTERP, 0, { p_filesz: 1 }).bytes,
    says: /PT_INTERP|interpreter/,
  },
  'an interpreter path without end': {
    damage: (elf) => elf.segment(PT_INTERP, 0, { p_filesz: 20 }).bytes,
    says: /PT_INTERP|interpreter/,
  },
  'an interpreter that is a directory': {
    damage: (elf) => elf.text('/lib64/ld-linux-x86-64.so.2', `/lib64/${'/'.repeat(20)}`).bytes,
    says: /directory/,
  },
};

const skip = whyNot('pie') ?? false;

suite('ELF files', { skip, concurrency: 2 }, () => {
  for (const [name, { damage, says, status = 126, base = 'pie' }] of Object.entries(DAMAGES)) {
    test(name, async () => {
      const program = readFileSync(await compile(join(import.meta.dirname, '../programs/hello.c'), base));
      await check({ args: [file(damage(new Elf(program)))], status, says });
    });
  }

  test('a library that is missing', async () => {
    const program = readFileSync(await compile(join(import.meta.dirname, '../programs/hello.c'), 'pie'));
    const path = file(new Elf(program).text('libc.so.6', 'libX.so.6').bytes);
    await check({ args: [path], status: 127, says: /libX\.so\.6: cannot open shared object file/ });
  });

  test('a program of another machine named as interpreter', async () => {
    const path = await compile(join(import.meta.dirname, '../programs/hello.c'), 'pie');
    const interpreter = file(new Elf(readFileSync(path)).set('e_machine', 183).bytes);
    await check({ args: ['--interp', interpreter, path], status: 126, says: /AArch64/i, names: interpreter });
  });
});

suite('other files', { concurrency: 2, skip }, () => {
  const text = (name: string, make: () => Bad): void => void test(name, () => check(make()));
  text('nonexistent', () => ({ args: [join(directory, 'missing')], status: 127, says: /No such file or directory/ }));
  text('nonexistent in PATH', () => ({ args: ['no-such-command'], status: 127, says: /PATH/ }));
  text('a directory', () => ({ args: [directory], status: 126, says: /is a directory/i }));
  text('below a file', () => ({ args: [`${file('x')}/y`], status: 127, says: /Not a directory/ }));
  text('no permission', () => ({ args: [file('#!/bin/sh\n', { mode: 0o644 })], status: 126, says: /Permission denied/ }));
  text('no permission for this user', () => ({
    args: ['--user', '1234', file('#!/bin/sh\n', { mode: 0o700 })],
    status: 126,
    says: /Permission denied/,
  }));
  text('empty', () => ({ args: [file('')], status: 126, says: /empty/ }));
  text('text without #!', () => ({ args: [file('echo hello\n')], status: 126, says: /#!/ }));
  text('bytes', () => ({ args: [file(new Uint8Array([1, 2, 3, 255]))], status: 126, says: /./ }));
  text('script without interpreter', () => ({ args: [file('#!\n')], status: 126, says: /interpreter/ }));
  text('script whose interpreter is missing', () => ({
    args: [file('#!/no/such/interpreter\n')],
    status: 127,
    says: /\/no\/such\/interpreter/,
  }));
  text('script that interprets itself', () => {
    const path = file('');
    writeFileSync(path, `#!${path}\n`);
    return { args: [path], status: 126, says: /./ };
  });
  text('--interp that is missing', () => ({
    args: ['--interp', '/no/such/ld.so', '/bin/true'],
    status: 127,
    says: /./,
    names: '/no/such/ld.so',
  }));
});

suite('options and images', { concurrency: 2 }, () => {
  const text = (name: string, make: () => Bad): void => void test(name, () => check(make()));
  text('unknown option', () => ({ args: ['--no-such-option', '/bin/true'], status: 125, says: /./, names: '--no-such-option' }));
  text('unknown short option', () => ({ args: ['-Z', '/bin/true'], status: 125, says: /./, names: '-Z' }));
  text('option without its value', () => ({ args: ['--root'], status: 125, says: /./, names: '--root' }));
  text('option with a bad value', () => ({
    args: ['--timeout', 'soon', '/bin/true'],
    status: 125,
    says: /soon/,
    names: '--timeout',
  }));
  text('memory that is no size', () => ({
    args: ['--memory', '12 parsecs', '/bin/true'],
    status: 125,
    says: /parsecs/,
    names: '--memory',
  }));
  text('option that is not built yet', () => ({
    args: ['--gdb', '1234', '/bin/true'],
    status: 125,
    says: /not built yet/,
    names: '--gdb',
  }));
  text('no program', () => ({ args: ['--verbose'], status: 125, says: /program/, names: 'elfin' }));
  text('root that is missing', () => ({
    args: ['--root', '/no/such/root', '/bin/true'],
    status: 125,
    says: /./,
    names: '/no/such/root',
  }));
  text('root that is no image', () => {
    const path = file('x', { extension: '.zip' });
    return { args: ['--root', path, '/bin/true'], status: 125, says: /./, names: path };
  });
  for (const [name, line, says] of [
    ['without a colon', '/hello', /:3/],
    ['of a file that is missing', '/hello: /no/such/file', /:3.*\/no\/such\/file|\/no\/such\/file.*:3/],
    ['with a relative guest path', 'hello: /bin/true', /:3/],
  ] as const) {
    text(`manifest line ${name}`, () => {
      const path = file(`[manifest]\n/true: /bin/true\n${line}\n`, { extension: '.manifest' });
      return { args: ['--root', path, '/true'], status: 125, says, names: path };
    });
  }
  text('tar that is damaged', () => {
    const tar = makeTar();
    tar[100] = 0x21;
    const path = file(tar, { extension: '.tar' });
    return { args: ['--root', path, '/file'], status: 125, says: /checksum|damaged/, names: path };
  });
  text('tar that is cut short', () => {
    const path = file(makeTar().slice(0, 700), { extension: '.tar' });
    return { args: ['--root', path, '/file'], status: 125, says: /./, names: path };
  });
  text('tar that is something else', () => {
    const path = file('hello, this is a text of more than nothing\n'.repeat(40), { extension: '.tar' });
    return { args: ['--root', path, '/file'], status: 125, says: /./, names: path };
  });
  text('gzip that is damaged', () => {
    const bytes = gzipSync(makeTar());
    bytes[30] = (bytes[30] ?? 0) ^ 0xff;
    const path = file(bytes, { extension: '.tar.gz' });
    return { args: ['--root', path, '/file'], status: 125, says: /./, names: path };
  });
  text('gzip that is cut short', () => {
    const path = file(gzipSync(makeTar()).subarray(0, 60), { extension: '.tar.gz' });
    return { args: ['--root', path, '/file'], status: 125, says: /./, names: path };
  });
  text('volume of a directory that is missing', () => ({
    args: ['-v', '/no/such/dir:/mnt', '/bin/true'],
    status: 125,
    says: /./,
    names: '/no/such/dir',
  }));
  text('working directory that is missing', () => ({
    args: ['-w', '/no/such/dir', '/bin/true'],
    status: 125,
    says: /./,
    names: '/no/such/dir',
  }));
});

/** A tar of one file, by the host's tar. */
function makeTar(): Uint8Array {
  const content = join(directory, 'tree');
  mkdirSync(content, { recursive: true });
  writeFileSync(join(content, 'file'), 'x'.repeat(600));
  const { stdout, status } = spawnSync('tar', ['-C', content, '-cf', '-', 'file']);
  assert.equal(status, 0);
  return new Uint8Array(stdout);
}
