// The options of the command line: one row each, read by the parser and by `elfin help`.

import type { MemoryCheck } from '../src/arch/arch.ts';
import { isPass, PASSES, type PassName } from '../src/exec/jit/passes.ts';
import { byteSize } from '../src/lib/size.ts';
import { UsageError } from '../src/lib/usage-error.ts';

export interface Volume {
  readonly host: string;
  readonly guest: string;
  readonly isReadOnly: boolean;
}

/** What the options say; texts are byte strings (lib/bytes.ts). */
export interface Settings {
  root?: string;
  readonly volumes: Volume[];
  readonly tmpfs: string[];
  /** `K=V`, or `K` for the host's value. */
  readonly env: string[];
  clearEnv: boolean;
  cwd?: string;
  hostname?: string;
  user?: { readonly uid: number; readonly gid: number };
  argv0?: string;
  /** A program interpreter in place of PT_INTERP's. */
  interpreter?: string;
  net: 'none' | 'loopback';
  /** Bytes. */
  memory?: number;
  /** Seconds. */
  timeout?: number;
  maxProcesses?: number;
  maxFiles?: number;
  cpu?: string;
  hasJit: boolean;
  jitThreshold?: number;
  isVerified: boolean;
  without: ReadonlySet<PassName>;
  memoryCheck: MemoryCheck;
  /** Directory for compiled code, and bytes it may take. */
  codeCache?: string;
  codeCacheLimit?: number;
  /** Directory for files of what was compiled. */
  dump?: string;
  hasAslr: boolean;
  isVerbose: boolean;
  bootchart: boolean;
  readonly trace: string[];
  /** Names or patterns of syscalls to print; empty = all, absent = none. */
  strace?: string[];
  straceSummary: boolean;
  /** File for traces, or the result of `pack`. */
  output?: string;
  mmap: boolean;
  stats?: 'text' | 'json';
  /** File for a CPU profile. */
  profile?: string;
  help: boolean;
  version: boolean;
}

export const newSettings = (): Settings => ({
  volumes: [],
  tmpfs: [],
  env: [],
  clearEnv: false,
  net: 'loopback',
  hasJit: true,
  isVerified: false,
  without: new Set(),
  memoryCheck: 'page',
  hasAslr: true,
  isVerbose: false,
  bootchart: false,
  trace: [],
  straceSummary: false,
  mmap: false,
  help: false,
  version: false,
});

export interface Option {
  /** Spellings, short ones first. */
  readonly names: readonly string[];
  /** Placeholder of the value; `optional` values come with `=` only. */
  readonly value?: string;
  readonly isOptional?: boolean;
  readonly help: string;
  readonly set: (settings: Settings, value: string, name: string) => void;
}

const refused =
  (what: string) =>
  (_settings: Settings, _value: string, name: string): void => {
    throw new UsageError(`${name}: ${what} is not built yet`);
  };

