// THE operation table: every pure operation of the IR, which is the WebAssembly operation of the same name.
//
// A row is `name: [opcode, signature]`; the signature reads arguments then result, i = i32, l = i64, f = f32, d = f64,
// v = v128; a trailing '#' says that the operation carries an immediate lane number, '@' sixteen lane bytes.
// Opcodes from 0xfc00 are the saturating group, from 0xfd00 the vector group (WebAssembly core specification, 5.4).

export type Type = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

const table = {
  'i32.eqz': [0x45, 'ii'], 'i32.eq': [0x46, 'iii'], 'i32.ne': [0x47, 'iii'], 'i32.lt_s': [0x48, 'iii'], 'i32.lt_u': [0x49, 'iii'],
  'i32.gt_s': [0x4a, 'iii'], 'i32.gt_u': [0x4b, 'iii'], 'i32.le_s': [0x4c, 'iii'], 'i32.le_u': [0x4d, 'iii'], 'i32.ge_s': [0x4e, 'iii'], 'i32.ge_u': [0x4f, 'iii'],
  'i64.eqz': [0x50, 'li'], 'i64.eq': [0x51, 'lli'], 'i64.ne': [0x52, 'lli'], 'i64.lt_s': [0x53, 'lli'], 'i64.lt_u': [0x54, 'lli'],
  'i64.gt_s': [0x55, 'lli'], 'i64.gt_u': [0x56, 'lli'], 'i64.le_s': [0x57, 'lli'], 'i64.le_u': [0x58, 'lli'], 'i64.ge_s': [0x59, 'lli'], 'i64.ge_u': [0x5a, 'lli'],
  'f32.eq': [0x5b, 'ffi'], 'f32.ne': [0x5c, 'ffi'], 'f32.lt': [0x5d, 'ffi'], 'f32.gt': [0x5e, 'ffi'], 'f32.le': [0x5f, 'ffi'], 'f32.ge': [0x60, 'ffi'],
  'f64.eq': [0x61, 'ddi'], 'f64.ne': [0x62, 'ddi'], 'f64.lt': [0x63, 'ddi'], 'f64.gt': [0x64, 'ddi'], 'f64.le': [0x65, 'ddi'], 'f64.ge': [0x66, 'ddi'],
  'i32.clz': [0x67, 'ii'], 'i32.ctz': [0x68, 'ii'], 'i32.popcnt': [0x69, 'ii'], 'i32.add': [0x6a, 'iii'], 'i32.sub': [0x6b, 'iii'], 'i32.mul': [0x6c, 'iii'],
  'i32.div_s': [0x6d, 'iii'], 'i32.div_u': [0x6e, 'iii'], 'i32.rem_s': [0x6f, 'iii'], 'i32.rem_u': [0x70, 'iii'], 'i32.and': [0x71, 'iii'], 'i32.or': [0x72, 'iii'], 'i32.xor': [0x73, 'iii'],
  'i32.shl': [0x74, 'iii'], 'i32.shr_s': [0x75, 'iii'], 'i32.shr_u': [0x76, 'iii'], 'i32.rotl': [0x77, 'iii'], 'i32.rotr': [0x78, 'iii'],
  'i64.clz': [0x79, 'll'], 'i64.ctz': [0x7a, 'll'], 'i64.popcnt': [0x7b, 'll'], 'i64.add': [0x7c, 'lll'], 'i64.sub': [0x7d, 'lll'], 'i64.mul': [0x7e, 'lll'],
  'i64.div_s': [0x7f, 'lll'], 'i64.div_u': [0x80, 'lll'], 'i64.rem_s': [0x81, 'lll'], 'i64.rem_u': [0x82, 'lll'], 'i64.and': [0x83, 'lll'], 'i64.or': [0x84, 'lll'], 'i64.xor': [0x85, 'lll'],
  'i64.shl': [0x86, 'lll'], 'i64.shr_s': [0x87, 'lll'], 'i64.shr_u': [0x88, 'lll'], 'i64.rotl': [0x89, 'lll'], 'i64.rotr': [0x8a, 'lll'],
  'f32.abs': [0x8b, 'ff'], 'f32.neg': [0x8c, 'ff'], 'f32.ceil': [0x8d, 'ff'], 'f32.floor': [0x8e, 'ff'], 'f32.trunc': [0x8f, 'ff'], 'f32.nearest': [0x90, 'ff'], 'f32.sqrt': [0x91, 'ff'],
  'f32.add': [0x92, 'fff'], 'f32.sub': [0x93, 'fff'], 'f32.mul': [0x94, 'fff'], 'f32.div': [0x95, 'fff'], 'f32.min': [0x96, 'fff'], 'f32.max': [0x97, 'fff'], 'f32.copysign': [0x98, 'fff'],
  'f64.abs': [0x99, 'dd'], 'f64.neg': [0x9a, 'dd'], 'f64.ceil': [0x9b, 'dd'], 'f64.floor': [0x9c, 'dd'], 'f64.trunc': [0x9d, 'dd'], 'f64.nearest': [0x9e, 'dd'], 'f64.sqrt': [0x9f, 'dd'],
  'f64.add': [0xa0, 'ddd'], 'f64.sub': [0xa1, 'ddd'], 'f64.mul': [0xa2, 'ddd'], 'f64.div': [0xa3, 'ddd'], 'f64.min': [0xa4, 'ddd'], 'f64.max': [0xa5, 'ddd'], 'f64.copysign': [0xa6, 'ddd'],
  'i32.wrap_i64': [0xa7, 'li'], 'i64.extend_i32_s': [0xac, 'il'], 'i64.extend_i32_u': [0xad, 'il'],
  'f32.convert_i32_s': [0xb2, 'if'], 'f32.convert_i32_u': [0xb3, 'if'], 'f32.convert_i64_s': [0xb4, 'lf'], 'f32.convert_i64_u': [0xb5, 'lf'], 'f32.demote_f64': [0xb6, 'df'],
  'f64.convert_i32_s': [0xb7, 'id'], 'f64.convert_i32_u': [0xb8, 'id'], 'f64.convert_i64_s': [0xb9, 'ld'], 'f64.convert_i64_u': [0xba, 'ld'], 'f64.promote_f32': [0xbb, 'fd'],
  'i32.reinterpret_f32': [0xbc, 'fi'], 'i64.reinterpret_f64': [0xbd, 'dl'], 'f32.reinterpret_i32': [0xbe, 'if'], 'f64.reinterpret_i64': [0xbf, 'ld'],
  'i32.extend8_s': [0xc0, 'ii'], 'i32.extend16_s': [0xc1, 'ii'], 'i64.extend8_s': [0xc2, 'll'], 'i64.extend16_s': [0xc3, 'll'], 'i64.extend32_s': [0xc4, 'll'],
  'i32.trunc_sat_f32_s': [0xfc00, 'fi'], 'i32.trunc_sat_f32_u': [0xfc01, 'fi'], 'i32.trunc_sat_f64_s': [0xfc02, 'di'], 'i32.trunc_sat_f64_u': [0xfc03, 'di'],
  'i64.trunc_sat_f32_s': [0xfc04, 'fl'], 'i64.trunc_sat_f32_u': [0xfc05, 'fl'], 'i64.trunc_sat_f64_s': [0xfc06, 'dl'], 'i64.trunc_sat_f64_u': [0xfc07, 'dl'],
  'i8x16.shuffle': [0xfd0d, 'vvv@'], 'i8x16.swizzle': [0xfd0e, 'vvv'],
  'i8x16.splat': [0xfd0f, 'iv'], 'i16x8.splat': [0xfd10, 'iv'], 'i32x4.splat': [0xfd11, 'iv'], 'i64x2.splat': [0xfd12, 'lv'], 'f32x4.splat': [0xfd13, 'fv'], 'f64x2.splat': [0xfd14, 'dv'],
  'i8x16.extract_lane_s': [0xfd15, 'vi#'], 'i8x16.extract_lane_u': [0xfd16, 'vi#'], 'i8x16.replace_lane': [0xfd17, 'viv#'], 'i16x8.extract_lane_s': [0xfd18, 'vi#'], 'i16x8.extract_lane_u': [0xfd19, 'vi#'], 'i16x8.replace_lane': [0xfd1a, 'viv#'],
  'i32x4.extract_lane': [0xfd1b, 'vi#'], 'i32x4.replace_lane': [0xfd1c, 'viv#'], 'i64x2.extract_lane': [0xfd1d, 'vl#'], 'i64x2.replace_lane': [0xfd1e, 'vlv#'],
  'f32x4.extract_lane': [0xfd1f, 'vf#'], 'f32x4.replace_lane': [0xfd20, 'vfv#'], 'f64x2.extract_lane': [0xfd21, 'vd#'], 'f64x2.replace_lane': [0xfd22, 'vdv#'],
  'i8x16.eq': [0xfd23, 'vvv'], 'i8x16.ne': [0xfd24, 'vvv'], 'i8x16.lt_s': [0xfd25, 'vvv'], 'i8x16.lt_u': [0xfd26, 'vvv'], 'i8x16.gt_s': [0xfd27, 'vvv'], 'i8x16.gt_u': [0xfd28, 'vvv'],
  'i8x16.le_s': [0xfd29, 'vvv'], 'i8x16.le_u': [0xfd2a, 'vvv'], 'i8x16.ge_s': [0xfd2b, 'vvv'], 'i8x16.ge_u': [0xfd2c, 'vvv'],
  'i16x8.eq': [0xfd2d, 'vvv'], 'i16x8.ne': [0xfd2e, 'vvv'], 'i16x8.lt_s': [0xfd2f, 'vvv'], 'i16x8.lt_u': [0xfd30, 'vvv'], 'i16x8.gt_s': [0xfd31, 'vvv'], 'i16x8.gt_u': [0xfd32, 'vvv'],
  'i16x8.le_s': [0xfd33, 'vvv'], 'i16x8.le_u': [0xfd34, 'vvv'], 'i16x8.ge_s': [0xfd35, 'vvv'], 'i16x8.ge_u': [0xfd36, 'vvv'],
  'i32x4.eq': [0xfd37, 'vvv'], 'i32x4.ne': [0xfd38, 'vvv'], 'i32x4.lt_s': [0xfd39, 'vvv'], 'i32x4.lt_u': [0xfd3a, 'vvv'], 'i32x4.gt_s': [0xfd3b, 'vvv'], 'i32x4.gt_u': [0xfd3c, 'vvv'],
  'i32x4.le_s': [0xfd3d, 'vvv'], 'i32x4.le_u': [0xfd3e, 'vvv'], 'i32x4.ge_s': [0xfd3f, 'vvv'], 'i32x4.ge_u': [0xfd40, 'vvv'],
  'f32x4.eq': [0xfd41, 'vvv'], 'f32x4.ne': [0xfd42, 'vvv'], 'f32x4.lt': [0xfd43, 'vvv'], 'f32x4.gt': [0xfd44, 'vvv'], 'f32x4.le': [0xfd45, 'vvv'], 'f32x4.ge': [0xfd46, 'vvv'],
  'f64x2.eq': [0xfd47, 'vvv'], 'f64x2.ne': [0xfd48, 'vvv'], 'f64x2.lt': [0xfd49, 'vvv'], 'f64x2.gt': [0xfd4a, 'vvv'], 'f64x2.le': [0xfd4b, 'vvv'], 'f64x2.ge': [0xfd4c, 'vvv'],
  'v128.not': [0xfd4d, 'vv'], 'v128.and': [0xfd4e, 'vvv'], 'v128.andnot': [0xfd4f, 'vvv'], 'v128.or': [0xfd50, 'vvv'], 'v128.xor': [0xfd51, 'vvv'], 'v128.bitselect': [0xfd52, 'vvvv'], 'v128.any_true': [0xfd53, 'vi'],
  'f32x4.demote_f64x2_zero': [0xfd5e, 'vv'], 'f64x2.promote_low_f32x4': [0xfd5f, 'vv'],
  'i8x16.abs': [0xfd60, 'vv'], 'i8x16.neg': [0xfd61, 'vv'], 'i8x16.popcnt': [0xfd62, 'vv'], 'i8x16.all_true': [0xfd63, 'vi'], 'i8x16.bitmask': [0xfd64, 'vi'], 'i8x16.narrow_i16x8_s': [0xfd65, 'vvv'], 'i8x16.narrow_i16x8_u': [0xfd66, 'vvv'],
  'f32x4.ceil': [0xfd67, 'vv'], 'f32x4.floor': [0xfd68, 'vv'], 'f32x4.trunc': [0xfd69, 'vv'], 'f32x4.nearest': [0xfd6a, 'vv'],
  'i8x16.shl': [0xfd6b, 'viv'], 'i8x16.shr_s': [0xfd6c, 'viv'], 'i8x16.shr_u': [0xfd6d, 'viv'], 'i8x16.add': [0xfd6e, 'vvv'], 'i8x16.add_sat_s': [0xfd6f, 'vvv'], 'i8x16.add_sat_u': [0xfd70, 'vvv'],
  'i8x16.sub': [0xfd71, 'vvv'], 'i8x16.sub_sat_s': [0xfd72, 'vvv'], 'i8x16.sub_sat_u': [0xfd73, 'vvv'], 'f64x2.ceil': [0xfd74, 'vv'], 'f64x2.floor': [0xfd75, 'vv'],
  'i8x16.min_s': [0xfd76, 'vvv'], 'i8x16.min_u': [0xfd77, 'vvv'], 'i8x16.max_s': [0xfd78, 'vvv'], 'i8x16.max_u': [0xfd79, 'vvv'], 'f64x2.trunc': [0xfd7a, 'vv'], 'i8x16.avgr_u': [0xfd7b, 'vvv'],
  'i16x8.extadd_pairwise_i8x16_s': [0xfd7c, 'vv'], 'i16x8.extadd_pairwise_i8x16_u': [0xfd7d, 'vv'], 'i32x4.extadd_pairwise_i16x8_s': [0xfd7e, 'vv'], 'i32x4.extadd_pairwise_i16x8_u': [0xfd7f, 'vv'],
  'i16x8.abs': [0xfd80, 'vv'], 'i16x8.neg': [0xfd81, 'vv'], 'i16x8.q15mulr_sat_s': [0xfd82, 'vvv'], 'i16x8.all_true': [0xfd83, 'vi'], 'i16x8.bitmask': [0xfd84, 'vi'], 'i16x8.narrow_i32x4_s': [0xfd85, 'vvv'], 'i16x8.narrow_i32x4_u': [0xfd86, 'vvv'],
  'i16x8.extend_low_i8x16_s': [0xfd87, 'vv'], 'i16x8.extend_high_i8x16_s': [0xfd88, 'vv'], 'i16x8.extend_low_i8x16_u': [0xfd89, 'vv'], 'i16x8.extend_high_i8x16_u': [0xfd8a, 'vv'],
  'i16x8.shl': [0xfd8b, 'viv'], 'i16x8.shr_s': [0xfd8c, 'viv'], 'i16x8.shr_u': [0xfd8d, 'viv'], 'i16x8.add': [0xfd8e, 'vvv'], 'i16x8.add_sat_s': [0xfd8f, 'vvv'], 'i16x8.add_sat_u': [0xfd90, 'vvv'],
  'i16x8.sub': [0xfd91, 'vvv'], 'i16x8.sub_sat_s': [0xfd92, 'vvv'], 'i16x8.sub_sat_u': [0xfd93, 'vvv'], 'f64x2.nearest': [0xfd94, 'vv'], 'i16x8.mul': [0xfd95, 'vvv'],
  'i16x8.min_s': [0xfd96, 'vvv'], 'i16x8.min_u': [0xfd97, 'vvv'], 'i16x8.max_s': [0xfd98, 'vvv'], 'i16x8.max_u': [0xfd99, 'vvv'], 'i16x8.avgr_u': [0xfd9b, 'vvv'],
  'i16x8.extmul_low_i8x16_s': [0xfd9c, 'vvv'], 'i16x8.extmul_high_i8x16_s': [0xfd9d, 'vvv'], 'i16x8.extmul_low_i8x16_u': [0xfd9e, 'vvv'], 'i16x8.extmul_high_i8x16_u': [0xfd9f, 'vvv'],
  'i32x4.abs': [0xfda0, 'vv'], 'i32x4.neg': [0xfda1, 'vv'], 'i32x4.all_true': [0xfda3, 'vi'], 'i32x4.bitmask': [0xfda4, 'vi'],
  'i32x4.extend_low_i16x8_s': [0xfda7, 'vv'], 'i32x4.extend_high_i16x8_s': [0xfda8, 'vv'], 'i32x4.extend_low_i16x8_u': [0xfda9, 'vv'], 'i32x4.extend_high_i16x8_u': [0xfdaa, 'vv'],
  'i32x4.shl': [0xfdab, 'viv'], 'i32x4.shr_s': [0xfdac, 'viv'], 'i32x4.shr_u': [0xfdad, 'viv'], 'i32x4.add': [0xfdae, 'vvv'], 'i32x4.sub': [0xfdb1, 'vvv'], 'i32x4.mul': [0xfdb5, 'vvv'],
  'i32x4.min_s': [0xfdb6, 'vvv'], 'i32x4.min_u': [0xfdb7, 'vvv'], 'i32x4.max_s': [0xfdb8, 'vvv'], 'i32x4.max_u': [0xfdb9, 'vvv'], 'i32x4.dot_i16x8_s': [0xfdba, 'vvv'],
  'i32x4.extmul_low_i16x8_s': [0xfdbc, 'vvv'], 'i32x4.extmul_high_i16x8_s': [0xfdbd, 'vvv'], 'i32x4.extmul_low_i16x8_u': [0xfdbe, 'vvv'], 'i32x4.extmul_high_i16x8_u': [0xfdbf, 'vvv'],
  'i64x2.abs': [0xfdc0, 'vv'], 'i64x2.neg': [0xfdc1, 'vv'], 'i64x2.all_true': [0xfdc3, 'vi'], 'i64x2.bitmask': [0xfdc4, 'vi'],
  'i64x2.extend_low_i32x4_s': [0xfdc7, 'vv'], 'i64x2.extend_high_i32x4_s': [0xfdc8, 'vv'], 'i64x2.extend_low_i32x4_u': [0xfdc9, 'vv'], 'i64x2.extend_high_i32x4_u': [0xfdca, 'vv'],
  'i64x2.shl': [0xfdcb, 'viv'], 'i64x2.shr_s': [0xfdcc, 'viv'], 'i64x2.shr_u': [0xfdcd, 'viv'], 'i64x2.add': [0xfdce, 'vvv'], 'i64x2.sub': [0xfdd1, 'vvv'], 'i64x2.mul': [0xfdd5, 'vvv'],
  'i64x2.eq': [0xfdd6, 'vvv'], 'i64x2.ne': [0xfdd7, 'vvv'], 'i64x2.lt_s': [0xfdd8, 'vvv'], 'i64x2.gt_s': [0xfdd9, 'vvv'], 'i64x2.le_s': [0xfdda, 'vvv'], 'i64x2.ge_s': [0xfddb, 'vvv'],
  'i64x2.extmul_low_i32x4_s': [0xfddc, 'vvv'], 'i64x2.extmul_high_i32x4_s': [0xfddd, 'vvv'], 'i64x2.extmul_low_i32x4_u': [0xfdde, 'vvv'], 'i64x2.extmul_high_i32x4_u': [0xfddf, 'vvv'],
  'f32x4.abs': [0xfde0, 'vv'], 'f32x4.neg': [0xfde1, 'vv'], 'f32x4.sqrt': [0xfde3, 'vv'], 'f32x4.add': [0xfde4, 'vvv'], 'f32x4.sub': [0xfde5, 'vvv'], 'f32x4.mul': [0xfde6, 'vvv'], 'f32x4.div': [0xfde7, 'vvv'],
  'f32x4.min': [0xfde8, 'vvv'], 'f32x4.max': [0xfde9, 'vvv'], 'f32x4.pmin': [0xfdea, 'vvv'], 'f32x4.pmax': [0xfdeb, 'vvv'],
  'f64x2.abs': [0xfdec, 'vv'], 'f64x2.neg': [0xfded, 'vv'], 'f64x2.sqrt': [0xfdef, 'vv'], 'f64x2.add': [0xfdf0, 'vvv'], 'f64x2.sub': [0xfdf1, 'vvv'], 'f64x2.mul': [0xfdf2, 'vvv'], 'f64x2.div': [0xfdf3, 'vvv'],
  'f64x2.min': [0xfdf4, 'vvv'], 'f64x2.max': [0xfdf5, 'vvv'], 'f64x2.pmin': [0xfdf6, 'vvv'], 'f64x2.pmax': [0xfdf7, 'vvv'],
  'i32x4.trunc_sat_f32x4_s': [0xfdf8, 'vv'], 'i32x4.trunc_sat_f32x4_u': [0xfdf9, 'vv'], 'f32x4.convert_i32x4_s': [0xfdfa, 'vv'], 'f32x4.convert_i32x4_u': [0xfdfb, 'vv'],
  'i32x4.trunc_sat_f64x2_s_zero': [0xfdfc, 'vv'], 'i32x4.trunc_sat_f64x2_u_zero': [0xfdfd, 'vv'], 'f64x2.convert_low_i32x4_s': [0xfdfe, 'vv'], 'f64x2.convert_low_i32x4_u': [0xfdff, 'vv'],
} as const satisfies Record<string, readonly [number, string]>;

