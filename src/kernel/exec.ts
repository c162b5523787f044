// execve's core: from a path to a loaded program with its stack and registers, for process start and for the syscall.

import { E, Errno } from '../abi/errno.ts';
import { PROT_EXEC, PROT_READ, PROT_WRITE } from '../abi/mman.ts';
import { PF_X, PHENT_SIZE } from '../elf/image.ts';
import type { ByteString } from '../lib/bytes.ts';
import { PAGE_SIZE, pageAlign, pageOf, pageStart } from '../memory/layout.ts';
import { ExecError } from './exec-error.ts';
import { describeErrno, openProgram, type Program } from './exec-file.ts';
import { type Loaded, load, requireMappable } from './exec-load.ts';
import { AT, type AuxEntry, buildStack, requireArgumentsFit, type StackContent } from './exec-stack.ts';
import { RLIMIT } from './limits.ts';
import { AREA, Area } from './mm/area.ts';
import { type Randomize, randomizer } from './mm/layout.ts';
import type { MemoryMap } from './mm/memory-map.ts';
import type { Process } from './process.ts';
import type { Task } from './task.ts';
import type { Path } from './vfs/path.ts';
import { S_ISGID, S_ISUID } from './vfs/permission.ts';
import { VDSO_WORDS } from './vdso-image.ts';

export { ExecError } from './exec-error.ts';

export interface ExecuteOptions {
  /** Used instead of the program's PT_INTERP, if it has one. */
  readonly interpreter?: ByteString;
  /** What the path has been found to name (execveat(2)). */
  readonly found?: Path;
  /** The path leads nowhere once the program runs, so that no interpreter of a script could open it. */
  readonly isHidden?: boolean;
}

/** personality(2): fixed addresses. */
const ADDR_NO_RANDOMIZE = 0x0040000;
/** The stack area starts this much below the strings; it grows on demand (Linux, setup_arg_pages). */
const STACK_EXPAND = 0x20000;
const CLOCK_TICKS = 100;
const AT_RANDOM_BYTES = 16;
const COMM_LENGTH = 15;

/**
 * Replaces the program of a process. Everything that can be wrong with files and arguments is found before the old
 * program is given up. Throws ExecError. Descriptors, signal dispositions and other threads are the caller's concern.
 */
export function execute(
  task: Task,
  path: ByteString,
  argv: readonly ByteString[],
  envp: readonly ByteString[],
  options: ExecuteOptions = {},
): void {
  const { process } = task;
  // Linux 5.18 and later: an empty argv becomes one empty string
  const given = argv.length > 0 ? argv : [''];
  const program = openProgram(process, path, given, options);
  requireMappable(program);
  if (program.interpreter) requireMappable(program.interpreter);
  const content = { path, argv: program.argv, envp };
  const argumentBytes = named(path, '', () => requireArgumentsFit(content, process.limits.soft(RLIMIT.STACK)));
  named(path, '', () => process.ownSpace(task));
  process.keepOnly(task);
  named(path, 'cannot be loaded: ', () => replace(process, content, program, argumentBytes), true);
}

/** The point of no return: the old program goes, the new one is laid out and its registers are set. */
function replace(process: Process, content: StackContent, program: Program, argumentBytes: number): void {
  const { kernel, mm } = process;
  const entropy = new Uint8Array(AT_RANDOM_BYTES + 32);
  kernel.host.random(entropy);
  const randomize = randomizer(process.personality & ADDR_NO_RANDOMIZE ? undefined : entropy.subarray(AT_RANDOM_BYTES));
  process.execution.reset();
  mm.reset(randomize, { isFixed: program.image.type === 'exec', end: program.image.end });
  mapStack(mm, argumentBytes, program);
  const main = loadMain(mm, program, randomize);
  const interpreter = program.interpreter && load(mm, program.interpreter);
  mapVdso(mm);

  const isSecure = setIds(process, program);
  const stackPointer = buildStack(process.memory, {
    ...content,
    top: mm.layout.stackTop,
    platform: kernel.abi.platform,
    random: entropy.subarray(0, AT_RANDOM_BYTES),
    padding: randomize(0x2000),
    auxv: auxiliaryVector(process, program, main, interpreter, isSecure),
  });
  mm.startStack = stackPointer;
  process.executable = program.path;
  process.argv = program.argv;
  process.environ = content.envp;
  process.name = content.path.slice(content.path.lastIndexOf('/') + 1).slice(0, COMM_LENGTH);
  kernel.abi.startContext(process.stateBytes, interpreter?.entry ?? main.entry, stackPointer);
  if (kernel.trace.exec)
    kernel.trace.write('exec', `${process.pid} ${program.path.print()} entry 0x${(interpreter ?? main).entry.toString(16)}`);
}

