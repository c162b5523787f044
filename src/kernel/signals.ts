// Sending and delivering signals: who gets one, what it does, and CPU faults as signals (signal(7)).

import type { Fault } from '../arch/arch.ts';
import { E, Errno } from '../abi/errno.ts';
import {
  BUS_ADRALN,
  defaultAction,
  FPE_FLTDIV,
  FPE_FLTINV,
  FPE_FLTOVF,
  FPE_FLTRES,
  FPE_FLTUND,
  FPE_INTDIV,
  ILL_ILLOPN,
  SA,
  SEGV_ACCERR,
  SI_KERNEL,
  SI_USER,
  SIG_DFL,
  SIG_IGN,
  SIGNAL,
  signalName,
  SS_AUTODISARM,
  SS_DISABLE,
  SS_ONSTACK,
  TRAP_TRACE,
} from '../abi/signals.ts';
import { printable } from '../lib/bytes.ts';
import { isOrphaned } from './children.ts';
import { finishCall } from './dispatch.ts';
import { MAPERR, type MemoryFault } from './mm/fault.ts';
import type { Process } from './process.ts';
import { encodeSignalInfo } from './signal-info.ts';
import { type AltStack, type Disposition, NO_ALT_STACK, type SignalInfo, SignalSet } from './signal-set.ts';
import type { Task } from './task.ts';
import { POLLIN, WOULD_BLOCK } from './wait.ts';

/** Exception vectors (Intel SDM volume 3, table 6-1). */
const DE = 0,
  DB = 1,
  BP = 3,
  UD = 6,
  SS = 12,
  GP = 13,
  PF = 14,
  MF = 16,
  AC = 17,
  XM = 19;

const STOPS = [SIGNAL.SIGSTOP, SIGNAL.SIGTSTP, SIGNAL.SIGTTIN, SIGNAL.SIGTTOU];

/** Sends to the process, whichever task takes it, or to one task (tkill, faults). */
export function sendSignal(process: Process, info: SignalInfo, task?: Task): void {
  const { signal } = info;
  if (process.exited) return;
  const { trace } = process.kernel;
  if (trace.signals) trace.write('signals', `${signalName(signal)} to ${task ? `task ${task.tid}` : `process ${process.pid}`}`);
  if (signal === SIGNAL.SIGKILL) return process.exit({ signal });
  if (signal === SIGNAL.SIGCONT) {
    for (const stop of STOPS) discard(process, stop);
    process.continue();
  } else if (STOPS.includes(signal as (typeof STOPS)[number])) discard(process, SIGNAL.SIGCONT);
  const takers = task ? [task] : process.tasks;
  const wanting = takers.find((each) => each.signals.waitingFor?.has(signal));
  const isBlocked = takers.every((each) => each.signals.blocked.has(signal));
  if (!wanting && !isBlocked && process.signals.isIgnored(signal)) return;
  (task?.signals ?? process.signals).pending.add(info);
  process.kernel.signalArrivals.wake(POLLIN);
  if (wanting) return wanting.wake();
  const taker = takers.find((each) => !each.signals.blocked.has(signal));
  taker?.signals.refresh(taker);
}

function discard(process: Process, signal: number): void {
  process.signals.pending.discard(signal);
  for (const task of process.tasks) task.signals.pending.discard(signal);
}

/** Delivers what is pending to a task whose registers are loaded; called before it runs guest code again. */
export function deliverSignals(task: Task): void {
  const { process, signals } = task;
  task.needsAttention = false;
  while (task.state !== 'dead' && !process.isStopped) {
    const canInterrupt = !task.isWaiting || task.isInterruptible;
    const isWanted = (signal: number): boolean => !signals.blocked.has(signal) && (canInterrupt || isDeadly(process, signal));
    const info = signals.pending.take(isWanted) ?? process.signals.pending.take(isWanted);
    if (!info) return;
    const disposition = process.signals.disposition(info.signal);
    process.kernel.tracer?.signal(task, info);
    if (disposition.handler === SIG_IGN) continue;
    if (disposition.handler === SIG_DFL) act(task, info);
    else handle(task, info, disposition);
  }
}

function isDeadly(process: Process, signal: number): boolean {
  if (process.signals.disposition(signal).handler !== SIG_DFL) return false;
  const action = defaultAction(signal);
  return action === 'terminate' || action === 'core';
}

/** The default action. */
function act(task: Task, info: SignalInfo): void {
  const { process } = task;
  switch (defaultAction(info.signal)) {
    case 'ignore':
    case 'continue':
      return;
    case 'stop':
      // a group that no shell looks after would never be continued (setpgid(2), "orphaned process group")
      if (info.signal === SIGNAL.SIGSTOP || !isOrphaned(process)) process.stop(info.signal);
      return;
    case 'terminate':
    case 'core':
      if (info.vector !== undefined) process.kernel.diagnostic(process.kernel.rest.describeFault(task, info));
      process.exit({ signal: info.signal });
  }
}

