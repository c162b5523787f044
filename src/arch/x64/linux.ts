// How Linux looks on x86-64: system-call registers, start of a program, auxiliary vector, registers by name.

import { FLAG_KIND, FLAG_X, FLAG_Y, FLAGS_ADD, FLAGS_RAW, FLAGS_RESULT } from '../../ir/slots.ts';
import type { LinuxAbi, SignalAbi } from '../arch.ts';
import { BASELINE_EDX } from './cpuid.ts';
import {
  CONTEXT_END,
  FCW,
  FS_BASE,
  gpr,
  GPR_NAMES,
  GS_BASE,
  MXCSR,
  R10,
  R8,
  R9,
  RAX,
  RDI,
  RDX,
  RIP,
  RSI,
  RSP,
  SYSTEM_FLAGS,
} from './regs.ts';
import { isStackAccess } from './stack-access.ts';
import { AF, CF, OF, PF, SF, STATUS_FLAGS, ZF } from './status-flags.ts';

const EM_X86_64 = 62;
/** IF and the bit that is always 1. */
const FIXED_FLAGS = 0x202;
/** struct rt_sigframe with the largest state area and alignment (arch/x86/kernel/signal.c, init_sigframe_size). */
const SIGNAL_FRAME = 1536;

/** What is given to the ABI because a start does without it. */
export interface LinuxParts {
  /** Without it instructions show as bytes only. */
  readonly disassemble?: LinuxAbi['disassemble'] | undefined;
  readonly signals?: () => SignalAbi;
}

export function linuxAbi({ disassemble = bytesOnly, signals }: LinuxParts = {}): LinuxAbi {
  return {
    name: 'x64',
    machine: EM_X86_64,
    platform: 'x86_64',
    hwcap: BASELINE_EDX,
    // Bit 1, FSGSBASE, is absent: arch_prctl sets the bases.
    hwcap2: 0,
    minSigStackSize: SIGNAL_FRAME,
    contextBytes: CONTEXT_END,
    numberIndex: RAX >> 2,
    argumentIndexes: [RDI >> 2, RSI >> 2, RDX >> 2, R10 >> 2, R8 >> 2, R9 >> 2],
    resultIndex: RAX >> 2,
    pcIndex: RIP >> 2,
    spIndex: RSP >> 2,
    startContext,
    register,
    setRegister,
    isStackAccess,
    disassemble,
    get signals() {
      return signals?.();
    },
  };
}

export const x64Linux: LinuxAbi = linuxAbi();

function bytesOnly(bytes: Uint8Array): { readonly text: string; readonly length: number } {
  return { text: '', length: bytes.length };
}

const viewOf = (state: Uint8Array): DataView => new DataView(state.buffer, state.byteOffset, state.byteLength);

/** System V ABI 3.4.1: all zero but rip and rsp; FCW 0x37f, MXCSR 0x1f80. */
function startContext(state: Uint8Array, entry: number, stackPointer: number): void {
  state.fill(0, 0, CONTEXT_END);
  const view = viewOf(state);
  view.setBigUint64(RIP, BigInt(entry), true);
  view.setBigUint64(RSP, BigInt(stackPointer), true);
  view.setUint32(FCW, 0x37f, true);
  view.setUint32(MXCSR, 0x1f80, true);
  view.setUint32(SYSTEM_FLAGS, FIXED_FLAGS, true);
  view.setUint32(FLAG_KIND, FLAGS_RAW, true);
}

const SLOTS: ReadonlyMap<string, number> = new Map([
  ['rip', RIP],
  ['fs_base', FS_BASE],
  ['gs_base', GS_BASE],
  ...GPR_NAMES.map((name) => [name, gpr(name)] as const),
]);

function slotOf(name: string): number {
  const slot = SLOTS.get(name);
  if (slot === undefined) throw new Error(`no register ${name}`);
  return slot;
}

function register(state: Uint8Array, name: string): bigint {
  const view = viewOf(state);
  if (name === 'rflags') return BigInt((view.getUint32(SYSTEM_FLAGS, true) & ~STATUS_FLAGS) | FIXED_FLAGS | statusFlags(view));
  return view.getBigUint64(slotOf(name), true);
}

function setRegister(state: Uint8Array, name: string, value: bigint): void {
  const view = viewOf(state);
  if (name !== 'rflags') return view.setBigUint64(slotOf(name), BigInt.asUintN(64, value), true);
  const flags = Number(BigInt.asUintN(32, value));
  view.setUint32(SYSTEM_FLAGS, (flags & ~STATUS_FLAGS) | FIXED_FLAGS, true);
  view.setBigUint64(FLAG_X, BigInt(flags & STATUS_FLAGS), true);
  view.setUint32(FLAG_KIND, FLAGS_RAW, true);
}

/** The six status flags from their lazy slots (ir/slots.ts). */
function statusFlags(view: DataView): number {
  const kind = view.getUint32(FLAG_KIND, true);
  const x = view.getBigInt64(FLAG_X, true);
  const y = view.getBigInt64(FLAG_Y, true);
  if (kind === FLAGS_RAW) return Number(BigInt.asUintN(32, x)) & STATUS_FLAGS;
  let result = x;
  let rest = Number(BigInt.asUintN(32, y));
  if (kind !== FLAGS_RESULT) {
    const isAdd = kind >= FLAGS_ADD;
    const width = 64 - (kind & 63);
    result = BigInt.asIntN(width, isAdd ? x + y : x - y);
    const [ux, uy, ur] = [x, y, result].map((n) => BigInt.asUintN(width, n)) as [bigint, bigint, bigint];
    const isCarry = isAdd ? ur < ux : ux < uy;
    const isOverflow = (isAdd ? x + y : x - y) !== result;
    rest = (isCarry ? CF : 0) | (isOverflow ? OF : 0) | Number((ux ^ uy ^ ur) & BigInt(AF));
  }
  let ones = 0;
  for (let low = Number(BigInt.asUintN(8, result)); low; low &= low - 1) ones++;
  return (rest & (CF | AF | OF)) | (ones & 1 ? 0 : PF) | (result === 0n ? ZF : 0) | (result < 0n ? SF : 0);
}
