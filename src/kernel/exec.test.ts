// Tests of program start: scripts, the initial stack, segments and what is refused, on a kernel with everything but a CPU.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../abi/errno.ts';
import type { LinuxAbi } from '../arch/arch.ts';
import { Trace } from '../debug/trace.ts';
import { GuestMemory } from '../memory/guest-memory.ts';
import { ExecError, execute } from './exec.ts';
import { parseScript } from './exec-file.ts';
import { AT } from './exec-stack.ts';
import { TmpFs } from './fs/tmp.ts';
import { Account, Limits, RLIMIT, defaultLimits } from './limits.ts';
import { listAreas } from './mm/listing.ts';
import { MemoryMap } from './mm/memory-map.ts';
import type { Task } from './task.ts';
import { Vfs } from './vfs/vfs.ts';

const OWNER = { uid: 0, gid: 0 };
const PT_LOAD = 1,
  PT_INTERP = 3;

/** A tiny ELF file: a text segment with the headers, a data segment with bss, perhaps an interpreter. */
function elf({ type = 3, base = 0, interp = '', bss = 0x2f00 } = {}): Uint8Array {
  const bytes = new Uint8Array(0x1900).fill(0xaa, 0x400);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, type, true);
  view.setUint16(18, 62, true);
  view.setUint32(24, base + 0x500, true);
  view.setUint32(32, 64, true);
  view.setUint16(54, 56, true);
  let count = 0;
  const phdr = (kind: number, flags: number, offset: number, vaddr: number, filesz: number, memsz: number) => {
    const at = 64 + 56 * count++;
    [kind, flags].forEach((value, i) => view.setUint32(at + 4 * i, value, true));
    [offset, vaddr, vaddr, filesz, memsz, 0x1000].forEach((value, i) => view.setUint32(at + 8 + 8 * i, value, true));
  };
  for (let i = 0; i < interp.length; i++) bytes[0x300 + i] = interp.charCodeAt(i);
  bytes[0x300 + interp.length] = 0;
  if (interp) phdr(PT_INTERP, 4, 0x300, base + 0x300, interp.length + 1, interp.length + 1);
  phdr(PT_LOAD, 5, 0, base, 0x1800, 0x1800);
  phdr(PT_LOAD, 6, 0x1800, base + 0x2800, 0x100, 0x100 + bss);
  view.setUint16(56, count, true);
  return bytes;
}

function machine(files: Record<string, Uint8Array | string>, personality = 0) {
  const now = () => ({ seconds: 1, nanoseconds: 0 });
  const tmp = new TmpFs({ now, device: 9 });
  for (const [name, content] of Object.entries(files)) {
    const inode = tmp.root.create(name, 0o100755, OWNER);
    inode.write(typeof content === 'string' ? Uint8Array.from(content, (c) => c.charCodeAt(0)) : content, 0);
  }
  tmp.root.create('noexec', 0o100644, OWNER).write(elf(), 0);
  tmp.root.mkdir('dir', 0o40755, OWNER);
  const vfs = new Vfs();
  vfs.mount('/', tmp);
  const state = new WebAssembly.Memory({ initial: 160, maximum: 160 });
  const memory = new GuestMemory(state, new WebAssembly.Memory({ initial: 256, maximum: 65536 }));
  const limits = new Limits(defaultLimits(100, { soft: 10, hard: 10 }));
  const mm = new MemoryMap({
    memory,
    execution: { invalidate: () => {} },
    account: new Account(1 << 30),
    limit: (resource) => limits.soft(resource),
  });
  const started = { entry: 0, stackPointer: 0 };
  const abi = {
    machine: 62,
    platform: 'x86_64',
    hwcap: 0x178bfbff,
    hwcap2: 2,
    minSigStackSize: 3376,
    startContext: (_state: Uint8Array, entry: number, stackPointer: number) => Object.assign(started, { entry, stackPointer }),
  } as unknown as LinuxAbi;
  const host = { random: (bytes: Uint8Array) => bytes.fill(7) };
  const process = {
    kernel: { vfs, abi, host, processes: new Map(), trace: new Trace(() => {}) },
    mm,
    memory,
    limits,
    personality,
    execution: { reset: () => {} },
    ownSpace: () => {},
    keepOnly: () => {},
    stateBytes: new Uint8Array(state.buffer),
    fs: { root: vfs.root, cwd: vfs.root, umask: 0o22 },
    credentials: { uid: 5, euid: 5, suid: 5, fsuid: 5, gid: 6, egid: 6, sgid: 6, fsgid: 6, groups: [] },
    argv: [] as string[],
    name: '',
    executable: undefined as undefined | { print(): string },
  };
  const task = { process } as unknown as Task;
  const start = (path: string, argv: string[] = [path], envp: string[] = [], options = {}) =>
    execute(task, path, argv, envp, options);
  return { start, started, memory, mm, process, root: tmp.root };
}

