// Signal frames of Linux on x86-64: struct rt_sigframe with ucontext, siginfo and the FXSAVE area.
//
//   stack pointer, less 128 bytes of red zone (System V ABI 3.2.2), or the end of the alternate stack
//   fpstate      512 bytes, 64-aligned       FXSAVE layout (Intel SDM volume 1, table 10-2)
//   siginfo      128                         frame + 312
//   ucontext     304                         frame + 8: flags, link, stack, sigcontext (40), mask (296)
//   pretcode       8                         frame, 16-aligned less 8: the return address of the handler

import type { FrameMemory, LinuxAbi, SignalAbi, SignalFrame } from '../arch.ts';
import {
  CONTEXT_END,
  FCW,
  FDP,
  FIP,
  FOP,
  FSW,
  FTW,
  gpr,
  type GprName,
  MXCSR,
  RAX,
  RDI,
  RDX,
  RIP,
  RSI,
  RSP,
  X87,
  YMM,
} from './regs.ts';

const RED_ZONE = 128,
  FPSTATE_SIZE = 512;
const UCONTEXT = 8,
  SIGCONTEXT = UCONTEXT + 40,
  SIGMASK = UCONTEXT + 296,
  SIGINFO = UCONTEXT + 304,
  FRAME_SIZE = SIGINFO + 128;
/** The registers of struct sigcontext in order, 8 bytes each; rip and flags follow. */
const ORDER: readonly GprName[] = [
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
  'rdi',
  'rsi',
  'rbp',
  'rbx',
  'rdx',
  'rax',
  'rcx',
  'rsp',
];
const SC_RIP = 128,
  SC_FLAGS = 136,
  SC_SEGMENTS = 144,
  SC_ERR = 152,
  SC_TRAPNO = 160,
  SC_OLDMASK = 168,
  SC_CR2 = 176,
  SC_FPSTATE = 184;
/** UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS (arch/x86/include/uapi/asm/ucontext.h); no XSAVE state follows. */
const UC_FLAGS = 6;
const USER_CS = 0x33,
  USER_DS = 0x2b;
/** Flags rt_sigreturn restores: AC RF OF DF TF SF ZF AF PF CF (arch/x86/kernel/signal.c, FIX_EFLAGS). */
const RESTORED_FLAGS = 0x50dd5n;
/** DF, RF and TF are clear when a handler starts. */
const CLEARED_FLAGS = 0x10500n;
const MXCSR_MASK = 0xffff;
const INITIAL_FCW = 0x37f;
const INITIAL_MXCSR = 0x1f80;
/** Bits of FCW that can be set; bit 6 always is (Intel SDM volume 1, 8.1.5). */
const FCW_BITS = 0x1f3f;
/** ES and B of FSW follow from the exceptions and their masks. */
const PENDING = 0x8080;
/** The vector of x87 floating-point errors. */
const MF = 16;

