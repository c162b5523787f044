// Argument types of syscalls: how a register becomes a value, what is refused, and how strace prints it.

import { E, Errno } from '../../abi/errno.ts';
import { AT_FDCWD, MAX_RW_COUNT, O_ACCMODE, O_FLAGS, O_TMPFILE_BIT } from '../../abi/fcntl.ts';
import { SIGNAL_COUNT, signalName } from '../../abi/signals.ts';
import { CLOCK } from '../../abi/time.ts';
import { type ByteString, toBytes } from '../../lib/bytes.ts';
import type { Task } from '../task.ts';
import type { OpenFile } from '../vfs/inode.ts';
import type { Argument } from './define.ts';
import { address, flagNames, type Names, octal, quote, valueName } from './print.ts';

const HIGH = 0x1_0000_0000;

/** The register as unsigned, exact below 2^53. */
export const unsigned = (low: number, high: number): number => (high === 0 ? low >>> 0 : (high >>> 0) * HIGH + (low >>> 0));
/** The register as signed, exact within 2^53. */
export const signed = (low: number, high: number): number => high * HIGH + (low >>> 0);

const decodeUnsigned = (_task: Task, low: number, high: number): number => unsigned(low, high);
const decodeSigned = (_task: Task, low: number, high: number): number => signed(low, high);
const decodeInt = (_task: Task, low: number): number => low;
const printAddress = (_task: Task, low: number, high: number): string =>
  high === 0 ? address(low >>> 0) : `0x${((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString(16)}`;
const printInt = (_task: Task, low: number): string => String(low);
const printSize = (_task: Task, low: number, high: number): string =>
  ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)).toString();

/** A descriptor as its open file; EBADF, also for O_PATH. */
export const fd: Argument<OpenFile> = { label: 'fd', decode: (task, low) => task.process.fds.file(low), print: printInt };
/** As fd, O_PATH descriptors included (fstat, fchdir, close ...). */
export const anyFd: Argument<OpenFile> = { label: 'fd', decode: (task, low) => task.process.fds.get(low), print: printInt };
/** A descriptor as a number, not looked up. */
export const rawFd: Argument<number> = { label: 'fd', decode: decodeInt, print: printInt };
/** A descriptor of a directory, or AT_FDCWD (-100); not looked up. */
export const dirFd: Argument<number> = {
  label: 'dirfd',
  decode: decodeInt,
  print: (_task, low) => (low === AT_FDCWD ? 'AT_FDCWD' : String(low)),
};

function printPath(task: Task, low: number, high: number): string {
  const at = unsigned(low, high);
  if (at === 0) return 'NULL';
  return guarded(() => quote(toBytes(task.memory.cstring(at)), 4096), low, high);
}

/** What `text` gives, or the address when the guest's memory cannot be read. */
function guarded(text: () => string, low: number, high: number): string {
  try {
    return text();
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return printAddress(undefined as never, low, high);
  }
}

/** A path: EFAULT, ENAMETOOLONG; an empty one is for the walk to refuse. */
export const path: Argument<ByteString> = {
  label: 'path',
  decode: (task, low, high) => task.memory.cstring(unsigned(low, high)),
  print: printPath,
};
/** A path, or undefined for NULL. */
export const pathOrNull: Argument<ByteString | undefined> = {
  label: 'path?',
  decode: (task, low, high) => (low === 0 && high === 0 ? undefined : task.memory.cstring(unsigned(low, high))),
  print: printPath,
};

/** Any address, as a number; not checked. */
export const pointer: Argument<number> = { label: 'address', decode: decodeUnsigned, print: printAddress };

/** Address of a buffer the call fills; printed with as many bytes as the result says. */
export const out: Argument<number> = {
  label: 'buffer (out)',
  decode: decodeUnsigned,
  print: (task, low, high, result) =>
    result < 0 ? printAddress(task, low, high) : guarded(() => printBytes(task, unsigned(low, high), result), low, high),
  isOutput: true,
};

/** Address of a buffer the call reads; its size is the next argument. */
export const input: Argument<number> = {
  label: 'buffer',
  decode: decodeUnsigned,
  print: (task, low, high) => {
    const { printing } = task;
    const next = printing ? (printing.index + 1) * 2 : 0;
    const length = printing ? unsigned(printing.halves[next] ?? 0, printing.halves[next + 1] ?? 0) : 0;
    return guarded(() => printBytes(task, unsigned(low, high), length), low, high);
  },
};

function printBytes(task: Task, at: number, length: number): string {
  if (at === 0) return 'NULL';
  return quote(task.memory.bytes(at, Math.min(length, 32)), 32, length);
}

