// An ELF executable or shared object as plain data, read from its headers and checked so that it can be mapped as it says.

import { type ByteString, fromBytes } from '../lib/bytes.ts';
import { machineName } from './machines.ts';

/** A segment (PT_LOAD). All numbers are exact: what does not fit below 2^32 was refused. */
export interface Segment {
  readonly vaddr: number;
  readonly memsz: number;
  readonly offset: number;
  readonly filesz: number;
  /** PF_R, PF_W, PF_X. */
  readonly flags: number;
  readonly align: number;
}

export interface ElfImage {
  /** ET_EXEC has fixed addresses; ET_DYN (PIE, shared object, program interpreter) goes anywhere. */
  readonly type: 'exec' | 'dyn';
  readonly machine: number;
  readonly entry: number;
  /** PT_LOAD segments in ascending order, at least one. */
  readonly segments: readonly Segment[];
  /** PT_INTERP: path of the program interpreter. */
  readonly interp: ByteString | undefined;
  /** Address (before relocation) at which the program headers are mapped; undefined when no segment holds them. */
  readonly phdr: number | undefined;
  readonly phnum: number;
  /** p_flags of PT_GNU_STACK; undefined if there is none. */
  readonly stackFlags: number | undefined;
  /** First and last address past the segments, before relocation. */
  readonly start: number;
  readonly end: number;
}

/** Why a file cannot be run: one line that names the damage. */
export class ElfError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Random access to the bytes of a file. */
export interface ElfSource {
  readonly size: number;
  /** The bytes of [position, position + length), fewer at the end of the file. */
  read(position: number, length: number): Uint8Array;
}

export const PF_X = 1,
  PF_W = 2,
  PF_R = 4;
export const HEADER_SIZE = 64,
  PHENT_SIZE = 56;
const ET_REL = 1,
  ET_EXEC = 2,
  ET_DYN = 3,
  ET_CORE = 4;
const PT_LOAD = 1,
  PT_INTERP = 3,
  PT_GNU_STACK = 0x6474e551;
const PAGE = 4096;
/** Linux reads at most 64 KiB of program headers (fs/binfmt_elf.c, load_elf_phdrs). */
const MAX_PHNUM = Math.floor(65536 / PHENT_SIZE);
const PATH_MAX = 4096;
const ADDRESS_LIMIT = 2 ** 32;

export const isElf = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/** An ElfSource over bytes at hand. */
export const elfBytes = (bytes: Uint8Array): ElfSource => ({
  size: bytes.length,
  read: (position, length) => bytes.subarray(position, position + length),
});

/** Reads and checks the headers of a program for `machine`. Throws ElfError and nothing else of its own. */
export function readElf(source: ElfSource, machine: number): ElfImage {
  const header = readHeader(source, machine);
  const table = source.read(header.phoff, header.phnum * PHENT_SIZE);
  if (table.length < header.phnum * PHENT_SIZE) {
    throw new ElfError(
      `truncated ELF: ${header.phnum} program headers end at byte ${header.phoff + header.phnum * PHENT_SIZE} of ${source.size}`,
    );
  }
  const view = viewOf(table);
  const segments: Segment[] = [];
  let interp: ByteString | undefined;
  let stackFlags: number | undefined;
  for (let i = 0; i < header.phnum; i++) {
    const at = i * PHENT_SIZE;
    const type = view.getUint32(at, true);
    if (type === PT_LOAD) segments.push(readSegment(view, at, i, source.size));
    else if (type === PT_INTERP) interp ??= readInterp(source, u64(view, at + 8), u64(view, at + 32));
    else if (type === PT_GNU_STACK) stackFlags = view.getUint32(at + 4, true);
  }
  const [first] = segments,
    last = segments.at(-1);
  if (!first || !last) throw new ElfError('ELF without a PT_LOAD segment: there is nothing to run');
  checkOrder(segments);
  return {
    type: header.type,
    machine,
    entry: header.entry,
    segments,
    interp,
    phdr: phdrAddress(segments, header.phoff),
    phnum: header.phnum,
    stackFlags,
    start: first.vaddr - (first.vaddr % PAGE),
    end: last.vaddr + last.memsz,
  };
}

