// From the path given to execve to the program that will run: permission, `#!` lines, ELF headers, the interpreter.

import { E, Errno } from '../abi/errno.ts';
import { ERRNO_TEXT } from '../abi/errno-text.ts';
import { O_ACCMODE, O_PATH, O_RDONLY, X_OK } from '../abi/fcntl.ts';
import { ElfError, type ElfImage, type ElfSource, isElf, readElf } from '../elf/image.ts';
import { type ByteString, fromBytes, printable } from '../lib/bytes.ts';
import type { ExecuteOptions } from './exec.ts';
import { ExecError } from './exec-error.ts';
import type { Kernel } from './kernel.ts';
import type { Process } from './process.ts';
import { type Inode, S_IFDIR, S_IFREG } from './vfs/inode.ts';
import type { Path } from './vfs/path.ts';
import { requireAccess } from './vfs/permission.ts';

/** An ELF file that is to be mapped. */
export interface ProgramFile {
  readonly path: Path;
  readonly image: ElfImage;
}

export interface Program extends ProgramFile {
  /** The program interpreter, when the program has one. */
  readonly interpreter: ProgramFile | undefined;
  /** Arguments with what `#!` lines put in front. */
  readonly argv: readonly ByteString[];
}

/** Bytes of a file that decide what it is (Linux, BINPRM_BUF_SIZE): a `#!` line must end within them. */
const HEAD_SIZE = 256;
/** Bytes read at once, which usually hold all headers. */
const FIRST_READ = 4096;
/** Interpreters of interpreters (Linux fs/exec.c, exec_binprm). */
const MAX_SCRIPTS = 5;

/** Finds and reads everything execve needs before it gives up the old program. Throws ExecError. */
export function openProgram(
  process: Process,
  name: ByteString,
  argv: readonly ByteString[],
  { interpreter, found, isHidden = false }: ExecuteOptions,
): Program {
  let file = name;
  let args = argv;
  for (let depth = 0; ; depth++) {
    const shown = depth === 0 ? file : `${name}: its interpreter ${file}`;
    const { path, source } = open(process, file, 'program', { shown, found: depth === 0 ? found : undefined });
    const head = source.read(0, HEAD_SIZE);
    if (head[0] !== HASH || head[1] !== BANG) {
      if (!isElf(head)) throw new ExecError(E.ENOEXEC, file, notAProgram(head));
      const image = read(process, file, source);
      const named = image.interp === undefined ? undefined : (interpreter ?? image.interp);
      return { path, image, argv: args, interpreter: named === undefined ? undefined : openInterpreter(process, file, named) };
    }
    if (isHidden) throw new ExecError(E.ENOENT, name, 'script that closes when it is executed');
    if (depth === MAX_SCRIPTS) throw new ExecError(E.ELOOP, name, `more than ${MAX_SCRIPTS} scripts that interpret each other`);
    const line = parseScript(head);
    if (!line)
      throw new ExecError(E.ENOEXEC, file, `script whose first line names no interpreter in its first ${HEAD_SIZE} bytes`);
    args = [line.interpreter, ...(line.argument === undefined ? [] : [line.argument]), file, ...args.slice(1)];
    file = line.interpreter;
  }
}

/** A `#!` line as Linux splits it: the interpreter, and all the rest as one argument (fs/binfmt_script.c). */
export function parseScript(head: Uint8Array): { interpreter: ByteString; argument: ByteString | undefined } | undefined {
  const text = fromBytes(head.subarray(2));
  const newline = text.indexOf('\n');
  const nul = text.indexOf('\0');
  const end = newline >= 0 ? newline : nul >= 0 ? nul : text.length;
  const line = trim(text.slice(0, end));
  const space = line.search(/[ \t]/);
  // without a newline, a name that reaches the end of the head may be cut off
  if (newline < 0 && head.length === HEAD_SIZE && nul < 0 && space < 0) return undefined;
  const interpreter = space < 0 ? line : line.slice(0, space);
  if (interpreter.length === 0) return undefined;
  const argument = space < 0 ? '' : trim(line.slice(space));
  return { interpreter, argument: argument || undefined };
}

