// The forms that run in the interpreter's main loop; all others are functions of their own.
//
// Order does not matter for speed, the number does: the engine compiles the main loop as one function, about 85 bytes a
// form. tools/hot-forms.ts measures them.

import type { Condition } from '../../ir/value.ts';
import type { Joint } from './forms.ts';

/** Most frequent first: 99.9 % of what 14 programs execute (coreutils, bash, perl, python, gzip, xz, awk, git, grep, sha256). */
const measured = [
  'mov r32 r32|mov r64 m64|je rel|mov r64 r64|jne rel|xor r32 r32|push r64|pop r64|mov r32 m32|mov m64 r64|add r64 imm',
  'add r32 r32|lea r64 m|test r64 r64|cmp r32 imm|movzx r32 m8|add r64 r64|test r32 r32|and r32 imm|cmp r64 r64|ret|jmp rel',
  'ror r32 imm|cmp r64 imm|mov m32 r32|call rel|sub r64 imm|rol r32 imm|and r32 r32|ja rel|jae rel|cmp r32 r32|test r8 r8',
  '.goto rel|mov r32 imm|lea r64 x|test r8 imm|cmp r8 imm|shr r32 imm|mov r64 x64|jbe rel|jb rel|movzx r32 x8|sub r32 imm',
  'cmp m8 imm|sub r64 r64|lea r32 m|movsxd r64 r32|movzx r32 m16|movzx r32 x16|sub r32 r32|pcmpeqb v128 v128|test m8 imm',
  'or r32 r32|lea r32 x|jmp#2 r64|jmp#2 m64|pmovmskb r32 v128|cmp x8 r8|shr r64 imm|and r64 imm|jle rel|movzx r32 r8',
  'pxor v128 v128|mov r32 x32|movsxd r64 x32|mov m8 r8|mov m64 imm|cmp r64 m64|movdqa v128 m128|jg rel|add r32 imm',
  'movsxd r64 m32|cmp m64 imm|test r16 r16|add r32 x32|sub r64 m64|js rel|mov m16 r16|mov m8 imm|mov x32 r32',
  'movdqu v128 m128|mov m32 imm|call#2 m64|shl r32 imm|punpcklbw v128 v128|add r32 m32|add r64 m64|movups m128 v128',
  'movsx r32 m16|inc r64|bsf r32 r32|movsd v64 m64|cmp m64 r64|mov x64 r64|add m64 imm|test r32 imm|not r32|add m64 r64',
  'shl r64 imm|mov r64 imm|cmp m32 imm|shr r16 imm|mov x8 r8|movzx r32 r16|sete r8|cmp x64 imm|shr r32 r8|cmp r8 r8',
  'movaps m128 v128|movsd m64 v64|movd v32 r32|pshufd v128 v128 imm|pminub v128 m128|mov x16 r16|cmp x8 imm|or r8 m8',
  'sbb r8 r8|neg r16|or r64 r64|sub m64 imm|cmp m8 r8|bswap r32|movsx r32 m8|jge rel|cmp x32 imm|shr r64 r8',
  'cmp r16 imm|setne r8|imul#2 r32 r32|jns rel|xor r64 x64|imul#3 r32 r32 imm|movups v128 m128|cmp r32 m32|cmp m32 r32',
  'imul#2 r64 r64|and r32 m32|nop|movq v64 r64|cmovns r32 r32|movlpd v64 m64|movhpd v128 m64|neg r64|cmove r32 r32',
  'cmovae r64 r64|nop m32|add m32 imm|jl rel|bsf r64 r64|psubb v128 v128|and r64 r64|shr r8 imm|sar r64 imm|and r64 m64',
  'cmovbe r64 r64|cmove r64 r64|cmp m16 imm|push imm64|punpcklqdq v128 v128|cmovne r64 r64|sar r32 r8|xor r32 x32|or r8 imm',
  'div r64|shl r32 r8|call#2 r64|movups v128 x128|movups x128 v128|cmovb r64 r64|cbw r64|cmovbe r32 r32',
  'rep stos str64|mov r8 m8|xor r64 m64|comisd vsd vsd|pcmpeqb v128 m128|cmp m16 r16|sbb r32 r32|mov x8 imm|or r32 imm',
  'test x8 imm|mul r64|xor r64 r64|or r8 r8|cmovb r32 r32|bswap r64|cmovne r32 r32|cmp x32 r32|pslldq v128 imm|movsx r32 r8',
  'or r16 m16|xor r32 imm|movdqa v128 v128|por v128 v128|neg r32|or r64 imm|cmovs r64 r64|movq m64 v64|and r8 imm|setae r8',
  'push m64|xchg r64 r64|punpcklwd v128 v128|syscall|add x16 imm|and r8 r8|setne m8|cmpxchg m32 r32|movd v32 m32',
  'sar r32 imm|xchg m32 r32|rol r64 imm|dec r32|div r32|shl r64 r8|seta r8|mulsd vsd msd|ucomisd vsd vsd|addsd vsd vsd',
  'addsd vsd msd|jnp rel|movdqa v128 x128|or r32 m32|mov x32 imm|movq v64 m64|sub r64 x64|sub r32 m32|movhps v128 m64',
  'or m32 imm|mov x64 imm|imul#2 r64 m64|mov r8 x8|add m32 r32|setb r8|tzcnt r64 r64|call#2 x64|cmova r64 r64|and r8 m8',
  'or r8 x8|add r8 m8|cmovae r32 r32|pmaxub v128 v128|bt r64 r64|xchg r32 r32|not r64|punpckldq v128 v128|sar r64 r8',
  'test m32 imm|and r16 imm|setg r8|cmovns r64 r64|cmovs r32 r32|cvtsi2sd vsd r64|cvttsd2si r64 vsd|psrldq v128 imm',
  'test r64 imm|movq r64 v64|sub r32 x32|setle r8|cvtsi2ss vss r64|or m8 r8',
];

/** Floating point, multiplication and the rest of a family whose other members are measured. */
const added = [
  'subsd vsd vsd|subsd vsd msd|mulsd vsd vsd|divsd vsd vsd|divsd vsd msd|movapd v128 v128|cvtsi2sd vsd r32',
  'cvttsd2si r32 vsd|unpcklpd v128 v128|jo rel|jno rel|jp rel|.lea r64 x|endbr64|paddd v128 v128|paddq v128 v128',
];

const COMPARED: readonly Condition[] = ['b', 'ae', 'e', 'ne', 'be', 'a', 'l', 'ge', 'le', 'g'];
const TESTED: readonly Condition[] = ['e', 'ne', 's', 'ns', 'le', 'g'];
const joint = (conditions: readonly Condition[]) => (key: string) => ({ key, conditions });

/** Comparisons that run as one operation with the conditional branch behind them. */
export const hotJoints: readonly Joint[] = [
  ...['cmp r32 imm', 'cmp r64 imm', 'cmp r8 imm', 'cmp m8 imm', 'cmp r64 r64', 'cmp r32 r32'].map(joint(COMPARED)),
  ...['test r64 r64', 'test r32 r32', 'test r8 r8', 'test r8 imm'].map(joint(TESTED)),
];

export const hotForms: ReadonlySet<string> = new Set([...measured, ...added].flatMap((line) => line.split('|')));
