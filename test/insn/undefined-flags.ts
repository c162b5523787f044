// Which of the flags that a row may leave undefined are so in one case: for shifts and rotates, the count decides.

import { CF, OF } from '../../src/arch/x64/status-flags.ts';
import type { Case } from './cases.ts';
import type { Subject } from './generate.ts';

const SHIFT = /^(sh[lr]|sar)$/,
  DOUBLE = /^sh[lr]d$/,
  ROTATE = /^r[oc][lr]$/;
const RCX = 1;

/** `flags`: those that the row leaves undefined for some count (SDM volume 2, SAL, SHLD, RCL). */
export function undefinedFor(flags: number, { row: { name }, encoding, bits }: Subject, one: Case): number {
  if (!SHIFT.test(name) && !DOUBLE.test(name) && !ROTATE.test(name)) return flags;
  const count = countOf(encoding.map, encoding.opcode, one) & (bits === 64 ? 63 : 31);
  const width = bits || 8;
  if (count === 0) return 0;
  if (DOUBLE.test(name) && count > width) return flags;
  const ofShift = DOUBLE.test(name) ? flags & ~STATUS_OF_DOUBLE : count < width ? flags & ~CF : flags;
  return count === 1 ? ofShift & ~OF : ofShift | (flags & OF);
}

/** What shld and shrd set as long as the count is not above the width. */
const STATUS_OF_DOUBLE = 0x8d5 & ~0x10;

function countOf(map: number, opcode: number, { code, gpr }: Case): number {
  const inRcx = map === 0 ? opcode === 0xd2 || opcode === 0xd3 : (opcode & 1) === 1;
  if (inRcx) return Number((gpr[RCX] as bigint) & 0xffn);
  return map === 0 && opcode >= 0xd0 ? 1 : (code.at(-1) as number);
}
