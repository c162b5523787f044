// Writing a tree of files as a tar archive: ustar, with pax headers where a name or size does not fit (POSIX pax, 4.100).

import { type ByteString, toBytes } from '../lib/bytes.ts';
import { checksum, TAR_BLOCK } from '../lib/tar.ts';
import { type Inode, S_IFDIR, S_IFLNK, S_IFREG } from '../kernel/vfs/inode.ts';

const NAME_FIELD = 100;
const LARGEST_OCTAL = 8 ** 11;

/** The archive in parts; files that are neither regular, directories nor links are left out. Throws Errno for unreadable ones. */
export function packTar(root: Inode, now: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  add(parts, root, '', now);
  parts.push(new Uint8Array(2 * TAR_BLOCK));
  return parts;
}

function add(parts: Uint8Array[], directory: Inode, prefix: ByteString, now: number): void {
  const names = directory.entries().map(({ name }) => name).filter((name) => name !== '.' && name !== '..');
  for (const name of names.sort()) {
    const inode = directory.lookup(name);
    if (!inode) continue;
    const path = prefix + name;
    if (inode.type === S_IFDIR) {
      header(parts, inode, { path: `${path}/`, type: '5', size: 0, link: '', now });
      add(parts, inode, `${path}/`, now);
    } else if (inode.type === S_IFLNK) header(parts, inode, { path, type: '2', size: 0, link: inode.readlink(), now });
    else if (inode.type === S_IFREG) {
      const bytes = contentOf(inode);
      header(parts, inode, { path, type: '0', size: bytes.length, link: '', now });
      parts.push(bytes, new Uint8Array(-bytes.length & (TAR_BLOCK - 1)));
    }
  }
}

function contentOf(inode: Inode): Uint8Array {
  const bytes = new Uint8Array(inode.stat().size);
  let at = 0;
  while (at < bytes.length) {
    const count = inode.read(bytes.subarray(at), at);
    if (count === 0) break;
    at += count;
  }
  return bytes.subarray(0, at);
}

interface Fields {
  readonly path: ByteString;
  readonly type: string;
  readonly size: number;
  readonly link: ByteString;
  readonly now: number;
}

function header(parts: Uint8Array[], inode: Inode, fields: Fields): void {
  const { path, link, size } = fields;
  const records: [string, ByteString][] = [];
  if (path.length > NAME_FIELD) records.push(['path', path]);
  if (link.length > NAME_FIELD) records.push(['linkpath', link]);
  if (size >= LARGEST_OCTAL) records.push(['size', String(size)]);
  if (records.length > 0) {
    const text = toBytes(records.map(([key, value]) => record(key, value)).join(''));
    parts.push(block({ ...fields, path: 'pax', link: '', type: 'x', size: text.length }, 0o644, 0, 0, fields.now));
    parts.push(text, new Uint8Array(-text.length & (TAR_BLOCK - 1)));
  }
  const { mode, uid, gid, mtime } = inode.stat();
  parts.push(block(fields, mode & 0o7777, uid, gid, mtime.seconds || fields.now));
}

/** `length key=value\n`, where length counts itself. */
function record(key: string, value: ByteString): ByteString {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

function block({ path, type, size, link }: Fields, mode: number, uid: number, gid: number, mtime: number): Uint8Array {
  const bytes = new Uint8Array(TAR_BLOCK);
  const text = (at: number, value: ByteString, room: number): void => bytes.set(toBytes(value.slice(0, room)), at);
  const octal = (at: number, value: number, digits: number): void => text(at, Math.floor(value).toString(8).padStart(digits, '0'), digits);
  text(0, path, NAME_FIELD);
  octal(100, mode, 7);
  octal(108, Math.min(uid, 0o7777777), 7);
  octal(116, Math.min(gid, 0o7777777), 7);
  octal(124, size < LARGEST_OCTAL ? size : 0, 11);
  octal(136, Math.max(0, mtime), 11);
  text(156, type, 1);
  text(157, link, NAME_FIELD);
  text(257, 'ustar\x0000', 8);
  octal(148, checksum(bytes, 0), 6);
  text(154, '\0 ', 2);
  return bytes;
}
