// sysfs, as far as programs look at it: one CPU, no huge pages.

import type { Errno } from '../../abi/errno.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { noOperation } from '../vfs/base-inode.ts';
import type { Time } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { type Children, type ProcContext, ProcDirectory, ProcText } from './proc-node.ts';

export interface SysFsOptions {
  now: () => Time;
  /** st_dev of its files. */
  device: number;
}

export class SysFs implements FileSystem, ProcContext {
  readonly type = 'sysfs';
  readonly device: number;
  readonly #now: () => Time;
  #time: Time | undefined;
  #root: ProcDirectory | undefined;
  #lastIno = 0;

  constructor({ now, device }: SysFsOptions) {
    this.#now = now;
    this.device = device;
  }

  get root(): ProcDirectory {
    this.#root ??= new SysDirectory(this, CHILDREN, { mode: 0o755 });
    return this.#root;
  }
  get time(): Time {
    this.#time ??= this.#now();
    return this.#time;
  }
  newIno(): number {
    return ++this.#lastIno;
  }
  statfs(): StatFs {
    return { type: 0x62656572, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 };
  }
}

const text = (value: ByteString) => (context: ProcContext) => new ProcText(context, () => `${value}\n`);
const directory = (children: Children) => (context: ProcContext) => new SysDirectory(context, children, { mode: 0o755 });

class SysDirectory extends ProcDirectory {
  protected override refusal(mode?: number): Errno {
    return noOperation(mode);
  }
}

const CHILDREN: Children = {
  devices: directory({
    system: directory({
      clocksource: directory({
        clocksource0: directory({ available_clocksource: text('tsc'), current_clocksource: text('tsc') }),
      }),
      cpu: directory({
        cpu0: directory({}),
        kernel_max: text('0'),
        offline: text(''),
        online: text('0'),
        possible: text('0'),
        present: text('0'),
      }),
    }),
  }),
  fs: directory({ cgroup: directory({}) }),
  kernel: directory({
    mm: directory({
      transparent_hugepage: directory({ enabled: text('always madvise [never]'), hpage_pmd_size: text('2097152') }),
    }),
  }),
};
