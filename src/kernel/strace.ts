// Syscalls in strace's format, from the argument types of the rows, and strace's summary table.

import { Errno } from '../abi/errno.ts';
import { ERRNO_TEXT } from '../abi/errno-text.ts';
import { codeName, signalName } from '../abi/signals.ts';
import type { Process } from './process.ts';
import type { SignalInfo } from './signal-set.ts';
import { address, octal } from './syscalls/print.ts';
import type { SyscallRow } from './syscalls/define.ts';
import type { Task } from './task.ts';
import type { Tracer } from './tracer.ts';

/** Column of " = ", as strace -a 40 has it. */
const RESULT_COLUMN = 39;
/** Calls whose result is an address, printed in hex, and those with an octal one. */
const ADDRESS_RESULTS: ReadonlySet<string> = new Set(['brk', 'mmap', 'mremap', 'shmat']);
const OCTAL_RESULTS: ReadonlySet<string> = new Set(['umask']);
/** Optional last arguments: the mode of open and openat shows only when a file may be made. */
const MAKES_FILE = 0o100 | 0o20000000;

export interface StraceOptions {
  /** One line, without newline. */
  readonly write: (line: string) => void;
  /** Names or globs (`open*`); none means all. */
  readonly patterns?: readonly string[] | undefined;
  /** Count instead of printing (--strace-summary); print with `summary()`. */
  readonly isSummary?: boolean | undefined;
}

/** A call whose line is not complete: what was printed of it and its arguments at the start. */
interface OpenCall {
  readonly row: SyscallRow | undefined;
  readonly name: string;
  readonly halves: Int32Array;
  /** Text up to the first output argument. */
  readonly text: string;
  /** Index of the argument to go on with. */
  readonly from: number;
  readonly start: number;
  isCut: boolean;
}

interface Count {
  seconds: number;
  calls: number;
  errors: number;
}

export class Strace implements Tracer {
  readonly #write: (line: string) => void;
  readonly #patterns: readonly RegExp[];
  readonly #isSummary: boolean;
  readonly #open = new Map<Task, OpenCall>();
  readonly #counts = new Map<string, Count>();

  constructor(options: StraceOptions) {
    this.#write = options.write;
    this.#patterns = (options.patterns ?? []).filter(Boolean).map(glob);
    this.#isSummary = options.isSummary ?? false;
  }

