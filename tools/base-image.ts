// Makes image/base.tar.zst, the bundled root file system, from Debian packages of fixed versions; the same input gives the
// same bytes. Needs Debian 12 on x86-64 with apt, dpkg-deb and gcc; image/base.json says what went in and what came out.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { type PackNode, packTree } from '../src/image/tar.ts';
import { readTar } from '../src/lib/tar.ts';

interface Package {
  readonly name: string;
  readonly version: string;
  /** Of the .deb, as Debian's Packages file has it. */
  readonly sha256: string;
  /** The package whose source it is built from. */
  readonly source: string;
  /** Paths to take; a directory is taken with all in it. */
  readonly take: readonly string[];
}

const GCC = '12.2.0-14+deb12u1';
const LIB = 'lib/x86_64-linux-gnu';
const glibc = (name: string): string => `${LIB}/${name}`;

const PACKAGES: readonly Package[] = [
  {
    name: 'busybox-static',
    version: '1:1.35.0-4+deb12u1+b1',
    sha256: '3d3fdbe91d4660c873e14b092c213fe81c1da6362daa236eb25d0171eb108744',
    source: 'busybox',
    take: ['bin/busybox', 'usr/share/doc/busybox-static/copyright'],
  },
  {
    name: 'libc6',
    version: '2.36-9+deb12u14',
    sha256: 'ba4f88f73dbc3ae9055f3c20f4523bfdbaf1ad13ff95e258924f77d20b4fbedf',
    source: 'glibc',
    take: [
      ...['ld-linux-x86-64.so.2', 'libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1', 'libutil.so.1'].map(
        glibc,
      ),
      'lib64/ld-linux-x86-64.so.2',
      'usr/share/doc/libc6/copyright',
    ],
  },
  {
    name: 'libgcc-s1',
    version: GCC,
    sha256: '3016e62cb4b7cd8038822870601f5ed131befe942774d0f745622cc77d8a88f7',
    source: 'gcc-12',
    take: [`${LIB}/libgcc_s.so.1`, 'usr/share/doc/libgcc-s1'],
  },
  {
    name: 'libstdc++6',
    version: GCC,
    sha256: '5cd3171216d4ab0fc911cfe9c35509bf2dd8f47761c43b7f6a4296701551a24d',
    source: 'gcc-12',
    take: [`usr/${LIB}/libstdc++.so.6`, `usr/${LIB}/libstdc++.so.6.0.30`, 'usr/share/doc/libstdc++6'],
  },
  {
    name: 'gcc-12-base',
    version: GCC,
    sha256: '1896a2aacf4ad681ff5eacc24a5b0ca4d5d9c9b9c9e4b6de5197bc1e116ea619',
    source: 'gcc-12',
    take: ['usr/share/doc/gcc-12-base/copyright'],
  },
  {
    name: 'base-files',
    version: '12.4+deb12u15',
    sha256: '3eb1ea6d85488f488cc2a163b98ad640ef88cee4c79287cf14e361aaf6206f47',
    source: 'base-files',
    take: [
      'usr/lib/os-release',
      'etc/os-release',
      'usr/share/doc/base-files/copyright',
      // What the copyright files of the other packages refer to.
      ...['GPL', 'GPL-2', 'GPL-3', 'LGPL', 'LGPL-2.1', 'LGPL-3', 'GFDL', 'GFDL-1.2', 'GFDL-1.3'].map(
        (name) => `usr/share/common-licenses/${name}`,
      ),
    ],
  },
];

const DIRECTORIES: Readonly<Record<string, number>> = {
  dev: 0o755,
  etc: 0o755,
  home: 0o755,
  mnt: 0o755,
  proc: 0o555,
  root: 0o700,
  run: 0o755,
  sys: 0o555,
  tmp: 0o1777,
  'usr/bin': 0o755,
  'usr/lib': 0o755,
  'usr/lib64': 0o755,
  'usr/local/bin': 0o755,
  'usr/sbin': 0o755,
  'var/log': 0o755,
  'var/tmp': 0o1777,
};

const LINKS: Readonly<Record<string, string>> = {
  // Debian has one tree of programs and libraries, under /usr.
  bin: 'usr/bin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  sbin: 'usr/sbin',
  // Where the seed's image has them.
  'usr/lib64/libc.so.6': '../lib/x86_64-linux-gnu/libc.so.6',
  'usr/lib/ld-linux-x86-64.so.2': 'x86_64-linux-gnu/ld-linux-x86-64.so.2',
  'etc/mtab': '/proc/self/mounts',
};

const FILES: Readonly<Record<string, string>> = {
  'etc/group': 'root:x:0:\ntty:x:5:\nusers:x:100:\nnogroup:x:65534:\n',
  'etc/hosts': '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  'etc/profile': `export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin\nexport HOME="\${HOME:-/root}"\nPS1='\\w \\$ '\n`,
  'etc/shells': '/bin/sh\n',
};

/** At most this much, packed. */
const MAX_SIZE = 3_000_000;

const root = join(import.meta.dirname, '..');
const downloads = join(root, '.cache/debian');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A file, directory or link of the image; `packTree` walks them. */
class Node implements PackNode {
  readonly type: number;
  readonly mode: number;
  readonly content: Uint8Array;
  readonly target: string;
  readonly children = new Map<string, Node>();

  private constructor(type: number, mode: number, content: Uint8Array, target: string) {
    this.type = type;
    this.mode = mode;
    this.content = content;
    this.target = target;
  }

