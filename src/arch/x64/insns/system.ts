// The system side as a user program sees it: flags, traps, hints, CPUID and time, bases, saved state, what is forbidden.

import { CPUID_COUNT, CPUID_ROWS } from '../../../exec/layout.ts';
import { type FunctionDefinition, defineFunction } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import { CF, Vector, type X64Builder } from '../builder.ts';
import { type Row, insn } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { FCW, FDP, FIP, FOP, FS_BASE, FSW, FTW, GPR, GS_BASE, MXCSR, MXCSR_MODE, SYSTEM_FLAGS, TMP0, X87, YMM } from '../regs.ts';
import { fit } from './integer.ts';

const DF = 0x400;
/** A subleaf of the CPUID table that stands for every subleaf. */
const ANY_SUBLEAF = -1;
/** MXCSR bits that exist (SDM volume 1, 10.2.3). */
export const MXCSR_MASK = 0xffff;
/** Size of an FXSAVE area. */
const FX_SIZE = 512;

const nothing = (): void => {};
const raise =
  (vector: number) =>
  (b: X64Builder): void =>
    b.raise(vector);

/** FXSAVE areas are aligned to 16 bytes. */
const fxArea = (b: X64Builder, area: Operand, isWrite: boolean): Value => {
  const address = area.address();
  b.if(b.wrap(b.and(address, 15)), () => b.raise(Vector.GP));
  b.guestProbe(address, FX_SIZE, isWrite);
  return b.wrap(address);
};

export const checkMxcsr = (b: X64Builder, value: Value): void => b.if(b.and(value, ~MXCSR_MASK), () => b.raise(Vector.GP));

const timeStamp = (b: X64Builder): void => {
  b.call('host.rdtsc', []);
  const ticks = b.load('i64.load', TMP0);
  b.setGpr('rax', b.wrap(ticks), 32);
  b.setGpr('rdx', b.shrU(ticks, 32));
};

const base = (name: string, digit: number, slot: number): Row[] => [
  insn(`rd${name}base`, { [`F3 0F AE/${digit}`]: 'Ry' }, (b, dst) => dst.set(fit(b, dst, b.slot('i64.load', slot))), {
    feature: 'fsgsbase',
  }),
  insn(
    `wr${name}base`,
    { [`F3 0F AE/${digit + 2}`]: 'Ry' },
    (b, src) => {
      const value = b.zext(src.get());
      b.if(b.ne(b.shrS(b.shl(value, 16), 16), value), () => b.raise(Vector.GP));
      b.setSlot('i64.store', slot, value);
    },
    { feature: 'fsgsbase' },
  ),
];

/** Instructions of ring 0, and port input and output without permission: #GP in user mode. */
const PRIVILEGED: Readonly<Record<string, Record<string, string>>> = {
  hlt: { F4: '' },
  cli: { FA: '' },
  sti: { FB: '' },
  in: { E4: 'AL Ib', E5: 'eAX Ib', EC: 'AL DX', ED: 'eAX DX' },
  out: { E6: 'Ib AL', E7: 'Ib eAX', EE: 'DX AL', EF: 'DX eAX' },
  ins: { '6C': 'Yb DX', '6D': 'Yz DX' },
  outs: { '6E': 'DX Xb', '6F': 'DX Xz' },
  lldt: { '0F 00/2': 'Ew' },
  ltr: { '0F 00/3': 'Ew' },
  lgdt: { '0F 01/2': 'M' },
  lidt: { '0F 01/3': 'M' },
  lmsw: { '0F 01/6': 'Ew' },
  invlpg: { '0F 01/7': 'M' },
  clts: { '0F 06': '' },
  sysret: { '0F 07': '' },
  invd: { '0F 08': '' },
  wbinvd: { '0F 09': '' },
  wrmsr: { '0F 30': '' },
  rdmsr: { '0F 32': '' },
  rdpmc: { '0F 33': '' },
  swapgs: { '0F 01 F8': '' },
  xsetbv: { 'NP 0F 01 D1': '' },
  // Refused under UMIP, which Linux switches on.
  sldt: { '0F 00/0': 'Ew' },
  str: { '0F 00/1': 'Ew' },
  sgdt: { '0F 01/0': 'M' },
  sidt: { '0F 01/1': 'M' },
  smsw: { '0F 01/4': 'Ew' },
};

