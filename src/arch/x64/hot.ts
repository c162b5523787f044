// The forms that run in the interpreter's main loop; all others are functions of their own.
//
// 'cmp r32 imm + je' is a comparison and the conditional branch behind it as one operation. The engine compiles the main
// loop as one function of about 90 bytes a form, so the number costs start-up; and it counts what its baseline code
// runs by the distance of each branch back to the start of the loop, so the most frequent come first, which keeps
// short programs from being optimised in vain. tools/hot-forms.ts measures the list.

/** Most frequent first: 99.7 % of what 14 programs execute (coreutils, bash, perl, python, gzip, xz, awk, git, grep, sha256). */
const measured = [
  'mov r32 r32|mov r64 m64|mov r64 r64|push r64|pop r64|xor r32 r32|mov m64 r64|mov r32 m32|add r64 imm|add r32 r32',
  'lea r64 m|movzx r32 m8|add r64 r64|and r32 imm|ret|jmp rel|jne rel|call rel|mov m32 r32|sub r64 imm|test r64 r64 + je',
  'ror r32 imm|rol r32 imm|and r32 r32|je rel|.goto rel|mov r32 imm|lea r64 x|test r32 r32 + jne|test r32 r32 + je',
  'mov r64 x64|shr r32 imm|movzx r32 x8|cmp r32 imm + je|test r8 r8 + je|sub r32 imm|sub r64 r64|lea r32 m|movsxd r64 r32',
  'cmp r32 imm + ja|pcmpeqb v128 v128|movzx r32 m16|movzx r32 x16|sub r32 r32|jmp#2 r64|jmp#2 m64|pmovmskb r32 v128',
  'or r32 r32|cmp x8 r8|shr r64 imm|and r64 imm|lea r32 x|test r8 imm + jne|cmp r32 r32 + jae|cmp r64 r64 + jb',
  'cmp r64 imm + je|test r64 r64 + jne|cmp r64 imm + jne|cmp r64 r64 + jne|movzx r32 r8|pxor v128 v128|movsxd r64 x32',
  'cmp m8 imm + jne|test r8 imm + je|mov m8 r8|mov r32 x32|cmp r8 imm + jne|mov m64 imm|movdqa v128 m128|movsxd r64 m32',
  'cmp r64 imm + ja|add r32 imm|cmp r64 r64 + jae|cmp r64 r64 + je|test m8 imm + jne|cmp r32 imm + jbe|sub r64 m64',
  'test m8 imm + je|cmp r8 imm + je|movdqu v128 m128|mov m8 imm|add r32 x32|mov m16 r16|mov m32 imm|mov x32 r32|call#2 m64',
  'shl r32 imm|punpcklbw v128 v128|movsx r32 m16|test r16 r16 + jle|jbe rel|add r64 m64|movsd v64 m64|movups m128 v128',
  'bsf r32 r32|cmp r64 r64|cmp m8 imm + je|add r32 m32|test r8 r8 + jne|mov x64 r64|add m64 imm|cmp r64 imm + jbe|inc r64',
  'ja rel|cmp r32 imm + jne|add m64 r64|mov r64 imm|shl r64 imm|cmp r32 r32 + je|cmp r32 r32|not r32|shr r16 imm|mov x8 r8',
  'sete r8|movzx r32 r16|cmp r32 imm|cmp x64 imm|shr r32 r8|cmp r64 m64 + jae|movaps m128 v128|movsd m64 v64',
  'cmp r64 m64 + jb|movd v32 r32|pshufd v128 v128 imm|cmp m8 imm|cmp m64 imm + je|pminub v128 m128|test r64 r64 + js',
  'cmp m64 imm|cmp x8 imm|mov x16 r16|cmp r8 r8 + jne|test r64 r64 + jg|or r8 m8|sbb r8 r8|neg r16|cmp m64 r64 + je',
  'or r64 r64|sub m64 imm|test r32 r32 + jle|movsx r32 m8|test r16 r16|shr r64 r8|bswap r32|test r32 imm + jne|cmp x32 imm',
  'setne r8|imul#3 r32 r32 imm|cmp r32 r32 + jne|test r32 r32|xor r64 x64|cmp r32 imm + jae|imul#2 r32 r32',
  'cmp m64 imm + jne|movups v128 m128|test r32 r32 + js|imul#2 r64 r64|nop|movq v64 r64|and r32 m32|cmp m8 r8 + jne',
  'cmp r8 imm|movlpd v64 m64|movhpd v128 m64|neg r64|cmp r64 imm + jb|cmovns r32 r32|cmovae r64 r64|test r32 imm + je',
  'cmove r32 r32|jg rel|nop m32|cmp r8 imm + jbe|add m32 imm|bsf r64 r64|cmp m32 imm + jne|psubb v128 v128|and r64 r64',
  'shr r8 imm|js rel|cmp r8 imm + ja|cmp r16 imm + je|test r64 r64|and r64 m64|sar r64 imm|cmovbe r64 r64|cmove r64 r64',
  'test r64 r64 + jle|push imm64|cmp r32 imm + jg|cmp r32 r32 + jge|punpcklqdq v128 v128|cmovne r64 r64|sar r32 r8',
  'xor r32 x32|cmp m32 imm|or r8 imm|div r64|test r32 r32 + jns|movups v128 x128|movups x128 v128|call#2 r64|shl r32 r8',
  'cmp r32 m32 + je|cbw r64|rep stos str64|cmovb r64 r64|cmp r64 m64 + je|comisd vsd vsd|xor r64 m64|mov r8 m8',
  'test r64 r64 + jns|pcmpeqb v128 m128|cmovbe r32 r32|test r16 r16 + je|cmp r32 r32 + jg|cmp r32 r32 + jle|jae rel',
  'sbb r32 r32|mov x8 imm|cmp m64 r64 + jb|cmp m16 r16 + je|or r32 imm|cmp r32 imm + jl|test x8 imm|mul r64',
  'cmp m32 imm + jle|xor r64 r64|jle rel|cmp r32 r32 + jb|cmp m16 imm + je|or r8 r8|cmp m32 r32 + jne|bswap r64',
  'cmp r8 r8 + je|cmovb r32 r32|cmp m32 imm + je|cmovne r32 r32|cmp r64 m64|jb rel|cmp r64 imm + jg|pslldq v128 imm',
  'movsx r32 r8|cmp x32 r32|cmp r64 r64 + jl|cmp m32 r32 + jbe|xor r32 imm|or r16 m16|movdqa v128 v128|por v128 v128',
  'test r8 r8 + js|test r8 r8|or r64 imm|cmp r16 imm + jne|cmp m8 r8 + je|neg r32|cmp r32 imm + jle|cmovs r64 r64',
  'and r8 imm|cmp r64 r64 + jg|movq m64 v64|cmp r64 m64 + jne|push m64|xchg r64 r64|syscall|punpcklwd v128 v128',
  'cmp r64 r64 + jge|setae r8|setne m8|cmpxchg m32 r32|and r8 r8|cmp m16 imm + jne|add x16 imm|xchg m32 r32|sar r32 imm',
  'cmp m64 r64 + jae|movd v32 m32|rol r64 imm|dec r32|div r32|cmp r32 imm + jb|cmp r16 imm|seta r8|mulsd vsd msd',
  'ucomisd vsd vsd|addsd vsd vsd|addsd vsd msd|jnp rel|shl r64 r8|cmp r32 m32 + jge|movdqa v128 x128|cmp r8 imm + jg',
  'cmp r32 m32|or r32 m32|cmp r64 imm|movq v64 m64|mov x32 imm|cmp r64 m64 + ja|movhps v128 m64|or m32 imm|sub r64 x64',
  'jns rel|sub r32 m32|cmp m64 r64 + jg|mov x64 imm|cmp r64 m64 + jge|imul#2 r64 m64|cmp m64 r64 + jne|add m32 r32',
  'mov r8 x8|call#2 x64|cmova r64 r64|setb r8|tzcnt r64 r64|and r8 m8|or r8 x8|pmaxub v128 v128|cmp m32 r32 + je',
  'cmp m64 r64 + jl|xchg r32 r32|bt r64 r64|add r8 m8|cmovae r32 r32|cmp r32 m32 + jb',
];

