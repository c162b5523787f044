// Signal frames of Linux on x86-64: struct rt_sigframe with ucontext, siginfo and the area of floating-point state.
//
//   stack pointer, less 128 bytes of red zone (System V ABI 3.2.2), or the end of the alternate stack
//   fpstate      512 bytes, 64-aligned       FXSAVE layout (Intel SDM volume 1, table 10-2); with XSAVE 836: its header and
//                                            AVX state follow, then a magic number (arch/x86/kernel/fpu/signal.c)
//   siginfo      128                         frame + 312
//   ucontext     304                         frame + 8: flags, link, stack, sigcontext (40), mask (296)
//   pretcode       8                         frame, 16-aligned less 8: the return address of the handler

import { FEATURES as FEATURE_BITS } from '../../exec/layout.ts';
import type { FrameMemory, LinuxAbi, SignalAbi, SignalFrame } from '../arch.ts';
import { FEATURES } from './features.ts';
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
  MXCSR_MODE,
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
/** UC_SIGCONTEXT_SS and UC_STRICT_RESTORE_SS; UC_FP_XSTATE says that XSAVE state follows (uapi/asm/ucontext.h). */
const UC_FLAGS = 6,
  UC_FP_XSTATE = 1;
/** The extended part: software bytes of the FXSAVE area, XSTATE_BV, upper halves of YMM, FP_XSTATE_MAGIC2. */
const XSAVE_SIZE = 832,
  SOFTWARE = 464,
  XSTATE_BV = 512,
  YMM_HIGH = 576,
  MAGIC1 = 0x46505853,
  MAGIC2 = 0x46505845;
const X87_SSE_AVX = 7n,
  AVX_STATE = 4n;
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
  const isExtended = hasXsave(registers);
  const size = isExtended ? XSAVE_SIZE + 4 : FPSTATE_SIZE;
  const fpstate = Math.floor((top - size) / 64) * 64;
  const at = Math.floor((fpstate - FRAME_SIZE) / 16) * 16 - 8;
  const out = view(memory.writable(at, fpstate + size - at));
  const flags = abi.register(state, 'rflags');

  out.setBigUint64(0, BigInt(frame.restorer), true);
  out.setBigUint64(UCONTEXT, BigInt(isExtended ? UC_FLAGS | UC_FP_XSTATE : UC_FLAGS), true);
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
  const area = new DataView(out.buffer, out.byteOffset + fpstate - at, size);
  saveFloatingPoint(registers, state, area);
  if (isExtended) saveExtended(state, area);
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
  const isExtended = saved?.getUint32(SOFTWARE, true) === MAGIC1 && hasXsave(registers);
  const extended = isExtended ? view(memory.bytes(fpstate, XSAVE_SIZE)) : undefined;
  ORDER.forEach((name, index) => {
    registers.setBigUint64(gpr(name), from.getBigUint64(SIGCONTEXT + 8 * index, true), true);
  });
  registers.setBigUint64(RIP, from.getBigUint64(SIGCONTEXT + SC_RIP, true), true);
  const flags = abi.register(state, 'rflags');
  const restored = from.getBigUint64(SIGCONTEXT + SC_FLAGS, true);
  abi.setRegister(state, 'rflags', (flags & ~RESTORED_FLAGS) | (restored & RESTORED_FLAGS));
  if (saved) {
    restoreFloatingPoint(registers, state, saved);
    if (hasXsave(registers)) restoreExtended(state, extended);
  }
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
  const control = (from.getUint16(0, true) & FCW_BITS) | 0x40,
    status = from.getUint16(2, true);
  registers.setUint32(FCW, control, true);
  registers.setUint32(FSW, (status & ~PENDING) | (status & ~control & 0x3f ? PENDING : 0), true);
  registers.setUint32(FTW, from.getUint8(4), true);
  registers.setUint32(FOP, from.getUint16(6, true), true);
  registers.setBigUint64(FIP, from.getBigUint64(8, true), true);
  registers.setBigUint64(FDP, from.getBigUint64(16, true), true);
  const mxcsr = from.getUint32(24, true) & MXCSR_MASK;
  if (mxcsr !== registers.getUint32(MXCSR, true)) registers.setUint32(MXCSR_MODE, 1, true);
  registers.setUint32(MXCSR, mxcsr, true);
  for (let i = 0; i < 8; i++) {
    const physical = X87 + 16 * ((top + i) & 7);
    state.set(area.subarray(32 + 16 * i, 32 + 16 * i + 10), physical);
  }
  for (let i = 0; i < 16; i++) state.set(area.subarray(160 + 16 * i, 176 + 16 * i), YMM + 32 * i);
}

/** Does CPUID offer XSAVE? */
function hasXsave(registers: DataView): boolean {
  if (registers.byteLength <= FEATURE_BITS) return false;
  return ((registers.getUint32(FEATURE_BITS, true) >>> FEATURES.indexOf('xsave')) & 1) !== 0;
}

/** struct _fpx_sw_bytes, the XSAVE header and AVX state (standard format). */
function saveExtended(state: Uint8Array, out: DataView): void {
  const area = new Uint8Array(out.buffer, out.byteOffset, XSAVE_SIZE);
  area.fill(0, XSTATE_BV);
  out.setUint32(SOFTWARE, MAGIC1, true);
  out.setUint32(SOFTWARE + 4, XSAVE_SIZE + 4, true);
  out.setBigUint64(SOFTWARE + 8, X87_SSE_AVX, true);
  out.setUint32(SOFTWARE + 16, XSAVE_SIZE, true);
  out.setBigUint64(XSTATE_BV, X87_SSE_AVX, true);
  for (let i = 0; i < 16; i++) area.set(state.subarray(YMM + 32 * i + 16, YMM + 32 * i + 32), YMM_HIGH + 16 * i);
  out.setUint32(XSAVE_SIZE, MAGIC2, true);
}

/** Without AVX state in the frame the upper halves become 0. */
function restoreExtended(state: Uint8Array, from: DataView | undefined): void {
  const isPresent = from !== undefined && (from.getBigUint64(XSTATE_BV, true) & AVX_STATE) !== 0n;
  for (let i = 0; i < 16; i++) {
    const at = YMM + 32 * i + 16;
    if (isPresent) state.set(new Uint8Array(from.buffer, from.byteOffset + YMM_HIGH + 16 * i, 16), at);
    else state.fill(0, at, at + 16);
  }
}
