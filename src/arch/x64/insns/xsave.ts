// XSAVE and its kin for x87, SSE and AVX state (Intel SDM volume 1, chapter 13).
//
//   0    x87 state, MXCSR, XMM registers as in FXSAVE (system.ts)
//   512  XSTATE_BV u64: the components that follow; 520 XCOMP_BV u64: bit 63 says that the format is compact
//   576  upper halves of the YMM registers, in both formats

import { defineFunction, type FunctionDefinition } from '../../../ir/function.ts';
import type { Value } from '../../../ir/value.ts';
import { Vector, type X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { FCW, FDP, FIP, FOP, FSW, FTW, MXCSR, MXCSR_MODE, X87, YMM } from '../regs.ts';
import { checkMxcsr, MXCSR_MASK } from './system.ts';

const X87_STATE = 1,
  SSE_STATE = 2,
  AVX_STATE = 4;
/** The components that the operating system has switched on. */
const XCR0 = X87_STATE | SSE_STATE | AVX_STATE;
const AT_MXCSR = 24,
  AT_STATE = 512,
  AT_COMPACT = 520,
  AT_RESERVED = 528,
  AT_AVX = 576;
const LEGACY_SIZE = 576,
  SIZE = 832;

const options = { feature: 'xsave' } as const;

/** The components asked for in EDX:EAX; XCR0 has none above bit 31. */
const wanted = (b: X64Builder): Value => b.and(b.gpr('rax', 32), XCR0);

/** The area is aligned to 64 bytes; as i32. */
function areaOf(b: X64Builder, area: Operand, isWrite: boolean): Value {
  const address = area.address();
  b.if(b.wrap(b.and(address, 63)), () => b.raise(Vector.GP));
  b.guestProbe(address, LEGACY_SIZE, isWrite);
  return b.wrap(address);
}

const save =
  (isCompact: boolean): Row['build'] =>
  (b, area) => {
    const mask = wanted(b),
      at = areaOf(b, area, true),
      address = area.address();
    b.if(b.and(mask, AVX_STATE), () => b.guestProbe(address, SIZE, true));
    b.call('xsave.save', [at, mask, b.i32(isCompact ? 1 : 0)]);
  };

const restore: Row['build'] = (b, area) => {
  const mask = wanted(b),
    at = areaOf(b, area, false),
    address = area.address();
  const has = (offset: number): Value => b.load('i64.load', at, offset, 'guest');
  const present = has(AT_STATE),
    format = has(AT_COMPACT);
  const isCompact = b.op('i64.lt_s', format, b.i64(0));
  const allowed = b.select(isCompact, b.and(format, BigInt(XCR0)), b.i64(XCR0));
  const isFormatBad = b.op(
    'i64.ne',
    b.and(format, b.select(isCompact, b.i64(0x7fffffffffffffffn & ~BigInt(XCR0)), b.i64(-1))),
    b.i64(0),
  );
  const isBad = b.or(isFormatBad, b.op('i64.ne', b.or(b.and(present, b.not(allowed)), has(AT_RESERVED)), b.i64(0)));
  b.if(isBad, () => b.raise(Vector.GP));
  const found = b.and(mask, b.wrap(present));
  b.if(b.and(found, AVX_STATE), () => b.guestProbe(address, SIZE, false));
  const loadsMxcsr = b.select(isCompact, b.and(found, SSE_STATE), b.and(mask, SSE_STATE | AVX_STATE));
  b.if(loadsMxcsr, () => checkMxcsr(b, b.load('i32.load', at, AT_MXCSR, 'guest')));
  const [mode] = b.call('xsave.restore', [at, mask, found, loadsMxcsr], ['i32']) as [Value];
  b.setSlot('i32.store', MXCSR_MODE, mode);
};

export const xsave: readonly Row[] = [
  insn('xsave', { 'NP 0F AE/4': 'M' }, save(false), options),
  insn('xsaveopt', { 'NP 0F AE/6': 'M' }, save(false), options),
  insn('xsavec', { 'NP 0F C7/4': 'M' }, save(true), options),
  insn('xrstor', { 'NP 0F AE/5': 'M' }, restore, options),
  // XCR0, or (1) its components in use: all.
  insn(
    'xgetbv',
    { 'NP 0F 01 D0': '' },
    (b) => {
      b.if(b.gtU(b.gpr('rcx', 32), 1), () => b.raise(Vector.GP));
      b.setGpr('rax', b.i32(XCR0), 32);
      b.setGpr('rdx', b.i32(0), 32);
    },
    options,
  ),
];

export const functions: readonly FunctionDefinition[] = [
  // xsave.save(area, components, isCompact)
  defineFunction('xsave.save', ['i32', 'i32', 'i32'], [], (b, ...[area, mask, isCompact]) => {
    const [at, components, compact] = [area, mask, isCompact] as [Value, Value, Value];
    b.if(b.and(components, X87_STATE), () => void b.call('fx.saveX87', [at]));
    b.if(b.and(components, b.select(compact, SSE_STATE, SSE_STATE | AVX_STATE)), () => {
      b.store('i32.store', at, b.load('i32.load', MXCSR), AT_MXCSR, 'guest');
      b.store('i32.store', at, MXCSR_MASK, AT_MXCSR + 4, 'guest');
    });
    b.if(b.and(components, SSE_STATE), () => void b.call('fx.saveSse', [at]));
    b.if(b.and(components, AVX_STATE), () => {
      for (let i = 0; i < 16; i++) b.store('v128.store', at, b.load('v128.load', YMM + 32 * i + 16), AT_AVX + 16 * i, 'guest');
    });
    const bits = b.zext(components);
    b.if(
      compact,
      () => {
        b.store('i64.store', at, bits, AT_STATE, 'guest');
        b.store('i64.store', at, b.or(bits, -0x8000000000000000n), AT_COMPACT, 'guest');
      },
      () => b.store('i64.store', at, b.or(b.load('i64.load', at, AT_STATE, 'guest'), bits), AT_STATE, 'guest'),
    );
  }),
  // xsave.restore(area, components, those present, MXCSR is loaded): components asked for but absent get their initial state.
  // Returns what MXCSR_MODE is to be.
  defineFunction('xsave.restore', ['i32', 'i32', 'i32', 'i32'], ['i32'], (b, ...[area, mask, present, isMxcsr]) => {
    const [at, components, found, loadsMxcsr] = [area, mask, present, isMxcsr] as [Value, Value, Value, Value];
    const component = (bit: number, load: () => void, initial: () => void): void =>
      b.if(b.and(components, bit), () => b.if(b.and(found, bit), load, initial));
    component(
      X87_STATE,
      () => void b.call('fx.restoreX87', [at]),
      () => {
        b.store('i32.store', FCW, 0x37f);
        for (const slot of [FSW, FTW, FOP]) b.store('i32.store', slot, 0);
        for (const slot of [FIP, FDP]) b.store('i64.store', slot, 0n);
        for (let i = 0; i < 8; i++) b.store('v128.store', X87 + 16 * i, b.v128of64(0n, 0n));
        b.call('x87.pending', []);
      },
    );
    const mode = b.variable('i32', b.load('i32.load', MXCSR_MODE));
    const load = (value: Value): void => mode.set(b.call('mxcsr.restore', [value], ['i32'])[0] as Value);
    b.if(
      loadsMxcsr,
      () => load(b.load('i32.load', at, AT_MXCSR, 'guest')),
      () => b.if(b.and(components, SSE_STATE), () => load(b.i32(0x1f80))),
    );
    component(
      SSE_STATE,
      () => void b.call('fx.restoreSse', [at]),
      () => {
        for (let i = 0; i < 16; i++) b.store('v128.store', YMM + 32 * i, b.v128of64(0n, 0n));
      },
    );
    component(
      AVX_STATE,
      () => {
        for (let i = 0; i < 16; i++) b.store('v128.store', YMM + 32 * i + 16, b.load('v128.load', at, AT_AVX + 16 * i, 'guest'));
      },
      () => {
        for (let i = 0; i < 16; i++) b.store('v128.store', YMM + 32 * i + 16, b.v128of64(0n, 0n));
      },
    );
    b.return(mode.get());
  }),
];
