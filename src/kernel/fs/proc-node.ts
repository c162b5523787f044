// The kinds of nodes procfs and sysfs are made of: directories of makers, generated text, links.

import { E, type Errno } from '../../abi/errno.ts';
import { type ByteString, fromBytes, toBytes } from '../../lib/bytes.ts';
import { BaseInode, type Owner, plainStat } from '../vfs/base-inode.ts';
import { type DirectoryEntry, type Inode, type OpenFile, S_IFDIR, S_IFLNK, S_IFREG, type Stat, type Time } from '../vfs/inode.ts';
import type { Path } from '../vfs/path.ts';
import { RegularFile } from '../vfs/regular-file.ts';

/** What the nodes of one file system share. */
export interface ProcContext {
  readonly device: number;
  /** When the machine started: the time of every node. */
  readonly time: Time;
  newIno(): number;
}

const ROOT: Owner = { uid: 0, gid: 0 };

export abstract class ProcNode extends BaseInode {
  readonly #context: ProcContext;
  readonly #ino: number;
  readonly #mode: number;
  readonly #owner: () => Owner;

  constructor(context: ProcContext, mode: number, owner: () => Owner = () => ROOT) {
    super();
    this.#context = context;
    this.#ino = context.newIno();
    this.#mode = mode;
    this.#owner = owner;
  }

  get type(): number {
    return this.#mode & 0o170000;
  }
  protected get links(): number {
    return 1;
  }
  override stat(): Stat {
    const { device, time } = this.#context;
    const { uid, gid } = this.#owner();
    return {
      ...plainStat({ ino: this.#ino, mode: this.#mode }),
      dev: device,
      nlink: this.links,
      uid,
      gid,
      blockSize: 1024,
      atime: time,
      mtime: time,
      ctime: time,
    };
  }
  override setAttributes(): void {
    throw E.EPERM;
  }
}

/** Makers of children by name; each is made when first looked up. */
export type Children = Readonly<Record<ByteString, (context: ProcContext) => Inode>>;

/** A directory with fixed names, and perhaps with others that come and go. */
export class ProcDirectory extends ProcNode {
  readonly #context: ProcContext;
  readonly #children: Children;
  readonly #made = new Map<ByteString, Inode>();
  readonly #others: Others | undefined;

  constructor(context: ProcContext, children: Children, options: { others?: Others; mode?: number; owner?: () => Owner } = {}) {
    super(context, S_IFDIR | (options.mode ?? 0o555), options.owner);
    this.#context = context;
    this.#children = children;
    this.#others = options.others;
  }

  protected override get links(): number {
    return 2;
  }

  override lookup(name: ByteString): Inode | undefined {
    const known = this.#made.get(name);
    if (known) return known;
    if (!Object.hasOwn(this.#children, name)) return this.#others?.lookup(name);
    const made = this.#children[name]?.(this.#context);
    if (made) this.#made.set(name, made);
    return made;
  }

  override entries(): DirectoryEntry[] {
    const names = [...Object.keys(this.#children), ...(this.#others?.names() ?? [])];
    return names.flatMap((name) => {
      const node = this.lookup(name);
      return node ? [{ name, ino: node.stat().ino, type: node.type }] : [];
    });
  }

  protected override refusal(): Errno {
    return E.ENOENT;
  }
  override unlink(): void {
    throw E.EPERM;
  }
  override rmdir(): void {
    throw E.EPERM;
  }
}

/** Names of a directory that come and go. */
export interface Others {
  names(): Iterable<ByteString>;
  lookup(name: ByteString): Inode | undefined;
}

/** A file whose text is made when it is read from the start. */
export class ProcText extends ProcNode {
  readonly #text: () => ByteString;
  readonly #write: ((text: ByteString) => void) | undefined;

  constructor(
    context: ProcContext,
    text: () => ByteString,
    options: { mode?: number; owner?: () => Owner; write?: (text: ByteString) => void } = {},
  ) {
    super(context, S_IFREG | (options.mode ?? (options.write ? 0o644 : 0o444)), options.owner);
    this.#text = text;
    this.#write = options.write;
  }

  override read(into: Uint8Array, position: number): number {
    return copy(toBytes(this.#text()), into, position);
  }
  override write(from: Uint8Array, _position: number): number {
    if (!this.#write) throw E.EACCES;
    this.#write(fromBytes(from));
    return from.length;
  }
  override truncate(): void {}
  override open(flags: number): OpenFile {
    return new ProcFile(this, flags);
  }
}

/** Keeps what it read first, so that a reader in pieces sees one consistent text. */
class ProcFile extends RegularFile {
  #snapshot: Uint8Array | undefined;

  override read(into: Uint8Array, at?: number): number {
    const position = at ?? this.position;
    if (position === 0 || !this.#snapshot) this.#snapshot = this.#all();
    const moved = copy(this.#snapshot, into, position);
    if (at === undefined) this.position += moved;
    return moved;
  }

  #all(): Uint8Array {
    for (let size = 4096; ; size *= 4) {
      const buffer = new Uint8Array(size);
      const length = this.inode.read(buffer, 0);
      if (length < size) return buffer.subarray(0, length);
    }
  }
}

function copy(text: Uint8Array, into: Uint8Array, position: number): number {
  const part = text.subarray(position, position + into.length);
  into.set(part);
  return part.length;
}

/** A symbolic link; with `follow` it leads to a place whatever its text says. */
export class ProcLink extends ProcNode {
  readonly #target: () => ByteString;
  readonly follow?: () => Path | undefined;

  constructor(
    context: ProcContext,
    target: () => ByteString,
    options: { follow?: () => Path | undefined; mode?: number; owner?: () => Owner } = {},
  ) {
    super(context, S_IFLNK | (options.mode ?? 0o777), options.owner);
    this.#target = target;
    if (options.follow) this.follow = options.follow;
  }
  override readlink(): ByteString {
    return this.#target();
  }
  override stat(): Stat {
    return { ...super.stat(), size: this.follow ? 64 : 0 };
  }
}
