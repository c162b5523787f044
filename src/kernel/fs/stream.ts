// A host stream (its stdin, stdout, stderr, or a stream of the embedder) as an open file of the guest.

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_RDONLY, O_WRONLY, SEEK_CUR, SEEK_END, SEEK_SET } from '../../abi/fcntl.ts';
import type { HostStream } from '../../host/host.ts';
import { BaseFile } from '../vfs/base-file.ts';
import { BaseInode, deviceNumber, plainStat } from '../vfs/base-inode.ts';
import { type Inode, type IoctlMemory, type OpenFile, S_IFCHR, S_IFIFO, S_IFMT, S_IFSOCK, type Stat } from '../vfs/inode.ts';
import { Path } from '../vfs/path.ts';
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM, WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import { hostCall } from './host.ts';
import { HOST_TERMINAL, Terminal } from './terminal.ts';

/** Opens a host stream for descriptors 0, 1 or 2; `ino` names it where the host does not. */
export function openStream(stream: HostStream, flags: number, ino: number): OpenFile {
  return new StreamInode(stream, ino).attach(flags);
}

/** The two directions of a terminal as one stream: what /dev/tty opens. */
export function terminalOf(input: HostStream, output: HostStream): HostStream {
  return {
    kind: 'tty',
    read: (into) => input.read(into),
    write: (from) => output.write(from),
    get readable() {
      return input.readable;
    },
    get writable() {
      return output.writable;
    },
    onReady: (event, callback) => (event === 'read' ? input : output).onReady(event, callback),
    ...(input.stat && { stat: () => input.stat?.() as Stat }),
    windowSize: () => output.windowSize?.() ?? { rows: 0, columns: 0 },
    setModes: (modes) => input.setModes?.(modes),
  };
}

/** The host's terminal behind a file. */
export function terminalBehind(file: OpenFile): Terminal | undefined {
  const { inode } = file;
  return inode instanceof StreamInode ? inode.terminal : undefined;
}

export class StreamInode extends BaseInode {
  readonly stream: HostStream;
  readonly #ino: number;
  readonly terminal: Terminal | undefined;
  #openFiles = 0;

  constructor(stream: HostStream, ino: number) {
    super();
    this.stream = stream;
    this.#ino = ino;
    this.terminal = stream.kind === 'tty' ? new Terminal(stream) : undefined;
  }

  get type(): number {
    return this.stat().mode & S_IFMT;
  }

  override stat(): Stat {
    const { kind } = this.stream;
    const seen = hostCall(() => this.stream.stat?.());
    if (kind === 'tty') {
      const { dev, ino, rdev } = HOST_TERMINAL;
      return { ...(seen ?? plainStat({ ino, mode: S_IFCHR | 0o620, gid: 5 })), dev, ino, rdev, blockSize: 1024 };
    }
    if (seen) return { ...seen, blockSize: 4096 };
    const dev = 0xd;
    if (kind === 'null') return plainStat({ ino: this.#ino, dev, mode: S_IFCHR | 0o666, rdev: deviceNumber(1, 3) });
    return plainStat({ ino: this.#ino, dev, mode: kind === 'socket' ? S_IFSOCK | 0o777 : S_IFIFO | 0o600 });
  }

  /** Owners stay the host's; a change of mode is the host's business too. */
  override setAttributes(): void {
    throw E.EPERM;
  }

  /** `ftruncate` of a redirected file is not offered by host streams. */
  override truncate(): void {
    throw E.EINVAL;
  }

  override open(flags: number): OpenFile {
    if (this.stream.kind === 'socket') throw E.ENXIO;
    return this.attach(flags);
  }

  attach(flags: number): OpenFile {
    const file = new StreamFile(this, flags);
    this.#openFiles++;
    file.path = Path.anonymous(this, this.#label());
    return file;
  }

  /** A file over the stream was closed; the last one closes the stream. */
  detach(): void {
    if (--this.#openFiles === 0) this.stream.close?.();
  }

  #label(): string {
    const { kind } = this.stream;
    if (kind === 'tty') return HOST_TERMINAL.name;
    if (kind === 'null') return '/dev/null';
    return `${kind}:[${this.stat().ino}]`;
  }
}

class StreamFile extends BaseFile {
  readonly #inode: StreamInode;
  readonly #stream: HostStream;
  readonly #terminal: Terminal | undefined;
  /** Cancels a request to be told of readiness. */
  #armed: { read?: () => void; write?: () => void } = {};

  constructor(inode: StreamInode, flags: number) {
    super(inode as Inode, flags);
    this.#inode = inode;
    this.#stream = inode.stream;
    this.#terminal = inode.terminal;
  }

  override read(into: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) return this.#at(at, () => this.#stream.read(into));
    const moved = hostCall(() => this.#stream.read(into));
    if (moved !== undefined) return moved;
    this.#arm('read');
    return WOULD_BLOCK;
  }

  override write(from: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) return this.#at(at, () => this.#stream.write(from));
    const moved = hostCall(() => this.#stream.write(from));
    if (moved !== undefined) return moved;
    this.#arm('write');
    return WOULD_BLOCK;
  }

  override seek(offset: number, whence: number): number {
    if (!this.#stream.seek) throw E.ESPIPE;
    if (whence !== SEEK_SET && whence !== SEEK_CUR && whence !== SEEK_END) throw E.EINVAL;
    return hostCall(() => this.#stream.seek?.(offset, whence) ?? 0);
  }

  /** pread and pwrite: the shared offset is put back. */
  #at(position: number, move: () => number | undefined): number {
    const before = this.seek(0, SEEK_CUR);
    this.seek(position, SEEK_SET);
    try {
      return hostCall(move) ?? 0;
    } finally {
      this.seek(before, SEEK_SET);
    }
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    if (!this.#terminal) throw E.ENOTTY;
    return this.#terminal.ioctl(request, argument, memory);
  }

  override sync(): void {
    if (this.#stream.kind !== 'file') throw E.EINVAL;
  }

  override poll(): number {
    let events = 0;
    const mode = this.flags & O_ACCMODE;
    if (mode !== O_WRONLY) {
      if (this.#stream.readable) events |= POLLIN | POLLRDNORM;
      else this.#arm('read');
    }
    if (mode !== O_RDONLY) {
      if (this.#stream.writable) events |= POLLOUT | POLLWRNORM;
      else this.#arm('write');
    }
    return events;
  }

  override close(): void {
    this.#armed.read?.();
    this.#armed.write?.();
    this.#armed = {};
    this.#inode.detach();
  }

  #arm(event: 'read' | 'write'): void {
    if (this.#armed[event]) return;
    this.#armed[event] = this.#stream.onReady(event, () => {
      delete this.#armed[event];
      this.queue.wake(event === 'read' ? POLLIN | POLLRDNORM : POLLOUT | POLLWRNORM);
    });
  }
}
