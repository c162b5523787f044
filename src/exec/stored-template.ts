// A region as bytes for a file: JSON, the guest code it was made of, and the module.
//
//   u32 length of the JSON | JSON | bytes of each span | module

import type { RegionTemplate } from './code-cache.ts';
import type { Relative } from './jit/addresses.ts';

/** Lists of addresses: image, offset, image, offset ... */
interface Stored {
  readonly entries: readonly number[];
  readonly targets: readonly number[];
  readonly images: readonly string[];
  /** Image, offset, length. */
  readonly spans: readonly number[];
  readonly size: number;
  /** Place in the module, image, offset. */
  readonly moving: readonly number[];
}

const HEADER = 4;

export function encodeTemplate({
  entries,
  targets,
  images,
  spans,
  size,
  moving,
  bytes,
}: RegionTemplate): Uint8Array<ArrayBuffer> {
  const stored: Stored = {
    entries: entries.flatMap(flat),
    targets: targets.flatMap(flat),
    images,
    spans: spans.flatMap((span) => [...flat(span), span.bytes.length]),
    size,
    moving: moving.flatMap((each) => [each.at, ...flat(each)]),
  };
  const json = new TextEncoder().encode(JSON.stringify(stored));
  const parts = [json, ...spans.map((span) => span.bytes), bytes];
  const all = new Uint8Array(HEADER + parts.reduce((sum, part) => sum + part.length, 0));
  new DataView(all.buffer).setUint32(0, json.length, true);
  let at = HEADER;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Undefined for bytes that encodeTemplate does not make. */
export function decodeTemplate(all: Uint8Array<ArrayBuffer>): RegionTemplate | undefined {
  let at = 0;
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    if (!(length >= 0 && at + length <= all.length)) throw new SyntaxError('too short');
    return all.slice(at, (at += length));
  };
  try {
    const json = take(new DataView(take(HEADER).buffer).getUint32(0, true));
    const stored = JSON.parse(new TextDecoder().decode(json)) as Stored;
    const images = stored.images.map(String);
    const relative = ([image, offset]: readonly number[]): Relative => {
      if (!isWhole(image, -1, images.length - 1) || !isWhole(offset, -FURTHEST, FURTHEST)) throw new SyntaxError('no address');
      return { image, offset };
    };
    const entries = groups(stored.entries, 2).map(relative);
    const targets = groups(stored.targets, 2).map(relative);
    const spans = groups(stored.spans, 3).map(([image, offset, length = -1]) => ({
      ...relative([image, offset] as number[]),
      bytes: take(length),
    }));
    const bytes = take(all.length - at);
    const moving = groups(stored.moving, 3).map(([place, ...address]) => {
      if (!isWhole(place, 0, bytes.length - 5)) throw new SyntaxError('no place');
      return { at: place, ...relative(address) };
    });
    const [root] = entries;
    if (!root || !isWhole(stored.size, 1, FURTHEST) || !WebAssembly.validate(bytes)) return undefined;
    return { root, entries, targets, images, spans, size: stored.size, bytes, moving };
  } catch (error) {
    // What JSON.parse, or reading it as what it is not, throws.
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const FURTHEST = 2 ** 32;

const flat = ({ image, offset }: Relative): number[] => [image, offset];

const isWhole = (value: number | undefined, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function groups(list: readonly number[], size: number): number[][] {
  if (!Array.isArray(list) || list.length % size > 0) throw new SyntaxError('no list');
  return Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size));
}
