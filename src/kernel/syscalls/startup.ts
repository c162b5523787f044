// What C libraries call when a program starts and ends: per-thread addresses, entropy, exit.

import { E } from '../../abi/errno.ts';
import { mayInspect, taskOf } from '../look-up.ts';
import { choice, flags, hex, int, outHex, pid, pointer, size } from './args.ts';
import { NO_RESULT, type SyscallRow, syscall } from './define.ts';

const ROBUST_LIST_HEAD_SIZE = 24;

const exit = syscall('exit', { x64: 60, generic: 93 }, [int], (task, status) => {
  task.process.exitTask(task, status & 0xff);
  return NO_RESULT;
});
const exitGroup = syscall('exit_group', { x64: 231, generic: 94 }, [int], (task, status) => {
  task.process.exit({ code: status & 0xff });
  return NO_RESULT;
});

const setTidAddress = syscall('set_tid_address', { x64: 218, generic: 96 }, [pointer], (task, at) => {
  task.clearChildTid = at;
  return task.tid;
});
const setRobustList = syscall('set_robust_list', { x64: 273, generic: 99 }, [pointer, size], (task, head, length) => {
  if (length !== ROBUST_LIST_HEAD_SIZE) throw E.EINVAL;
  task.robustList = head;
  return 0;
});
const getRobustList = syscall(
  'get_robust_list',
  { x64: 274, generic: 100 },
  [pid, pointer, pointer],
  (task, of, head, length) => {
    const target = taskOf(task, of);
    if (!mayInspect(task.process.credentials, target.process.credentials)) throw E.EPERM;
    task.memory.setI64(length, ROBUST_LIST_HEAD_SIZE);
    task.memory.setI64(head, target.robustList);
    return 0;
  },
);
const rseq = syscall(
  'rseq',
  { x64: 334, generic: 293 },
  [pointer, hex, int, hex],
  () => {
    throw E.ENOSYS;
  },
  'ENOSYS: there are no restartable sequences; glibc and tcmalloc go on without',
);

/** arch/x86/include/uapi/asm/prctl.h */
const ARCH = {
  ARCH_SET_GS: 0x1001,
  ARCH_SET_FS: 0x1002,
  ARCH_GET_FS: 0x1003,
  ARCH_GET_GS: 0x1004,
  ARCH_CET_STATUS: 0x3001,
} as const;
/** First address that is not a user's (TASK_SIZE_MAX). */
const TASK_SIZE_MAX = 2 ** 47 - 4096;
const archPrctl = syscall(
  'arch_prctl',
  { x64: 158 },
  [choice(ARCH), hex],
  (task, code, at) => {
    const { abi } = task.kernel;
    const state = task.process.stateBytes;
    switch (code) {
      case ARCH.ARCH_SET_FS:
      case ARCH.ARCH_SET_GS:
        if (at >= TASK_SIZE_MAX) throw E.EPERM;
        abi.setRegister(state, code === ARCH.ARCH_SET_FS ? 'fs_base' : 'gs_base', BigInt(at));
        return 0;
      case ARCH.ARCH_GET_FS:
      case ARCH.ARCH_GET_GS:
        task.memory.setU64big(at, abi.register(state, code === ARCH.ARCH_GET_FS ? 'fs_base' : 'gs_base'));
        return 0;
      default:
        throw E.EINVAL;
    }
  },
  'FS and GS bases',
);

const GRND = { GRND_NONBLOCK: 1, GRND_RANDOM: 2, GRND_INSECURE: 4 } as const;
/** The most that one call gives, and the size of the pieces in which the host is asked. */
const MAX_RANDOM = 0x7ffff000,
  RANDOM_PIECE = 65_536;
const getrandom = syscall('getrandom', { x64: 318, generic: 278 }, [outHex, size, flags(GRND, 7)], (task, at, length, how) => {
  if ((how & 6) === 6) throw E.EINVAL;
  const count = Math.min(length, MAX_RANDOM);
  for (let done = 0; done < count; done += RANDOM_PIECE) {
    const piece = new Uint8Array(Math.min(RANDOM_PIECE, count - done));
    task.kernel.host.random(piece);
    task.memory.writable(at + done, piece.length).set(piece);
  }
  return count;
});

export const startupRows: readonly SyscallRow[] = [
  exit,
  exitGroup,
  setTidAddress,
  setRobustList,
  getRobustList,
  rseq,
  getrandom,
  archPrctl,
];
