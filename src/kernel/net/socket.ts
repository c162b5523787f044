// What every socket is: a file with a family and a kind, that sends and receives messages; families override what they can do.

import { E, type Errno } from '../../abi/errno.ts';
import { O_RDWR } from '../../abi/fcntl.ts';
import { SOCK } from '../../abi/socket.ts';
import type { Kernel } from '../kernel.ts';
import type { Task } from '../task.ts';
import { BaseFile } from '../vfs/base-file.ts';
import { AnonymousInode } from '../vfs/base-inode.ts';
import { release, retain } from '../vfs/file-table.ts';
import { type IoctlMemory, type OpenFile, S_IFSOCK } from '../vfs/inode.ts';
import type { WouldBlock } from '../wait.ts';
import { interfaceIoctl } from './interface.ts';
import type { Network } from './network.ts';

/** Who sent something: struct ucred. */
export interface Sender {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** What a message carries besides its bytes. */
export interface Outgoing {
  /** struct sockaddr of the destination; absent: the peer. */
  readonly to?: Uint8Array | undefined;
  /** Descriptors' files (SCM_RIGHTS); the receiver's queue retains them. */
  readonly files: readonly OpenFile[];
  readonly sender: Sender;
  readonly task: Task;
}

/** Filled by receive: what came with the bytes. */
export class Received {
  from: Uint8Array | undefined = undefined;
  files: OpenFile[] = [];
  sender: Sender | undefined = undefined;
  /** MSG_TRUNC, MSG_EOR. */
  flags = 0;
  /** Length of the whole message, where bytes were cut off. */
  length = 0;
}

/** What setsockopt has set that means something here; others are kept in `values`. */
export interface SocketSettings {
  sendBuffer: number;
  receiveBuffer: number;
  /** Milliseconds; Infinity: none. */
  sendTimeout: number;
  receiveTimeout: number;
  passesCredentials: boolean;
  reusesAddress: boolean;
  reusesPort: boolean;
  /** SO_LINGER: with a time of 0, close resets. */
  lingers: boolean;
  lingerTime: number;
  isV6Only: boolean;
}

/** net.core.wmem_default, rmem_default. */
export const DEFAULT_BUFFER = 212_992;

/** An option in `values`. */
export const optionKey = (level: number, name: number): number => level * 256 + name;

export abstract class Socket extends BaseFile {
  abstract readonly family: number;
  /** SOCK_STREAM, SOCK_DGRAM ... */
  readonly kind: number;
  readonly protocol: number;
  readonly settings: SocketSettings;
  /** Values of options that are kept and reported only, by level and name. */
  readonly values = new Map<number, Uint8Array>();
  #lastSender: Sender | undefined;
  /** What SO_ERROR reports next. */
  pendingError: Errno | undefined = undefined;

  readonly kernel: Kernel;

  constructor(kernel: Kernel, kind: number, protocol: number, flags: number) {
    const ino = kernel.vfs.anonymousIno();
    super(new AnonymousInode(S_IFSOCK | 0o777, ino, `socket:[${ino}]`), O_RDWR | flags);
    this.kernel = kernel;
    this.kind = kind;
    this.protocol = protocol;
    this.settings = {
      sendBuffer: DEFAULT_BUFFER,
      receiveBuffer: DEFAULT_BUFFER,
      sendTimeout: Infinity,
      receiveTimeout: Infinity,
      passesCredentials: false,
      reusesAddress: false,
      reusesPort: false,
      lingers: false,
      lingerTime: 0,
      isV6Only: false,
    };
  }

  get network(): Network {
    return this.kernel.network;
  }
  override get timeouts() {
    return this.settings;
  }
  /** Number of the socket in /proc/net. */
  get number(): number {
    return this.inode.stat().ino;
  }

