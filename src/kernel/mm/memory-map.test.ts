// Tests of the memory map: areas, permissions, lazily populated pages, shared pages, code, limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../../abi/errno.ts';
import { O_RDONLY, O_RDWR } from '../../abi/fcntl.ts';
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  MADV,
  PROT_EXEC,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from '../../abi/mman.ts';
import { GuestMemory } from '../../memory/guest-memory.ts';
import { Account, RLIMIT } from '../limits.ts';
import { BaseInode, plainStat } from '../vfs/base-inode.ts';
import { type OpenFile, S_IFREG, type Stat } from '../vfs/inode.ts';
import { advise } from './advice.ts';
import { ACCERR, ADRERR, MAPERR, OUT_OF_MEMORY } from './fault.ts';
import { listAreas } from './listing.ts';
import { type MapRequest, map } from './map.ts';
import { MemoryMap } from './memory-map.ts';
import { remap } from './remap.ts';

const R = PROT_READ,
  W = PROT_WRITE,
  X = PROT_EXEC,
  RW = R | W;
const ANON = MAP_PRIVATE | MAP_ANONYMOUS,
  FIXED = ANON | MAP_FIXED;
const AT = 0x20000000,
  PAGE = 0x1000;

function machine({ limit = 1 << 30, limits = {} as Record<number, number> } = {}) {
  const invalidated: [number, number][] = [];
  const account = new Account(limit);
  const make = () => {
    const state = new WebAssembly.Memory({ initial: 160, maximum: 160 });
    const memory = new GuestMemory(state, new WebAssembly.Memory({ initial: 256, maximum: 65536 }));
    const execution = { invalidate: (first: number, last: number) => void invalidated.push([first, last]) };
    const mm = new MemoryMap({ memory, execution, account, limit: (resource) => limits[resource] ?? Infinity });
    return { mm, memory };
  };
  return { ...make(), make, account, invalidated };
}

class TestFile extends BaseInode {
  readonly type = S_IFREG;
  data: Uint8Array;
  reads = 0;
  constructor(size: number) {
    super();
    this.data = Uint8Array.from({ length: size }, (_, i) => 1 + (i >>> 12));
  }
  override stat(): Stat {
    return plainStat({ ino: 77, mode: S_IFREG | 0o644, size: this.data.length, dev: 0x802 });
  }
  override read(into: Uint8Array, position: number): number {
    this.reads++;
    const bytes = this.data.subarray(position, position + into.length);
    into.set(bytes);
    return bytes.length;
  }
  override write(from: Uint8Array, position: number): number {
    this.data.set(from, position);
    return from.length;
  }
}
const opened = (inode: TestFile, flags: number = O_RDWR): OpenFile => inode.open(flags);
const shape = (mm: MemoryMap) =>
  listAreas(mm).map(({ start, end, permissions }) => `${start.toString(16)}-${end.toString(16)} ${permissions}`);
const anon = (mm: MemoryMap, address: number, pages: number, prot = RW) =>
  map(mm, { address, length: pages * PAGE, prot, flags: FIXED });

test('mapping, splitting by mprotect and munmap, merging again', () => {
  const { mm } = machine();
  anon(mm, AT, 4);
  anon(mm, AT + 4 * PAGE, 2);
  assert.deepEqual(shape(mm), ['20000000-20006000 rw-p']);
  mm.protect(AT + PAGE, PAGE, R);
  assert.deepEqual(shape(mm), ['20000000-20001000 rw-p', '20001000-20002000 r--p', '20002000-20006000 rw-p']);
  mm.protect(AT + PAGE, PAGE, RW);
  assert.deepEqual(shape(mm), ['20000000-20006000 rw-p']);
  mm.unmap(AT + 2 * PAGE, PAGE);
  assert.deepEqual(shape(mm), ['20000000-20002000 rw-p', '20003000-20006000 rw-p']);
  anon(mm, AT + 2 * PAGE, 1, R);
  assert.equal(mm.size, 6 * PAGE);
  mm.unmap(AT, 16 * PAGE);
  assert.deepEqual(shape(mm), []);
  assert.equal(mm.size, 0);
});

