// The host's file system through node:fs, with paths as bytes.

import {
  type BigIntStats,
  type Stats,
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  opendirSync,
  readSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { ByteString } from '../../lib/bytes.ts';
import type { HostFile, HostFiles, HostStat, HostTime } from '../host.ts';
import { guarded } from './errors.ts';

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC } = constants;
// The kernel has followed the links itself, so a link here was put there meanwhile. A FIFO must not stop the machine.
const O_SAFE = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The bytes of a path for node:fs, which takes strings as UTF-8 but buffers as they are. */
const raw = (path: ByteString): string | Buffer => (isAscii(path) ? path : Buffer.from(path, 'latin1'));

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

const BILLION = 1_000_000_000n;
function fromNs(time: bigint): HostTime {
  const seconds = Number(time / BILLION);
  const nanoseconds = Number(time % BILLION);
  return nanoseconds < 0 ? { seconds: seconds - 1, nanoseconds: nanoseconds + 1e9 } : { seconds, nanoseconds };
}
const fromMs = (time: number): HostTime => ({
  seconds: Math.floor(time / 1000),
  nanoseconds: Math.floor((time - Math.floor(time / 1000) * 1000) * 1e6),
});
const toSeconds = ({ seconds, nanoseconds }: HostTime): number => seconds + nanoseconds / 1e9;

/** Only bigint figures have times to the nanosecond. */
export function hostStat(stat: Stats | BigIntStats): HostStat {
  const times =
    'atimeNs' in stat
      ? { atime: fromNs(stat.atimeNs), mtime: fromNs(stat.mtimeNs), ctime: fromNs(stat.ctimeNs), btime: fromNs(stat.birthtimeNs) }
      : {
          atime: fromMs(stat.atimeMs),
          mtime: fromMs(stat.mtimeMs),
          ctime: fromMs(stat.ctimeMs),
          btime: fromMs(stat.birthtimeMs),
        };
  return {
    mode: Number(stat.mode),
    size: Number(stat.size),
    ino: Number(stat.ino),
    dev: Number(stat.dev),
    rdev: Number(stat.rdev),
    nlink: Number(stat.nlink),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    blocks: Number(stat.blocks),
    ...times,
  };
}

class NodeFile implements HostFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  read(into: Uint8Array, position: number): number {
    return guarded(() => readSync(this.#fd, into, 0, into.length, position));
  }

  write(from: Uint8Array, position: number): number {
    return guarded(() => writeSync(this.#fd, from, 0, from.length, position));
  }

  truncate(size: number): void {
    guarded(() => ftruncateSync(this.#fd, size));
  }

  sync(): void {
    guarded(() => fsyncSync(this.#fd));
  }

  close(): void {
    guarded(() => closeSync(this.#fd));
  }
}

/** All of the host's files, as this process may use them. */
export const nodeFiles: HostFiles = {
  lstat: (path) =>
    guarded(() => {
      const stat = lstatSync(raw(path), { throwIfNoEntry: false, bigint: true });
      return stat && hostStat(stat);
    }),
  readlink: (path) => guarded(() => readlinkSync(raw(path), 'latin1')),
  // opendir keeps the order that the file system gives; readdir sorts.
  readdir: (path) =>
    guarded(() => {
      const directory = opendirSync(raw(path), { encoding: 'latin1', bufferSize: 256 });
      try {
        const names: string[] = [];
        for (let entry = directory.readSync(); entry; entry = directory.readSync()) names.push(entry.name);
        return names;
      } finally {
        directory.closeSync();
      }
    }),
  open(path, { read, write, create, exclusive, truncate, mode }) {
    const access = read && write ? O_RDWR : write ? O_WRONLY : O_RDONLY;
    const flags = access | (create ? O_CREAT : 0) | (exclusive ? O_EXCL : 0) | (truncate ? O_TRUNC : 0) | O_SAFE;
    return guarded(() => new NodeFile(openSync(raw(path), flags, mode)));
  },
  mkdir: (path, mode) => void guarded(() => mkdirSync(raw(path), mode)),
  unlink: (path) => guarded(() => unlinkSync(raw(path))),
  rmdir: (path) => guarded(() => rmdirSync(raw(path))),
  rename: (from, to) => guarded(() => renameSync(raw(from), raw(to))),
  symlink: (target, path) => guarded(() => symlinkSync(raw(target), raw(path))),
  link: (existing, path) => guarded(() => linkSync(raw(existing), raw(path))),
  chmod: (path, mode) => guarded(() => chmodSync(raw(path), mode)),
  utimes: (path, atime, mtime) => guarded(() => lutimesSync(raw(path), toSeconds(atime), toSeconds(mtime))),
  truncate: (path, size) => guarded(() => truncateSync(raw(path), size)),
};