export const signalFrames: SignalAbi = { push, pop, restart, floatingPointStatus };

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function push(abi: LinuxAbi, state: Uint8Array, memory: FrameMemory, frame: SignalFrame): void {
  const registers = view(state);
  const sp = Number(registers.getBigUint64(RSP, true));
  const top = frame.stackTop ?? sp - RED_ZONE;
  const fpstate = Math.floor((top - FPSTATE_SIZE) / 64) * 64;
  const at = Math.floor((fpstate - FRAME_SIZE) / 16) * 16 - 8;
  const out = view(memory.writable(at, fpstate + FPSTATE_SIZE - at));
  const flags = abi.register(state, 'rflags');

  out.setBigUint64(0, BigInt(frame.restorer), true);
  out.setBigUint64(UCONTEXT, BigInt(UC_FLAGS), true);
  out.setBigUint64(UCONTEXT + 8, 0n, true);
  out.setBigUint64(UCONTEXT + 16, BigInt(frame.altStack.address), true);
  out.setUint32(UCONTEXT + 24, frame.altStack.flags, true);
  out.setUint32(UCONTEXT + 28, 0, true);
  out.setBigUint64(UCONTEXT + 32, BigInt(frame.altStack.size), true);
  ORDER.forEach((name, index) => {
    out.setBigUint64(SIGCONTEXT + 8 * index, registers.getBigUint64(gpr(name), true), true);
  });
  out.setBigUint64(SIGCONTEXT + SC_RIP, registers.getBigUint64(RIP, true), true);
  out.setBigUint64(SIGCONTEXT + SC_FLAGS, flags, true);
  out.setUint16(SIGCONTEXT + SC_SEGMENTS, USER_CS, true);
  out.setUint32(SIGCONTEXT + SC_SEGMENTS + 2, 0, true);
  out.setUint16(SIGCONTEXT + SC_SEGMENTS + 6, USER_DS, true);
  out.setBigUint64(SIGCONTEXT + SC_ERR, BigInt(frame.errorCode), true);
  out.setBigUint64(SIGCONTEXT + SC_TRAPNO, BigInt(frame.vector), true);
  out.setUint32(SIGCONTEXT + SC_OLDMASK, frame.mask[0], true);
  out.setUint32(SIGCONTEXT + SC_OLDMASK + 4, frame.mask[1], true);
  out.setBigUint64(SIGCONTEXT + SC_CR2, frame.address, true);
  out.setBigUint64(SIGCONTEXT + SC_FPSTATE, BigInt(fpstate), true);
  for (let i = 0; i < 8; i++) out.setBigUint64(SIGCONTEXT + SC_FPSTATE + 8 + 8 * i, 0n, true);
  out.setUint32(SIGMASK, frame.mask[0], true);
  out.setUint32(SIGMASK + 4, frame.mask[1], true);
  new Uint8Array(out.buffer, out.byteOffset + SIGINFO, 128).set(frame.info);
  saveFloatingPoint(registers, state, new DataView(out.buffer, out.byteOffset + fpstate - at, FPSTATE_SIZE));
  // A handler starts with the FPU as at exec (arch/x86/kernel/signal.c, handle_signal): no exception waits in it.
  registers.setUint32(FCW, INITIAL_FCW, true);
  registers.setUint32(FSW, 0, true);
  registers.setUint32(FTW, 0, true);
  registers.setUint32(MXCSR, INITIAL_MXCSR, true);

  registers.setBigUint64(RDI, BigInt(frame.signal), true);
  registers.setBigUint64(RSI, BigInt(at + SIGINFO), true);
  registers.setBigUint64(RDX, BigInt(at + UCONTEXT), true);
  registers.setBigUint64(RAX, 0n, true);
  registers.setBigUint64(RSP, BigInt(at), true);
  registers.setBigUint64(RIP, BigInt(frame.handler), true);
  abi.setRegister(state, 'rflags', flags & ~CLEARED_FLAGS);
}

function pop(abi: LinuxAbi, state: Uint8Array, memory: FrameMemory): Pick<SignalFrame, 'mask' | 'altStack'> {
  const registers = view(state);
  // The handler's return has popped pretcode.
  const at = Number(registers.getBigUint64(RSP, true)) - 8;
  const from = view(memory.bytes(at, FRAME_SIZE));
  const fpstate = Number(from.getBigUint64(SIGCONTEXT + SC_FPSTATE, true));
  const saved = fpstate === 0 ? undefined : view(memory.bytes(fpstate, FPSTATE_SIZE));
  ORDER.forEach((name, index) => {
    registers.setBigUint64(gpr(name), from.getBigUint64(SIGCONTEXT + 8 * index, true), true);
  });
  registers.setBigUint64(RIP, from.getBigUint64(SIGCONTEXT + SC_RIP, true), true);
  const flags = abi.register(state, 'rflags');
  const restored = from.getBigUint64(SIGCONTEXT + SC_FLAGS, true);
  abi.setRegister(state, 'rflags', (flags & ~RESTORED_FLAGS) | (restored & RESTORED_FLAGS));
  if (saved) restoreFloatingPoint(registers, state, saved);
  return {
    mask: [from.getInt32(SIGMASK, true), from.getInt32(SIGMASK + 4, true)],
    altStack: {
      address: Number(from.getBigUint64(UCONTEXT + 16, true)),
      flags: from.getUint32(UCONTEXT + 24, true),
      size: Number(from.getBigUint64(UCONTEXT + 32, true)),
    },
  };
}