export const OPTIONS: readonly Option[] = [
  {
    names: ['--root'],
    value: 'WHAT',
    help: "the guest's /: base (the bundled image), a directory, FILE.tar[.gz|.zst] or FILE.manifest",
    set: setRoot,
  },
  {
    names: ['-v', '--volume'],
    value: 'HOST:GUEST[:ro]',
    help: 'mount a host directory or file, written through unless ro',
    set: addVolume,
  },
  {
    names: ['--tmpfs'],
    value: 'GUEST',
    help: 'mount an empty file system in memory',
    set: (s, value) => s.tmpfs.push(absolute(value, '--tmpfs')),
  },
  { names: ['-e', '--env'], value: 'K=V', help: 'set a variable of the environment', set: addVariable },
  { names: ['--clear-env'], help: "start from an empty environment instead of the host's", set: (s) => void (s.clearEnv = true) },
  {
    names: ['-w', '--cwd'],
    value: 'DIR',
    help: 'directory the program starts in',
    set: (s, value) => void (s.cwd = absolute(value, '--cwd')),
  },
  { names: ['--hostname'], value: 'NAME', help: 'name of the machine', set: (s, value) => void (s.hostname = value) },
  { names: ['--user'], value: 'UID[:GID]', help: 'who the program runs as', set: setUser },
  { names: ['--argv0'], value: 'NAME', help: 'what the program sees as argv[0]', set: (s, value) => void (s.argv0 = value) },
  { names: ['--interp'], value: 'auto|PATH', help: 'program interpreter of a dynamic executable', set: setInterpreter },
  { names: ['--net'], value: 'none|loopback', help: 'network of the machine (loopback)', set: setNetwork },
  { names: ['-p'], value: 'HOSTPORT:PORT', help: '(not built yet) publish a port', set: refused('publishing ports') },
  {
    names: ['--memory'],
    value: 'SIZE',
    help: "limit of memory, as 512M or 2GiB (half of the host's)",
    set: (s, v) => void (s.memory = size(v, '--memory')),
  },
  {
    names: ['--timeout'],
    value: 'SEC',
    help: 'end the program after so many seconds, with status 124',
    set: (s, v) => void (s.timeout = seconds(v)),
  },
  {
    names: ['--max-procs'],
    value: 'N',
    help: 'limit of processes (1000)',
    set: (s, v) => void (s.maxProcesses = count(v, '--max-procs')),
  },
  {
    names: ['--max-files'],
    value: 'N',
    help: 'limit of open files of a process (1024)',
    set: (s, v) => void (s.maxFiles = count(v, '--max-files')),
  },
  { names: ['--cpu'], value: 'LEVEL', help: 'what CPUID says: x86-64, or +name,-name', set: (s, value) => void (s.cpu = value) },
  { names: ['--no-jit'], help: 'interpret only', set: (s) => void (s.hasJit = false) },
  {
    names: ['--jit-threshold'],
    value: 'N',
    help: 'compile code that was entered N times (20,000)',
    set: (s, v) => void (s.jitThreshold = count(v, '--jit-threshold')),
  },
  {
    names: ['--code-cache'],
    value: 'DIR',
    help: 'keep compiled code in DIR for later runs; who can write there decides what they do',
    set: (s, value) => void (s.codeCache = value),
  },
  {
    names: ['--code-cache-limit'],
    value: 'SIZE',
    help: 'bytes that may stay in DIR (256M)',
    set: (s, value) => void (s.codeCacheLimit = size(value, '--code-cache-limit')),
  },
  {
    names: ['--jit-verify'],
    help: 'interpret all compiled code as well, and stop where the two differ',
    set: (s) => void (s.isVerified = true),
  },
  {
    names: ['--jit-without'],
    value: 'NAME,...',
    help: `leave out what makes compiled code faster: ${Object.keys(PASSES).join(', ')}`,
    set: leaveOut,
  },
  {
    names: ['--dump'],
    value: 'DIR',
    help: 'write instructions, IR and WebAssembly of all compiled code to files in DIR',
    set: (s, value) => void (s.dump = value),
  },
  {
    names: ['--memory-check'],
    value: 'page|window',
    help: 'how compiled code checks what it reads: window is faster and misses faults (docs/deviations.md)',
    set: setMemoryCheck,
  },
  { names: ['--no-aslr'], help: 'the same addresses in every run', set: (s) => void (s.hasAslr = false) },
  { names: ['--verbose'], help: 'boot lines and unknown syscalls on stderr', set: (s) => void (s.isVerbose = true) },
  { names: ['--bootchart'], help: 'time of each stage of the start', set: (s) => void (s.bootchart = true) },
  { names: ['--trace'], value: 'NAME,...', help: 'trace channels; `syscalls` prints each number before the call', set: addTrace },
  { names: ['--strace'], value: 'PATTERN,...', isOptional: true, help: 'print system calls as strace does', set: addStrace },
  { names: ['--strace-summary'], help: 'count calls, errors and time', set: (s) => void (s.straceSummary = true) },
  { names: ['-o'], value: 'FILE', help: 'traces go to FILE instead of stderr', set: (s, value) => void (s.output = value) },
  { names: ['--mmap'], help: 'print the memory map at exit', set: (s) => void (s.mmap = true) },
  { names: ['-g', '--gdb'], value: 'PORT|unix:PATH', help: '(not built yet) wait for gdb', set: refused('the gdb server') },
  { names: ['--stats'], value: 'json', isOptional: true, help: 'print counters at exit', set: setStats },
  {
    names: ['--profile'],
    value: 'FILE',
    help: "write a CPU profile by guest symbol, which Chrome's developer tools open as a .cpuprofile",
    set: (s, value) => void (s.profile = value),
  },
  { names: ['-h', '--help'], help: 'this text', set: (s) => void (s.help = true) },
  { names: ['--version'], help: 'the version', set: (s) => void (s.version = true) },
];