test('a page that was writable does not merge with one that never was (RELRO)', () => {
  const { mm } = machine();
  const file = opened(new TestFile(4 * PAGE), O_RDONLY);
  map(mm, { address: AT, length: 2 * PAGE, prot: R, flags: MAP_PRIVATE | MAP_FIXED, file, offset: 0 });
  map(mm, { address: AT + 2 * PAGE, length: 2 * PAGE, prot: RW, flags: MAP_PRIVATE | MAP_FIXED, file, offset: 2 * PAGE });
  mm.memory.setU8(AT + 2 * PAGE, 1);
  mm.protect(AT + 2 * PAGE, 2 * PAGE, R);
  assert.deepEqual(shape(mm), ['20000000-20002000 r--p', '20002000-20004000 r--p']);
  assert.deepEqual(
    listAreas(mm).map(({ offset, ino, dev }) => [offset, ino, dev]),
    [
      [0, 77, 0x802],
      [0x2000, 77, 0x802],
    ],
  );
});

test('contiguous parts of one open file merge, others do not', () => {
  const { mm } = machine();
  const inode = new TestFile(8 * PAGE),
    file = opened(inode);
  const mapPage = (page: number, source: OpenFile, offset: number) =>
    map(mm, {
      address: AT + page * PAGE,
      length: PAGE,
      prot: R,
      flags: MAP_PRIVATE | MAP_FIXED,
      file: source,
      offset: offset * PAGE,
    });
  mapPage(0, file, 0);
  mapPage(1, file, 1);
  mapPage(2, file, 5);
  mapPage(3, opened(inode), 6);
  assert.deepEqual(shape(mm), ['20000000-20002000 r--p', '20002000-20003000 r--p', '20003000-20004000 r--p']);
});

test('faults: unmapped, protected, both pages of a straddling access', () => {
  const { mm } = machine();
  anon(mm, AT, 2);
  mm.protect(AT + PAGE, PAGE, R);
  assert.equal(mm.fault(0, 1, false), MAPERR);
  assert.equal(mm.fault(AT + PAGE - 4, 8, false), 'ok');
  assert.equal(mm.fault(AT + PAGE - 4, 8, true), ACCERR);
  assert.equal(mm.fault(AT + 2 * PAGE - 4, 8, false), MAPERR);
  assert.equal(mm.fault(2 ** 32 - 4, 8, false), MAPERR);
  assert.equal(mm.fault(2 ** 40, 1, false), MAPERR);
  anon(mm, AT + 8 * PAGE, 1, PROT_NONE);
  assert.equal(mm.fault(AT + 8 * PAGE, 1, false), ACCERR);
  assert.equal(mm.fetch(AT >>> 12), false);
  assert.equal(mm.lastFault, ACCERR);
  assert.throws(
    () => mm.memory.getU32(AT + 2 * PAGE - 2),
    (error) => error === E.EFAULT,
  );
});

test('unmapped memory is zero when it is mapped again, and charged while touched', () => {
  const { mm, memory, account } = machine();
  anon(mm, AT, 64);
  assert.equal(account.used, 0);
  memory.setU32(AT + 20 * PAGE, 0xdeadbeef);
  assert.ok(account.used >= PAGE && account.used <= 16 * PAGE);
  mm.unmap(AT, 64 * PAGE);
  assert.equal(account.used, 0);
  anon(mm, AT, 64);
  assert.equal(memory.getU32(AT + 20 * PAGE), 0);
  memory.setU32(AT, 7);
  advise(mm, AT, PAGE, MADV.MADV_DONTNEED);
  assert.equal(memory.getU32(AT), 0);
});

test('beyond the memory limit a touch is deadly', () => {
  const { mm } = machine({ limit: 3 * PAGE });
  anon(mm, AT, 8);
  for (let page = 0; page < 3; page++) assert.equal(mm.fault(AT + page * PAGE, 1, true), 'ok');
  assert.equal(mm.fault(AT + 3 * PAGE, 1, true), OUT_OF_MEMORY);
});

