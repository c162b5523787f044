// AVX moves: whole registers, scalars, broadcasts, halves, moves under a mask, and clearing the upper halves.

import type { Value } from '../../../ir/value.ts';
import { Vector, type X64Builder } from '../builder.ts';
import { insn, type Row } from '../insn.ts';
import type { Operand } from '../operands.ts';
import { YMM } from '../regs.ts';
import { derive, halvesOf, parts, setParts, zeroAbove } from './avx-vector.ts';
import { order, zero } from './sse-vector.ts';
import { system } from './system.ts';
import { loadScalar } from './sse-move.ts';

const avx = { feature: 'avx' } as const;
const avx2 = { feature: 'avx2' } as const;

const LENGTHS = [
  ['128', 'dq'],
  ['256', 'qq'],
] as const;
/** Encodings at both lengths; sizes in the letters are written x. */
const both = (key: string, letters: string, w = 'WIG'): Record<string, string> =>
  Object.fromEntries(LENGTHS.map(([length, size]) => [key.replace('VEX', `VEX.${length} ${w}`), letters.replaceAll('x', size)]));

const move = (b: X64Builder, dst: Operand, src: Operand): void => setParts(b, dst, parts(src));
/** #GP unless memory is aligned to its size (SDM volume 2, 2.4, exception type 1). */
const moveAligned = (b: X64Builder, dst: Operand, src: Operand): void => {
  for (const operand of [dst, src]) {
    if (operand.isMemory) b.if(b.and(b.wrap(operand.address()), operand.bits / 8 - 1), () => b.raise(Vector.GP));
  }
  move(b, dst, src);
};
const moves = (name: string, prefix: string, load: string, store: string, build: Row['build']): Row =>
  insn(name, { ...both(`${prefix} VEX 0F ${load}`, 'Vx Wx'), ...both(`${prefix} VEX 0F ${store}`, 'Wx Vx') }, build, avx);

/** The same value in all lanes. */
const broadcast = (b: X64Builder, dst: Operand, value: Value): void =>
  setParts(
    b,
    dst,
    halvesOf(dst).map(() => value),
  );
const splat = (b: X64Builder, dst: Operand, src: Operand): void => {
  const shape = ({ 8: 'i8x16', 16: 'i16x8', 32: 'i32x4', 64: 'i64x2' } as const)[src.bits as 8];
  broadcast(b, dst, b.op(`${shape}.splat`, src.get()));
};

type Element = 32 | 64;
/** The elements that a mask moves: number, byte offset, i32 condition (the sign of the mask's element). */
function elements(b: X64Builder, mask: Operand, bits: Element): { offset: number; isWanted: Value }[] {
  return parts(mask).flatMap((value, half) =>
    Array.from({ length: 128 / bits }, (_, i) => ({
      offset: 16 * half + (i * bits) / 8,
      isWanted: b.and(b.shrU(b.op(bits === 32 ? 'i32x4.bitmask' : 'i64x2.bitmask', value), i), 1),
    })),
  );
}
/** Addresses of elements; the base is computed here, outside of the conditions. */
function addresses(b: X64Builder, memory: Operand): (offset: number) => Value {
  const base = memory.address();
  return (offset) => (offset ? b.add(base, offset) : base);
}

/** Elements not wanted read as 0, and their memory is not touched. */
const maskedLoad =
  (bits: Element): Row['build'] =>
  (b, dst, mask, memory) => {
    const load = bits === 32 ? 'i32.load' : 'i64.load',
      at = addresses(b, memory);
    const values = elements(b, mask, bits).map(({ offset, isWanted }) => {
      const value = b.variable(bits === 32 ? 'i32' : 'i64', 0);
      b.if(isWanted, () => value.set(b.guestLoad(load, at(offset))));
      return value;
    });
    const store = bits === 32 ? 'i32.store' : 'i64.store';
    values.forEach((value, i) => dst.setPart(store, (i * bits) / 8, value.get()));
    if (dst.bits === 128) zeroAbove(b, dst);
  };
const maskedStore =
  (bits: Element): Row['build'] =>
  (b, memory, mask, src) => {
    const wanted = elements(b, mask, bits),
      at = addresses(b, memory);
    for (const { offset, isWanted } of wanted) b.if(isWanted, () => b.guestProbe(at(offset), bits / 8, true));
    for (const { offset, isWanted } of wanted) {
      const value = src.part(bits === 32 ? 'i32.load' : 'i64.load', offset);
      b.if(isWanted, () => b.guestStore(bits === 32 ? 'i32.store' : 'i64.store', at(offset), value));
    }
  };
const masked = (name: string, load: string, store: string, w: string, bits: Element, options: Row['options']): Row[] => [
  insn(name, both(`66 VEX 0F 38 ${load}`, 'Vx Hx M', w), maskedLoad(bits), options),
  insn(name, both(`66 VEX 0F 38 ${store}`, 'M Hx Vx', w), maskedStore(bits), options),
];

/** vmovss, vmovsd: between registers the other lanes come from VEX.vvvv; a load zeroes them. */
const scalars = (name: string, prefix: string, size: 'd' | 'q'): Row[] => {
  const merge: Row['build'] = (b, dst, base, src) => {
    const shape = size === 'd' ? 'i32x4' : 'i64x2';
    setParts(b, dst, [b.lane(`${shape}.replace_lane`, 0, base.get(), src.get())]);
  };
  const key = (opcode: string): string => `${prefix} VEX.LIG WIG 0F ${opcode}`;
  return [
    insn(name, { [key('10')]: `Vdq Hdq U${size}` }, merge, avx),
    insn(
      name,
      { [key('10')]: `V${size} M${size}` },
      (b, dst, src) => {
        loadScalar(dst, src);
        zeroAbove(b, dst);
      },
      avx,
    ),
    insn(name, { [key('11')]: `Udq Hdq V${size}` }, merge, avx),
    insn(name, { [key('11')]: `M${size} V${size}` }, (_b, dst, src) => dst.set(src.get()), avx),
  ];
};

