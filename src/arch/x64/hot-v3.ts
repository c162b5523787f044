// The forms that the extended interpreter has in its main loop besides those of hot.ts: what glibc and libm choose on
// x86-64-v3, measured as those are.

const measured = [
  'vpmovmskb#2 r32 v256|vpcmpeqb#2 v256 v256 m256|vzeroupper|tzcnt r32 r32|vmovd v32 r32|vpbroadcastb v256 v8',
  'vpxor v128 v128 v128|vmovdqu v256 m256|vpcmpeqb#2 v256 v256 v256|vmovdqa v256 m256|vpminub#2 v256 v256 m256',
  'bzhi r32 r32 r32|vpandn#2 v256 v256 v256|vpminub#2 v256 v256 v256|vmovdqu m256 v256|vpor#2 v256 v256 v256',
  'vmovdqu v128 m128|vmovdqu m128 v128|vmovdqu v256 x256|vmovdqu x256 v256|vmovdqa m256 v256',
];

export const hotFormsV3: ReadonlySet<string> = new Set(measured.flatMap((line) => line.split('|')));
