// What the program gets from its surroundings: environment, working directory, descriptors, user.

import { closedDescriptors, environmentBytes } from './arguments.ts';
import { openStream, type NodeStream } from '../src/host/node/stream.ts';
import { type ByteString, utf8 } from '../src/lib/bytes.ts';
import { Errno } from '../src/abi/errno.ts';
import type { Machine } from '../src/machine.ts';
import { S_IFDIR } from '../src/kernel/vfs/inode.ts';
import type { Settings } from './options.ts';

/** Can the host's own files be a guest's? */
export const isLinuxHost = process.platform === 'linux' && process.arch === 'x64';

/** The host's variables unless `--clear-env`, then those of `-e`: the last one of a name counts. */
export function environment({ env, clearEnv }: Settings): ByteString[] {
  const host = environmentBytes();
  const entries = new Map<ByteString, ByteString>();
  const add = (entry: ByteString): void => void entries.set(nameOf(entry), entry);
  if (!clearEnv) host.forEach(add);
  for (const entry of env) {
    const found = entry.includes('=') ? entry : host.find((each) => nameOf(each) === entry);
    if (found !== undefined) add(found);
  }
  return [...entries.values()];
}

const nameOf = (entry: ByteString): ByteString => entry.slice(0, (entry.indexOf('=') + 1 || entry.length + 1) - 1);

/** `--cwd`, else the host's directory where the guest has it too, else `/`. */
export function workingDirectory(machine: Machine, settings: Settings): ByteString {
  if (settings.cwd !== undefined) return settings.cwd;
  let host: ByteString;
  try {
    host = utf8(process.cwd());
    if (machine.vfs.resolve(machine.superuser, host).inode.type === S_IFDIR) return host;
  } catch (error) {
    // A directory that the guest lacks, or one that was removed on the host.
    if (!(error instanceof Errno) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return '/';
}

/** Who runs `elfin`, unless `--user` says otherwise; root where the host has no such numbers. */
export const user = (settings: Settings): { uid: number; gid: number } =>
  settings.user ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** Streams over the descriptors 0, 1, 2 that were open when the command started. */
export const standardStreams = (): (NodeStream | undefined)[] =>
  [0, 1, 2].map((fd) => (closedDescriptors().includes(fd) ? undefined : openStream(fd, fd === 0 ? 'read' : 'write')));
