// What the rows of VEX instructions share: halves of operands, and VEX forms made of the rows of legacy instructions.
//
// A meaning over 128 bits serves three times: as the legacy row that merges into its destination, as VEX.128, which names
// its first source apart and zeroes bits 128 to 255 of the destination, and as VEX.256, where each half is on its own.

import type { LoadName, OpName, StoreName } from '../../../ir/ops.ts';
import type { Value } from '../../../ir/value.ts';
import type { X64Builder } from '../builder.ts';
import type { Feature } from '../features.ts';
import type { Row } from '../insn.ts';
import { ACCESS, Operand } from '../operands.ts';
import { zero } from './sse-vector.ts';

/** Byte offsets of the 128-bit parts of an operand. */
export const halvesOf = (operand: Operand): readonly number[] => (operand.bits === 256 ? [0, 16] : [0]);
/** The 128-bit values of an operand, low half first. */
export const parts = (operand: Operand): Value[] => halvesOf(operand).map((offset) => operand.part('v128.load', offset));

/** Zeroes what lies above bit 127 of a vector register. */
export const zeroAbove = (b: X64Builder, register: Operand): void => register.setPart('v128.store', 16, zero(b));

/** Writes one or two 128-bit values; a register is zeroed above them, memory is written wholly or not at all. */
export function setParts(b: X64Builder, dst: Operand, values: readonly Value[]): void {
  values.forEach((value, i) => dst.setPart('v128.store', 16 * i, value));
  if (dst.isRegister && values.length === 1) zeroAbove(b, dst);
}

const NO_SLOT = { at: 'fixed', address: 0 } as const;
const LANES: Partial<Record<StoreName, readonly [shape: 'i32x4' | 'i64x2' | 'f32x4' | 'f64x2', bytes: number]>> = {
  'i32.store': ['i32x4', 4],
  'i64.store': ['i64x2', 8],
  'f32.store': ['f32x4', 4],
  'f64.store': ['f64x2', 8],
};

/** A source, or a 128-bit half of it, as a legacy meaning sees it: never as memory, since VEX asks for no alignment. */
class Source extends Operand {
  readonly #source: Operand;
  readonly #offset: number;

  constructor(b: X64Builder, source: Operand, offset: number) {
    const { access } = source.spec;
    super(b, { ...source.spec, kind: 'reg', access: access === 'qq' ? 'dq' : access }, NO_SLOT);
    this.#source = source;
    this.#offset = offset;
  }
  override get(): Value {
    return this.#source.bits === 256 ? this.part('v128.load', 0) : this.#source.get();
  }
  override part(load: LoadName, offset: number): Value {
    return this.#source.part(load, this.#offset + offset);
  }
}

/** An immediate whose bits for the upper half lie further up. */
class UpperImmediate extends Operand {
  readonly #b: X64Builder;
  readonly #imm: Operand;
  readonly #shift: number;

  constructor(b: X64Builder, imm: Operand, shift: number) {
    super(b, imm.spec, NO_SLOT);
    this.#b = b;
    this.#imm = imm;
    this.#shift = shift;
  }
  override get(): Value {
    return this.#shift ? this.#b.shrU(this.#imm.get(), this.#shift) : this.#imm.get();
  }
}

/** The destination as a legacy meaning sees it: what it does not write comes from `base`, the first source. */
class Destination extends Operand {
  readonly #b: X64Builder;
  readonly #dst: Operand;
  readonly #base: Operand | undefined;
  readonly #offset: number;

