// What is shared, and what goes when there is too much.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodeCache, type CodeStore, type RegionTemplate, type SharedRegion } from './code-cache.ts';

/** A module that does nothing, with a number in a section that nobody reads. */
function template(number: number): RegionTemplate {
  const bytes = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 7, 1, 0x6e, 0x80 | number, 0x80, 0x80, 0x80, 0);
  const root = { image: 0, offset: 0x1000 };
  const moving = [{ at: 12, image: 0, offset: number }];
  return { root, entries: [root], targets: [], images: ['file'], spans: [], size: 1, bytes, moving };
}

class User {
  readonly lost: object[] = [];
  evicted(made: object): void {
    this.lost.push(made);
  }
  take(cache: CodeCache, region: SharedRegion, starts: readonly number[]): WebAssembly.Module {
    const module = cache.moduleAt(region, starts);
    region.users.set(this, region);
    return module;
  }
}

test('one module for all who have a file at the same place', () => {
  const cache = new CodeCache();
  assert.ok(!cache.hasCode && !cache.has('a'));
  const region = cache.add('a', template(1), true);
  assert.ok(cache.hasCode && cache.has('a') && !cache.has('b'));
  assert.deepEqual(cache.find('a'), [region]);
  assert.deepEqual(cache.find('b'), []);
  const first = cache.moduleAt(region, [0x1000]);
  assert.equal(cache.moduleAt(region, [0x1000]), first);
  const [content] = WebAssembly.Module.customSections(first, 'n');
  assert.deepEqual(new Uint8Array(content as ArrayBuffer), Uint8Array.of(0x81, 0xa0, 0x80, 0x80, 0));
  const second = cache.moduleAt(region, [0x2000]);
  assert.notEqual(second, first);
  assert.equal(cache.moduleAt(region, [0x1000]), first);
});

test('beyond the limit goes what nobody uses, then what was taken longest ago', () => {
  const cache = new CodeCache(undefined, { modules: 8, bytes: 1 << 20 });
  const user = new User();
  const regions = Array.from({ length: 8 }, (_, i) => cache.add(`${i}`, template(i), false));
  for (const [i, region] of regions.entries()) {
    if (i === 1) cache.moduleAt(region, [0x1000]);
    else user.take(cache, region, [0x1000]);
  }
  // The first one is taken once more.
  user.take(cache, regions[0] as SharedRegion, [0x1000]);
  assert.equal(cache.evictions, 0);
  const ninth = cache.add('8', template(8), false);
  user.take(cache, ninth, [0x1000]);
  assert.equal(cache.evictions, 3);
  assert.deepEqual(
    regions.map(({ isEvicted }) => isEvicted),
    [false, true, true, true, false, false, false, false],
  );
  assert.deepEqual(user.lost, [regions[2], regions[3]]);
  assert.ok(!cache.has('2') && cache.has('0') && cache.has('8'));
});

test('bytes are limited as modules are', () => {
  const size = template(0).bytes.length;
  const cache = new CodeCache(undefined, { modules: 1000, bytes: 10 * size });
  for (let i = 0; i < 100; i++) cache.moduleAt(cache.add(`${i}`, template(i), false), [0x1000]);
  const kept = Array.from({ length: 100 }, (_, i) => i).filter((i) => cache.has(`${i}`));
  assert.ok(kept.length >= 3 && kept.length <= 5, kept.join());
  assert.equal(kept.at(-1), 99);
  assert.equal(cache.evictions, 100 - kept.length);
  cache.flush();
  assert.ok(!cache.hasCode);
});

test('of code that begins alike the last few stay, and so do the last places of a file', () => {
  const cache = new CodeCache(undefined, { modules: 100, bytes: 1 << 20 });
  const regions = Array.from({ length: 6 }, (_, i) => cache.add('same', template(i), false));
  assert.deepEqual(cache.find('same'), regions.slice(2));
  const last = regions.at(-1) as SharedRegion;
  for (let i = 1; i < 10; i++) cache.moduleAt(last, [0x1000 * i]);
  assert.deepEqual(
    last.modules.map(({ starts }) => starts),
    [[0x9000], [0x8000]],
  );
});

test('what lasts is stored, and found there by others', () => {
  const stored = new Map<string, RegionTemplate>();
  const store: CodeStore = {
    hasCode: () => stored.size > 0,
    has: (key) => stored.has(key),
    load: (key) => stored.get(key),
    save: (key, region) => void stored.set(key, region),
  };
  const first = new CodeCache(store);
  first.add('file', template(1), true);
  first.add('anonymous', template(2), false);
  assert.deepEqual([...stored.keys()], ['file']);
  const second = new CodeCache(store);
  assert.ok(second.hasCode && second.has('file') && !second.has('anonymous'));
  const [found] = second.find('file');
  assert.deepEqual(found?.template, template(1));
  assert.deepEqual(second.find('file'), [found]);
});
