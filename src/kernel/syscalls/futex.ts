// futex(2): sleeping on a word of memory.

import { E } from '../../abi/errno.ts';
import { CLOCK } from '../../abi/time.ts';
import { futexWord } from '../futex.ts';
import { lockPi, requeueToPi, takePi, unlockPi, waitForPi } from '../futex-pi.ts';
import { type Argument, type SyscallResult, type SyscallRow, syscall } from './define.ts';
import { clockId, hex, pointer, uint } from './args.ts';
import { address, flagNames } from './print.ts';
import { monotonicDeadline } from './time.ts';
import { readTimespec } from './timespec.ts';
import { WOULD_BLOCK, type WouldBlock } from '../wait.ts';
import type { Task } from '../task.ts';

const WAIT = 0,
  WAKE = 1,
  REQUEUE = 3,
  CMP_REQUEUE = 4,
  WAKE_OP = 5,
  LOCK_PI = 6,
  UNLOCK_PI = 7,
  TRYLOCK_PI = 8,
  WAIT_BITSET = 9,
  WAKE_BITSET = 10,
  WAIT_REQUEUE_PI = 11,
  CMP_REQUEUE_PI = 12,
  LOCK_PI2 = 13;
const NAMES = [
  'FUTEX_WAIT',
  'FUTEX_WAKE',
  'FUTEX_FD',
  'FUTEX_REQUEUE',
  'FUTEX_CMP_REQUEUE',
  'FUTEX_WAKE_OP',
  'FUTEX_LOCK_PI',
  'FUTEX_UNLOCK_PI',
  'FUTEX_TRYLOCK_PI',
  'FUTEX_WAIT_BITSET',
  'FUTEX_WAKE_BITSET',
  'FUTEX_WAIT_REQUEUE_PI',
  'FUTEX_CMP_REQUEUE_PI',
  'FUTEX_LOCK_PI2',
];
const FUTEX_PRIVATE_FLAG = 0x80,
  FUTEX_CLOCK_REALTIME = 0x100;
const FLAGS = { FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME };
const MATCH_ANY = 0xffffffff;

/** val3: 32 bits. */
const word32: Argument<number> = { ...hex, decode: (_task, low) => low >>> 0, print: (_task, low) => address(low >>> 0) };

