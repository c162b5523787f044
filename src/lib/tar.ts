// Reading tar archives in place: ustar, GNU long names, pax headers; entries point into the archive's bytes.

import { type ByteString, fromBytes } from './bytes.ts';
import { UsageError } from './usage-error.ts';

export type TarType = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

export interface TarEntry {
  /** As in the archive, without leading `/` or `./` and trailing slashes; '' is the root. */
  readonly path: ByteString;
  readonly type: TarType;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since the epoch; pax headers may give a fraction. */
  readonly mtime: number;
  /** Where the file's bytes are in the archive. */
  readonly offset: number;
  readonly size: number;
  /** Target of a link. */
  readonly link: ByteString;
  readonly major: number;
  readonly minor: number;
}

export const TAR_BLOCK = 512;

const TYPES: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** All entries in order. Throws UsageError that names the archive, what is wrong and the offset. */
export function readTar(bytes: Uint8Array, archive: string): TarEntry[] {
  const fail = (what: string, at: number): never => {
    throw new UsageError(`${archive}: damaged tar: ${what} at offset ${at}`);
  };
  const entries: TarEntry[] = [];
  const global: Record<string, ByteString> = {};
  /** What pax and GNU headers say about the next entry. */
  let next: Record<string, ByteString> = {};
  let at = 0;
  let hasEnd = false;
  while (at < bytes.length) {
    if (at + TAR_BLOCK > bytes.length) fail('header cut off', at);
    if (bytes[at] === 0 && isZero(bytes, at)) {
      hasEnd = true;
      break;
    }
    if (number(bytes, at + 148, 8) !== checksum(bytes, at)) fail('wrong header checksum', at);
    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    const isExtension = type === 'x' || type === 'g' || type === 'L' || type === 'K';
    const says = isExtension ? {} : { ...global, ...next };
    const size = says.size === undefined ? number(bytes, at + 124, 12) : Number(says.size);
    if (!Number.isSafeInteger(size) || size < 0) fail('bad size', at + 124);
    const isStored = isExtension || type === '0' || type === '\0' || type === '7' || !(type in TYPES);
    const data = at + TAR_BLOCK;
    const stored = isStored ? size : 0;
    if (data + stored > bytes.length) fail(`${stored} bytes of data cut off`, data);
    if (type === 'x') next = { ...next, ...paxRecords(bytes, data, size, fail) };
    else if (type === 'g') Object.assign(global, paxRecords(bytes, data, size, fail));
    else if (type === 'L') next.path = text(bytes, data, size);
    else if (type === 'K') next.linkpath = text(bytes, data, size);
    else {
      const known = TYPES[type];
      if (!known) fail(`unknown entry type ${JSON.stringify(type)}`, at + 156);
      else entries.push(entry(bytes, at, known, says, isStored ? size : 0));
      next = {};
    }
    at = data + Math.ceil(stored / TAR_BLOCK) * TAR_BLOCK;
  }
  if (!hasEnd && entries.length === 0) fail('no entries', 0);
  return entries;
}

function entry(bytes: Uint8Array, at: number, known: TarType, says: Record<string, ByteString>, size: number): TarEntry {
  const isUstar = text(bytes, at + 257, 5) === 'ustar';
  // In GNU's own format ("ustar  ") the prefix field holds other things.
  const prefix = isUstar && bytes[at + 262] === 0 ? text(bytes, at + 345, 155) : '';
  const name = text(bytes, at, 100);
  const stored = says.path ?? (prefix ? `${prefix}/${name}` : name);
  // Before POSIX, a directory was a file whose name ends in a slash.
  const type = known === 'file' && stored.endsWith('/') ? 'directory' : known;
  return {
    path: plain(stored),
    type,
    mode: number(bytes, at + 100, 8) & 0o7777,
    uid: says.uid === undefined ? number(bytes, at + 108, 8) : Number(says.uid),
    gid: says.gid === undefined ? number(bytes, at + 116, 8) : Number(says.gid),
    mtime: says.mtime === undefined ? number(bytes, at + 136, 12) : Number(says.mtime),
    offset: at + TAR_BLOCK,
    size,
    link: says.linkpath ?? text(bytes, at + 157, 100),
    major: isUstar ? number(bytes, at + 329, 8) : 0,
    minor: isUstar ? number(bytes, at + 337, 8) : 0,
  };
}

/** A member's path without what makes it absolute or relative: `./usr/` is `usr`. */
export const plain = (path: ByteString): ByteString =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** "LENGTH KEY=VALUE\n" records (pax(1), "pax Header Block"). */
function paxRecords(
  bytes: Uint8Array,
  start: number,
  size: number,
  fail: (what: string, at: number) => never,
): Record<string, ByteString> {
  const records: Record<string, ByteString> = {};
  let at = start;
  while (at < start + size) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 || space > at + 20 ? Number.NaN : Number(fromBytes(bytes.subarray(at, space)));
    if (!(length > space - at + 1) || at + length > start + size || bytes[at + length - 1] !== 10) fail('bad pax record', at);
    const record = fromBytes(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    if (equals < 0) fail('bad pax record', at);
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return records;
}

function text(bytes: Uint8Array, at: number, length: number): ByteString {
  let end = at;
  while (end < at + length && bytes[end]) end++;
  return fromBytes(bytes.subarray(at, end));
}

/** An octal field, or GNU's base-256 form for large values (first bit set). NaN if it is neither. */
function number(bytes: Uint8Array, at: number, length: number): number {
  if (((bytes[at] ?? 0) & 0x80) !== 0) {
    let value = (bytes[at] ?? 0) & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] ?? 0);
    return value;
  }
  let value = 0;
  let hasDigit = false;
  for (let i = 0; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte >= 48 && byte <= 55) {
      value = value * 8 + byte - 48;
      hasDigit = true;
    } else if (byte === 0 || (byte === 32 && hasDigit)) break;
    else if (byte !== 32) return Number.NaN;
  }
  return value;
}

/** Sum of the header's bytes with the checksum field taken as spaces. */
export function checksum(bytes: Uint8Array, at: number): number {
  let sum = 8 * 32;
  for (let i = 0; i < TAR_BLOCK; i++) if (i < 148 || i >= 156) sum += bytes[at + i] ?? 0;
  return sum;
}

function isZero(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < TAR_BLOCK; i++) if (bytes[at + i] !== 0) return false;
  return true;
}