/** #GP for the registers that exist, #UD for others. ModRM.mod is ignored, and the operand with it. */
const controlRegister =
  (...existing: number[]): Row['build'] =>
  (b, register) => {
    const slot = register.number();
    const exists = existing.map((number): Value => b.eq(slot, GPR + 8 * number)).reduce((x, y) => b.or(x, y));
    b.if(exists, () => b.raise(Vector.GP));
    b.raise(Vector.UD);
  };

export const system: readonly Row[] = [
  insn('clc', { F8: '' }, (b) => b.flagsPart(CF, b.i32(0))),
  insn('stc', { F9: '' }, (b) => b.flagsPart(CF, b.i32(CF))),
  insn('cmc', { F5: '' }, (b) => b.flagsRaw(b.xor(b.flags(), CF))),
  insn('cld', { FC: '' }, (b) => b.setSlot('i32.store', SYSTEM_FLAGS, b.and(b.slot('i32.load', SYSTEM_FLAGS), ~DF))),
  insn('std', { FD: '' }, (b) => b.setSlot('i32.store', SYSTEM_FLAGS, b.or(b.slot('i32.load', SYSTEM_FLAGS), DF))),

  insn('syscall', { '0F 05': '' }, (b) => {
    b.setGpr('rcx', b.nextRip());
    b.setGpr('r11', b.zext(b.or(b.flags(), b.slot('i32.load', SYSTEM_FLAGS))));
    b.syscall();
  }),
  insn('int3', { CC: '' }, (b) => b.trap(Vector.BP)),
  insn('int1', { F1: '' }, (b) => b.trap(Vector.DB)),
  // The gates of 3 and 4 are open to user mode, as Linux sets them up.
  insn('int', { CD: 'Ib' }, (b, number) => {
    const vector = b.and(b.wrap(number.get()), 0xff);
    b.if(b.eq(vector, 3), () => b.trap(Vector.BP));
    b.if(b.eq(vector, 4), () => b.trap(Vector.OF));
    b.raise(Vector.GP);
  }),
  insn('ud2', { '0F 0B': '' }, raise(Vector.UD)),
  insn('ud1', { '0F B9': 'Gv Ev' }, raise(Vector.UD)),
  insn('ud0', { '0F FF': 'Gv Ev' }, raise(Vector.UD)),
  ...Object.entries(PRIVILEGED).map(([name, encodings]) => insn(name, encodings, raise(Vector.GP))),
  insn('mov cr', { '0F 20': 'Gq', '0F 22': 'Gq' }, controlRegister(0, 2, 3, 4, 8)),
  insn('mov dr', { '0F 21': 'Gq', '0F 23': 'Gq' }, controlRegister(0, 1, 2, 3, 4, 5, 6, 7)),

  insn(
    'nop',
    {
      '90': '',
      '0F 0D': 'Mb',
      '0F 18': 'Ev',
      '0F 19': 'Ev',
      '0F 1A': 'Ev',
      '0F 1B': 'Ev',
      '0F 1C': 'Ev',
      '0F 1D': 'Ev',
      '0F 1E': 'Ev',
      '0F 1F': 'Ev',
    },
    nothing,
  ),
  insn('prefetchnta', { '0F 18/0': 'Mb' }, nothing),
  insn('prefetcht0', { '0F 18/1': 'Mb' }, nothing),
  insn('prefetcht1', { '0F 18/2': 'Mb' }, nothing),
  insn('prefetcht2', { '0F 18/3': 'Mb' }, nothing),
  insn('prefetchw', { '0F 0D/1': 'Mb' }, nothing),
  insn('endbr64', { 'F3 0F 1E FA': '' }, nothing),
  insn('endbr32', { 'F3 0F 1E FB': '' }, nothing),
  // Without shadow stacks it leaves its register alone.
  insn('rdssp', { 'F3 0F 1E/1': 'Ry' }, nothing),
  insn('pause', { 'F3 90': '' }, nothing),
  // Whatever register ModRM.rm names.
  ...Object.entries({ lfence: 5, mfence: 6, sfence: 7 }).map(([name, digit]) =>
    insn(name, { [`NP 0F AE/${digit}`]: 'Rd' }, nothing, { mnemonics: { 32: name } }),
  ),
  insn('clflush', { 'NP 0F AE/7': 'Mb' }, (_b, line) => void line.get()),
  insn('clflushopt', { '66 0F AE/7': 'Mb' }, (_b, line) => void line.get(), { feature: 'clflushopt' }),

  insn('cpuid', { '0F A2': '' }, (b) => {
    const leaf = b.gpr('rax', 32),
      subleaf = b.gpr('rcx', 32);
    const [row] = b.call('cpuid.row', [leaf, subleaf], ['i32']) as [Value];
    // A leaf that is not there reads as zeros (AMD's way).
    const word = (at: number): Value => b.select(row, b.load('i32.load', row, 8 + 4 * at), 0);
    (['rax', 'rbx', 'rcx', 'rdx'] as const).forEach((name, at) => b.setGpr(name, word(at), 32));
  }),
  insn('rdtsc', { '0F 31': '' }, timeStamp),
  insn(
    'rdtscp',
    { '0F 01 F9': '' },
    (b) => {
      timeStamp(b);
      b.setGpr('rcx', b.i64(0));
    },
    { feature: 'rdtscp' },
  ),
  ...(
    [
      ['rdrand', 6],
      ['rdseed', 7],
    ] as const
  ).map(([name, digit]) =>
    insn(
      name,
      { [`NFx 0F C7/${digit}`]: 'Rv' },
      (b, dst) => {
        b.call('host.random', []);
        dst.set(fit(b, dst, b.load('i64.load', TMP0)));
        b.flagsRaw(b.i32(CF));
      },
      { feature: name },
    ),
  ),
  ...base('fs', 0, FS_BASE),
  ...base('gs', 1, GS_BASE),

  ...([64, 32] as const).map((bits) =>
    insn(
      'xlat',
      { D7: 'Xb' },
      (b, table) => {
        const offset = b.add(b.gpr('rbx'), b.zext(b.gpr('rax', 8)));
        const address = b.add(table.part('i64.load', 0), bits === 32 ? b.zextBits(offset, 32) : offset);
        b.setGpr('rax', b.guestLoad('i32.load8_u', address), 8);
      },
      bits === 32 ? { addressSize: 32, mnemonics: { 8: 'xlat' } } : { mnemonics: { 8: 'xlat' } },
    ),
  ),

  insn('ldmxcsr', { 'NP 0F AE/2': 'Md' }, (b, src) => {
    const value = src.get();
    checkMxcsr(b, value);
    b.setSlot('i32.store', MXCSR, value);
    b.setSlot('i32.store', MXCSR_MODE, b.i32(1));
  }),
  insn('stmxcsr', { 'NP 0F AE/3': 'Md' }, (b, dst) => dst.set(b.slot('i32.load', MXCSR))),
  insn('fxsave', { 'NP 0F AE/0': 'M' }, (b, area) => void b.call('fx.save', [fxArea(b, area, true)])),
  insn('fxrstor', { 'NP 0F AE/1': 'M' }, (b, area) => {
    const address = fxArea(b, area, false);
    checkMxcsr(b, b.load('i32.load', address, 24, 'guest'));
    const [mode] = b.call('fx.restore', [address], ['i32']) as [Value];
    b.setSlot('i32.store', MXCSR_MODE, mode);
  }),
];

