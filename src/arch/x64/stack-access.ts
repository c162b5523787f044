// Which accesses go through the stack segment: an address that is not canonical raises #SS there, #GP elsewhere.

import { RSP } from './regs.ts';

/** rsp or rbp as the base of an address, without a segment of its own (SDM volume 1, 3.7.4). */
const BASE = /(?<![fg]s:)\[r[sb]p(?!\*)/;
/** Instructions that access the stack besides their operand, if they have one in memory. */
const IMPLICIT = /^(push|pop|call|ret|leave|enter)/;
/** The farthest that one of them reaches from rsp in one access. */
const REACH = 16n;

/** By the instruction's text (disasm.ts); `state` as it was before the instruction. */
export function isStackAccess(state: Uint8Array, text: string, address: bigint): boolean {
  if (BASE.test(text)) return true;
  if (!IMPLICIT.test(text)) return false;
  if (!text.includes('[') && !text.includes('PTR')) return true;
  const rsp = new DataView(state.buffer, state.byteOffset).getBigUint64(RSP, true);
  return BigInt.asUintN(64, address - rsp + REACH) <= 2n * REACH;
}
