// The function that is made of a region: its type, what writing it takes, and what is known of it then.

import type { MemoryCheck, Meanings } from '../../arch/arch.ts';
import type { Type } from '../../ir/ops.ts';
import type { Addresses, Moving } from './addresses.ts';
import type { Instruction } from './operation.ts';
import type { Summaries } from './summary.ts';
import type { Units } from './units.ts';

/** Name of the region's function, which is exported. */
export const REGION = 'region';
export const REGION_TYPE = { params: ['i32', 'i32'], results: ['i64'] } as const satisfies {
  params: readonly Type[];
  results: readonly Type[];
};

export interface RegionContext {
  readonly meanings: Meanings;
  readonly summaries: Summaries;
  readonly units: Units;
  readonly functionIndex: (name: string) => number;
  /** Type number of REGION_TYPE in the module. */
  readonly regionType: number;
  readonly addresses: Addresses;
  readonly memoryCheck: MemoryCheck;
}

export interface RegionCode {
  readonly locals: readonly Type[];
  readonly body: Uint8Array;
  /** Places of branches in the body that are seldom taken. */
  readonly unlikely: readonly number[];
  /** Guest addresses at which the function can be entered, the root first. */
  readonly entries: readonly number[];
  /** Where the code of each guest instruction begins in the body, in order. */
  readonly marks: readonly Mark[];
  readonly localNames: ReadonlyMap<number, string>;
  /** By place in the body. */
  readonly moving: readonly Moving[];
}

export interface Mark {
  readonly at: number;
  readonly instruction: Instruction;
}
