// /proc/PID: one process, looked up by its number each time, so that the tree keeps no process alive.

import { E } from '../../abi/errno.ts';
import { O_ACCMODE, O_RDONLY, O_RDWR } from '../../abi/fcntl.ts';
import type { ByteString } from '../../lib/bytes.ts';
import { fromBytes } from '../../lib/bytes.ts';
import type { Kernel } from '../kernel.ts';
import type { Process } from '../process.ts';
import type { Task } from '../task.ts';
import { AnonymousInode } from '../vfs/base-inode.ts';
import type { Inode, OpenFile } from '../vfs/inode.ts';
import { Path } from '../vfs/path.ts';
import { mountInfoText, mountsText } from './proc-mounts.ts';
import { networkDirectory } from './proc-net.ts';
import { type Children, type ProcContext, ProcDirectory, ProcLink, ProcText } from './proc-node.ts';
import { limitsText, mapsText, smapsText, statmText, statText, statusText } from './proc-text.ts';

/** A number as a name in a directory has it. */
export const numberOf = (name: ByteString): number | undefined => (/^(0|[1-9][0-9]*)$/.test(name) ? Number(name) : undefined);

export function processDirectory(context: ProcContext, kernel: Kernel, pid: number): ProcDirectory {
  const process = (): Process => {
    const found = kernel.processes.get(pid);
    if (!found) throw E.ESRCH;
    return found;
  };
  const task = (): Task => {
    const { tasks, leader } = process();
    return tasks[0] ?? leader;
  };
  const threads = new Map<number, ProcDirectory>();
  return new ProcDirectory(
    context,
    {
      ...common(process, task),
      task: (c) =>
        new ProcDirectory(
          c,
          {},
          {
            owner: owner(process),
            others: {
              names: () => process().tasks.map(({ tid }) => String(tid)),
              lookup: (name) => {
                const tid = numberOf(name);
                if (tid === undefined || !process().tasks.some((each) => each.tid === tid)) return undefined;
                const known = threads.get(tid) ?? threadDirectory(c, process, tid);
                threads.set(tid, known);
                return known;
              },
            },
          },
        ),
    },
    { owner: owner(process) },
  );
}

function threadDirectory(context: ProcContext, process: () => Process, tid: number): ProcDirectory {
  const task = (): Task => {
    const found = process().tasks.find((each) => each.tid === tid);
    if (!found) throw E.ESRCH;
    return found;
  };
  return new ProcDirectory(context, common(process, task), { owner: owner(process) });
}

/** The files of a process belong to who it acts as. */
const owner = (process: () => Process) => () => {
  const { euid, egid } = process().credentials;
  return { uid: euid, gid: egid };
};

/** What /proc/PID and /proc/PID/task/TID have in common. */
function common(process: () => Process, task: () => Task): Children {
  const own = { owner: owner(process) };
  const text =
    (make: (of: Process) => ByteString, mode = 0o444) =>
    (context: ProcContext) =>
      new ProcText(context, () => make(process()), { ...own, mode });
  /** A zombie has no memory. */
  const ofMemory = (make: (of: Process) => ByteString, mode = 0o444) => text((of) => (of.exited ? '' : make(of)), mode);
  const link = (place: () => Path | undefined) => (context: ProcContext) => {
    const target = (): ByteString => {
      const at = place();
      if (!at) throw E.ENOENT;
      return at.print(process().fs.root);
    };
    return new ProcLink(context, target, { ...own, follow: place });
  };
  const zeroEnded = (list: readonly ByteString[]): ByteString => list.map((each) => `${each}\0`).join('');
  return {
    auxv: ofMemory(auxiliaryVector, 0o400),
    cgroup: text(() => '0::/\n'),
    cmdline: ofMemory(({ argv }) => zeroEnded(argv)),
    comm: (context) =>
      new ProcText(context, () => `${task().name}\n`, {
        ...own,
        write: (name) => {
          task().name = name.replace(/\n$/, '').slice(0, 15);
        },
      }),
    cwd: link(() => process().fs.cwd),
    environ: ofMemory(({ environ }) => zeroEnded(environ), 0o400),
    exe: link(() => (process().exited ? undefined : process().executable)),
    fd: (context) => descriptors(context, process, own.owner, fdLink),
    fdinfo: (context) => descriptors(context, process, own.owner, fdInfo),
    limits: text(limitsText),
    maps: ofMemory(mapsText),
    mountinfo: text(({ kernel, fs }) => mountInfoText(kernel.vfs, fs.root)),
    net: (context) => networkDirectory(context, process().kernel),
    mounts: text(({ kernel, fs }) => mountsText(kernel.vfs, fs.root)),
    oom_score: text(() => '0\n'),
    oom_score_adj: text(() => '0\n'),
    personality: text(({ personality }) => `${personality.toString(16).padStart(8, '0')}\n`, 0o400),
    root: link(() => process().fs.root),
    smaps: ofMemory(smapsText),
    stat: (context) => new ProcText(context, () => statText(process(), task()), own),
    statm: text(statmText),
    status: (context) => new ProcText(context, () => statusText(process(), task()), own),
  };
}

/** The vector as it lies above argv and envp on the initial stack, AT_NULL included. */
function auxiliaryVector({ mm, memory }: Process): ByteString {
  if (mm.startStack === 0) return '';
  let at = mm.startStack + 8;
  for (let lists = 0; lists < 2; at += 8) if (memory.getU64(at) === 0) lists++;
  let end = at;
  while (memory.getU64(end) !== 0) end += 16;
  return fromBytes(memory.bytes(at, end + 16 - at));
}

type Entry = (context: ProcContext, file: OpenFile, process: () => Process) => Inode;

function descriptors(
  context: ProcContext,
  process: () => Process,
  own: () => { uid: number; gid: number },
  make: Entry,
): ProcDirectory {
  const known = new WeakMap<OpenFile, Inode>();
  return new ProcDirectory(
    context,
    {},
    {
      mode: 0o500,
      owner: own,
      others: {
        names: () => [...process().fds.entries()].map(([fd]) => String(fd)),
        lookup: (name) => {
          const fd = numberOf(name);
          const { fds } = process();
          if (fd === undefined || !fds.has(fd)) return undefined;
          const file = fds.get(fd);
          const node = known.get(file) ?? make(context, file, process);
          known.set(file, node);
          return node;
        },
      },
    },
  );
}

const placeOf = (file: OpenFile): Path =>
  file.path ??
  Path.anonymous(file.inode, file.inode instanceof AnonymousInode ? file.inode.label : `anon_inode:[${file.inode.stat().ino}]`);

const fdLink: Entry = (context, file, process) => {
  const access = file.flags & O_ACCMODE;
  const mode = access === O_RDONLY ? 0o500 : access === O_RDWR ? 0o700 : 0o300;
  return new ProcLink(context, () => placeOf(file).print(process().fs.root), { mode, follow: () => placeOf(file) });
};

const fdInfo: Entry = (context, file) =>
  new ProcText(
    context,
    () =>
      `pos:\t${file.position}\nflags:\t0${file.flags.toString(8)}\nmnt_id:\t${file.path?.mount?.id ?? 0}\nino:\t${file.inode.stat().ino}\n`,
    { mode: 0o400 },
  );
