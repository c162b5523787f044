// One program natively and under elfin, each in a fresh directory of the same name and content.

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { cpuTunables } from '../../tools/cpu-level.ts';
import { ENVIRONMENT, type Outcome, run, runElfin, type RunOptions } from './run.ts';
import { assertSame } from './same.ts';

export interface BothOptions extends RunOptions {
  /** Contents by name; a name that ends in / is a directory. */
  readonly files?: ReadonlyMap<string, string>;
  /** Default true. */
  readonly sameErrors?: boolean;
  /** Keep what the guest writes in memory, and so compare no files; else it is written through. */
  readonly inMemory?: boolean;
  /** What --root says; default the host's files. */
  readonly root?: string;
  /** What --cpu says. */
  readonly cpu?: string | undefined;
}

const scratch = mkdtempSync(join(tmpdir(), 'elfin-test-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
let directories = 0;

/** Asserts the same status, output and files left behind; resolves to what the native run gave. */
export async function runBoth(program: string, args: readonly string[] = [], options: BothOptions = {}): Promise<Outcome> {
  const { files = new Map(), sameErrors = true, inMemory = false, root, cpu } = options;
  const directory = join(scratch, String(directories++), 'work');
  const tunables = cpu === undefined ? {} : cpuTunables(cpu);
  const inside = { ...options, cwd: directory, env: { ...(options.env ?? ENVIRONMENT), ...tunables } };
  plant(directory, files);
  const native = await run(program, args, inside);
  const left = listing(directory);
  plant(directory, files);
  const mounts = inMemory ? [] : ['-v', `${directory}:${directory}`];
  const elfinOptions = [...(root === undefined ? [] : ['--root', root]), ...(cpu === undefined ? [] : ['--cpu', cpu]), ...mounts];
  const guest = await runElfin([...elfinOptions, program, ...args], inside);
  const errors = sameErrors ? {} : { stderr: '' };
  assertSame(
    { ...guest, ...errors, ...(inMemory ? {} : listing(directory)) },
    { ...native, ...errors, ...(inMemory ? {} : left) },
  );
  return native;
}

/** 2020-01-02 03:04:05 UTC. */
const THEN = 1577934245;

function plant(directory: string, files: ReadonlyMap<string, string>): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) {
    if (name.endsWith('/')) mkdirSync(join(directory, name));
    else writeFileSync(join(directory, name), content, 'latin1');
  }
  for (const name of [...files.keys(), '.']) utimesSync(join(directory, name), THEN, THEN);
}

/** What lies in a directory: modes and contents by name. */
function listing(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name);
    const stat = lstatSync(path);
    const content = stat.isFile() ? readFileSync(path, 'latin1') : stat.isSymbolicLink() ? `-> ${readlinkSync(path)}` : '';
    found[`file ${name}`] = `${stat.mode.toString(8)} ${content}`;
  }
  return found;
}
