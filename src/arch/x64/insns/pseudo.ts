// Operations that no encoding has: the decoder and the trace builder put them between decoded instructions.

import type { Row } from '../insn.ts';
import { insn } from '../insn.ts';
import { TMP0 } from '../regs.ts';
import { Vector } from '../builder.ts';

export const pseudo: readonly Row[] = [
  // r1: slot of the segment base or ZERO. The address then stands in TMP0, which the next operation has as its base.
  insn('.lea', { '.': 'r1 x' }, (b, segment, memory) => b.setSlot('i64.store', TMP0, b.add(memory.address(), segment.get()))),
  insn('.lea32', { '.': 'r1 x' }, (b, segment, memory) =>
    b.setSlot('i64.store', TMP0, b.add(b.zextBits(memory.address(), 32), segment.get())),
  ),
  /** A constant address that does not fit the displacement: TMP0 = imm + r1. */
  insn('.const', { '.': 'r1 imm' }, (b, segment, target) => b.setSlot('i64.store', TMP0, b.add(target.get(), segment.get()))),
  /** The trace goes on elsewhere: imm is the address. */
  insn('.goto', { '.': 'rel' }, (b, target) => b.jumpDirect(target.get())),
  /** The code here was changed: look the trace up again. */
  insn('.bail', { '.': '' }, (b) => b.retranslate()),
  /** More than 15 bytes (SDM volume 2, 2.3.11). */
  insn('.overlong', { '.': '' }, (b) => b.raise(Vector.GP)),
  insn('.illegal', { '.': '' }, (b) => b.raise(Vector.UD)),
  /** Code cannot be fetched from imm. */
  insn('.fetch', { '.': 'imm' }, (b, address) => b.raiseFetch(address.get())),
];