function readStack(memory: GuestMemory, stackPointer: number) {
  let at = stackPointer;
  const next = () => {
    at += 8;
    return memory.getU64(at - 8);
  };
  const strings = () => {
    const found: string[] = [];
    for (let pointer = next(); pointer !== 0; pointer = next()) found.push(memory.cstring(pointer));
    return found;
  };
  const argc = next();
  const argv = strings(),
    envp = strings();
  const auxv: [number, number][] = [];
  for (let key = next(); key !== AT.NULL; key = next()) auxv.push([key, next()]);
  return { argc, argv, envp, auxv: new Map(auxv), order: auxv.map(([key]) => key) };
}

test('a PIE program with an interpreter: registers, stack, map', () => {
  const { start, started, memory, mm, process } = machine({ prog: elf({ interp: '/ld.so' }), 'ld.so': elf() });
  start('/prog', ['prog', 'a b', '\xff'], ['A=1', 'B=\xe4']);
  assert.equal(started.stackPointer % 16, 0);
  const stack = readStack(memory, started.stackPointer);
  assert.equal(stack.argc, 3);
  assert.deepEqual(stack.argv, ['prog', 'a b', '\xff']);
  assert.deepEqual(stack.envp, ['A=1', 'B=\xe4']);
  // the order that `LD_SHOW_AUXV=1 /bin/true` shows natively, without rseq
  assert.deepEqual(stack.order, [33, 51, 16, 6, 17, 3, 4, 5, 7, 8, 9, 11, 12, 13, 14, 23, 25, 26, 31, 15]);
  const base = stack.auxv.get(AT.PHDR)! - 64;
  assert.equal(stack.auxv.get(AT.ENTRY), base + 0x500);
  assert.equal(started.entry, stack.auxv.get(AT.BASE)! + 0x500);
  assert.equal(memory.cstring(stack.auxv.get(AT.EXECFN)!), '/prog');
  assert.equal(memory.cstring(stack.auxv.get(AT.PLATFORM)!), 'x86_64');
  assert.deepEqual([...memory.bytes(stack.auxv.get(AT.RANDOM)!, 16)], new Array(16).fill(7));
  assert.deepEqual([stack.auxv.get(AT.UID), stack.auxv.get(AT.GID), stack.auxv.get(AT.SECURE)], [5, 6, 0]);
  assert.deepEqual([...memory.bytes(stack.auxv.get(AT.SYSINFO_EHDR)!, 4)], [0x7f, 0x45, 0x4c, 0x46]);
  assert.deepEqual(
    listAreas(mm).map(({ permissions, offset, name }) => `${permissions} ${offset.toString(16)} ${name}`),
    [
      'r-xp 0 /prog',
      'rw-p 1000 /prog',
      'rw-p 0 ',
      'r-xp 0 [vdso]',
      'r-xp 0 /ld.so',
      'rw-p 1000 /ld.so',
      'rw-p 0 ',
      'rw-p 0 [stack]',
    ],
  );
  assert.equal(memory.getU8(base + 0x28ff), 0xaa);
  assert.equal(memory.getU8(base + 0x2900), 0, 'the rest of the last file page is bss');
  assert.equal(memory.getU8(base + 0x57ff), 0);
  assert.equal(process.name, 'prog');
  assert.equal(process.executable?.print(), '/prog');
  assert.ok(mm.brk >= base + 0x6000 && mm.setBrk(mm.brk + 0x1000) === mm.brk);
});

test('the last file page is zero to its end, even where bss ends before', () => {
  const fixedPage = new Uint8Array(0x2000).fill(0xbb);
  fixedPage.set(elf({ type: 2, base: 0x400000, bss: 0x10 }));
  const { start, memory } = machine({ prog: fixedPage });
  start('/prog');
  assert.equal(memory.getU8(0x4028ff), 0xaa);
  assert.ok(memory.bytes(0x402900, 0x700).every((byte) => byte === 0));
});

test('a fixed program, a static PIE, fixed addresses', () => {
  const noRandom = 0x40000;
  const { start, started, mm } = machine({ fixed: elf({ type: 2, base: 0x400000 }), pie: elf() }, noRandom);
  start('/fixed');
  assert.equal(started.entry, 0x400500);
  assert.equal(mm.brk, 0x2000000, 'the heap of a small program is above its stack');
  start('/pie');
  const first = started.entry;
  start('/pie');
  assert.equal(started.entry, first);
  assert.ok(first > 0x1000000 && first < 0x2000000, 'without PT_INTERP it goes where mmap puts it');
});

