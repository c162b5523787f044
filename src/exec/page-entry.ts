// The entry of a page in an access table (memory/layout.ts), in generated code.

import { READ_TABLE, WRITE_TABLE } from './layout.ts';
import type { Emitter } from './wasm/emit.ts';

/** Replaces the i32 address on the stack by its page's entry, which is i32 or i64. */
export function pushEntry(e: Emitter, type: 'i32' | 'i64', isWrite: boolean): void {
  e.i32(12);
  e.op(0x76); // i32.shr_u
  e.i32(2);
  e.op(0x74); // i32.shl
  e.load(type === 'i32' ? 'i32.load' : 'i64.load32_u', isWrite ? WRITE_TABLE : READ_TABLE);
}
