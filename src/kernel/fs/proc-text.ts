// The texts of /proc/PID: stat, statm, status, maps, smaps, limits, in Linux's formats (proc(5); fs/proc/array.c, task_mmu.c).

import { majorOf, minorOf } from '../../abi/stat.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { PAGE_SIZE, pageOf } from '../../memory/layout.ts';
import { RLIMIT } from '../limits.ts';
import { listAreas, type AreaInfo } from '../mm/listing.ts';
import type { Process } from '../process.ts';
import type { SignalSet } from '../signal-set.ts';
import type { Task } from '../task.ts';

/** USER_HZ: what clock_t counts in. */
const TICKS_PER_MS = 1 / 10;
const ticks = (milliseconds: number): number => Math.floor(milliseconds * TICKS_PER_MS);
const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
const set = ({ low, high }: SignalSet): string => hex(high >>> 0, 8) + hex(low >>> 0, 8);

/** One letter: running, sleeping, stopped, and the word that status adds. */
function state(process: Process, task: Task): readonly [string, string] {
  if (process.exited) return ['Z', 'zombie'];
  if (process.isStopped) return ['T', 'stopped'];
  return task.state === 'blocked' ? ['S', 'sleeping'] : ['R', 'running'];
}

/** The device number of its terminal, 0 without one: 136:N is /dev/pts/N. */
function terminalOf({ kernel, sid }: Process): number {
  return kernel.foreground.has(sid) ? (136 << 8) | (kernel.controlling.get(sid)?.number ?? 0) : 0;
}

/** Sizes of an address space in pages, by what the areas are for. */
function sizes(process: Process) {
  const { mm } = process;
  const count = { total: 0, data: 0, stack: 0, text: 0, library: 0, file: 0, resident: 0 };
  if (process.exited) return count;
  for (const area of listAreas(mm)) {
    const pages = (area.end - area.start) / PAGE_SIZE;
    count.total += pages;
    const isFile = area.name.startsWith('/');
    if (area.name === '[stack]') count.stack += pages;
    else if (area.permissions.includes('x')) {
      if (isFile && area.name === process.executable?.print()) count.text += pages;
      else count.library += pages;
    } else if (area.permissions[1] === 'w' && area.permissions[3] === 'p') count.data += pages;
  }
  return { ...count, resident: mm.frames.count };
}

/** /proc/PID/stat, and of a thread /proc/PID/task/TID/stat. */
export function statText(process: Process, task: Task): ByteString {
  const { mm, signals, limits, kernel } = process;
  const { total, resident } = sizes(process);
  const [letter] = state(process, task);
  const { ignored, caught } = signals.masks();
  const pending = task.signals.pending.set;
  const cpu = task === process.tasks[0] ? process.cpuTime : task.cpuTime;
  const rss = limits.soft(RLIMIT.RSS);
  // Boot is when the machine started.
  const start = ticks(process.startTime - kernel.clock.startTime);
  const fields: (number | string)[] = [
    task.tid,
    `(${task.name})`,
    letter,
    process.ppid,
    process.pgid,
    process.sid,
    terminalOf(process),
    kernel.foreground.get(process.sid) ?? -1,
    0x400000,
    0,
    0,
    0,
    0,
    ticks(cpu),
    0,
    0,
    0,
    20 + process.nice,
    process.nice,
    process.tasks.length,
    0,
    start,
    total * PAGE_SIZE,
    resident,
    rss === Infinity ? '18446744073709551615' : rss,
    1,
    1,
    process.exited ? 0 : mm.startStack,
    0,
    0,
    pending.low & 0x7fffffff,
    task.signals.blocked.low & 0x7fffffff,
    ignored.low & 0x7fffffff,
    caught.low & 0x7fffffff,
    0,
    0,
    0,
    17,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    process.exited ? 0 : mm.startBrk,
    0,
    0,
    0,
    0,
    0,
  ];
  return `${fields.join(' ')}\n`;
}