const operation: Argument<number> = {
  label: 'futex operation',
  decode: (_task, low) => low,
  print: (_task, low) => {
    const flags = low & (FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    const name = NAMES[low & 0x7f] ?? String(low & 0x7f);
    return flags === 0
      ? name
      : flagNames(flags, FLAGS)
          .replace('FUTEX_PRIVATE_FLAG', `${name}_PRIVATE`)
          .replace(/^FUTEX_CLOCK/, `${name}|FUTEX_CLOCK`);
  },
};

/** The word's place: alignment is checked first, as Linux does. */
function requireWord(task: Task, at: number): number {
  if (at % 4 !== 0) throw E.EINVAL;
  return task.memory.getU32(at);
}

function wait(task: Task, at: number, isPrivate: boolean, expected: number, deadline: number | undefined, bits: number) {
  if (bits === 0) throw E.EINVAL;
  if (requireWord(task, at) !== expected) throw E.EAGAIN;
  const waiter = task.kernel.futexes.wait(futexWord(task, at, isPrivate), bits);
  if (deadline !== undefined) {
    waiter.deadline = deadline;
    // The call cannot simply run again: that would start it anew (futex_wait_restart is not built).
    waiter.onSignal = 'interrupt';
  }
  return task.retry(waiter, 1, () => (waiter.isWoken ? 0 : WOULD_BLOCK), waiter);
}

const futex = syscall(
  'futex',
  { x64: 202, generic: 98 },
  [pointer, operation, uint, pointer, pointer, word32],
  (task, at, how, value, fourth, second, third) => {
    const { futexes } = task.kernel;
    const command = how & 0x7f,
      isPrivate = (how & FUTEX_PRIVATE_FLAG) !== 0;
    switch (command) {
      case WAIT:
        return wait(task, at, isPrivate, value, relativeDeadline(task, fourth), MATCH_ANY);
      case WAIT_BITSET:
        return wait(task, at, isPrivate, value, absoluteDeadline(task, fourth, (how & FUTEX_CLOCK_REALTIME) !== 0), third);
      case WAKE:
        requireAligned(at);
        return futexes.wake(futexWord(task, at, isPrivate), value, MATCH_ANY);
      case WAKE_BITSET:
        requireAligned(at);
        if (third === 0) throw E.EINVAL;
        return futexes.wake(futexWord(task, at, isPrivate), value, third);
      case CMP_REQUEUE:
        if (requireWord(task, at) !== third) throw E.EAGAIN;
        requireWord(task, second);
        return futexes.requeue(futexWord(task, at, isPrivate), value, futexWord(task, second, isPrivate), fourth);
      case REQUEUE:
        requireAligned(at);
        requireAligned(second);
        return futexes.requeue(futexWord(task, at, isPrivate), value, futexWord(task, second, isPrivate), fourth);
      case WAKE_OP: {
        requireWord(task, at);
        const isTrue = operate(task, second, third);
        const woken = futexes.wake(futexWord(task, at, isPrivate), value, MATCH_ANY);
        return isTrue ? woken + futexes.wake(futexWord(task, second, isPrivate), fourth, MATCH_ANY) : woken;
      }
      case LOCK_PI:
      case LOCK_PI2: // LOCK_PI counts on the realtime clock, LOCK_PI2 on the one it says
        return lockPi(
          task,
          at,
          isPrivate,
          absoluteDeadline(task, fourth, command === LOCK_PI || (how & FUTEX_CLOCK_REALTIME) !== 0),
        );
      case TRYLOCK_PI:
        return takePi(task, at) ? 0 : refusedPi();
      case UNLOCK_PI:
        return unlockPi(task, at, isPrivate);
      case WAIT_REQUEUE_PI: {
        const until = absoluteDeadline(task, fourth, (how & FUTEX_CLOCK_REALTIME) !== 0);
        if (at === second || third !== MATCH_ANY) throw E.EINVAL;
        if (requireWord(task, at) !== value) throw E.EAGAIN;
        return waitForPi(task, at, second, isPrivate, until);
      }
      case CMP_REQUEUE_PI:
        if (value !== 1 || at === second) throw E.EINVAL;
        if (requireWord(task, at) !== third) throw E.EAGAIN;
        return requeueToPi(task, at, second, isPrivate, fourth | 0);
      default:
        throw E.ENOSYS;
    }
  },
  'priorities are not inherited, as there are none',
);

/** struct futex_waitv: value, address, flags, reserved. */
const WAITV_SIZE = 24,
  MOST_WAITED = 128;
const FUTEX2_SIZE_U32 = 2,
  FUTEX2_PRIVATE = 128;
const futexWaitv = syscall(
  'futex_waitv',
  { x64: 449, generic: 449 },
  [pointer, uint, uint, pointer, clockId],
  (task, list, count, how, time, clock): SyscallResult => {
    if (how !== 0 || count === 0 || count > MOST_WAITED || list === 0) throw E.EINVAL;
    if (time !== 0 && clock !== CLOCK.CLOCK_MONOTONIC && clock !== CLOCK.CLOCK_REALTIME) throw E.EINVAL;
    const deadline = absoluteDeadline(task, time, clock === CLOCK.CLOCK_REALTIME);
    const { memory } = task;
    const wanted = Array.from({ length: count }, (_, i) => {
      const at = list + i * WAITV_SIZE;
      const options = memory.getU32(at + 16);
      if ((options & ~FUTEX2_PRIVATE) !== FUTEX2_SIZE_U32 || memory.getU32(at + 20) !== 0) throw E.EINVAL;
      return { value: memory.getU64(at), address: memory.getU64(at + 8), isPrivate: (options & FUTEX2_PRIVATE) !== 0 };
    });
    for (const { value, address } of wanted) if (requireWord(task, address) !== value) throw E.EAGAIN;
    const waiters = wanted.map(({ address, isPrivate }) =>
      task.kernel.futexes.wait(futexWord(task, address, isPrivate), MATCH_ANY),
    );
    const attempt = (): number | WouldBlock => {
      const woken = waiters.findIndex(({ isWoken }) => isWoken);
      return woken < 0 ? WOULD_BLOCK : woken;
    };
    const cleanup = (): void => {
      for (const each of waiters) each.leave();
    };
    return task.retry(waiters, 1, attempt, { deadline, cleanup });
  },
);

/** The time at an address, if any, as a monotonic one. */
function relativeDeadline(task: Task, at: number): number | undefined {
  return at === 0 ? undefined : task.kernel.clock.monotonic() + readTimespec(task, at);
}
function absoluteDeadline(task: Task, at: number, isRealtime: boolean): number | undefined {
  if (at === 0) return undefined;
  return monotonicDeadline(task, isRealtime ? CLOCK.CLOCK_REALTIME : CLOCK.CLOCK_MONOTONIC, readTimespec(task, at));
}
function refusedPi(): never {
  throw E.EAGAIN;
}

function requireAligned(at: number): void {
  if (at % 4 !== 0) throw E.EINVAL;
}

/** FUTEX_WAKE_OP: changes the second word, then compares what it was (futex(2)). */
function operate(task: Task, at: number, encoded: number): boolean {
  const old = requireWord(task, at) | 0;
  const shift = encoded >>> 31,
    operator = (encoded >>> 28) & 7,
    comparison = (encoded >>> 24) & 15;
  const given = ((encoded << 8) >> 20) | 0,
    compared = (encoded << 20) >> 20;
  const operand = shift ? 1 << (given & 31) : given;
  const results = [operand, (old + operand) | 0, old | operand, old & ~operand, old ^ operand];
  const result = results[operator];
  if (result === undefined || comparison > 5) throw E.ENOSYS;
  task.memory.setU32(at, result >>> 0);
  return [old === compared, old !== compared, old < compared, old <= compared, old > compared, old >= compared][comparison]!;
}

export const futexRows: readonly SyscallRow[] = [futex, futexWaitv];
