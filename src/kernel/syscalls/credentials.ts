// User and group ids, groups and capabilities (credentials(7), capabilities(7)).

import { E } from '../../abi/errno.ts';
import { isRoot, processOf } from '../look-up.ts';
import type { Credentials } from '../process.ts';
import { isCrowded } from '../process-limit.ts';
import type { Task } from '../task.ts';
import { int, pointer, struct, outStruct, uint } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

const NGROUPS_MAX = 65_536;
/** (uid_t)-1: leave it as it is. */
const KEEP = 0xffffffff;

const ids = (task: Task): Credentials => task.process.credentials;

const getuid = syscall('getuid', { x64: 102, generic: 174 }, [], (task) => ids(task).uid);
const geteuid = syscall('geteuid', { x64: 107, generic: 175 }, [], (task) => ids(task).euid);
const getgid = syscall('getgid', { x64: 104, generic: 176 }, [], (task) => ids(task).gid);
const getegid = syscall('getegid', { x64: 108, generic: 177 }, [], (task) => ids(task).egid);

function store(task: Task, at: readonly [number, number, number], values: readonly [number, number, number]): number {
  at.forEach((address, i) => task.memory.setU32(address, values[i]!));
  return 0;
}
const getresuid = syscall('getresuid', { x64: 118, generic: 148 }, [pointer, pointer, pointer], (task, r, e, s) => {
  const { uid, euid, suid } = ids(task);
  return store(task, [r, e, s], [uid, euid, suid]);
});
const getresgid = syscall('getresgid', { x64: 120, generic: 150 }, [pointer, pointer, pointer], (task, r, e, s) => {
  const { gid, egid, sgid } = ids(task);
  return store(task, [r, e, s], [gid, egid, sgid]);
});

/** Who takes the place of a user with too many processes learns that from execve (setuid(2), EAGAIN). */
function changedUser({ process }: Task, before: number): number {
  if (process.credentials.uid !== before) process.hasCrowdedUser = isCrowded(process, -1);
  return 0;
}

const setuid = syscall('setuid', { x64: 105, generic: 146 }, [uint], (task, to) => {
  const it = ids(task);
  const before = it.uid;
  if (to === KEEP) throw E.EINVAL;
  if (isRoot(it)) it.uid = it.suid = to;
  else if (to !== it.uid && to !== it.suid) throw E.EPERM;
  it.euid = it.fsuid = to;
  return changedUser(task, before);
});
const setgid = syscall('setgid', { x64: 106, generic: 144 }, [uint], (task, to) => {
  const it = ids(task);
  if (to === KEEP) throw E.EINVAL;
  if (isRoot(it)) it.gid = it.sgid = to;
  else if (to !== it.gid && to !== it.sgid) throw E.EPERM;
  it.egid = it.fsgid = to;
  return 0;
});

/** May an unprivileged process take `to`? Only one of the ids it has. */
function requireOneOf(task: Task, to: number, allowed: readonly number[]): void {
  if (to !== KEEP && !isRoot(ids(task)) && !allowed.includes(to)) throw E.EPERM;
}

const setreuid = syscall('setreuid', { x64: 113, generic: 145 }, [uint, uint], (task, real, effective) => {
  const it = ids(task);
  const before = it.uid;
  requireOneOf(task, real, [it.uid, it.euid]);
  requireOneOf(task, effective, [it.uid, it.euid, it.suid]);
  if (real !== KEEP) it.uid = real;
  if (effective !== KEEP) it.euid = effective;
  if (real !== KEEP || (effective !== KEEP && effective !== before)) it.suid = it.euid;
  it.fsuid = it.euid;
  return changedUser(task, before);
});
const setregid = syscall('setregid', { x64: 114, generic: 143 }, [uint, uint], (task, real, effective) => {
  const it = ids(task);
  const before = it.gid;
  requireOneOf(task, real, [it.gid, it.egid]);
  requireOneOf(task, effective, [it.gid, it.egid, it.sgid]);
  if (real !== KEEP) it.gid = real;
  if (effective !== KEEP) it.egid = effective;
  if (real !== KEEP || (effective !== KEEP && effective !== before)) it.sgid = it.egid;
  it.fsgid = it.egid;
  return 0;
});
const setresuid = syscall('setresuid', { x64: 117, generic: 147 }, [uint, uint, uint], (task, real, effective, saved) => {
  const it = ids(task);
  const before = it.uid;
  for (const to of [real, effective, saved]) requireOneOf(task, to, [it.uid, it.euid, it.suid]);
  if (real !== KEEP) it.uid = real;
  if (effective !== KEEP) it.euid = effective;
  if (saved !== KEEP) it.suid = saved;
  it.fsuid = it.euid;
  return changedUser(task, before);
});
const setresgid = syscall('setresgid', { x64: 119, generic: 149 }, [uint, uint, uint], (task, real, effective, saved) => {
  const it = ids(task);
  for (const to of [real, effective, saved]) requireOneOf(task, to, [it.gid, it.egid, it.sgid]);
  if (real !== KEEP) it.gid = real;
  if (effective !== KEEP) it.egid = effective;
  if (saved !== KEEP) it.sgid = saved;
  it.fsgid = it.egid;
  return 0;
});
/** setfsuid and setfsgid answer the id before, whether or not they changed it. */
const setfsuid = syscall(
  'setfsuid',
  { x64: 122, generic: 151 },
  [uint],
  (task, to) => {
    const it = ids(task);
    const before = it.fsuid;
    if (to !== KEEP && (isRoot(it) || [it.uid, it.euid, it.suid, it.fsuid].includes(to))) it.fsuid = to;
    return before;
  },
  'kept; file access goes by the effective id',
);
const setfsgid = syscall(
  'setfsgid',
  { x64: 123, generic: 152 },
  [uint],
  (task, to) => {
    const it = ids(task);
    const before = it.fsgid;
    if (to !== KEEP && (isRoot(it) || [it.gid, it.egid, it.sgid, it.fsgid].includes(to))) it.fsgid = to;
    return before;
  },
  'kept; file access goes by the effective id',
);

