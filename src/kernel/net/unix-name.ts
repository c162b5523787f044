// Names of AF_UNIX sockets: paths, abstract names, and none (unix(7), "Address format").

import { E } from '../../abi/errno.ts';
import { W_OK } from '../../abi/fcntl.ts';
import { fromBytes, toBytes } from '../../lib/bytes.ts';
import type { Kernel } from '../kernel.ts';
import type { Task } from '../task.ts';
import { mknod } from '../vfs/change.ts';
import { type Inode, S_IFSOCK } from '../vfs/inode.ts';
import { requireAccess } from '../vfs/permission.ts';
import { walk } from '../vfs/walk.ts';
import type { Network } from './network.ts';
import { AF } from '../../abi/socket.ts';
import type { Sender, Socket } from './socket.ts';

/** struct sockaddr_un: family and up to 108 bytes of path. */
export const PATH_OFFSET = 2,
  ADDRESS_SIZE = 110;
export const UNNAMED = new Uint8Array([AF.AF_UNIX, 0]);

/** A socket that can have such a name. */
export interface UnixSocket extends Socket {
  readonly identity: UnixIdentity;
}

/** Name and place of one socket. */
export class UnixIdentity {
  readonly kernel: Kernel;
  address: Uint8Array = UNNAMED;
  inode: Inode | undefined = undefined;
  /** Who made or bound it. */
  sender: Sender;

  constructor(kernel: Kernel, sender: Sender) {
    this.kernel = kernel;
    this.sender = sender;
  }

  get network(): Network {
    return this.kernel.network;
  }
  get isNamed(): boolean {
    return this.address.length > PATH_OFFSET;
  }

  /** bind(2): EADDRINUSE; a path is made in the file system. */
  bind(socket: UnixSocket, task: Task, address: Uint8Array): void {
    requireFamily(address);
    if (address.length === PATH_OFFSET) {
      if (!this.isNamed) this.automatic(socket);
      return;
    }
    const { network } = this;
    const text = nameOf(address);
    if (text.startsWith('\0')) {
      if (this.isNamed) throw E.EINVAL;
      if (network.abstractNames.has(text)) throw E.EADDRINUSE;
      network.abstractNames.set(text, socket);
      this.address = address.slice();
      return;
    }
    const { process } = task;
    const at = { start: process.fs.cwd, text };
    if (this.isNamed) throw walk(process, at.start, text, false).path ? E.EADDRINUSE : E.EINVAL;
    try {
      mknod(process, at, S_IFSOCK | 0o777, 0);
    } catch (error) {
      throw error === E.EEXIST ? E.EADDRINUSE : error;
    }
    this.inode = this.kernel.vfs.resolve(process, text, { follow: false }).inode;
    network.boundInodes.set(this.inode, socket);
    this.address = new Uint8Array([AF.AF_UNIX, 0, ...toBytes(text), 0]);
  }

  /** A name of five hexadecimal digits that nobody has. */
  automatic(socket: UnixSocket): void {
    const { network } = this;
    let text: string;
    do text = `\0${(++network.lastAutomaticName & 0xfffff).toString(16).padStart(5, '0')}`;
    while (network.abstractNames.has(text));
    network.abstractNames.set(text, socket);
    this.address = new Uint8Array([AF.AF_UNIX, 0, ...toBytes(text)]);
  }

  /** The name is free again; a path stays, and finds nobody. */
  unbind(): void {
    if (this.inode) this.network.boundInodes.delete(this.inode);
    else if (this.isNamed) this.network.abstractNames.delete(nameOf(this.address));
  }
}

/** The socket of a name: ENOENT, EACCES, ECONNREFUSED. */
export function findSocket(task: Task, address: Uint8Array): UnixSocket {
  requireFamily(address);
  if (address.length === PATH_OFFSET) throw E.EINVAL;
  const { process, kernel } = task;
  const text = nameOf(address);
  let found: UnixSocket | undefined;
  if (text.startsWith('\0')) found = kernel.network.abstractNames.get(text);
  else {
    const { inode } = kernel.vfs.resolve(process, text);
    requireAccess(inode, process.credentials, W_OK);
    if (inode.type !== S_IFSOCK) throw E.ECONNREFUSED;
    found = kernel.network.boundInodes.get(inode);
  }
  if (!found) throw E.ECONNREFUSED;
  return found;
}

function requireFamily(address: Uint8Array): void {
  if (address.length < PATH_OFFSET || address.length > ADDRESS_SIZE) throw E.EINVAL;
  if ((address[0] ?? 0) + 256 * (address[1] ?? 0) !== AF.AF_UNIX) throw E.EINVAL;
}

/** A path up to its NUL, or an abstract name with its NUL in front. */
export function nameOf(address: Uint8Array): string {
  const bytes = address.subarray(PATH_OFFSET);
  if (bytes[0] === 0) return fromBytes(bytes);
  const end = bytes.indexOf(0);
  return fromBytes(end < 0 ? bytes : bytes.subarray(0, end));
}
