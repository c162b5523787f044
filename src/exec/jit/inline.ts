// Puts copies of short functions where a region calls them, so that registers stay in locals and no frame is made.
//
// The guest's own return address is stored and loaded as before: a return in a copy compares it with the instruction behind
// the call, and leaves the region if it is another. So a copy is right whatever the function does to its stack.

import { type Block, discover, type Region, sizeOf, type Source } from './discover.ts';
import type { Instruction } from './operation.ts';

/** Guest instructions of a function that is worth copying. */
const SHORT = 40;
/** Copies within copies: a function that calls itself is unrolled so often. */
const DEPTH = 2;
/** Guest instructions that copies add to a region, at most. */
const MOST_ADDED = 400;

const lastOf = ({ instructions }: Block): Instruction => instructions.at(-1) as Instruction;

export function inlineCalls(region: Region, source: Source): Region {
  const blocks = [...region.blocks];
  const pages = new Set(region.pages);
  const known = new Map<number, Region | undefined>();
  const short = (target: number): Region | undefined => {
    if (!known.has(target)) known.set(target, shortFunction(target, source));
    return known.get(target);
  };
  let added = 0;
  const depths = blocks.map(() => 0);
  // Blocks of copies are appended, and looked at in turn.
  for (let number = 0; number < blocks.length; number++) {
    const block = blocks[number] as Block;
    const { flow, target, next } = lastOf(block);
    const [behind] = block.next;
    const depth = depths[number] as number;
    if (flow !== 'call' || target === undefined || behind === undefined || depth >= DEPTH) continue;
    const callee = short(target);
    if (!callee || added + sizeOf(callee) > MOST_ADDED) continue;
    added += sizeOf(callee);
    const first = blocks.length;
    blocks[number] = { ...block, next: [first], isInlined: true };
    for (const copied of callee.blocks) {
      const isReturn = lastOf(copied).flow === 'return';
      blocks.push({
        ...copied,
        next: isReturn ? [behind] : copied.next.map((to) => (to === undefined ? undefined : first + to)),
        behind: { block: behind, rip: next },
      });
      depths.push(depth + 1);
    }
    for (const page of callee.pages) pages.add(page);
  }
  return { root: region.root, blocks, pages };
}

/** A function that returns, without jumps to who knows where; undefined if it is too long. */
function shortFunction(target: number, source: Source): Region | undefined {
  if (source.long.has(target) || !source.isWarm(target)) return undefined;
  const region = discover(target, source, SHORT + 1);
  if (!region) return undefined;
  if (sizeOf(region) > SHORT) {
    source.long.add(target);
    return undefined;
  }
  if (!region.blocks.some((block) => lastOf(block).flow === 'return')) return undefined;
  const isOpen = (block: Block): boolean => {
    const { flow, target: to } = lastOf(block);
    return flow === 'jump' && to === undefined && block.targets.length === 0;
  };
  return region.blocks.some(isOpen) ? undefined : region;
}
