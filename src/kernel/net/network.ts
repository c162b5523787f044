// The network of one machine: names of local sockets, and the ports of its loopback interface.

import type { UnixSocket } from './unix-name.ts';
import type { Inode } from '../vfs/inode.ts';
import { Ports } from './ports.ts';

export class Network {
  /** False: there is no interface (--net none). */
  readonly hasLoopback: boolean;
  /** Sockets by abstract name, and by the inode they are bound to. */
  readonly abstractNames = new Map<string, UnixSocket>();
  readonly boundInodes = new WeakMap<Inode, UnixSocket>();
  readonly unixSockets = new Set<UnixSocket>();
  readonly tcp = new Ports();
  readonly udp = new Ports();
  /** The last name that the kernel chose for a socket bound without one. */
  lastAutomaticName = 0;

  constructor(hasLoopback: boolean) {
    this.hasLoopback = hasLoopback;
  }
}