/** The rest of families whose other members are measured, and floating point. */
const added = [
  'subsd vsd vsd|subsd vsd msd|mulsd vsd vsd|divsd vsd vsd|divsd vsd msd|movapd v128 v128|cvtsi2sd vsd r32',
  'cvttsd2si r32 vsd|unpcklpd v128 v128|jo rel|jno rel|jp rel|.lea r64 x|endbr64|paddd v128 v128|paddq v128 v128|jge rel',
  'jl rel|setg r8|cmovns r64 r64|cmovs r32 r32|setle r8',
];

export const hotForms: ReadonlySet<string> = new Set([...measured, ...added].flatMap((line) => line.split('|')));

/** What short programs execute besides, for the part of the interpreter that is compiled while the system starts. */
const started = [
  'cmp m16 r16|test m64 r64|test m32 imm|movaps v128 m128|movaps v128 v128|movs str8 str8|rep movs str64 str64|test r64 imm|cmp r8 m8|cmp r8 r8|test m8 r8',
  'adc r32 imm|add m32 imm|and m32 imm|and m64 imm|and m8 imm|and m8 r8|and r16 imm|bsr r32 r32|bt r32 r32|bts r64 r64',
  'cmova r32 r32|cmove r64 m64|cmovg r32 r32|cmovg r64 r64|cmovge r32 r32|cmovge r64 r64|cmovle r64 r64|cmovne r64 m64',
  'cmp m16 imm|cmp m32 r32|cmp m64 r64|cmp m8 r8|cmp r16 m16|cmp r64 m64|cmpxchg m64 r64|cpuid|cvtsi2sd vsd r64',
  'cvttsd2si r64 vsd|cwd r64|dec m32|div m64|fxrstor m|fxsave m|idiv r64|imul r64|imul#3 r64 r64 imm|inc r32|leave r64',
  'maxsd vsd vsd|mov m16 imm|mov r8 imm|movhlps v64 v128|movq r64 v64|movsx r32 m16|movsx r32 m8|movsx r64 m8|movsx r64 r8',
  'nop m16|nop m32|not r64|or m32 r32|or m64 imm|or m64 r64|or m8 imm|or r64 m64|paddb v128 v128|pand v128 v128',
  'pandn v128 v128|pcmpeqd v128 v128|pcmpgtb v128 v128|pminub v128 v128|psrldq v128 imm|punpckldq v128 v128|rdtsc',
  'rep movs str8 str8|rep stos str8|ror r64 imm|sar r64 r8|sbb r64 imm|sbb r64 r64|seta m8|setbe r8|sete m8|setl m8|setl r8',
  'seto r8|shl m64 imm|shufpd v128 v128 imm|sub m32 imm|sub m64 r64|sub r8 r8|test m8 imm|test r32 imm|test r8 imm',
  'xadd m32 r32|xadd m64 r64|xchg m64 r64|xor r32 m32|xor r64 imm|xor r8 r8',
  '.lea32 r64 x|.const r64 imm|cmove r32 m32|cmovl r32 r32|cmovle r32 r32|cmovle r32 m32|sub m32 r32|sbb r32 imm|psubd v128 v128',
  'pand v128 m128|pandn v128 m128|por v128 m128|movs str64 str64|rep movs str32 str32',
];

export const startForms: ReadonlySet<string> = new Set(started.flatMap((line) => line.split('|')));
