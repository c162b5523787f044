// What a machine needs from the JavaScript environment it runs in: interfaces only; host/node, host/browser, host/fake implement them.

/** Time and entropy. */
export interface Clock {
  /** Nanoseconds since the Unix epoch, as a number of seconds and a number of nanoseconds (0 .. 999,999,999). */
  realtime(): { seconds: number; nanoseconds: number };
  /** Milliseconds with fraction on a clock that never steps (performance.now()). */
  monotonic(): number;
}

export interface Host {
  readonly clock: Clock;
  /** Fills the whole of `bytes` with entropy. */
  random(bytes: Uint8Array): void;
  /** Resolves after at most `milliseconds`, or at once with 0 after other host events were served (a macrotask yield). */
  sleep(milliseconds: number): HostSleep;
  /** Bytes of memory the host has. */
  readonly totalMemory: number;
}

/** A sleep that a wake-up (input arrived, a signal was sent) can cut short. */
export interface HostSleep {
  readonly done: Promise<void>;
  wake(): void;
}

/**
 * A byte stream of the host that becomes a guest's descriptor 0, 1 or 2. Never blocks: `wouldBlock` (a sentinel) means
 * "not now", and `onReady` is called once when trying again makes sense.
 */
export interface HostStream {
  readonly kind: 'file' | 'pipe' | 'socket' | 'tty' | 'null';
  /** Bytes read into `into`, 0 at the end, or undefined when it would block. Throws HostError. */
  read(into: Uint8Array): number | undefined;
  /** Bytes written, or undefined when it would block. Throws HostError (code 'EPIPE', 'ENOSPC', 'EBADF' ...). */
  write(from: Uint8Array): number | undefined;
  readonly readable: boolean;
  readonly writable: boolean;
  /** Calls back once, as soon as a read (or write) makes sense; returns a function that cancels the request. */
  onReady(event: 'read' | 'write', callback: () => void): () => void;
  /** No guest descriptor refers to it any more; the other end sees the end. */
  close?(): void;
  /** For files: position and size, so that the guest shares the host's offset. */
  seek?(offset: number, whence: 0 | 1 | 2): number;
  stat?(): HostStat;
  /** For terminals. */
  windowSize?(): { columns: number; rows: number };
  setModes?(modes: TerminalModes): void;
}

/** What a terminal of the host does; all else the guest's side of it does. */
export interface TerminalModes {
  /** Each byte arrives as it is typed and Ctrl-C is a byte. */
  readonly isRaw: boolean;
  /** Lines show as they are typed. */
  readonly echoes: boolean;
  /** A line feed that is written returns to the first column as well (OPOST and ONLCR of termios(3)). */
  readonly returns: boolean;
}

/** Since the Unix epoch. */
export interface HostTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export interface HostStat {
  readonly mode: number;
  readonly size: number;
  readonly ino: number;
  readonly dev: number;
  readonly rdev: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly atime: HostTime;
  readonly mtime: HostTime;
  readonly ctime: HostTime;
  /** Where the host knows when the file was made. */
  readonly btime?: HostTime;
  readonly blocks: number;
}

/** The host's file system; every path and name is a ByteString (lib/bytes.ts). All calls are synchronous and throw HostError. */
export interface HostFiles {
  /** Undefined when nothing is there (ENOENT, ENOTDIR): the most frequent answer, and an exception is slow. */
  lstat(path: string): HostStat | undefined;
  readlink(path: string): string;
  readdir(path: string): string[];
  open(
    path: string,
    flags: { read: boolean; write: boolean; create: boolean; exclusive: boolean; truncate: boolean; mode: number },
  ): HostFile;
  mkdir(path: string, mode: number): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  rename(from: string, to: string): void;
  symlink(target: string, path: string): void;
  link(existing: string, path: string): void;
  chmod(path: string, mode: number): void;
  utimes(path: string, atime: HostTime, mtime: HostTime): void;
  truncate(path: string, size: number): void;
}
export interface HostFile {
  read(into: Uint8Array, position: number): number;
  write(from: Uint8Array, position: number): number;
  truncate(size: number): void;
  sync(): void;
  close(): void;
}

/** An error of the host with its Linux errno name ('ENOENT', 'EACCES', ...). */
export class HostError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
