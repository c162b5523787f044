// An AF_UNIX socket that is not connected: it answers as Linux's does until it finds a listener (unix(7)).

import { E } from '../abi/errno.ts';
import { BaseFile } from './vfs/base-file.ts';
import { AnonymousInode } from './vfs/base-inode.ts';
import { S_IFSOCK } from './vfs/inode.ts';
import { POLLHUP, POLLOUT } from './wait.ts';

const SOCK_STREAM = 1;

export class UnixSocket extends BaseFile {
  /** SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET. */
  readonly kind: number;

  constructor(ino: number, kind: number, flags: number) {
    super(new AnonymousInode(S_IFSOCK | 0o777, ino, `socket:[${ino}]`), flags);
    this.kind = kind;
  }

  override read(): number {
    throw this.kind === SOCK_STREAM ? E.EINVAL : E.ENOTCONN;
  }

  override write(): number {
    throw E.ENOTCONN;
  }

  override poll(): number {
    return this.kind === SOCK_STREAM ? POLLOUT | POLLHUP : POLLOUT;
  }
}