test('private file pages: read on demand, zero past the end, SIGBUS beyond the last page', () => {
  const { mm, memory } = machine();
  const inode = new TestFile(20 * PAGE + 100);
  map(mm, { address: AT, length: 24 * PAGE, prot: RW, flags: MAP_PRIVATE | MAP_FIXED, file: opened(inode, O_RDONLY), offset: 0 });
  assert.equal(inode.reads, 0);
  assert.equal(memory.getU8(AT + 3 * PAGE), 4);
  assert.equal(inode.reads, 1);
  assert.equal(memory.getU8(AT + 20 * PAGE + 99), 21);
  assert.equal(memory.getU8(AT + 20 * PAGE + 100), 0);
  assert.equal(mm.fault(AT + 21 * PAGE, 1, false), ADRERR);
  assert.equal(mm.fault(AT + 21 * PAGE - 2, 4, false), ADRERR);
  memory.setU8(AT, 99);
  assert.equal(inode.data[0], 1);
  assert.equal(memory.getU8(AT + 20 * PAGE), 21);
});

test('a shared page seen through two mappings of one memory, and through the file', () => {
  const { mm, memory } = machine();
  const inode = new TestFile(PAGE + 10);
  const mapAt = (address: number) =>
    map(mm, { address, length: 2 * PAGE, prot: RW, flags: MAP_SHARED | MAP_FIXED, file: opened(inode), offset: 0 });
  const one = mapAt(AT),
    two = mapAt(AT + 0x100000);
  for (let i = 0; i < 5; i++) {
    memory.setU32(one + 8, i);
    assert.equal(memory.getU32(two + 8), i);
    memory.setU32(two + 12, i + 1);
    assert.equal(memory.getU32(one + 12), i + 1);
  }
  inode.mapping?.flush(0, PAGE);
  assert.equal(inode.data[8], 4);
  memory.setU8(two + 8, 55);
  inode.mapping?.flush(0, 100);
  assert.equal(inode.data[8], 55, 'a store after the flush is noticed again');
  inode.data[9] = 66;
  inode.mapping?.changed(9, 1);
  assert.equal(memory.getU8(one + 9), 66);
  memory.setU8(one + PAGE + 5, 77);
  mm.unmap(one, 2 * PAGE);
  assert.equal(memory.getU8(two + PAGE + 5), 77);
  mm.unmap(two, 2 * PAGE);
  assert.equal(inode.data[PAGE + 5], 77);
  assert.equal(inode.data.length, PAGE + 10);
  assert.equal(inode.mapping, undefined);
});

test('a shared page seen by two processes; private pages are copied by fork', () => {
  const { mm, memory, make, account } = machine();
  const shared = map(mm, { address: 0, length: 2 * PAGE, prot: RW, flags: MAP_SHARED | MAP_ANONYMOUS });
  anon(mm, AT, 3);
  memory.setU32(shared, 1);
  memory.setU32(AT + PAGE, 2);
  const child = make();
  mm.forkTo(child.mm);
  assert.deepEqual(shape(child.mm), shape(mm));
  assert.equal(child.memory.getU32(shared), 1);
  assert.equal(child.memory.getU32(AT + PAGE), 2);
  child.memory.setU32(shared, 3);
  child.memory.setU32(AT + PAGE, 4);
  assert.equal(memory.getU32(shared), 3);
  assert.equal(memory.getU32(AT + PAGE), 2);
  mm.clear();
  assert.equal(child.memory.getU32(shared), 3);
  advise(child.mm, shared, PAGE, MADV.MADV_DONTNEED);
  assert.equal(child.memory.getU32(shared), 3, 'shared content outlives its last copy');
  child.mm.clear();
  assert.equal(account.used, 0);
});

test('fork with code: the child has what was translated, and notices when it is written or not its own', () => {
  const { mm, memory, make, invalidated } = machine();
  const inode = new TestFile(8 * PAGE);
  map(mm, {
    address: AT,
    length: 8 * PAGE,
    prot: R | X,
    flags: MAP_PRIVATE | MAP_FIXED,
    file: opened(inode, O_RDONLY),
    offset: 0,
  });
  anon(mm, AT + 8 * PAGE, 2, RW | X);
  const shared = map(mm, { address: 0, length: PAGE, prot: RW | X, flags: MAP_SHARED | MAP_ANONYMOUS });
  const page = AT >>> 12;
  for (const each of [page, page + 8, shared >>> 12]) assert.equal(mm.fetch(each), true);
  memory.setU8(AT + 9 * PAGE, 1);
  const child = make();
  mm.forkTo(child.mm);
  assert.deepEqual(invalidated, [[shared >>> 12, shared >>> 12]], 'the child has no copy of a shared page');
  const { frames } = child.mm;
  assert.deepEqual(
    [page, page + 1, page + 8, page + 9].map((each) => frames.isResident(each)),
    [true, false, true, true],
  );
  assert.equal(child.memory.getU8(AT + PAGE), 2, 'found in the file');
  assert.equal(child.memory.tables.allows(page + 8, true), false);
  assert.equal(child.memory.tables.allows(page + 9, true), true);
  child.memory.setU8(AT + 8 * PAGE, 0x90);
  assert.deepEqual(invalidated.at(-1), [page + 8, page + 8]);
  assert.equal(memory.getU8(AT + 8 * PAGE), 0);
});

