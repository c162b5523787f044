// A read-only volume refuses each change as a read-only mount does, which the native run makes in a mount namespace of its own.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { whyNot } from '../../tools/fixtures.ts';
import { run, runElfin } from '../support/run.ts';
import { assertSame } from '../support/same.ts';
import { changes, readOnlyRun } from './read-only/volume.ts';

const IN_NAMESPACE = ['-m', '--propagation', 'private'];
const MOUNTED = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && exec "$2" "$1"';

const scratch = mkdtempSync(join(tmpdir(), 'elfin-read-only-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const hasNamespaces = spawnSync('unshare', [...IN_NAMESPACE, 'true']).status === 0;

test('changes of a read-only volume', { skip: whyNot('pie') ?? (!hasNamespaces && 'needs mount namespaces') }, async () => {
  const directory = join(scratch, 'volume');
  const guest = await runElfin(await readOnlyRun(directory));
  const native = await run('unshare', [...IN_NAMESPACE, 'sh', '-c', MOUNTED, 'sh', directory, await changes()]);
  assertSame({ ...guest }, { ...native });
});
