// AVX and AVX2 instructions that do in each 128 bits what a legacy instruction does: lists of their names.

import type { Row } from '../insn.ts';
import { YMM } from '../regs.ts';
import { type Derivation, derive } from './avx-vector.ts';
import { sse } from './sse.ts';
import { shifts } from './sse-int.ts';
import { zero } from './sse-vector.ts';

const words = (...lines: string[]): string[] => lines.flatMap((line) => line.split(' '));

const rowsOf = new Map<string, Row[]>();
for (const row of sse) rowsOf.set(row.name, [...(rowsOf.get(row.name) ?? []), row]);

/** The VEX rows of the legacy instructions of these names. */
function family(names: readonly string[], derivation: (name: string) => Derivation): Row[] {
  return names.flatMap((name) => {
    const rows = (rowsOf.get(name) ?? []).flatMap((row) => derive(row, derivation(name)));
    if (!rows.length) throw new Error(`no legacy row ${name}`);
    return rows;
  });
}

const floatBinary = words(
  'addps addpd mulps mulpd subps subpd divps divpd minps minpd maxps maxpd andps andpd andnps andnpd orps orpd xorps xorpd',
  'unpcklps unpcklpd unpckhps unpckhpd shufps shufpd addsubps addsubpd haddps haddpd hsubps hsubpd blendps blendpd dpps',
);
const floatUnary = words('sqrtps sqrtpd rcpps rsqrtps movsldup movshdup cvtdq2ps cvtps2dq cvttps2dq roundps roundpd lddqu');
const scalar = words(
  'addss addsd mulss mulsd subss subsd divss divsd minss minsd maxss maxsd sqrtss sqrtsd rcpss rsqrtss',
  'cvtsi2ss cvtsi2sd cvtsd2ss cvtss2sd roundss roundsd',
);
const integerBinary = words(
  'pcmpgtb pcmpgtw pcmpgtd pcmpgtq pcmpeqb pcmpeqw pcmpeqd pcmpeqq paddb paddw paddd paddq psubb psubw psubd psubq',
  'paddsb paddsw paddusb paddusw psubsb psubsw psubusb psubusw pminub pminuw pminud pminsb pminsw pminsd pmaxub pmaxuw',
  'pmaxud pmaxsb pmaxsw pmaxsd pavgb pavgw pand pandn por pxor pmullw pmulhw pmulhuw pmulhrsw pmulld pmuludq pmuldq',
  'pmaddwd pmaddubsw psadbw packsswb packuswb packssdw packusdw punpcklbw punpcklwd punpckldq punpcklqdq punpckhbw',
  'punpckhwd punpckhdq punpckhqdq psignb psignw psignd phaddw phaddd phaddsw phsubw phsubd phsubsw pshufb palignr',
  'psrldq pslldq pblendw mpsadbw',
);
const integerUnary = words('pabsb pabsw pabsd pshufd pshuflw pshufhw');
/** 128 bits only; the destination's other lanes come from the first source. */
const merging = words('dppd pinsrb pinsrw pinsrd pinsrq insertps movlps movlpd movhps movhpd movhlps movlhps');
/** 128 bits only, or wider in another way (avx-convert.ts, avx-move.ts). */
const single = words(
  'movd movq movddup cvtdq2pd cvtps2pd cvtpd2ps cvtpd2dq cvttpd2dq phminposuw pextrb pextrw pextrd pextrq extractps',
  'pmovsxbw pmovsxbd pmovsxbq pmovsxwd pmovsxwq pmovsxdq pmovzxbw pmovzxbd pmovzxbq pmovzxwd pmovzxwq pmovzxdq',
  'movmskps movmskpd pmovmskb',
);
const scalarOut = words('cvttss2si cvttsd2si cvtss2si cvtsd2si');
const tests = words('pcmpestri pcmpestriq pcmpistri ptest maskmovdqu');
const scalarTests = words('ucomiss ucomisd comiss comisd');
const maskTests = words('pcmpestrm pcmpestrmq pcmpistrm');

const upperBits: Readonly<Record<string, number>> = { blendps: 4, blendpd: 2, shufpd: 2, mpsadbw: 3 };
const both =
  (length: '128' | '256', feature: 'avx' | 'avx2') =>
  (name: string): Derivation => ({
    first: 'both',
    length,
    feature,
    immediateShift: upperBits[name] ?? 0,
  });
const result = (length: Derivation['length'], feature: 'avx' | 'avx2') => (): Derivation => ({
  first: 'result',
  length,
  feature,
});
const source = (length: Derivation['length']) => (): Derivation => ({ first: 'source', length, feature: 'avx' });
/** A count in a register has 128 bits at both lengths. */
const shift = (length: '128' | '256', feature: 'avx' | 'avx2') => (): Derivation => ({
  first: 'both',
  length,
  feature,
  hasNarrowSource: true,
});

export const avxDerived: readonly Row[] = [
  ...family(floatBinary, both('128', 'avx')),
  ...family(floatBinary, both('256', 'avx')),
  ...family(floatUnary, result('128', 'avx')),
  ...family(floatUnary, result('256', 'avx')),
  ...family(scalar, () => ({ first: 'both', length: 'LIG', feature: 'avx' })),
  ...family(integerBinary, both('128', 'avx')),
  ...family(integerBinary, both('256', 'avx2')),
  ...family(integerUnary, result('128', 'avx')),
  ...family(integerUnary, result('256', 'avx2')),
  ...family(Object.keys(shifts), shift('128', 'avx')),
  ...family(Object.keys(shifts), shift('256', 'avx2')),
  ...family(merging, both('128', 'avx')),
  ...family(single, result('128', 'avx')),
  ...family(scalarOut, result('LIG', 'avx')),
  ...family(tests, source('128')),
  ...family(scalarTests, source('LIG')),
  // The mask goes to xmm0.
  ...family(maskTests, source('128')).map(
    (row): Row => ({
      ...row,
      build: (b, ...operands) => {
        row.build(b, ...operands);
        b.setSlot('v128.store', YMM + 16, zero(b));
      },
    }),
  ),
  ...family(['pclmulqdq'], () => ({ first: 'both', length: '128', feature: ['avx', 'pclmulqdq'] })),
];
