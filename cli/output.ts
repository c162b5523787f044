// Text for the user: synchronous writes to stderr, stdout or a file, which no exit can cut short.

import { openSync, writeSync } from 'node:fs';
import { codeOf } from '../src/host/node/errors.ts';
import { printable, toBytes } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';

/** Writes all of a text; what nobody can receive is dropped. */
export function writeAll(fd: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

export type WriteLine = (line: string) => void;

/** Lines on stderr; byte strings appear as the bytes they are. */
export const toStderr: WriteLine = (line) => writeAll(2, lineBytes(line));

/** Lines to a new file, which `option` names. */
export function openOutput(path: string, option: string): WriteLine {
  let fd: number;
  try {
    fd = openSync(Buffer.from(path, 'latin1'), 'w', 0o666);
  } catch (error) {
    throw new UsageError(`${option} ${printable(path)}: ${(error as Error).message}`);
  }
  return (line) => writeAll(fd, lineBytes(line));
}

function lineBytes(line: string): Uint8Array | string {
  for (let i = 0; i < line.length; i++) if (line.charCodeAt(i) > 255) return `${line}\n`;
  return toBytes(`${line}\n`);
}