/** size_t as a number (exact below 2^53). */
export const size: Argument<number> = { label: 'size', decode: decodeUnsigned, print: printSize };
/** int. */
export const int: Argument<number> = { label: 'int', decode: decodeInt, print: printInt };
/** unsigned int. */
export const uint: Argument<number> = {
  label: 'unsigned',
  decode: (_task, low) => low >>> 0,
  print: (_task, low) => String(low >>> 0),
};
/** long or off_t, signed 64-bit (exact within 2^53). */
export const long: Argument<number> = {
  label: 'long',
  decode: decodeSigned,
  print: (_task, low, high) => ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString(),
};
export const offset: Argument<number> = { ...long, label: 'offset' };
/** unsigned long, printed in hex. */
export const hex: Argument<number> = {
  label: 'hex',
  decode: decodeUnsigned,
  print: (task, low, high) => (low === 0 && high === 0 ? '0' : printAddress(task, low, high)),
};
/** mode_t, printed in octal. */
export const mode: Argument<number> = {
  label: 'mode',
  decode: (_task, low) => low >>> 0,
  print: (_task, low) => octal(low >>> 0),
};
/** A signal number, not checked: 0 asks kill whether a target exists. */
export const signal: Argument<number> = { label: 'signal', decode: decodeInt, print: (_task, low) => signalName(low) };
/** A signal number 1 .. 64; EINVAL. */
export const realSignal: Argument<number> = {
  label: 'signal',
  decode: (_task, low) => {
    if (low < 1 || low > SIGNAL_COUNT) throw E.EINVAL;
    return low;
  },
  print: signal.print,
};
export const pid: Argument<number> = { label: 'pid', decode: decodeInt, print: printInt };
/** A clock, not checked. */
export const clockId: Argument<number> = choice(CLOCK);

/** Address of a struct the call reads. */
export const struct: Argument<number> = {
  label: 'struct',
  decode: decodeUnsigned,
  print: (task, low, high) =>
    low === 0 && high === 0
      ? 'NULL'
      : high === 0 && task.memory.accessible(low >>> 0, 1, false)
        ? '{...}'
        : printAddress(task, low, high),
};
/** Address of a struct the call fills. */
export const outStruct: Argument<number> = {
  label: 'struct (out)',
  decode: decodeUnsigned,
  print: (task, low, high, result) => (result < 0 ? printAddress(task, low, high) : struct.print(task, low, high, result)),
  isOutput: true,
};

/** A struct of two 64-bit members, printed with their names. */
const pairOf = (
  first: string,
  second: string,
  isOutput: boolean,
  member: (value: bigint) => string = String,
): Argument<number> => ({
  label: isOutput ? 'struct (out)' : 'struct',
  decode: decodeUnsigned,
  print: (task, low, high, result) => {
    const at = unsigned(low, high);
    if (at === 0 || (isOutput && result < 0) || task.memory.accessible(at, 16, false) < 16) return printAddress(task, low, high);
    return `{${first}=${member(task.memory.getU64big(at))}, ${second}=${member(task.memory.getU64big(at + 8))}}`;
  },
  isOutput,
});
const signedText = (value: bigint): string => BigInt.asIntN(64, value).toString();
export const timespec: Argument<number> = pairOf('tv_sec', 'tv_nsec', false, signedText);
export const outTimespec: Argument<number> = pairOf('tv_sec', 'tv_nsec', true, signedText);
/** The rest of a sleep, written only when a signal ends it. */
export const restTimespec: Argument<number> = {
  ...outTimespec,
  print: (task, low, high, result) =>
    result === -E.EINTR.code ? timespec.print(task, low, high, 0) : printAddress(task, low, high),
};
export const outTimeval: Argument<number> = pairOf('tv_sec', 'tv_usec', true, signedText);

const STAT_BYTES = 144,
  ST_MODE = 24,
  ST_RDEV = 40,
  ST_SIZE = 48;
const FILE_TYPES = ['', 'S_IFIFO', 'S_IFCHR', '', 'S_IFDIR', '', 'S_IFBLK', '', 'S_IFREG', '', 'S_IFLNK', '', 'S_IFSOCK'];
/** struct stat: type, mode, and size or device. */
export const outStat: Argument<number> = {
  label: 'stat (out)',
  decode: decodeUnsigned,
  print: (task, low, high, result) => {
    const at = unsigned(low, high);
    if (result < 0 || task.memory.accessible(at, STAT_BYTES, false) < STAT_BYTES) return printAddress(task, low, high);
    const bits = task.memory.getU32(at + ST_MODE),
      device = task.memory.getU32(at + ST_RDEV);
    const type = FILE_TYPES[bits >>> 12] || `0${((bits >>> 12) << 12).toString(8)}`;
    const isDevice = type === 'S_IFCHR' || type === 'S_IFBLK';
    const makedev = `makedev(0x${((device >>> 8) & 0xfff).toString(16)}, 0x${((device & 0xff) | ((device >>> 12) & 0xfff00)).toString(16)})`;
    const rest = isDevice ? `st_rdev=${makedev}` : `st_size=${task.memory.getI64(at + ST_SIZE)}`;
    return `{st_mode=${type}|0${(bits & 0o7777).toString(8).padStart(3, '0')}, ${rest}, ...}`;
  },
  isOutput: true,
};