export type OpName = keyof typeof table;

export interface OpRow {
  readonly name: OpName;
  readonly opcode: number;
  readonly args: readonly Type[];
  readonly result: Type;
}

const LETTERS: Record<string, Type> = { i: 'i32', l: 'i64', f: 'f32', d: 'f64', v: 'v128' };

export const ops: Readonly<Record<OpName, OpRow>> = Object.fromEntries(
  Object.entries(table).map(([name, [opcode, signature]]) => {
    const types = [...signature.replace(/[#@]/, '')].map((letter) => LETTERS[letter] as Type);
    return [name, { name, opcode, args: types.slice(0, -1), result: types.at(-1) as Type }];
  }),
) as unknown as Record<OpName, OpRow>;

/** Memory accesses: [load opcode, result type, bytes] and [store opcode, value type, bytes]. */
export const loads = {
  'i32.load': [0x28, 'i32', 4], 'i64.load': [0x29, 'i64', 8], 'f32.load': [0x2a, 'f32', 4], 'f64.load': [0x2b, 'f64', 8],
  'i32.load8_s': [0x2c, 'i32', 1], 'i32.load8_u': [0x2d, 'i32', 1], 'i32.load16_s': [0x2e, 'i32', 2], 'i32.load16_u': [0x2f, 'i32', 2],
  'i64.load8_s': [0x30, 'i64', 1], 'i64.load8_u': [0x31, 'i64', 1], 'i64.load16_s': [0x32, 'i64', 2], 'i64.load16_u': [0x33, 'i64', 2],
  'i64.load32_s': [0x34, 'i64', 4], 'i64.load32_u': [0x35, 'i64', 4], 'v128.load': [0xfd00, 'v128', 16],
  'v128.load32_zero': [0xfd5c, 'v128', 4], 'v128.load64_zero': [0xfd5d, 'v128', 8],
} as const satisfies Record<string, readonly [number, Type, number]>;
export const stores = {
  'i32.store': [0x36, 'i32', 4], 'i64.store': [0x37, 'i64', 8], 'f32.store': [0x38, 'f32', 4], 'f64.store': [0x39, 'f64', 8],
  'i32.store8': [0x3a, 'i32', 1], 'i32.store16': [0x3b, 'i32', 2], 'i64.store8': [0x3c, 'i64', 1], 'i64.store16': [0x3d, 'i64', 2],
  'i64.store32': [0x3e, 'i64', 4], 'v128.store': [0xfd0b, 'v128', 16],
} as const satisfies Record<string, readonly [number, Type, number]>;
export type LoadName = keyof typeof loads;
export type StoreName = keyof typeof stores;