function setRoot(settings: Settings, value: string): void {
  if (value.startsWith('oci:')) throw new UsageError('--root oci: OCI images are not built yet');
  settings.root = value;
}

function addVolume(settings: Settings, value: string): void {
  const match = /^(.+?):(\/[^:]*)(?::(ro|rw))?$/s.exec(value);
  if (!match?.[1] || !match[2]) throw new UsageError(`--volume ${value}: expected HOST:GUEST[:ro] with an absolute GUEST`);
  settings.volumes.push({ host: match[1], guest: match[2], isReadOnly: match[3] === 'ro' });
}

function addVariable(settings: Settings, value: string): void {
  if (value === '' || value.startsWith('=')) throw new UsageError(`--env ${value}: expected NAME=VALUE`);
  settings.env.push(value);
}

function setUser(settings: Settings, value: string): void {
  const match = /^(\d+)(?::(\d+))?$/.exec(value);
  if (!match) throw new UsageError(`--user ${value}: expected UID[:GID] as numbers`);
  const uid = Number(match[1]);
  settings.user = { uid, gid: match[2] === undefined ? uid : Number(match[2]) };
}

function setInterpreter(settings: Settings, value: string): void {
  if (value === 'builtin') throw new UsageError('--interp builtin: the built-in linker is not built yet');
  if (value === 'auto') delete settings.interpreter;
  else settings.interpreter = absolute(value, '--interp');
}

function setNetwork(settings: Settings, value: string): void {
  if (value === 'host') throw new UsageError('--net host: the network of the host is not built yet');
  if (value !== 'none' && value !== 'loopback') throw new UsageError(`--net ${value}: expected none or loopback`);
  settings.net = value;
}

function setMemoryCheck(settings: Settings, value: string): void {
  if (value !== 'page' && value !== 'window') throw new UsageError(`--memory-check ${value}: expected page or window`);
  settings.memoryCheck = value;
}

function leaveOut(settings: Settings, value: string): void {
  const names = value.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !isPass(name));
  if (unknown !== undefined) throw new UsageError(`--jit-without ${unknown}: there are ${Object.keys(PASSES).join(', ')}`);
  settings.without = new Set([...settings.without, ...names.filter(isPass)]);
}

function addTrace(settings: Settings, value: string): void {
  settings.trace.push(...value.split(',').filter((name) => name !== ''));
}

function addStrace(settings: Settings, value: string): void {
  settings.strace = [...(settings.strace ?? []), ...value.split(',').filter((name) => name !== '')];
}

function setStats(settings: Settings, value: string): void {
  if (value !== '' && value !== 'json') throw new UsageError(`--stats=${value}: expected json`);
  settings.stats = value === 'json' ? 'json' : 'text';
}

function absolute(value: string, name: string): string {
  if (!value.startsWith('/')) throw new UsageError(`${name} ${value}: expected an absolute path of the guest`);
  return value;
}

function count(value: string, name: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new UsageError(`${name} ${value}: expected a positive number`);
  return Number(value);
}

function seconds(value: string): number {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(value) || Number(value) === 0)
    throw new UsageError(`--timeout ${value}: expected a number of seconds`);
  return Number(value);
}

function size(value: string, name: string): number {
  try {
    return byteSize(value);
  } catch {
    throw new UsageError(`${name} ${value}: expected a size as 512M or 2GiB`);
  }
}