// The FXSAVE area (SDM volume 1, table 10-2):
//   0 FCW u16, 2 FSW u16, 4 abridged FTW u8, 6 FOP u16, 8 FIP u64, 16 FDP u64, 24 MXCSR u32, 28 MXCSR_MASK u32,
//   32 ST(0) .. ST(7) in 16 bytes each, 160 XMM0 .. XMM15
const AREA_ST = 32,
  AREA_XMM = 160;

/** The slot of ST(i): registers are kept in physical order, TOP stands in bits 11 to 13 of FSW. */
const stackSlot = (b: Parameters<FunctionDefinition['build']>[0], top: Value, i: number): Value =>
  b.add(b.shl(b.and(b.add(top, i), 7), 4), X87);

export const functions: readonly FunctionDefinition[] = [
  // The address of the CPUID row for a leaf and subleaf, 0 if there is none.
  defineFunction('cpuid.row', ['i32', 'i32'], ['i32'], (b, leaf, subleaf) => {
    const row = b.variable('i32', b.load('i32.load', CPUID_ROWS)),
      left = b.variable('i32', b.load('i32.load', CPUID_COUNT));
    b.loop((loop) => {
      b.if(b.eqz(left.get()), () => b.return(b.i32(0)));
      const wanted = b.load('i32.load', row.get(), 4);
      const isHere = b.or(b.eq(wanted, ANY_SUBLEAF), b.eq(wanted, subleaf));
      b.if(b.and(b.eq(b.load('i32.load', row.get()), leaf), isHere), () => loop.break());
      row.set(b.add(row.get(), 24));
      left.set(b.sub(left.get(), 1));
    });
    b.return(row.get());
  }),
  defineFunction('fx.save', ['i32'], [], (b, area) => {
    b.call('fx.saveX87', [area]);
    b.store('i32.store', area, b.load('i32.load', MXCSR), 24, 'guest');
    b.store('i32.store', area, MXCSR_MASK, 28, 'guest');
    b.call('fx.saveSse', [area]);
  }),
  // Returns what MXCSR_MODE is to be, as does mxcsr.restore.
  defineFunction('fx.restore', ['i32'], ['i32'], (b, area) => {
    b.call('fx.restoreX87', [area]);
    b.call('fx.restoreSse', [area]);
    b.return(b.call('mxcsr.restore', [b.load('i32.load', area, 24, 'guest')], ['i32'])[0] as Value);
  }),
  defineFunction('mxcsr.restore', ['i32'], ['i32'], (b, value) => {
    const mode = b.or(b.load('i32.load', MXCSR_MODE), b.ne(b.load('i32.load', MXCSR), value));
    b.store('i32.store', MXCSR, value);
    b.return(mode);
  }),
  defineFunction('fx.saveSse', ['i32'], [], (b, area) => {
    for (let i = 0; i < 16; i++) b.store('v128.store', area, b.load('v128.load', YMM + 32 * i), AREA_XMM + 16 * i, 'guest');
  }),
  defineFunction('fx.restoreSse', ['i32'], [], (b, area) => {
    for (let i = 0; i < 16; i++) b.store('v128.store', YMM + 32 * i, b.load('v128.load', area, AREA_XMM + 16 * i, 'guest'));
  }),
  defineFunction('fx.saveX87', ['i32'], [], (b, area) => {
    const status = b.load('i32.load', FSW),
      top = b.and(b.shrU(status, 11), 7);
    b.store('i32.store16', area, b.load('i32.load', FCW), 0, 'guest');
    b.store('i32.store16', area, status, 2, 'guest');
    b.store('i32.store16', area, b.and(b.load('i32.load', FTW), 0xff), 4, 'guest');
    b.store('i32.store16', area, b.load('i32.load', FOP), 6, 'guest');
    b.store('i64.store', area, b.load('i64.load', FIP), 8, 'guest');
    b.store('i64.store', area, b.load('i64.load', FDP), 16, 'guest');
    for (let i = 0; i < 8; i++) {
      const slot = stackSlot(b, top, i);
      b.store('i64.store', area, b.load('i64.load', slot), AREA_ST + 16 * i, 'guest');
      b.store('i64.store', area, b.load('i64.load16_u', slot, 8), AREA_ST + 16 * i + 8, 'guest');
    }
  }),
  defineFunction('fx.restoreX87', ['i32'], [], (b, area) => {
    const status = b.load('i32.load16_u', area, 2, 'guest'),
      top = b.and(b.shrU(status, 11), 7);
    // Bits 6 (always 1) and 7, 13 to 15 of FCW are not kept (SDM volume 1, 8.1.5).
    b.store('i32.store', FCW, b.or(b.and(b.load('i32.load16_u', area, 0, 'guest'), 0x1f3f), 0x40));
    b.store('i32.store', FSW, status);
    b.call('x87.pending', []);
    b.store('i32.store', FTW, b.load('i32.load8_u', area, 4, 'guest'));
    b.store('i32.store', FOP, b.and(b.load('i32.load16_u', area, 6, 'guest'), 0x7ff));
    b.store('i64.store', FIP, b.load('i64.load', area, 8, 'guest'));
    b.store('i64.store', FDP, b.load('i64.load', area, 16, 'guest'));
    for (let i = 0; i < 8; i++) {
      const slot = stackSlot(b, top, i);
      b.store('i64.store', slot, b.load('i64.load', area, AREA_ST + 16 * i, 'guest'));
      b.store('i64.store', slot, b.load('i64.load16_u', area, AREA_ST + 16 * i + 8, 'guest'), 8);
    }
  }),
];
