import assert from 'node:assert/strict';
import { test } from 'node:test';
import { E } from '../../abi/errno.ts';
import { O_CREAT, O_RDWR } from '../../abi/fcntl.ts';
import { fromBytes } from '../../lib/bytes.ts';
import type { Kernel } from '../kernel.ts';
import { defaultLimits, Limits } from '../limits.ts';
import type { Process } from '../process.ts';
import { ProcessSignals, TaskSignals } from '../signal-set.ts';
import type { Task } from '../task.ts';
import { FileTable } from '../vfs/file-table.ts';
import type { Caller } from '../vfs/permission.ts';
import { Vfs } from '../vfs/vfs.ts';
import { ProcFs } from './proc.ts';
import { SysFs } from './sys.ts';
import { TmpFs } from './tmp.ts';

const now = () => ({ seconds: 1_700_000_000, nanoseconds: 0 });

/** The parts of a kernel that procfs looks at, with one process and no CPU. */
function machine() {
  const vfs = new Vfs();
  const processes = new Map<number, Process>();
  const clock = { realtime: now, monotonic: () => 12_340, startTime: 2000 };
  const scheduler: { current: Task | undefined } = { current: undefined };
  const parts = {
    foreground: new Map(),
    controlling: new Map(),
    vfs,
    processes,
    clock,
    scheduler,
    memory: { limit: 64 << 20, used: 1 << 20 },
    hostname: 'box',
    domainname: '(none)',
    maxProcesses: 10,
    executions: {},
    host: { random: (bytes: Uint8Array) => bytes.fill(0xff) },
  };
  const kernel = parts as unknown as Kernel;
  vfs.mount('/', new TmpFs({ now, device: 1, mode: 0o755 }));
  vfs.mount('/proc', new ProcFs(kernel));
  vfs.mount('/sys', new SysFs({ now, device: 9 }), { isReadOnly: true });
  const root: Caller = { fs: { root: vfs.root, cwd: vfs.root, umask: 0o022 }, credentials: { fsuid: 0, fsgid: 0, groups: [] } };
  const file = vfs.open(root, '/prog', O_RDWR | O_CREAT, 0o755);
  const area = (start: number, end: number, permissions: string, more: object = {}) => ({
    start,
    end,
    permissions,
    offset: 0,
    name: undefined,
    ...more,
  });
  const areas = [area(0x400000, 0x401000, 'r-xp', { file }), area(0x500000, 0x502000, 'rw-p')];
  const process = {
    pid: 7,
    kernel,
    name: 'pr) og',
    argv: ['/prog', 'a\xff'],
    environ: ['A=1'],
    executable: file.path,
    fs: root.fs,
    fds: new FileTable(vfs.locks, () => 16),
    credentials: { uid: 1, euid: 2, suid: 3, fsuid: 4, gid: 5, egid: 6, sgid: 7, fsgid: 8, groups: [9, 10] },
    limits: new Limits(defaultLimits(10, { soft: 16, hard: 32 })),
    mm: { areas, brk: 0x502000, startBrk: 0x500000, startStack: 0, frames: { count: 3, isResident: () => false } },
    signals: new ProcessSignals(),
    tasks: [] as Task[],
    ppid: 0,
    pgid: 7,
    sid: 7,
    nice: 0,
    cpuTime: 250,
    startTime: 2500,
    isStopped: false,
    hasNoNewPrivileges: false,
  } as unknown as Process;
  const task = {
    tid: 7,
    process,
    name: process.name,
    state: 'runnable',
    signals: new TaskSignals(),
    cpuTime: 250,
  } as unknown as Task;
  process.tasks.push(task);
  process.fds.add(file);
  processes.set(7, process);
  const get = (path: string) => {
    const open = vfs.open(root, path, 0);
    let text = '';
    for (const buffer = new Uint8Array(16); ; ) {
      const count = open.read(buffer) as number;
      if (count === 0) return text;
      text += fromBytes(buffer.subarray(0, count));
    }
  };
  return { vfs, root, get, process, task, scheduler, processes };
}

