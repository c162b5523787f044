// `elfin manifest PROGRAM`: a manifest of a program of the host, its program interpreter and its libraries.

import { type ByteString, toBytes } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { loadedObjects } from './loaded-objects.ts';
import { absolute } from './mounts.ts';
import type { Settings } from './options.ts';
import { writeAll } from './output.ts';

export async function manifest(settings: Settings, operands: readonly ByteString[]): Promise<number> {
  if (operands.length === 0) throw new UsageError('manifest: no program named', { withUsage: true });
  const paths = new Set<ByteString>();
  for (const operand of operands) {
    const program = absolute(operand);
    const { image, text, errors, code } = await loadedObjects(settings, program);
    if (code !== 0) {
      writeAll(2, toBytes(errors));
      return 1;
    }
    paths.add(program);
    if (image.interp !== undefined) paths.add(image.interp);
    for (const line of text.split('\n')) {
      // `libc.so.6 => /lib/libc.so.6 (0x...)`, `/lib64/ld-linux-x86-64.so.2 (0x...)`, `libx.so => not found`.
      const [, path, missing] = /^\t(?:.* => )?(?:(\/.*) \(0x[0-9a-f]+\)|(.*) => not found)$/.exec(line) ?? [];
      if (missing !== undefined) throw new UsageError(`manifest: ${missing} was not found`);
      if (path !== undefined) paths.add(path);
    }
  }
  const lines = [...paths].map((path) => `${path}: ${path.replace(/%/g, '%%')}\n`);
  writeAll(1, toBytes(`[manifest]\n${lines.join('')}`));
  return 0;
}
