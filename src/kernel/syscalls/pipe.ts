// Pipes and eventfds as syscalls (pipe(2), eventfd(2)).

import { E } from '../../abi/errno.ts';
import { O_CLOEXEC, O_DIRECT, O_NONBLOCK, O_RDWR } from '../../abi/fcntl.ts';
import { EventFile } from '../event-file.ts';
import { makePipe } from '../pipe.ts';
import type { Task } from '../task.ts';
import { flags, outStruct, uint } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

const PIPE_FLAGS = { O_DIRECT, O_NONBLOCK, O_CLOEXEC };

function pipe(task: Task, at: number, how: number): number {
  if (how & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) throw E.EINVAL;
  const { fds } = task.process;
  const isCloexec = (how & O_CLOEXEC) !== 0;
  const { reader, writer } = makePipe(task.kernel, how & (O_NONBLOCK | O_DIRECT));
  const first = fds.add(reader, isCloexec);
  let second = -1;
  try {
    second = fds.add(writer, isCloexec);
    task.memory.setU32(at, first);
    task.memory.setU32(at + 4, second);
  } catch (error) {
    fds.close(first);
    if (second >= 0) fds.close(second);
    else writer.close();
    throw error;
  }
  return 0;
}

/** The two descriptors, printed as [3, 4]. */
const pair = {
  ...outStruct,
  print: (task: Task, low: number, high: number, result: number): string => {
    if (result < 0) return outStruct.print(task, low, high, result);
    return `[${task.memory.getI32(low >>> 0)}, ${task.memory.getI32((low >>> 0) + 4)}]`;
  },
};

const pipeRow = syscall('pipe', { x64: 22 }, [pair], (task, at) => pipe(task, at, 0));
const pipe2 = syscall('pipe2', { x64: 293, generic: 59 }, [pair, flags(PIPE_FLAGS)], (task, at, how) => pipe(task, at, how));

const EFD = { EFD_SEMAPHORE: 1, EFD_NONBLOCK: O_NONBLOCK, EFD_CLOEXEC: O_CLOEXEC } as const;
const eventfdFlags = flags(EFD, EFD.EFD_SEMAPHORE | EFD.EFD_NONBLOCK | EFD.EFD_CLOEXEC);
function eventfd(task: Task, value: number, how: number): number {
  const file = new EventFile(task.kernel.vfs.anonymousIno(), value, (how & EFD.EFD_SEMAPHORE) !== 0, O_RDWR | (how & O_NONBLOCK));
  return task.process.fds.add(file, (how & O_CLOEXEC) !== 0);
}
const eventfdRow = syscall('eventfd', { x64: 284 }, [uint], (task, value) => eventfd(task, value, 0));
const eventfd2 = syscall('eventfd2', { x64: 290, generic: 19 }, [uint, eventfdFlags], (task, value, how) =>
  eventfd(task, value, how),
);

export const pipeRows: readonly SyscallRow[] = [pipeRow, pipe2, eventfdRow, eventfd2];