  bind(_task: Task, _address: Uint8Array): void {
    throw E.EOPNOTSUPP;
  }
  listen(_backlog: number, _sender: Sender): void {
    throw E.EOPNOTSUPP;
  }
  /** 0 when done; WOULD_BLOCK: call `connected` until it gives another answer. */
  connect(_task: Task, _address: Uint8Array): number | WouldBlock {
    throw E.EOPNOTSUPP;
  }
  connected(task: Task, address: Uint8Array): number | WouldBlock {
    return this.connect(task, address);
  }
  /** What a connect that must not wait answers (connect(2)). */
  get connectBusy(): Errno {
    return E.EAGAIN;
  }
  /** The next connection that waits for accept. */
  accept(): Socket | WouldBlock {
    throw E.EOPNOTSUPP;
  }
  /** struct sockaddr of this end; of the other one (ENOTCONN). */
  abstract name(): Uint8Array;
  peerName(): Uint8Array {
    throw E.ENOTCONN;
  }
  /** As accept shows it, when the peer may be gone already. */
  acceptedName(): Uint8Array {
    return this.peerName();
  }
  shutdown(_how: number): void {
    throw E.EOPNOTSUPP;
  }

  /** Sends bytes, of a stream perhaps fewer than given. */
  abstract send(bytes: Uint8Array, flags: number, more?: Outgoing): number | WouldBlock;
  /** Bytes stored in `into`. */
  abstract receive(into: Uint8Array, flags: number, received?: Received): number | WouldBlock;

  override read(into: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    return this.receive(into, 0);
  }
  override write(from: Uint8Array, at?: number): number | WouldBlock {
    if (at !== undefined) throw E.ESPIPE;
    const task = this.kernel.scheduler.current;
    return this.send(from, 0, task && { files: [], sender: this.senderOf(task), task });
  }

  /** Is a listening socket (SO_ACCEPTCONN). */
  get isListening(): boolean {
    return false;
  }
  /** SO_PEERCRED. */
  get peerSender(): Sender {
    return { pid: 0, uid: -1, gid: -1 };
  }

  /** Bytes that the next read gives at most, and bytes sent and not yet received (FIONREAD, TIOCOUTQ). */
  abstract get readableBytes(): number;
  get unsentBytes(): number {
    return 0;
  }

  /** The sender of a task's messages: one object as long as it is the same. */
  senderOf({ process }: Task): Sender {
    const { pid, credentials } = process;
    const last = this.#lastSender;
    if (last && last.pid === pid && last.uid === credentials.euid && last.gid === credentials.egid) return last;
    this.#lastSender = { pid, uid: credentials.euid, gid: credentials.egid };
    return this.#lastSender;
  }

  /** The pending error, once. */
  takeError(): Errno | undefined {
    const error = this.pendingError;
    this.pendingError = undefined;
    return error;
  }

  override ioctl(request: number, argument: number, memory: IoctlMemory): number {
    const value = this.#count(request);
    if (value === undefined) {
      // Any socket answers for the machine's interfaces (netdevice(7)).
      if (request >>> 8 === SIOC >>> 8) return interfaceIoctl(request, argument, memory, this.network);
      throw E.ENOTTY;
    }
    if (this.isListening) throw E.EINVAL;
    const bytes = memory.writable(argument, 4);
    new DataView(bytes.buffer, bytes.byteOffset).setInt32(0, value, true);
    return 0;
  }
  #count(request: number): number | undefined {
    if (request === FIONREAD) return this.readableBytes;
    if (request === TIOCOUTQ) return this.unsentBytes;
    return request === SIOCATMARK && this.kind === SOCK.SOCK_STREAM ? 0 : undefined;
  }
}

const FIONREAD = 0x541b,
  TIOCOUTQ = 0x5411,
  SIOCATMARK = 0x8905;
/** Requests about interfaces: 0x8900 to 0x89ff. */
const SIOC = 0x8900;

/** Files on their way are held by the queue they are in. */
export function hold(files: readonly OpenFile[]): void {
  for (const file of files) retain(file);
}
export function letGo(files: readonly OpenFile[]): void {
  for (const file of files) release(file);
}
