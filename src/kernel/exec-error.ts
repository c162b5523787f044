// Why a program could not be started, for the guest (errno) and for people (a line that names file and cause).

import { E, type Errno } from '../abi/errno.ts';
import { type ByteString, printable } from '../lib/bytes.ts';

export class ExecError {
  /** What execve(2) returns. */
  readonly errno: Errno;
  readonly message: string;
  /** Exit status of a command that fails this way: 127 when the program or its interpreter is missing, else 126. */
  readonly status: 126 | 127;
  /** The old program was given up already: there is nothing to return to. */
  readonly isTooLate: boolean;

  constructor(errno: Errno, path: ByteString, cause: string, isTooLate = false) {
    this.errno = errno;
    this.message = `${printable(path)}: ${cause}`;
    this.isTooLate = isTooLate;
    this.status = errno === E.ENOENT || errno === E.ENOTDIR ? 127 : 126;
  }
}