/** 8192*1024, RLIM64_INFINITY: as strace writes limits. */
function limitText(value: bigint): string {
  if (value === 0xffff_ffff_ffff_ffffn) return 'RLIM64_INFINITY';
  return value > 1024n && value % 1024n === 0n ? `${value / 1024n}*1024` : String(value);
}
export const rlimit: Argument<number> = pairOf('rlim_cur', 'rlim_max', false, limitText);
export const outRlimit: Argument<number> = pairOf('rlim_cur', 'rlim_max', true, limitText);

/** As out, all bytes in hex: random data. */
export const outHex: Argument<number> = {
  ...out,
  print: (task, low, high, result) => {
    const at = unsigned(low, high);
    if (result < 0 || at === 0) return printAddress(task, low, high);
    const shown = [...task.memory.bytes(at, Math.min(result, 32))]
      .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
      .join('');
    return `"${shown}"${result > 32 ? '...' : ''}`;
  },
};

/** Flags with names; with `known`, EINVAL for bits outside it. */
export function flags(names: Names, known?: number): Argument<number> {
  return {
    label: 'flags',
    decode: (_task, low) => {
      if (known !== undefined && (low & ~known) !== 0) throw E.EINVAL;
      return low;
    },
    print: (_task, low) => flagNames(low, names),
  };
}

/** One of a list of named values, not checked. */
export function choice(names: Names): Argument<number> {
  return { label: 'choice', decode: decodeInt, print: (_task, low) => valueName(low, names) };
}

const ACCESS_MODES = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'];
/** Flags of open(2); unknown bits are ignored, as Linux does. */
export const openFlags: Argument<number> = {
  label: 'open flags',
  decode: decodeInt,
  print: (_task, low) => {
    const rest = flagNames(low & ~O_ACCMODE, O_FLAGS);
    return ACCESS_MODES[low & O_ACCMODE] + (rest === '0' ? '' : `|${rest}`);
  },
};
/** The mode of open(2), printed only when a file may be made. */
export const openMode: Argument<number> = { ...mode, label: 'open mode' };
export const makesFile = (openFlagsValue: number): boolean => (openFlagsValue & (0o100 | O_TMPFILE_BIT)) !== 0;

const IOV_MAX = 1024;
/** One piece of an iovec list. */
export interface Piece {
  readonly address: number;
  readonly length: number;
}
/** Reads `count` pieces of a struct iovec list, MAX_RW_COUNT bytes at most; EINVAL past IOV_MAX and for negative lengths, EFAULT. */
export function iovec(task: Task, at: number, count: number): Piece[] {
  if (count < 0 || count > IOV_MAX) throw E.EINVAL;
  const pieces: Piece[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const given = task.memory.getU64(at + 16 * i + 8);
    if (given >= 2 ** 63) throw E.EINVAL;
    const length = Math.min(given, MAX_RW_COUNT - total);
    total += length;
    pieces.push({ address: task.memory.getU64(at + 16 * i), length });
  }
  return pieces;
}

function printPieces(task: Task, low: number, high: number, limit: number): string {
  const { printing } = task;
  const next = printing ? (printing.index + 1) * 2 : 0;
  const count = printing ? unsigned(printing.halves[next] ?? 0, printing.halves[next + 1] ?? 0) : 0;
  return guarded(
    () => {
      let left = limit;
      const texts = iovec(task, unsigned(low, high), count).map(({ address: at, length }) => {
        const shown = Math.max(0, Math.min(length, left));
        left -= shown;
        return `{iov_base=${guarded(() => printBytes(task, at, shown), at, 0)}, iov_len=${length}}`;
      });
      return `[${texts.join(', ')}]`;
    },
    low,
    high,
  );
}
/** Address of an iovec list the call reads from; its count is the next argument. */
export const iovecIn: Argument<number> = {
  label: 'iovec',
  decode: decodeUnsigned,
  print: (task, low, high) => printPieces(task, low, high, Infinity),
};
/** Address of an iovec list the call fills. */
export const iovecOut: Argument<number> = {
  label: 'iovec (out)',
  decode: decodeUnsigned,
  print: (task, low, high, result) => printPieces(task, low, high, Math.max(0, result)),
  isOutput: true,
};
