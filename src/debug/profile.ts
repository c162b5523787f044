// Where guests spend their time, by symbol, in the format of Chrome's developer tools (.cpuprofile).
//
//   (root) -> process, its name and number -> function, by the symbols of the file that its code is mapped from
//          -> (compiler)   finding and translating hot code
//          -> (idle)       no guest could run
//
// A sample is a slice of the scheduler, which is short while a profile is taken, and belongs to where the slice ended: compiled
// code ends a slice at the head of a loop, at the entry of a function or behind a call.

import type { CompilerStats } from '../arch/arch.ts';
import { type ElfSource, ElfError, readElf, type Segment } from '../elf/image.ts';
import { readSymbols, type Symbol } from '../elf/symbols.ts';
import { InodeSource } from '../kernel/exec-file.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Task } from '../kernel/task.ts';
import type { Inode } from '../kernel/vfs/inode.ts';
import { hex } from '../lib/hex.ts';

interface Node {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    /** Path of the file in the guest. */
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  hitCount: number;
  readonly children: number[];
}

/** Gaps between slices below this are the kernel's, in milliseconds. */
const IDLE = 0.5;
/** Code without symbols is told apart by these, in bytes. */
const UNNAMED = 4096;

export class Profile {
  readonly #kernel: Kernel;
  readonly #nodes: Node[] = [];
  readonly #byKey = new Map<string, Node>();
  readonly #files = new Map<Inode, CodeNames | undefined>();
  readonly #samples: number[] = [];
  /** Monotonic milliseconds at which each sample begins. */
  readonly #times: number[] = [];
  readonly #root: Node;
  readonly #start: number;
  #end: number;
  #compiling: number;

  /** Samples from now on. */
  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#root = this.#node(undefined, '(root)');
    this.#start = this.#end = kernel.clock.monotonic();
    this.#compiling = this.#compilingSoFar();
    kernel.onSlice = (task, start, end) => this.#slice(task, start, end);
  }

  /** The profile as JSON; times are in microseconds. */
  json(): string {
    const micro = (time: number): number => Math.round(time * 1000);
    const { samples, times } = { samples: this.#samples, times: this.#times };
    return JSON.stringify({
      nodes: this.#nodes,
      startTime: micro(this.#start),
      endTime: micro(this.#end),
      samples,
      timeDeltas: times.map((time, i) => micro(time) - micro(times[i - 1] ?? this.#start)),
    });
  }

  #slice(task: Task, start: number, end: number): void {
    if (start - this.#end > IDLE) this.#sample(this.#node(this.#root, '(idle)'), this.#end);
    const compiling = Math.min(end - start, this.#compilingSoFar() - this.#compiling);
    this.#compiling += compiling;
    if (compiling > 0) this.#sample(this.#node(this.#root, '(compiler)'), start);
    this.#sample(this.#place(task), start + compiling);
    this.#end = end;
  }
  #sample(node: Node, time: number): void {
    node.hitCount++;
    this.#samples.push(node.id);
    this.#times.push(time);
  }

  #compilingSoFar(): number {
    const stats: CompilerStats | undefined = this.#kernel.executions.compiled?.();
    return stats ? stats.translateMilliseconds + stats.engineMilliseconds : 0;
  }

  /** The function that a task is in. */
  #place(task: Task): Node {
    const { process } = task;
    const parent = this.#node(this.#root, `${process.name} (${process.pid})`);
    const rip = Number(this.#kernel.abi.register(process.stateBytes, 'rip'));
    const area = process.mm.areas.at(rip);
    if (!area) return this.#node(parent, '[unmapped]');
    const { file } = area;
    if (!file) return this.#node(parent, area.name ?? `[anonymous] ${hex(rip - (rip % UNNAMED))}`);
    const url = file.path?.print(process.fs.root) ?? '';
    const offset = area.offset + (rip - area.start);
    return this.#node(parent, this.#namesOf(file.inode)?.at(offset) ?? `[${hex(offset - (offset % UNNAMED))}]`, url);
  }
  #namesOf(inode: Inode): CodeNames | undefined {
    if (!this.#files.has(inode)) this.#files.set(inode, codeNames(new InodeSource(inode), this.#kernel.abi.machine));
    return this.#files.get(inode);
  }

  #node(parent: Node | undefined, functionName: string, url = ''): Node {
    const key = `${parent?.id} ${functionName} ${url}`;
    let node = this.#byKey.get(key);
    if (!node) {
      const callFrame = { functionName, scriptId: '0', url, lineNumber: -1, columnNumber: -1 };
      node = { id: this.#nodes.length + 1, callFrame, hitCount: 0, children: [] };
      this.#nodes.push(node);
      this.#byKey.set(key, node);
      parent?.children.push(node.id);
    }
    return node;
  }
}

const STT_NOTYPE = 0,
  STT_FUNC = 2,
  STT_GNU_IFUNC = 10;
const CODE: ReadonlySet<number> = new Set([STT_NOTYPE, STT_FUNC, STT_GNU_IFUNC]);

/** Names of functions by their place in a file. */
class CodeNames {
  readonly #segments: readonly Segment[];
  /** By address; of several at one address the last is a function, if one is. */
  readonly #symbols: readonly Symbol[];

  constructor(segments: readonly Segment[], symbols: readonly Symbol[]) {
    this.#segments = segments;
    const code = symbols.filter(({ type }) => CODE.has(type));
    this.#symbols = code.sort((a, b) => a.value - b.value || a.size - b.size);
  }

  /** The function that the byte at a position of the file belongs to. */
  at(offset: number): string | undefined {
    const segment = this.#segments.find((each) => offset >= each.offset && offset < each.offset + each.filesz);
    if (!segment) return undefined;
    const address = offset - segment.offset + segment.vaddr;
    let low = 0,
      high = this.#symbols.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#symbols[middle] as Symbol).value <= address) low = middle + 1;
      else high = middle;
    }
    const symbol = this.#symbols[low - 1];
    // What has no size, as the assembler leaves it, reaches to the next one.
    return symbol && (symbol.size === 0 || address < symbol.value + symbol.size) ? symbol.name : undefined;
  }
}

/** undefined for what is no ELF file. */
function codeNames(source: ElfSource, machine: number): CodeNames | undefined {
  try {
    return new CodeNames(readElf(source, machine).segments, readSymbols(source));
  } catch (error) {
    if (error instanceof ElfError) return undefined;
    throw error;
  }
}
