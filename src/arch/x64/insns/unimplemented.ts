// Known instructions without a row: only their names, so that the message about a SIGILL can say what is missing.
//
// A line is the beginning of an encoding key and operand letters, then opcode and name in turns. Operands matter only for
// the instruction's length. Rows win over these everywhere.

export interface Unimplemented {
  readonly name: string;
  readonly key: string;
  readonly letters: string;
}

const legacy: readonly (readonly [prefix: string, letters: string, list: string])[] = [
  ['66 0F 38', 'Vdq Wdq', 'CF gf2p8mulb DB aesimc DC aesenc DD aesenclast DE aesdec DF aesdeclast'],
  ['66 0F 3A', 'Vdq Wdq Ib', '44 pclmulqdq CE gf2p8affineqb CF gf2p8affineinvqb DF aeskeygenassist'],
  ['NP 0F 38', 'Vdq Wdq', 'C8 sha1nexte C9 sha1msg1 CA sha1msg2 CB sha256rnds2 CC sha256msg1 CD sha256msg2'],
  ['NP 0F 3A', 'Vdq Wdq Ib', 'CC sha1rnds4'],
  ['66 0F 38', 'Gy M', '80 invept 81 invvpid 82 invpcid F8 movdir64b'],
  ['NP 0F 38', 'My Gy', 'F9 movdiri F6 wrss'],
  ['66 0F 38', 'My Gy', 'F5 wruss'],
  ['F2 0F 38', 'Gy M', 'F8 enqcmd'],
  ['F3 0F 38', 'Gy M', 'F8 enqcmds'],
  ['NP 0F', 'M', 'AE/4 xsave AE/5 xrstor AE/6 xsaveopt C7/3 xrstors C7/4 xsavec C7/5 xsaves C7/6 vmptrld C7/7 vmptrst'],
  ['66 0F', 'M', 'AE/6 clwb'],
  ['F3 0F', 'M', 'AE/4 ptwrite AE/6 clrssbsy'],
  ['F3 0F', 'Ry', 'AE/5 incssp AE/6 umonitor C7/6 senduipi C7/7 rdpid'],
  ['66 0F', 'Ry', 'AE/6 tpause'],
  ['F2 0F', 'Ry', 'AE/6 umwait'],
  [
    '0F 01',
    '',
    'C0 enclv C1 vmcall C2 vmlaunch C3 vmresume C4 vmxoff C8 monitor C9 mwait CA clac CB stac D0 xgetbv D1 xsetbv D4 vmfunc D5 xend D6 xtest D7 enclu',
  ],
  [
    '0F 01',
    '',
    'D8 vmrun D9 vmmcall DA vmload DB vmsave DC stgi DD clgi DE skinit DF invlpga EE rdpkru EF wrpkru F8 swapgs FA monitorx FB mwaitx FC clzero FD rdpru',
  ],
  ['F3 0F 01', '', 'E8 setssbsy EA saveprevssp EC uiret ED testui EE clui EF stui'],
  ['NP 0F 01', '', 'E8 serialize'],
  ['F2 0F 01', '', 'E8 xsusldtrk E9 xresldtrk FE rmpupdate FF pvalidate'],
  ['F3 0F 01', 'M', '/5 rstorssp'],
  ['', 'Jz', 'C7/F8 xbegin'],
  ['', 'Ib', 'C6/F8 xabort'],
  ['0F', 'Gv M', 'B2 lss B4 lfs B5 lgs'],
  ['0F', 'M', '0D prefetch C7/1 cmpxchg8b'],
  ['0F', 'Ey Gy', '78 vmread'],
  ['0F', 'Gy Ey', '79 vmwrite'],
  ['0F', '', '0E femms 34 sysenter 35 sysexit 77 emms AA rsm'],
  ['', '', 'CB retf CF iret'],
  ['', 'Iw', 'CA retf'],
  ['', 'M', 'FF/3 callf FF/5 jmpf'],
];

