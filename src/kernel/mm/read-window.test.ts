// What guest memory has once compiled code reads it by window, where mappings go, and when the window is lost.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MADV, MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, MAP_SHARED, MREMAP_MAYMOVE, PROT_NONE, PROT_READ } from '../../abi/mman.ts';
import type { MemoryCheck } from '../../arch/arch.ts';
import { GuestMemory } from '../../memory/guest-memory.ts';
import { WINDOW_END } from '../../memory/layout.ts';
import { Account } from '../limits.ts';
import { BaseInode, plainStat } from '../vfs/base-inode.ts';
import { type OpenFile, S_IFREG, type Stat } from '../vfs/inode.ts';
import { advise } from './advice.ts';
import { map } from './map.ts';
import { MemoryMap } from './memory-map.ts';
import { remap } from './remap.ts';

const PAGE = 0x1000,
  AT = 0x20000000;

class Pages extends BaseInode {
  readonly type = S_IFREG;
  override stat(): Stat {
    return plainStat({ ino: 7, mode: S_IFREG | 0o644, size: 100 * PAGE, dev: 1 });
  }
  override read(into: Uint8Array, position: number): number {
    const bytes = into.subarray(0, Math.max(0, 100 * PAGE - position));
    bytes.forEach((_, i) => {
      bytes[i] = 1 + Math.floor((position + i) / PAGE);
    });
    return bytes.length;
  }
}
const file: OpenFile = new Pages().open(2);

function machine(memoryCheck: MemoryCheck | undefined, limit = 1 << 30) {
  const invalidated: number[] = [];
  const account = new Account(limit);
  const make = () => {
    const state = new WebAssembly.Memory({ initial: 160, maximum: 160 });
    const memory = new GuestMemory(state, new WebAssembly.Memory({ initial: 256, maximum: 65536 }));
    const execution = { invalidate: (first: number, last: number) => void invalidated.push(first, last) };
    return new MemoryMap({ memory, execution, account, limit: () => Infinity, memoryCheck });
  };
  const mm = make();
  const mapFile = (address: number, pages: number, prot = PROT_READ, offset = 0) =>
    map(mm, { address, length: pages * PAGE, prot, flags: MAP_PRIVATE | (address ? MAP_FIXED : 0), file, offset });
  const share = (address = 0) =>
    map(mm, {
      address,
      length: PAGE,
      prot: PROT_READ,
      flags: MAP_SHARED | MAP_ANONYMOUS | (address ? MAP_FIXED : 0),
    });
  /** First bytes of pages as they are in guest memory, touched or not. */
  const bytes = (start: number, pages: number, { memory } = mm) =>
    Array.from({ length: pages }, (_, i) => memory.u8[start + i * PAGE]);
  return { mm, make, mapFile, share, bytes, invalidated };
}

test('the pages of files are there from the moment that the window is opened, and those mapped later are', () => {
  const { mm, mapFile, bytes } = machine('window');
  mapFile(AT, 3);
  assert.deepEqual(bytes(AT, 3), [0, 0, 0]);
  assert.equal(mm.window.open(), true);
  assert.equal(mm.memory.u8.length >= WINDOW_END, true);
  assert.deepEqual(bytes(AT, 4), [1, 2, 3, 0]);
  mapFile(AT + 0x100000, 3, PROT_READ, 98 * PAGE);
  assert.deepEqual(bytes(AT + 0x100000, 3), [99, 100, 0]);
});

test('pages come back: after PROT_NONE, MADV_DONTNEED, mremap, and in a child', () => {
  const { mm, make, mapFile, bytes } = machine('window');
  assert.ok(mm.window.open());
  mapFile(AT, 2, PROT_NONE);
  assert.deepEqual(bytes(AT, 2), [0, 0]);
  mm.protect(AT, 2 * PAGE, PROT_READ);
  assert.deepEqual(bytes(AT, 2), [1, 2]);
  advise(mm, AT, PAGE, MADV.MADV_DONTNEED);
  assert.deepEqual(bytes(AT, 2), [1, 2]);
  const request = { oldLength: 2 * PAGE, flags: MREMAP_MAYMOVE, newAddress: 0 };
  assert.equal(remap(mm, { ...request, address: AT, newLength: 3 * PAGE }), AT);
  assert.deepEqual(bytes(AT, 3), [1, 2, 3]);
  mapFile(AT + 3 * PAGE, 1);
  const moved = remap(mm, { ...request, address: AT, oldLength: 3 * PAGE, newLength: 20 * PAGE });
  assert.deepEqual(
    bytes(moved, 20),
    Array.from({ length: 20 }, (_, i) => i + 1),
  );
  const child = make();
  mm.forkTo(child);
  assert.ok(child.window.open());
  assert.deepEqual(bytes(moved, 20, child), bytes(moved, 20));
});

test('shared mappings keep out of the window, and it is lost where they cannot', () => {
  const { mm, share, invalidated } = machine('window');
  const first = share();
  assert.ok(first >= WINDOW_END);
  assert.ok(mm.window.open());
  assert.ok(share() >= WINDOW_END);
  const reserved = { address: 0, length: 0x8000000, prot: PROT_NONE, flags: MAP_SHARED | MAP_ANONYMOUS };
  assert.ok(map(mm, reserved) >= WINDOW_END);
  share(WINDOW_END + 0x10000000);
  assert.deepEqual(invalidated, []);
  share(WINDOW_END - PAGE);
  assert.deepEqual(invalidated, [0, 0xfffff]);
  assert.equal(mm.window.open(), false);
  mm.unmap(WINDOW_END - PAGE, PAGE);
  assert.equal(mm.window.open(), false);
  mm.reset(() => 0);
  assert.equal(mm.window.open(), true);
});

test('there is no window over what was shared before, over what there is no memory for, or by page', () => {
  const early = machine('window');
  early.share(AT);
  assert.equal(early.mm.window.open(), false);
  const small = machine('window', 10 * PAGE);
  small.mapFile(AT, 50);
  assert.equal(small.mm.window.open(), false);
  const late = machine('window', 10 * PAGE);
  assert.ok(late.mm.window.open());
  late.mapFile(AT, 50);
  assert.equal(late.mm.window.open(), false);
  const byPage = machine('page');
  assert.ok(byPage.share() < WINDOW_END);
});
