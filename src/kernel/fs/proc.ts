// procfs: processes and the machine as files (proc(5)); nodes are made when they are looked up.

import { E } from '../../abi/errno.ts';
import { PAGE_SIZE } from '../../memory/layout.ts';
import type { ByteString } from '../../lib/bytes.ts';
import type { Kernel } from '../kernel.ts';
import { RELEASE, SYSNAME, VERSION } from '../syscalls/system.ts';
import type { Time } from '../vfs/inode.ts';
import type { FileSystem, StatFs } from '../vfs/mount.ts';
import { type Children, type ProcContext, ProcDirectory, ProcLink, ProcText } from './proc-node.ts';
import { numberOf, processDirectory } from './proc-process.ts';

/** What CPUID says of x86-64 without extensions (arch/x64/cpuid.ts): every bit of leaf 1 EDX that the baseline has, SYSCALL, NX and long mode. */
const BASELINE_CPU = {
  vendor: 'AuthenticAMD',
  family: 23,
  model: 1,
  stepping: 2,
  name: 'elfin virtual x86-64 processor',
  flags:
    'fpu vme de pse tsc msr pae mce cx8 apic mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 syscall nx lm constant_tsc'.split(
      ' ',
    ),
};

/** Linux's names where they are not those of `--cpu`. */
const FLAG_NAMES: Readonly<Record<string, string>> = {
  sse3: 'pni',
  cmpxchg16b: 'cx16',
  lahf: 'lahf_lm',
  lzcnt: 'abm',
  'sse4.1': 'sse4_1',
  'sse4.2': 'sse4_2',
  sha: 'sha_ni',
};

export interface ProcOptions {
  /** st_dev of its files. */
  device?: number;
}

export class ProcFs implements FileSystem, ProcContext {
  readonly type = 'proc';
  readonly device: number;
  readonly #kernel: Kernel;
  #lastIno = 0;
  #root: ProcDirectory | undefined;
  #time: Time | undefined;

  constructor(kernel: Kernel, { device = 0x16 }: ProcOptions = {}) {
    this.#kernel = kernel;
    this.device = device;
  }

  get root(): ProcDirectory {
    this.#root ??= this.#makeRoot();
    return this.#root;
  }

  get time(): Time {
    this.#time ??= this.#kernel.clock.realtime();
    return this.#time;
  }

  newIno(): number {
    return ++this.#lastIno;
  }

  statfs(): StatFs {
    return { type: 0x9fa0, blockSize: 4096, blocks: 0, free: 0, files: 0, freeFiles: 0 };
  }

  #makeRoot(): ProcDirectory {
    const kernel = this.#kernel;
    const processes = new Map<number, ProcDirectory>();
    return new ProcDirectory(this, systemFiles(kernel), {
      others: {
        names: () => [...kernel.processes.keys()].map(String),
        lookup: (name) => {
          const pid = numberOf(name);
          if (pid === undefined || !kernel.processes.has(pid)) {
            if (pid !== undefined) processes.delete(pid);
            return undefined;
          }
          const known = processes.get(pid) ?? processDirectory(this, kernel, pid);
          processes.set(pid, known);
          return known;
        },
      },
    });
  }
}

function systemFiles(kernel: Kernel): Children {
  const text = (make: () => ByteString) => (context: ProcContext) => new ProcText(context, make);
  const current = () => {
    const task = kernel.scheduler.current;
    if (!task) throw E.ENOENT;
    return task;
  };
  return {
    cmdline: text(() => 'elfin\n'),
    cpuinfo: text(() => cpuText(kernel.executions.features ?? [])),
    filesystems: text(() => 'nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevtmpfs\nnodev\toverlay\nnodev\thostfs\n\ttarfs\n'),
    loadavg: text(() => loadText(kernel)),
    meminfo: text(() => memoryText(kernel)),
    mounts: (context) => new ProcLink(context, () => 'self/mounts'),
    net: (context) => new ProcLink(context, () => 'self/net'),
    self: (context) => new ProcLink(context, () => String(current().process.pid)),
    stat: text(() => statText(kernel)),
    sys: (context) => new ProcDirectory(context, sysctls(kernel)),
    'thread-self': (context) => new ProcLink(context, () => `${current().process.pid}/task/${current().tid}`),
    uptime: text(() => {
      const up = (kernel.clock.monotonic() - kernel.clock.startTime) / 1000;
      const idle = Math.max(0, up - cpuSeconds(kernel));
      return `${up.toFixed(2)} ${idle.toFixed(2)}\n`;
    }),
    vmstat: text(() => pagesText(kernel)),
    version: text(() => `${SYSNAME} version ${RELEASE} (elfin) ${VERSION}\n`),
  };
}

const cpuSeconds = (kernel: Kernel): number =>
  [...kernel.processes.values()].reduce((sum, { cpuTime }) => sum + cpuTime, 0) / 1000;