/** VEX: prefix and map, operand letters, opcodes with names. */
const vex: readonly (readonly [prefix: string, letters: string, list: string])[] = [
  [
    'NP 0F',
    'Vx Wx',
    '10 vmovups 11 vmovups 28 vmovaps 29 vmovaps 2B vmovntps 51 vsqrtps 52 vrsqrtps 53 vrcpps 5A vcvtps2pd 5B vcvtdq2ps 2E vucomiss 2F vcomiss 50 vmovmskps 13 vmovlps 17 vmovhps',
  ],
  [
    'NP 0F',
    'Vx Hx Wx',
    '12 vmovlps 14 vunpcklps 15 vunpckhps 16 vmovhps 54 vandps 55 vandnps 56 vorps 57 vxorps 58 vaddps 59 vmulps 5C vsubps 5D vminps 5E vdivps 5F vmaxps',
  ],
  ['NP 0F', '', '77 vzeroupper'],
  ['NP 0F', 'Md', 'AE/2 vldmxcsr AE/3 vstmxcsr'],
  ['NP 0F', 'Vx Hx Wx Ib', 'C2 vcmpps C6 vshufps'],
  [
    'NP 0F',
    'Vx Wx',
    '41 kand 42 kandn 44 knot 45 kor 46 kxnor 47 kxor 4A kadd 4B kunpck 90 kmov 91 kmov 92 kmov 93 kmov 98 kortest 99 ktest',
  ],
  [
    '66 0F',
    'Vx Wx',
    '41 kand 42 kandn 44 knot 45 kor 46 kxnor 47 kxor 4A kadd 4B kunpck 90 kmov 91 kmov 92 kmov 93 kmov 98 kortest 99 ktest',
  ],
  ['F2 0F', 'Vx Wx', '92 kmov 93 kmov'],
  [
    '66 0F',
    'Vx Wx',
    '10 vmovupd 11 vmovupd 28 vmovapd 29 vmovapd 2B vmovntpd 51 vsqrtpd 5A vcvtpd2ps 5B vcvtps2dq 2E vucomisd 2F vcomisd 50 vmovmskpd 13 vmovlpd 17 vmovhpd',
  ],
  [
    '66 0F',
    'Vx Wx',
    '6E vmov(d|q) 6F vmovdqa 7E vmov(d|q) 7F vmovdqa D6 vmovq D7 vpmovmskb E6 vcvttpd2dq E7 vmovntdq F7 vmaskmovdqu',
  ],
  [
    '66 0F',
    'Vx Hx Wx',
    '12 vmovlpd 14 vunpcklpd 15 vunpckhpd 16 vmovhpd 54 vandpd 55 vandnpd 56 vorpd 57 vxorpd 58 vaddpd 59 vmulpd 5C vsubpd 5D vminpd 5E vdivpd 5F vmaxpd',
  ],
  [
    '66 0F',
    'Vx Hx Wx',
    '60 vpunpcklbw 61 vpunpcklwd 62 vpunpckldq 63 vpacksswb 64 vpcmpgtb 65 vpcmpgtw 66 vpcmpgtd 67 vpackuswb 68 vpunpckhbw 69 vpunpckhwd 6A vpunpckhdq 6B vpackssdw 6C vpunpcklqdq 6D vpunpckhqdq',
  ],
  [
    '66 0F',
    'Vx Hx Wx',
    '74 vpcmpeqb 75 vpcmpeqw 76 vpcmpeqd 7C vhaddpd 7D vhsubpd D0 vaddsubpd D1 vpsrlw D2 vpsrld D3 vpsrlq D4 vpaddq D5 vpmullw D8 vpsubusb D9 vpsubusw DA vpminub DB vpand DC vpaddusb DD vpaddusw DE vpmaxub DF vpandn',
  ],
  [
    '66 0F',
    'Vx Hx Wx',
    'E0 vpavgb E1 vpsraw E2 vpsrad E3 vpavgw E4 vpmulhuw E5 vpmulhw E8 vpsubsb E9 vpsubsw EA vpminsw EB vpor EC vpaddsb ED vpaddsw EE vpmaxsw EF vpxor',
  ],
  [
    '66 0F',
    'Vx Hx Wx',
    'F1 vpsllw F2 vpslld F3 vpsllq F4 vpmuludq F5 vpmaddwd F6 vpsadbw F8 vpsubb F9 vpsubw FA vpsubd FB vpsubq FC vpaddb FD vpaddw FE vpaddd',
  ],
  ['66 0F', 'Vx Wx Ib', '70 vpshufd C5 vpextrw'],
  [
    '66 0F',
    'Ux Ib',
    '71/2 vpsrlw 71/4 vpsraw 71/6 vpsllw 72/2 vpsrld 72/4 vpsrad 72/6 vpslld 73/2 vpsrlq 73/3 vpsrldq 73/6 vpsllq 73/7 vpslldq',
  ],
  ['66 0F', 'Vx Hx Wx Ib', 'C2 vcmppd C4 vpinsrw C6 vshufpd'],
  [
    'F3 0F',
    'Vx Wx',
    '10 vmovss 11 vmovss 12 vmovsldup 16 vmovshdup 2C vcvttss2si 2D vcvtss2si 5B vcvttps2dq 6F vmovdqu 7E vmovq 7F vmovdqu E6 vcvtdq2pd',
  ],
  [
    'F3 0F',
    'Vx Hx Wx',
    '2A vcvtsi2ss 51 vsqrtss 52 vrsqrtss 53 vrcpss 58 vaddss 59 vmulss 5A vcvtss2sd 5C vsubss 5D vminss 5E vdivss 5F vmaxss',
  ],
  ['F3 0F', 'Vx Wx Ib', '70 vpshufhw C2 vcmpss'],
  ['F2 0F', 'Vx Wx', '10 vmovsd 11 vmovsd 12 vmovddup 2C vcvttsd2si 2D vcvtsd2si E6 vcvtpd2dq F0 vlddqu'],
  [
    'F2 0F',
    'Vx Hx Wx',
    '2A vcvtsi2sd 51 vsqrtsd 58 vaddsd 59 vmulsd 5A vcvtsd2ss 5C vsubsd 5D vminsd 5E vdivsd 5F vmaxsd 7C vhaddps 7D vhsubps D0 vaddsubps',
  ],
  ['F2 0F', 'Vx Wx Ib', '70 vpshuflw C2 vcmpsd'],
  [
    '66 0F 38',
    'Vx Hx Wx',
    '00 vpshufb 01 vphaddw 02 vphaddd 03 vphaddsw 04 vpmaddubsw 05 vphsubw 06 vphsubd 07 vphsubsw 08 vpsignb 09 vpsignw 0A vpsignd 0B vpmulhrsw 0C vpermilps 0D vpermilpd',
  ],
  [
    '66 0F 38',
    'Vx Wx',
    '0E vtestps 0F vtestpd 13 vcvtph2ps 16 vpermps 17 vptest 18 vbroadcastss 19 vbroadcastsd 1A vbroadcastf128 1C vpabsb 1D vpabsw 1E vpabsd',
  ],
  [
    '66 0F 38',
    'Vx Wx',
    '20 vpmovsxbw 21 vpmovsxbd 22 vpmovsxbq 23 vpmovsxwd 24 vpmovsxwq 25 vpmovsxdq 2A vmovntdqa 30 vpmovzxbw 31 vpmovzxbd 32 vpmovzxbq 33 vpmovzxwd 34 vpmovzxwq 35 vpmovzxdq',
  ],
  [
    '66 0F 38',
    'Vx Hx Wx',
    '28 vpmuldq 29 vpcmpeqq 2B vpackusdw 2C vmaskmovps 2D vmaskmovpd 2E vmaskmovps 2F vmaskmovpd 36 vpermd 37 vpcmpgtq 38 vpminsb 39 vpminsd 3A vpminuw 3B vpminud 3C vpmaxsb 3D vpmaxsd 3E vpmaxuw 3F vpmaxud',
  ],
  [
    '66 0F 38',
    'Vx Hx Wx',
    '40 vpmulld 41 vphminposuw 45 vpsrlv(d|q) 46 vpsravd 47 vpsllv(d|q) 58 vpbroadcastd 59 vpbroadcastq 5A vbroadcasti128 78 vpbroadcastb 79 vpbroadcastw 8C vpmaskmov 8E vpmaskmov 90 vpgatherd 91 vpgatherq 92 vgatherdp 93 vgatherqp',
  ],
  [
    '66 0F 38',
    'Vx Hx Wx',
    '96 vfmaddsub132p 97 vfmsubadd132p 98 vfmadd132p 99 vfmadd132s 9A vfmsub132p 9B vfmsub132s 9C vfnmadd132p 9D vfnmadd132s 9E vfnmsub132p 9F vfnmsub132s',
  ],
  [
    '66 0F 38',
    'Vx Hx Wx',
    'A6 vfmaddsub213p A7 vfmsubadd213p A8 vfmadd213p A9 vfmadd213s AA vfmsub213p AB vfmsub213s AC vfnmadd213p AD vfnmadd213s AE vfnmsub213p AF vfnmsub213s',
  ],
  [
    '66 0F 38',
    'Vx Hx Wx',
    'B6 vfmaddsub231p B7 vfmsubadd231p B8 vfmadd231p B9 vfmadd231s BA vfmsub231p BB vfmsub231s BC vfnmadd231p BD vfnmadd231s BE vfnmsub231p BF vfnmsub231s',
  ],
  ['66 0F 38', 'Vx Hx Wx', 'CF vgf2p8mulb DB vaesimc DC vaesenc DD vaesenclast DE vaesdec DF vaesdeclast'],
  [
    '66 0F 3A',
    'Vx Hx Wx Ib',
    '00 vpermq 01 vpermpd 02 vpblendd 04 vpermilps 05 vpermilpd 06 vperm2f128 08 vroundps 09 vroundpd 0A vroundss 0B vroundsd 0C vblendps 0D vblendpd 0E vpblendw 0F vpalignr',
  ],
  [
    '66 0F 3A',
    'Vx Hx Wx Ib',
    '14 vpextrb 15 vpextrw 16 vpextr(d|q) 17 vextractps 18 vinsertf128 19 vextractf128 1D vcvtps2ph 20 vpinsrb 21 vinsertps 22 vpinsr(d|q) 30 kshiftr 31 kshiftr 32 kshiftl 33 kshiftl 38 vinserti128 39 vextracti128',
  ],
  [
    '66 0F 3A',
    'Vx Hx Wx Ib',
    '40 vdpps 41 vdppd 42 vmpsadbw 44 vpclmulqdq 46 vperm2i128 4A vblendvps 4B vblendvpd 4C vpblendvb 60 vpcmpestrm 61 vpcmpestri 62 vpcmpistrm 63 vpcmpistri CE vgf2p8affineqb CF vgf2p8affineinvqb DF vaeskeygenassist',
  ],
  [
    '66 0F 3A',
    'Vx Hx Wx Ib',
    '68 vfmaddps 69 vfmaddpd 6A vfmaddss 6B vfmaddsd 6C vfmsubps 6D vfmsubpd 6E vfmsubss 6F vfmsubsd 78 vfnmaddps 79 vfnmaddpd 7A vfnmaddss 7B vfnmaddsd 7C vfnmsubps 7D vfnmsubpd 7E vfnmsubss 7F vfnmsubsd',
  ],
];

/** A whole ModRM byte ('C7/F8') and ModRM.reg ('AE/4') both stand after the slash. */
const opcodeKey = (opcode: string): string =>
  opcode.startsWith('/') || !/\/..$/.test(opcode) ? opcode : opcode.replace('/', ' ');

function expand(table: typeof legacy, mark: string): Unimplemented[] {
  return table.flatMap(([prefix, letters, list]) => {
    const words = list.split(' ');
    return words.flatMap((opcode, i) => {
      if (i % 2) return [];
      const at = prefix.indexOf('0F');
      const head = mark ? `${prefix.slice(0, at)}${mark} ${prefix.slice(at)}` : prefix;
      return [{ name: words[i + 1] as string, key: `${head} ${opcodeKey(opcode)}`.replace(' /', '/').trim(), letters }];
    });
  });
}

export const unimplemented: readonly Unimplemented[] = [...expand(legacy, ''), ...expand(vex, 'VEX.LIG WIG')];

/** What the prefix byte 62 starts. */
export const EVEX_NAME = 'AVX-512';
export const XOP_NAME = 'XOP';
