// Guest addresses in a region's code. They are constants of fixed width, filled in anew where a file is mapped elsewhere; a sum
// with an imported global costs calls a sixth (bench c, fib). Places in the table are the process's own, and imported globals.

import type { CodeImage } from '../../arch/arch.ts';
import type { Emitter } from '../wasm/emit.ts';
import { type ModuleWriter, Wasm } from '../wasm/encode.ts';
import type { Region } from './discover.ts';
import type { Instruction, Operation } from './operation.ts';
import { fill, reserve } from './patches.ts';

/** An address by the image it belongs to, as its number in a list; -1: where `offset` says, in every process. */
export interface Relative {
  readonly image: number;
  readonly offset: number;
}

export type ImageAt = (rip: number) => CodeImage | undefined;

/** Module of the imported globals, whose names are numbers. */
export const PLACES = 'places';

/** A constant in a module that moves with an image. */
export interface Moving extends Relative {
  readonly at: number;
}

/** Images begin below this wherever they are: what the decoder makes of an address does not depend on where it lies. */
export const HIGHEST = 0x7000_0000;
/** How far from its image's start an address may be. */
const FAR = 0x0f00_0000;

export class Addresses {
  readonly images: CodeImage[] = [];
  /** What the code calls or jumps to through the table, in the order of PLACES. */
  readonly targets: Relative[] = [];
  readonly #module: Pick<ModuleWriter, 'importGlobal'>;
  readonly #imageAt: ImageAt;
  /** By place in the region's code. */
  readonly #moving: Moving[] = [];
  /** In `images`, of what the function for images gives. */
  readonly #numbers = new Map<CodeImage, number>();
  readonly #places = new Map<number, number>();

  constructor(module: Pick<ModuleWriter, 'importGlobal'>, imageAt: ImageAt) {
    this.#module = module;
    this.#imageAt = imageAt;
  }

  relative(rip: number): Relative {
    const image = this.#imageAt(rip);
    if (!image?.start) return { image: -1, offset: rip };
    let number = this.#numbers.get(image);
    if (number === undefined) {
      number = this.images.findIndex(({ id, start }) => start === image.start && id === image.id);
      if (number < 0) number = this.images.push(image) - 1;
      this.#numbers.set(image, number);
    }
    return { image: number, offset: rip - image.start };
  }

  /** Where the image of an address begins, 0 without one. */
  startOf = (rip: number): number => this.#imageAt(rip)?.start ?? 0;

  /** Pushes `address`, which the code at `from` means relative to itself. */
  i64(e: Emitter, address: number, from = address): void {
    if (!this.#isMoving(e, Wasm.i64Const, address, from)) e.i64(BigInt(address));
  }
  i32(e: Emitter, address: number, from = address): void {
    if (!this.#isMoving(e, Wasm.i32Const, address, from)) e.i32(address);
  }
  #isMoving({ code }: Emitter, opcode: number, address: number, from: number): boolean {
    const { image, offset } = this.relative(from);
    if (image < 0) return false;
    code.u8(opcode);
    const { at } = reserve(code, true, () => 0);
    fill(code, at, true, address);
    this.#moving.push({ at, image, offset: offset + address - from });
    return true;
  }
  /** Pushes the place in the table of the code at an address. */
  place(e: Emitter, rip: number): void {
    let global = this.#places.get(rip);
    if (global === undefined) {
      const number = this.targets.push(this.relative(rip)) - 1;
      this.#places.set(rip, (global = this.#module.importGlobal(PLACES, String(number), 'i32')));
    }
    e.code.u8(Wasm.globalGet);
    e.code.u32(global);
  }

  /** The constants of a module in which the code begins at `start`. */
  moving(start: number): Moving[] {
    return this.#moving.map(({ at, ...relative }) => ({ at: start + at, ...relative }));
  }
}

/** The module as it is where images begin at `starts`. */
export function moved(
  bytes: Uint8Array<ArrayBuffer>,
  moving: readonly Moving[],
  starts: readonly number[],
): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  for (const { at, image, offset } of moving) fill(copy, at, true, (starts[image] as number) + offset);
  return copy;
}

/** How code of a region is told apart by image; by none where that would not hold at other addresses. */
export function imagesFor(region: Region, imageAt: ImageAt): ImageAt {
  const isMovable = region.blocks.every(({ instructions }) => instructions.every((instruction) => stays(instruction, imageAt)));
  return isMovable ? imageAt : () => undefined;
}

/** Is all that an instruction says relative to itself in its own image? */
function stays({ rip, next, flow, target, operations }: Instruction, imageAt: ImageAt): boolean {
  const image = imageAt(rip);
  const isHere = (address: number): boolean => imageAt(address)?.start === image?.start;
  if (!isHere(next - 1) || (flow !== 'jump' && flow !== 'return' && flow !== 'stop' && !isHere(next))) return false;
  if (target !== undefined && !isHere(target)) return false;
  if (!image?.start) return true;
  if (image.start >= HIGHEST || Math.abs(rip - image.start) >= FAR) return false;
  return operations.every((operation) => !operation.distance || isNear(operation, image.start));
}

const isNear = ({ distance, disp, base }: Operation, start: number): boolean =>
  distance === 'disp' && base === 0 && Math.abs(disp - start) < FAR;
