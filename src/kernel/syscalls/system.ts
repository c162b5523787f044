// The machine as guests see it: names, memory, and what a thread says of itself (uname(2), prctl(2)).

import { E } from '../../abi/errno.ts';
import { SIGNAL_COUNT } from '../../abi/signals.ts';
import { type ByteString, fromBytes } from '../../lib/bytes.ts';
import { isRoot } from '../look-up.ts';
import type { Task } from '../task.ts';
import { choice, hex, int, long, outStruct, pointer } from './args.ts';
import { type Argument, type SyscallRow, syscall } from './define.ts';

/** What uname says; programs compare the release as x.y.z. */
export const SYSNAME = 'Linux',
  RELEASE = '6.1.0-elfin',
  VERSION = '#1 SMP elfin';

/** __NEW_UTS_LEN and the size of one field. */
const NAME_LENGTH = 64,
  FIELD = 65;

function field(task: Task, at: number, text: ByteString): void {
  const bytes = task.memory.writable(at, FIELD).fill(0);
  for (let i = 0; i < text.length && i < NAME_LENGTH; i++) bytes[i] = text.charCodeAt(i);
}

const uname = syscall('uname', { x64: 63, generic: 160 }, [outStruct], (task, at) => {
  const { hostname, domainname, abi } = task.kernel;
  [SYSNAME, hostname, RELEASE, VERSION, abi.platform, domainname].forEach((text, i) => field(task, at + FIELD * i, text));
  return 0;
});

function newName(task: Task, at: number, length: number): ByteString {
  if (!isRoot(task.process.credentials)) throw E.EPERM;
  if (length < 0 || length > NAME_LENGTH) throw E.EINVAL;
  return fromBytes(task.memory.bytes(at, length));
}
const sethostname = syscall('sethostname', { x64: 170, generic: 161 }, [pointer, int], (task, at, length) => {
  task.kernel.hostname = newName(task, at, length);
  return 0;
});
const setdomainname = syscall('setdomainname', { x64: 171, generic: 162 }, [pointer, int], (task, at, length) => {
  task.kernel.domainname = newName(task, at, length);
  return 0;
});

const SYSINFO_SIZE = 112;
const sysinfo = syscall(
  'sysinfo',
  { x64: 99, generic: 179 },
  [outStruct],
  (task, at) => {
    const { kernel, memory } = task;
    memory.writable(at, SYSINFO_SIZE).fill(0);
    memory.setI64(at, Math.floor((kernel.clock.monotonic() - kernel.clock.startTime) / 1000));
    memory.setI64(at + 32, kernel.memory.limit);
    memory.setI64(at + 40, kernel.memory.limit - kernel.memory.used);
    memory.setU16(
      at + 80,
      Math.min(
        0xffff,
        [...kernel.processes.values()].reduce((sum, each) => sum + each.tasks.length, 0),
      ),
    );
    memory.setU32(at + 104, 1);
    return 0;
  },
  'load averages are 0',
);

/** Actions of syslog(2). */
const SYSLOG = { READS: [2, 3, 4], CONSOLE_LEVEL: 8, SIZE_BUFFER: 10 };
const syslog = syscall(
  'syslog',
  { x64: 103, generic: 116 },
  [int, pointer, int],
  (_task, action, at, length) => {
    if (action < 0 || action > SYSLOG.SIZE_BUFFER) throw E.EINVAL;
    if (SYSLOG.READS.includes(action) && (at === 0 || length < 0)) throw E.EINVAL;
    if (action === SYSLOG.CONSOLE_LEVEL && (length < 1 || length > 8)) throw E.EINVAL;
    throw E.EPERM;
  },
  'EPERM: there is no kernel log',
);

/** include/uapi/linux/prctl.h */
const PR = {
  PR_SET_PDEATHSIG: 1,
  PR_GET_PDEATHSIG: 2,
  PR_GET_DUMPABLE: 3,
  PR_SET_DUMPABLE: 4,
  PR_GET_KEEPCAPS: 7,
  PR_SET_KEEPCAPS: 8,
  PR_SET_NAME: 15,
  PR_GET_NAME: 16,
  PR_CAPBSET_READ: 23,
  PR_CAPBSET_DROP: 24,
  PR_SET_SECUREBITS: 28,
  PR_SET_TIMERSLACK: 29,
  PR_GET_TIMERSLACK: 30,
  PR_SET_MM: 35,
  PR_SET_CHILD_SUBREAPER: 36,
  PR_GET_CHILD_SUBREAPER: 37,
  PR_SET_NO_NEW_PRIVS: 38,
  PR_GET_NO_NEW_PRIVS: 39,
  PR_SET_THP_DISABLE: 41,
  PR_GET_THP_DISABLE: 42,
  PR_GET_SPECULATION_CTRL: 52,
  PR_SET_SPECULATION_CTRL: 53,
} as const;
/** What PR_SET_SPECULATION_CTRL may say of each misfeature; the CPU has none of them. */
const SPECULATION_CONTROLS = [[], [2, 4, 8], []];
const COMM_SIZE = 16,
  LAST_CAPABILITY = 40,
  DEFAULT_SLACK = 50_000;

