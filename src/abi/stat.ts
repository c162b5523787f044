// Layouts of what stat and its relatives fill in on x86-64: struct stat, struct statx, struct statfs, directory entries.

/** Times are nanoseconds since the epoch split in two, so that no BigInt is needed. */
export interface Time {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What stat shows. `dev` and `rdev` are Linux-encoded device numbers. */
export interface Stat {
  readonly dev: number;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly size: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly atime: Time;
  readonly mtime: Time;
  readonly ctime: Time;
  readonly btime?: Time;
}

export const STAT_SIZE = 144,
  STATX_SIZE = 256,
  STATFS_SIZE = 120;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function set64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setInt32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

function setTime(view: DataView, at: number, { seconds, nanoseconds }: Time): void {
  set64(view, at, seconds);
  set64(view, at + 8, nanoseconds);
}

/** struct stat (arch/x86/include/uapi/asm/stat.h). */
export function encodeStat(into: Uint8Array, stat: Stat): void {
  into.fill(0);
  const view = viewOf(into);
  set64(view, 0, stat.dev);
  set64(view, 8, stat.ino);
  set64(view, 16, stat.nlink);
  view.setUint32(24, stat.mode, true);
  view.setUint32(28, stat.uid, true);
  view.setUint32(32, stat.gid, true);
  set64(view, 40, stat.rdev);
  set64(view, 48, stat.size);
  set64(view, 56, stat.blockSize);
  set64(view, 64, stat.blocks);
  setTime(view, 72, stat.atime);
  setTime(view, 88, stat.mtime);
  setTime(view, 104, stat.ctime);
}

export const STATX_BASIC_STATS = 0x7ff,
  STATX_BTIME = 0x800,
  STATX_MNT_ID = 0x1000;
/** A bit of the mask that must be zero (statx(2), EINVAL). */
export const STATX_RESERVED = 0x80000000;

export const majorOf = (dev: number): number => (dev >>> 8) & 0xfff;
export const minorOf = (dev: number): number => ((dev >>> 12) & 0xfff00) | (dev & 0xff);

/** struct statx (include/uapi/linux/stat.h). */
export function encodeStatx(into: Uint8Array, stat: Stat, mountId: number | undefined): void {
  into.fill(0);
  const view = viewOf(into);
  view.setUint32(0, STATX_BASIC_STATS | (stat.btime ? STATX_BTIME : 0) | (mountId === undefined ? 0 : STATX_MNT_ID), true);
  view.setUint32(4, stat.blockSize, true);
  view.setUint32(16, stat.nlink, true);
  view.setUint32(20, stat.uid, true);
  view.setUint32(24, stat.gid, true);
  view.setUint16(28, stat.mode, true);
  set64(view, 32, stat.ino);
  set64(view, 40, stat.size);
  set64(view, 48, stat.blocks);
  const times = [stat.atime, stat.btime, stat.ctime, stat.mtime];
  times.forEach((time, i) => {
    if (time) setTime(view, 64 + 16 * i, time);
  });
  view.setUint32(128, majorOf(stat.rdev), true);
  view.setUint32(132, minorOf(stat.rdev), true);
  view.setUint32(136, majorOf(stat.dev), true);
  view.setUint32(140, minorOf(stat.dev), true);
  if (mountId !== undefined) set64(view, 144, mountId);
}

/** ST_RDONLY, ST_VALID of f_flags (include/linux/statfs.h). */
const ST_RDONLY = 1,
  ST_VALID = 0x20;

/** struct statfs (include/uapi/asm-generic/statfs.h). */
export function encodeStatfs(
  into: Uint8Array,
  fs: { type: number; blockSize: number; blocks: number; free: number; files: number; freeFiles: number },
  isReadOnly: boolean,
): void {
  into.fill(0);
  const view = viewOf(into);
  set64(view, 0, fs.type);
  set64(view, 8, fs.blockSize);
  set64(view, 16, fs.blocks);
  set64(view, 24, fs.free);
  set64(view, 32, fs.free);
  set64(view, 40, fs.files);
  set64(view, 48, fs.freeFiles);
  set64(view, 64, 255);
  set64(view, 72, fs.blockSize);
  set64(view, 80, ST_VALID | (isReadOnly ? ST_RDONLY : 0));
}

/** DT_* of a directory entry from the S_IFMT bits. */
const direntType = (type: number): number => type >>> 12;

interface DirentFields {
  readonly name: string;
  readonly ino: number;
  readonly type: number;
}

/** struct linux_dirent64 at `at` of `into`; the length used, or 0 if it does not fit. */
export function encodeDirent64(into: Uint8Array, at: number, { name, ino, type }: DirentFields, next: number): number {
  const length = (19 + name.length + 1 + 7) & ~7;
  if (at + length > into.length) return 0;
  const view = viewOf(into);
  into.fill(0, at, at + length);
  set64(view, at, ino);
  set64(view, at + 8, next);
  view.setUint16(at + 16, length, true);
  into[at + 18] = direntType(type);
  for (let i = 0; i < name.length; i++) into[at + 19 + i] = name.charCodeAt(i);
  return length;
}

/** struct linux_dirent of the old getdents: the type is the last byte. */
export function encodeDirent(into: Uint8Array, at: number, { name, ino, type }: DirentFields, next: number): number {
  const length = (18 + name.length + 2 + 7) & ~7;
  if (at + length > into.length) return 0;
  const view = viewOf(into);
  into.fill(0, at, at + length);
  set64(view, at, ino);
  set64(view, at + 8, next);
  view.setUint16(at + 16, length, true);
  into[at + length - 1] = direntType(type);
  for (let i = 0; i < name.length; i++) into[at + 18 + i] = name.charCodeAt(i);
  return length;
}