/** arch/x86/kernel/cpu/proc.c, show_cpuinfo. */
function cpuText(features: readonly string[]): ByteString {
  const { vendor, family, model, stepping, name } = BASELINE_CPU;
  const flags = [...BASELINE_CPU.flags, ...features.map((feature) => FLAG_NAMES[feature] ?? feature)];
  const lines: (readonly [string, string | number])[] = [
    ['processor\t', 0],
    ['vendor_id\t', vendor],
    ['cpu family\t', family],
    ['model\t\t', model],
    ['model name\t', name],
    ['stepping\t', stepping],
    ['cpu MHz\t\t', '1000.000'],
    ['cache size\t', '1024 KB'],
    ['physical id\t', 0],
    ['siblings\t', 1],
    ['core id\t\t', 0],
    ['cpu cores\t', 1],
    ['apicid\t\t', 0],
    ['initial apicid\t', 0],
    ['fpu\t\t', 'yes'],
    ['fpu_exception\t', 'yes'],
    ['cpuid level\t', 7],
    ['wp\t\t', 'yes'],
    ['flags\t\t', flags.join(' ')],
    ['bugs\t\t', ''],
    ['bogomips\t', '2000.00'],
    ['clflush size\t', 64],
    ['cache_alignment\t', 64],
    ['address sizes\t', '40 bits physical, 48 bits virtual'],
    ['power management', ''],
  ];
  return `${lines
    .map(([label, value]) => `${label}: ${value}`)
    .join('\n')
    .trimEnd()}\n\n`;
}

function loadText(kernel: Kernel): ByteString {
  let running = 0,
    total = 0,
    last = 0;
  for (const { tasks, pid } of kernel.processes.values()) {
    total += tasks.length;
    running += tasks.filter(({ state }) => state === 'runnable').length;
    last = Math.max(last, pid);
  }
  return `0.00 0.00 0.00 ${running}/${total} ${last}\n`;
}

/** mm/vmstat.c, as far as there is something to count: no page goes to a disk or comes from one. */
function pagesText({ memory }: Kernel): ByteString {
  const free = Math.floor((memory.limit - memory.used) / PAGE_SIZE);
  const names = ['pgpgin', 'pgpgout', 'pswpin', 'pswpout', 'pgfault', 'pgmajfault'];
  return [`nr_free_pages ${free}`, ...names.map((name) => `${name} 0`), ''].join('\n');
}

/** fs/proc/meminfo.c; the machine's limit is all the memory there is. */
function memoryText(kernel: Kernel): ByteString {
  const total = Math.floor(kernel.memory.limit / 1024),
    used = Math.ceil(kernel.memory.used / 1024);
  const free = Math.max(0, total - used);
  const values: (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', free],
    ['MemAvailable', free],
    ['Buffers', 0],
    ['Cached', 0],
    ['SwapCached', 0],
    ['Active', used],
    ['Inactive', 0],
    ['Active(anon)', used],
    ['Inactive(anon)', 0],
    ['Active(file)', 0],
    ['Inactive(file)', 0],
    ['Unevictable', 0],
    ['Mlocked', 0],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Dirty', 0],
    ['Writeback', 0],
    ['AnonPages', used],
    ['Mapped', 0],
    ['Shmem', 0],
    ['KReclaimable', 0],
    ['Slab', 0],
    ['SReclaimable', 0],
    ['SUnreclaim', 0],
    ['KernelStack', 0],
    ['PageTables', 0],
    ['CommitLimit', Math.floor(total / 2)],
    ['Committed_AS', used],
    ['VmallocTotal', 0],
    ['VmallocUsed', 0],
    ['VmallocChunk', 0],
  ];
  const shown = values.map(([name, value]) => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`).join('');
  return `${shown}HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\nHugePages_Surp:        0\nHugepagesize:       2048 kB\n`;
}

/** fs/proc/stat.c: one CPU, times in hundredths of a second. */
function statText(kernel: Kernel): ByteString {
  const { clock } = kernel;
  const up = (clock.monotonic() - clock.startTime) / 1000;
  const user = cpuSeconds(kernel);
  const times = `${Math.floor(user * 100)} 0 0 ${Math.max(0, Math.floor((up - user) * 100))} 0 0 0 0 0 0`;
  const running = [...kernel.processes.values()].filter(({ tasks }) => tasks.some(({ state }) => state === 'runnable')).length;
  const btime = Math.floor(clock.realtime().seconds - up);
  return `cpu  ${times}\ncpu0 ${times}\nintr 0\nctxt 0\nbtime ${btime}\nprocesses ${kernel.processes.size}\nprocs_running ${running}\nprocs_blocked 0\nsoftirq 0\n`;
}

function sysctls(kernel: Kernel): Children {
  const value = (make: () => string | number) => (context: ProcContext) => new ProcText(context, () => `${make()}\n`);
  const directory = (children: Children) => (context: ProcContext) => new ProcDirectory(context, children);
  const uuid = (): string => {
    const bytes = new Uint8Array(16);
    kernel.host.random(bytes);
    // RFC 4122: version 4, variant 1.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
  let bootId: string | undefined;
  return {
    fs: directory({
      'file-max': value(() => '9223372036854775807'),
      nr_open: value(() => 1_048_576),
      'pipe-max-size': value(() => 1_048_576),
    }),
    kernel: directory({
      cap_last_cap: value(() => 40),
      domainname: value(() => kernel.domainname),
      hostname: value(() => kernel.hostname),
      ngroups_max: value(() => 65536),
      osrelease: value(() => RELEASE),
      ostype: value(() => SYSNAME),
      overflowgid: value(() => 65534),
      overflowuid: value(() => 65534),
      pid_max: value(() => 32768),
      randomize_va_space: value(() => 2),
      'threads-max': value(() => kernel.maxProcesses),
      version: value(() => VERSION),
      random: directory({
        boot_id: value(() => (bootId ??= uuid())),
        entropy_avail: value(() => 256),
        poolsize: value(() => 256),
        uuid: value(uuid),
      }),
    }),
    net: directory({ core: directory({ somaxconn: value(() => 4096) }) }),
    vm: directory({
      max_map_count: value(() => 65530),
      mmap_min_addr: value(() => 65536),
      overcommit_memory: value(() => 0),
      overcommit_ratio: value(() => 50),
      swappiness: value(() => 60),
    }),
  };
}