  enter(task: Task, row: SyscallRow | undefined, number: number): void {
    const name = task.kernel.syscallName(number);
    if (this.#patterns.length > 0 && !this.#patterns.some((pattern) => pattern.test(name))) return;
    const halves = argumentHalves(task);
    const from = row ? firstOutput(row) : 6;
    const text = this.#isSummary ? '' : `${name}(${args(task, row, halves, 0, from, 0).join(', ')}`;
    this.#open.set(task, { row, name, halves, text, from, start: task.kernel.clock.monotonic(), isCut: false });
  }

  leave(task: Task, result: number | Errno | undefined): void {
    const call = this.#open.get(task);
    if (!call) return;
    this.#open.delete(task);
    const error = result instanceof Errno ? result : undefined;
    this.#count(call, task, error !== undefined);
    if (this.#isSummary) return;
    this.#finish(task, call, error ? -error.code : ((result as number | undefined) ?? 0), resultText(call.name, result));
  }

  restarting(task: Task): void {
    const call = this.#open.get(task);
    if (!call) return;
    this.#open.delete(task);
    if (!this.#isSummary) this.#finish(task, call, -1, '? ERESTARTSYS (To be restarted if SA_RESTART is set)');
  }

  signal(task: Task, info: SignalInfo): void {
    if (this.#isSummary) return;
    const parts = [`si_signo=${signalName(info.signal)}`, `si_code=${codeName(info.signal, info.code)}`];
    if (info.vector !== undefined) parts.push(`si_addr=${info.address ? `0x${info.address.toString(16)}` : 'NULL'}`);
    else if (info.pid !== undefined) parts.push(`si_pid=${info.pid}`, `si_uid=${info.uid ?? 0}`);
    this.#line(task, `--- ${signalName(info.signal)} {${parts.join(', ')}} ---`);
  }

  exited(process: Process): void {
    const status = process.exited;
    if (!status || this.#isSummary) return;
    const task = process.leader;
    for (const [each, call] of this.#open)
      if (each.process === process) {
        this.#open.delete(each);
        this.#finish(each, call, 0, '?');
      }
    this.#line(task, 'code' in status ? `+++ exited with ${status.code} +++` : `+++ killed by ${signalName(status.signal)} +++`);
  }

  /** strace -c's table, most time first. */
  summary(): string {
    const entries = [...this.#counts].sort(([, a], [, b]) => b.seconds - a.seconds || b.calls - a.calls);
    const total = entries.reduce((sum, [, { seconds }]) => sum + seconds, 0);
    const rule = '------ ----------- ----------- --------- --------- ------------------';
    const lines = ['% time     seconds  usecs/call     calls    errors syscall', rule];
    let calls = 0,
      errors = 0;
    for (const [name, count] of entries) {
      calls += count.calls;
      errors += count.errors;
      lines.push(summaryRow(total ? (100 * count.seconds) / total : 0, count, name));
    }
    lines.push(rule, summaryRow(total ? 100 : 0, { seconds: total, calls, errors }, 'total'));
    return lines.join('\n');
  }

  #finish(task: Task, call: OpenCall, result: number, text: string): void {
    const rest = args(task, call.row, call.halves, call.from, call.row?.args.length ?? 6, result);
    const before = call.from > 0 && rest.length > 0 ? ', ' : '';
    const head = call.isCut ? `<... ${call.name} resumed>` : call.text;
    this.#line(task, `${`${head}${before}${rest.join(', ')})`.padEnd(RESULT_COLUMN)} = ${text}`);
  }

  /** Writes a line; a call of another task that was about to be on it is cut, as strace does. */
  #line(task: Task, text: string): void {
    const { kernel } = task;
    const several = kernel.processes.size > 1 || task.process.tasks.length > 1;
    const prefix = (each: Task): string => (several ? `[pid ${String(each.tid).padStart(5)}] ` : '');
    for (const [other, call] of this.#open)
      if (other !== task && !call.isCut) {
        call.isCut = true;
        this.#write(
          `${prefix(other)}${call.text}${call.from > 0 && call.row && call.from < call.row.args.length ? ', ' : ''} <unfinished ...>`,
        );
      }
    this.#write(prefix(task) + text);
  }

  #count(call: OpenCall, task: Task, isError: boolean): void {
    const count = this.#counts.get(call.name) ?? { seconds: 0, calls: 0, errors: 0 };
    count.seconds += (task.kernel.clock.monotonic() - call.start) / 1000;
    count.calls++;
    if (isError) count.errors++;
    this.#counts.set(call.name, count);
  }
}

function argumentHalves(task: Task): Int32Array {
  const words = task.process.registers;
  const halves = new Int32Array(12);
  task.kernel.abi.argumentIndexes.forEach((index, i) => {
    halves[2 * i] = words[index]!;
    halves[2 * i + 1] = words[index + 1]!;
  });
  return halves;
}

function firstOutput(row: SyscallRow): number {
  const index = row.args.findIndex((arg) => arg.isOutput);
  return index < 0 ? row.args.length : index;
}

/** Arguments from..to as text; those of an unknown call in hex. */
function args(task: Task, row: SyscallRow | undefined, halves: Int32Array, from: number, to: number, result: number): string[] {
  const texts: string[] = [];
  for (let i = from; i < to; i++) {
    const low = halves[2 * i]!,
      high = halves[2 * i + 1]!;
    const arg = row?.args[i];
    if (arg?.label === 'open mode' && (halves[2 * (i - 1)]! & MAKES_FILE) === 0) continue;
    task.printing = { halves, index: i };
    texts.push(arg ? arg.print(task, low, high, result) : address((high >>> 0) * 2 ** 32 + (low >>> 0)));
  }
  task.printing = undefined;
  return texts;
}

function resultText(name: string, result: number | Errno | undefined): string {
  if (result === undefined) return name === 'execve' || name === 'rt_sigreturn' ? '0' : '?';
  if (result instanceof Errno) return `-1 ${result.name} (${ERRNO_TEXT[result.name]})`;
  if (ADDRESS_RESULTS.has(name)) return address(result);
  return OCTAL_RESULTS.has(name) ? octal(result) : String(result);
}

function summaryRow(percent: number, { seconds, calls, errors }: Count, name: string): string {
  const usecs = calls ? Math.round((seconds * 1e6) / calls) : 0;
  const columns = [
    percent.toFixed(2).padStart(6),
    seconds.toFixed(6).padStart(11),
    String(usecs).padStart(11),
    String(calls).padStart(9),
    (errors ? String(errors) : '').padStart(9),
    name,
  ];
  return columns.join(' ');
}

/** A pattern of names: `*` any run, `?` one character. */
function glob(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${text}$`);
}
