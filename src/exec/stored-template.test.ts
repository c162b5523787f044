// Bytes that are no region are not taken for one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegionTemplate } from './code-cache.ts';
import { decodeTemplate, encodeTemplate } from './stored-template.ts';

const root = { image: 0, offset: 0x1234 };
const template: RegionTemplate = {
  ...{ root, entries: [root, { image: -1, offset: 0x401000 }], targets: [], images: ['8:1', '[vdso]'], size: 7 },
  spans: [
    { image: 0, offset: 0x1234, bytes: Uint8Array.of(1, 2, 3) },
    { image: 1, offset: 0, bytes: Uint8Array.of(4) },
  ],
  bytes: Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 6, 1, 0x6e, 0, 0, 0, 0),
  moving: [{ at: 9, image: 1, offset: 7 }],
};

test('there and back', () => {
  assert.deepEqual(decodeTemplate(encodeTemplate(template)), template);
});

test('whatever is cut or changed is refused, or a region', () => {
  const whole = encodeTemplate(template);
  for (let length = 0; length < whole.length; length++) assert.equal(decodeTemplate(whole.slice(0, length)), undefined);
  let taken = 0;
  for (let at = 0; at < whole.length; at++)
    for (const value of [0, 0x22, 0x39, 0x7d, 0xff]) {
      const changed = whole.slice();
      changed[at] = value;
      const decoded = decodeTemplate(changed);
      if (decoded) taken++;
      for (const { image } of decoded?.entries ?? []) assert.ok(image < (decoded?.images.length ?? 0));
      for (const { at: place } of decoded?.moving ?? []) assert.ok(place + 5 <= (decoded?.bytes.length ?? 0));
    }
  assert.ok(taken > 0);
  const stored = (changes: object): Uint8Array<ArrayBuffer> => {
    const json = { entries: [0, 1], targets: [], images: ['a'], spans: [], size: 1, moving: [], ...changes };
    const text = new TextEncoder().encode(JSON.stringify(json));
    return Uint8Array.of(text.length, 0, 0, 0, ...text, ...template.bytes);
  };
  assert.ok(decodeTemplate(stored({})));
  for (const changes of [{ entries: [] }, { entries: [1, 1] }, { entries: [0, 'x'] }, { entries: [0] }, { images: 3 }])
    assert.equal(decodeTemplate(stored(changes)), undefined, JSON.stringify(changes));
  for (const changes of [{ moving: [14, 0, 1] }, { size: -1 }, { spans: [0, 1, -1] }, { spans: [0, 1, 99] }, { targets: 'x' }])
    assert.equal(decodeTemplate(stored(changes)), undefined, JSON.stringify(changes));
});
