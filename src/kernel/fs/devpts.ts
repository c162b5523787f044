// devpts, the file system of /dev/pts: a node for each pseudo-terminal that has a master (pty(7)).

import { E, type Errno } from '../../abi/errno.ts';
import { O_NOCTTY } from '../../abi/fcntl.ts';
import type { Kernel } from '../kernel.ts';
import { Pty } from '../tty/pty.ts';
import { BaseInode, deviceNumber, noOperation, plainStat } from '../vfs/base-inode.ts';
import {
  type Attributes,
  type DirectoryEntry,
  type Inode,
  type OpenFile,
  S_IFCHR,
  S_IFDIR,
  type Stat,
  type Time,
} from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { numberOf } from './proc-process.ts';
import { HOST_TERMINAL } from './terminal.ts';

const MAGIC = 0x1cd1;
/** First inode number of a terminal. */
const FIRST_INO = 3;
/** Group `tty` of Debian and others. */
const TTY_GROUP = 5;
/** Major numbers of slaves. */
const SLAVES = 136;

export class DevPtsFs implements FileSystem {
  readonly type = 'devpts';
  readonly device: number;
  readonly kernel: Kernel;
  /** The host's terminal, if the machine has one, is number 0. */
  readonly #hostTerminal: () => Inode | undefined;
  readonly #nodes = new Map<number, PtyNode>();
  #root: PtsDirectory | undefined;

  constructor(kernel: Kernel, hostTerminal: () => Inode | undefined) {
    this.kernel = kernel;
    this.device = HOST_TERMINAL.dev;
    this.#hostTerminal = hostTerminal;
  }

  get root(): Inode {
    this.#root ??= new PtsDirectory(this);
    return this.#root;
  }
  get numbers(): number[] {
    return [...(this.#hostTerminal() ? [0] : []), ...this.#nodes.keys()];
  }
  node(number: number): Inode | undefined {
    return this.#nodes.get(number) ?? (number === 0 ? this.#hostTerminal() : undefined);
  }

  statfs(): StatFs {
    return { type: MAGIC, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 };
  }

  /** Opens /dev/ptmx: a new pseudo-terminal under the lowest number that is free. */
  openMaster(inode: Inode, flags: number): OpenFile {
    let number = 0;
    while (this.node(number)) number++;
    const pty = new Pty(this.kernel, number, inode, flags & ~O_NOCTTY, () => this.#nodes.delete(number));
    this.#nodes.set(number, new PtyNode(this, pty));
    return pty.master;
  }
}

class PtsDirectory extends BaseInode {
  readonly type = S_IFDIR;
  readonly #fs: DevPtsFs;

  constructor(fs: DevPtsFs) {
    super();
    this.#fs = fs;
  }
  protected override refusal(mode?: number): Errno {
    return noOperation(mode);
  }
  override stat(): Stat {
    return plainStat({ ino: 1, mode: S_IFDIR | 0o755, nlink: 2, dev: this.#fs.device });
  }
  override lookup(name: string): Inode | undefined {
    const number = numberOf(name);
    return number === undefined ? undefined : this.#fs.node(number);
  }
  override entries(): DirectoryEntry[] {
    return this.#fs.numbers.map((number) => ({ name: String(number), ino: number + FIRST_INO, type: S_IFCHR }));
  }
}

export class PtyNode extends BaseInode {
  readonly type = S_IFCHR;
  readonly pty: Pty;
  readonly #fs: DevPtsFs;
  #attributes: { mode: number; uid: number; gid: number; atime: Time; mtime: Time };

  constructor(fs: DevPtsFs, pty: Pty) {
    super();
    this.#fs = fs;
    this.pty = pty;
    const { kernel } = fs;
    const now = kernel.clock.realtime();
    const uid = kernel.scheduler.current?.process.credentials.fsuid ?? 0;
    this.#attributes = { mode: 0o620, uid, gid: TTY_GROUP, atime: now, mtime: now };
  }
  override stat(): Stat {
    const { mode, ...rest } = this.#attributes;
    const { number } = this.pty;
    const rdev = deviceNumber(SLAVES + (number >> 8), number & 0xff);
    return plainStat({
      ino: number + FIRST_INO,
      mode: S_IFCHR | mode,
      rdev,
      dev: this.#fs.device,
      blockSize: 1024,
      ctime: rest.mtime,
      ...rest,
    });
  }
  override setAttributes({ mode, ...changes }: Attributes): void {
    this.#attributes = { ...this.#attributes, ...changes, ...(mode === undefined ? {} : { mode: mode & 0o7777 }) };
  }
  override open(flags: number): OpenFile {
    if (this.pty.isGone) throw E.EIO;
    return this.pty.open(this, flags);
  }
}