test('code: writes reach the map until the code is forgotten', () => {
  const { mm, memory, invalidated } = machine();
  anon(mm, AT, 2, RW | X);
  const page = AT >>> 12;
  assert.equal(mm.fetch(page), true);
  assert.equal(memory.tables.allows(page, true), false);
  assert.equal(memory.tables.allows(page, false), true);
  memory.setU8(AT, 0x90);
  assert.deepEqual(invalidated, [[page, page]]);
  assert.equal(memory.tables.allows(page, true), true);
  mm.fetch(page + 1);
  mm.unmap(AT, 2 * PAGE);
  assert.deepEqual(invalidated.at(-1), [page + 1, page + 1]);
});

test('places: hints, low zone downwards, large reservations above 1 GiB, nothing committed for them', () => {
  const { mm, memory } = machine();
  assert.equal(map(mm, { address: AT + 5, length: 1, prot: RW, flags: ANON }), AT + PAGE);
  const a = map(mm, { address: 0, length: PAGE, prot: RW, flags: ANON });
  const b = map(mm, { address: 0, length: PAGE, prot: R, flags: ANON });
  assert.equal(a, mm.layout.mmapBase - PAGE);
  assert.equal(b, a - PAGE);
  assert.equal(map(mm, { address: a, length: PAGE, prot: R, flags: ANON }), b - PAGE);
  const reserved = map(mm, { address: 0, length: 1 << 30, prot: PROT_NONE, flags: ANON | MAP_NORESERVE });
  assert.ok(reserved >= 0x40000000);
  assert.equal(memory.u8.length, 2 ** 30);
  mm.protect(reserved, PAGE, RW);
  assert.equal(memory.u8.length, 2 ** 31);
  memory.setU8(reserved, 1);
  assert.equal(memory.getU8(reserved), 1);
  assert.throws(
    () => map(mm, { address: 0, length: 2 ** 32, prot: R, flags: ANON }),
    (error) => error === E.ENOMEM,
  );
});

test('mmap refuses as Linux does', () => {
  const { mm } = machine();
  const readOnly = opened(new TestFile(PAGE), O_RDONLY);
  anon(mm, AT, 1);
  const cases: [MapRequest, keyof typeof E][] = [
    [{ address: 0, length: 0, prot: R, flags: ANON }, 'EINVAL'],
    [{ address: 0, length: PAGE, prot: R, flags: MAP_ANONYMOUS }, 'EINVAL'],
    [{ address: 0, length: PAGE, prot: R, flags: MAP_PRIVATE }, 'EBADF'],
    [{ address: AT + 1, length: PAGE, prot: R, flags: FIXED }, 'EINVAL'],
    [{ address: 0x1000, length: PAGE, prot: R, flags: FIXED }, 'EPERM'],
    [{ address: 2 ** 46, length: PAGE, prot: R, flags: FIXED }, 'ENOMEM'],
    [{ address: 0, length: 2 ** 63, prot: R, flags: ANON }, 'ENOMEM'],
    [{ address: AT, length: PAGE, prot: R, flags: ANON | MAP_FIXED_NOREPLACE }, 'EEXIST'],
    [{ address: 0, length: PAGE, prot: RW, flags: MAP_SHARED, file: readOnly }, 'EACCES'],
    [{ address: 0, length: PAGE, prot: R, flags: MAP_SHARED, file: readOnly, offset: 12 }, 'EINVAL'],
    [{ address: 0, length: PAGE, prot: R, flags: MAP_PRIVATE | MAP_GROWSDOWN, file: readOnly }, 'EINVAL'],
  ];
  for (const [request, name] of cases)
    assert.throws(
      () => map(mm, request),
      (error) => error === E[name],
      `${name} for ${JSON.stringify(request)}`,
    );
  const shared = map(mm, { address: 0, length: PAGE, prot: R, flags: MAP_SHARED, file: readOnly });
  assert.throws(
    () => mm.protect(shared, PAGE, RW),
    (error) => error === E.EACCES,
  );
  assert.throws(
    () => mm.protect(AT, 2 * PAGE, R),
    (error) => error === E.ENOMEM,
  );
  assert.throws(
    () => mm.unmap(AT, 0),
    (error) => error === E.EINVAL,
  );
});