test('self is who asks; it ends with its process', () => {
  const { vfs, root, get, task, scheduler, processes } = machine();
  assert.throws(() => get('/proc/self/comm'), E.ENOENT);
  scheduler.current = task;
  assert.equal(get('/proc/self/comm'), 'pr) og\n');
  assert.equal(vfs.resolve(root, '/proc/thread-self/comm').print(), '/proc/7/task/7/comm');
  const held = vfs.open(root, '/proc/7/status', 0);
  processes.delete(7);
  assert.throws(() => held.read(new Uint8Array(10)), E.ESRCH);
  assert.throws(() => get('/proc/7/comm'), E.ENOENT);
});

test('the formats of a process', () => {
  const { get } = machine();
  const name = '/prog'.padStart(6);
  const device = '00:01';
  assert.match(
    get('/proc/7/maps'),
    new RegExp(
      `^00400000-00401000 r-xp 00000000 ${device} \\d+ +${name}\\n00500000-00502000 rw-p 00000000 00:00 0 +\\[heap\\]\\n$`,
    ),
  );
  for (const line of get('/proc/7/maps').trimEnd().split('\n')) assert.equal(line.search(/[/[]/), 73);
  assert.equal(get('/proc/7/cmdline'), '/prog\0a\xff\0');
  assert.equal(get('/proc/7/statm'), '3 3 0 1 0 2 0\n');
  const stat = get('/proc/7/stat');
  assert.match(stat, /^7 \(pr\) og\) R 0 7 7 0 -1 /);
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  assert.equal(fields.length, 50);
  assert.deepEqual([fields[11], fields[19], fields[20], fields[21]], ['25', '50', '12288', '3']);
  const status = get('/proc/7/status');
  assert.match(status, /\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nFDSize:\t64\nGroups:\t9 10 \n/);
  assert.match(status, /\nVmSize:\t {6}12 kB\n/);
  assert.match(get('/proc/7/limits'), /\nMax open files {12}16 {19}32 {19}files {5}\n/);
});

test('links of a process lead to what they name', () => {
  const { vfs, root, get } = machine();
  assert.equal(vfs.resolve(root, '/proc/7/exe', { follow: false }).inode.readlink(), '/prog');
  assert.equal(vfs.resolve(root, '/proc/7/exe').print(), '/prog');
  assert.equal(vfs.resolve(root, '/proc/7/cwd/../proc/7/root/prog').print(), '/prog');
  assert.equal(vfs.resolve(root, '/proc/7/fd/0').print(), '/prog');
  assert.throws(() => vfs.resolve(root, '/proc/7/fd/1'), E.ENOENT);
  assert.throws(() => vfs.resolve(root, '/proc/07'), E.ENOENT);
  assert.match(get('/proc/7/fdinfo/0'), /^pos:\t0\nflags:\t0100002\nmnt_id:\t1\n/);
});

test('the machine', () => {
  const { get } = machine();
  assert.match(get('/proc/meminfo'), /^MemTotal: {10}65536 kB\nMemFree: {11}64512 kB\n/);
  assert.match(get('/proc/cpuinfo'), /^processor\t: 0\nvendor_id\t: AuthenticAMD\n[\s\S]*\npower management:\n\n$/);
  assert.equal(get('/proc/uptime'), '10.34 10.09\n');
  assert.match(get('/proc/stat'), /^cpu {2}25 0 0 1009 0 0 0 0 0 0\ncpu0 25 /);
  assert.equal(get('/proc/sys/kernel/random/uuid'), 'ffffffff-ffff-4fff-bfff-ffffffffffff\n');
  assert.equal(get('/proc/sys/kernel/hostname'), 'box\n');
  assert.match(
    get('/proc/7/mounts'),
    /^tmpfs \/ tmpfs rw,relatime 0 0\nproc \/proc proc rw,relatime 0 0\nsysfs \/sys sysfs ro,relatime 0 0\n$/,
  );
  assert.equal(get('/sys/devices/system/cpu/online'), '0\n');
});