const getgroups = syscall('getgroups', { x64: 115, generic: 158 }, [int, outStruct], (task, count, list) => {
  const { groups } = ids(task);
  if (count < 0) throw E.EINVAL;
  if (count === 0) return groups.length;
  if (count < groups.length) throw E.EINVAL;
  groups.forEach((group, i) => task.memory.setU32(list + 4 * i, group));
  return groups.length;
});
const setgroups = syscall('setgroups', { x64: 116, generic: 159 }, [int, struct], (task, count, list) => {
  if (!isRoot(ids(task))) throw E.EPERM;
  if (count < 0 || count > NGROUPS_MAX) throw E.EINVAL;
  ids(task).groups = Array.from({ length: count }, (_, i) => task.memory.getU32(list + 4 * i)).sort((a, b) => a - b);
  return 0;
});

/** _LINUX_CAPABILITY_VERSION_1 .. 3 with the number of 32-bit words of each set. */
const CAPABILITY_WORDS: ReadonlyMap<number, number> = new Map([
  [0x19980330, 1],
  [0x20071026, 2],
  [0x20080522, 2],
]);
const CAPABILITY_VERSION = 0x20080522;
/** CAP_CHOWN .. CAP_CHECKPOINT_RESTORE, as two words. */
const ALL_CAPABILITIES = [0xffffffff, 0x1ff] as const;

/** Words of a capability header's version; an unknown one is answered with the current version and EINVAL. */
function capabilityWords(task: Task, header: number, isQuery: boolean): number | undefined {
  const words = CAPABILITY_WORDS.get(task.memory.getU32(header));
  if (words !== undefined) return words;
  task.memory.setU32(header, CAPABILITY_VERSION);
  if (isQuery) return undefined;
  throw E.EINVAL;
}

const capget = syscall(
  'capget',
  { x64: 125, generic: 90 },
  [struct, outStruct],
  (task, header, data) => {
    const words = capabilityWords(task, header, data === 0);
    if (words === undefined || data === 0) return 0;
    const pid = task.memory.getI32(header + 4);
    if (pid < 0) throw E.EINVAL;
    const of = processOf(task, pid);
    for (let i = 0; i < words; i++) {
      const held = isRoot(of.credentials) ? ALL_CAPABILITIES[i]! : 0;
      const permitted = of.credentials.suid === 0 || of.credentials.uid === 0 ? ALL_CAPABILITIES[i]! : held;
      task.memory.setU32(data + 12 * i, held);
      task.memory.setU32(data + 12 * i + 4, permitted);
      task.memory.setU32(data + 12 * i + 8, 0);
    }
    return 0;
  },
  'capabilities follow the user id: all for root, none for others',
);
const capset = syscall(
  'capset',
  { x64: 126, generic: 91 },
  [struct, struct],
  (task, header, data) => {
    const words = capabilityWords(task, header, false) ?? 0;
    const of = task.memory.getI32(header + 4);
    if (of !== 0 && of !== task.process.pid) throw E.EPERM;
    for (let i = 0; i < words; i++) {
      const asked = task.memory.getU32(data + 12 * i) | task.memory.getU32(data + 12 * i + 4);
      if (!isRoot(ids(task)) && asked !== 0) throw E.EPERM;
    }
    return 0;
  },
  'checked; dropping single capabilities has no effect',
);

export const credentialRows: readonly SyscallRow[] = [
  getuid,
  geteuid,
  getgid,
  getegid,
  getresuid,
  getresgid,
  setuid,
  setgid,
  setreuid,
  setregid,
  setresuid,
  setresgid,
  setfsuid,
  setfsgid,
  getgroups,
  setgroups,
  capget,
  capset,
];
