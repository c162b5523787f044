// The memory of another process (process_vm_readv(2)).

import { E } from '../../abi/errno.ts';
import { mayInspect } from '../look-up.ts';
import type { Process } from '../process.ts';
import type { Task } from '../task.ts';
import { iovec, iovecIn, iovecOut, type Piece, pid, size, uint } from './args.ts';
import { type SyscallRow, syscall } from './define.ts';

/** ESRCH; EPERM unless the caller is root or the same user. */
function target(task: Task, which: number): Process {
  const found = task.kernel.processes.get(which);
  if (!found || found.exited) throw E.ESRCH;
  if (!mayInspect(task.process.credentials, found.credentials)) throw E.EPERM;
  return found;
}

/** Moves bytes between two lists of pieces; what was moved before a bad address counts. */
function move(from: Memory, source: readonly Piece[], to: Memory, sink: readonly Piece[]): number {
  let done = 0;
  const total = Math.min(lengthOf(source), lengthOf(sink));
  while (done < total) {
    const a = at(source, done),
      b = at(sink, done);
    const wanted = Math.min(a.length, b.length);
    const count = Math.min(from.accessible(a.address, wanted, false), to.accessible(b.address, wanted, true));
    if (count > 0) {
      const bytes = from.bytes(a.address, count).slice();
      to.writable(b.address, count).set(bytes);
    }
    done += count;
    if (count < wanted) break;
  }
  if (done === 0 && total > 0) throw E.EFAULT;
  return done;
}
type Memory = Task['memory'];
const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

/** What is left of the piece that holds a position. */
function at(pieces: readonly Piece[], position: number): Piece {
  let left = position;
  for (const { address, length } of pieces) {
    if (left < length) return { address: address + left, length: length - left };
    left -= length;
  }
  return { address: 0, length: 0 };
}

const processVmReadv = syscall(
  'process_vm_readv',
  { x64: 310, generic: 270 },
  [pid, iovecOut, size, iovecIn, size, uint],
  (task, which, local, localCount, remote, remoteCount, how) => {
    if (how !== 0) throw E.EINVAL;
    const into = iovec(task, local, localCount),
      from = iovec(task, remote, remoteCount);
    return move(target(task, which).memory, from, task.memory, into);
  },
);
const processVmWritev = syscall(
  'process_vm_writev',
  { x64: 311, generic: 271 },
  [pid, iovecIn, size, iovecIn, size, uint],
  (task, which, local, localCount, remote, remoteCount, how) => {
    if (how !== 0) throw E.EINVAL;
    const from = iovec(task, local, localCount),
      into = iovec(task, remote, remoteCount);
    return move(task.memory, from, target(task, which).memory, into);
  },
);

export const processMemoryRows: readonly SyscallRow[] = [processVmReadv, processVmWritev];
