// SSE and SSE2 data movement: whole vectors, scalars, halves, general registers, non-temporal stores (movnti is in move.ts).

import type { Value } from '../../../ir/value.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import type { X64Builder } from '../builder.ts';
import { aligned, bytesDown, requireAlignment } from './sse-vector.ts';

const moveAligned = (b: X64Builder, dst: Operand, src: Operand): void => {
  const value = aligned(b, src);
  requireAlignment(b, dst);
  dst.set(value);
};
const moveAny = (_b: X64Builder, dst: Operand, src: Operand): void => dst.set(src.get());
/** 32 or 64 bits of memory to a vector register, with zeros above up to bit 127. */
export const loadScalar = (dst: Operand, src: Operand): void =>
  dst.setPart('v128.store', 0, src.part(src.bits === 32 ? 'v128.load32_zero' : 'v128.load64_zero', 0));
/** A load zeroes the rest of the register; between registers the rest stays. */
const moveScalar = (_b: X64Builder, dst: Operand, src: Operand): void =>
  src.isMemory ? loadScalar(dst, src) : dst.set(src.get());
/** A vector destination is zeroed above the value, a general one is as any. */
const moveInteger = (_b: X64Builder, dst: Operand, src: Operand): void => {
  if (dst.spec.file !== 'vector') dst.set(src.get());
  else if (src.isMemory) loadScalar(dst, src);
  else dst.setZeroing(src.get());
};
const moveToHigh = (_b: X64Builder, dst: Operand, src: Operand): void => dst.setPart('i64.store', 8, src.get());
const moveFromHigh = (_b: X64Builder, dst: Operand, src: Operand): void => dst.set(src.part('i64.load', 8));

export const sseMove: readonly Row[] = [
  insn('movaps', { 'NP 0F 28': 'Vps Wps', 'NP 0F 29': 'Wps Vps' }, moveAligned),
  insn('movapd', { '66 0F 28': 'Vpd Wpd', '66 0F 29': 'Wpd Vpd' }, moveAligned),
  insn('movdqa', { '66 0F 6F': 'Vdq Wdq', '66 0F 7F': 'Wdq Vdq' }, moveAligned),
  insn('movups', { 'NP 0F 10': 'Vps Wps', 'NP 0F 11': 'Wps Vps' }, moveAny),
  insn('movupd', { '66 0F 10': 'Vpd Wpd', '66 0F 11': 'Wpd Vpd' }, moveAny),
  insn('movdqu', { 'F3 0F 6F': 'Vdq Wdq', 'F3 0F 7F': 'Wdq Vdq' }, moveAny),
  insn('movntps', { 'NP 0F 2B': 'Mps Vps' }, moveAligned),
  insn('movntpd', { '66 0F 2B': 'Mpd Vpd' }, moveAligned),
  insn('movntdq', { '66 0F E7': 'Mdq Vdq' }, moveAligned),

  // Scalars move as integers: no NaN is touched.
  insn('movss', { 'F3 0F 10': 'Vd Wd', 'F3 0F 11': 'Wd Vd' }, moveScalar),
  insn('movsd', { 'F2 0F 10': 'Vq Wq', 'F2 0F 11': 'Wq Vq' }, moveScalar),
  insn('movd', { '66 W0 0F 6E': 'Vd Ed', '66 W0 0F 7E': 'Ed Vd' }, moveInteger),
  insn('movq', { '66 W1 0F 6E': 'Vq Eq', '66 W1 0F 7E': 'Eq Vq', 'F3 0F 7E': 'Vq Wq', '66 0F D6': 'Wq Vq' }, moveInteger),

  insn('movlps', { 'NP 0F 12': 'Vq Mq', 'NP 0F 13': 'Mq Vq' }, moveAny),
  insn('movlpd', { '66 0F 12': 'Vq Mq', '66 0F 13': 'Mq Vq' }, moveAny),
  insn('movhlps', { 'NP 0F 12': 'Vq Udq' }, moveFromHigh),
  insn('movhps', { 'NP 0F 16': 'Vdq Mq' }, moveToHigh),
  insn('movhpd', { '66 0F 16': 'Vdq Mq' }, moveToHigh),
  insn('movhps', { 'NP 0F 17': 'Mq Vdq' }, moveFromHigh),
  insn('movhpd', { '66 0F 17': 'Mq Vdq' }, moveFromHigh),
  insn('movlhps', { 'NP 0F 16': 'Vdq Uq' }, moveToHigh),

  insn('movmskps', { 'NP 0F 50': 'Gd Ups' }, (b, dst, src) => dst.set(b.op('i32x4.bitmask', src.get()))),
  insn('movmskpd', { '66 0F 50': 'Gd Upd' }, (b, dst, src) => dst.set(b.op('i64x2.bitmask', src.get()))),
  insn('pmovmskb', { '66 0F D7': 'Gd Udq' }, (b, dst, src) => dst.set(b.op('i8x16.bitmask', src.get()))),

  // Bytes whose mask bit is set go to [rdi]; every one of them is checked before the first is written.
  ...([64, 32] as const).map((bits) =>
    insn(
      'maskmovdqu',
      { '66 0F F7': 'Vdq Udq' },
      (b, data, mask) => {
        const value = data.get(),
          to = b.zext(b.gpr('rdi', bits));
        const wanted = b.op('i8x16.bitmask', mask.get());
        // Bytes that are not selected are checked too, which the SDM allows and CPUs do.
        b.guestProbe(to, 16, true);
        maskedBytes(b, to, wanted, (index, address) =>
          b.guestStore('i32.store8', address, b.lane('i8x16.extract_lane_u', 0, bytesDown(b, value, index))),
        );
      },
      bits === 32 ? { addressSize: 32 } : {},
    ),
  ),
];

/** Runs `body` for the number (i32) and the address (`to` plus it) of each bit set in `bits`. */
export function maskedBytes(b: X64Builder, to: Value, bits: Value, body: (index: Value, address: Value) => void): void {
  const rest = b.variable('i32', bits);
  b.loop((loop) => {
    const left = rest.get();
    b.if(b.eqz(left), () => loop.break());
    const index = b.ctz(left);
    body(index, b.add(to, b.zext(index)));
    rest.set(b.and(left, b.sub(left, 1)));
  });
}
