// What the engine of this host does where WebAssembly leaves it a choice, found out by running it.

import { type OpName, ops, type Type } from '../../ir/ops.ts';
import { Bytes, ModuleWriter, Wasm } from './encode.ts';

type Float = 'f32' | 'f64';
/** x * y + z by type. */
export type Madd = Readonly<Record<Float, (x: number, y: number, z: number) => number>>;

/** x * y + z whose product is not a number of the type, and what one rounding gives. */
const SINGLE: readonly (readonly [x: number, y: number, z: number, result: number])[] = [
  [1 + 2 ** -12, 1 - 2 ** -12, -1, -(2 ** -24)],
  [2 ** 127, 2, -(2 ** 127), 2 ** 127],
  [2 ** -80, 2 ** -80, 2 ** -149, 2 ** -149],
  [2 ** -100, 1 + 2 ** -23, -(2 ** -100), 2 ** -123],
  // Rounded to a double before, the sum stands half way between two numbers.
  [2 ** -12 * (1 + 2 ** -23), 2 ** -12 * (1 - 2 ** -23), 1 + 2 ** -23, 1 + 2 ** -23],
];
const DOUBLE: typeof SINGLE = [
  [1 + 2 ** -27, 1 - 2 ** -27, -1, -(2 ** -54)],
  [2 ** 1023, 2, -(2 ** 1023), 2 ** 1023],
  [2 ** -600, 2 ** -600, 2 ** -1074, 2 ** -1074],
  [1 + 2 ** -52, 1 + 2 ** -52, -1 - 2 ** -51, 2 ** -104],
  [2 ** -540, -(2 ** -535), 2 ** -1074, 0],
];

/** Does relaxed_madd round once, as a processor's fused multiply-add does? */
export function hasFusedMadd(): boolean {
  const bytes = probe();
  if (!WebAssembly.validate(bytes)) return false;
  return roundsOnce(new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Madd);
}

export const roundsOnce = ({ f32, f64 }: Madd): boolean =>
  SINGLE.every(([x, y, z, result]) => Object.is(f32(x, y, z), result)) &&
  DOUBLE.every(([x, y, z, result]) => Object.is(f64(x, y, z), result));

/** Functions of the types' names that do it in all lanes and give the first one. */
function probe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleWriter();
  for (const [type, shape] of [
    ['f32', 'f32x4'],
    ['f64', 'f64x2'],
  ] as const) {
    module.declare(type, { params: [type, type, type] as Type[], results: [type] });
    const code = new Bytes();
    const op = (name: OpName): void => code.opcode(ops[name].opcode);
    for (let param = 0; param < 3; param++) {
      code.u8(Wasm.localGet);
      code.u32(param);
      op(`${shape}.splat`);
    }
    op(`${shape}.relaxed_madd`);
    op(`${shape}.extract_lane`);
    code.u8(0);
    code.u8(Wasm.end);
    module.define(type, [], code.take());
    module.export(type);
  }
  return module.take();
}
