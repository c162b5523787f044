// `--dump DIR`: files of what was compiled.

import { mkdirSync, writeFileSync } from 'node:fs';
import { type ByteString, printable, toBytes } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';

export type WriteFile = (name: string, content: string | Uint8Array) => void;

/** Makes the directory if need be; the function writes files into it. */
export function openDump(directory: ByteString): WriteFile {
  try {
    mkdirSync(Buffer.from(directory, 'latin1'), { recursive: true });
  } catch (error) {
    throw new UsageError(`--dump ${printable(directory)}: ${(error as Error).message}`);
  }
  return (name, content) => writeFileSync(Buffer.concat([toBytes(`${directory}/`), Buffer.from(name)]), content);
}
