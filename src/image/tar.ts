// Writing tar archives: ustar with pax headers where ustar cannot say it; the same tree always gives the same bytes.

import { type ByteString, toBytes } from '../lib/bytes.ts';
import { checksum, TAR_BLOCK } from '../lib/tar.ts';

/** What is packed: an inode of the kernel's file systems fits. */
export interface PackNode {
  /** S_IFMT bits. */
  readonly type: number;
  stat(): { readonly mode: number; readonly size: number; readonly rdev: number };
  entries(): readonly { readonly name: ByteString }[];
  lookup(name: ByteString): PackNode | undefined;
  readlink(): ByteString;
  read(into: Uint8Array, position: number): number;
}

export interface PackOptions {
  /** Modification time of everything, in seconds: 0 by default, so that archives can be compared. */
  readonly mtime?: number;
}

const S_IFDIR = 0o040000,
  S_IFREG = 0o100000,
  S_IFLNK = 0o120000,
  S_IFCHR = 0o020000,
  S_IFIFO = 0o010000;
const TYPE_FLAGS: Readonly<Record<number, string>> = {
  [S_IFREG]: '0',
  [S_IFLNK]: '2',
  [S_IFCHR]: '3',
  [S_IFDIR]: '5',
  [S_IFIFO]: '6',
};
const NAME_SIZE = 100,
  LINK_SIZE = 100,
  PREFIX_SIZE = 155;
/** Largest size that 11 octal digits say. */
const MAX_OCTAL_SIZE = 0o77777777777;

/** The archive of a tree, owned by root, names sorted; sockets are left out. */
export function packTree(root: PackNode, { mtime = 0 }: PackOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const add = (node: PackNode, path: ByteString): void => {
    const flag = TYPE_FLAGS[node.type];
    if (flag === undefined) return;
    const { mode, size, rdev } = node.stat();
    const content = node.type === S_IFREG ? readAll(node, size) : new Uint8Array(0);
    const link = node.type === S_IFLNK ? node.readlink() : '';
    const name = node.type === S_IFDIR ? `${path}/` : path;
    const pax = paxRecords(name, link, content.length);
    if (pax)
      parts.push(
        header({ name: 'pax', flag: 'x', mode: 0o644, size: pax.length, link: '', mtime, rdev: 0 }),
        pax,
        padding(pax.length),
      );
    parts.push(
      header({ name, flag, mode: mode & 0o7777, size: content.length, link, mtime, rdev }),
      content,
      padding(content.length),
    );
    if (node.type === S_IFDIR) addAll(node, `${path}/`);
  };
  const addAll = (directory: PackNode, prefix: ByteString): void => {
    const names = directory
      .entries()
      .map(({ name }) => name)
      .sort();
    for (const name of names) {
      const node = directory.lookup(name);
      if (node) add(node, prefix + name);
    }
  };
  addAll(root, '');
  // Two blocks of zeros end the archive.
  parts.push(new Uint8Array(2 * TAR_BLOCK));
  return join(parts);
}

function readAll(node: PackNode, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let done = 0;
  while (done < size) {
    const got = node.read(bytes.subarray(done), done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

interface Header {
  readonly name: ByteString;
  readonly flag: string;
  readonly mode: number;
  readonly size: number;
  readonly link: ByteString;
  readonly mtime: number;
  readonly rdev: number;
}

function header({ name, flag, mode, size, link, mtime, rdev }: Header): Uint8Array {
  const block = new Uint8Array(TAR_BLOCK);
  const put = (at: number, text: ByteString, length: number): void => block.set(toBytes(text).subarray(0, length), at);
  const octal = (at: number, value: number, length: number): void =>
    put(
      at,
      `${Math.min(value, MAX_OCTAL_SIZE)
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      length,
    );
  const [prefix, base] = splitName(name) ?? ['', name];
  put(0, base, NAME_SIZE);
  octal(100, mode, 8);
  octal(108, 0, 8);
  octal(116, 0, 8);
  octal(124, size, 12);
  octal(136, mtime, 12);
  put(156, flag, 1);
  put(157, link, LINK_SIZE);
  put(257, 'ustar\x0000', 8);
  put(265, 'root', 32);
  put(297, 'root', 32);
  octal(329, (rdev >>> 8) & 0xfff, 8);
  octal(337, (rdev & 0xff) | ((rdev >>> 12) & 0xfff00), 8);
  put(345, prefix, PREFIX_SIZE);
  put(148, `${checksum(block, 0).toString(8).padStart(6, '0')}\0 `, 8);
  return block;
}

/** A name as prefix and rest for the two fields of ustar; undefined if it does not fit. */
function splitName(name: ByteString): readonly [ByteString, ByteString] | undefined {
  if (name.length <= NAME_SIZE) return ['', name];
  for (let slash = name.lastIndexOf('/', PREFIX_SIZE); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
    const rest = name.length - slash - 1;
    if (rest > NAME_SIZE) return undefined;
    if (rest > 0) return [name.slice(0, slash), name.slice(slash + 1)];
  }
  return undefined;
}

/** What ustar's fields cannot hold, as "LENGTH KEY=VALUE\n" records. */
function paxRecords(name: ByteString, link: ByteString, size: number): Uint8Array | undefined {
  const records: ByteString[] = [];
  if (!splitName(name)) records.push(record('path', name));
  if (link.length > LINK_SIZE) records.push(record('linkpath', link));
  if (size > MAX_OCTAL_SIZE) records.push(record('size', String(size)));
  return records.length > 0 ? toBytes(records.join('')) : undefined;
}

/** The length counts itself. */
function record(key: string, value: ByteString): ByteString {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return length + rest;
}

const padding = (size: number): Uint8Array => new Uint8Array((TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK);

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
