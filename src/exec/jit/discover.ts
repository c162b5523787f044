// Finds the region that begins at a guest address: basic blocks along direct jumps and branches, calls stepped over.

import type { Instruction } from './operation.ts';

/** A run of instructions with one entry; `next` blocks are numbers in the region's list, undefined outside of it. */
export interface Block {
  readonly start: number;
  readonly instructions: readonly Instruction[];
  /** Where control goes on inside: of a branch [taken, not taken]. */
  readonly next: readonly (number | undefined)[];
  /** Of an indirect jump: the addresses of `next`. */
  readonly targets: readonly number[];
  /** How often the interpreter came here by a jump; 0 where it does not know. */
  readonly count: number;
  /** Of a call: what it calls follows in place. */
  readonly isInlined?: boolean;
  /** Of a copy of such a function: the block behind the call, and its address. */
  readonly behind?: { readonly block: number; readonly rip: number };
}

export interface Region {
  readonly root: number;
  readonly blocks: readonly Block[];
  /** Guest pages its bytes lie in. */
  readonly pages: ReadonlySet<number>;
}

/** Guest instructions. */
export const sizeOf = ({ blocks }: Region): number => blocks.reduce((sum, { instructions }) => sum + instructions.length, 0);

/** Guest instructions in one region. */
const MOST_INSTRUCTIONS = 5000;

export interface Source {
  /** The instruction at an address, undefined where there is none that can be fetched. */
  readonly decode: (rip: number) => Instruction | undefined;
  /** Told of each instruction found. */
  readonly note: (instruction: Instruction) => void;
  /** Likely targets of the indirect jump that ends a run of instructions. */
  readonly targets: (run: readonly Instruction[], bound: number | undefined) => readonly number[];
  /** How often the interpreter came to an address by a jump; 0 where it does not know. */
  readonly count: (rip: number) => number;
  /** Is an address that is jumped to worth having in a region, by how often it was so far? */
  readonly isWarm: (rip: number) => boolean;
  /** Does compiled code of some size begin at an address? What leads there leads out of the region. */
  readonly isElsewhere: (rip: number) => boolean;
  /** Functions found too long to be copied (jit/inline.ts). */
  readonly long: Set<number>;
  /** What a comparison and a branch at the end of a run say about the size of a jump table behind them. */
  readonly bound: (run: readonly Instruction[]) => { readonly at: number; readonly count: number } | undefined;
}

export function discover(root: number, source: Source, most = MOST_INSTRUCTIONS): Region | undefined {
  const instructions = new Map<number, Instruction>();
  const leaders = new Set([root]);
  const queue = [root];
  const bounds = new Map<number, number>();
  const tables = new Map<number, readonly number[]>();
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    let rip: number | undefined = at;
    const run: Instruction[] = [];
    while (rip !== undefined && !instructions.has(rip) && instructions.size < most) {
      if (rip !== root && source.isElsewhere(rip)) break;
      const instruction = source.decode(rip);
      if (!instruction) break;
      instructions.set(rip, instruction);
      run.push(instruction);
      source.note(instruction);
      const { flow, target, next } = instruction;
      rip = undefined;
      if (flow === 'next') {
        rip = next;
        continue;
      }
      const bound = flow === 'branch' ? source.bound(run) : undefined;
      if (bound) bounds.set(bound.at, bound.count);
      if (flow === 'jump' && target === undefined) tables.set(instruction.rip, source.targets(run, bounds.get(at)));
      for (const leader of tables.get(instruction.rip) ?? successors(flow, target, next)) {
        if (flow === 'branch' && leader !== next && !source.isWarm(leader)) continue;
        if (!leaders.has(leader)) queue.push(leader);
        leaders.add(leader);
      }
    }
    // Two runs meet: the second begins a block.
    if (rip !== undefined && instructions.has(rip)) leaders.add(rip);
  }
  return instructions.has(root) ? blocksOf(root, { instructions, leaders, tables }, source.count) : undefined;
}

function successors(flow: Instruction['flow'], target: number | undefined, next: number): number[] {
  if (flow === 'branch') return target === undefined ? [next] : [target, next];
  if (flow === 'jump') return target === undefined ? [] : [target];
  if (flow === 'call' || flow === 'syscall' || flow === 'synced') return [next];
  return [];
}

interface Found {
  readonly instructions: ReadonlyMap<number, Instruction>;
  readonly leaders: ReadonlySet<number>;
  /** Likely targets by indirect jump. */
  readonly tables: ReadonlyMap<number, readonly number[]>;
}

function blocksOf(root: number, { instructions, leaders, tables }: Found, count: Source['count']): Region {
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
    const { rip, flow, target, next } = list.at(-1) as Instruction;
    const table = tables.get(rip)?.filter((address) => numbers.has(address));
    const to = table ?? (flow === 'next' ? [next] : successors(flow, target, next));
    const numbered = to.map((address) => numbers.get(address));
    return { start, instructions: list, next: numbered, targets: table ?? [], count: count(start) };
  });
  return { root, blocks, pages };
}
