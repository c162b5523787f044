// devtmpfs, the file system of /dev: a tmpfs that starts with the devices every program expects.

import { deviceNumber } from '../vfs/base-inode.ts';
import { type Inode, S_IFCHR, type Time } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import type { Budget } from './content.ts';
import { CHARACTER_DEVICES, type Devices } from './devices.ts';
import { TmpFs } from './tmp.ts';

export interface DevFsOptions {
  now: () => Time;
  /** st_dev of its files. */
  device: number;
  devices: Devices;
  /** Memory for what is written to /dev/shm. */
  budget?: Budget;
}

const ROOT = { uid: 0, gid: 0 };
const LINKS = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
] as const;

export class DevFs implements FileSystem {
  readonly type = 'devtmpfs';
  readonly #content: TmpFs;

  constructor(options: DevFsOptions) {
    this.#content = populated(options);
  }

  get root(): Inode {
    return this.#content.root;
  }

  statfs(): StatFs {
    return this.#content.statfs();
  }
}

function populated({ now, device, devices, budget }: DevFsOptions): TmpFs {
  const fs = new TmpFs({ now, device, mode: 0o755, openSpecial: devices.open, ...(budget && { budget }) });
  const { root } = fs;
  for (const [name, major, minor] of CHARACTER_DEVICES) root.create(name, S_IFCHR | 0o666, ROOT, deviceNumber(major, minor));
  for (const [name, target] of LINKS) root.symlink(name, target, ROOT);
  root.mkdir('shm', 0o1777, ROOT);
  root.mkdir('pts', 0o755, ROOT);
  return fs;
}
