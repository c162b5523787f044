// The line a user reads when a fault ends a guest process: program, signal, address, rip, and the instruction of a SIGILL.

import { SIGNAL, signalName } from '../abi/signals.ts';
import { hex } from '../lib/hex.ts';
import { printable } from '../lib/bytes.ts';
import { pc } from './signals.ts';
import type { SignalInfo } from './signal-set.ts';
import type { Task } from './task.ts';

const LONGEST_INSTRUCTION = 15;

export function describeFault(task: Task, info: SignalInfo): string {
  const { process } = task;
  const rip = pc(task);
  const who = printable(process.executable?.print() ?? process.argv[0] ?? process.name);
  const text = `elfin: ${who}: ${signalName(info.signal)}`;
  const where = `rip 0x${rip.toString(16)}`;
  if (info.signal === SIGNAL.SIGILL) return `${text} at ${where}: ${instruction(task, Number(rip))}`;
  if (info.vector !== 14) return `${text} at ${where}: ${instruction(task, Number(rip))}`;
  const code = info.errorCode ?? 0;
  const access = code & 16 ? 'execute' : code & 2 ? 'write' : 'read';
  return `${text} at address 0x${(info.address ?? 0n).toString(16)} (${where}, ${access})`;
}

/** The instruction at an address, as far as it can be read. */
export function instructionAt(task: Task, address: number): { bytes: Uint8Array; text: string; length: number } | undefined {
  const { memory, kernel } = task;
  const available = address < 2 ** 32 ? memory.accessible(address, LONGEST_INSTRUCTION, false) : 0;
  if (available === 0) return undefined;
  const bytes = memory.bytes(address, available).slice();
  return { bytes, ...kernel.abi.disassemble(bytes, address) };
}

/** Bytes and mnemonic of the instruction at an address. */
function instruction(task: Task, address: number): string {
  const found = instructionAt(task, address);
  if (!found) return 'no readable instruction';
  const { bytes, text, length } = found;
  return `${[...bytes.subarray(0, Math.max(1, length))].map((byte) => hex(byte, 2)).join(' ')}  ${text}`;
}