export function statmText(process: Process): ByteString {
  const { total, resident, text, data, stack } = sizes(process);
  return `${total} ${resident} 0 ${text} 0 ${data + stack} 0\n`;
}

export function statusText(process: Process, task: Task): ByteString {
  const { credentials: ids, mm, signals, fs } = process;
  const { total, resident, data, stack, text, library } = sizes(process);
  const kB = (pages: number): string => `${String((pages * PAGE_SIZE) / 1024).padStart(8)} kB`;
  const { ignored, caught } = signals.masks();
  const capabilities = ids.euid === 0 ? '000001ffffffffff' : '0000000000000000';
  const lines: (readonly [string, string])[] = [
    ['Name', task.name.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')],
    ['Umask', `0${fs.umask.toString(8).padStart(3, '0')}`],
    ['State', `${state(process, task).join(' (')})`],
    ['Tgid', String(process.pid)],
    ['Ngid', '0'],
    ['Pid', String(task.tid)],
    ['PPid', String(process.ppid)],
    ['TracerPid', '0'],
    ['Uid', [ids.uid, ids.euid, ids.suid, ids.fsuid].join('\t')],
    ['Gid', [ids.gid, ids.egid, ids.sgid, ids.fsgid].join('\t')],
    ['FDSize', String(process.fds.capacity)],
    ['Groups', ids.groups.map((group) => `${group} `).join('')],
    ['NStgid', String(process.pid)],
    ['NSpid', String(task.tid)],
    ['NSpgid', String(process.pgid)],
    ['NSsid', String(process.sid)],
    ['VmPeak', kB(total)],
    ['VmSize', kB(total)],
    ['VmLck', kB(0)],
    ['VmPin', kB(0)],
    ['VmHWM', kB(resident)],
    ['VmRSS', kB(resident)],
    ['RssAnon', kB(resident)],
    ['RssFile', kB(0)],
    ['RssShmem', kB(0)],
    ['VmData', kB(data)],
    ['VmStk', kB(stack)],
    ['VmExe', kB(text)],
    ['VmLib', kB(library)],
    ['VmPTE', kB(Math.ceil(mm.areas.size / 512))],
    ['VmSwap', kB(0)],
    ['HugetlbPages', kB(0)],
    ['CoreDumping', '0'],
    ['THP_enabled', '0'],
    ['Threads', String(process.tasks.length)],
    ['SigQ', `0/${process.limits.soft(RLIMIT.SIGPENDING)}`],
    ['SigPnd', set(task.signals.pending.set)],
    ['ShdPnd', set(signals.pending.set)],
    ['SigBlk', set(task.signals.blocked)],
    ['SigIgn', set(ignored)],
    ['SigCgt', set(caught)],
    ['CapInh', '0000000000000000'],
    ['CapPrm', capabilities],
    ['CapEff', capabilities],
    ['CapBnd', '000001ffffffffff'],
    ['CapAmb', '0000000000000000'],
    ['NoNewPrivs', process.hasNoNewPrivileges ? '1' : '0'],
    ['Seccomp', '0'],
    ['Seccomp_filters', '0'],
    ['Cpus_allowed', '1'],
    ['Cpus_allowed_list', '0'],
    ['Mems_allowed', '1'],
    ['Mems_allowed_list', '0'],
    ['voluntary_ctxt_switches', '0'],
    ['nonvoluntary_ctxt_switches', '0'],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join('');
}

/** Column of the name in maps: 25 + 6 * sizeof(void *), after one space. */
const NAME_COLUMN = 73;

function mapsLine({ start, end, permissions, offset, dev, ino, name }: AreaInfo): ByteString {
  const device = `${hex(majorOf(dev), 2)}:${hex(minorOf(dev), 2)}`;
  const place = `${hex(start, 8)}-${hex(end, 8)} ${permissions} ${hex(offset, 8)} ${device} ${ino} `;
  return name === '' ? `${place}\n` : `${place.padEnd(NAME_COLUMN)}${name.replace(/\n/g, '\\012')}\n`;
}

export const mapsText = (process: Process): ByteString => listAreas(process.mm, process.fs.root).map(mapsLine).join('');

const SMAPS_ZEROS = ['Shared_Clean', 'Shared_Dirty', 'Private_Clean'] as const;
const SMAPS_TAIL = [
  'LazyFree',
  'AnonHugePages',
  'ShmemPmdMapped',
  'FilePmdMapped',
  'Shared_Hugetlb',
  'Private_Hugetlb',
  'Swap',
  'SwapPss',
  'Locked',
] as const;

/** smaps counts every resident page as private and dirty: the pages of a process are copies of its own. */
export function smapsText(process: Process): ByteString {
  return listAreas(process.mm, process.fs.root)
    .map((area) => {
      let resident = 0;
      for (let page = pageOf(area.start); page < pageOf(area.end); page++)
        if (process.mm.frames.isResident(page)) resident += PAGE_SIZE / 1024;
      const line = (name: string, value: number): string => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`;
      return [
        mapsLine(area),
        line('Size', (area.end - area.start) / 1024),
        line('KernelPageSize', 4),
        line('MMUPageSize', 4),
        line('Rss', resident),
        line('Pss', resident),
        line('Pss_Dirty', resident),
        ...SMAPS_ZEROS.map((name) => line(name, 0)),
        line('Private_Dirty', resident),
        line('Referenced', resident),
        line('Anonymous', area.name.startsWith('/') ? 0 : resident),
        ...SMAPS_TAIL.map((name) => line(name, 0)),
        'THPeligible:           0\n',
        `VmFlags: ${vmFlags(area.permissions)}\n`,
      ].join('');
    })
    .join('');
}

function vmFlags(permissions: string): string {
  const has = (letter: string, flag: string): string => (permissions.includes(letter) ? `${flag} ` : '');
  return `${has('r', 'rd')}${has('w', 'wr')}${has('x', 'ex')}${has('s', 'sh')}mr mw me `;
}

const LIMITS: readonly (readonly [resource: number, name: string, unit: string])[] = [
  [RLIMIT.CPU, 'Max cpu time', 'seconds'],
  [RLIMIT.FSIZE, 'Max file size', 'bytes'],
  [RLIMIT.DATA, 'Max data size', 'bytes'],
  [RLIMIT.STACK, 'Max stack size', 'bytes'],
  [RLIMIT.CORE, 'Max core file size', 'bytes'],
  [RLIMIT.RSS, 'Max resident set', 'bytes'],
  [RLIMIT.NPROC, 'Max processes', 'processes'],
  [RLIMIT.NOFILE, 'Max open files', 'files'],
  [RLIMIT.MEMLOCK, 'Max locked memory', 'bytes'],
  [RLIMIT.AS, 'Max address space', 'bytes'],
  [RLIMIT.LOCKS, 'Max file locks', 'locks'],
  [RLIMIT.SIGPENDING, 'Max pending signals', 'signals'],
  [RLIMIT.MSGQUEUE, 'Max msgqueue size', 'bytes'],
  [RLIMIT.NICE, 'Max nice priority', ''],
  [RLIMIT.RTPRIO, 'Max realtime priority', ''],
  [RLIMIT.RTTIME, 'Max realtime timeout', 'us'],
];

export function limitsText(process: Process): ByteString {
  const show = (value: number): string => (value === Infinity ? 'unlimited' : String(value)).padEnd(20);
  const row = (name: string, soft: string, hard: string, unit: string): string =>
    `${name.padEnd(25)} ${soft} ${hard} ${unit.padEnd(10)}\n`;
  const rows = LIMITS.map(([resource, name, unit]) => {
    const [soft, hard] = process.limits.get(resource);
    return row(name, show(soft), show(hard), unit);
  });
  return row('Limit', 'Soft Limit'.padEnd(20), 'Hard Limit'.padEnd(20), 'Units') + rows.join('');
}
