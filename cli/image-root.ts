// Roots that are files: the bundled image, tars, manifests.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ByteString, fromBytes, printable } from '../src/lib/bytes.ts';
import { UsageError } from '../src/lib/usage-error.ts';
import { manifest, tar } from '../src/image-roots.ts';
import type { Root } from '../src/roots.ts';
import { absolute, BUNDLED, read } from './mounts.ts';

/** `root` as on the command line; the bundled image without. */
export function imageRoot(root: ByteString = BUNDLED): Root {
  if (root === BUNDLED) return bundledImage();
  const path = absolute(root);
  if (root.endsWith('.manifest')) {
    return manifest(fromBytes(read(path)), { base: { bytes: dirname(path) }, name: printable(root) });
  }
  if (/\.(tar|tar\.gz|tgz|tar\.zst)$/.test(root)) return tar(read(path), printable(root));
  throw new UsageError(`--root ${printable(root)}: expected ${BUNDLED}, a directory, a .tar, .tar.gz, .tar.zst or .manifest`);
}

function bundledImage(): Root {
  const path = join(import.meta.dirname, '../dist/base-image.tar.zst');
  if (!existsSync(path)) throw new UsageError(`${path} is missing: \`npm run build\` puts the base image there`);
  return tar(readFileSync(path), 'base-image.tar.zst');
}