/** syscall is two bytes, 0F 05, and rip stands behind it. */
function restart(state: Uint8Array, number: number): void {
  const registers = view(state.subarray(0, CONTEXT_END));
  registers.setBigUint64(RAX, BigInt(number), true);
  registers.setBigUint64(RIP, registers.getBigUint64(RIP, true) - 2n, true);
}

function floatingPointStatus(state: Uint8Array, vector: number): number {
  const registers = view(state.subarray(0, CONTEXT_END));
  const mxcsr = registers.getUint32(MXCSR, true);
  const x87 = registers.getUint16(FSW, true) & ~registers.getUint16(FCW, true);
  return (vector === MF ? x87 : mxcsr & ~(mxcsr >>> 7)) & 0x3f;
}

/** FXSAVE: the x87 registers relative to the top of the stack, the tags in physical order. */
function saveFloatingPoint(registers: DataView, state: Uint8Array, out: DataView): void {
  const area = new Uint8Array(out.buffer, out.byteOffset, FPSTATE_SIZE).fill(0);
  const top = (registers.getUint16(FSW, true) >>> 11) & 7;
  out.setUint16(0, registers.getUint16(FCW, true), true);
  out.setUint16(2, registers.getUint16(FSW, true), true);
  out.setUint8(4, registers.getUint8(FTW));
  out.setUint16(6, registers.getUint16(FOP, true), true);
  out.setBigUint64(8, registers.getBigUint64(FIP, true), true);
  out.setBigUint64(16, registers.getBigUint64(FDP, true), true);
  out.setUint32(24, registers.getUint32(MXCSR, true), true);
  out.setUint32(28, MXCSR_MASK, true);
  for (let i = 0; i < 8; i++) {
    const physical = X87 + 16 * ((top + i) & 7);
    area.set(state.subarray(physical, physical + 10), 32 + 16 * i);
  }
  for (let i = 0; i < 16; i++) area.set(state.subarray(YMM + 32 * i, YMM + 32 * i + 16), 160 + 16 * i);
}

function restoreFloatingPoint(registers: DataView, state: Uint8Array, from: DataView): void {
  const area = new Uint8Array(from.buffer, from.byteOffset, FPSTATE_SIZE);
  const top = (from.getUint16(2, true) >>> 11) & 7;
  const control = (from.getUint16(0, true) & FCW_BITS) | 0x40, status = from.getUint16(2, true);
  registers.setUint32(FCW, control, true);
  registers.setUint32(FSW, (status & ~PENDING) | (status & ~control & 0x3f ? PENDING : 0), true);
  registers.setUint32(FTW, from.getUint8(4), true);
  registers.setUint32(FOP, from.getUint16(6, true), true);
  registers.setBigUint64(FIP, from.getBigUint64(8, true), true);
  registers.setBigUint64(FDP, from.getBigUint64(16, true), true);
  registers.setUint32(MXCSR, from.getUint32(24, true) & MXCSR_MASK, true);
  for (let i = 0; i < 8; i++) {
    const physical = X87 + 16 * ((top + i) & 7);
    state.set(area.subarray(32 + 16 * i, 32 + 16 * i + 10), physical);
  }
  for (let i = 0; i < 16; i++) state.set(area.subarray(160 + 16 * i, 176 + 16 * i), YMM + 32 * i);
}
