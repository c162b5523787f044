// AVX2 gathers: elements from addresses that a vector of indices makes, under a mask.
//
// Element by element, from the lowest: each one loaded is written and its mask element cleared at once, so that a fault
// leaves the rest to be done when the instruction runs again (SDM volume 2, VPGATHERDD).

import { Vector } from '../builder.ts';
import { insn, type Row } from '../insn.ts';

const gather =
  (indexBits: 32 | 64, bits: 32 | 64, count: number, addressSize: 32 | 64): Row['build'] =>
  (b, dst, memory, mask) => {
    const same = (x: typeof dst, y: typeof dst): ReturnType<typeof b.eq> => b.eq(x.number(), y.number());
    const isIndex = (x: typeof dst): ReturnType<typeof b.eq> => b.eq(x.number(), memory.vectorIndexNumber());
    b.if(b.or(same(dst, mask), b.or(isIndex(dst), isIndex(mask))), () => b.raise(Vector.UD));
    const base = memory.address(),
      scale = b.scale();
    const load = bits === 32 ? 'i32.load' : 'i64.load',
      store = bits === 32 ? 'i32.store' : 'i64.store';
    const none = bits === 32 ? b.i32(0) : b.i64(0);
    for (let i = 0; i < count; i++) {
      const at = (i * bits) / 8;
      const done = (): void => mask.setPart(store, at, none);
      b.if(
        b.ltS(mask.part(load, at), none),
        () => {
          const index = memory.vectorIndex(indexBits === 32 ? 'i64.load32_s' : 'i64.load', (i * indexBits) / 8);
          const address = b.add(base, b.shl(index, scale));
          dst.setPart(store, at, b.guestLoad(load, addressSize === 32 ? b.zextBits(address, 32) : address));
          done();
        },
        done,
      );
    }
    const bytes = (count * bits) / 8;
    for (let at = bytes; at < 32; at += 8) {
      mask.setPart('i64.store', at, b.i64(0));
      dst.setPart('i64.store', at, b.i64(0));
    }
  };

/** By index and element size: opcodes of the integer form and of the floating-point one. */
const row = (name: string, opcode: string, indexBits: 32 | 64, bits: 32 | 64): Row[] =>
  ([128, 256] as const).flatMap((length) => {
    const count = length / Math.max(indexBits, bits);
    const size = count * bits > 128 ? 'qq' : 'dq';
    const key = `66 VEX.${length} W${bits === 32 ? 0 : 1} 0F 38 ${opcode}`;
    const encodings = { [key]: `V${size} M H${size}` };
    const options = { feature: 'avx2', vsib: true } as const;
    return [
      insn(name, encodings, gather(indexBits, bits, count, 64), options),
      insn(name, encodings, gather(indexBits, bits, count, 32), { ...options, addressSize: 32 }),
    ];
  });

export const avxGather: readonly Row[] = [
  ...row('vpgatherdd', '90', 32, 32),
  ...row('vpgatherdq', '90', 32, 64),
  ...row('vpgatherqd', '91', 64, 32),
  ...row('vpgatherqq', '91', 64, 64),
  ...row('vgatherdps', '92', 32, 32),
  ...row('vgatherdpd', '92', 32, 64),
  ...row('vgatherqps', '93', 64, 32),
  ...row('vgatherqpd', '93', 64, 64),
];