/** Ends a blocked call and runs the guest's handler. */
function handle(task: Task, info: SignalInfo, disposition: Disposition): void {
  const { process, signals } = task;
  const { abi } = process.kernel;
  if (task.isWaiting) interruptCall(task, disposition);
  const frames = abi.signals;
  const usesAltStack =
    (disposition.flags & SA.SA_ONSTACK) !== 0 && (signals.altStack.flags & SS_DISABLE) === 0 && !isOnAltStack(task);
  const { low, high } = signals.takeSavedMask();
  try {
    if (!frames || !(disposition.flags & SA.SA_RESTORER)) return force(task, SIGNAL.SIGSEGV);
    frames.push(abi, process.stateBytes, process.memory, {
      signal: info.signal,
      handler: disposition.handler,
      restorer: disposition.restorer,
      info: encodeSignalInfo(info),
      mask: [low, high],
      stackTop: usesAltStack ? signals.altStack.address + signals.altStack.size : undefined,
      altStack: { ...signals.altStack, flags: altStackFlags(task) },
      vector: info.vector ?? 0,
      errorCode: info.errorCode ?? 0,
      address: info.address ?? 0n,
    });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return force(task, SIGNAL.SIGSEGV);
  }
  if (usesAltStack && signals.altStack.flags & SS_AUTODISARM) signals.altStack = NO_ALT_STACK;
  if (disposition.flags & SA.SA_RESETHAND) process.signals.reset(info.signal);
  const blocked = signals.blocked.copy();
  blocked.low |= disposition.mask.low;
  blocked.high |= disposition.mask.high;
  if (!(disposition.flags & SA.SA_NODEFER)) blocked.add(info.signal);
  signals.blocked = blocked.blockable();
}

/** Ends a call that a handler interrupts: with its result, with EINTR, or with SA_RESTART by aiming at the call again. */
function interruptCall(task: Task, disposition: Disposition): void {
  const hasEnded = finishCall(task, () => {
    const outcome = task.interrupt();
    if (outcome !== 'restart') return outcome;
    if (!(disposition.flags & SA.SA_RESTART)) throw E.EINTR;
    return WOULD_BLOCK;
  });
  if (hasEnded) return;
  const { kernel, process } = task;
  kernel.tracer?.restarting(task);
  kernel.abi.signals?.restart(process.stateBytes, task.callNumber);
}

/** Makes a signal deadly and delivers it: a frame that does not fit the stack, a fault while it is blocked or ignored. */
function force(task: Task, signal: number, info: SignalInfo = { signal, code: SI_KERNEL }): void {
  task.process.signals.reset(signal);
  task.signals.blocked.delete(signal);
  task.process.kernel.tracer?.signal(task, info);
  act(task, info);
}

/** rt_sigreturn: the context, mask and alternate stack of the frame; a broken frame is SIGSEGV. */
export function returnFromHandler(task: Task): void {
  const { process, signals } = task;
  const { abi } = process.kernel;
  if (!abi.signals) return force(task, SIGNAL.SIGSEGV);
  try {
    const { mask, altStack } = abi.signals.pop(abi, process.stateBytes, process.memory);
    signals.blocked = new SignalSet(mask[0], mask[1]).blockable();
    // Linux takes the stack back too, and forgives a bad one (restore_altstack).
    if (!isOnAltStack(task)) signals.altStack = cleanAltStack(altStack);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return force(task, SIGNAL.SIGSEGV);
  }
  signals.refresh(task);
}

const cleanAltStack = (stack: AltStack): AltStack =>
  stack.flags & SS_DISABLE ? NO_ALT_STACK : { ...stack, flags: stack.flags & SS_AUTODISARM };

export function isOnAltStack(task: Task): boolean {
  const { altStack } = task.signals;
  if (altStack.flags & SS_AUTODISARM) return false;
  const { registers, kernel } = task.process;
  const sp = registers[kernel.abi.spIndex]! >>> 0;
  return altStack.size > 0 && sp > altStack.address && sp - altStack.address <= altStack.size;
}

/** ss_flags as sigaltstack and frames report them. */
export function altStackFlags(task: Task): number {
  const { altStack } = task.signals;
  if (altStack.size === 0) return SS_DISABLE;
  return (isOnAltStack(task) ? SS_ONSTACK : 0) | (altStack.flags & SS_AUTODISARM);
}

/** The machine's memory limit is reached: the process that asked for more is killed, as by Linux's OOM killer. */
export function killForMemory(task: Task): void {
  const { process, kernel } = task;
  const name = printable(process.executable?.print() ?? process.name);
  kernel.diagnostic(`elfin: ${name}: killed, the machine's memory limit of ${kernel.memory.limit} bytes is reached`);
  process.exit({ signal: SIGNAL.SIGKILL });
}

