// The bytes of this process's arguments and environment, which Node shows only as text.

import { readFileSync } from 'node:fs';
import { type ByteString, utf8 } from '../src/lib/bytes.ts';

/** Variables that cli/bin.cjs and tools/build.ts use start so; the guest does not see them. */
const OWN = 'ELFIN_';
/** What Node puts in place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

/** The words after the script, as bytes. */
export function argumentBytes(): ByteString[] {
  const words = process.argv.slice(2);
  if (words.some((word) => word.includes(REPLACEMENT))) {
    // The command line of Linux has Node's own words in front.
    const all = split('/proc/self/cmdline');
    if (all && all.length >= words.length) return words.length > 0 ? all.slice(-words.length) : [];
  }
  return words.map(utf8);
}

/** The environment as `K=V`, as bytes, without elfin's own. */
export function environmentBytes(): ByteString[] {
  const entries = Object.entries(process.env).map(([key, value]) => `${key}=${value}`);
  const isLossy = entries.some((entry) => entry.includes(REPLACEMENT));
  const all = (isLossy ? split('/proc/self/environ') : undefined) ?? entries.map(utf8);
  return all.filter((entry) => !entry.startsWith(OWN));
}

/** Variable in which cli/bin.cjs names the descriptors (as `01`) that were closed when the command started. */
const CLOSED = 'ELFIN_CLOSED';

export const closedDescriptors = (): number[] => [...(process.env[CLOSED] ?? '')].map(Number);

function split(path: string): ByteString[] | undefined {
  try {
    return readFileSync(path, 'latin1').split('\0').slice(0, -1);
  } catch {
    return undefined;
  }
}