  constructor(b: X64Builder, dst: Operand, base: Operand | undefined, offset: number) {
    const { access } = dst.spec;
    super(b, { ...dst.spec, access: access === 'qq' ? 'dq' : access }, NO_SLOT);
    this.#b = b;
    this.#dst = dst;
    this.#base = base;
    this.#offset = offset;
  }
  override get(): Value {
    return this.part(ACCESS[this.spec.access].load, 0);
  }
  override part(load: LoadName, offset: number): Value {
    if (!this.#base) throw new Error('the destination is no source');
    return this.#base.part(load, this.#offset + offset);
  }
  override set(value: Value): void {
    if (value.type === 'v128') this.#dst.setPart('v128.store', this.#offset, value);
    else this.setPart(ACCESS[this.spec.access].store, 0, value);
  }
  override setPart(store: StoreName, offset: number, value: Value): void {
    if (store === 'v128.store') return this.set(value);
    const lane = LANES[store];
    if (!lane) throw new Error(`no lane for ${store}`);
    const [shape, bytes] = lane;
    this.set(this.#b.lane(`${shape}.replace_lane` as OpName, offset / bytes, this.part('v128.load', 0), value));
  }
  override setZeroing(value: Value): void {
    const shape = value.type === 'v128' ? undefined : (`${value.type}x${value.type.endsWith('32') ? 4 : 2}` as 'i32x4');
    this.set(shape ? this.#b.lane(`${shape}.replace_lane`, 0, zero(this.#b), value) : value);
  }
}

/** How a legacy row becomes a VEX row. */
export interface Derivation {
  readonly length: '128' | '256' | 'LIG';
  readonly feature: Feature | readonly Feature[];
  /** What the first operand is: a result that takes no part in it, a source too (VEX.vvvv then names the source), a source only. */
  readonly first: 'result' | 'both' | 'source';
  /** How far further up the immediate's bits for the upper half lie. */
  readonly immediateShift?: number;
  /** The last source has 128 bits at both lengths. */
  readonly hasNarrowSource?: boolean;
}

const KEY = /^((?:NP|66|F3|F2) )((?:W[01] )?)(.*)$/;

/** The VEX rows of one legacy row, one an encoding; those on MMX registers have none. */
export function derive(row: Row, { first, length, feature, immediateShift = 0, hasNarrowSource = false }: Derivation): Row[] {
  return Object.entries(row.encodings).flatMap(([key, letters]) => {
    if (/\b[PQN][dq]/.test(letters)) return [];
    const [, prefix = '', w = '', opcode = ''] = KEY.exec(key) ?? [];
    const [destination = '', ...sources] = letters.split(' ');
    const isVector = /^[VWU]/.test(destination) && first !== 'source';
    const isApart = isVector && first === 'both';
    // In shifts by an immediate VEX.vvvv is the destination.
    const operands = !isApart
      ? [destination, ...sources]
      : destination.startsWith('U')
        ? ['Hdq', destination, ...sources]
        : [destination, 'Hdq', ...sources];
    const sized = operands.map((letter, i) =>
      length === '256' && !(hasNarrowSource && i === 2) ? letter.replace(/^([VHWUM])(dq|ps|pd)$/, '$1qq') : letter,
    );
    const build: Row['build'] = (b, dst, ...rest) => {
      const isRegister = isVector && dst.isRegister;
      const base = isApart ? rest.shift() : undefined;
      for (const offset of halvesOf(dst)) {
        const source = (operand: Operand): Operand => {
          if (operand.spec.kind === 'imm') return offset ? new UpperImmediate(b, operand, immediateShift) : operand;
          return operand.bits >= 128 ? new Source(b, operand, operand.bits === 256 ? offset : 0) : operand;
        };
        row.build(
          b,
          isRegister ? new Destination(b, dst, base, offset) : first === 'source' ? source(dst) : dst,
          ...rest.map(source),
        );
      }
      if (isRegister && dst.bits !== 256) zeroAbove(b, dst);
    };
    return [
      {
        name: `v${row.name}`,
        encodings: { [`${prefix}VEX.${length} ${w || 'WIG '}${opcode}`]: sized.join(' ') },
        options: { feature, ...(row.options.addressSize && { addressSize: row.options.addressSize }) },
        build,
      },
    ];
  });
}
