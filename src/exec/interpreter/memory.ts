// The slow path of a page-checked access: exact where the inline check is not, then the kernel's word.

import { defineFunction, type FunctionDefinition } from '../../ir/function.ts';
import type { Value } from '../../ir/value.ts';
import { Exit, EXIT_REASON, EXIT_VECTOR, FAULT_ADDRESS, FAULT_ERROR, READ_TABLE, WRITE_TABLE } from '../layout.ts';

/** #GP for addresses that are not canonical (SDM volume 1, 3.3.7.1), #PF for the others. */
const VECTOR_GP = 13,
  VECTOR_PF = 14;
const WRITE = 0x02,
  USER = 0x04;

/** 0: the access of `size` bytes may proceed; 1: a fault is recorded. */
const refused = defineFunction('memory.refused', ['i64', 'i32', 'i32'], ['i32'], (b, address, size, isWrite) => {
  const table = b.select(isWrite, WRITE_TABLE, READ_TABLE);
  const low = b.wrap(address);
  const page = b.shrU(low, 12);
  const isLow = b.eqz(b.shrU(address, 32));
  const straddles = b.gtU(b.add(b.and(low, 4095), size), 4096);
  /** A page's own entry says yes, whatever its neighbour's. */
  const own = (number: typeof page) => b.eqz(b.eqz(b.load('i32.load', b.add(table, b.shl(number, 2)))));
  b.if(isLow, () => {
    b.if(own(page), () => {
      b.if(b.eqz(straddles), () => b.return(b.i32(0)));
      b.if(own(b.and(b.add(page, 1), 0xfffff)), () => b.return(b.i32(0)));
    });
    b.if(b.call('host.access', [low, size, isWrite], ['i32'])[0]!, () => b.return(b.i32(0)));
  });
  const isInHalf = (at: Value): Value => b.leU(b.add(b.shrS(at, 47), 1), 1);
  const isCanonical = b.and(isInHalf(address), isInHalf(b.add(address, b.zext(b.sub(size, 1)))));
  // A straddling access whose first page is fine faults at the start of the second.
  const second = b.and(b.and(isLow, straddles), own(page));
  const at = b.select(second, b.add(b.or(address, 4095n), 1n), address);
  b.store('i64.store', 0, at, FAULT_ADDRESS);
  b.store('i32.store', 0, b.select(isWrite, USER | WRITE, USER), FAULT_ERROR);
  b.store('i32.store', 0, b.select(isCanonical, VECTOR_PF, VECTOR_GP), EXIT_VECTOR);
  b.store('i32.store', 0, Exit.fault, EXIT_REASON);
  b.return(b.i32(1));
});

export const memoryFunctions: readonly FunctionDefinition[] = [refused];
