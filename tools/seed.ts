// Lays out the image that `npm start` runs: hello, its C library and dynamic linker, out of the bundled base image.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { readTar } from '../src/lib/tar.ts';

/** Guest paths, and the files of the base image that they show. */
const FILES = {
  '/hello': 'hello',
  '/lib64/libc.so.6': 'usr/lib/x86_64-linux-gnu/libc.so.6',
  '/usr/lib/ld-linux-x86-64.so.2': 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
};

const directory = join(import.meta.dirname, '../.cache/seed');
const archive = zstdDecompressSync(readFileSync(join(import.meta.dirname, '../image/base.tar.zst')));
const entries = new Map(readTar(archive, 'base image').map((entry) => [entry.path, entry]));

mkdirSync(directory, { recursive: true });
const lines = Object.entries(FILES).map(([guest, path]) => {
  const entry = entries.get(path);
  if (!entry) throw new Error(`the base image has no ${path}`);
  const file = join(directory, path.slice(path.lastIndexOf('/') + 1));
  writeFileSync(file, archive.subarray(entry.offset, entry.offset + entry.size), { mode: 0o755 });
  return `${guest}: ${file}\n`;
});
writeFileSync(join(directory, 'seed.manifest'), `[manifest]\n${lines.join('')}`);
