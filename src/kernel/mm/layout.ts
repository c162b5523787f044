// Where things go in a 4 GiB guest address space, and how addresses are randomised.
//
//   0x0001_0000  lowest mapping (vm.mmap_min_addr)
//   0x0040_0000  ET_EXEC images, where they ask to be
//                       compact         roomy
//   PIE images          0x0080_0000     0x1000_0000    (+ random)
//   mappings            downwards from mmapBase, below the stack's limit (- random)
//   stack               0x0200_0000     0x4000_0000    downwards (- random)
//   heap                0x0200_0000     after the image (+ random)
//   0x4000_0000  end of the middle zone, where mappings go that find no room below, downwards
//   0x4000_0000  high zone: large reservations, and whatever finds no room below, upwards
//   0x7000_0000  top zone: shared mappings where reads are checked by window (read-window.ts), upwards
//   0xffff_0000  end
//
// Host memory is committed up to the highest page touched, and the engine collects garbage when more than 64 MB are
// (10 ms at start), so a small program lives within 34 MiB; growing to 1 GiB is one cheap step, beyond 2 GiB it is not.

import { ADDRESS_LIMIT, PAGE_SIZE, pageAlign, WINDOW_END } from '../../memory/layout.ts';

export const LOWEST_ADDRESS = 0x10000;
/** vm.max_map_count. */
export const MAX_AREAS = 65_530;
/** TASK_SIZE: the last 64 KiB stay unmapped, so no access ever wraps. */
export const TASK_SIZE = ADDRESS_LIMIT - 0x10000;
export const HIGH_ZONE = 0x4000_0000;
/** Where reads are checked by window: what must be read page by page goes here, or above. */
export const TOP_ZONE = WINDOW_END;
const MIDDLE_ZONE = 0x1000_0000;
/** Kept free below a stack that may grow (vm.stack_guard_gap, 256 pages). */
export const STACK_GUARD_GAP = 0x100000;
/** PROT_NONE or MAP_NORESERVE mappings from this size on go to the high zone. */
export const LARGE_RESERVATION = 0x4000000;

/** Where a mapping that says nothing of its place goes if there is room. */
export type Zone = 'low' | 'high' | 'top';

const SMALLEST_GAP = 8 << 20,
  LARGEST_GAP = 256 << 20;

/** Bases, and pages of randomness for each of stack, mappings, PIE images and heap. */
const COMPACT = { pieBase: 0x0080_0000, stackTop: 0x0200_0000, randomPages: 0x100 };
const ROOMY = { pieBase: MIDDLE_ZONE, stackTop: HIGH_ZONE, randomPages: 0x1000 };
/** What a compact layout has room for: an ET_EXEC image below its PIE base, a PIE image of this size. */
const COMPACT_FIXED_END = COMPACT.pieBase,
  COMPACT_PIE_SIZE = 0x0040_0000;

/** A random integer below `bound` (a power of two); constantly 0 when addresses are fixed. */
export type Randomize = (bound: number) => number;

export interface AddressLayout {
  /** First address past the stack. */
  readonly stackTop: number;
  /** Mappings go below this. */
  readonly mmapBase: number;
  /** Load address of a PIE image whose lowest segment is at 0. */
  readonly pieBase: number;
  /** The heap begins here, or after the image where that is higher, plus brkOffset bytes. */
  readonly brkBase: number;
  readonly brkOffset: number;
  /** Bounds of the middle zone; empty when mappings have all of it anyway. */
  readonly middleStart: number;
  readonly middleEnd: number;
  /** End of a program that is linked to its addresses, 0 without one. */
  readonly fixedEnd: number;
}

/** What is known of the main program before anything is placed: whether it is ET_EXEC, and its highest address. */
export interface Extent {
  readonly isFixed: boolean;
  readonly end: number;
}

/** `stackLimit` is RLIMIT_STACK's soft value in bytes. */
export function chooseLayout(randomize: Randomize, stackLimit: number, program?: Extent): AddressLayout {
  const gap = pageAlign(Math.min(LARGEST_GAP, Math.max(SMALLEST_GAP, stackLimit)));
  const isSmall = program !== undefined && program.end <= (program.isFixed ? COMPACT_FIXED_END : COMPACT_PIE_SIZE);
  const isCompact = isSmall && gap === SMALLEST_GAP;
  const { pieBase, stackTop, randomPages } = isCompact ? COMPACT : ROOMY;
  const random = () => randomize(randomPages) * PAGE_SIZE;
  return {
    stackTop: stackTop - random(),
    mmapBase: stackTop - randomPages * PAGE_SIZE - gap - STACK_GUARD_GAP - random(),
    pieBase: pieBase + random(),
    brkBase: isCompact ? COMPACT.stackTop : 0,
    brkOffset: random(),
    middleStart: isCompact ? MIDDLE_ZONE : HIGH_ZONE,
    middleEnd: HIGH_ZONE,
    fixedEnd: program?.isFixed ? program.end : 0,
  };
}

/** Addresses from 4 bytes of entropy each; without entropy they are the same in every run (ADDR_NO_RANDOMIZE). */
export function randomizer(entropy: Uint8Array | undefined): Randomize {
  if (!entropy) return () => 0;
  const view = new DataView(entropy.buffer, entropy.byteOffset, entropy.byteLength);
  let at = 0;
  return (bound) => {
    const value = view.getUint32(at % view.byteLength);
    at += 4;
    return value % bound;
  };
}
