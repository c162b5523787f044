// Where things go in a 4 GiB guest address space, and how addresses are randomised.
//
//   0x0001_0000  lowest mapping (vm.mmap_min_addr)
//   0x0040_0000  ET_EXEC images, where they ask to be
//   0x1000_0000  PIE images (+ random), then the heap (+ random)
//        ...     mappings, downwards from mmapBase
//   mmapBase     below the stack's limit (+ random)
//   0x4000_0000  stack, downwards (- random)
//   0x4000_0000  large reservations, and whatever finds no room below, upwards
//   0xffff_0000  end
//
// Ordinary programs stay below 1 GiB because the memory grows to there in one cheap step.

import { ADDRESS_LIMIT, PAGE_SIZE, pageAlign } from '../../memory/layout.ts';

export const LOWEST_ADDRESS = 0x10000;
/** TASK_SIZE: the last 64 KiB stay unmapped, so no access ever wraps. */
export const TASK_SIZE = ADDRESS_LIMIT - 0x10000;
export const HIGH_ZONE = 0x4000_0000;
const PIE_BASE = 0x1000_0000;
/** Kept free below a stack that may grow (vm.stack_guard_gap, 256 pages). */
export const STACK_GUARD_GAP = 0x100000;
/** PROT_NONE or MAP_NORESERVE mappings from this size on go to the high zone. */
export const LARGE_RESERVATION = 0x4000000;

const SMALLEST_GAP = 8 << 20,
  LARGEST_GAP = 256 << 20;
/** Pages of randomness: 16 MiB each for stack and mappings, 32 MiB for PIE images and the heap. */
const STACK_PAGES = 0x1000,
  MMAP_PAGES = 0x1000,
  PIE_PAGES = 0x2000,
  BRK_PAGES = 0x2000;

/** A random integer below `bound` (a power of two); constantly 0 when addresses are fixed. */
export type Randomize = (bound: number) => number;

export interface AddressLayout {
  /** First address past the stack. */
  readonly stackTop: number;
  /** Mappings go below this. */
  readonly mmapBase: number;
  /** Load address of a PIE image whose lowest segment is at 0. */
  readonly pieBase: number;
  /** Bytes between the end of the image and the heap. */
  readonly brkOffset: number;
}

/** `stackLimit` is RLIMIT_STACK's soft value in bytes. */
export function chooseLayout(randomize: Randomize, stackLimit: number): AddressLayout {
  const gap = pageAlign(Math.min(LARGEST_GAP, Math.max(SMALLEST_GAP, stackLimit)));
  const stackTop = HIGH_ZONE - randomize(STACK_PAGES) * PAGE_SIZE;
  return {
    stackTop,
    mmapBase: HIGH_ZONE - STACK_PAGES * PAGE_SIZE - gap - STACK_GUARD_GAP - randomize(MMAP_PAGES) * PAGE_SIZE,
    pieBase: PIE_BASE + randomize(PIE_PAGES) * PAGE_SIZE,
    brkOffset: randomize(BRK_PAGES) * PAGE_SIZE,
  };
}

/** Addresses from the host's entropy; without entropy they are the same in every run (ADDR_NO_RANDOMIZE). */
export function randomizer(random: ((bytes: Uint8Array) => void) | undefined): Randomize {
  if (!random) return () => 0;
  const bytes = new Uint8Array(4);
  return (bound) => {
    random(bytes);
    return new DataView(bytes.buffer).getUint32(0) % bound;
  };
}
