// Maps the segments of an ELF file as Linux does (fs/binfmt_elf.c): file pages, zeroed tails, anonymous remainders.

import { E } from '../abi/errno.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../abi/mman.ts';
import { PF_R, PF_W, PF_X, type Segment } from '../elf/image.ts';
import { PAGE_SIZE, pageAlign, pageStart } from '../memory/layout.ts';
import { ExecError } from './exec-error.ts';
import type { ProgramFile } from './exec-file.ts';
import { AREA, Area, type MappedFile } from './mm/area.ts';
import { LOWEST_ADDRESS, TASK_SIZE } from './mm/layout.ts';
import type { MemoryMap } from './mm/memory-map.ts';

/** Where an image went. */
export interface Loaded {
  /** What is added to the addresses in the file. */
  readonly bias: number;
  readonly entry: number;
  /** First address past the last segment. */
  readonly end: number;
}

/** Refuses what load() could not map, while the old program can still go on. */
export function requireMappable({ path, image }: ProgramFile): void {
  const refuse = (cause: string): never => {
    throw new ExecError(E.ENOEXEC, path.print(), cause);
  };
  if (image.type === 'exec') {
    if (image.start < LOWEST_ADDRESS)
      refuse(`ELF with the unusable address 0x${image.start.toString(16)}: the lowest is 0x${LOWEST_ADDRESS.toString(16)}`);
    if (image.end > TASK_SIZE)
      refuse(`ELF with the unusable address 0x${image.end.toString(16)}: the highest is 0x${TASK_SIZE.toString(16)}`);
  } else if (image.end - image.start > TASK_SIZE / 2) refuse('ELF whose segments are too far apart for the address space');
}

/** Throws Errno. `base` is where the lowest segment of an ET_DYN image goes; without it, where mmap would put it. */
export function load(mm: MemoryMap, file: ProgramFile, base?: number): Loaded {
  const { image, path } = file;
  const bias = image.type === 'exec' ? 0 : place(mm, file, base) - image.start;
  const mapped: MappedFile = { inode: path.inode, path };
  for (const segment of image.segments) if (segment.memsz > 0) mapSegment(mm, segment, bias, mapped);
  return { bias, entry: image.entry + bias, end: image.end + bias };
}

function place(mm: MemoryMap, { image }: ProgramFile, base: number | undefined): number {
  const align = Math.max(...image.segments.map((segment) => segment.align), PAGE_SIZE);
  const length = pageAlign(image.end - image.start);
  if (base !== undefined) return base - (base % align);
  const gap = mm.findGap(length + align - PAGE_SIZE);
  // mappings grow downwards: the slack of the alignment stays below
  const top = gap + align - PAGE_SIZE;
  return top - (top % align);
}

function mapSegment(mm: MemoryMap, segment: Segment, bias: number, file: MappedFile): void {
  const address = segment.vaddr + bias;
  const start = pageStart(address);
  const fileEnd = address + segment.filesz,
    end = address + segment.memsz;
  const prot = protection(segment.flags);
  let at = start;
  if (segment.filesz > 0) {
    at = pageAlign(fileEnd);
    const area = new Area(start, at, prot, AREA.mayWrite | (prot & PROT_WRITE ? AREA.account : 0));
    area.file = file;
    area.offset = segment.offset - (address - start);
    put(mm, area);
    // the whole rest of the page, past p_memsz too: ld.so's first malloc takes it for zeros (Linux, padzero)
    if (end > fileEnd && prot & PROT_WRITE) clear(mm, fileEnd, at);
  }
  const last = pageAlign(end);
  if (last > at) put(mm, new Area(at, last, PROT_READ | PROT_WRITE | (prot & PROT_EXEC), AREA.mayWrite | AREA.account));
}

/** Maps over what an earlier segment left in the same page, but nothing else: segments are in ascending order. */
function put(mm: MemoryMap, area: Area): void {
  if (area.end > TASK_SIZE || area.start < LOWEST_ADDRESS) throw E.ENOMEM;
  if (!mm.mayExpand(area.end - area.start)) throw E.ENOMEM;
  for (const other of mm.areas.overlapping(area.start, area.end)) {
    if (other.is(AREA.growsDown | AREA.special) || other.end - area.start > PAGE_SIZE) throw E.EEXIST;
  }
  mm.remove(area.start, area.end);
  mm.add(area);
}

function clear(mm: MemoryMap, from: number, to: number): void {
  mm.memory.writable(from, to - from).fill(0);
}

const protection = (flags: number): number =>
  (flags & PF_R ? PROT_READ : 0) | (flags & PF_W ? PROT_WRITE : 0) | (flags & PF_X ? PROT_EXEC : 0);
