// `elfin ldd PROGRAM`: the shared objects a program needs, as ldd(1) prints them.

import { type ByteString, toBytes } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { loadedObjects } from './loaded-objects.ts';
import type { Settings } from './options.ts';
import { writeAll } from './output.ts';

export async function ldd(settings: Settings, operands: readonly ByteString[]): Promise<number> {
  if (operands.length === 0) throw new UsageError('ldd: no program named', { withUsage: true });
  let status = 0;
  for (const program of operands) {
    if (operands.length > 1) writeAll(1, toBytes(`${program}:\n`));
    const { image, text, errors, code } = await loadedObjects(settings, program);
    writeAll(1, image.interp === undefined ? '\tstatically linked\n' : toBytes(text));
    writeAll(2, toBytes(errors));
    if (code !== 0) status = 1;
  }
  return status;
}