const option: Argument<number> = choice(PR);
const prctl = syscall(
  'prctl',
  { x64: 157, generic: 167 },
  [option, long, hex, hex, hex],
  (task, what, value, third, fourth, fifth) => {
    const { process, memory } = task;
    const at = value < 0 ? value + 2 ** 64 : value;
    switch (what) {
      case PR.PR_SET_NAME: {
        const end = at + COMM_SIZE - 1;
        let name = '';
        for (let each = at; each < end; each++) {
          const byte = memory.getU8(each);
          if (byte === 0) break;
          name += String.fromCharCode(byte);
        }
        task.name = name;
        return 0;
      }
      case PR.PR_GET_NAME: {
        const bytes = memory.writable(at, COMM_SIZE).fill(0);
        for (let i = 0; i < task.name.length && i < COMM_SIZE - 1; i++) bytes[i] = task.name.charCodeAt(i);
        return 0;
      }
      case PR.PR_GET_DUMPABLE:
        return process.isDumpable ? 1 : 0;
      case PR.PR_SET_DUMPABLE:
        if (value !== 0 && value !== 1) throw E.EINVAL;
        process.isDumpable = value === 1;
        return 0;
      case PR.PR_SET_PDEATHSIG:
        if (value < 0 || value > SIGNAL_COUNT) throw E.EINVAL;
        process.parentDeathSignal = value;
        return 0;
      case PR.PR_GET_PDEATHSIG:
        memory.setU32(at, process.parentDeathSignal);
        return 0;
      case PR.PR_CAPBSET_READ:
        if (value < 0 || value > LAST_CAPABILITY) throw E.EINVAL;
        return 1;
      case PR.PR_GET_KEEPCAPS:
      case PR.PR_GET_THP_DISABLE:
        return 0;
      case PR.PR_SET_TIMERSLACK:
        process.timerSlack = value <= 0 ? DEFAULT_SLACK : value;
        return 0;
      case PR.PR_GET_TIMERSLACK:
        return process.timerSlack;
      case PR.PR_SET_CHILD_SUBREAPER:
        process.isSubreaper = value !== 0;
        return 0;
      case PR.PR_GET_CHILD_SUBREAPER:
        memory.setU32(at, process.isSubreaper ? 1 : 0);
        return 0;
      case PR.PR_SET_NO_NEW_PRIVS:
        if (value !== 1 || third !== 0 || fourth !== 0 || fifth !== 0) throw E.EINVAL;
        process.hasNoNewPrivileges = true;
        return 0;
      case PR.PR_GET_NO_NEW_PRIVS:
        if (value !== 0 || third !== 0 || fourth !== 0 || fifth !== 0) throw E.EINVAL;
        return process.hasNoNewPrivileges ? 1 : 0;
      case PR.PR_SET_MM:
        throw E.EPERM; // as without CAP_SYS_RESOURCE
      case PR.PR_CAPBSET_DROP:
      case PR.PR_SET_SECUREBITS:
        throw isRoot(process.credentials) ? E.EINVAL : E.EPERM;
      case PR.PR_GET_SPECULATION_CTRL:
      case PR.PR_SET_SPECULATION_CTRL: {
        const controls = SPECULATION_CONTROLS[value];
        if (fourth !== 0 || fifth !== 0) throw E.EINVAL;
        if (!controls) throw E.ENODEV;
        if (what === PR.PR_GET_SPECULATION_CTRL) return 0;
        if (controls.length === 0) throw E.ENXIO;
        throw controls.includes(third) ? E.EPERM : E.ERANGE;
      }
      default:
        throw E.EINVAL;
    }
  },
  'names, dumpable, death signal, bounding set, timer slack, subreaper, no_new_privs; others EINVAL',
);

export const systemRows: readonly SyscallRow[] = [uname, sethostname, setdomainname, sysinfo, syslog, prctl];