/** An Errno becomes an ExecError that names the program. */
function named<T>(path: ByteString, prefix: string, action: () => T, isTooLate = false): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Errno) throw new ExecError(error, path, prefix + describeErrno(error), isTooLate);
    throw error;
  }
}

function mapStack(mm: MemoryMap, argumentBytes: number, { image }: Program): void {
  const top = mm.layout.stackTop;
  const start = pageStart(top - argumentBytes) - STACK_EXPAND;
  // without PT_GNU_STACK an x86-64 stack is not executable (Linux arch/x86/include/asm/elf.h, table of exec-all and exec-none)
  const isExecutable = ((image.stackFlags ?? 0) & PF_X) !== 0;
  mm.startStack = top - 8;
  mm.add(
    new Area(start, top, PROT_READ | PROT_WRITE | (isExecutable ? PROT_EXEC : 0), AREA.mayWrite | AREA.account | AREA.growsDown),
  );
}

/**
 * ET_EXEC goes where it says, a PIE program to the PIE base. A program interpreter started by hand (ET_DYN without
 * PT_INTERP) and a static PIE go where mmap puts them, with the heap away from the mappings.
 */
function loadMain(mm: MemoryMap, program: Program, randomize: Randomize): Loaded {
  const { image } = program;
  const isAnywhere = image.type === 'dyn' && program.interpreter === undefined;
  const main = load(mm, program, isAnywhere ? undefined : mm.layout.pieBase);
  const imageEnd = isAnywhere ? mm.layout.pieBase : pageAlign(main.end);
  mm.startBrk = mm.brk = Math.max(imageEnd, mm.layout.brkBase) + mm.layout.brkOffset;
  if (!mm.areas.isFree(mm.brk, mm.brk + PAGE_SIZE)) mm.startBrk = mm.brk = mm.findGap(PAGE_SIZE * (1 + randomize(16)));
  return main;
}

function mapVdso(mm: MemoryMap): void {
  const image = new Uint8Array(new Uint32Array(VDSO_WORDS).buffer);
  const start = mm.findGap(pageAlign(image.length));
  const area = new Area(start, start + pageAlign(image.length), PROT_READ | PROT_EXEC, AREA.special | AREA.mayWrite);
  area.name = '[vdso]';
  mm.add(area);
  const first = pageOf(area.start),
    end = pageOf(area.end);
  if (!mm.frames.acquire(first, end)) throw E.ENOMEM;
  mm.memory.u8.set(image, start);
  mm.frames.grant(area, first, end);
  mm.vdso = start;
}

/** Set-user-ID and set-group-ID programs (execve(2)); true when the program may not trust its environment. */
function setIds(process: Process, { path }: Program): boolean {
  const { credentials } = process;
  const { mode, uid, gid } = path.inode.stat();
  if (mode & S_ISUID) credentials.euid = uid;
  // the bit without group execution marked mandatory locking
  if (mode & S_ISGID && mode & 0o010) credentials.egid = gid;
  credentials.suid = credentials.fsuid = credentials.euid;
  credentials.sgid = credentials.fsgid = credentials.egid;
  return credentials.uid !== credentials.euid || credentials.gid !== credentials.egid;
}

/** In Linux's order; AT_RANDOM, AT_EXECFN and AT_PLATFORM get their addresses from buildStack. */
function auxiliaryVector(
  process: Process,
  { image }: Program,
  main: Loaded,
  interpreter: Loaded | undefined,
  isSecure: boolean,
): AuxEntry[] {
  const { abi } = process.kernel;
  const { uid, euid, gid, egid } = process.credentials;
  return [
    [AT.SYSINFO_EHDR, process.mm.vdso],
    [AT.MINSIGSTKSZ, abi.minSigStackSize],
    [AT.HWCAP, abi.hwcap],
    [AT.PAGESZ, PAGE_SIZE],
    [AT.CLKTCK, CLOCK_TICKS],
    [AT.PHDR, image.phdr === undefined ? 0 : image.phdr + main.bias],
    [AT.PHENT, PHENT_SIZE],
    [AT.PHNUM, image.phnum],
    [AT.BASE, interpreter?.bias ?? 0],
    [AT.FLAGS, 0],
    [AT.ENTRY, main.entry],
    [AT.UID, uid],
    [AT.EUID, euid],
    [AT.GID, gid],
    [AT.EGID, egid],
    [AT.SECURE, isSecure ? 1 : 0],
    [AT.RANDOM, 0],
    [AT.HWCAP2, abi.hwcap2],
    [AT.EXECFN, 0],
    [AT.PLATFORM, 0],
  ];
}