test('scripts', () => {
  const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  assert.deepEqual(parseScript(bytes('#! /bin/sh -e  x \t\nrest')), { interpreter: '/bin/sh', argument: '-e  x' });
  assert.deepEqual(parseScript(bytes('#!/bin/sh')), { interpreter: '/bin/sh', argument: undefined });
  assert.equal(parseScript(bytes('#!  \n')), undefined);
  assert.equal(parseScript(bytes(`#!/${'x'.repeat(253)}`)), undefined);

  const { start, started, memory, process } = machine({
    sh: elf(),
    script: '#!/sh -x\n',
    s0: '#!/sh',
    s1: '#!/s0',
    s2: '#!/s1',
    s3: '#!/s2',
    s4: '#!/s3',
    s5: '#!/s4',
  });
  start('/script', ['zero', 'one']);
  assert.deepEqual(readStack(memory, started.stackPointer).argv, ['/sh', '-x', '/script', 'one']);
  assert.equal(process.name, 'script');
  assert.equal(process.executable?.print(), '/sh');
  start('/s4');
  assert.throws(
    () => start('/s5'),
    (error) => error instanceof ExecError && error.errno === E.ELOOP,
  );
});

test('what cannot be run says why and leaves the old program alone', () => {
  const { start, process, mm } = machine({
    prog: elf(),
    empty: '',
    text: 'hello\n',
    binary: '\x01\x02\x03\x04',
    lost: elf({ interp: '/no/ld.so' }),
    low: elf({ type: 2, base: 0 }),
    badinterp: elf({ interp: '/text' }),
    cut: elf().subarray(0, 50),
  });
  start('/prog');
  const before = listAreas(mm);
  const cases: [string, keyof typeof E, 126 | 127, RegExp][] = [
    ['/missing', 'ENOENT', 127, /^\/missing: No such file or directory$/],
    ['/dir', 'EACCES', 126, /^\/dir: is a directory$/],
    ['/noexec', 'EACCES', 126, /^\/noexec: Permission denied$/],
    ['/empty', 'ENOEXEC', 126, /^\/empty: empty file/],
    ['/text', 'ENOEXEC', 126, /^\/text: text file without a #! line/],
    ['/binary', 'ENOEXEC', 126, /neither an ELF program/],
    ['/cut', 'ENOEXEC', 126, /truncated ELF header: 50 of 64/],
    ['/low', 'ENOEXEC', 126, /unusable address 0x0/],
    ['/lost', 'ENOENT', 127, /^\/lost: its program interpreter \/no\/ld\.so does not exist.*--root/],
    ['/badinterp', 'ELIBBAD', 126, /^\/text: program interpreter that is not an ELF file/],
  ];
  for (const [path, errno, status, message] of cases) {
    assert.throws(
      () => start(path),
      (error) => {
        assert.ok(error instanceof ExecError, String(error));
        assert.equal(error.errno, E[errno], path);
        assert.equal(error.status, status);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  assert.throws(
    () => start('/prog', ['x'.repeat(131072)]),
    (error) => error instanceof ExecError && error.errno === E.E2BIG,
  );
  process.limits.set(RLIMIT.STACK, [100, 100]);
  assert.throws(
    () => start('/prog', new Array(1000).fill('x'.repeat(200))),
    (error) => error instanceof ExecError && error.errno === E.E2BIG,
  );
  assert.deepEqual(listAreas(mm), before);
});

test('an interpreter named from outside replaces PT_INTERP', () => {
  const { start, mm } = machine({ prog: elf({ interp: '/none' }), other: elf() });
  start('/prog', ['/prog'], [], { interpreter: '/other' });
  assert.ok(listAreas(mm).some(({ name }) => name === '/other'));
});

test('1,000 seeded mutations of a program are started or refused with an ExecError', () => {
  const { start, root, mm } = machine({ prog: elf({ interp: '/ld.so' }), 'ld.so': elf() });
  const inode = root.lookup('prog');
  assert.ok(inode);
  let seed = 4711;
  const random = (bound: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % bound;
  };
  let started = 0;
  for (let i = 0; i < 1000; i++) {
    const bytes = elf({ interp: '/ld.so', type: 2 + random(2), base: random(2) * 0x400000 });
    for (let n = 1 + random(3); n > 0; n--) bytes[16 + random(48 + 3 * 56)] = random(3) === 0 ? 0xff : random(256);
    inode.write(bytes, 0);
    try {
      start('/prog');
      started++;
      for (const { start: from, end } of listAreas(mm)) assert.ok(from < end && end <= 2 ** 32);
    } catch (error) {
      assert.ok(error instanceof ExecError, `seed 4711, mutation ${i}: ${error instanceof Error ? error.stack : error}`);
    }
  }
  assert.ok(started > 100 && started < 900, `${started} started`);
});