/** vzeroupper and vzeroall: all sixteen registers (SDM volume 2). */
const clear =
  (first: number) =>
  (b: X64Builder): void => {
    for (let at = YMM; at < YMM + 16 * 32; at += 32)
      for (let part = first; part < 32; part += 16) b.setSlot('v128.store', at + part, zero(b));
  };

const joined = (
  b: X64Builder,
  bitmask: 'i8x16.bitmask' | 'i32x4.bitmask' | 'i64x2.bitmask',
  lanes: number,
  src: Operand,
): Value =>
  parts(src)
    .map((value, i) => (i ? b.shl(b.op(bitmask, value), lanes) : b.op(bitmask, value)))
    .reduce((x, y) => b.or(x, y));

export const avxMove: readonly Row[] = [
  moves('vmovups', 'NP', '10', '11', move),
  moves('vmovupd', '66', '10', '11', move),
  moves('vmovdqu', 'F3', '6F', '7F', move),
  moves('vmovaps', 'NP', '28', '29', moveAligned),
  moves('vmovapd', '66', '28', '29', moveAligned),
  moves('vmovdqa', '66', '6F', '7F', moveAligned),
  insn('vmovntps', both('NP VEX 0F 2B', 'Mx Vx'), moveAligned, avx),
  insn('vmovntpd', both('66 VEX 0F 2B', 'Mx Vx'), moveAligned, avx),
  insn('vmovntdq', both('66 VEX 0F E7', 'Mx Vx'), moveAligned, avx),
  insn('vmovntdqa', { '66 VEX.128 WIG 0F 38 2A': 'Vdq Mdq' }, moveAligned, avx),
  insn('vmovntdqa', { '66 VEX.256 WIG 0F 38 2A': 'Vqq Mqq' }, moveAligned, avx2),
  ...scalars('vmovss', 'F3', 'd'),
  ...scalars('vmovsd', 'F2', 'q'),
  insn(
    'vmovddup',
    { 'F2 VEX.256 WIG 0F 12': 'Vqq Wqq' },
    (b, dst, src) =>
      setParts(
        b,
        dst,
        parts(src).map((value) => b.shuffle(value, value, order(8, 0, 0))),
      ),
    avx,
  ),
  insn('vmovmskps', { 'NP VEX.256 WIG 0F 50': 'Gd Uqq' }, (b, dst, src) => dst.set(joined(b, 'i32x4.bitmask', 4, src)), avx),
  insn('vmovmskpd', { '66 VEX.256 WIG 0F 50': 'Gd Uqq' }, (b, dst, src) => dst.set(joined(b, 'i64x2.bitmask', 2, src)), avx),
  insn('vpmovmskb', { '66 VEX.256 WIG 0F D7': 'Gd Uqq' }, (b, dst, src) => dst.set(joined(b, 'i8x16.bitmask', 16, src)), avx2),

  insn('vbroadcastss', both('66 VEX 0F 38 18', 'Vx Md', 'W0'), splat, avx),
  insn('vbroadcastss', both('66 VEX 0F 38 18', 'Vx Ud', 'W0'), splat, avx2),
  insn('vbroadcastsd', { '66 VEX.256 W0 0F 38 19': 'Vqq Mq' }, splat, avx),
  insn('vbroadcastsd', { '66 VEX.256 W0 0F 38 19': 'Vqq Uq' }, splat, avx2),
  insn('vpbroadcastb', both('66 VEX 0F 38 78', 'Vx Wb', 'W0'), splat, avx2),
  insn('vpbroadcastw', both('66 VEX 0F 38 79', 'Vx Ww', 'W0'), splat, avx2),
  insn('vpbroadcastd', both('66 VEX 0F 38 58', 'Vx Wd', 'W0'), splat, avx2),
  insn('vpbroadcastq', both('66 VEX 0F 38 59', 'Vx Wq', 'W0'), splat, avx2),
  insn('vbroadcastf128', { '66 VEX.256 W0 0F 38 1A': 'Vqq Mdq' }, (b, dst, src) => broadcast(b, dst, src.get()), avx),
  insn('vbroadcasti128', { '66 VEX.256 W0 0F 38 5A': 'Vqq Mdq' }, (b, dst, src) => broadcast(b, dst, src.get()), avx2),

  ...masked('vmaskmovps', '2C', '2E', 'W0', 32, avx),
  ...masked('vmaskmovpd', '2D', '2F', 'W0', 64, avx),
  ...masked('vpmaskmovd', '8C', '8E', 'W0', 32, avx2),
  ...masked('vpmaskmovq', '8C', '8E', 'W1', 64, avx2),

  insn('vzeroupper', { 'NP VEX.128 WIG 0F 77': '' }, clear(16), avx),
  insn('vzeroall', { 'NP VEX.256 WIG 0F 77': '' }, clear(0), avx),
  ...system
    .filter(({ name }) => /^(ld|st)mxcsr$/.test(name))
    .flatMap((row) => derive(row, { first: 'result', length: '128', feature: 'avx' })),
];