/** As execve says it, with the file's name in front. */
export function describeErrno(error: Errno): string {
  return ERRNO_TEXT[error.name];
}

const HASH = 35,
  BANG = 33;

const trim = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '');

/** Opens a file that is to run as `role`; `shown` stands for it in messages, `found` is where it lies if that is known. */
function open(
  process: Process,
  name: ByteString,
  role: 'program' | 'interpreter',
  { shown, found }: { readonly shown: ByteString; readonly found?: Path | undefined },
): { path: Path; source: ElfSource } {
  return guarded(shown, () => {
    const path = found ?? process.kernel.vfs.resolve(process, name);
    const { inode } = path;
    if (inode.type === S_IFDIR) throw new ExecError(E.EACCES, shown, 'is a directory');
    if (inode.type !== S_IFREG) throw new ExecError(E.EACCES, shown, `not a regular file, so it cannot be run as a ${role}`);
    requireAccess(inode, process.credentials, X_OK);
    if (isWritten(process.kernel, inode)) throw E.ETXTBSY;
    return { path, source: new InodeSource(inode) };
  });
}

/** Has any process the file open to write? */
function isWritten({ processes }: Kernel, inode: Inode): boolean {
  for (const { fds } of processes.values())
    for (const [, { inode: open, flags }] of fds.entries())
      if (open === inode && (flags & O_PATH) === 0 && (flags & O_ACCMODE) !== O_RDONLY) return true;
  return false;
}

function openInterpreter(process: Process, program: ByteString, name: ByteString): ProgramFile {
  try {
    const { path, source } = open(process, name, 'interpreter', { shown: `${program}: its program interpreter ${name}` });
    const head = source.read(0, HEAD_SIZE);
    if (!isElf(head)) throw new ExecError(E.ELIBBAD, name, 'program interpreter that is not an ELF file');
    return { path, image: read(process, name, source) };
  } catch (error) {
    if (error instanceof ExecError && error.errno === E.ENOENT) {
      const cause = `its program interpreter ${printable(name)} does not exist in the guest's file system; does --root name the right image?`;
      throw new ExecError(E.ENOENT, program, cause);
    }
    throw error;
  }
}

function read(process: Process, name: ByteString, source: ElfSource): ElfImage {
  try {
    return guarded(name, () => readElf(source, process.kernel.abi.machine));
  } catch (error) {
    if (error instanceof ElfError) throw new ExecError(E.ENOEXEC, name, error.message);
    throw error;
  }
}

/** An Errno becomes an ExecError that names the file. */
function guarded<T>(name: ByteString, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof Errno) throw new ExecError(error, name, describeErrno(error));
    throw error;
  }
}

function notAProgram(head: Uint8Array): string {
  if (head.length === 0) return 'empty file, not a program';
  if (head.length < 4) return `file of ${head.length} bytes, neither an ELF program nor a script`;
  const isText = head.every((byte) => byte >= 32 || (byte >= 7 && byte <= 13) || byte === 27);
  return isText ? 'text file without a #! line, not a program' : 'neither an ELF program nor a script with a #! line';
}

/** The bytes of a file. */
export class InodeSource implements ElfSource {
  readonly size: number;
  readonly #inode: Inode;
  #head: Uint8Array | undefined;

  constructor(inode: Inode) {
    this.#inode = inode;
    this.size = inode.stat().size;
  }

  read(position: number, length: number): Uint8Array {
    this.#head ??= this.#read(0, FIRST_READ);
    if (position + length <= this.#head.length || this.#head.length < FIRST_READ)
      return this.#head.subarray(position, position + length);
    return this.#read(position, length);
  }

  #read(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, this.#inode.read(bytes, position));
  }
}
