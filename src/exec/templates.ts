// What a region that was translated in one process is for all others: addresses relative to images, and its guest code.

import type { ExecutionHooks } from '../arch/arch.ts';
import type { RegionTemplate, Span } from './code-cache.ts';
import type { Translated } from './compilations.ts';
import { type Addresses, HIGHEST, type Relative } from './jit/addresses.ts';
import type { Region } from './jit/discover.ts';

export function templateOf({ region, code, addresses, bytes, moving, size, guest }: Translated): RegionTemplate {
  const relative = (rip: number): Relative => addresses.relative(rip);
  return {
    root: relative(region.root),
    entries: code.entries.map(relative),
    targets: addresses.targets,
    spans: spansOf(region, addresses, guest),
    images: addresses.images.map(({ id }) => id),
    size,
    bytes,
    moving,
  };
}

/** The guest code, run by run. */
function spansOf({ blocks }: Region, addresses: Addresses, guest: Uint8Array): Span[] {
  const instructions = blocks.flatMap((block) => block.instructions).sort((a, b) => a.rip - b.rip);
  const runs: { start: number; end: number }[] = [];
  for (const { rip, next } of instructions) {
    const last = runs.at(-1);
    if (last && rip <= last.end && addresses.startOf(rip) === addresses.startOf(last.start)) last.end = Math.max(last.end, next);
    else runs.push({ start: rip, end: next });
  }
  return runs.map(({ start, end }) => ({ ...addresses.relative(start), bytes: guest.slice(start, end) }));
}

/**
 * Where the images of a region begin in a process in which `rip` is the root, in a file that begins at `start`; undefined
 * where its code is not what it was made of.
 */
export function match(
  { root, images, spans }: RegionTemplate,
  { rip, start }: { readonly rip: number; readonly start: number },
  guest: Uint8Array,
  { fetch, imageStart }: Required<Pick<ExecutionHooks, 'fetch' | 'imageStart'>>,
): number[] | undefined {
  const starts: number[] = [];
  for (const [i, id] of images.entries()) {
    const first = i === root.image ? start : imageStart(id);
    if (!first || first >= HIGHEST) return undefined;
    starts.push(first);
  }
  if (addressOf(root, starts) !== rip) return undefined;
  const isSame = (span: Span): boolean => {
    const first = addressOf(span, starts);
    const end = first + span.bytes.length;
    for (let page = first >>> 12; page <= (end - 1) >>> 12; page++) if (!fetch(page)) return false;
    return end <= guest.length && span.bytes.every((byte, i) => guest[first + i] === byte);
  };
  return spans.every(isSame) ? starts : undefined;
}

export const addressOf = ({ image, offset }: Relative, starts: readonly number[]): number =>
  image < 0 ? offset : (starts[image] as number) + offset;

/** Pages of a region's code. */
export function pagesOf({ spans }: RegionTemplate, starts: readonly number[]): Set<number> {
  const pages = new Set<number>();
  for (const span of spans) {
    const first = addressOf(span, starts);
    for (let page = first >>> 12; page <= (first + span.bytes.length - 1) >>> 12; page++) pages.add(page);
  }
  return pages;
}
