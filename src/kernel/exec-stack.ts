// The initial stack of a program (System V ABI, 3.4.1; Linux fs/exec.c and fs/binfmt_elf.c, create_elf_tables).
//
//   stackTop   8 zero bytes
//              path of the program (AT_EXECFN), environment strings, argument strings
//              padding (random), platform name, 16 random bytes
//              auxiliary vector, NULL, envp pointers, NULL, argv pointers
//   rsp  --->  argc                                                        (16-byte aligned)

import { E } from '../abi/errno.ts';
import type { ByteString } from '../lib/bytes.ts';
import type { GuestMemory } from '../memory/guest-memory.ts';

/** Keys of the auxiliary vector (include/uapi/linux/auxvec.h). */
export const AT = {
  NULL: 0,
  PHDR: 3,
  PHENT: 4,
  PHNUM: 5,
  PAGESZ: 6,
  BASE: 7,
  FLAGS: 8,
  ENTRY: 9,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  PLATFORM: 15,
  HWCAP: 16,
  CLKTCK: 17,
  SECURE: 23,
  RANDOM: 25,
  HWCAP2: 26,
  EXECFN: 31,
  SYSINFO_EHDR: 33,
  MINSIGSTKSZ: 51,
} as const;

export type AuxEntry = readonly [key: number, value: number];

/** One string may have 32 pages, NUL included (Linux, MAX_ARG_STRLEN). */
const MAX_STRING = 0x20000;
/** ARG_MAX, which is always allowed, and three quarters of the default stack, which never is exceeded. */
const MIN_TOTAL = 0x20000,
  MAX_TOTAL = 0x600000;

export interface StackContent {
  readonly path: ByteString;
  readonly argv: readonly ByteString[];
  readonly envp: readonly ByteString[];
}

/** Throws E2BIG as execve(2) describes; `stackLimit` is RLIMIT_STACK. Returns the bytes of strings and pointers. */
export function requireArgumentsFit({ path, argv, envp }: StackContent, stackLimit: number): number {
  let total = 8 * (argv.length + envp.length) + path.length + 1;
  for (const list of [argv, envp]) {
    for (const text of list) {
      if (text.length + 1 > MAX_STRING) throw E.E2BIG;
      total += text.length + 1;
    }
  }
  if (total > Math.max(MIN_TOTAL, Math.min(MAX_TOTAL, stackLimit / 4))) throw E.E2BIG;
  return total;
}

export interface StackOptions extends StackContent {
  /** First address past the stack; page-aligned. */
  readonly top: number;
  readonly platform: string;
  /** 16 bytes for AT_RANDOM. */
  readonly random: Uint8Array;
  /** Bytes left free below the strings: random, below 8192. */
  readonly padding: number;
  /** The vector up to AT_RANDOM, AT_EXECFN, AT_PLATFORM, whose values are filled in here, in Linux's order. */
  readonly auxv: readonly AuxEntry[];
}

/** Writes the stack and returns the stack pointer. */
export function buildStack(memory: GuestMemory, options: StackOptions): number {
  const { top, path, argv, envp, platform, random } = options;
  let at = top - 8;
  const push = (text: ByteString): number => {
    at -= text.length + 1;
    writeString(memory, at, text);
    return at;
  };
  const execfn = push(path);
  const environment = pushAll(envp, push);
  const args = pushAll(argv, push);
  at = (at - options.padding) & ~15;
  const platformAt = push(platform);
  at -= 16;
  const randomAt = at;
  memory.writable(at, 16).set(random);

  const filled: Readonly<Record<number, number>> = { [AT.RANDOM]: randomAt, [AT.EXECFN]: execfn, [AT.PLATFORM]: platformAt };
  const words = [argv.length, ...args, 0, ...environment, 0];
  for (const [key, value] of options.auxv) words.push(key, filled[key] ?? value);
  words.push(AT.NULL, 0);
  const stackPointer = (at - words.length * 8) & ~15;
  const bytes = memory.writable(stackPointer, words.length * 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  words.forEach((word, i) => {
    view.setUint32(8 * i, word, true);
    view.setUint32(8 * i + 4, word / 0x1_0000_0000, true);
  });
  return stackPointer;
}

/** Pushes strings so that the first has the lowest address; their addresses. */
function pushAll(texts: readonly ByteString[], push: (text: ByteString) => number): number[] {
  const addresses = new Array<number>(texts.length);
  for (let i = texts.length - 1; i >= 0; i--) addresses[i] = push(texts[i]!); // i is in range
  return addresses;
}

function writeString(memory: GuestMemory, at: number, text: ByteString): void {
  const bytes = memory.writable(at, text.length + 1);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  bytes[text.length] = 0;
}
