// The state of a task as text, for the message of a bug.

import { hex } from '../lib/hex.ts';
import type { Task } from './task.ts';

const NAMES = [
  'rip',
  'rsp',
  'rbp',
  'rflags',
  'rax',
  'rbx',
  'rcx',
  'rdx',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
  'fs_base',
];

/** Registers, the call at hand, and what every task of the machine waits for. */
export function dump(task: Task): string {
  const { process, kernel } = task;
  const { abi } = kernel;
  const lines = [`process ${process.pid} (${process.name}), task ${task.tid}`];
  if (task.callNumber >= 0) lines.push(`last syscall: ${kernel.syscallName(task.callNumber)}`);
  const state = process.stateBytes;
  for (let i = 0; i < NAMES.length; i += 4) {
    const row = NAMES.slice(i, i + 4).map((name) => `${name.padStart(7)} ${hex(abi.register(state, name), 16)}`);
    lines.push(row.join(' '));
  }
  for (const other of kernel.processes.values())
    for (const each of other.tasks) lines.push(`task ${each.tid}: ${each.describeWait()}`);
  return lines.join('\n');
}
