// `elfin pack MANIFEST -o FILE.tar`: the files of a manifest as a tar archive.

import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { nodeFiles } from '../src/host/node/files.ts';
import { parseManifest } from '../src/image/manifest.ts';
import { packTree } from '../src/image/tar.ts';
import { TreeFs } from '../src/kernel/fs/tree.ts';
import { type ByteString, fromBytes, printable } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { absolute, describe, read } from './mounts.ts';
import type { Settings } from './options.ts';

export function pack({ output }: Settings, operands: readonly ByteString[]): number {
  const [name, ...more] = operands;
  if (name === undefined || more.length > 0 || output === undefined)
    throw new UsageError('pack: expected MANIFEST -o FILE.tar', { withUsage: true });
  const path = absolute(name);
  const entries = parseManifest(fromBytes(read(path)), { name: printable(name), base: dirname(path) });
  const { root } = new TreeFs({ entries, files: nodeFiles, device: 0 });
  try {
    writeFileSync(Buffer.from(output, 'latin1'), packTree(root));
  } catch (error) {
    throw new UsageError(`-o ${printable(output)}: ${describe(error)}`);
  }
  return 0;
}
