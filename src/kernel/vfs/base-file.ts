// What an open file answers by default: a base for every kind of OpenFile (pipes, sockets and devices too).

import { E } from '../../abi/errno.ts';
import { POLLIN, POLLOUT, POLLRDNORM, POLLWRNORM, type WouldBlock, WaitQueue } from '../wait.ts';
import type { Inode, IoctlMemory, OpenFile } from './inode.ts';
import type { Path } from './path.ts';

export abstract class BaseFile implements OpenFile {
  readonly inode: Inode;
  readonly queue = new WaitQueue();
  path: Path | undefined = undefined;
  references = 0;
  onRelease: (() => void) | undefined = undefined;
  flags: number;
  position = 0;

  constructor(inode: Inode, flags: number) {
    this.inode = inode;
    this.flags = flags;
  }

  get timeouts(): OpenFile['timeouts'] {
    return undefined;
  }
  read(_into: Uint8Array, _at?: number): number | WouldBlock {
    throw E.EINVAL;
  }
  write(_from: Uint8Array, _at?: number): number | WouldBlock {
    throw E.EINVAL;
  }
  /** Streams cannot seek; of an anon_inode the position is and stays 0 (noop_llseek). Files override. */
  seek(_offset: number, _whence: number): number {
    if (this.inode.type !== 0) throw E.ESPIPE;
    return 0;
  }
  ioctl(_request: number, _argument: number, _memory: IoctlMemory): number {
    throw E.ENOTTY;
  }
  /** fsync of something without storage is EINVAL (fsync(2)). */
  sync(): void {
    throw E.EINVAL;
  }
  poll(): number {
    return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
  }
  close(): void {}
}
