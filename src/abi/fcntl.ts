// File flags and requests (include/uapi/asm-generic/fcntl.h, linux/fcntl.h, linux/fs.h) as x86-64 has them.

export const O_RDONLY = 0,
  O_WRONLY = 1,
  O_RDWR = 2,
  O_ACCMODE = 3;
export const O_CREAT = 0o100,
  O_EXCL = 0o200,
  O_NOCTTY = 0o400,
  O_TRUNC = 0o1000,
  O_APPEND = 0o2000,
  O_NONBLOCK = 0o4000;
export const O_DSYNC = 0o10000,
  O_ASYNC = 0o20000,
  O_DIRECT = 0o40000,
  O_LARGEFILE = 0o100000,
  O_DIRECTORY = 0o200000;
export const O_NOFOLLOW = 0o400000,
  O_NOATIME = 0o1000000,
  O_CLOEXEC = 0o2000000,
  O_SYNC = 0o4010000,
  O_PATH = 0o10000000;
export const O_TMPFILE_BIT = 0o20000000;

/** Names in the order strace prints them; O_SYNC contains O_DSYNC and so comes first. */
export const O_FLAGS: ReadonlyArray<readonly [string, number]> = [
  ['O_CREAT', O_CREAT],
  ['O_EXCL', O_EXCL],
  ['O_NOCTTY', O_NOCTTY],
  ['O_TRUNC', O_TRUNC],
  ['O_APPEND', O_APPEND],
  ['O_NONBLOCK', O_NONBLOCK],
  ['O_SYNC', O_SYNC],
  ['O_DSYNC', O_DSYNC],
  ['O_ASYNC', O_ASYNC],
  ['O_DIRECT', O_DIRECT],
  ['O_LARGEFILE', O_LARGEFILE],
  ['O_TMPFILE', O_TMPFILE_BIT | O_DIRECTORY],
  ['O_DIRECTORY', O_DIRECTORY],
  ['O_NOFOLLOW', O_NOFOLLOW],
  ['O_NOATIME', O_NOATIME],
  ['O_CLOEXEC', O_CLOEXEC],
  ['O_PATH', O_PATH],
];

export const AT_FDCWD = -100,
  AT_SYMLINK_NOFOLLOW = 0x100,
  AT_EACCESS = 0x200,
  AT_REMOVEDIR = 0x200,
  AT_SYMLINK_FOLLOW = 0x400;
export const AT_NO_AUTOMOUNT = 0x800,
  AT_EMPTY_PATH = 0x1000,
  AT_STATX_FORCE_SYNC = 0x2000,
  AT_STATX_DONT_SYNC = 0x4000;

export const F_OK = 0,
  X_OK = 1,
  W_OK = 2,
  R_OK = 4;
export const SEEK_SET = 0,
  SEEK_CUR = 1,
  SEEK_END = 2,
  SEEK_DATA = 3,
  SEEK_HOLE = 4;

export const FCNTL = {
  F_DUPFD: 0,
  F_GETFD: 1,
  F_SETFD: 2,
  F_GETFL: 3,
  F_SETFL: 4,
  F_GETLK: 5,
  F_SETLK: 6,
  F_SETLKW: 7,
  F_SETOWN: 8,
  F_GETOWN: 9,
  F_SETSIG: 10,
  F_GETSIG: 11,
  F_SETOWN_EX: 15,
  F_GETOWN_EX: 16,
  F_OFD_GETLK: 36,
  F_OFD_SETLK: 37,
  F_OFD_SETLKW: 38,
  F_NOTIFY: 1026,
  F_DUPFD_CLOEXEC: 1030,
  F_SETPIPE_SZ: 1031,
  F_GETPIPE_SZ: 1032,
  F_ADD_SEALS: 1033,
  F_GET_SEALS: 1034,
} as const;
export const FD_CLOEXEC = 1;
export const F_RDLCK = 0,
  F_WRLCK = 1,
  F_UNLCK = 2;
export const LOCK_SH = 1,
  LOCK_EX = 2,
  LOCK_NB = 4,
  LOCK_UN = 8;

/** Seals of a memfd (fcntl(2), F_ADD_SEALS). */
export const SEAL = {
  F_SEAL_SEAL: 1,
  F_SEAL_SHRINK: 2,
  F_SEAL_GROW: 4,
  F_SEAL_WRITE: 8,
  F_SEAL_FUTURE_WRITE: 0x10,
  F_SEAL_EXEC: 0x20,
} as const;
/** How a path is walked (openat2(2)). */
export const RESOLVE = {
  RESOLVE_NO_XDEV: 1,
  RESOLVE_NO_MAGICLINKS: 2,
  RESOLVE_NO_SYMLINKS: 4,
  RESOLVE_BENEATH: 8,
  RESOLVE_IN_ROOT: 0x10,
  RESOLVE_CACHED: 0x20,
} as const;
export const RENAME_NOREPLACE = 1,
  RENAME_EXCHANGE = 2,
  RENAME_WHITEOUT = 4;
export const FALLOC_FL_KEEP_SIZE = 1,
  FALLOC_FL_PUNCH_HOLE = 2,
  FALLOC_FL_COLLAPSE_RANGE = 8,
  FALLOC_FL_ZERO_RANGE = 0x10;
export const UTIME_NOW = 0x3fffffff,
  UTIME_OMIT = 0x3ffffffe;

/** Requests that every file answers (include/uapi/asm-generic/ioctls.h). */
export const FIONREAD = 0x541b,
  FIONBIO = 0x5421,
  FIONCLEX = 0x5450,
  FIOCLEX = 0x5451,
  FIOASYNC = 0x5452,
  FIOQSIZE = 0x5460;
export const FS_IOC_GETFLAGS = 0x80086601,
  FICLONE = 0x40049409;

export const PATH_MAX = 4096,
  NAME_MAX = 255;
/** The most that one read or write moves (MAX_RW_COUNT: INT_MAX rounded down to a page). */
export const MAX_RW_COUNT = 0x7ffff000;
export const IOV_MAX = 1024;
