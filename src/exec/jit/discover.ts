// Finds the region that begins at a guest address: basic blocks along direct jumps and branches, calls stepped over.

import type { Instruction } from './operation.ts';

/** A run of instructions with one entry; `next` blocks are numbers in the region's list, undefined outside of it. */
export interface Block {
  readonly start: number;
  readonly instructions: readonly Instruction[];
  /** Where control goes on inside: of a branch [taken, not taken]. */
  readonly next: readonly (number | undefined)[];
}

export interface Region {
  readonly root: number;
  readonly blocks: readonly Block[];
  /** Guest pages its bytes lie in. */
  readonly pages: ReadonlySet<number>;
}

/** Guest instructions in one region: about 10 KB of code. */
const MOST_INSTRUCTIONS = 400;

/** `decode` gives the instruction at an address, undefined where there is none that can be fetched. */
export function discover(root: number, decode: (rip: number) => Instruction | undefined): Region | undefined {
  const instructions = new Map<number, Instruction>();
  const leaders = new Set([root]);
  const queue = [root];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    let rip: number | undefined = at;
    while (rip !== undefined && !instructions.has(rip) && instructions.size < MOST_INSTRUCTIONS) {
      const instruction = decode(rip);
      if (!instruction) break;
      instructions.set(rip, instruction);
      const { flow, target, next } = instruction;
      rip = undefined;
      if (flow === 'next') rip = next;
      else
        for (const leader of successors(flow, target, next)) {
          if (!leaders.has(leader)) queue.push(leader);
          leaders.add(leader);
        }
    }
    // Two runs meet: the second begins a block.
    if (rip !== undefined && instructions.has(rip)) leaders.add(rip);
  }
  return instructions.has(root) ? blocksOf(root, instructions, leaders) : undefined;
}

function successors(flow: Instruction['flow'], target: number | undefined, next: number): number[] {
  if (flow === 'branch') return target === undefined ? [next] : [target, next];
  if (flow === 'jump') return target === undefined ? [] : [target];
  if (flow === 'call' || flow === 'syscall') return [next];
  return [];
}

function blocksOf(root: number, instructions: ReadonlyMap<number, Instruction>, leaders: ReadonlySet<number>): Region {
  const starts = [...leaders].filter((leader) => instructions.has(leader));
  starts.splice(starts.indexOf(root), 1);
  starts.unshift(root);
  const numbers = new Map(starts.map((start, i) => [start, i]));
  const pages = new Set<number>();
  const blocks = starts.map((start): Block => {
    const list: Instruction[] = [];
    for (let instruction = instructions.get(start); ; ) {
      if (!instruction) break;
      list.push(instruction);
      pages.add(instruction.rip >>> 12).add((instruction.next - 1) >>> 12);
      if (instruction.flow !== 'next' || leaders.has(instruction.next)) break;
      instruction = instructions.get(instruction.next);
    }
    const { flow, target, next } = list.at(-1) as Instruction;
    const to = flow === 'next' ? [next] : flow === 'branch' ? [target ?? -1, next] : successors(flow, target, next);
    return { start, instructions: list, next: to.map((address) => numbers.get(address)) };
  });
  return { root, blocks, pages };
}
