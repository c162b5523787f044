// `--dump DIR`: files of what was compiled.

import { mkdirSync, writeFileSync } from 'node:fs';
import { type ByteString, printable, toBytes } from '../src/lib/bytes.ts';
import type { Dump } from '../src/cpu.ts';
import { disassembler } from '../src/disassembler.ts';
import { UsageError } from '../src/lib/usage-error.ts';

/** Makes the directory if need be; listings and modules are written into it. */
export function dumpTo(directory: ByteString): Dump {
  try {
    mkdirSync(Buffer.from(directory, 'latin1'), { recursive: true });
  } catch (error) {
    throw new UsageError(`--dump ${printable(directory)}: ${(error as Error).message}`);
  }
  const write: Dump['write'] = (name, content) =>
    writeFileSync(Buffer.concat([toBytes(`${directory}/`), Buffer.from(name)]), content);
  return { write, disassembler };
}
