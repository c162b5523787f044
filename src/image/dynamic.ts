// The dynamic section of an ELF file: what it needs and where it says to look (System V ABI, chapter 5).

import { type ElfSource, HEADER_SIZE, isElf, PHENT_SIZE } from '../elf/image.ts';
import { type ByteString, fromBytes } from '../lib/bytes.ts';

export interface DynamicInfo {
  /** PT_INTERP. */
  readonly interpreter: ByteString | undefined;
  /** DT_NEEDED in order. */
  readonly needed: readonly ByteString[];
  /** DT_RPATH and DT_RUNPATH, as they stand. */
  readonly rpath: ByteString | undefined;
  readonly runpath: ByteString | undefined;
}

const PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3;
const DT_NULL = 0, DT_NEEDED = 1, DT_STRTAB = 5, DT_RPATH = 15, DT_RUNPATH = 29;
/** Strings in a dynamic section are names and search paths: this is more than any real one has. */
const MAX_STRING = 65536;

/** Reads a 64-bit little-endian ELF file; undefined for anything else. */
export function readDynamic(source: ElfSource): DynamicInfo | undefined {
  const header = source.read(0, HEADER_SIZE);
  if (!isElf(header) || header.length < HEADER_SIZE || header[4] !== 2 || header[5] !== 1) return undefined;
  const head = viewOf(header);
  const table = source.read(u64(head, 32), head.getUint16(56, true) * PHENT_SIZE);
  const view = viewOf(table);
  const loads: { vaddr: number; offset: number; size: number }[] = [];
  let dynamic: { offset: number; size: number } | undefined;
  let interpreter: ByteString | undefined;
  for (let at = 0; at + PHENT_SIZE <= table.length; at += PHENT_SIZE) {
    const type = view.getUint32(at, true);
    const offset = u64(view, at + 8), vaddr = u64(view, at + 16), size = u64(view, at + 32);
    if (type === PT_LOAD) loads.push({ vaddr, offset, size });
    else if (type === PT_DYNAMIC) dynamic = { offset, size };
    else if (type === PT_INTERP) interpreter = stringAt(source, offset);
  }
  const tags = dynamic ? readTags(source.read(dynamic.offset, dynamic.size)) : [];
  const strings = tags.find(([tag]) => tag === DT_STRTAB)?.[1];
  const load = loads.find(({ vaddr, size }) => strings !== undefined && strings >= vaddr && strings < vaddr + size);
  const text = (offset: number): ByteString => (load && strings !== undefined ? stringAt(source, load.offset + strings - load.vaddr + offset) : '');
  const first = (wanted: number): ByteString | undefined => {
    const found = tags.find(([tag]) => tag === wanted);
    return found && text(found[1]);
  };
  return {
    interpreter,
    needed: tags.filter(([tag]) => tag === DT_NEEDED).map(([, offset]) => text(offset)),
    rpath: first(DT_RPATH),
    runpath: first(DT_RUNPATH),
  };
}

function readTags(bytes: Uint8Array): [tag: number, value: number][] {
  const view = viewOf(bytes);
  const tags: [number, number][] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const tag = u64(view, at);
    if (tag === DT_NULL) break;
    tags.push([tag, u64(view, at + 8)]);
  }
  return tags;
}

function stringAt(source: ElfSource, position: number): ByteString {
  const bytes = source.read(position, MAX_STRING);
  const end = bytes.indexOf(0);
  return fromBytes(bytes.subarray(0, end < 0 ? bytes.length : end));
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const u64 = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
