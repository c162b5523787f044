// Argument types of syscalls: how a register becomes a value, what is refused, and how strace prints it.

import type { ByteString } from '../../lib/bytes.ts';
import type { OpenFile } from '../vfs/inode.ts';
import type { Argument } from './define.ts';

/** A descriptor as its open file; EBADF. */
export declare const fd: Argument<OpenFile>;
/** A descriptor as a number, not looked up. */
export declare const rawFd: Argument<number>;
/** A descriptor of a directory, or AT_FDCWD (-100); not looked up. */
export declare const dirFd: Argument<number>;
/** A path: EFAULT, ENAMETOOLONG; an empty one is for the walk to refuse. */
export declare const path: Argument<ByteString>;
/** A path or NULL (undefined). */
export declare const pathOrNull: Argument<ByteString | undefined>;
/** Any address, as a number; not checked. */
export declare const pointer: Argument<number>;
/** Address of a buffer the call fills; printed with as many bytes as the result says. */
export declare const out: Argument<number>;
/** Address of a buffer the call reads; its size is the next argument. */
export declare const input: Argument<number>;
/** size_t as a number (exact below 2^53). */
export declare const size: Argument<number>;
/** int, sign-extended from the low half. */
export declare const int: Argument<number>;
/** unsigned int. */
export declare const uint: Argument<number>;
/** long or off_t, signed 64-bit (exact within 2^53). */
export declare const long: Argument<number>;
export declare const offset: Argument<number>;
/** unsigned long, printed in hex. */
export declare const hex: Argument<number>;
/** mode_t, printed in octal. */
export declare const mode: Argument<number>;
export declare const signal: Argument<number>;
export declare const pid: Argument<number>;
export declare const clockId: Argument<number>;
/** Address of a struct, printed as its address or {...}. */
export declare const struct: Argument<number>;
/** Address of a struct the call fills. */
export declare const outStruct: Argument<number>;
/** Flags with names from src/abi; EINVAL for bits outside `known` when `known` is given. */
export declare function flags(table: Readonly<Record<string, number>>, known?: number): Argument<number>;
/** One of a list of named values. */
export declare function choice(table: Readonly<Record<string, number>>): Argument<number>;