  static readonly directory = (mode = 0o755): Node => new Node(0o040000, mode, new Uint8Array(0), '');
  static readonly file = (content: Uint8Array, mode: number): Node => new Node(0o100000, mode, content, '');
  static readonly link = (target: string): Node => new Node(0o120000, 0o777, new Uint8Array(0), target);

  stat(): { mode: number; size: number; rdev: number } {
    return { mode: this.type | this.mode, size: this.content.length, rdev: 0 };
  }

  entries(): { name: string }[] {
    return [...this.children.keys()].map((name) => ({ name }));
  }

  lookup(name: string): Node | undefined {
    return this.children.get(name);
  }

  readlink(): string {
    return this.target;
  }

  read(into: Uint8Array, position: number): number {
    const part = this.content.subarray(position, position + into.length);
    into.set(part);
    return part.length;
  }
}

const image = Node.directory();

/** Puts a node at a path below /usr where Debian's links say so; makes directories on the way. */
function put(path: string, node: Node): void {
  const parts = (path.includes('/') ? path.replace(/^(bin|sbin|lib|lib64)\//, 'usr/$1/') : path).split('/');
  const name = parts.pop() ?? '';
  let directory = image;
  for (const part of parts) {
    let next = directory.lookup(part);
    if (!next) directory.children.set(part, (next = Node.directory()));
    directory = next;
  }
  directory.children.set(name, node);
}

/** The package's file, from the cache or the archive; its hash decides. */
function download({ name, version, sha256: expected }: Package): Uint8Array {
  mkdirSync(downloads, { recursive: true });
  const path = join(downloads, `${name}_${version.replaceAll(':', '%3a')}_amd64.deb`);
  if (!existsSync(path) || sha256(readFileSync(path)) !== expected) {
    execFileSync('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', 'download', `${name}:amd64=${version}`], {
      cwd: downloads,
      stdio: 'inherit',
    });
  }
  const actual = sha256(readFileSync(path));
  if (actual !== expected) throw new Error(`${path}: sha256 ${actual}, expected ${expected}`);
  return execFileSync('dpkg-deb', ['--fsys-tarfile', path], { maxBuffer: 1 << 28 });
}

function unpack(one: Package): void {
  const archive = download(one);
  const entries = readTar(archive, one.name);
  for (const path of one.take) {
    const found = entries.filter((entry) => entry.path === path || entry.path.startsWith(`${path}/`));
    if (found.length === 0) throw new Error(`${one.name} ${one.version} has no ${path}`);
    for (const { path: at, type, mode, offset, size, link } of found) {
      if (type === 'file') put(at, Node.file(archive.subarray(offset, offset + size), mode));
      else if (type === 'symlink') put(at, Node.link(link));
    }
  }
}

/** A link for every applet that the program lists, except where a file is. */
function linkApplets(): void {
  const busybox = join(downloads, 'busybox');
  const program = image.lookup('usr')?.lookup('bin')?.lookup('busybox');
  if (!program) throw new Error('no busybox');
  writeFileSync(busybox, program.content, { mode: 0o755 });
  for (const applet of execFileSync(busybox, ['--list-full'], { encoding: 'latin1' }).trim().split('\n')) {
    const path = applet.replace(/^(bin|sbin)\//, 'usr/$1/');
    if (path === 'linuxrc' || path === 'usr/bin/busybox') continue;
    put(path, Node.link(posix.relative(posix.dirname(path), 'usr/bin/busybox')));
  }
}

function compileHello(): string {
  const hello = join(downloads, 'hello');
  const source = join(root, 'tools/seed/hello.c');
  execFileSync('gcc', ['-O2', '-g0', '-s', '-Wl,--build-id=none', '-o', hello, source], { stdio: 'inherit' });
  put('hello', Node.file(readFileSync(hello), 0o755));
  return execFileSync('gcc', ['--version'], { encoding: 'utf8' }).split('\n', 1)[0] ?? '';
}

for (const [path, mode] of Object.entries(DIRECTORIES)) put(path, Node.directory(mode));
for (const one of PACKAGES) unpack(one);
linkApplets();
for (const [path, target] of Object.entries(LINKS)) put(path, Node.link(target));
for (const [path, text] of Object.entries(FILES)) put(path, Node.file(new TextEncoder().encode(text), 0o644));
const compiler = compileHello();

const archive = packTree(image);
const packed = zstdCompressSync(archive, {
  params: {
    [constants.ZSTD_c_compressionLevel]: 22,
    [constants.ZSTD_c_windowLog]: 23,
    [constants.ZSTD_c_checksumFlag]: 1,
    [constants.ZSTD_c_contentSizeFlag]: 1,
  },
  pledgedSrcSize: archive.length,
});
if (packed.length > MAX_SIZE) throw new Error(`the image is ${packed.length} bytes packed, at most ${MAX_SIZE} are allowed`);

const about = {
  packages: PACKAGES.map(({ name, version, source, sha256, take }) => ({ name, version, source, sha256, files: take })),
  hello: { source: 'tools/seed/hello.c', compiler },
  tar: { bytes: archive.length, sha256: sha256(archive) },
  zstd: { bytes: packed.length, sha256: sha256(packed) },
};
mkdirSync(join(root, 'image'), { recursive: true });
writeFileSync(join(root, 'image/base.tar.zst'), packed);
writeFileSync(join(root, 'image/base.json'), `${JSON.stringify(about, undefined, 2)}\n`);
process.stdout.write(`image/base.tar.zst: ${packed.length} bytes, sha256 ${about.zstd.sha256}\n`);