/** A CPU fault becomes a signal for the task that ran into it. */
export function raiseFault(task: Task, fault: Fault): void {
  const { process, signals } = task;
  const info = faultInfo(task, fault);
  if (info.signal === SIGNAL.SIGKILL) return killForMemory(task);
  const { handler } = process.signals.disposition(info.signal);
  if (signals.blocked.has(info.signal) || handler === SIG_IGN) return force(task, info.signal, info);
  signals.pending.add(info);
  task.needsAttention = true;
}

function faultInfo(task: Task, fault: Fault): SignalInfo {
  const { vector, errorCode } = fault;
  const rip = pc(task);
  const at = (signal: number, code: number, address: bigint, shown = 0): SignalInfo => ({
    signal,
    code,
    address,
    vector,
    errorCode: shown,
  });
  switch (vector) {
    case DE:
      return at(SIGNAL.SIGFPE, FPE_INTDIV, rip);
    case DB:
      return at(SIGNAL.SIGTRAP, TRAP_TRACE, rip);
    case BP:
      return at(SIGNAL.SIGTRAP, SI_KERNEL, 0n);
    case UD:
      return at(SIGNAL.SIGILL, ILL_ILLOPN, rip);
    case PF: {
      if (!isCanonical(fault.address)) return { ...at(SIGNAL.SIGSEGV, SI_KERNEL, 0n), vector: GP };
      const address = Number(fault.address);
      const { signal, code } = memoryFault(task, address, errorCode);
      // Linux says "present" of all of the kernel's half, so that nothing can be learnt of it (arch/x86/mm/fault.c).
      const isKernels = fault.address >= USER_END;
      const isPresent = isKernels || (code === SEGV_ACCERR && task.process.mm.frames.isResident(Math.floor(address / 4096)));
      return at(signal, code, fault.address, errorCode | (isPresent ? PRESENT : 0));
    }
    case MF:
      return at(SIGNAL.SIGFPE, floatingPointCode(task, vector), rip);
    case XM:
      return at(SIGNAL.SIGFPE, floatingPointCode(task, vector), rip);
    case AC:
      return at(SIGNAL.SIGBUS, BUS_ADRALN, fault.address);
    default:
      if (isStackFault(task, fault)) return { ...at(SIGNAL.SIGBUS, SI_KERNEL, 0n), vector: SS };
      return at(SIGNAL.SIGSEGV, SI_KERNEL, 0n);
  }
}

/** An access, as the error code tells, through the stack segment. */
function isStackFault(task: Task, { vector, errorCode, address }: Fault): boolean {
  if (vector !== GP || errorCode === 0) return false;
  const { abi } = task.kernel;
  const text = task.kernel.rest.instructionAt(task, Number(pc(task)))?.text ?? '';
  return abi.isStackAccess?.(task.process.stateBytes, text, address) ?? false;
}

/** Bits 63 .. 47 are equal; any other address is #GP on the CPU (Intel SDM volume 1, 3.3.7.1). */
function isCanonical(address: bigint): boolean {
  const upper = address >> 47n;
  return upper === 0n || upper === 0x1ffffn;
}

/** TASK_SIZE_MAX of x86-64 (arch/x86/include/asm/page_64.h). */
const USER_END = 0x7fff_ffff_f000n;
/** Bits of the page-fault error code. */
const PRESENT = 1,
  WRITE = 2,
  FETCH = 16;

function memoryFault(task: Task, address: number, errorCode: number): MemoryFault {
  const { mm } = task.process;
  const refused = mm.lastFault;
  const result = errorCode & FETCH ? mm.fetchFault(address) : mm.fault(address, 1, (errorCode & WRITE) !== 0);
  if (result !== 'ok') return result;
  return refused === 'ok' ? MAPERR : refused;
}

/** The order in which Linux looks at unmasked exception bits (arch/x86/kernel/fpu/core.c, fpu__exception_code). */
function floatingPointCode(task: Task, vector: number): number {
  const raised = task.kernel.abi.signals?.floatingPointStatus(task.process.stateBytes, vector) ?? 0;
  if (raised & 0x01) return FPE_FLTINV;
  if (raised & 0x04) return FPE_FLTDIV;
  if (raised & 0x08) return FPE_FLTOVF;
  if (raised & 0x12) return FPE_FLTUND;
  return raised & 0x20 ? FPE_FLTRES : 0;
}

export function pc(task: Task): bigint {
  const { registers, kernel } = task.process;
  const index = kernel.abi.pcIndex;
  return (BigInt(registers[index + 1]! >>> 0) << 32n) | BigInt(registers[index]! >>> 0);
}

/** The information of kill(2) by a guest process. */
export const fromUser = (signal: number, sender: Process, code = SI_USER): SignalInfo => ({
  signal,
  code,
  pid: sender.pid,
  uid: sender.credentials.uid,
});
