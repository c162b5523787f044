// Symbols of an ELF file, read from its section headers: names for addresses in messages and dumps.

import { type ByteString, fromBytes } from '../lib/bytes.ts';
import { type ElfSource, HEADER_SIZE, isElf } from './image.ts';

export interface Symbol {
  readonly name: ByteString;
  /** st_value, before relocation. */
  readonly value: number;
  readonly size: number;
  /** STT_*: 1 object, 2 function ... */
  readonly type: number;
}

const SHENT_SIZE = 64,
  SYM_SIZE = 24;
const SHT_SYMTAB = 2,
  SHT_DYNSYM = 11;
/** More than any real file has; a damaged one may claim anything. */
const MAX_BYTES = 64 << 20;

/** The defined symbols of .symtab, or of .dynsym in a stripped file; none if the tables are absent or damaged. */
export function readSymbols(source: ElfSource): Symbol[] {
  const header = source.read(0, HEADER_SIZE);
  if (header.length < HEADER_SIZE || !isElf(header)) return [];
  const view = viewOf(header);
  const sections = readSections(source, u64(view, 40), view.getUint16(58, true), view.getUint16(60, true));
  const table = sections.find(({ type }) => type === SHT_SYMTAB) ?? sections.find(({ type }) => type === SHT_DYNSYM);
  const names = table && sections[table.link];
  if (!table || !names || table.size > MAX_BYTES || names.size > MAX_BYTES) return [];
  return readTable(source.read(table.offset, table.size), source.read(names.offset, names.size));
}

/** The function or object that contains `value`, from symbols sorted or not. */
export function symbolAt(symbols: readonly Symbol[], value: number): Symbol | undefined {
  return symbols.find((symbol) => value >= symbol.value && value < symbol.value + Math.max(1, symbol.size));
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

function readSections(source: ElfSource, offset: number, entrySize: number, count: number): Section[] {
  if (entrySize !== SHENT_SIZE || offset > source.size) return [];
  const bytes = source.read(offset, count * SHENT_SIZE);
  const view = viewOf(bytes);
  const sections: Section[] = [];
  for (let at = 0; at + SHENT_SIZE <= bytes.length; at += SHENT_SIZE) {
    sections.push({
      type: view.getUint32(at + 4, true),
      offset: u64(view, at + 24),
      size: u64(view, at + 32),
      link: view.getUint32(at + 40, true),
    });
  }
  return sections;
}

function readTable(table: Uint8Array, names: Uint8Array): Symbol[] {
  const view = viewOf(table);
  const symbols: Symbol[] = [];
  for (let at = 0; at + SYM_SIZE <= table.length; at += SYM_SIZE) {
    const start = view.getUint32(at, true);
    const end = names.indexOf(0, start);
    const isDefined = view.getUint16(at + 6, true) !== 0;
    if (!isDefined || start === 0 || end <= start) continue;
    symbols.push({
      name: fromBytes(names.subarray(start, end)),
      value: u64(view, at + 8),
      size: u64(view, at + 16),
      type: view.getUint8(at + 4) & 0xf,
    });
  }
  return symbols;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const u64 = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