function readHeader(source: ElfSource, machine: number) {
  const bytes = source.read(0, HEADER_SIZE);
  if (!isElf(bytes)) throw new ElfError('not an ELF file');
  if (bytes.length < HEADER_SIZE) throw new ElfError(`truncated ELF header: ${bytes.length} of ${HEADER_SIZE} bytes`);
  const [fileClass, encoding] = bytes.subarray(4);
  const view = viewOf(bytes);
  if (encoding === 2)
    throw new ElfError(`big-endian ELF for ${machineName(view.getUint16(18, false))}; this machine is ${machineName(machine)}`);
  if (encoding !== 1) throw new ElfError(`ELF with unknown data encoding ${encoding}`);
  const found = view.getUint16(18, true);
  if (fileClass === 1) throw new ElfError(`32-bit ELF (ELFCLASS32) for ${machineName(found)}; only 64-bit programs run`);
  if (fileClass !== 2) throw new ElfError(`ELF of unknown class ${fileClass}`);
  if (found !== machine) throw new ElfError(`ELF for ${machineName(found)}; this machine is ${machineName(machine)}`);
  const type = view.getUint16(16, true);
  if (type === ET_REL) throw new ElfError('relocatable object file: it must be linked before it can run');
  if (type === ET_CORE) throw new ElfError('core file, not a program');
  if (type !== ET_EXEC && type !== ET_DYN) throw new ElfError(`ELF of unknown type ${type}`);
  const phentsize = view.getUint16(54, true),
    phnum = view.getUint16(56, true);
  if (phnum === 0) throw new ElfError('ELF without program headers: there is nothing to run');
  if (phentsize !== PHENT_SIZE)
    throw new ElfError(`ELF with program headers of ${phentsize} bytes (e_phentsize), not ${PHENT_SIZE}`);
  if (phnum > MAX_PHNUM) throw new ElfError(`ELF with ${phnum} program headers (e_phnum); at most ${MAX_PHNUM} are allowed`);
  const phoff = u64(view, 32),
    entry = u64(view, 24);
  if (phoff > source.size) throw new ElfError(`truncated ELF: program headers at byte ${phoff} of ${source.size}`);
  if (entry >= ADDRESS_LIMIT) throw new ElfError(`ELF with entry point ${address(entry)}, outside its segments`);
  return { type: type === ET_EXEC ? ('exec' as const) : ('dyn' as const), entry, phoff, phnum };
}

function readSegment(view: DataView, at: number, index: number, size: number): Segment {
  const segment: Segment = {
    flags: view.getUint32(at + 4, true),
    offset: u64(view, at + 8),
    vaddr: u64(view, at + 16),
    filesz: u64(view, at + 32),
    memsz: u64(view, at + 40),
    align: u64(view, at + 48),
  };
  const { vaddr, memsz, offset, filesz, align } = segment;
  const fail = (text: string): never => {
    throw new ElfError(`damaged ELF: segment ${index} ${text}`);
  };
  if (filesz > memsz) fail(`has more bytes in the file (p_filesz ${address(filesz)}) than in memory (p_memsz ${address(memsz)})`);
  if (vaddr + memsz >= 2 ** 64) fail(`wraps around the address space (${address(vaddr)} + ${address(memsz)})`);
  if (memsz > ADDRESS_LIMIT) fail(`is too large (p_memsz ${address(memsz)})`);
  if (vaddr + memsz > ADDRESS_LIMIT) fail(`has the unusable address ${address(vaddr)}: only the first 4 GiB can be used`);
  if (filesz > 0 && offset + filesz > size) fail(`ends at byte ${offset + filesz} of a file of ${size}: the file is truncated`);
  if (filesz > 0 && vaddr % PAGE !== offset % PAGE)
    fail(`cannot be mapped: address ${address(vaddr)} and offset ${address(offset)} differ within a page`);
  return { ...segment, align: isPowerOfTwo(align) && align <= ADDRESS_LIMIT / 4 ? align : PAGE };
}

function checkOrder(segments: readonly Segment[]): void {
  let before: Segment | undefined;
  for (const segment of segments) {
    if (before && segment.vaddr < before.vaddr)
      throw new ElfError(`damaged ELF: segments are not in ascending order at ${address(segment.vaddr)}`);
    if (before && segment.vaddr < before.vaddr + before.memsz)
      throw new ElfError(`damaged ELF: segments overlap at ${address(segment.vaddr)}`);
    before = segment;
  }
}

function readInterp(source: ElfSource, offset: number, length: number): ByteString {
  if (length < 2 || length > PATH_MAX) throw new ElfError(`damaged ELF: the interpreter's path (PT_INTERP) has ${length} bytes`);
  const bytes = offset <= source.size ? source.read(offset, length) : new Uint8Array(0);
  if (bytes.length < length)
    throw new ElfError("truncated ELF: the interpreter's path (PT_INTERP) lies past the end of the file");
  if (bytes[length - 1] !== 0) throw new ElfError("damaged ELF: the interpreter's path (PT_INTERP) does not end in NUL");
  return fromBytes(bytes.subarray(0, bytes.indexOf(0)));
}

/** As Linux: where the segment that contains e_phoff puts it. */
function phdrAddress(segments: readonly Segment[], phoff: number): number | undefined {
  const holder = segments.find(({ offset, filesz }) => offset <= phoff && phoff < offset + filesz);
  return holder && holder.vaddr + (phoff - holder.offset);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Rounded above 2^53, where every value is refused anyway. */
const u64 = (view: DataView, at: number): number => view.getUint32(at + 4, true) * ADDRESS_LIMIT + view.getUint32(at, true);
const isPowerOfTwo = (value: number): boolean => value >= PAGE && 2 ** Math.round(Math.log2(value)) === value;
const address = (value: number): string => `0x${value.toString(16)}`;
