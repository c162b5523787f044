// The forms that run in the interpreter's main loop, hottest first; all others are functions of their own.
//
// The list is measured: the forms that make up 99 % of what the programs of bench/ and test/programs execute. Order does
// not matter for speed, the number does: the engine compiles the main loop as one function (about 60 bytes a form).

const lists = [
  // moves
  'mov r64 m64|mov r64 x64|mov m64 r64|mov x64 r64|mov r64 r64|mov r32 r32|mov r32 m32|mov r32 x32|mov m32 r32|mov x32 r32|mov r32 imm|mov r64 imm',
  'mov m32 imm|mov m64 imm|mov m8 imm|mov m8 r8|mov x8 r8|mov r8 m8|mov r8 r8|mov r8 imm|mov m16 r16',
  'movzx r32 m8|movzx r32 x8|movzx r32 r8|movzx r32 m16|movzx r32 x16|movzx r32 r16|movsx r32 m8|movsx r32 r8|movsx r64 m8|movsx r64 r8|movsxd r64 r32|movsxd r64 m32|movsxd r64 x32|movsx r32 m16|movsx r32 r16',
  'lea r64 m|lea r64 x|lea r32 m|lea r32 x',
  // arithmetic and logic
  ...['add', 'sub', 'cmp', 'and', 'or', 'xor'].map((name) =>
    `${name} r64 r64|${name} r32 r32|${name} r64 imm|${name} r32 imm|${name} r64 m64|${name} r32 m32`),
  'add m64 r64|add m32 r32|add m32 imm|add m64 imm|add r8 imm|sub r8 imm|sub m64 imm|sub m64 r64|sub m32 imm|or r8 r8|or m32 imm|and r8 imm|and r8 r8|xor r8 r8|xor r8 m8|or r8 imm|or m64 imm',
  'cmp r8 imm|cmp r8 r8|cmp r8 m8|cmp m8 imm|cmp x8 imm|cmp m8 r8|cmp m32 imm|cmp m64 imm|cmp m64 r64|cmp m32 r32|cmp m16 imm|cmp r16 imm|cmp r16 r16|cmp x64 r64|cmp r64 x64',
  'test r64 r64|test r32 r32|test r8 r8|test r8 imm|test m8 imm|test r32 imm|test m32 imm|test r16 r16',
  'not r64|not r32|neg r64|neg r32|inc r64|inc r32|dec r64|dec r32|inc m32|inc m64',
  'imul r64 r64|imul r32 r32|imul r64 m64|imul r32 m32|imul r64 r64 imm|imul r32 r32 imm|mul r64|sbb r64 r64|sbb r32 r32|sbb r64 imm|adc r64 r64|adc r64 imm|div r64|div r32',
  // shifts
  ...['shl', 'shr', 'sar', 'rol', 'ror'].map((name) => `${name} r64 imm|${name} r32 imm`),
  'shl r64 r8|shl r32 r8|shr r64 r8|shr r32 r8|sar r32 r8|sar r64 r8|rol r32 r8|shr r8 imm|shl r8 imm|rol r16 imm',
  // control
  ...['o', 'no', 'b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'p', 'np', 'l', 'ge', 'le', 'g'].map((cc) => `j${cc} rel`),
  'jmp rel|jmp r64|jmp m64|jmp x64|call rel|call r64|call m64|ret|.goto|.lea|syscall',
  // stack
  'push r64|pop r64|push imm64|push m64|leave',
  ...['b', 'ae', 'e', 'ne', 'be', 'a', 's', 'ns', 'l', 'ge', 'le', 'g'].map((cc) => `cmov${cc} r64 r64|cmov${cc} r32 r32`),
  ...['b', 'ae', 'e', 'ne', 'be', 'a', 'l', 'ge', 'le', 'g'].map((cc) => `set${cc} r8`),
  'cdqe|cqo|cdq|bsf r64 r64|bsf r32 r32|bsr r32 r32|bsr r64 r64|tzcnt r32 r32|tzcnt r64 r64|bt r64 r64|bt r32 r32|bt r64 imm|bt r32 imm|bswap r32|bswap r64|xchg r64 r64|xchg m32 r32|cmpxchg m32 r32',
  'nop|nop m32|nop r32|nop m16|nop r16|endbr64|nop m64|nop r64|pause',
  // vectors
  'movups v128 m128|movups m128 v128|movaps v128 m128|movaps m128 v128|movaps v128 v128|movdqa v128 m128|movdqa m128 v128|movdqa v128 v128|movdqu v128 m128|movdqu m128 v128',
  'pxor v128 v128|xorps v128 v128|por v128 v128|pand v128 v128|pandn v128 v128|pcmpeqb v128 v128|pcmpeqb v128 m128|pmovmskb r32 v128|pminub v128 v128|pminub v128 m128|psubb v128 v128|pcmpeqd v128 v128|punpcklqdq v128 v128|punpcklbw v128 v128|pshufd v128 v128 imm|paddd v128 v128|paddq v128 v128',
  'movq v64 r64|movq r64 v64|movd v32 r32|movd r32 v32|movhps v128 m64|movq v64 m64|movq m64 v64',
  ...['add', 'sub', 'mul', 'div'].map((name) => `${name}sd vsd vsd|${name}sd vsd msd`),
  'movsd vsd msd|movsd msd vsd|movapd v128 v128|cvtsi2sd vsd r32|cvtsi2sd vsd r64|cvttsd2si r32 vsd|comisd vsd vsd|ucomisd vsd vsd|unpcklpd v128 v128',
];

export const hotForms: ReadonlySet<string> = new Set(lists.flatMap((list) => list.split('|')));