test('brk grows, shrinks and stops at a neighbour', () => {
  const { mm, memory } = machine();
  mm.startBrk = mm.brk = AT;
  assert.equal(mm.setBrk(0), AT);
  assert.equal(mm.setBrk(AT + 100), AT + 100);
  assert.equal(mm.setBrk(AT + 3 * PAGE), AT + 3 * PAGE);
  memory.setU8(AT + 2 * PAGE, 5);
  assert.deepEqual(
    listAreas(mm).map(({ name, end }) => [name, end]),
    [['[heap]', AT + 3 * PAGE]],
  );
  assert.equal(mm.setBrk(AT + 1), AT + 1);
  assert.equal(mm.setBrk(AT + 3 * PAGE), AT + 3 * PAGE);
  assert.equal(memory.getU8(AT + 2 * PAGE), 0);
  anon(mm, AT + 5 * PAGE, 1, R);
  assert.equal(mm.setBrk(AT + 6 * PAGE), AT + 3 * PAGE);
});

test('a stack grows down to its limit', () => {
  const { mm } = machine({ limits: { [RLIMIT.STACK]: 16 * PAGE } });
  map(mm, { address: AT, length: PAGE, prot: RW, flags: FIXED | MAP_GROWSDOWN });
  assert.equal(mm.fault(AT - 5 * PAGE, 8, true), 'ok');
  assert.deepEqual(shape(mm), ['1fffb000-20001000 rw-p']);
  assert.equal(mm.fault(AT - 16 * PAGE, 8, true), MAPERR);
});

test('mremap grows in place, moves with content, shrinks, and refuses', () => {
  const { mm, memory } = machine();
  anon(mm, AT, 2);
  memory.setU32(AT + PAGE, 42);
  const grown = remap(mm, { address: AT, oldLength: 2 * PAGE, newLength: 4 * PAGE, flags: 0, newAddress: 0 });
  assert.equal(grown, AT);
  assert.deepEqual(shape(mm), ['20000000-20004000 rw-p']);
  anon(mm, AT + 4 * PAGE, 1, R);
  assert.throws(
    () => remap(mm, { address: AT, oldLength: 4 * PAGE, newLength: 5 * PAGE, flags: 0, newAddress: 0 }),
    (e) => e === E.ENOMEM,
  );
  const moved = remap(mm, { address: AT, oldLength: 4 * PAGE, newLength: 8 * PAGE, flags: MREMAP_MAYMOVE, newAddress: 0 });
  assert.notEqual(moved, AT);
  assert.equal(memory.getU32(moved + PAGE), 42);
  assert.equal(mm.fault(AT, 1, false), MAPERR);
  const fixed = AT + 0x1000000;
  remap(mm, {
    address: moved,
    oldLength: 8 * PAGE,
    newLength: 2 * PAGE,
    flags: MREMAP_MAYMOVE | MREMAP_FIXED,
    newAddress: fixed,
  });
  assert.equal(memory.getU32(fixed + PAGE), 42);
  memory.setU32(fixed + PAGE, 43);
  assert.equal(mm.fault(moved, 1, false), MAPERR);
  assert.throws(
    () => remap(mm, { address: moved, oldLength: PAGE, newLength: PAGE, flags: 0, newAddress: 0 }),
    (e) => e === E.EFAULT,
  );
  assert.throws(
    () => remap(mm, { address: fixed, oldLength: PAGE, newLength: 0, flags: 0, newAddress: 0 }),
    (e) => e === E.EINVAL,
  );
});
