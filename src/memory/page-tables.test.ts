// Tests of the access tables: the neighbour rule at every edge.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GuestMemory, type Pager } from './guest-memory.ts';
import { PAGE_COUNT, PAGE_SIZE, READ_TABLE, REFUSED, SPAN, WRITE_TABLE } from './layout.ts';
import { PageTables } from './page-tables.ts';

const stateMemory = () => new WebAssembly.Memory({ initial: 160, maximum: 256 });
const ALLOWED = 'allowed',
  THIS_PAGE_ONLY = 'this page only';
/** What entries say, in words where it is access. */
const entries = (state: WebAssembly.Memory, table: number, first: number, count: number) =>
  [...new Uint32Array(state.buffer, table + 4 * first, count)].map((entry, i) => {
    const end = (first + i + 1) * PAGE_SIZE;
    return entry === end ? ALLOWED : entry === end - SPAN ? THIS_PAGE_ONLY : entry;
  });

test('everything is refused at first', () => {
  const state = stateMemory();
  new PageTables(state);
  for (const table of [READ_TABLE, WRITE_TABLE])
    assert.ok(new Uint32Array(state.buffer, table, PAGE_COUNT).every((entry) => entry === REFUSED));
});

test('an entry is ALLOWED only when the page above allows the same', () => {
  const state = stateMemory();
  const tables = new PageTables(state);
  tables.allow(10, 13, false);
  assert.deepEqual(entries(state, READ_TABLE, 9, 5), [REFUSED, ALLOWED, ALLOWED, THIS_PAGE_ONLY, REFUSED]);
  assert.deepEqual(entries(state, WRITE_TABLE, 9, 5), [REFUSED, REFUSED, REFUSED, REFUSED, REFUSED]);
  tables.allow(13, 14, false);
  assert.deepEqual(entries(state, READ_TABLE, 12, 3), [ALLOWED, THIS_PAGE_ONLY, REFUSED]);
  tables.allow(9, 10, false);
  assert.deepEqual(entries(state, READ_TABLE, 8, 3), [REFUSED, ALLOWED, ALLOWED]);
  tables.refuse(11, 12, false);
  assert.deepEqual(entries(state, READ_TABLE, 9, 5), [ALLOWED, THIS_PAGE_ONLY, REFUSED, ALLOWED, THIS_PAGE_ONLY]);
});

test('the first and the last page', () => {
  const state = stateMemory();
  const tables = new PageTables(state);
  tables.allow(0, 1, true);
  tables.allow(PAGE_COUNT - 2, PAGE_COUNT, true);
  assert.deepEqual(entries(state, WRITE_TABLE, 0, 2), [THIS_PAGE_ONLY, REFUSED]);
  assert.deepEqual(entries(state, WRITE_TABLE, PAGE_COUNT - 3, 3), [REFUSED, ALLOWED, THIS_PAGE_ONLY]);
  tables.refuse(PAGE_COUNT - 1, PAGE_COUNT, true);
  assert.deepEqual(entries(state, WRITE_TABLE, PAGE_COUNT - 3, 3), [REFUSED, THIS_PAGE_ONLY, REFUSED]);
});

test('views survive growth of the state memory', () => {
  const state = stateMemory();
  const tables = new PageTables(state);
  state.grow(1);
  tables.allow(5, 6, false);
  assert.deepEqual(entries(state, READ_TABLE, 5, 1), [THIS_PAGE_ONLY]);
});

test('checked copies ask the pager for each refused page and cross pages', () => {
  const memory = new GuestMemory(stateMemory(), new WebAssembly.Memory({ initial: 2, maximum: 16 }));
  const asked: number[] = [];
  const pager: Pager = {
    access(low, _size, isWrite) {
      asked.push(low);
      if (low >= 0x3000) return false;
      memory.tables.allow(low >>> 12, (low >>> 12) + 1, isWrite);
      return true;
    },
    refuse(error) {
      throw new Error(error);
    },
  };
  memory.pager = pager;
  memory.setI64(0x1ffc, -2);
  assert.deepEqual(asked, [0x1ffc, 0x2000]);
  assert.equal(memory.getI64(0x1ffc), -2);
  assert.equal(memory.getU64big(0x1ffc), 2n ** 64n - 2n);
  assert.throws(() => memory.writable(0x2fff, 2), /EFAULT/);
  assert.throws(() => memory.bytes(2 ** 32 - 1, 2), /EFAULT/);
  assert.throws(() => memory.bytes(-1, 1), /EFAULT/);
  assert.equal(memory.bytes(0x9000, 0).length, 0);
  memory.writable(0x1ffe, 4).set([65, 66, 67, 0]);
  assert.equal(memory.cstring(0x1ffe), 'ABC');
  assert.throws(() => memory.cstring(0x1ffe, 3), /ENAMETOOLONG/);
  memory.writable(0x2fff, 1).fill(1);
  assert.throws(() => memory.cstring(0x2fff), /EFAULT/);
  assert.equal(memory.accessible(0x1000, 0x5000, false), 0x2000);
});
